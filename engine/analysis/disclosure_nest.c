/* The sums of an axis that lie within one another, and what that tells. */
#include "engine/analysis/disclosure_nest.h"

#include <stdlib.h>
#include <string.h>

/* A sum that may lie within others. */
struct inner {
    size_t node, leaf_count;
};

enum place { BESIDE, WITHIN, TAKEN };

struct nest {
    struct disclosure_axis *axis;
    size_t *starts, *leaves; /* of each node: leaves[starts[node]] to leaves[starts[node + 1]] */
    struct inner *inner;
    size_t inner_count;
    uint8_t *places; /* of each leaf in the sum at hand, enum place */
    size_t *parts;   /* of the line under way */
    size_t part_count;
    bool *is_part; /* per node, when lines are compared */
};

static void nest_free(struct nest *nest)
{
    array_free(&nest->starts);
    array_free(&nest->leaves);
    array_free(&nest->inner);
    array_free(&nest->places);
    array_free(&nest->parts);
    array_free(&nest->is_part);
}

static size_t leaf_count(const struct nest *nest, size_t node)
{
    return nest->starts[node + 1] - nest->starts[node];
}

/* Parts have lower numbers than their sum, so that their leaves are there before it. */
static void measure(struct nest *nest)
{
    const struct disclosure_axis *axis = nest->axis;
    size_t next = axis->leaf_count;
    for (size_t leaf = 0; leaf < next; leaf++)
        nest->starts[leaf + 1] = leaf + 1;
    for (size_t line = 0; line < axis->line_count; line++) {
        if (axis->sums[line] != next)
            continue; /* the first line of a sum is where it was added */
        size_t count = 0;
        for (size_t p = axis->part_starts[line]; p < axis->part_starts[line + 1]; p++)
            count += leaf_count(nest, axis->parts[p]);
        nest->starts[next + 1] = nest->starts[next] + count;
        next++;
    }
}

static void list_leaves(struct nest *nest)
{
    const struct disclosure_axis *axis = nest->axis;
    size_t next = axis->leaf_count;
    for (size_t leaf = 0; leaf < next; leaf++)
        nest->leaves[leaf] = leaf;
    for (size_t line = 0; line < axis->line_count; line++) {
        if (axis->sums[line] != next)
            continue;
        size_t *into = nest->leaves + nest->starts[next++];
        for (size_t p = axis->part_starts[line]; p < axis->part_starts[line + 1]; p++) {
            size_t part = axis->parts[p], count = leaf_count(nest, part);
            memcpy(into, nest->leaves + nest->starts[part], count * sizeof *into);
            into += count;
        }
    }
}

static int by_size(const void *left, const void *right)
{
    const struct inner *a = left, *b = right;
    if (a->leaf_count != b->leaf_count)
        return a->leaf_count > b->leaf_count ? -1 : 1;
    return (a->node > b->node) - (a->node < b->node);
}

static bool list_inner(struct nest *nest, const size_t *nodes, size_t count, struct error *error)
{
    size_t first = nest->axis->leaf_count, end = nest->axis->node_count;
    if (!array_new(&nest->inner, nodes != NULL ? count : end - first, sizeof *nest->inner, error))
        return false;
    for (size_t i = 0; i < (nodes != NULL ? count : end - first); i++) {
        size_t node = nodes != NULL ? nodes[i] : first + i;
        if (node >= first && node < end)
            nest->inner[nest->inner_count++] = (struct inner){node, leaf_count(nest, node)};
    }
    if (nest->inner_count > 1)
        qsort(nest->inner, nest->inner_count, sizeof *nest->inner, by_size);
    return true;
}

static bool nest_new(struct nest *nest, const size_t *nodes, size_t count, struct error *error)
{
    size_t node_count = nest->axis->node_count;
    if (!array_new(&nest->starts, node_count + 1, sizeof *nest->starts, error))
        return false;
    measure(nest);
    if (!array_new(&nest->leaves, nest->starts[node_count], sizeof *nest->leaves, error))
        return false;
    list_leaves(nest);
    return list_inner(nest, nodes, count, error)
           && array_new(&nest->places, nest->axis->leaf_count, sizeof *nest->places, error)
           && array_new(&nest->parts, nest->axis->leaf_count, sizeof *nest->parts, error)
           && array_new(&nest->is_part, node_count, sizeof *nest->is_part, error);
}

static void set_places(struct nest *nest, size_t node, enum place place)
{
    for (size_t i = nest->starts[node]; i < nest->starts[node + 1]; i++)
        nest->places[nest->leaves[i]] = (uint8_t)place;
}

static bool lies_within(const struct nest *nest, size_t node)
{
    for (size_t i = nest->starts[node]; i < nest->starts[node + 1]; i++)
        if (nest->places[nest->leaves[i]] != WITHIN)
            return false;
    return true;
}

static void set_parts(struct nest *nest, bool is_part)
{
    for (size_t p = 0; p < nest->part_count; p++)
        nest->is_part[nest->parts[p]] = is_part;
}

/* Whether the axis has the line already. */
static bool is_there(struct nest *nest, size_t sum)
{
    const struct disclosure_axis *axis = nest->axis;
    bool found = false;
    set_parts(nest, true);
    for (size_t line = 0; !found && line < axis->line_count; line++) {
        size_t begin = axis->part_starts[line], end = axis->part_starts[line + 1];
        found = axis->sums[line] == sum && end - begin == nest->part_count;
        for (size_t p = begin; found && p < end; p++)
            found = nest->is_part[axis->parts[p]];
    }
    set_parts(nest, false);
    return found;
}

static bool add_line(struct nest *nest, size_t sum, struct error *error)
{
    nest->part_count = 0;
    set_places(nest, sum, WITHIN);
    for (size_t i = 0; i < nest->inner_count; i++) {
        size_t node = nest->inner[i].node;
        if (node == sum || !lies_within(nest, node))
            continue;
        set_places(nest, node, TAKEN);
        nest->parts[nest->part_count++] = node;
    }
    bool any = nest->part_count > 0;
    for (size_t i = nest->starts[sum]; i < nest->starts[sum + 1]; i++)
        if (nest->places[nest->leaves[i]] == WITHIN)
            nest->parts[nest->part_count++] = nest->leaves[i];
    set_places(nest, sum, BESIDE);
    return !any || is_there(nest, sum)
           || disclosure_axis_also(nest->axis, sum, nest->parts, nest->part_count, error);
}

bool disclosure_nest(struct disclosure_axis *axis, const size_t *nodes, size_t count,
                     struct error *error)
{
    struct nest nest = {.axis = axis};
    bool done = nest_new(&nest, nodes, count, error);
    for (size_t sum = axis->leaf_count; done && sum < axis->node_count; sum++)
        done = add_line(&nest, sum, error);
    nest_free(&nest);
    return done;
}
