/* Writes a raster as a float32 GeoTIFF, and a picture as one in colour. */
#include "engine/formats/geotiff.h"

#include "engine/core/files.h"
#include "engine/core/text.h"
#include "engine/formats/geotiff_library.h"

#include <math.h>
#include <string.h>

enum { TILE = 256, COLOUR_BYTES = 3, ALPHA_BYTES = 4, USER_DEFINED = 32767, TAG_NODATA = 42113 };
static const float NO_DATA = -9999;

/* ---- a file in memory: libtiff goes back and forth, which standard output cannot ---- */

struct memory {
    char *bytes;
    size_t size, capacity, at;
    bool failed;
};

static tmsize_t memory_read(thandle_t handle, void *into, tmsize_t size)
{
    struct memory *memory = handle;
    size_t left = memory->at < memory->size ? memory->size - memory->at : 0;
    size_t taken = left < (size_t)size ? left : (size_t)size;
    if (taken > 0)
        memcpy(into, memory->bytes + memory->at, taken);
    memory->at += taken;
    return (tmsize_t)taken;
}

static tmsize_t memory_write(thandle_t handle, void *from, tmsize_t size)
{
    struct memory *memory = handle;
    struct capacity capacity = {memory->capacity, 1};
    size_t end = memory->at + (size_t)size;
    if (size < 0 || !array_reserve(&memory->bytes, &capacity, end, NULL)) {
        memory->failed = true;
        return -1;
    }
    memory->capacity = capacity.held;
    if (memory->at > memory->size)
        memset(memory->bytes + memory->size, 0, memory->at - memory->size);
    memcpy(memory->bytes + memory->at, from, (size_t)size);
    memory->at = end;
    memory->size = end > memory->size ? end : memory->size;
    return size;
}

static toff_t memory_seek(thandle_t handle, toff_t offset, int whence)
{
    struct memory *memory = handle;
    size_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? memory->at : memory->size;
    memory->at = base + offset;
    return memory->at;
}

static int memory_close(thandle_t handle)
{
    (void)handle;
    return 0;
}

static toff_t memory_size(thandle_t handle)
{
    return ((struct memory *)handle)->size;
}

static int memory_map(thandle_t handle, void **base, toff_t *size)
{
    (void)handle, (void)base, (void)size;
    return 0;
}

static void memory_unmap(thandle_t handle, void *base, toff_t size)
{
    (void)handle, (void)base, (void)size;
}

/* What is written: a raster or a picture, and where it lies. */
struct image {
    const struct raster *raster; /* NULL: a picture */
    const struct geotiff_picture *picture;
    size_t columns, rows, pixel_bytes;
    double x_min, y_max, step;
};

static TIFF *open_in_memory(struct memory *memory, const struct image *image)
{
    const double classic = 4e9; /* bytes that a classic TIFF has room for */
    bool big = (double)image->columns * (double)image->rows * (double)image->pixel_bytes > classic;
    return XTIFFClientOpen("raster", big ? "wl8" : "wl", memory, memory_read, memory_write,
                           memory_seek, memory_close, memory_size, memory_map, memory_unmap);
}

/* ---- what the file says of itself ---- */

static bool put_layout(TIFF *tiff, const struct image *image)
{
    return TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, (uint32_t)image->columns)
           && TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, (uint32_t)image->rows)
           && TIFFSetField(tiff, TIFFTAG_TILEWIDTH, TILE)
           && TIFFSetField(tiff, TIFFTAG_TILELENGTH, TILE)
           && TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG)
           && TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE)
           && TIFFSetField(tiff, TIFFTAG_DEFLATE_SUBCODEC, DEFLATE_SUBCODEC_ZLIB);
}

static bool put_values(TIFF *tiff)
{
    static const TIFFFieldInfo nodata[] = {{TAG_NODATA, TIFF_VARIABLE, TIFF_VARIABLE, TIFF_ASCII,
                                            FIELD_CUSTOM, 1, 0, (char *)"GDAL_NODATA"}};
    return TIFFMergeFieldInfo(tiff, nodata, 1) == 0 && TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 32)
           && TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1)
           && TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_IEEEFP)
           && TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK)
           && TIFFSetField(tiff, TIFFTAG_PREDICTOR, PREDICTOR_FLOATINGPOINT)
           && TIFFSetField(tiff, TAG_NODATA, "-9999");
}

static bool put_colours(TIFF *tiff, const struct image *image)
{
    static const uint16_t extra[] = {EXTRASAMPLE_UNASSALPHA};
    return TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8)
           && TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, (int)image->pixel_bytes)
           && (!image->picture->alpha || TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, extra))
           && TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB)
           && TIFFSetField(tiff, TIFFTAG_PREDICTOR, PREDICTOR_HORIZONTAL);
}

static bool put_place(TIFF *tiff, const struct image *image)
{
    const double scale[3] = {image->step, image->step, 0};
    const double corner[6] = {0, 0, 0, image->x_min, image->y_max, 0};
    return TIFFSetField(tiff, TIFFTAG_GEOPIXELSCALE, 3, scale)
           && TIFFSetField(tiff, TIFFTAG_GEOTIEPOINTS, 6, corner);
}

