/* What lies near a place: the owner of a gap, and how far the others are. */
#include "engine/space/edge_near.h"

#include "engine/core/clones.h"

#include <math.h>

enum { STACK = 256 }; /* a tree over 2^32 edges has 9 levels of at most NODE_FANOUT waiting nodes */

/* ---- gaps ---- */

/* Keeps corners on the grid, where edge_side fits in 64 bits; no place lies beyond. */
static int32_t onto_grid(int64_t coordinate)
{
    return coordinate <= -GRID_LIMIT  ? -GRID_LIMIT + 1
           : coordinate >= GRID_LIMIT ? GRID_LIMIT - 1
                                      : (int32_t)coordinate;
}

static struct grid_box widened(const struct edges *edges, struct grid_box box)
{
    int64_t by = edges->gap_mm / edges->unit_mm + 1;
    return (struct grid_box){onto_grid(box.x_min - by), onto_grid(box.y_min - by),
                             onto_grid(box.x_max + by), onto_grid(box.y_max + by)};
}

static bool slot_meets(const struct edge_node *node, uint32_t slot, struct grid_box box)
{
    return grid_boxes_meet((struct grid_box){node->x_min[slot], node->y_min[slot],
                                             node->x_max[slot], node->y_max[slot]},
                           box);
}

int32_t edge_near_gap_owner(const struct edge_tree *tree, struct place place)
{
    struct grid_box near =
        widened(tree->edges, (struct grid_box){place.x, place.y, place.x, place.y});
    uint32_t stack[STACK];
    size_t waiting = 0;
    struct gap_search search;
    gap_search_begin(&search);
    if (tree->node_count > 0)
        stack[waiting++] = (uint32_t)tree->node_count - 1;
    while (waiting > 0) {
        uint32_t at = stack[--waiting];
        const struct edge_node *node = &tree->nodes[at];
        for (uint32_t k = 0; k < node->count; k++) {
            uint32_t under = node->first + k;
            if (!slot_meets(node, k, near))
                continue;
            if (at >= tree->leaf_count)
                stack[waiting++] = under;
            for (size_t i = 0; at < tree->leaf_count && i < tree->counts[under]; i++)
                gap_search_edge(&search, tree->edges, &tree->edges->items[tree->firsts[under] + i],
                                place);
        }
    }
    return gap_search_end(&search);
}

static bool chunk_meets(const struct edge_tree *tree, uint32_t chunk, struct grid_box near)
{
    for (size_t i = 0; i < tree->counts[chunk]; i++)
        if (edge_meets(&tree->edges->items[tree->firsts[chunk] + i], near))
            return true;
    return false;
}

enum { LOOKS_MOST = 256 }; /* nodes and chunks that a question about a square may cost */

bool edge_near_two(const struct edge_tree *tree, struct grid_box box)
{
    struct grid_box near = widened(tree->edges, box);
    uint32_t stack[STACK];
    size_t waiting = 0;
    int32_t seen = OUTSIDE;
    if (tree->node_count > 0 && tree->edges->jurisdiction_count > 1)
        stack[waiting++] = (uint32_t)tree->node_count - 1;
    for (int looks = 0; waiting > 0; looks++) {
        uint32_t at = stack[--waiting];
        const struct edge_node *node = &tree->nodes[at];
        if (looks >= LOOKS_MOST)
            return true;
        for (uint32_t k = 0; k < node->count; k++) {
            if ((seen != OUTSIDE && node->only[k] == seen) || !slot_meets(node, k, near))
                continue;
            if (at >= tree->leaf_count)
                stack[waiting++] = node->first + k;
            else if (looks++, chunk_meets(tree, node->first + k, near)) {
                if (seen != OUTSIDE)
                    return true;
                seen = node->only[k];
            }
        }
    }
    return false;
}

/* ---- the nearest other ---- */

/* Bounds are reckoned roughly, and lowered by what that may be off: they decide what is looked at,
 * never what is found. */
