/* Packs the rows of a picture into the data of a PNG file, in bands on several threads. */
#include "engine/draw/pngpack.h"

#include "engine/core/parallel.h"

#include <zlib.h>

#include <string.h>

/* Each band is packed by itself, so that bands can be packed at one time; that makes a sheet half a
 * per cent larger. Where bands begin depends on the picture alone. */
enum { BAND_BYTES = 1 << 18, WAVE = 16, HEAD = 2, TAIL = 4 };

/* How each kind is packed, by measurement. Sheets have flat colours and lettering: matches of some
 * length pay, filters spoil them. A ramp's slopes become runs of equal steps once the row above is
 * taken off: half the size, and faster. */
struct method {
    int strategy;
    bool up; /* each byte less the one above it */
};
static const struct method methods[] = {
    [PNGPACK_COLOURS] = {Z_DEFAULT_STRATEGY, false},
    [PNGPACK_VEIL] = {Z_DEFAULT_STRATEGY, false},
    [PNGPACK_INDEXES] = {Z_RLE, false},
    [PNGPACK_RAMP] = {Z_RLE, true},
};

struct band {
    uint8_t *bytes; /* packed */
    size_t length, capacity;
    uLong adler; /* of what was packed */
    size_t raw;
};

/* What one worker keeps from band to band. */
struct bench {
    z_stream stream;
    bool open;
    uint8_t *raw; /* the rows of a band, each behind the number of its filter */
};

struct pngpack {
    struct pngpack_rows rows;
    size_t row_bytes, band_rows, band_count;
    struct band bands[WAVE];
    struct bench benches[PARALLEL_MAX_THREADS];
    size_t first, packed, next; /* bands: of the wave, ready in it, handed out of it */
    uLong adler;                /* of all that was handed out */
};

static void take_colours(uint8_t *row, const uint8_t *pixels, size_t width)
{
    for (size_t i = 0; i < width; i++) {
        row[3 * i] = pixels[4 * i + 2];
        row[3 * i + 1] = pixels[4 * i + 1];
        row[3 * i + 2] = pixels[4 * i];
    }
}

static uint8_t unmultiplied(uint8_t part, unsigned alpha)
{
    unsigned whole = alpha > 0 ? (part * 255u + alpha / 2) / alpha : 0;
    return (uint8_t)(whole < 255 ? whole : 255);
}

static void take_veil(uint8_t *row, const uint8_t *pixels, size_t width)
{
    for (size_t i = 0; i < width; i++) {
        unsigned alpha = pixels[4 * i + 3];
        for (size_t part = 0; part < 3; part++)
            row[4 * i + part] = unmultiplied(pixels[4 * i + 2 - part], alpha);
        row[4 * i + 3] = (uint8_t)alpha;
    }
}

static void take_row(uint8_t *to, const struct pngpack *pack, size_t row)
{
    const struct pngpack_rows *rows = &pack->rows;
    const uint8_t *bytes = rows->bytes + row * rows->stride;
    const uint8_t *above = row > 0 ? bytes - rows->stride : NULL;
    bool up = methods[rows->kind].up && above != NULL;
    *to++ = up ? 2 : 0; /* the PNG specification's numbers of filters */
    if (rows->kind == PNGPACK_COLOURS)
        take_colours(to, bytes, rows->width);
    else if (rows->kind == PNGPACK_VEIL)
        take_veil(to, bytes, rows->width);
    else if (!up)
        memcpy(to, bytes, rows->width);
    else
        for (size_t i = 0; i < rows->width; i++)
            to[i] = (uint8_t)(bytes[i] - above[i]);
}

static bool open_bench(struct bench *bench, const struct pngpack *pack, struct error *error)
{
    const int fastest = 1, raw_window = -15, usual_memory = 8;
    if (bench->open)
        return deflateReset(&bench->stream) == Z_OK;
    if (bench->raw == NULL
        && !array_new_raw(&bench->raw, pack->band_rows, pack->row_bytes + 1, error))
        return false;
    bench->open = deflateInit2(&bench->stream, fastest, Z_DEFLATED, raw_window, usual_memory,
                               methods[pack->rows.kind].strategy)
                  == Z_OK;
    return bench->open || error_set(error, ERROR_INTERNAL, "there is no memory left to pack a PNG");
}

static bool make_room(struct band *band, struct bench *bench, size_t raw, struct error *error)
{
    const size_t end_of_band = 16;
    size_t most = deflateBound(&bench->stream, (uLong)raw) + HEAD + TAIL + end_of_band;
    if (most <= band->capacity)
        return true;
    array_free(&band->bytes);
    band->capacity = 0;
    if (!array_new_raw(&band->bytes, most, 1, error))
        return false;
    band->capacity = most;
    return true;
}

