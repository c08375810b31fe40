/* Packages of neighbours among the incidents: what their squares tell of the selection, beside the
 * points. */
#include "engine/study/packages.h"

#include "engine/core/text.h"
#include "engine/formats/input_zip.h"
#include "engine/formats/source.h"
#include "engine/study/handover_table.h"
#include "engine/study/study.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- which they are ---- */

static bool name_package(struct source_package *package, const char *given, struct error *error)
{
    const char *file = text_file_name(source_path(given));
    package->given = given;
    package->file = text_copy(file, strlen(file), error);
    package->source = package->file != NULL ? source_name(given, error) : NULL;
    return package->source != NULL;
}

bool packages_find(struct packages *packages, const struct words *incidents, struct error *error)
{
    if (!array_new(&packages->items, incidents->count, sizeof *packages->items, error))
        return false;
    for (size_t i = 0; i < incidents->count; i++) {
        const char *given = incidents->items[i];
        if (input_zip_is_handover(source_path(given))
            && !name_package(&packages->items[packages->count++], given, error))
            return false;
    }
    return true;
}

bool packages_has(const struct packages *packages, const char *given)
{
    for (size_t i = 0; i < packages->count; i++)
        if (packages->items[i].given == given)
            return true;
    return false;
}

void packages_free(struct packages *packages)
{
    for (size_t i = 0; i < packages->count; i++) {
        struct source_package *package = &packages->items[i];
        free(package->file);
        free(package->source);
        handover_free(&package->handover);
        array_free(&package->spans);
        for (int a = 0; a < DISCLOSURE_AXES; a++)
            array_free(&package->selected[a]);
    }
    array_free(&packages->items);
    packages->count = 0;
}

/* ---- the selection ---- */

size_t package_nodes(const struct source_package *package, int axis)
{
    const struct handover *handover = &package->handover;
    switch (axis) {
    case DOMAIN_AXIS:
        return HANDOVER_DOMAINS;
    case SQUARE_AXIS:
        return handover->pieces.count;
    default:
        return handover->quarter_count + 1; /* the last one is no quarter known */
    }
}

bool package_is_selected(const struct source_package *package, int axis, size_t node)
{
    return package->selected[axis] == NULL || package->selected[axis][node];
}

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

static int64_t first_day_of(int32_t quarter)
{
    return days_from_civil(quarter / 4, quarter % 4 * 3 + 1, 1);
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
        int64_t first = first_day_of(quarter), last = first_day_of(quarter + 1) - 1;
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
        disclosure_spans(package->spans, table, OBSERVER_ANYBODY);
    package->is_read = done;
    return done;
}

/* ---- counts ---- */

struct package_part package_selected(const struct source_package *package)
{
    struct package_part part;
    for (int a = 0; a < DISCLOSURE_AXES; a++) {
        part.node[a] = PACKAGE_ANY;
        part.among[a] = package->selected[a];
    }
    return part;
}

struct counting {
    const struct source_package *package;
    const struct package_part *part;
    size_t nodes[DISCLOSURE_AXES];
};

static struct package_count count_cell(const struct counting *counting)
{
    const struct disclosure *table = &counting->package->handover.table;
    size_t cell =
        disclosure_cell(table, counting->nodes[0], counting->nodes[1], counting->nodes[2]);
    bool published = table->states[cell] == CELL_PUBLISHED;
    return (struct package_count){published ? table->rounded[cell] : 0,
                                  counting->package->spans[cell], published,
                                  table->states[cell] == CELL_WITHHELD};
}

static void add_count(struct package_count *to, const struct package_count *from)
{
    to->incidents += from->incidents;
    to->published += from->published;
    to->withheld += from->withheld;
    to->span.low += from->span.low;
    to->span.high = to->span.high >= DISCLOSURE_NO_END || from->span.high >= DISCLOSURE_NO_END
                        ? DISCLOSURE_NO_END
                        : to->span.high + from->span.high;
}