static const float sure = 0.999998f;

static inline float float_above(int32_t a, int32_t b)
{
    return (float)(a > b ? a : b);
}

/* What is asked: how near a place the others are, no further than the limit. */
struct asked {
    struct place place;
    int32_t own;
    float limit;
};

/* How near the edges of others under each slot may be; gives a bit for each slot within the limit.
 */
WIDE_CLONES static uint32_t box_bounds(float bounds[restrict NODE_FANOUT],
                                       const struct edge_node *node, const struct asked *asked)
{
    struct place place = asked->place;
    int32_t own = asked->own;
    float limit = asked->limit;
    uint32_t near = 0;
    for (int k = 0; k < NODE_FANOUT; k++) {
        float dx = float_above(node->x_min[k] - place.x, place.x - node->x_max[k]);
        float dy = float_above(node->y_min[k] - place.y, place.y - node->y_max[k]);
        dx = dx > 0 ? dx : 0;
        dy = dy > 0 ? dy : 0;
        float apart = sure * sqrtf(dx * dx + dy * dy);
        bounds[k] = apart;
        near |= apart <= limit && node->only[k] != own ? 1u << k : 0;
    }
    return near & node->used;
}

/* The same by chords, which tell more. */
WIDE_CLONES static uint32_t chord_bounds(float bounds[restrict NODE_FANOUT],
                                         const struct edge_node *node,
                                         const struct edge_chords *chords,
                                         const struct asked *asked)
{
    struct place place = asked->place;
    int32_t own = asked->own;
    float limit = asked->limit;
    uint32_t near = 0;
    for (int k = 0; k < NODE_FANOUT; k++) {
        float x = (float)(place.x - chords->ax[k]), y = (float)(place.y - chords->ay[k]);
        float ex = (float)(chords->bx[k] - chords->ax[k]);
        float ey = (float)(chords->by[k] - chords->ay[k]);
        float share = (x * ex + y * ey) / (ex * ex + ey * ey);
        share = share > 0 ? share : 0; /* also where the chord has no length */
        share = share < 1 ? share : 1;
        x -= share * ex;
        y -= share * ey;
        float apart = sqrtf(x * x + y * y), size = fabsf(ex) + fabsf(ey);
        float bound = sure * apart - chords->off[k] - 1e-6f * size;
        bounds[k] = bound;
        near |= bound <= limit && node->only[k] != own ? 1u << k : 0;
    }
    return near & node->used;
}

/* Squares of the distances, to a few parts in 10^15 of the square of what they are reckoned from.
 */
WIDE_CLONES static void chunk_distances(double apart2[restrict CHUNK_EDGES],
                                        const struct edge_chunk *chunk, struct place place)
{
    for (int k = 0; k < CHUNK_EDGES; k++) {
        double x = (double)(place.x - chunk->ax[k]), y = (double)(place.y - chunk->ay[k]);
        double ex = (double)(chunk->bx[k] - chunk->ax[k]);
        double ey = (double)(chunk->by[k] - chunk->ay[k]);
        double share = (x * ex + y * ey) / (ex * ex + ey * ey);
        share = share > 0 ? share : 0;
        share = share < 1 ? share : 1;
        x -= share * ex;
        y -= share * ey;
        apart2[k] = x * x + y * y;
    }
}

struct waiting_node {
    float bound;
    uint32_t at;
};

struct nearest_search {
    const struct edge_tree *tree;
    struct asked asked;
    double limit;     /* the nearest so far, or what was asked for */
    uint32_t nearest; /* an edge, or EDGE_NONE */
    struct waiting_node stack[STACK];
    size_t waiting;
};

/* Rounding does not take it below the limit. */
static void set_limit(struct nearest_search *search, double limit)
{
    search->limit = limit;
    search->asked.limit = (float)(limit * 1.000001);
}

