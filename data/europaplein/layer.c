/* Writes one layer of shapes with text fields as a shapefile, from whole millimetres. */
#include "layer.h"

#include <stdlib.h>
#include <string.h>

const char LAYER_RD_NEW[] =
    "PROJCS[\"RD_New\",GEOGCS[\"GCS_Amersfoort\",DATUM[\"D_Amersfoort\","
    "SPHEROID[\"Bessel_1841\",6377397.155,299.1528128]],PRIMEM[\"Greenwich\",0.0],"
    "UNIT[\"Degree\",0.0174532925199433]],PROJECTION[\"Double_Stereographic\"],"
    "PARAMETER[\"False_Easting\",155000.0],PARAMETER[\"False_Northing\",463000.0],"
    "PARAMETER[\"Central_Meridian\",5.38763888888889],PARAMETER[\"Scale_Factor\",0.9999079],"
    "PARAMETER[\"Latitude_Of_Origin\",52.1561605555556],UNIT[\"Meter\",1.0]]";

const char LAYER_WGS84[] =
    "GEOGCS[\"GCS_WGS_1984\",DATUM[\"D_WGS_1984\",SPHEROID[\"WGS_1984\",6378137.0,298.257223563]],"
    "PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]]";

/* The last update that every .dbf names, so that the bytes never change. */
static const uint8_t UPDATED[3] = {124, 12, 31};

static FILE *open_beside(const char *folder, const char *name, const char *extension)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s%s", folder, name, extension);
    FILE *file = fopen(path, "wb+");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    return file;
}

static void close_file(FILE *file)
{
    if (ferror(file) || fclose(file) != 0) {
        perror("cannot write");
        exit(1);
    }
}

static void write_text(const char *folder, const char *name, const char *extension,
                       const char *text)
{
    FILE *file = open_beside(folder, name, extension);
    fputs(text, file);
    close_file(file);
}

static void put_little(FILE *file, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        fputc((int)(value >> 8 * i & 0xFF), file);
}

static void put_big(FILE *file, int64_t value)
{
    for (int i = 3; i >= 0; i--)
        fputc((int)((uint64_t)value >> 8 * i & 0xFF), file);
}

/* One correctly rounded division: the same double everywhere. */
static void put_double(FILE *file, const struct layer *layer, int64_t value)
{
    double number = (double)value / (double)layer->units;
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    put_little(file, bits, 8);
}

static void put_header(FILE *file, const struct layer *layer, int64_t words)
{
    rewind(file);
    put_big(file, 9994);
    for (int i = 0; i < 5; i++)
        put_big(file, 0);
    put_big(file, words);
    put_little(file, 1000, 4);
    put_little(file, layer->kind, 4);
    put_double(file, layer, layer->x_min);
    put_double(file, layer, layer->y_min);
    put_double(file, layer, layer->x_max);
    put_double(file, layer, layer->y_max);
    for (int i = 0; i < 4; i++)
        put_double(file, layer, 0);
}

static int record_width(const struct layer *layer)
{
    int width = 1;
    for (int i = 0; i < layer->field_count; i++)
        width += layer->fields[i].width;
    return width;
}

static void put_dbf_header(const struct layer *layer)
{
    FILE *file = layer->dbf;
    rewind(file);
    fputc(3, file);
    fwrite(UPDATED, 1, sizeof UPDATED, file);
    put_little(file, (uint64_t)layer->records, 4);
    put_little(file, (uint64_t)(32 + 32 * layer->field_count + 1), 2);
    put_little(file, (uint64_t)record_width(layer), 2);
    for (int i = 0; i < 20; i++)
        fputc(0, file);
    for (int i = 0; i < layer->field_count; i++) {
        char name[11] = {0};
        snprintf(name, sizeof name, "%s", layer->fields[i].name);
        fwrite(name, 1, sizeof name, file);
        fputc('C', file);
        put_little(file, 0, 4);
        fputc(layer->fields[i].width, file);
        for (int j = 0; j < 15; j++)
            fputc(0, file);
    }
    fputc(0x0D, file);
}