/* What the whole leaves when the others are taken from it. */
static struct disclosure_span rest_of(const struct disclosure_span *whole,
                                      const struct disclosure_span *others)
{
    int64_t low = others->high >= DISCLOSURE_NO_END ? 0 : whole->low - others->high;
    int64_t high = whole->high >= DISCLOSURE_NO_END ? DISCLOSURE_NO_END : whole->high - others->low;
    return (struct disclosure_span){low > 0 ? low : 0, high > 0 ? high : 0};
}

static struct package_count count_from(struct counting *counting, int axis);

/* The listed nodes one by one, held against all less those that are not listed. */
static struct package_count count_listed(struct counting *counting, int axis, const bool *listed)
{
    struct package_count in = {0}, out = {0};
    size_t count = package_nodes(counting->package, axis);
    for (size_t n = 0; n < count; n++) {
        counting->nodes[axis] = n;
        struct package_count one = count_from(counting, axis + 1);
        add_count(listed[n] ? &in : &out, &one);
    }
    counting->nodes[axis] = handover_all(&counting->package->handover, axis);
    struct package_count whole = count_from(counting, axis + 1);
    struct disclosure_span rest = rest_of(&whole.span, &out.span);
    if (rest.low > in.span.low)
        in.span.low = rest.low;
    if (rest.high < in.span.high)
        in.span.high = rest.high > in.span.low ? rest.high : in.span.low;
    return in;
}

static struct package_count count_from(struct counting *counting, int axis)
{
    const struct package_part *part = counting->part;
    if (axis == DISCLOSURE_AXES)
        return count_cell(counting);
    if (part->node[axis] == PACKAGE_ANY && part->among[axis] != NULL)
        return count_listed(counting, axis, part->among[axis]);
    counting->nodes[axis] = part->node[axis] != PACKAGE_ANY
                                ? part->node[axis]
                                : handover_all(&counting->package->handover, axis);
    return count_from(counting, axis + 1);
}

struct package_count package_count(const struct source_package *package,
                                   const struct package_part *part)
{
    struct counting counting = {.package = package, .part = part};
    struct package_count count = count_from(&counting, 0);
    if ((int64_t)count.incidents < count.span.low)
        count.incidents = (size_t)count.span.low;
    if ((int64_t)count.incidents > count.span.high)
        count.incidents = (size_t)count.span.high;
    return count;
}

struct package_count package_square(const struct source_package *package, size_t piece)
{
    struct package_part part = package_selected(package);
    part.node[SQUARE_AXIS] = package->handover.node_of_piece[piece];
    return package_count(package, &part);
}

/* ---- what is told of them ---- */

bool packages_take_part(const struct packages *packages)
{
    for (size_t i = 0; i < packages->count; i++)
        if (packages->items[i].is_read && packages->items[i].absence == PACKAGE_PRESENT)
            return true;
    return false;
}

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
              "to fives, and %zu without; organised crime is in none",
              package->file, package->sender, package->handover.options.depth_m, published,
              withheld);
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

void packages_pass_over(struct study *study)
{
    for (size_t i = 0; i < study->packages.count; i++)
        notes_add(&study->notes,
                  "%s: %zu squares of %s take no part in this, since they are counts and no "
                  "incidents",
                  study->packages.items[i].file, study->packages.items[i].handover.pieces.count,
                  study->packages.items[i].sender);
}

void packages_begin(struct packages *packages)
{
    for (size_t i = 0; i < packages->count; i++)
        packages->items[i].own = 0;
}

void packages_count_own(struct packages *packages, const struct incidents *batch)
{
    for (size_t p = 0; p < packages->count; p++)
        for (size_t i = 0; i < batch->count; i++)
            if (batch->owner[i] == packages->items[p].owner && batch->owner[i] >= 0)
                packages->items[p].own += batch->weight != NULL ? batch->weight[i] : 1;
}
