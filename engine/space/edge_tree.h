/* All edges in a packed tree of boxes. */
#ifndef PLEIN_SPACE_EDGE_TREE_H
#define PLEIN_SPACE_EDGE_TREE_H

#include "engine/space/edges.h"

enum { CHUNK_EDGES = 8, NODE_FANOUT = 16 };

/* A few consecutive edges of one jurisdiction, side by side as a wide processor wants them; the
 * last stands for those that lack. */
struct edge_chunk {
    int32_t ax[CHUNK_EDGES], ay[CHUNK_EDGES], bx[CHUNK_EDGES], by[CHUNK_EDGES];
};

/* From where a line of edges begins to where it ends: none of them is further off than `off`. */
struct edge_chords {
    int32_t ax[NODE_FANOUT], ay[NODE_FANOUT], bx[NODE_FANOUT], by[NODE_FANOUT];
    float off[NODE_FANOUT];
};

/* The boxes of up to NODE_FANOUT chunks or nodes; those beyond `count` repeat the last. A node of
 * chunks has those of one jurisdiction, one behind the other along its rings. */
struct edge_node {
    int32_t x_min[NODE_FANOUT], y_min[NODE_FANOUT], x_max[NODE_FANOUT], y_max[NODE_FANOUT];
    int32_t only[NODE_FANOUT]; /* the one jurisdiction whose edges these are, or EDGES_MIXED */
    uint32_t first, count;
    uint32_t used; /* a bit for each of the `count` slots */
};
enum { EDGES_MIXED = -1 };

struct edge_tree {
    const struct edges *edges; /* whose items outlive the tree */
    struct edge_chunk *chunks;
    uint32_t *firsts; /* chunk c holds edges firsts[c] .. firsts[c] + counts[c] - 1 */
    uint8_t *counts;
    size_t chunk_count;
    struct edge_node *nodes; /* the first leaf_count over chunks, the last one over all */
    size_t node_count, leaf_count;
    struct edge_chords *chords; /* of the slots of the first chord_count nodes: leaves, and those
                                   right over them */
    size_t chord_count;
};

bool edge_tree_new(struct edge_tree *tree, const struct edges *edges, struct error *error);
void edge_tree_free(struct edge_tree *tree);

#endif
