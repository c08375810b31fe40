/* Incidents as layers of an export: counts by square, or one row each. */
#include "engine/report/export_incidents.h"

#include "engine/analysis/squares.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* ---- incidents by square ---- */

struct counted {
    struct square square;
    size_t by_domain[DOMAIN_COUNT], incidents;
};

static int by_square(const void *a, const void *b)
{
    const struct counted *left = a, *right = b;
    return square_compare(&left->square, &right->square);
}

static void add_up(struct counted *into, const struct counted *more)
{
    for (int d = 0; d < DOMAIN_COUNT; d++)
        into->by_domain[d] += more->by_domain[d];
    into->incidents += more->incidents;
}

static size_t list_incidents(struct counted *squares, const struct export_source *from,
                             const struct export_categories *categories)
{
    const struct gathered *gathered = from->gathered;
    const struct grid *grid = &from->study->boundaries.grid;
    size_t count = 0;
    for (size_t i = 0; i < gathered->count; i++) {
        if (categories->withheld[gathered->category[i]])
            continue;
        struct counted *one = &squares[count++];
        *one = (struct counted){.square = square_at(grid_metres_x(grid, gathered->grid_x[i]),
                                                    grid_metres_y(grid, gathered->grid_y[i]))};
        one->incidents = one->by_domain[gathered->domain[i]] = export_weight(gathered, i);
    }
    return count;
}

/* Adds up neighbours that are one square and drops what is too few; gives how many are left. */
static size_t fold_squares(struct counted *squares, size_t count, const struct export_source *from)
{
    size_t kept = 0, dropped = 0, lost = 0;
    size_t least = (size_t)from->study->options->min_count;
    qsort(squares, count, sizeof *squares, by_square);
    for (size_t i = 0; i < count;) {
        struct counted sum = squares[i++];
        for (; i < count && square_compare(&squares[i].square, &sum.square) == 0; i++)
            add_up(&sum, &squares[i]);
        bool enough = sum.incidents >= least;
        lost += enough ? 0 : sum.incidents;
        dropped += !enough;
        if (enough)
            squares[kept++] = sum;
    }
    if (dropped > 0)
        notes_add(&from->study->notes,
                  "%zu squares of fewer than %zu incidents (%zu in all) are left out; --min-count "
                  "sets the limit",
                  dropped, least, lost);
    return kept;
}

/* The smallest count that is shown; there is one, since all of them come to enough. */
static int smallest_shown(const bool hidden[DOMAIN_COUNT], const struct counted *square)
{
    int least = -1;
    for (int d = 0; d < DOMAIN_COUNT; d++)
        if (!hidden[d] && square->by_domain[d] > 0
            && (least < 0 || square->by_domain[d] < square->by_domain[least]))
            least = d;
    assert(least >= 0);
    return least;
}

/* Marks the counts that are too small, and then the smallest others until what is hidden comes to
 * enough, so that it is two or more: the total, which is enough, less what is shown tells none. */
static void hide_small(bool hidden[DOMAIN_COUNT], const struct counted *square, size_t least)
{
    size_t sum = 0;
    for (int d = 0; d < DOMAIN_COUNT; d++) {
        hidden[d] = square->by_domain[d] > 0 && square->by_domain[d] < least;
        sum += hidden[d] ? square->by_domain[d] : 0;
    }
    while (sum > 0 && sum < least) {
        int next = smallest_shown(hidden, square);
        hidden[next] = true;
        sum += square->by_domain[next];
    }
}

enum square_column { SQUARE_LABEL, SQUARE_X, SQUARE_Y, SQUARE_INCIDENTS, SQUARE_DOMAINS };

static bool put_square(struct layer *layer, size_t row, const struct counted *square, size_t least,
                       struct error *error)
{
    char name[SQUARE_NAME];
    bool hidden[DOMAIN_COUNT];
    double x = square->square.east * (double)SQUARE_M, y = square->square.north * (double)SQUARE_M;
    struct layer_column *columns = layer->columns;
    square_name(name, &square->square);
    hide_small(hidden, square, least);
    columns[SQUARE_X].numbers[row] = x + SQUARE_M / 2.0;
    columns[SQUARE_Y].numbers[row] = y + SQUARE_M / 2.0;
    columns[SQUARE_INCIDENTS].numbers[row] = (double)square->incidents;
    for (int d = 0; d < DOMAIN_COUNT; d++)
        columns[SQUARE_DOMAINS + d].numbers[row] = hidden[d] ? NAN : (double)square->by_domain[d];
    return layer_set_text(layer, SQUARE_LABEL, row, name, error)
           && export_square_shape(&layer->shapes[row], x, y, SQUARE_M, error);
}

