/* Squares of 100 m and more: their names, those that are joined so that less is withheld, and the
 * clusters that they make. */
#include "engine/analysis/squares.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- a square ---- */

struct square square_at(double x, double y)
{
    return (struct square){(int32_t)floor(x / SQUARE_M), (int32_t)floor(y / SQUARE_M), 1};
}

int square_compare(const void *left, const void *right)
{
    const struct square *a = left, *b = right;
    if (a->east != b->east)
        return a->east < b->east ? -1 : 1;
    if (a->north != b->north)
        return a->north < b->north ? -1 : 1;
    return (a->size > b->size) - (a->size < b->size);
}

bool square_holds(const struct square *outer, const struct square *inner)
{
    return outer->east <= inner->east && outer->north <= inner->north
           && inner->east + inner->size <= outer->east + outer->size
           && inner->north + inner->size <= outer->north + outer->size;
}

void square_name(char name[SQUARE_NAME], const struct square *square)
{
    snprintf(name, SQUARE_NAME, "E%04dN%04d", (int)square->east, (int)square->north);
}

/* Four digits or more after the letter. */
static const char *parse_part(int32_t *value, const char *text, char letter)
{
    enum { LEAST = 4, MOST = 6 };
    int digits = 0;
    if (*text++ != letter)
        return NULL;
    bool below = *text == '-';
    text += below ? 1 : 0;
    *value = 0;
    for (; text[digits] >= '0' && text[digits] <= '9'; digits++) {
        if (digits == MOST)
            return NULL;
        *value = *value * 10 + (text[digits] - '0');
    }
    *value = below ? -*value : *value;
    return digits + (below ? 1 : 0) >= LEAST ? text + digits : NULL;
}

bool square_parse(struct square *square, const char *name)
{
    *square = (struct square){.size = 1};
    const char *rest = parse_part(&square->east, name, 'E');
    rest = rest != NULL ? parse_part(&square->north, rest, 'N') : NULL;
    return rest != NULL && *rest == '\0';
}

static int32_t corner(int32_t at, int32_t size)
{
    int32_t rest = at % size;
    return at - (rest < 0 ? rest + size : rest);
}

struct square square_around(const struct square *square, int32_t size)
{
    return (struct square){corner(square->east, size), corner(square->north, size), size};
}

/* The first in a list of what begins with a square, in the order of square_compare, that does not
 * come before the corner. */
