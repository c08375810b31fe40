/* A field of whole numbers over the ground, to which points are added in any order: sums of whole
 * numbers are the same whatever comes first. */
#include "engine/analysis/field.h"

#include "engine/core/clones.h"
#include "engine/core/parallel.h"

#include <math.h>

enum {
    SLICE = 1 << 20, /* points brought together at one time */
    CHUNK = 1 << 15, /* points that one worker takes */
    BLOCK = 512,
    TILES_MOST = 2048,
    TILE_COLUMNS = 64, /* with 64 rows: 32 kB of cells, which a processor keeps at hand */
    TILE_ROWS = 64,
};

bool field_new(struct field *field, struct error *error)
{
    size_t eights = (field->columns + 7) / 8;
    field->stride = 8 * (eights | 1);
    return array_new(&field->cells, field->stride * field->rows, sizeof *field->cells, error);
}

void field_free(struct field *field)
{
    array_free(&field->cells);
    *field = (struct field){0};
}

/* Tiles stand in bands of rows; a band is at least as high as what its points can change beyond it,
 * so that bands with one between them have no cell in common. */
struct adding {
    struct field *field;
    const struct field_rule *rule;
    const int32_t *x, *y; /* of the slice */
    const double *weights;
    size_t count;
    size_t across, bands, tiles;
    size_t parity; /* of the bands at work */
    double tiles_a_column, bands_a_row;
    uint16_t *tile;             /* by point; `tiles`: none */
    struct field_point *sorted; /* by tile */
    double *sorted_weights;
    uint32_t *next;   /* by chunk and tile: how many, then where the next one goes */
    uint32_t *starts; /* by tile, and one more */
};

static void lay_tiles(struct adding *adding)
{
    const struct field_rule *rule = adding->rule;
    double width = TILE_COLUMNS, height = TILE_ROWS;
    while (height < 2 * (double)rule->reach_rows + 2) /* 2: rounding */
        height *= 2;
    for (;; width *= 2, height *= 2) {
        double across = floor((rule->end_column - rule->low_column) / width) + 1;
        double bands = floor((rule->end_row - rule->low_row) / height) + 1;
        if (across * bands > TILES_MOST)
            continue;
        adding->across = (size_t)across;
        adding->bands = (size_t)bands;
        break;
    }
    adding->tiles = adding->across * adding->bands;
    adding->tiles_a_column = 1 / width;
    adding->bands_a_row = 1 / height;
}

WIDE_CLONES static void find_tiles(uint16_t *restrict tiles, const struct adding *adding,
                                   size_t first, size_t count)
{
    const struct field_rule *rule = adding->rule;
    const int32_t *restrict xs = adding->x + first, *restrict ys = adding->y + first;
    double x_min = adding->field->x_min, y_min = adding->field->y_min;
    double per = field_per_unit(adding->field);
    double low_x = rule->low_column, end_x = rule->end_column;
    double low_y = rule->low_row, end_y = rule->end_row;
    double tiles_a_column = adding->tiles_a_column, bands_a_row = adding->bands_a_row;
    int32_t across = (int32_t)adding->across, none = (int32_t)adding->tiles;
    for (size_t i = 0; i < count; i++) {
        double x = (xs[i] - x_min) * per, y = (ys[i] - y_min) * per;
        int in = (x >= low_x) & (x < end_x) & (y >= low_y) & (y < end_y) & (xs[i] != GRID_NOWHERE)
                 & (xs[i] != GRID_FAR);
        double column = in ? (x - low_x) * tiles_a_column : 0;
        double band = in ? (y - low_y) * bands_a_row : 0;
        int32_t tile = (int32_t)band * across + (int32_t)column;
        tiles[i] = (uint16_t)(in ? tile : none);
    }
}

static size_t end_of_chunk(const struct adding *adding, size_t chunk)
{
    return (chunk + 1) * CHUNK < adding->count ? (chunk + 1) * CHUNK : adding->count;
}

static bool count_chunk(void *state, size_t chunk, int worker, struct error *error)
{
    const struct adding *adding = state;
    uint32_t *next = adding->next + chunk * (adding->tiles + 1);
    size_t end = end_of_chunk(adding, chunk);
    (void)worker, (void)error;
    for (size_t tile = 0; tile <= adding->tiles; tile++)
        next[tile] = 0;
    for (size_t at = chunk * CHUNK; at < end; at += BLOCK) {
        size_t count = end - at < BLOCK ? end - at : BLOCK;
        find_tiles(adding->tile + at, adding, at, count);
        for (size_t i = 0; i < count; i++)
            next[adding->tile[at + i]]++;
    }
    return true;
}

