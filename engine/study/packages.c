/* Packages of neighbours among the incidents: what their squares tell of the selection, beside the
 * points. */
#include "engine/study/packages.h"

#include "engine/core/text.h"
#include "engine/formats/input_zip.h"
#include "engine/formats/source.h"
#include "engine/study/handover_table.h"

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

/* ---- its parts ---- */

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

void package_count_add(struct package_count *to, const struct package_count *from)
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
        package_count_add(listed[n] ? &in : &out, &one);
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

static bool list_one(struct square_list *list, const struct source_package *package,
                     struct error *error)
{
    const struct square_pieces *pieces = &package->handover.pieces;
    struct capacity capacity = {list->capacity, sizeof *list->items};
    if (!array_reserve(&list->items, &capacity, list->count + pieces->count, error))
        return false;
    list->capacity = capacity.held;
    for (size_t p = 0; p < pieces->count; p++) {
        size_t incidents =
            package_is_selected(package, SQUARE_AXIS, p) ? package_square(package, p).incidents : 0;
        if (incidents > 0)
            list->items[list->count++] = (struct counted_square){
                pieces->items[p], incidents < UINT32_MAX ? (uint32_t)incidents : UINT32_MAX};
    }
    return true;
}

bool packages_list(struct square_list *list, const struct packages *packages, int32_t owner,
                   struct error *error)
{
    for (size_t i = 0; i < packages->count; i++) {
        const struct source_package *package = &packages->items[i];
        if (package->is_read && package->absence == PACKAGE_PRESENT
            && (owner == OUTSIDE || package->owner == owner) && !list_one(list, package, error))
            return false;
    }
    return true;
}

int64_t package_first_day(int32_t quarter)
{
    return days_from_civil(quarter / 4, quarter % 4 * 3 + 1, 1);
}

bool packages_boxes(struct box **boxes, size_t *count, const struct packages *packages,
                    struct error *error)
{
    struct capacity capacity = {0, sizeof **boxes};
    for (size_t i = 0; i < packages->count; i++) {
        const struct source_package *package = &packages->items[i];
        const struct square_pieces *pieces = &package->handover.pieces;
        if (!package->is_read || package->absence != PACKAGE_PRESENT)
            continue;
        if (!array_reserve(boxes, &capacity, *count + pieces->count, error))
            return false;
        for (size_t p = 0; p < pieces->count; p++) {
            const struct square *piece = &pieces->items[p];
            if (package_is_selected(package, SQUARE_AXIS, p))
                (*boxes)[(*count)++] =
                    (struct box){(double)piece->east * SQUARE_M, (double)piece->north * SQUARE_M,
                                 (double)(piece->east + piece->size) * SQUARE_M,
                                 (double)(piece->north + piece->size) * SQUARE_M};
        }
    }
    return true;
}

static void widen_by(struct period *period, const struct source_package *package)
{
    const struct handover *handover = &package->handover;
    for (size_t q = 0; q < handover->quarter_count; q++) {
        int32_t quarter = handover->first_quarter + (int32_t)q;
        int64_t first = package_first_day(quarter), last = package_first_day(quarter + 1) - 1;
        if (!package_is_selected(package, QUARTER_AXIS, q))
            continue;
        period->first = period->known && period->first < first ? period->first : first;
        period->last = period->known && period->last > last ? period->last : last;
        period->known = true;
    }
}

struct period packages_period(struct period period, const struct packages *packages)
{
    for (size_t i = 0; i < packages->count; i++)
        if (packages->items[i].is_read && packages->items[i].absence == PACKAGE_PRESENT)
            widen_by(&period, &packages->items[i]);
    return period;
}

/* ---- beside the points ---- */

bool packages_take_part(const struct packages *packages)
{
    for (size_t i = 0; i < packages->count; i++)
        if (packages->items[i].is_read && packages->items[i].absence == PACKAGE_PRESENT)
            return true;
    return false;
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
