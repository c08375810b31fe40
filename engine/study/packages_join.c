/* Joins packages to a study: whose they are, what of them is selected, and what is said of them. */
#include "engine/study/packages_join.h"

#include "engine/core/text.h"

#include <stdio.h>
#include <string.h>

/* ---- the selection ---- */

static bool new_marks(struct source_package *package, int axis, struct error *error)
{
    return array_new(&package->selected[axis], package_nodes(package, axis),
                     sizeof *package->selected[axis], error);
}

static bool mark_domains(struct source_package *package, const struct selection *selection,
                         struct error *error)
{
    if (selection->domains == 0 && selection->domains_any == 0)
        return true;
    if (!new_marks(package, DOMAIN_AXIS, error))
        return false;
    for (unsigned d = 0; d < HANDOVER_DOMAINS; d++)
        package->selected[DOMAIN_AXIS][d] =
            (selection->domains == 0 || (selection->domains >> d & 1) != 0)
            && (selection->domains_any == 0 || (selection->domains_any >> d & 1) != 0);
    return true;
}

/* A square is where its centre is. */
static bool mark_squares(struct source_package *package, const struct study *study,
                         struct error *error)
{
    const struct grid *grid = &study->boundaries.grid;
    bool any = false;
    if (!study->selection.has_box && !study->selection.has_circle)
        return true;
    if (!new_marks(package, SQUARE_AXIS, error))
        return false;
    for (size_t p = 0; p < package->handover.pieces.count; p++) {
        const struct square *piece = &package->handover.pieces.items[p];
        double half = piece->size / 2.0;
        bool in =
            selection_has_place(&study->selection, grid_x(grid, (piece->east + half) * SQUARE_M),
                                grid_y(grid, (piece->north + half) * SQUARE_M));
        package->selected[SQUARE_AXIS][p] = in;
        any = any || in;
    }
    if (!any)
        package->absence = PACKAGE_NOT_ASKED;
    return true;
}

/* Quarters that lie wholly in the period. */
static bool mark_quarters(struct source_package *package, const struct selection *selection,
                          struct error *error)
{
    const struct handover *handover = &package->handover;
    if (!selection->has_period)
        return true;
    if (!new_marks(package, QUARTER_AXIS, error))
        return false;
    for (size_t q = 0; q < handover->quarter_count; q++) {
        int32_t quarter = handover->first_quarter + (int32_t)q;
        int64_t first = package_first_day(quarter), last = package_first_day(quarter + 1) - 1;
        bool whole = first >= selection->first_day && last <= selection->last_day;
        package->selected[QUARTER_AXIS][q] = whole;
        package->part_quarters +=
            !whole && first <= selection->last_day && last >= selection->first_day;
    }
    return true;
}

static bool names_source(const struct source_package *package, const struct words *sources)
{
    for (size_t i = 0; i < sources->count; i++)
        if (text_equal(sources->items[i], package->source))
            return true;
    return sources->count == 0;
}

static bool mark(struct source_package *package, const struct study *study, struct error *error)
{
    const struct selection *selection = &study->selection;
    bool owner =
        selection->owner_in == NULL || (package->owner >= 0 && selection->owner_in[package->owner]);
    if (!owner || !names_source(package, &selection->sources))
        package->absence = PACKAGE_NOT_ASKED;
    else if (selection->categories.count > 0 || selection->hours != 0 || selection->weekdays != 0)
        package->absence = PACKAGE_CANNOT_TELL;
    return mark_domains(package, selection, error) && mark_squares(package, study, error)
           && mark_quarters(package, selection, error);
}

/* ---- taking one ---- */

static bool check_system(const struct source_package *package, const struct study *study,
                         struct error *error)
{
    const char *own = study->boundaries.crs, *theirs = package->handover.crs;
    if (!study->has_boundaries || text_equal(own, theirs))
        return true;
    return error_set(error, ERROR_DATA,
                     "%s: its squares are those of %.60s, and the study is in %.60s; say --crs "
                     "%.60s",
                     package->file, theirs, own, theirs);
}

/* By code, else by name. */
static bool find_sender(struct source_package *package, const struct study *study,
                        const struct package_facts *facts, struct error *error)
{
    const struct jurisdictions *all = &study->boundaries.jurisdictions;
    const char *code = facts->sender_code, *name = facts->sender_name;
    snprintf(package->sender, sizeof package->sender, "%.100s",
             name != NULL   ? name
             : code != NULL ? code
                            : "");
    package->owner = OUTSIDE;
    for (size_t i = 0; i < all->count && package->owner < 0 && code != NULL && code[0] != '\0'; i++)
        if (text_equal(all->items[i].code, code))
            package->owner = (int32_t)i;
    for (size_t i = 0; i < all->count && package->owner < 0 && name != NULL; i++)
        if (selection_is_called(&all->items[i], name))
            package->owner = (int32_t)i;
    if (package->owner >= 0 || !study->has_boundaries)
        return true;
    return error_set(error, ERROR_DATA,
                     "%s: its sender, '%.60s' (%.30s), is no jurisdiction of the boundaries; take "
                     "boundaries that have it",
                     package->file, package->sender, code != NULL ? code : "");
}