static bool put_squares(struct layer *layer, const struct counted *squares, size_t count,
                        size_t least, struct error *error)
{
    static const struct layer_column columns[] = {
        {"square", LAYER_TEXT, 0, NULL, NULL, NULL},
        {"x", LAYER_WHOLE, 0, NULL, NULL, NULL},
        {"y", LAYER_WHOLE, 0, NULL, NULL, NULL},
        {"incidents", LAYER_WHOLE, 0, NULL, NULL, NULL},
        {"social", LAYER_WHOLE, 0, NULL, NULL, NULL},
        {"physical", LAYER_WHOLE, 0, NULL, NULL, NULL},
        {"safety", LAYER_WHOLE, 0, NULL, NULL, NULL},
        {"unmapped", LAYER_WHOLE, 0, NULL, NULL, NULL},
    };
    bool done = layer_new(layer, "squares", LAYER_POLYGONS, count, error)
                && EXPORT_ADD_COLUMNS(layer, columns, error);
    layer->description = "incidents by square of 100 m";
    for (size_t i = 0; done && i < count; i++)
        done = put_square(layer, i, &squares[i], least, error);
    return done;
}

bool export_squares(struct layer *layer, const struct export_source *from, struct error *error)
{
    struct export_categories categories;
    struct counted *squares = NULL;
    bool done = export_categories_look(&categories, from, error)
                && array_new_raw(&squares, from->gathered->count, sizeof *squares, error);
    if (done) {
        size_t count = list_incidents(squares, from, &categories);
        count = fold_squares(squares, count, from);
        export_note_withheld(from, &categories);
        done = put_squares(layer, squares, count, (size_t)from->study->options->min_count, error);
    }
    array_free(&squares);
    export_categories_free(&categories);
    return done;
}

/* ---- incidents row by row ---- */

struct listed {
    int32_t x, y;
    moment when;
    uint32_t category, source; /* ranks */
    uint32_t weight;
    uint8_t domain;
    size_t incident;
};

/* Equal ones have equal rows. */
static int by_place(const void *a, const void *b)
{
    const struct listed *l = a, *r = b;
    if (l->x != r->x)
        return l->x < r->x ? -1 : 1;
    if (l->y != r->y)
        return l->y < r->y ? -1 : 1;
    if (l->when != r->when)
        return l->when < r->when ? -1 : 1;
    if (l->category != r->category)
        return l->category < r->category ? -1 : 1;
    if (l->source != r->source)
        return l->source < r->source ? -1 : 1;
    if (l->domain != r->domain)
        return l->domain < r->domain ? -1 : 1;
    return l->weight < r->weight ? -1 : l->weight > r->weight;
}

enum row_column {
    ROW_X,
    ROW_Y,
    ROW_CODE,
    ROW_NAME,
    ROW_BORDER,
    ROW_CATEGORY,
    ROW_DOMAIN,
    ROW_SOURCE,
    ROW_WHEN,
    ROW_WEIGHT
};

/* Rows under way. */
struct listing {
    const struct export_source *from;
    struct export_categories categories;
    uint32_t *source_rank;
    struct listed *rows;
    size_t count;
    double *border_m; /* by incident */
};

