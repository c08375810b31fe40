/* The squares of packages in a query: what they tell of each combination of keys, and within what
 * bounds. */
#include "engine/study/query_squares.h"

struct adding {
    struct query *query;
    const struct source_package *package;
    struct package_part part;
    struct query_values values; /* of what has been chosen so far */
    bool *of_year;              /* quarters */
};

static struct query_amount amount_of(const struct package_count *count)
{
    bool endless = count->span.high >= DISCLOSURE_NO_END;
    return (struct query_amount){count->incidents, count->incidents - (size_t)count->span.low,
                                 endless ? QUERY_NO_END
                                         : (size_t)count->span.high - count->incidents};
}

static bool add_part(const struct adding *adding, struct error *error)
{
    const struct package_count count = package_count(adding->package, &adding->part);
    const struct query_amount amount = amount_of(&count);
    return count.span.high == 0
           || query_rows_add(&adding->query->rows, &adding->values, &amount, error);
}

static bool add_square(const struct adding *adding, size_t piece, struct error *error)
{
    struct adding one = *adding;
    query_put(&one.values, KEY_SQUARE,
              query_of_square(&adding->package->handover.pieces.items[piece]));
    one.part.node[SQUARE_AXIS] = adding->package->handover.node_of_piece[piece];
    return add_part(&one, error);
}

static bool add_squares(const struct adding *adding, struct error *error)
{
    if (!adding->query->by[KEY_SQUARE])
        return add_part(adding, error);
    for (size_t p = 0; p < adding->package->handover.pieces.count; p++)
        if (package_is_selected(adding->package, SQUARE_AXIS, p) && !add_square(adding, p, error))
            return false;
    return true;
}

/* The selected quarters of a year; false when there are none. */
static bool choose_year(const struct adding *adding, int32_t year)
{
    const struct handover *handover = &adding->package->handover;
    bool any = false;
    for (size_t q = 0; q < handover->quarter_count; q++) {
        adding->of_year[q] = (handover->first_quarter + (int32_t)q) / 4 == year
                             && package_is_selected(adding->package, QUARTER_AXIS, q);
        any = any || adding->of_year[q];
    }
    return any;
}

static bool add_undated(const struct adding *adding, struct error *error)
{
    struct adding one = *adding;
    size_t undated = adding->package->handover.quarter_count;
    if (!package_is_selected(adding->package, QUARTER_AXIS, undated))
        return true;
    query_put(&one.values, KEY_YEAR, -1);
    one.part.node[QUARTER_AXIS] = undated;
    return add_squares(&one, error);
}

static bool add_years(const struct adding *adding, struct error *error)
{
    const struct handover *handover = &adding->package->handover;
    if (!adding->query->by[KEY_YEAR])
        return add_squares(adding, error);
    int32_t first = handover->first_quarter / 4;
    int32_t last = (handover->first_quarter + (int32_t)handover->quarter_count - 1) / 4;
    for (int32_t year = first; handover->quarter_count > 0 && year <= last; year++) {
        struct adding one = *adding;
        if (!choose_year(adding, year))
            continue;
        query_put(&one.values, KEY_YEAR, year - QUERY_FIRST_YEAR);
        one.part.among[QUARTER_AXIS] = adding->of_year;
        if (!add_squares(&one, error))
            return false;
    }
    return add_undated(adding, error);
}

static bool add_domains(const struct adding *adding, struct error *error)
{
    if (!adding->query->by[KEY_DOMAIN])
        return add_years(adding, error);
    for (size_t d = 0; d < HANDOVER_DOMAINS; d++) {
        struct adding one = *adding;
        if (!package_is_selected(adding->package, DOMAIN_AXIS, d))
            continue;
        query_put(&one.values, KEY_DOMAIN, (int64_t)d);
        one.part.node[DOMAIN_AXIS] = d;
        if (!add_years(&one, error))
            return false;
    }
    return true;
}

static void put_others(struct adding *adding)
{
    static const enum query_key UNTOLD[] = {
        KEY_BAND, KEY_REPORTED_TO, KEY_RESPONSIBLE, KEY_CATEGORY, KEY_MONTH, KEY_WEEKDAY, KEY_HOUR};
    const bool *by = adding->query->by;
    for (size_t k = 0; k < sizeof UNTOLD / sizeof *UNTOLD; k++)
        if (by[UNTOLD[k]])
            query_put(&adding->values, UNTOLD[k], -1);
    if (by[KEY_DISTRICT])
        query_put(&adding->values, KEY_DISTRICT, QUERY_DISTRICT_UNTOLD);
    if (by[KEY_JURISDICTION])
        query_put(&adding->values, KEY_JURISDICTION, adding->package->owner);
    if (by[KEY_SOURCE])
        query_put(&adding->values, KEY_SOURCE, adding->package->source_number);
}

static bool add_package(struct query *query, const struct source_package *package,
                        struct error *error)
{
    struct adding adding = {.query = query, .package = package, .part = package_selected(package)};
    const struct package_count all = package_count(package, &adding.part);
    const struct query_amount amount = amount_of(&all);
    query_add_amount(&query->squares, &amount);
    put_others(&adding);
    bool done = array_new(&adding.of_year, package_nodes(package, QUARTER_AXIS),
                          sizeof *adding.of_year, error)
                && add_domains(&adding, error);
    array_free(&adding.of_year);
    return done;
}

bool query_add_squares(struct query *query, const struct study *study, struct error *error)
{
    query->has_squares = study->packages.count > 0;
    for (size_t i = 0; i < study->packages.count; i++) {
        const struct source_package *package = &study->packages.items[i];
        if (package->is_read && package->absence == PACKAGE_PRESENT
            && !add_package(query, package, error))
            return false;
    }
    return query_sort(query, error);
}
