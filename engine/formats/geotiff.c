/* Writes a raster as a float32 GeoTIFF. */
#include "engine/formats/geotiff.h"

#include "engine/core/files.h"
#include "engine/core/text.h"
#include "engine/formats/geotiff_library.h"

#include <math.h>
#include <string.h>

enum { TILE = 256, USER_DEFINED = 32767, TAG_NODATA = 42113 };
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

static TIFF *open_in_memory(struct memory *memory, const struct raster *raster)
{
    const double classic = 4e9; /* bytes that a classic TIFF has room for */
    bool big = (double)raster->columns * (double)raster->rows * sizeof(float) > classic;
    return XTIFFClientOpen("raster", big ? "wl8" : "wl", memory, memory_read, memory_write,
                           memory_seek, memory_close, memory_size, memory_map, memory_unmap);
}

/* ---- what the file says of itself ---- */

static bool put_layout(TIFF *tiff, const struct raster *raster)
{
    static const TIFFFieldInfo nodata[] = {{TAG_NODATA, TIFF_VARIABLE, TIFF_VARIABLE, TIFF_ASCII,
                                            FIELD_CUSTOM, 1, 0, (char *)"GDAL_NODATA"}};
    return TIFFMergeFieldInfo(tiff, nodata, 1) == 0
           && TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, (uint32_t)raster->columns)
           && TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, (uint32_t)raster->rows)
           && TIFFSetField(tiff, TIFFTAG_TILEWIDTH, TILE)
           && TIFFSetField(tiff, TIFFTAG_TILELENGTH, TILE)
           && TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 32)
           && TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1)
           && TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_IEEEFP)
           && TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK)
           && TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG)
           && TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE)
           && TIFFSetField(tiff, TIFFTAG_DEFLATE_SUBCODEC, DEFLATE_SUBCODEC_ZLIB)
           && TIFFSetField(tiff, TIFFTAG_PREDICTOR, PREDICTOR_FLOATINGPOINT)
           && TIFFSetField(tiff, TAG_NODATA, "-9999");
}

static bool put_place(TIFF *tiff, const struct raster *raster)
{
    const double scale[3] = {raster->cell_m, raster->cell_m, 0};
    const double corner[6] = {0, 0, 0, raster->x_min, raster_box(raster).y_max, 0};
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
static void fill_tile(float *tile, const struct raster *raster, size_t left, size_t top)
{
    for (size_t r = 0; r < TILE; r++)
        for (size_t c = 0; c < TILE; c++) {
            double value = NAN;
            if (left + c < raster->columns && top + r < raster->rows)
                value = raster->values[(raster->rows - 1 - top - r) * raster->columns + left + c];
            tile[r * TILE + c] = isnan(value) ? NO_DATA : (float)value;
        }
}

static bool put_tiles(TIFF *tiff, const struct raster *raster, struct error *error)
{
    float *tile;
    bool done = array_new_raw(&tile, (size_t)TILE * TILE, sizeof *tile, error);
    uint32_t number = 0;
    for (size_t top = 0; done && top < raster->rows; top += TILE)
        for (size_t left = 0; done && left < raster->columns; left += TILE) {
            fill_tile(tile, raster, left, top);
            done = TIFFWriteEncodedTile(tiff, number++, tile, TILE * TILE * sizeof *tile) >= 0;
        }
    array_free(&tile);
    return done;
}

static bool make(struct memory *memory, const struct raster *raster,
                 const struct reference *reference, struct error *error)
{
    TIFF *tiff = open_in_memory(memory, raster);
    if (tiff == NULL)
        return false;
    bool done = put_layout(tiff, raster) && put_place(tiff, raster) && put_keys(tiff, reference)
                && put_tiles(tiff, raster, error) && TIFFFlush(tiff);
    XTIFFClose(tiff);
    return done && !memory->failed;
}

bool geotiff_write(const struct raster *raster, const struct reference *reference, const char *path,
                   struct error *error)
{
    struct memory memory = {0};
    struct output output = {0};
    if (!geotiff_library_load(error))
        return false;
    bool done = make(&memory, raster, reference, error)
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
