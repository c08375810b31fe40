/* A list of measures: what was done about a place, since when, and until when. */
#include "engine/formats/measures.h"

#include "engine/core/numbers.h"
#include "engine/formats/listing.h"

#include <math.h>

enum column {
    COLUMN_DATE,
    COLUMN_NAME,
    COLUMN_UNTIL,
    COLUMN_PARTNER,
    COLUMN_DOMAIN,
    COLUMN_JURISDICTION,
    COLUMN_X,
    COLUMN_Y,
    COLUMN_RADIUS
};
enum { COLUMNS = 9, REQUIRED = COLUMN_NAME + 1 };

/* Folded as text_fold does: letters and digits alone. */
static const char *const COLUMN_NAMES[COLUMNS][LISTING_NAMES] = {
    {"date", "datum", "vanaf"},
    {"name", "naam", "maatregel"},
    {"until", "tot", "tm"},
    {"partner", "partij", NULL},
    {"domain", "domein", NULL},
    {"jurisdiction", "gemeente", "gebied"},
    {"x", NULL, NULL},
    {"y", NULL, NULL},
    {"radiusm", "straalm", "straal"},
};

static const struct listing_kind MEASURES = {
    .what = N_("measures"),
    .header = "date;until;name;partner;domain;jurisdiction;x;y;radius_m",
    .names = COLUMN_NAMES,
    .column_count = COLUMNS,
    .required = REQUIRED,
    .fault = ERROR_DATA,
};

static bool read_period(struct measure *measure, const struct listing *list, size_t row,
                        struct error *error)
{
    moment from, until;
    if (!listing_date(&from, list, row, COLUMN_DATE, error)
        || !listing_date(&until, list, row, COLUMN_UNTIL, error))
        return false;
    measure->first_day = moment_first_day(from);
    measure->last_day = until == MOMENT_UNKNOWN ? INT64_MAX : moment_last_day(until);
    if (measure->first_day <= measure->last_day)
        return true;
    struct listing_cell first = listing_cell(list, row, COLUMN_DATE),
                        last = listing_cell(list, row, COLUMN_UNTIL);
    return error_set(
        error, ERROR_DATA,
        "%s:%zu: the measure ends (%.*s) before it begins (%.*s); turn the dates round", list->path,
        measure->line, listing_shown(last), last.begin, listing_shown(first), first.begin);
}

static bool read_number(double *number, const struct listing *list, size_t row, enum column column,
                        struct error *error)
{
    struct listing_cell cell = listing_cell(list, row, column);
    *number = NAN;
    if (listing_is_empty(cell) || number_parse(number, cell.begin, cell.end))
        return true;
    return error_set(error, ERROR_DATA,
                     "%s:%zu: '%.*s' is no number; write metres such as 104250 in the column '%s'",
                     list->path, list->table.lines[row], listing_shown(cell), cell.begin,
                     column == COLUMN_RADIUS ? "radius_m" : COLUMN_NAMES[column][0]);
}

static bool read_place(struct measure *measure, const struct listing *list, size_t row,
                       struct error *error)
{
    double radius;
    if (!read_number(&measure->x, list, row, COLUMN_X, error)
        || !read_number(&measure->y, list, row, COLUMN_Y, error)
        || !read_number(&radius, list, row, COLUMN_RADIUS, error))
        return false;
    if (isnan(measure->x) != isnan(measure->y))
        return error_set(error, ERROR_DATA, "%s:%zu: a place needs both x and y; fill in '%s'",
                         list->path, measure->line, isnan(measure->x) ? "x" : "y");
    if (!isnan(radius) && isnan(measure->x))
        return error_set(error, ERROR_DATA,
                         "%s:%zu: a radius of %g m, but no place; fill in x and y", list->path,
                         measure->line, radius);
    if (radius < 0)
        return error_set(error, ERROR_DATA,
                         "%s:%zu: a radius of %g m is less than nothing; write a positive one",
                         list->path, measure->line, radius);
    measure->radius_m = isnan(radius) ? 0 : radius;
    return true;
}

static bool read_row(struct measure *measure, const struct listing *list, size_t row,
                     struct error *error)
{
    measure->line = list->table.lines[row];
    return listing_copy(&measure->name, list, row, COLUMN_NAME, error)
           && listing_copy(&measure->partner, list, row, COLUMN_PARTNER, error)
           && listing_copy(&measure->domain, list, row, COLUMN_DOMAIN, error)
           && listing_copy(&measure->jurisdiction, list, row, COLUMN_JURISDICTION, error)
           && read_period(measure, list, row, error) && read_place(measure, list, row, error);
}

static bool read_rows(struct measures *measures, const struct listing *list, struct error *error)
{
    if (!array_new(&measures->items, list->table.row_count, sizeof *measures->items, error))
        return false;
    for (size_t row = 1; row < list->table.row_count; row++)
        if (!listing_row_is_blank(list, row)
            && !read_row(&measures->items[measures->count++], list, row, error))
            return false;
    return true;
}

bool measures_read(struct measures *measures, const char *path, struct error *error)
{
    struct listing list;
    *measures = (struct measures){0};
    bool done = listing_open(&list, path, &MEASURES, error) && read_rows(measures, &list, error);
    listing_close(&list);
    if (!done)
        measures_free(measures);
    return done;
}

void measures_free(struct measures *measures)
{
    for (size_t i = 0; i < measures->count; i++) {
        array_free(&measures->items[i].name);
        array_free(&measures->items[i].partner);
        array_free(&measures->items[i].domain);
        array_free(&measures->items[i].jurisdiction);
    }
    array_free(&measures->items);
    *measures = (struct measures){0};
}
