/* All edges in a packed tree of boxes. */
#include "engine/space/edge_tree.h"

#include "engine/space/radix.h"

#include <math.h>

/* ---- growing ---- */

/* A box on its way into a node. */
struct boxed {
    struct grid_box box;
    int32_t only;
};

/* The place along Hilbert's curve of order 16: boxes near one another there are near on the map. */
static uint32_t hilbert(uint32_t x, uint32_t y)
{
    uint32_t along = 0;
    for (uint32_t side = 1u << 15; side > 0; side >>= 1) {
        uint32_t right = (x & side) != 0, up = (y & side) != 0;
        along = along << 2 | ((3 * right) ^ up);
        if (up == 0) {
            uint32_t swap = right ? ~x : x;
            x = right ? ~y : y;
            y = swap;
        }
    }
    return along;
}

static uint32_t scaled(int32_t low, int32_t high, int32_t from, int32_t to)
{
    int64_t width = (int64_t)to - from + 1;
    return (uint32_t)((((int64_t)low + high) / 2 - from) * 65535 / width);
}

static uint32_t key_of(struct grid_box box, struct grid_box all)
{
    return hilbert(scaled(box.x_min, box.x_max, all.x_min, all.x_max),
                   scaled(box.y_min, box.y_max, all.y_min, all.y_max));
}

/* ---- chunks ---- */

static size_t groups_of(size_t count, size_t each)
{
    return (count + each - 1) / each;
}

static void fill_chunk(struct edge_chunk *chunk, const struct edge *edges, size_t count)
{
    for (size_t k = 0; k < CHUNK_EDGES; k++) {
        const struct edge *edge = &edges[k < count ? k : count - 1];
        chunk->ax[k] = edge->ax;
        chunk->ay[k] = edge->ay;
        chunk->bx[k] = edge->bx;
        chunk->by[k] = edge->by;
    }
}

/* In the order of the edges, which is that of the rings. */
static void fill_chunks(struct edge_tree *tree)
{
    const struct edges *edges = tree->edges;
    size_t chunk = 0;
    for (size_t j = 0; j < edges->jurisdiction_count; j++)
        for (size_t first = edges->starts[j]; first < edges->starts[j + 1]; chunk++) {
            size_t left = edges->starts[j + 1] - first;
            size_t count = left < CHUNK_EDGES ? left : CHUNK_EDGES;
            tree->firsts[chunk] = (uint32_t)first;
            tree->counts[chunk] = (uint8_t)count;
            fill_chunk(&tree->chunks[chunk], &edges->items[first], count);
            first += count;
        }
}

static struct boxed chunk_box(const struct edge_tree *tree, size_t chunk)
{
    const struct edge *edges = &tree->edges->items[tree->firsts[chunk]];
    struct boxed boxed = {edge_extent(&edges[0]), edges[0].jurisdiction};
    for (size_t i = 1; i < tree->counts[chunk]; i++)
        boxed.box = grid_box_both(boxed.box, edge_extent(&edges[i]));
    return boxed;
}

/* ---- chords ---- */

/* The end of an edge that is not shared with the next one: edges run upwards, whichever way the
 * ring goes. */
static struct place free_end(const struct edge *edge, const struct edge *next)
{
    bool a_is_shared = (edge->ax == next->ax && edge->ay == next->ay)
                       || (edge->ax == next->bx && edge->ay == next->by);
    return a_is_shared ? (struct place){edge->bx, edge->by} : (struct place){edge->ax, edge->ay};
}

static struct edge chord_between(struct place from, struct place to)
{
    bool rises = from.y < to.y || (from.y == to.y && from.x < to.x);
    struct place a = rises ? from : to, b = rises ? to : from;
    return (struct edge){a.x, a.y, b.x, b.y, 0};
}

static struct edge chord_of(const struct edge *edges, size_t count)
{
    if (count == 1)
        return edges[0];
    return chord_between(free_end(&edges[0], &edges[1]),
                         free_end(&edges[count - 1], &edges[count - 2]));
}

static double further_end(const struct edge *chord, const struct edge *edge)
{
    return fmax(edge_distance(chord, (struct place){edge->ax, edge->ay}),
                edge_distance(chord, (struct place){edge->bx, edge->by}));
}

static void put_chord(struct edge_chords *chords, size_t slot, const struct edge *chord, double off)
{
    chords->ax[slot] = chord->ax;
    chords->ay[slot] = chord->ay;
    chords->bx[slot] = chord->bx;
    chords->by[slot] = chord->by;
    chords->off[slot] = (float)(off * 1.000001 + 1);
}

static void put_chunk_chord(const struct edge_tree *tree, size_t leaf, size_t slot, size_t chunk)
{
    const struct edge *edges = &tree->edges->items[tree->firsts[chunk]];
    struct edge chord = chord_of(edges, tree->counts[chunk]);
    double off = 0;
    for (size_t i = 0; i < tree->counts[chunk]; i++)
        off = fmax(off, further_end(&chord, &edges[i]));
    put_chord(&tree->chords[leaf], slot, &chord, off);
}

/* Nothing under a chord is further from the one over it than the further of its ends, and its own
 * `off`. */
static void put_leaf_chord(const struct edge_tree *tree, size_t number, size_t slot, size_t leaf)
{
    const struct edge_node *node = &tree->nodes[leaf];
    const struct edge_chords *under = &tree->chords[leaf];
    size_t last = node->first + node->count - 1, first = tree->firsts[node->first];
    struct edge chord =
        chord_of(&tree->edges->items[first], tree->firsts[last] + tree->counts[last] - first);
    double off = 0;
    for (uint32_t k = 0; k < node->count; k++) {
        struct edge part = {under->ax[k], under->ay[k], under->bx[k], under->by[k], 0};
        off = fmax(off, further_end(&chord, &part) + (double)under->off[k]);
    }
    put_chord(&tree->chords[number], slot, &chord, off);
}