static size_t first_from(const void *list, size_t count, size_t size, struct square corner)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (square_compare((const char *)list + middle * size, &corner) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t squares_within(size_t parts[SQUARES_WITHIN], const struct square *squares, size_t count,
                      const struct square *outer)
{
    size_t found = 0;
    for (int32_t east = outer->east; east < outer->east + outer->size; east++)
        for (size_t i = first_from(squares, count, sizeof *squares,
                                   (struct square){east, outer->north, 0});
             i < count && squares[i].east == east && squares[i].north < outer->north + outer->size
             && found < SQUARES_WITHIN;
             i++)
            if (square_holds(outer, &squares[i]))
                parts[found++] = i;
    return found;
}

/* ---- joining ---- */

struct joining {
    const struct square_counts *counts;
    square_test *test;
    const void *state;
    int32_t *sizes;       /* of the piece that each square of 100 m has become a part of */
    bool *is_published;   /* whether that piece may stand */
    uint32_t *of_sources; /* for sums */
};

/* The place in the list of the square at east, north; the count where there is none. */
static size_t find(const struct square_counts *counts, int32_t east, int32_t north)
{
    struct square key = {east, north, 1};
    const struct square *found = counts->count == 0 ? NULL
                                                    : bsearch(&key, counts->squares, counts->count,
                                                              sizeof key, square_compare);
    return found != NULL ? (size_t)(found - counts->squares) : counts->count;
}

static bool may_stand(const struct joining *joining, const uint32_t *of_sources)
{
    return joining->test(joining->state, of_sources, joining->counts->source_count);
}

/* Adds up what lies in the larger square; false when something in it stands by itself. */
static bool add_within(const struct joining *joining, const struct square *large, size_t *parts)
{
    const struct square_counts *counts = joining->counts;
    memset(joining->of_sources, 0, counts->source_count * sizeof *joining->of_sources);
    *parts = 0;
    for (int32_t east = large->east; east < large->east + large->size; east++)
        for (int32_t north = large->north; north < large->north + large->size; north++) {
            size_t at = find(counts, east, north);
            if (at == counts->count)
                continue;
            if (joining->is_published[at])
                return false;
            ++*parts;
            for (size_t s = 0; s < counts->source_count; s++)
                joining->of_sources[s] += counts->counts[s * counts->count + at];
        }
    return true;
}

static void join(struct joining *joining, const struct square *large)
{
    const struct square_counts *counts = joining->counts;
    for (int32_t east = large->east; east < large->east + large->size; east++)
        for (int32_t north = large->north; north < large->north + large->size; north++) {
            size_t at = find(counts, east, north);
            if (at == counts->count)
                continue;
            joining->sizes[at] = large->size;
            joining->is_published[at] = true;
        }
}

static void judge_each(struct joining *joining)
{
    const struct square_counts *counts = joining->counts;
    for (size_t i = 0; i < counts->count; i++) {
        for (size_t s = 0; s < counts->source_count; s++)
            joining->of_sources[s] = counts->counts[s * counts->count + i];
        joining->sizes[i] = 1;
        joining->is_published[i] = may_stand(joining, joining->of_sources);
    }
}

static void join_to(struct joining *joining, int32_t size)
{
    const struct square_counts *counts = joining->counts;
    for (size_t i = 0; i < counts->count; i++) {
        struct square large = square_around(&counts->squares[i], size);
        size_t parts;
        if (!joining->is_published[i] && add_within(joining, &large, &parts) && parts > 1
            && may_stand(joining, joining->of_sources))
            join(joining, &large);
    }
}

static bool list_pieces(struct square_pieces *pieces, const struct joining *joining,
                        struct error *error)
{
    const struct square_counts *counts = joining->counts;
    if (!array_new(&pieces->items, counts->count, sizeof *pieces->items, error)
        || !array_new(&pieces->piece_of, counts->count, sizeof *pieces->piece_of, error))
        return false;
    for (size_t i = 0; i < counts->count; i++)
        pieces->items[i] = square_around(&counts->squares[i], joining->sizes[i]);
    if (counts->count > 0)
        qsort(pieces->items, counts->count, sizeof *pieces->items, square_compare);
    for (size_t i = 0; i < counts->count; i++)
        if (i == 0 || square_compare(&pieces->items[i], &pieces->items[pieces->count - 1]) != 0)
            pieces->items[pieces->count++] = pieces->items[i];
    for (size_t i = 0; i < counts->count; i++) {
        struct square piece = square_around(&counts->squares[i], joining->sizes[i]);
        const struct square *found =
            bsearch(&piece, pieces->items, pieces->count, sizeof piece, square_compare);
        pieces->piece_of[i] = (size_t)(found - pieces->items);
    }
    return true;
}

bool squares_join(struct square_pieces *pieces, const struct square_counts *counts,
                  square_test *test, const void *state, struct error *error)
{
    struct joining joining = {.counts = counts, .test = test, .state = state};
    *pieces = (struct square_pieces){0};
    bool done =
        array_new(&joining.sizes, counts->count, sizeof *joining.sizes, error)
        && array_new(&joining.is_published, counts->count, sizeof *joining.is_published, error)
        && array_new(&joining.of_sources, counts->source_count, sizeof *joining.of_sources, error);
    if (done) {
        judge_each(&joining);
        join_to(&joining, 2);
        join_to(&joining, 5);
    }
    done = done && list_pieces(pieces, &joining, error);
    array_free(&joining.sizes);
    array_free(&joining.is_published);
    array_free(&joining.of_sources);
    if (!done)
        square_pieces_free(pieces);
    return done;
}

void square_pieces_free(struct square_pieces *pieces)
{
    array_free(&pieces->items);
    array_free(&pieces->piece_of);
    pieces->count = 0;
}

/* ---- clusters ---- */

static double hectares(const struct square *square)
{
    return (double)square->size * square->size;
}

static bool touch(const struct square *a, const struct square *b)
{
    return a->east <= b->east + b->size && b->east <= a->east + a->size
           && a->north <= b->north + b->size && b->north <= a->north + a->size;
}

static bool is_hot(const struct square_densities *densities, size_t i)
{
    return densities->incidents[i] > 0
           && densities->incidents[i] >= densities->least_per_ha * hectares(&densities->squares[i]);
}

/* A piece that is hot; in order, they are found by their place. */
struct spot {
    struct square square;
    size_t piece;
};

/* Gives all that hangs together a number, by a stack of pieces to look around. */
struct spreading {
    const struct square_densities *densities;
    struct spot *spots;
    size_t spot_count;
    size_t *cluster_of, *stack, height;
};

static bool list_spots(struct spreading *spreading, struct error *error)
{
    const struct square_densities *densities = spreading->densities;
    if (!array_new(&spreading->spots, densities->count, sizeof *spreading->spots, error)
        || !array_new(&spreading->stack, densities->count, sizeof *spreading->stack, error))
        return false;
    for (size_t i = 0; i < densities->count; i++)
        if (is_hot(densities, i))
            spreading->spots[spreading->spot_count++] = (struct spot){densities->squares[i], i};
    if (spreading->spot_count > 1)
        qsort(spreading->spots, spreading->spot_count, sizeof *spreading->spots, square_compare);
    return true;
}

static void take(struct spreading *spreading, size_t piece, size_t number)
{
    spreading->cluster_of[piece] = number;
    spreading->stack[spreading->height++] = piece;
}

/* What touches a piece begins in its columns, or in those that the largest piece reaches over. */
static void look_around(struct spreading *spreading, const struct square *at, size_t number)
{
    enum { LARGEST = 5 };
    const struct spot *spots = spreading->spots;
    size_t count = spreading->spot_count;
    for (int32_t east = at->east - LARGEST; east <= at->east + at->size; east++)
        for (size_t i = first_from(spots, count, sizeof *spots,
                                   (struct square){east, at->north - LARGEST, 0});
             i < count && spots[i].square.east == east
             && spots[i].square.north <= at->north + at->size;
             i++)
            if (spreading->cluster_of[spots[i].piece] == 0 && touch(at, &spots[i].square))
                take(spreading, spots[i].piece, number);
}

static void spread(struct spreading *spreading, size_t start, size_t number)
{
    take(spreading, start, number);
    while (spreading->height > 0) {
        size_t piece = spreading->stack[--spreading->height];
        look_around(spreading, &spreading->densities->squares[piece], number);
    }
}

struct sized {
    uint64_t incidents;
    size_t number;
};

static int by_incidents(const void *left, const void *right)
{
    const struct sized *a = left, *b = right;
    if (a->incidents != b->incidents)
        return a->incidents > b->incidents ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

static bool number_by_size(struct square_clusters *clusters,
                           const struct square_densities *densities, struct error *error)
{
    struct sized *sized = NULL;
    size_t *numbers = NULL;
    bool done = array_new(&sized, clusters->count, sizeof *sized, error)
                && array_new(&numbers, clusters->count + 1, sizeof *numbers, error);
    for (size_t c = 0; done && c < clusters->count; c++)
        sized[c].number = c + 1;
    for (size_t i = 0; done && i < densities->count; i++)
        if (clusters->cluster_of[i] > 0)
            sized[clusters->cluster_of[i] - 1].incidents += densities->incidents[i];
    if (done && clusters->count > 1)
        qsort(sized, clusters->count, sizeof *sized, by_incidents);
    for (size_t c = 0; done && c < clusters->count; c++)
        numbers[sized[c].number] = c + 1;
    for (size_t i = 0; done && i < densities->count; i++)
        clusters->cluster_of[i] = numbers[clusters->cluster_of[i]];
    array_free(&sized);
    array_free(&numbers);
    return done;
}

bool squares_cluster(struct square_clusters *clusters, const struct square_densities *densities,
                     struct error *error)
{
    struct spreading spreading = {.densities = densities};
    *clusters = (struct square_clusters){0};
    bool done =
        array_new(&clusters->cluster_of, densities->count, sizeof *clusters->cluster_of, error)
        && list_spots(&spreading, error);
    spreading.cluster_of = clusters->cluster_of;
    for (size_t i = 0; done && i < densities->count; i++)
        if (clusters->cluster_of[i] == 0 && is_hot(densities, i))
            spread(&spreading, i, ++clusters->count);
    done = done && number_by_size(clusters, densities, error);
    array_free(&spreading.spots);
    array_free(&spreading.stack);
    if (!done)
        square_clusters_free(clusters);
    return done;
}

void square_clusters_free(struct square_clusters *clusters)
{
    array_free(&clusters->cluster_of);
    clusters->count = 0;
}
