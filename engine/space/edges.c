/* Every edge of every jurisdiction on the whole-number grid, in a packed tree of boxes, with exact
 * arithmetic on them. */
#include "engine/space/edges.h"

#include <math.h>
#include <stdlib.h>

enum { CHUNK = 8, FANOUT = 16 };
enum { STACK = 256 }; /* a tree over 2^32 edges has 9 levels of at most FANOUT waiting boxes */

__extension__ typedef unsigned __int128 wide;

/* ---- copying ---- */

static void edge_put(struct edges *edges, struct place from, struct place to, int32_t jurisdiction)
{
    if (from.x == to.x && from.y == to.y)
        return;
    bool rises = from.y < to.y || (from.y == to.y && from.x < to.x);
    struct place a = rises ? from : to, b = rises ? to : from;
    edges->items[edges->count++] = (struct edge){a.x, a.y, b.x, b.y, jurisdiction};
}

static bool place_of(struct place *place, const struct shape *shape, size_t i,
                     const struct grid *grid)
{
    *place = (struct place){grid_x(grid, shape->x[i]), grid_y(grid, shape->y[i])};
    return place->x > -GRID_LIMIT && place->x < GRID_LIMIT && place->y > -GRID_LIMIT
           && place->y < GRID_LIMIT;
}

static bool ring_put(struct edges *edges, const struct shape *shape, size_t ring,
                     const struct grid *grid)
{
    int32_t jurisdiction = (int32_t)edges->jurisdiction_count;
    size_t first = shape->ring_starts[ring], end = shape->ring_starts[ring + 1];
    struct place start, previous, here;
    if (first == end)
        return true;
    if (!place_of(&start, shape, first, grid))
        return false;
    previous = start;
    for (size_t i = first + 1; i < end; i++, previous = here) {
        if (!place_of(&here, shape, i, grid))
            return false;
        edge_put(edges, previous, here, jurisdiction);
    }
    edge_put(edges, previous, start, jurisdiction);
    return true;
}

static bool copy_edges(struct edges *edges, const struct jurisdictions *from,
                       const struct grid *grid, struct error *error)
{
    for (size_t j = 0; j < from->count; j++) {
        const struct shape *shape = &from->items[j].shape;
        edges->starts[j] = edges->count;
        for (size_t r = 0; r < shape->ring_count; r++)
            if (!ring_put(edges, shape, r, grid))
                return error_set(error, ERROR_DATA,
                                 "the boundary of '%s' reaches beyond the study's grid; is its "
                                 "reference system right?",
                                 jurisdiction_key(&from->items[j]));
        edges->jurisdiction_count++;
    }
    edges->starts[from->count] = edges->count;
    return true;
}

/* ---- the tree ---- */

