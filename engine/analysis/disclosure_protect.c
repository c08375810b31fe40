/* Complementary suppression: withholds more of a table until what was withheld cannot be worked
 * out.
 */
#include "engine/analysis/disclosure_protect.h"

/* ---- what leaks ---- */

struct audit {
    struct disclosure_span *spans[OBSERVER_COUNT];
};

static void audit_free(struct audit *audit)
{
    for (int o = 0; o < OBSERVER_COUNT; o++)
        array_free(&audit->spans[o]);
}

static bool audit_new(struct audit *audit, const struct disclosure *table, struct error *error)
{
    *audit = (struct audit){0};
    for (int o = 0; o < OBSERVER_COUNT; o++)
        if (!array_new_raw(&audit->spans[o], table->cell_count, sizeof *audit->spans[o], error)) {
            audit_free(audit);
            return false;
        }
    return true;
}

static void audit_run(struct audit *audit, const struct disclosure *table)
{
    for (int o = 0; o < OBSERVER_COUNT; o++)
        disclosure_spans(audit->spans[o], table, (enum disclosure_observer)o);
}

/* The first observer to whom the cell leaks, or OBSERVER_COUNT. */
static int leaks_to(const struct audit *audit, const struct disclosure *table, size_t cell)
{
    for (int o = 0; o < OBSERVER_COUNT; o++)
        if (disclosure_is_leak(table, cell, audit->spans[o][cell], (enum disclosure_observer)o))
            return o;
    return OBSERVER_COUNT;
}

static bool list_leaks(struct disclosure_leaks *leaks, const struct audit *audit,
                       const struct disclosure *table, struct error *error)
{
    struct capacity capacity = {0, sizeof *leaks->items};
    leaks->count = 0;
    array_free(&leaks->items);
    for (size_t cell = 0; cell < table->cell_count; cell++) {
        int observer = leaks_to(audit, table, cell);
        if (observer == OBSERVER_COUNT)
            continue;
        if (!array_reserve(&leaks->items, &capacity, leaks->count + 1, error))
            return false;
        leaks->items[leaks->count++] = (struct disclosure_leak){cell, audit->spans[observer][cell],
                                                                (enum disclosure_observer)observer};
    }
    return true;
}

bool disclosure_leaks_find(struct disclosure_leaks *leaks, const struct disclosure *table,
                           struct error *error)
{
    struct audit audit;
    *leaks = (struct disclosure_leaks){0};
    if (!audit_new(&audit, table, error))
        return false;
    audit_run(&audit, table);
    bool done = list_leaks(leaks, &audit, table, error);
    audit_free(&audit);
    if (!done)
        disclosure_leaks_free(leaks);
    return done;
}

void disclosure_leaks_free(struct disclosure_leaks *leaks)
{
    array_free(&leaks->items);
    leaks->count = 0;
}

/* ---- what is withheld for it ---- */

static const size_t NONE = SIZE_MAX;

/* The smallest count that could be withheld, of the lines that give a cell away. */
struct remedy {
    struct disclosure *table;
    const struct disclosure_span *spans;
    const bool *is_fresh; /* withheld since the spans were worked out */
    size_t cell, best;
    bool anywhere;     /* also of lines that do not give it away */
    bool is_under_way; /* such a line has lost a cell meanwhile: perhaps that was enough */
};

static bool can_go(const struct disclosure *table, size_t cell)
{
    return table->states[cell] == CELL_PUBLISHED && !table->is_kept[cell];
}

static bool is_better(const struct disclosure *table, size_t cell, size_t best)
{
    if (best == NONE)
        return true;
    uint32_t count = table->counts[cell], least = table->counts[best];
    return count != least ? count < least : cell < best;
}

static void consider(struct remedy *remedy, size_t cell)
{
    remedy->is_under_way = remedy->is_under_way || remedy->is_fresh[cell];
    if (cell != remedy->cell && can_go(remedy->table, cell)
        && is_better(remedy->table, cell, remedy->best))
        remedy->best = cell;
}

static bool gives_away(const struct remedy *remedy, const struct disclosure_line *line)
{
    struct disclosure_span told = disclosure_told(remedy->spans, line, remedy->cell);
    struct disclosure_span span = remedy->spans[remedy->cell];
    return told.high <= span.high || (span.low > 0 && told.low >= span.low);
}

static void look_along(void *state, const struct disclosure_line *line)
{
    struct remedy *remedy = state;
    if (!remedy->anywhere && !gives_away(remedy, line))
        return;
    consider(remedy, line->sum);
    for (size_t p = 0; p < line->part_count; p++)
        consider(remedy, line->first + line->parts[p] * line->stride);
}

/* The neighbours' lines too, when the cell's own have nothing left that may go. */
static void look_farther(void *state, const struct disclosure_line *line)
{
    struct remedy *remedy = state;
    disclosure_lines_of(remedy->table, line->sum, look_along, remedy);
    for (size_t p = 0; p < line->part_count && remedy->best == NONE; p++)
        disclosure_lines_of(remedy->table, line->first + line->parts[p] * line->stride, look_along,
                            remedy);
}

/* NONE: nothing may go, or something just went. */
static size_t find_remedy(struct disclosure *table, const struct audit *audit,
                          const struct disclosure_leak *leak, const bool *is_fresh)
{
    struct remedy remedy = {.table = table,
                            .spans = audit->spans[leak->observer],
                            .is_fresh = is_fresh,
                            .cell = leak->cell,
                            .best = NONE};
    disclosure_lines_of(table, leak->cell, look_along, &remedy);
    remedy.anywhere = true;
    if (remedy.best == NONE && !remedy.is_under_way)
        disclosure_lines_of(table, leak->cell, look_along, &remedy);
    if (remedy.best == NONE && !remedy.is_under_way)
        disclosure_lines_of(table, leak->cell, look_farther, &remedy);
    return remedy.is_under_way ? NONE : remedy.best;
}

/* Every other cell: nothing but what is kept is left to add and subtract. */
static size_t withhold_all(struct disclosure *table)
{
    size_t count = 0;
    for (size_t cell = 0; cell < table->cell_count; cell++)
        if (can_go(table, cell)) {
            table->states[cell] = CELL_WITHHELD;
            count++;
        }
    return count;
}

static bool withhold_for(size_t *count, struct disclosure *table, const struct audit *audit,
                         const struct disclosure_leaks *leaks, struct error *error)
{
    bool *is_fresh = NULL;
    if (!array_new(&is_fresh, table->cell_count, sizeof *is_fresh, error))
        return false;
    *count = 0;
    for (size_t i = 0; i < leaks->count; i++) {
        size_t cell = find_remedy(table, audit, &leaks->items[i], is_fresh);
        if (cell == NONE)
            continue;
        table->states[cell] = CELL_WITHHELD;
        is_fresh[cell] = true;
        ++*count;
    }
    array_free(&is_fresh);
    if (*count == 0)
        *count = withhold_all(table);
    return true;
}

bool disclosure_protect(struct disclosure *table, size_t *lost, struct error *error)
{
    struct audit audit;
    struct disclosure_leaks leaks = {0};
    *lost = 0;
    if (!audit_new(&audit, table, error))
        return false;
    bool done = true, more = true;
    while (done && more) {
        size_t withheld = 0;
        audit_run(&audit, table);
        done = list_leaks(&leaks, &audit, table, error)
               && (leaks.count == 0 || withhold_for(&withheld, table, &audit, &leaks, error));
        *lost += withheld;
        more = withheld > 0;
    }
    disclosure_leaks_free(&leaks);
    audit_free(&audit);
    return done;
}
