/* A mesh of nodes that stand for the points around them. */
#include "engine/analysis/mesh.h"

#include "engine/core/clones.h"

#include <math.h>
#include <string.h>

enum {
    AROUND = 4,       /* nodes along each axis that share a point */
    PLACES = 1024,    /* between two nodes: a point is taken at the nearest */
    SHARES = 1 << 15, /* of a point along one axis, for its nodes to divide */
    BLOCK = 256,
};

/* What each of the nodes -1, 0, 1 and 2 gets of a point at place / PLACES, along one axis. */
struct shares {
    int32_t of[PLACES + 1][AROUND];
};

/* The nearer of the two in the middle takes what is left, so that nothing is lost. */
static void shares_fill(struct shares *shares)
{
    for (int place = 0; place <= PLACES / 2; place++) {
        double f = (double)place / PLACES;
        int32_t *of = shares->of[place], *mirrored = shares->of[PLACES - place];
        of[0] = (int32_t)rint(-f * (1 - f) * (2 - f) / 6 * SHARES);
        of[2] = (int32_t)rint(f * (1 + f) * (2 - f) / 2 * SHARES);
        of[3] = (int32_t)rint(-f * (1 - f) * (1 + f) / 6 * SHARES);
        of[1] = SHARES - of[0] - of[2] - of[3];
        for (int node = 0; node < AROUND; node++)
            mirrored[node] = of[AROUND - 1 - node];
    }
}

static size_t reach_of(const struct frame *frame, size_t parts)
{
    return (size_t)ceil(sqrt(frame->reach2) / frame->cell * (double)parts);
}

/* A point whose shares go to nodes 2 beyond the reach still has all of its nodes in the field. */
enum { SPARE = 3 };

double mesh_nodes(const struct frame *frame, size_t parts)
{
    double around = 2 * (double)(reach_of(frame, parts) + SPARE) + 1;
    return ((double)(frame->columns - 1) * (double)parts + around)
           * ((double)(frame->rows - 1) * (double)parts + around);
}

struct mesh mesh_of(const struct frame *frame, size_t parts)
{
    struct mesh mesh = {.parts = parts, .reach = reach_of(frame, parts)};
    mesh.margin = mesh.reach + SPARE;
    mesh.field.columns = (frame->columns - 1) * parts + 2 * mesh.margin + 1;
    mesh.field.rows = (frame->rows - 1) * parts + 2 * mesh.margin + 1;
    mesh.field.side = frame->cell / (double)parts;
    mesh.field.x_min = frame_centre_x(frame, 0) - (double)mesh.margin * mesh.field.side;
    mesh.field.y_min = frame_centre_y(frame, 0) - (double)mesh.margin * mesh.field.side;
    return mesh;
}

struct sharing {
    struct shares shares;
    double unit;
};

/* Where the points of a block lie: their first node, and the places. */
struct block {
    int32_t column[BLOCK], row[BLOCK], x[BLOCK], y[BLOCK];
};

WIDE_CLONES static void locate(int32_t *restrict nodes, int32_t *restrict places,
                               const int32_t *restrict at, const struct field *field, double begin,
                               size_t count)
{
    double per = field_per_unit(field);
    for (size_t i = 0; i < count; i++) {
        double node = (at[i] - begin) * per;
        int32_t whole = (int32_t)node; /* no node is below 0 */
        nodes[i] = whole - 1;
        places[i] = (int32_t)((node - whole) * PLACES + 0.5);
    }
}

static void locate_block(struct block *block, const struct field *field,
                         const struct field_point *points, size_t count)
{
    int32_t x[BLOCK], y[BLOCK];
    for (size_t i = 0; i < count; i++) {
        x[i] = points[i].x;
        y[i] = points[i].y;
    }
    locate(block->column, block->x, x, field, field->x_min, count);
    locate(block->row, block->y, y, field, field->y_min, count);
}

/* A row of nodes at one time. The product of two shares is at most 2^30. */
typedef int32_t row_shares __attribute__((vector_size(AROUND * sizeof(int32_t))));
typedef int64_t row_sums __attribute__((vector_size(AROUND * sizeof(int64_t))));

WIDE_CLONES static void add_ones(struct field *field, const struct shares *shares,
                                 const struct block *block, size_t count)
{
    size_t stride = field->stride;
    for (size_t i = 0; i < count; i++) {
        int64_t *node = field->cells + (size_t)block->row[i] * stride + (size_t)block->column[i];
        const int32_t *up = shares->of[block->y[i]];
        row_shares across;
        memcpy(&across, shares->of[block->x[i]], sizeof across);
        for (size_t r = 0; r < AROUND; r++, node += stride) {
            row_sums sums;
            memcpy(&sums, node, sizeof sums);
            sums += __builtin_convertvector(across * up[r], row_sums);
            memcpy(node, &sums, sizeof sums);
        }
    }
}

WIDE_CLONES static void add_weighted(struct field *field, const struct sharing *sharing,
                                     const struct block *block, const double *weights, size_t count)
{
    double part = sharing->unit / ((double)SHARES * SHARES);
    for (size_t i = 0; i < count; i++) {
        const int32_t *across = sharing->shares.of[block->x[i]];
        const int32_t *up = sharing->shares.of[block->y[i]];
        int64_t *node =
            field->cells + (size_t)block->row[i] * field->stride + (size_t)block->column[i];
        for (size_t r = 0; r < AROUND; r++)
            for (size_t c = 0; c < AROUND; c++)
                node[r * field->stride + c] +=
                    (int64_t)rint(weights[i] * ((double)up[r] * across[c]) * part);
    }
}

static void add_points(struct field *field, const void *state, const struct field_points *points)
{
    const struct sharing *sharing = state;
    struct block block;
    for (size_t at = 0; at < points->count; at += BLOCK) {
        size_t count = points->count - at < BLOCK ? points->count - at : BLOCK;
        locate_block(&block, field, points->points + at, count);
        if (points->weights == NULL)
            add_ones(field, &sharing->shares, &block, count);
        else
            add_weighted(field, sharing, &block, points->weights + at, count);
    }
}

bool mesh_add(struct mesh *mesh, const struct points *points, const double *weights, double unit,
              int thread_count, struct error *error)
{
    struct field *field = &mesh->field;
    struct sharing sharing = {.unit = unit};
    struct field_rule rule = {.add = add_points,
                              .state = &sharing,
                              .low_column = 1,
                              .end_column = (double)field->columns - 2,
                              .low_row = 1,
                              .end_row = (double)field->rows - 2,
                              .reach_rows = 2,
                              .thread_count = thread_count};
    shares_fill(&sharing.shares);
    return field_add_points(field, &rule, points, weights, error);
}