static int32_t smaller(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

static int32_t larger(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

static struct grid_box both(struct grid_box a, struct grid_box b)
{
    return (struct grid_box){smaller(a.x_min, b.x_min), smaller(a.y_min, b.y_min),
                             larger(a.x_max, b.x_max), larger(a.y_max, b.y_max)};
}

static struct grid_box edge_extent(const struct edge *edge)
{
    return (struct grid_box){smaller(edge->ax, edge->bx), edge->ay, larger(edge->ax, edge->bx),
                             edge->by};
}

static struct edge_box chunk_box(const struct edges *edges, size_t first, size_t end)
{
    struct edge_box chunk = {.box = edge_extent(&edges->items[first]),
                             .only = edges->items[first].jurisdiction,
                             .first = (uint32_t)first,
                             .count = (uint32_t)(end - first)};
    for (size_t i = first + 1; i < end; i++)
        chunk.box = both(chunk.box, edge_extent(&edges->items[i]));
    return chunk;
}

static void make_chunks(struct edges *edges)
{
    for (size_t j = 0; j < edges->jurisdiction_count; j++)
        for (size_t first = edges->starts[j]; first < edges->starts[j + 1]; first += CHUNK) {
            size_t end =
                first + CHUNK < edges->starts[j + 1] ? first + CHUNK : edges->starts[j + 1];
            edges->boxes[edges->leaf_count++] = chunk_box(edges, first, end);
        }
}

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

struct keyed_box {
    uint32_t key;
    struct edge_box box;
};

static int compare_keyed(const void *left, const void *right)
{
    const struct keyed_box *a = left, *b = right;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return a->box.first < b->box.first ? -1 : a->box.first > b->box.first;
}

static uint32_t scaled(int32_t low, int32_t high, struct grid_box all, bool upright)
{
    int64_t from = upright ? all.y_min : all.x_min;
    int64_t width = (upright ? all.y_max : all.x_max) - from + 1;
    return (uint32_t)((((int64_t)low + high) / 2 - from) * 65535 / width);
}

static bool sort_chunks(struct edges *edges, struct error *error)
{
    struct keyed_box *keyed;
    if (!array_new_raw(&keyed, edges->leaf_count, sizeof *keyed, error))
        return false;
    for (size_t i = 0; i < edges->leaf_count; i++) {
        struct grid_box box = edges->boxes[i].box;
        keyed[i].box = edges->boxes[i];
        keyed[i].key = hilbert(scaled(box.x_min, box.x_max, edges->box, false),
                               scaled(box.y_min, box.y_max, edges->box, true));
    }
    qsort(keyed, edges->leaf_count, sizeof *keyed, compare_keyed);
    for (size_t i = 0; i < edges->leaf_count; i++)
        edges->boxes[i] = keyed[i].box;
    free(keyed);
    return true;
}

static struct edge_box box_over(const struct edges *edges, size_t first, size_t end)
{
    struct edge_box over = edges->boxes[first];
    over.first = (uint32_t)first;
    over.count = (uint32_t)(end - first);
    for (size_t i = first + 1; i < end; i++) {
        over.box = both(over.box, edges->boxes[i].box);
        over.only = over.only == edges->boxes[i].only ? over.only : EDGES_MIXED;
    }
    return over;
}

static void stack_levels(struct edges *edges)
{
    size_t first = 0, end = edges->leaf_count;
    edges->box_count = end;
    while (end - first > 1) {
        for (size_t i = first; i < end; i += FANOUT)
            edges->boxes[edges->box_count++] =
                box_over(edges, i, i + FANOUT < end ? i + FANOUT : end);
        first = end;
        end = edges->box_count;
    }
}

static bool grow_tree(struct edges *edges, struct error *error)
{
    size_t chunks = edges->count / CHUNK + edges->jurisdiction_count + 1;
    if (!array_new(&edges->boxes, chunks + chunks / (FANOUT - 1) + 16, sizeof *edges->boxes, error))
        return false;
    make_chunks(edges);
    if (edges->leaf_count == 0)
        return true;
    edges->box = edges->boxes[0].box;
    for (size_t i = 1; i < edges->leaf_count; i++)
        edges->box = both(edges->box, edges->boxes[i].box);
    if (!sort_chunks(edges, error))
        return false;
    stack_levels(edges);
    return true;
}

bool edges_new(struct edges *edges, const struct jurisdictions *jurisdictions,
               const struct grid *grid, struct error *error)
{
    size_t sides = 0;
    for (size_t j = 0; j < jurisdictions->count; j++)
        sides += jurisdictions->items[j].shape.point_count;
    if (sides >= UINT32_MAX / 4 || jurisdictions->count >= INT32_MAX / 4)
        return error_set(error, ERROR_DATA, "the boundaries have too many vertices (%zu)", sides);
    edges->unit_mm = grid->unit_mm;
    if (array_new_raw(&edges->items, sides, sizeof *edges->items, error)
        && array_new(&edges->starts, jurisdictions->count + 1, sizeof *edges->starts, error)
        && copy_edges(edges, jurisdictions, grid, error) && grow_tree(edges, error))
        return true;
    edges_free(edges);
    return false;
}

void edges_free(struct edges *edges)
{
    array_free(&edges->items);
    array_free(&edges->starts);
    array_free(&edges->boxes);
    *edges = (struct edges){0};
}

/* ---- one edge ---- */

bool edge_holds(const struct edge *edge, struct place place)
{
    return place.y >= edge->ay && place.y <= edge->by && place.x >= smaller(edge->ax, edge->bx)
           && place.x <= larger(edge->ax, edge->bx) && edge_side(edge, place) == 0;
}

static bool boxes_meet(struct grid_box a, struct grid_box b)
{
    return a.x_min <= b.x_max && b.x_min <= a.x_max && a.y_min <= b.y_max && b.y_min <= a.y_max;
}

bool edge_meets(const struct edge *edge, struct grid_box box)
{
    if (!boxes_meet(edge_extent(edge), box))
        return false;
    int64_t sides[4] = {edge_side(edge, (struct place){box.x_min, box.y_min}),
                        edge_side(edge, (struct place){box.x_min, box.y_max}),
                        edge_side(edge, (struct place){box.x_max, box.y_min}),
                        edge_side(edge, (struct place){box.x_max, box.y_max})};
    bool left = false, right = false;
    for (int i = 0; i < 4; i++) {
        left = left || sides[i] <= 0;
        right = right || sides[i] >= 0;
    }
    return left && right;
}

/* How far the place's foot lies along the edge, from 0 to the squared length where it has one. */
static int64_t foot(const struct edge *edge, struct place place)
{
    return ((int64_t)place.x - edge->ax) * ((int64_t)edge->bx - edge->ax)
           + ((int64_t)place.y - edge->ay) * ((int64_t)edge->by - edge->ay);
}

static int64_t squared(int64_t dx, int64_t dy)
{
    return dx * dx + dy * dy;
}

static int64_t squared_length(const struct edge *edge)
{
    return squared((int64_t)edge->bx - edge->ax, (int64_t)edge->by - edge->ay);
}

double edge_distance(const struct edge *edge, struct place place)
{
    int64_t along = foot(edge, place), length2 = squared_length(edge);
    if (along <= 0)
        return sqrt((double)squared((int64_t)place.x - edge->ax, (int64_t)place.y - edge->ay));
    if (along >= length2)
        return sqrt((double)squared((int64_t)place.x - edge->bx, (int64_t)place.y - edge->by));
    return fabs((double)edge_side(edge, place)) / sqrt((double)length2);
}

/* ---- gaps ---- */

/* Squared distance in mm^2, rounded down; -1 beyond the gap. The foot of the place lies within the
 * edge: then it is side^2 / length^2. */
static int64_t beside_mm2(const struct edges *edges, const struct edge *edge, struct place place)
{
    int64_t side = edge_side(edge, place);
    wide across = side < 0 ? (wide)-side : (wide)side, length2 = (wide)squared_length(edge);
    wide limit = (wide)edges->gap_mm * (wide)edges->gap_mm;
    wide unit = (wide)(edges->unit_mm * edges->unit_mm);
    across *= across;
    /* Far ones leave here, so that nothing below can overflow. */
    if (across / length2 > limit / unit || across * unit > limit * length2)
        return -1;
    return (int64_t)(across * unit / length2);
}

static int64_t apart_mm2(const struct edges *edges, int64_t dx, int64_t dy)
{
    int64_t unit = edges->unit_mm * edges->unit_mm, apart = squared(dx, dy);
    return apart > edges->gap_mm * edges->gap_mm / unit ? -1 : apart * unit;
}

static int64_t distance_mm2(const struct edges *edges, const struct edge *edge, struct place place)
{
    int64_t along = foot(edge, place);
    if (along <= 0)
        return apart_mm2(edges, (int64_t)place.x - edge->ax, (int64_t)place.y - edge->ay);
    if (along >= squared_length(edge))
        return apart_mm2(edges, (int64_t)place.x - edge->bx, (int64_t)place.y - edge->by);
    return beside_mm2(edges, edge, place);
}

void gap_search_begin(struct gap_search *search)
{
    *search = (struct gap_search){.owner = OUTSIDE, .seen = OUTSIDE};
}

void gap_search_edge(struct gap_search *search, const struct edges *edges, const struct edge *edge,
                     struct place place)
{
    int64_t apart = distance_mm2(edges, edge, place);
    if (apart < 0)
        return;
    if (search->seen != OUTSIDE && search->seen != edge->jurisdiction)
        search->two = true;
    search->seen = edge->jurisdiction;
    if (search->owner != OUTSIDE
        && (apart > search->nearest_mm2
            || (apart == search->nearest_mm2 && edge->jurisdiction >= search->owner)))
        return;
    search->nearest_mm2 = apart;
    search->owner = edge->jurisdiction;
}

int32_t gap_search_end(const struct gap_search *search)
{
    return search->two ? search->owner : OUTSIDE;
}

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

int32_t edges_gap_owner(const struct edges *edges, struct place place)
{
    struct grid_box near = widened(edges, (struct grid_box){place.x, place.y, place.x, place.y});
    uint32_t stack[STACK];
    size_t waiting = 0;
    struct gap_search search;
    gap_search_begin(&search);
    if (edges->box_count > 0)
        stack[waiting++] = (uint32_t)edges->box_count - 1;
    while (waiting > 0) {
        uint32_t at = stack[--waiting];
        const struct edge_box *box = &edges->boxes[at];
        if (!boxes_meet(box->box, near))
            continue;
        for (uint32_t i = box->first; i < box->first + box->count; i++)
            if (at < edges->leaf_count)
                gap_search_edge(&search, edges, &edges->items[i], place);
            else
                stack[waiting++] = i;
    }
    return gap_search_end(&search);
}

/* Notes whose edges meet the box; true when a second jurisdiction does. */
static bool second_meets(const struct edges *edges, const struct edge_box *chunk,
                         struct grid_box near, int32_t *seen)
{
    for (uint32_t i = chunk->first; i < chunk->first + chunk->count; i++) {
        if (!edge_meets(&edges->items[i], near))
            continue;
        if (*seen != OUTSIDE && *seen != chunk->only)
            return true;
        *seen = chunk->only;
        return false; /* a chunk is of one jurisdiction */
    }
    return false;
}

enum { LOOKS_MOST = 256 }; /* boxes that a question about a square may cost */

bool edges_two_near(const struct edges *edges, struct grid_box box)
{
    struct grid_box near = widened(edges, box);
    uint32_t stack[STACK];
    size_t waiting = 0;
    int32_t seen = OUTSIDE;
    if (edges->box_count > 0 && edges->boxes[edges->box_count - 1].only == EDGES_MIXED)
        stack[waiting++] = (uint32_t)edges->box_count - 1;
    for (int looks = 0; waiting > 0; looks++) {
        if (looks == LOOKS_MOST)
            return true;
        uint32_t at = stack[--waiting];
        const struct edge_box *over = &edges->boxes[at];
        if (!boxes_meet(over->box, near) || (seen != OUTSIDE && over->only == seen))
            continue;
        if (at < edges->leaf_count) {
            if (second_meets(edges, over, near, &seen))
                return true;
            continue;
        }
        for (uint32_t i = over->first; i < over->first + over->count; i++)
            stack[waiting++] = i;
    }
    return false;
}

/* ---- the nearest other ---- */

struct waiting_box {
    double apart2; /* no edge in it is nearer */
    uint32_t at;
};

static double apart2_of(const struct grid_box *box, struct place place)
{
    int64_t left = (int64_t)box->x_min - place.x, right = (int64_t)place.x - box->x_max;
    int64_t below = (int64_t)box->y_min - place.y, above = (int64_t)place.y - box->y_max;
    int64_t dx = left > right ? left : right, dy = below > above ? below : above;
    return (double)squared(dx > 0 ? dx : 0, dy > 0 ? dy : 0);
}

/* The square of a distance, with room for what rounding may have taken off. */
static double beyond(double distance)
{
    return distance * distance * (1 + 1e-12);
}

struct nearest_search {
    const struct edges *edges;
    struct place place;
    int32_t own;
    double limit; /* the nearest so far, or what was asked for */
    struct waiting_box stack[STACK];
    size_t waiting;
};

/* Puts the boxes under `over` on the stack, the nearest on top. */
static void push_under(struct nearest_search *search, const struct edge_box *over)
{
    size_t bottom = search->waiting;
    double limit2 = beyond(search->limit);
    for (uint32_t i = over->first; i < over->first + over->count; i++) {
        const struct edge_box *box = &search->edges->boxes[i];
        struct waiting_box next = {apart2_of(&box->box, search->place), i};
        if (box->only == search->own || next.apart2 > limit2)
            continue;
        size_t slot = search->waiting++;
        for (; slot > bottom && search->stack[slot - 1].apart2 < next.apart2; slot--)
            search->stack[slot] = search->stack[slot - 1];
        search->stack[slot] = next;
    }
}

double edges_nearest_other(const struct edges *edges, struct place place, int32_t own, double limit)
{
    struct nearest_search search; /* its stack is long and needs no zeroing */
    double nearest = INFINITY;
    search.edges = edges;
    search.place = place;
    search.own = own;
    search.limit = limit;
    search.waiting = 0;
    if (edges->box_count > 0 && edges->boxes[edges->box_count - 1].only != own)
        search.stack[search.waiting++] = (struct waiting_box){0, (uint32_t)edges->box_count - 1};
    while (search.waiting > 0) {
        struct waiting_box next = search.stack[--search.waiting];
        const struct edge_box *over = &edges->boxes[next.at];
        if (next.apart2 > beyond(search.limit))
            continue;
        if (next.at >= edges->leaf_count) {
            push_under(&search, over);
            continue;
        }
        for (uint32_t i = over->first; i < over->first + over->count; i++) {
            double distance = edge_distance(&edges->items[i], place);
            if (distance <= search.limit)
                nearest = search.limit = distance;
        }
    }
    return nearest;
}