static bool list_rows(struct listing *listing, struct error *error)
{
    const struct gathered *gathered = listing->from->gathered;
    const struct study *study = listing->from->study;
    const struct owned_points points = {{gathered->grid_x, gathered->grid_y, gathered->count},
                                        gathered->owner};
    if (!export_categories_look(&listing->categories, listing->from, error)
        || !export_rank_words(&listing->source_rank, study->sources, error)
        || !array_new_raw(&listing->rows, gathered->count, sizeof *listing->rows, error)
        || !array_new_raw(&listing->border_m, gathered->count, sizeof *listing->border_m, error))
        return false;
    assignment_border_m(listing->border_m, study->assignment, &points, INFINITY);
    for (size_t i = 0; i < gathered->count; i++)
        if (!listing->categories.withheld[gathered->category[i]])
            listing->rows[listing->count++] =
                (struct listed){gathered->grid_x[i],
                                gathered->grid_y[i],
                                gathered->when[i],
                                listing->categories.rank[gathered->category[i]],
                                listing->source_rank[gathered->source[i]],
                                export_weight(gathered, i),
                                gathered->domain[i],
                                i};
    qsort(listing->rows, listing->count, sizeof *listing->rows, by_place);
    return true;
}

static bool put_row(struct layer *layer, size_t row, const struct listing *listing,
                    struct error *error)
{
    const struct study *study = listing->from->study;
    const struct gathered *gathered = listing->from->gathered;
    const struct listed *listed = &listing->rows[row];
    size_t i = listed->incident;
    const struct jurisdiction *owner = &study->boundaries.jurisdictions.items[gathered->owner[i]];
    const char *category = listed->domain == DOMAIN_UNMAPPED
                               ? ""
                               : dictionary_text(study->categories, gathered->category[i]);
    struct layer_column *columns = layer->columns;
    layer->x[row] = columns[ROW_X].numbers[row] = grid_metres_x(&study->boundaries.grid, listed->x);
    layer->y[row] = columns[ROW_Y].numbers[row] = grid_metres_y(&study->boundaries.grid, listed->y);
    columns[ROW_BORDER].numbers[row] = listing->border_m[i];
    columns[ROW_WHEN].moments[row] = listed->when;
    columns[ROW_WEIGHT].numbers[row] = listed->weight;
    return layer_set_text(layer, ROW_CODE, row, owner->code, error)
           && layer_set_text(layer, ROW_NAME, row, owner->name, error)
           && layer_set_text(layer, ROW_CATEGORY, row, category, error)
           && layer_set_text(layer, ROW_DOMAIN, row, domain_name((enum domain)listed->domain),
                             error)
           && layer_set_text(layer, ROW_SOURCE, row,
                             dictionary_text(study->sources, gathered->source[i]), error);
}

static bool put_rows(struct layer *layer, const struct listing *listing, struct error *error)
{
    static const struct layer_column columns[] = {
        {"x", LAYER_REAL, 3, NULL, NULL, NULL},
        {"y", LAYER_REAL, 3, NULL, NULL, NULL},
        {"jurisdiction_code", LAYER_TEXT, 0, NULL, NULL, NULL},
        {"jurisdiction", LAYER_TEXT, 0, NULL, NULL, NULL},
        {"border_m", LAYER_REAL, 3, NULL, NULL, NULL},
        {"category", LAYER_TEXT, 0, NULL, NULL, NULL},
        {"domain", LAYER_TEXT, 0, NULL, NULL, NULL},
        {"source", LAYER_TEXT, 0, NULL, NULL, NULL},
        {"occurred_at", LAYER_MOMENT, 0, NULL, NULL, NULL},
        {"weight", LAYER_WHOLE, 0, NULL, NULL, NULL},
    };
    bool done = layer_new(layer, "incidents", LAYER_POINTS, listing->count, error)
                && EXPORT_ADD_COLUMNS(layer, columns, error);
    layer->description = "incidents, one a row";
    for (size_t i = 0; done && i < listing->count; i++)
        done = put_row(layer, i, listing, error);
    return done;
}

bool export_rows(struct layer *layer, const struct export_source *from, struct error *error)
{
    struct listing listing = {.from = from};
    bool done = list_rows(&listing, error) && put_rows(layer, &listing, error);
    if (done) {
        export_note_withheld(from, &listing.categories);
        notes_add(
            &from->study->notes,
            "--rows: %zu incidents leave one by one with their place and time; treat the file "
            "as personal data",
            listing.count);
    }
    export_categories_free(&listing.categories);
    array_free(&listing.source_rank);
    array_free(&listing.rows);
    array_free(&listing.border_m);
    return done;
}