/* All but the last band end on a byte, so that the next one can follow. */
static bool deflate_band(struct band *band, struct bench *bench, bool last, struct error *error)
{
    z_stream *stream = &bench->stream;
    stream->next_in = bench->raw;
    stream->avail_in = (uInt)band->raw;
    stream->next_out = band->bytes + HEAD;
    stream->avail_out = (uInt)(band->capacity - HEAD - TAIL);
    int result = deflate(stream, last ? Z_FINISH : Z_SYNC_FLUSH);
    if (result != (last ? Z_STREAM_END : Z_OK) || stream->avail_in > 0 || stream->avail_out == 0)
        return error_set(error, ERROR_INTERNAL, "the rows of a PNG cannot be packed");
    band->length = (size_t)(stream->next_out - band->bytes) - HEAD;
    return true;
}

static bool pack_band(void *state, size_t chunk, int worker, struct error *error)
{
    struct pngpack *pack = state;
    struct band *band = &pack->bands[chunk];
    struct bench *bench = &pack->benches[worker];
    size_t number = pack->first + chunk, begin = number * pack->band_rows;
    size_t end = begin + pack->band_rows;
    if (end > pack->rows.height)
        end = pack->rows.height;
    if (!open_bench(bench, pack, error))
        return false;
    for (size_t row = begin; row < end; row++)
        take_row(bench->raw + (row - begin) * (pack->row_bytes + 1), pack, row);
    band->raw = (end - begin) * (pack->row_bytes + 1);
    band->adler = adler32(adler32(0, NULL, 0), bench->raw, (uInt)band->raw);
    return make_room(band, bench, band->raw, error)
           && deflate_band(band, bench, end == pack->rows.height, error);
}

struct pngpack *pngpack_open(const struct pngpack_rows *rows, struct error *error)
{
    static const size_t kept[] = {
        [PNGPACK_COLOURS] = 3, [PNGPACK_VEIL] = 4, [PNGPACK_INDEXES] = 1, [PNGPACK_RAMP] = 1};
    struct pngpack *pack;
    if (!array_new(&pack, 1, sizeof *pack, error))
        return NULL;
    pack->rows = *rows;
    pack->row_bytes = (size_t)rows->width * kept[rows->kind];
    pack->band_rows = BAND_BYTES / (pack->row_bytes + 1);
    if (pack->band_rows < 1)
        pack->band_rows = 1;
    pack->band_count = (rows->height + pack->band_rows - 1) / pack->band_rows;
    pack->adler = adler32(0, NULL, 0);
    return pack;
}

void pngpack_close(struct pngpack *pack)
{
    if (pack == NULL)
        return;
    for (int i = 0; i < PARALLEL_MAX_THREADS; i++) {
        if (pack->benches[i].open)
            deflateEnd(&pack->benches[i].stream);
        array_free(&pack->benches[i].raw);
    }
    for (int i = 0; i < WAVE; i++)
        array_free(&pack->bands[i].bytes);
    array_free(&pack);
}

static bool next_wave(struct pngpack *pack, struct error *error)
{
    pack->first += pack->packed;
    pack->next = 0;
    size_t left = pack->band_count - pack->first;
    pack->packed = left < WAVE ? left : WAVE;
    return parallel_for(
        &(struct parallel_job){pack_band, pack, pack->packed, pack->rows.thread_count}, error);
}

/* The two bytes that open a zlib stream (RFC 1950): a window of 32 KB, packed the fastest way. */
static void add_head(struct band *band)
{
    band->bytes[0] = 0x78;
    band->bytes[1] = 0x01;
}

static void add_tail(struct band *band, uLong adler)
{
    for (int i = 0; i < TAIL; i++)
        band->bytes[HEAD + band->length++] = (uint8_t)(adler >> (24 - 8 * i));
}

bool pngpack_next(struct pngpack_piece *piece, struct pngpack *pack, struct error *error)
{
    *piece = (struct pngpack_piece){0};
    if (pack->next == pack->packed
        && (pack->first + pack->packed == pack->band_count || !next_wave(pack, error)))
        return pack->first + pack->packed == pack->band_count && pack->next == pack->packed;
    size_t number = pack->first + pack->next;
    struct band *band = &pack->bands[pack->next++];
    pack->adler = adler32_combine(pack->adler, band->adler, (z_off_t)band->raw);
    if (number == 0)
        add_head(band);
    if (number + 1 == pack->band_count)
        add_tail(band, pack->adler);
    piece->bytes = band->bytes + (number == 0 ? 0 : HEAD);
    piece->length = band->length + (number == 0 ? HEAD : 0);
    return true;
}