/* The slots of a mask by rising bound. */
static size_t list_slots(struct waiting_node slots[NODE_FANOUT], const struct edge_node *node,
                         const float bounds[NODE_FANOUT], uint32_t mask)
{
    size_t count = 0;
    for (; mask != 0; mask &= mask - 1) {
        uint32_t k = (uint32_t)__builtin_ctz(mask);
        size_t slot = count++;
        for (; slot > 0 && slots[slot - 1].bound > bounds[k]; slot--)
            slots[slot] = slots[slot - 1];
        slots[slot] = (struct waiting_node){bounds[k], node->first + k};
    }
    return count;
}

static void look_at_edge(struct nearest_search *search, uint32_t number)
{
    double distance = edge_distance(&search->tree->edges->items[number], search->asked.place);
    if (distance > search->limit)
        return;
    set_limit(search, distance);
    search->nearest = number;
}

/* Only edges that come within a thousandth of a unit of the nearest are measured exactly. */
static void look_at_chunk(struct nearest_search *search, uint32_t chunk)
{
    const struct edge_tree *tree = search->tree;
    double apart2[CHUNK_EDGES], least2 = INFINITY;
    chunk_distances(apart2, &tree->chunks[chunk], search->asked.place);
    for (int k = 0; k < CHUNK_EDGES; k++)
        least2 = apart2[k] < least2 ? apart2[k] : least2;
    double least = sqrt(least2);
    if (least > search->limit * (1 + 1e-12) + 0.001)
        return;
    double enough = least * (1 + 1e-12) + 0.002;
    for (int k = 0; k < tree->counts[chunk]; k++) {
        if (apart2[k] > enough * enough)
            continue;
        look_at_edge(search, tree->firsts[chunk] + (uint32_t)k);
    }
}

static size_t near_slots(struct waiting_node slots[NODE_FANOUT],
                         const struct nearest_search *search, uint32_t number)
{
    const struct edge_tree *tree = search->tree;
    const struct edge_node *node = &tree->nodes[number];
    float bounds[NODE_FANOUT];
    uint32_t near = number < tree->chord_count
                        ? chord_bounds(bounds, node, &tree->chords[number], &search->asked)
                        : box_bounds(bounds, node, &search->asked);
    return list_slots(slots, node, bounds, near);
}

static void look_at_leaf(struct nearest_search *search, uint32_t number)
{
    struct waiting_node slots[NODE_FANOUT];
    size_t count = near_slots(slots, search, number);
    for (size_t i = 0; i < count && slots[i].bound <= search->asked.limit; i++)
        look_at_chunk(search, slots[i].at);
}

/* The nearest comes to lie on top. */
static void push_under(struct nearest_search *search, uint32_t number)
{
    struct waiting_node slots[NODE_FANOUT];
    for (size_t i = near_slots(slots, search, number); i-- > 0;)
        search->stack[search->waiting++] = slots[i];
}

double edge_near_other(const struct edge_tree *tree, const struct nearest_query *query,
                       uint32_t *nearest)
{
    struct nearest_search search; /* its stack is long and needs no zeroing */
    search.tree = tree;
    search.asked = (struct asked){query->place, query->own, 0};
    set_limit(&search, query->limit);
    search.nearest = EDGE_NONE;
    search.waiting = 0;
    if (*nearest != EDGE_NONE && tree->edges->items[*nearest].jurisdiction != query->own)
        look_at_edge(&search, *nearest);
    if (tree->node_count > 0)
        search.stack[search.waiting++] = (struct waiting_node){0, (uint32_t)tree->node_count - 1};
    while (search.waiting > 0) {
        struct waiting_node next = search.stack[--search.waiting];
        if (next.bound > search.asked.limit)
            continue;
        if (next.at < tree->leaf_count)
            look_at_leaf(&search, next.at);
        else
            push_under(&search, next.at);
    }
    *nearest = search.nearest;
    return search.nearest != EDGE_NONE ? search.limit : INFINITY;
}