/* ---- nodes ---- */

static void put_box(struct edge_node *node, size_t slot, struct boxed boxed)
{
    node->x_min[slot] = boxed.box.x_min;
    node->y_min[slot] = boxed.box.y_min;
    node->x_max[slot] = boxed.box.x_max;
    node->y_max[slot] = boxed.box.y_max;
    node->only[slot] = boxed.only;
}

static struct boxed node_box(const struct edge_node *node)
{
    struct boxed over = {{node->x_min[0], node->y_min[0], node->x_max[0], node->y_max[0]},
                         node->only[0]};
    for (uint32_t k = 1; k < node->count; k++) {
        over.box = grid_box_both(over.box, (struct grid_box){node->x_min[k], node->y_min[k],
                                                             node->x_max[k], node->y_max[k]});
        over.only = over.only == node->only[k] ? over.only : EDGES_MIXED;
    }
    return over;
}

/* The slots of a node, the last one as often as it takes. */
static size_t under_slot(const struct edge_node *node, size_t slot)
{
    return node->first + (slot < node->count ? slot : node->count - 1);
}

static void begin_node(struct edge_node *node, size_t first, size_t left)
{
    node->first = (uint32_t)first;
    node->count = (uint32_t)(left < NODE_FANOUT ? left : NODE_FANOUT);
    node->used = (2u << (node->count - 1)) - 1;
}

static void fill_leaf(struct edge_tree *tree, size_t leaf)
{
    struct edge_node *node = &tree->nodes[leaf];
    for (size_t slot = 0; slot < NODE_FANOUT; slot++) {
        size_t chunk = under_slot(node, slot);
        put_box(node, slot, chunk_box(tree, chunk));
        put_chunk_chord(tree, leaf, slot, chunk);
    }
}

/* Leaves in the order of Hilbert's curve, so that the nodes over them are small. */
static bool fill_leaves(struct edge_tree *tree, struct error *error)
{
    const struct edges *edges = tree->edges;
    struct edge_node *unordered;
    struct keyed *order;
    if (!array_new_raw(&unordered, tree->leaf_count, sizeof *unordered, error))
        return false;
    size_t leaf = 0, chunk = 0;
    for (size_t j = 0; j < edges->jurisdiction_count; j++) {
        size_t left = groups_of(edges->starts[j + 1] - edges->starts[j], CHUNK_EDGES);
        for (; left > 0; left -= unordered[leaf++].count) {
            begin_node(&unordered[leaf], chunk, left);
            chunk += unordered[leaf].count;
        }
    }
    bool done = array_new_raw(&order, tree->leaf_count, sizeof *order, error);
    for (size_t n = 0; done && n < tree->leaf_count; n++) {
        struct boxed middle = chunk_box(tree, unordered[n].first + unordered[n].count / 2);
        order[n] = (struct keyed){key_of(middle.box, edges->box), n};
    }
    done = done && radix_sort(order, tree->leaf_count, error);
    for (size_t n = 0; done && n < tree->leaf_count; n++) {
        tree->nodes[n] = unordered[order[n].carried];
        fill_leaf(tree, n);
    }
    array_free(&order);
    array_free(&unordered);
    return done;
}

static void stack_levels(struct edge_tree *tree)
{
    size_t first = 0, end = tree->leaf_count;
    tree->chord_count = end + groups_of(end, NODE_FANOUT);
    while (end - first > 1) {
        size_t number = end;
        for (size_t under = first; under < end; under += NODE_FANOUT, number++) {
            struct edge_node *node = &tree->nodes[number];
            begin_node(node, under, end - under);
            for (size_t slot = 0; slot < NODE_FANOUT; slot++) {
                put_box(node, slot, node_box(&tree->nodes[under_slot(node, slot)]));
                if (first == 0)
                    put_leaf_chord(tree, number, slot, under_slot(node, slot));
            }
        }
        first = end;
        end = number;
    }
    tree->node_count = end;
}

static void count_chunks(struct edge_tree *tree)
{
    const struct edges *edges = tree->edges;
    for (size_t j = 0; j < edges->jurisdiction_count; j++) {
        size_t chunks = groups_of(edges->starts[j + 1] - edges->starts[j], CHUNK_EDGES);
        tree->chunk_count += chunks;
        tree->leaf_count += groups_of(chunks, NODE_FANOUT);
    }
}

bool edge_tree_new(struct edge_tree *tree, const struct edges *edges, struct error *error)
{
    *tree = (struct edge_tree){.edges = edges};
    count_chunks(tree);
    size_t chunks = tree->chunk_count, leaves = tree->leaf_count;
    if (array_new_raw(&tree->chunks, chunks, sizeof *tree->chunks, error)
        && array_new_raw(&tree->firsts, chunks, sizeof *tree->firsts, error)
        && array_new_raw(&tree->counts, chunks, sizeof *tree->counts, error)
        && array_new_raw(&tree->nodes, leaves + leaves / (NODE_FANOUT - 1) + 16,
                         sizeof *tree->nodes, error)
        && array_new_raw(&tree->chords, leaves + groups_of(leaves, NODE_FANOUT),
                         sizeof *tree->chords, error)) {
        fill_chunks(tree);
        if (fill_leaves(tree, error)) {
            stack_levels(tree);
            return true;
        }
    }
    edge_tree_free(tree);
    return false;
}

void edge_tree_free(struct edge_tree *tree)
{
    array_free(&tree->chunks);
    array_free(&tree->firsts);
    array_free(&tree->counts);
    array_free(&tree->nodes);
    array_free(&tree->chords);
    *tree = (struct edge_tree){0};
}
