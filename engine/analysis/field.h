/* A field of whole numbers over the ground, to which points are added in any order: sums of whole
 * numbers are the same whatever comes first. */
#ifndef PLEIN_ANALYSIS_FIELD_H
#define PLEIN_ANALYSIS_FIELD_H

#include "engine/core/geometry.h"

/* Cell (column, row) is cells[row * stride + column]; its south-western corner lies at x_min +
 * column * side, y_min + row * side, in units of the points' grid. Zeroed is empty. */
struct field {
    int64_t *cells;
    size_t columns, rows;
    size_t stride; /* an odd number of cache lines, so that rows don't push one another out */
    double x_min, y_min, side;
};
/* Makes the cells for the columns and rows that are given. */
bool field_new(struct field *field, struct error *error);
void field_free(struct field *field);
/* A place x lies in column floor((x - x_min) * field_per_unit(field)), so computed by all. */
static inline double field_per_unit(const struct field *field)
{
    return 1 / field->side;
}

/* Points of one batch that lie in one tile of the field. */
struct field_point {
    int32_t x, y;
};
struct field_points {
    const struct field_point *points;
    const double *weights; /* NULL: each counts once */
    size_t count;
};
/* Adds points to the cells around them. */
typedef void field_add(struct field *field, const void *state, const struct field_points *points);

struct field_rule {
    field_add *add;
    const void *state;
    double low_column, end_column; /* points from low up to end are added, others are not */
    double low_row, end_row;
    size_t reach_rows; /* a point in row r changes rows r - reach_rows .. r + reach_rows at most */
    int thread_count;
};

/* Adds a batch. Points are brought together by place first, which costs less than to fetch cells
 * from all over the field; rows that are far enough apart are then worked at one time. Points that
 * are GRID_NOWHERE or GRID_FAR do not count. Time O(points), memory 10 bytes for each of a million
 * of them, and 8 more with weights. */
bool field_add_points(struct field *field, const struct field_rule *rule,
                      const struct points *points, const double *weights, struct error *error);

#endif