void layer_open(struct layer *layer, const char *folder, const char *name, const char *prj)
{
    layer->shp = open_beside(folder, name, ".shp");
    layer->shx = open_beside(folder, name, ".shx");
    layer->dbf = open_beside(folder, name, ".dbf");
    write_text(folder, name, ".prj", prj);
    write_text(folder, name, ".cpg", "UTF-8");
    layer->records = 0;
    layer->words = 50;
    layer->x_min = layer->y_min = INT64_MAX;
    layer->x_max = layer->y_max = INT64_MIN;
    put_header(layer->shp, layer, 0);
    put_header(layer->shx, layer, 0);
    put_dbf_header(layer);
}

static struct layer box_of(const struct place *places, int count)
{
    struct layer box = {
        .x_min = INT64_MAX, .y_min = INT64_MAX, .x_max = INT64_MIN, .y_max = INT64_MIN};
    for (int i = 0; i < count; i++) {
        box.x_min = places[i].x < box.x_min ? places[i].x : box.x_min;
        box.y_min = places[i].y < box.y_min ? places[i].y : box.y_min;
        box.x_max = places[i].x > box.x_max ? places[i].x : box.x_max;
        box.y_max = places[i].y > box.y_max ? places[i].y : box.y_max;
    }
    return box;
}

/* Relative to the first place, so that a town's ring does not overflow. */
static int is_counter_clockwise(const struct place *ring, int count)
{
    int64_t area = 0;
    for (int i = 0; i + 1 < count; i++)
        area += (ring[i].x - ring[0].x) * (ring[i + 1].y - ring[0].y)
                - (ring[i + 1].x - ring[0].x) * (ring[i].y - ring[0].y);
    return area > 0;
}

static void put_values(const struct layer *layer, const char *const *values)
{
    fputc(' ', layer->dbf);
    for (int i = 0; i < layer->field_count; i++)
        fprintf(layer->dbf, "%-*.*s", layer->fields[i].width, layer->fields[i].width, values[i]);
}

void layer_add(struct layer *layer, const struct place *places, int count,
               const char *const *values)
{
    FILE *file = layer->shp;
    int64_t words = (44 + 4 + 16 * (int64_t)count) / 2;
    struct layer box = box_of(places, count);
    int backwards = layer->kind == LAYER_POLYGONS && is_counter_clockwise(places, count);
    put_big(layer->shx, layer->words);
    put_big(layer->shx, words);
    put_big(file, ++layer->records);
    put_big(file, words);
    put_little(file, layer->kind, 4);
    put_double(file, layer, box.x_min);
    put_double(file, layer, box.y_min);
    put_double(file, layer, box.x_max);
    put_double(file, layer, box.y_max);
    put_little(file, 1, 4);
    put_little(file, (uint64_t)count, 4);
    put_little(file, 0, 4);
    for (int i = 0; i < count; i++) {
        const struct place *place = &places[backwards ? count - 1 - i : i];
        put_double(file, layer, place->x);
        put_double(file, layer, place->y);
    }
    put_values(layer, values);
    layer->words += words + 4;
    layer->x_min = box.x_min < layer->x_min ? box.x_min : layer->x_min;
    layer->y_min = box.y_min < layer->y_min ? box.y_min : layer->y_min;
    layer->x_max = box.x_max > layer->x_max ? box.x_max : layer->x_max;
    layer->y_max = box.y_max > layer->y_max ? box.y_max : layer->y_max;
}

void layer_close(struct layer *layer)
{
    fputc(0x1A, layer->dbf);
    put_header(layer->shp, layer, layer->words);
    put_header(layer->shx, layer, 50 + 4 * (int64_t)layer->records);
    put_dbf_header(layer);
    close_file(layer->shp);
    close_file(layer->shx);
    close_file(layer->dbf);
}
