/* Two packages as one: what both sides publish, laid over one another by squares of 100 m. */
#include "engine/study/handover_merge.h"

#include "engine/study/handover_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- squares of 100 m ---- */

static size_t area_of(const struct square *square)
{
    return (size_t)square->size * (size_t)square->size;
}

static bool list_squares(struct handover *joint, const struct handover packages[2],
                         struct error *error)
{
    size_t count = 0, kept = 0;
    for (int p = 0; p < 2; p++)
        for (size_t i = 0; i < packages[p].square_count; i++)
            count += area_of(&packages[p].squares[i]);
    if (!array_new(&joint->squares, count, sizeof *joint->squares, error))
        return false;
    for (int p = 0; p < 2; p++)
        for (size_t i = 0; i < packages[p].square_count; i++) {
            const struct square *piece = &packages[p].squares[i];
            for (size_t n = 0; n < area_of(piece); n++)
                joint->squares[joint->square_count++] =
                    (struct square){piece->east + (int32_t)n / piece->size,
                                    piece->north + (int32_t)n % piece->size, 1};
        }
    qsort(joint->squares, count, sizeof *joint->squares, square_compare);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || square_compare(&joint->squares[i], &joint->squares[kept - 1]) != 0)
            joint->squares[kept++] = joint->squares[i];
    joint->square_count = kept;
    return true;
}

static bool set_pieces(struct handover *joint, struct error *error)
{
    size_t count = joint->square_count;
    if (!array_new(&joint->pieces.items, count, sizeof *joint->pieces.items, error)
        || !array_new(&joint->pieces.piece_of, count, sizeof *joint->pieces.piece_of, error))
        return false;
    memcpy(joint->pieces.items, joint->squares, count * sizeof *joint->squares);
    for (size_t i = 0; i < count; i++)
        joint->pieces.piece_of[i] = i;
    joint->pieces.count = count;
    return true;
}

/* ---- what each tells ---- */

static struct handover_part part_of(const struct handover *package, size_t piece)
{
    double area = (double)area_of(&package->pieces.items[piece]);
    uint32_t rounded = handover_of_piece(package, piece);
    if (rounded == 0)
        return (struct handover_part){0, 0, (double)package->options.least - 1};
    struct disclosure_span span = disclosure_behind(rounded, package->options.least);
    return (struct handover_part){rounded / area, (double)span.low / area,
                                  (double)span.high / area};
}

static void spread(struct handover_joint *joint, int package, const struct handover *from)
{
    const struct handover *into = &joint->handover;
    for (size_t p = 0; p < from->pieces.count; p++) {
        const struct square *piece = &from->pieces.items[p];
        for (size_t n = 0; n < area_of(piece); n++) {
            struct square key = {piece->east + (int32_t)n / piece->size,
                                 piece->north + (int32_t)n % piece->size, 1};
            const struct square *found =
                bsearch(&key, into->squares, into->square_count, sizeof key, square_compare);
            joint->parts[package][found - into->squares] = part_of(from, p);
        }
    }
}

/* The sums, as if they were published: for maps and clusters. */
static void publish(struct handover_joint *joint)
{
    struct handover *handover = &joint->handover;
    for (size_t i = 0; i < handover->square_count; i++) {
        size_t cell =
            handover_cell(handover, handover_all(handover, DOMAIN_AXIS), handover->node_of_piece[i],
                          handover_all(handover, QUARTER_AXIS));
        double sum = joint->parts[0][i].incidents + joint->parts[1][i].incidents;
        handover->table.states[cell] = sum > 0 ? CELL_PUBLISHED : CELL_WITHHELD;
        handover->table.rounded[cell] = (uint32_t)round(sum);
    }
}

static bool join(struct handover_joint *joint, const struct handover packages[2],
                 struct error *error)
{
    struct handover *handover = &joint->handover;
    handover->crs = packages[0].crs;
    handover->least_per_ha = packages[0].least_per_ha;
    handover->options =
        (struct handover_options){.depth_m = packages[0].options.depth_m, .least = 1};
    if (!list_squares(handover, packages, error) || !set_pieces(handover, error)
        || !handover_lay_out(handover, error))
        return false;
    for (int p = 0; p < 2; p++) {
        if (!array_new(&joint->parts[p], handover->square_count, sizeof *joint->parts[p], error))
            return false;
        spread(joint, p, &packages[p]);
    }
    publish(joint);
    return handover_cluster(handover, error);
}

bool handover_merge(struct handover_joint *joint, const struct handover packages[2],
                    struct error *error)
{
    *joint = (struct handover_joint){0};
    if (strcmp(packages[0].crs, packages[1].crs) != 0)
        return error_set(error, ERROR_DATA,
                         "the packages are in %.60s and %.60s; they go together in one reference "
                         "system",
                         packages[0].crs, packages[1].crs);
    if (join(joint, packages, error))
        return true;
    handover_joint_free(joint);
    return false;
}

void handover_joint_free(struct handover_joint *joint)
{
    handover_free(&joint->handover);
    array_free(&joint->parts[0]);
    array_free(&joint->parts[1]);
}