/* Packages of one sender may follow one another in time; where they overlap, both would count. */
static bool check_others(const struct source_package *package, const struct packages *packages,
                         struct error *error)
{
    const struct handover *own = &package->handover;
    for (size_t i = 0; i < packages->count; i++) {
        const struct source_package *other = &packages->items[i];
        const struct handover *theirs = &other->handover;
        if (other == package || !other->is_read || strcmp(other->sender, package->sender) != 0)
            continue;
        bool apart =
            own->first_quarter + (int32_t)own->quarter_count <= theirs->first_quarter
            || theirs->first_quarter + (int32_t)theirs->quarter_count <= own->first_quarter;
        if (!apart || own->quarter_count == 0 || theirs->quarter_count == 0)
            return error_set(error, ERROR_DATA,
                             "%s and %s are both of %.60s and tell of the same time; take one",
                             other->file, package->file, package->sender);
    }
    return true;
}

bool package_take(struct source_package *package, struct study *study, struct handover *handover,
                  const struct package_facts *facts, struct error *error)
{
    package->handover = *handover;
    *handover = (struct handover){0};
    const struct disclosure *table = &package->handover.table;
    bool done =
        check_system(package, study, error) && find_sender(package, study, facts, error)
        && check_others(package, &study->packages, error)
        && array_new_raw(&package->spans, table->cell_count, sizeof *package->spans, error)
        && dictionary_number(&package->source_number, study->sources, package->source, error)
        && mark(package, study, error);
    package->handover.crs = study->boundaries.crs; /* the manifest's own goes with it */
    if (done)
        disclosure_spans(package->spans, table, OBSERVER_INSIDER);
    package->is_read = done;
    return done;
}

/* ---- what is told of them ---- */

static void remark_present(struct notes *notes, const struct source_package *package)
{
    size_t published = 0, withheld = 0;
    for (size_t p = 0; p < package->handover.pieces.count; p++) {
        if (!package_is_selected(package, SQUARE_AXIS, p))
            continue;
        bool told = package_square(package, p).published > 0;
        published += told;
        withheld += !told;
    }
    notes_add(notes,
              "%s: squares of %s within %g m of its neighbour take part: %zu with a count, rounded "
              "to fives, and %zu without, where there are fewer than %u (unless one source has "
              "nearly all); organised crime is in none",
              package->file, package->sender, package->handover.options.depth_m, published,
              withheld, package->handover.options.least);
    if (package->part_quarters > 0)
        notes_add(notes, "%s: quarters that lie in the period for a part are left out: %zu",
                  package->file, package->part_quarters);
    if (package->own > 0)
        notes_add(notes,
                  "%s: %zu incidents from the other files lie in %s too; they count besides its "
                  "squares, so those that it also has count twice",
                  package->file, package->own, package->sender);
}

void packages_remark(struct study *study)
{
    for (size_t i = 0; i < study->packages.count; i++) {
        const struct source_package *package = &study->packages.items[i];
        if (package->absence == PACKAGE_PRESENT)
            remark_present(&study->notes, package);
        else if (package->absence == PACKAGE_CANNOT_TELL)
            notes_add(&study->notes,
                      "%s: %zu squares are left out, since they tell no category, hour or weekday",
                      package->file, package->handover.pieces.count);
    }
}

static void remark_density(struct notes *notes, const struct source_package *package)
{
    const struct package_part all = package_selected(package);
    const struct package_count whole = package_count(package, &all);
    size_t shown = 0;
    for (size_t p = 0; p < package->handover.pieces.count; p++)
        if (package_is_selected(package, SQUARE_AXIS, p))
            shown += package_square(package, p).incidents;
    if (whole.span.high < DISCLOSURE_NO_END)
        notes_add(notes,
                  "%s: %zu incidents are spread over the squares that have a count; there are "
                  "between %lld and %lld, and the others lie in squares that are withheld",
                  package->file, shown, (long long)whole.span.low, (long long)whole.span.high);
    else
        notes_add(notes, "%s: %zu incidents are spread over the squares that have a count",
                  package->file, shown);
}

void packages_remark_density(struct study *study)
{
    packages_remark(study);
    for (size_t i = 0; i < study->packages.count; i++)
        if (study->packages.items[i].absence == PACKAGE_PRESENT)
            remark_density(&study->notes, &study->packages.items[i]);
}

void packages_pass_over(struct study *study)
{
    for (size_t i = 0; i < study->packages.count; i++)
        notes_add(&study->notes,
                  "%s: %zu squares of %s take no part in this, since they are counts and no "
                  "incidents",
                  study->packages.items[i].file, study->packages.items[i].handover.pieces.count,
                  study->packages.items[i].sender);
}