static void place_chunks(struct adding *adding, size_t chunks)
{
    uint32_t at = 0;
    for (size_t tile = 0; tile <= adding->tiles; tile++) {
        adding->starts[tile] = at;
        for (size_t chunk = 0; chunk < chunks; chunk++) {
            uint32_t *next = &adding->next[chunk * (adding->tiles + 1) + tile], held = *next;
            *next = at;
            at += held;
        }
    }
}

static bool move_chunk(void *state, size_t chunk, int worker, struct error *error)
{
    const struct adding *adding = state;
    uint32_t *next = adding->next + chunk * (adding->tiles + 1);
    size_t end = end_of_chunk(adding, chunk);
    (void)worker, (void)error;
    if (adding->weights == NULL) {
        for (size_t i = chunk * CHUNK; i < end; i++)
            adding->sorted[next[adding->tile[i]]++] =
                (struct field_point){adding->x[i], adding->y[i]};
        return true;
    }
    for (size_t i = chunk * CHUNK; i < end; i++) {
        uint32_t to = next[adding->tile[i]]++;
        adding->sorted[to] = (struct field_point){adding->x[i], adding->y[i]};
        adding->sorted_weights[to] = adding->weights[i];
    }
    return true;
}

static bool add_band(void *state, size_t chunk, int worker, struct error *error)
{
    const struct adding *adding = state;
    size_t first = (2 * chunk + adding->parity) * adding->across;
    (void)worker, (void)error;
    for (size_t tile = first; tile < first + adding->across; tile++) {
        size_t from = adding->starts[tile];
        struct field_points points = {
            adding->sorted + from, adding->weights != NULL ? adding->sorted_weights + from : NULL,
            adding->starts[tile + 1] - from};
        if (points.count > 0)
            adding->rule->add(adding->field, adding->rule->state, &points);
    }
    return true;
}

static bool add_slice(struct adding *adding, struct error *error)
{
    size_t chunks = (adding->count + CHUNK - 1) / CHUNK;
    int threads = adding->rule->thread_count;
    struct parallel_job counting = {count_chunk, adding, chunks, threads};
    struct parallel_job moving = {move_chunk, adding, chunks, threads};
    bool done = parallel_for(&counting, error);
    place_chunks(adding, chunks);
    done = done && parallel_for(&moving, error);
    for (adding->parity = 0; done && adding->parity < 2; adding->parity++) {
        struct parallel_job bands = {add_band, adding, (adding->bands + 1 - adding->parity) / 2,
                                     threads};
        done = parallel_for(&bands, error);
    }
    return done;
}

static bool add_slices(struct adding *adding, const struct points *points, const double *weights,
                       struct error *error)
{
    bool done = true;
    for (size_t at = 0; done && at < points->count; at += SLICE) {
        adding->x = points->x + at;
        adding->y = points->y + at;
        adding->weights = weights != NULL ? weights + at : NULL;
        adding->count = points->count - at < SLICE ? points->count - at : SLICE;
        done = add_slice(adding, error);
    }
    return done;
}

bool field_add_points(struct field *field, const struct field_rule *rule,
                      const struct points *points, const double *weights, struct error *error)
{
    struct adding adding = {.field = field, .rule = rule};
    size_t most = points->count < SLICE ? points->count : SLICE;
    if (!(rule->end_column > rule->low_column && rule->end_row > rule->low_row))
        return true;
    lay_tiles(&adding);
    bool done = array_new_raw(&adding.tile, most, sizeof *adding.tile, error)
                && array_new_raw(&adding.sorted, most, sizeof *adding.sorted, error)
                && array_new_raw(&adding.sorted_weights, weights != NULL ? most : 0,
                                 sizeof *adding.sorted_weights, error)
                && array_new_raw(&adding.next, (most / CHUNK + 1) * (adding.tiles + 1),
                                 sizeof *adding.next, error)
                && array_new_raw(&adding.starts, adding.tiles + 1, sizeof *adding.starts, error)
                && add_slices(&adding, points, weights, error);
    array_free(&adding.tile);
    array_free(&adding.sorted);
    array_free(&adding.sorted_weights);
    array_free(&adding.next);
    array_free(&adding.starts);
    return done;
}