/* A system that EPSG has no number for is told as ESRI's programs do it; GDAL reads that too. */
static bool put_system(GTIF *keys, const struct reference *reference)
{
    bool coded = reference->epsg > 0 && reference->epsg < USER_DEFINED;
    struct text text = {0};
    text_add(&text, "ESRI PE String = %s", reference->esri_wkt);
    bool done = !text.failed
                && GTIFKeySet(keys, GTModelTypeGeoKey, TYPE_SHORT, 1,
                              coded ? ModelTypeProjected : USER_DEFINED)
                && GTIFKeySet(keys, GTRasterTypeGeoKey, TYPE_SHORT, 1, RasterPixelIsArea)
                && GTIFKeySet(keys, GTCitationGeoKey, TYPE_ASCII, 0, reference->name)
                && GTIFKeySet(keys, ProjectedCSTypeGeoKey, TYPE_SHORT, 1,
                              coded ? reference->epsg : USER_DEFINED)
                && (!coded || GTIFKeySet(keys, ProjLinearUnitsGeoKey, TYPE_SHORT, 1, Linear_Meter))
                && (coded || GTIFKeySet(keys, PCSCitationGeoKey, TYPE_ASCII, 0, text.bytes))
                && GTIFWriteKeys(keys);
    text_free(&text);
    return done;
}

static bool put_keys(TIFF *tiff, const struct reference *reference)
{
    GTIF *keys = GTIFNew(tiff);
    bool done = keys != NULL && put_system(keys, reference);
    if (keys != NULL)
        GTIFFree(keys);
    return done;
}

/* ---- the values ---- */

/* The northernmost row comes first; past the raster's edge a tile has no data. */
static void fill_values(float *tile, const struct raster *raster, size_t left, size_t top)
{
    for (size_t r = 0; r < TILE; r++)
        for (size_t c = 0; c < TILE; c++) {
            double value = NAN;
            if (left + c < raster->columns && top + r < raster->rows)
                value = raster->values[(raster->rows - 1 - top - r) * raster->columns + left + c];
            tile[r * TILE + c] = isnan(value) ? NO_DATA : (float)value;
        }
}

/* Past the picture's edge a tile is white, or transparent. */
static void fill_colours(uint8_t *tile, const struct geotiff_picture *picture, size_t left,
                         size_t top)
{
    size_t bytes = picture->alpha ? ALPHA_BYTES : COLOUR_BYTES;
    memset(tile, picture->alpha ? 0 : 0xFF, (size_t)TILE * TILE * bytes);
    for (size_t r = 0; r < TILE && top + r < picture->height; r++)
        for (size_t c = 0; c < TILE && left + c < picture->width; c++) {
            const uint8_t *from = picture->bytes + (top + r) * picture->stride + (left + c) * 4;
            uint8_t *to = tile + (r * TILE + c) * bytes;
            to[0] = from[2];
            to[1] = from[1];
            to[2] = from[0];
            if (picture->alpha)
                to[3] = from[3];
        }
}

static bool put_tiles(TIFF *tiff, const struct image *image, struct error *error)
{
    size_t size = (size_t)TILE * TILE * image->pixel_bytes;
    void *tile;
    bool done = array_new_raw(&tile, size, 1, error);
    uint32_t number = 0;
    for (size_t top = 0; done && top < image->rows; top += TILE)
        for (size_t left = 0; done && left < image->columns; left += TILE) {
            if (image->raster != NULL)
                fill_values(tile, image->raster, left, top);
            else
                fill_colours(tile, image->picture, left, top);
            done = TIFFWriteEncodedTile(tiff, number++, tile, (tmsize_t)size) >= 0;
        }
    array_free(&tile);
    return done;
}

static bool make(struct memory *memory, const struct image *image,
                 const struct reference *reference, struct error *error)
{
    TIFF *tiff = open_in_memory(memory, image);
    if (tiff == NULL)
        return false;
    bool done = put_layout(tiff, image)
                && (image->raster != NULL ? put_values(tiff) : put_colours(tiff, image))
                && put_place(tiff, image) && put_keys(tiff, reference)
                && put_tiles(tiff, image, error) && TIFFFlush(tiff);
    XTIFFClose(tiff);
    return done && !memory->failed;
}

static bool write_image(const struct image *image, const struct reference *reference,
                        const char *path, struct error *error)
{
    struct memory memory = {0};
    struct output output = {0};
    if (!geotiff_library_load(error))
        return false;
    TIFFSetErrorHandler(NULL); /* libtiff would complain on standard error */
    TIFFSetWarningHandler(NULL);
    bool done = make(&memory, image, reference, error)
                || error_set(error, ERROR_CANNOT_WRITE, "%s: the GeoTIFF cannot be made: no memory",
                             path != NULL ? path : "-");
    done = done && output_open(&output, path, error);
    if (done) {
        fwrite(memory.bytes, 1, memory.size, output.stream);
        done = output_commit(&output, error);
    }
    array_free(&memory.bytes);
    return done;
}

bool geotiff_write(const struct raster *raster, const struct reference *reference, const char *path,
                   struct error *error)
{
    const struct image image = {.raster = raster,
                                .columns = raster->columns,
                                .rows = raster->rows,
                                .pixel_bytes = sizeof(float),
                                .x_min = raster->x_min,
                                .y_max = raster_box(raster).y_max,
                                .step = raster->cell_m};
    return write_image(&image, reference, path, error);
}

bool geotiff_write_picture(const struct geotiff_picture *picture, const struct reference *reference,
                           const char *path, struct error *error)
{
    const struct image image = {.picture = picture,
                                .columns = picture->width,
                                .rows = picture->height,
                                .pixel_bytes = picture->alpha ? ALPHA_BYTES : COLOUR_BYTES,
                                .x_min = picture->x_min,
                                .y_max = picture->y_max,
                                .step = picture->metres_per_pixel};
    return write_image(&image, reference, path, error);
}
