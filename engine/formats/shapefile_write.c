/* Writes a layer as a shapefile: .shp, .shx, .dbf, .prj and .cpg, all of them or none. */
#include "engine/formats/shapefile_write.h"

#include "engine/core/output.h"
#include "engine/core/stage.h"
#include "engine/core/text.h"

#include <shapefil.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MOST = 254, DATE_WIDTH = 8, FIELDS_MOST = 255 };

/* ---- files in memory, which are written out together ---- */

enum part { PART_PRJ, PART_CPG, PART_DBF, PART_SHX, PART_SHP, PARTS };
static const char *const EXTENSIONS[PARTS] = {".prj", ".cpg", ".dbf", ".shx", ".shp"};

struct memory_file {
    char *bytes;
    size_t size, capacity, at;
    struct error *failure; /* the set's */
    bool failed;
};

/* shapelib is given the address as a name. */
struct memory_set {
    struct memory_file files[PARTS];
    struct error failure; /* memory that is out; what is too large leaves it empty */
};

static SAFile memory_open(const char *name, const char *access)
{
    void *address = NULL;
    const char *extension = strrchr(name, '.');
    if (extension == NULL || sscanf(name, "%p", &address) != 1)
        return NULL;
    struct memory_set *set = address;
    for (int p = 0; p < PARTS; p++)
        if (strcmp(extension, EXTENSIONS[p]) == 0) {
            set->files[p].at = 0;
            if (access[0] == 'w')
                set->files[p].size = 0;
            return (SAFile)(void *)&set->files[p];
        }
    return NULL;
}

static SAOffset memory_read(void *into, SAOffset size, SAOffset count, SAFile handle)
{
    struct memory_file *file = (void *)handle;
    size_t left = file->at < file->size ? file->size - file->at : 0;
    size_t items = size > 0 ? left / size : 0;
    items = items < count ? items : count;
    if (items > 0)
        memcpy(into, file->bytes + file->at, items * size);
    file->at += items * size;
    return items;
}

static SAOffset memory_write(void *from, SAOffset size, SAOffset count, SAFile handle)
{
    struct memory_file *file = (void *)handle;
    struct capacity capacity = {file->capacity, 1};
    size_t length = size * count, end = file->at + length;
    if (end > INT_MAX || !array_reserve(&file->bytes, &capacity, end, file->failure)) {
        file->failed = true;
        return 0;
    }
    file->capacity = capacity.held;
    if (file->at > file->size)
        memset(file->bytes + file->size, 0, file->at - file->size);
    memcpy(file->bytes + file->at, from, length);
    file->at = end;
    file->size = end > file->size ? end : file->size;
    return count;
}

static SAOffset memory_seek(SAFile handle, SAOffset offset, int whence)
{
    struct memory_file *file = (void *)handle;
    size_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? file->at : file->size;
    file->at = base + offset;
    return 0;
}

static SAOffset memory_tell(SAFile handle)
{
    return ((struct memory_file *)(void *)handle)->at;
}

static int memory_flush(SAFile handle)
{
    (void)handle;
    return 0;
}

static int memory_remove(const char *name)
{
    (void)name;
    return -1;
}

/* shapelib would print. */
static void stay_silent(const char *message)
{
    (void)message;
}

static SAHooks hooks(void)
{
    return (SAHooks){.FOpen = memory_open,
                     .FRead = memory_read,
                     .FWrite = memory_write,
                     .FSeek = memory_seek,
                     .FTell = memory_tell,
                     .FFlush = memory_flush,
                     .FClose = memory_flush,
                     .Remove = memory_remove,
                     .Error = stay_silent,
                     .Atof = atof};
}

static void memory_put(struct memory_file *file, const char *text)
{
    memory_write((void *)text, 1, strlen(text), (SAFile)(void *)file);
}

/* ---- geometry ---- */

/* Shells run clockwise in a shapefile: all rings are turned around. */
static SHPObject *object_of(const struct shape *shape, struct error *error)
{
    double *x = NULL, *y = NULL;
    int *starts = NULL;
    SHPObject *object = NULL;
    if (shape->ring_count == 0)
        return SHPCreateSimpleObject(SHPT_NULL, 0, NULL, NULL, NULL);
    if (array_new_raw(&x, shape->point_count, sizeof *x, error)
        && array_new_raw(&y, shape->point_count, sizeof *y, error)
        && array_new_raw(&starts, shape->ring_count, sizeof *starts, error)) {
        for (size_t r = 0; r < shape->ring_count; r++) {
            size_t first = shape->ring_starts[r], end = shape->ring_starts[r + 1];
            starts[r] = (int)first;
            for (size_t i = first; i < end; i++) {
                x[i] = shape->x[first + end - 1 - i];
                y[i] = shape->y[first + end - 1 - i];
            }
        }
        object = SHPCreateObject(SHPT_POLYGON, -1, (int)shape->ring_count, starts, NULL,
                                 (int)shape->point_count, x, y, NULL, NULL);
    }
    array_free(&x);
    array_free(&y);
    array_free(&starts);
    return object;
}

static bool put_shapes(struct memory_set *set, const struct layer *layer)
{
    char name[64];
    SAHooks ours = hooks();
    bool points = layer->geometry == LAYER_POINTS;
    snprintf(name, sizeof name, "%p.shp", (void *)set);
    SHPHandle file = SHPCreateLL(name, points ? SHPT_POINT : SHPT_POLYGON, &ours);
    bool done = file != NULL;
    for (size_t i = 0; done && i < layer->row_count; i++) {
        SHPObject *object =
            points ? SHPCreateSimpleObject(SHPT_POINT, 1, &layer->x[i], &layer->y[i], NULL)
                   : object_of(&layer->shapes[i], &set->failure);
        done = object != NULL && SHPWriteObject(file, -1, object) >= 0
               && !set->files[PART_SHP].failed && !set->files[PART_SHX].failed;
        if (object != NULL)
            SHPDestroyObject(object);
    }
    if (file != NULL)
        SHPClose(file);
    return done;
}

/* ---- attributes ---- */

static bool is_vowel(char c)
{
    return c != '\0' && strchr("aeiou", c) != NULL;
}

static bool is_taken(const char *name, const char (*taken)[SHAPEFILE_NAME], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(taken[i], name) == 0)
            return true;
    return false;
}

void shapefile_short_name(char into[SHAPEFILE_NAME], const char *name,
                          const char (*taken)[SHAPEFILE_NAME], size_t count)
{
    char word[LAYER_NAME + 8];
    snprintf(word, sizeof word, "%s", name);
    size_t length = strlen(word);
    for (size_t i = length; i > 1 && length >= SHAPEFILE_NAME; i--)
        if (is_vowel(word[i - 1])) {
            memmove(word + i - 1, word + i, length - i + 1);
            length--;
        }
    memcpy(into, word, SHAPEFILE_NAME - 1);
    into[SHAPEFILE_NAME - 1] = '\0';
    for (int number = 1; is_taken(into, taken, count); number++) {
        char tail[16];
        size_t digits = (size_t)snprintf(tail, sizeof tail, "_%d", number);
        size_t most = SHAPEFILE_NAME - 1 - digits, kept = length < most ? length : most;
        memcpy(into + kept, tail, digits + 1);
    }
}

/* A field of the table and what it is filled from. */
struct field {
    size_t column;
    bool is_date; /* of a MOMENT: its date, not its text */
    char type;
    int width, decimals;
};

struct fields {
    struct field items[FIELDS_MOST];
    char names[FIELDS_MOST][SHAPEFILE_NAME];
    size_t count;
};

/* At most TEXT_MOST bytes of whole characters. */
static size_t fitting(const char *text)
{
    size_t length = strlen(text);
    if (length <= TEXT_MOST)
        return length;
    for (length = TEXT_MOST; length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80; length--)
        ;
    return length;
}

static int width_of(const struct layer *layer, size_t column)
{
    char buffer[LAYER_CELL];
    size_t width = 1;
    for (size_t i = 0; i < layer->row_count; i++) {
        size_t length = fitting(layer_cell(buffer, layer, column, i));
        width = length > width ? length : width;
    }
    return (int)width;
}

static bool add_field(struct fields *fields, const struct layer *layer, struct field field)
{
    char name[LAYER_NAME + 8];
    if (fields->count == FIELDS_MOST)
        return false;
    snprintf(name, sizeof name, "%s%s", layer->columns[field.column].name,
             field.is_date ? "_date" : "");
    shapefile_short_name(fields->names[fields->count], name,
                         (const char(*)[SHAPEFILE_NAME])fields->names, fields->count);
    fields->items[fields->count++] = field;
    return true;
}

static bool list_fields(struct fields *fields, const struct layer *layer)
{
    for (size_t c = 0; c < layer->column_count; c++) {
        const struct layer_column *column = &layer->columns[c];
        bool number = column->kind == LAYER_WHOLE || column->kind == LAYER_REAL;
        int decimals = column->kind == LAYER_REAL ? column->decimals : 0;
        int width = width_of(layer, c);
        if (number && width <= decimals + 1)
            width = decimals + 2;
        if (!add_field(fields, layer, (struct field){c, false, number ? 'N' : 'C', width, decimals})
            || (column->kind == LAYER_MOMENT
                && !add_field(fields, layer, (struct field){c, true, 'D', DATE_WIDTH, 0})))
            return false;
    }
    return true;
}

static void put_value(DBFHandle file, int row, int field, const struct field *from,
                      const struct layer *layer)
{
    char buffer[LAYER_CELL], value[TEXT_MOST + LAYER_CELL];
    const char *cell = layer_cell(buffer, layer, from->column, (size_t)row);
    if (from->type == 'N')
        snprintf(value, sizeof value, "%*s", from->width, cell);
    else if (!from->is_date)
        snprintf(value, sizeof value, "%.*s", (int)fitting(cell), cell);
    else if (moment_precision(layer->columns[from->column].moments[row]) < PRECISION_DAY)
        snprintf(value, sizeof value, "00000000"); /* no date, to shapelib and to GDAL */
    else
        snprintf(value, sizeof value, "%.4s%.2s%.2s", cell, cell + 5, cell + 8);
    DBFWriteAttributeDirectly(file, row, field, value);
}

static bool put_table(DBFHandle file, const struct fields *fields, const struct layer *layer)
{
    struct civil made = moment_civil(moment_from_seconds(layer_made_at(), PRECISION_SECOND));
    DBFSetLastModifiedDate(file, made.year - 1900, made.month, made.day);
    for (size_t f = 0; f < fields->count; f++)
        if (DBFAddNativeFieldType(file, fields->names[f], fields->items[f].type,
                                  fields->items[f].width, fields->items[f].decimals)
            < 0)
            return false;
    for (size_t i = 0; i < layer->row_count; i++)
        for (size_t f = 0; f < fields->count; f++)
            put_value(file, (int)i, (int)f, &fields->items[f], layer);
    return true;
}

static bool put_attributes(struct memory_set *set, const struct layer *layer)
{
    char name[64];
    SAHooks ours = hooks();
    struct fields *fields;
    if (!array_new(&fields, 1, sizeof *fields, &set->failure))
        return false;
    snprintf(name, sizeof name, "%p.dbf", (void *)set);
    DBFHandle file = list_fields(fields, layer) ? DBFCreateLL(name, NULL, &ours) : NULL;
    bool done = file != NULL && put_table(file, fields, layer);
    if (file != NULL)
        DBFClose(file);
    array_free(&fields);
    return done;
}

/* ---- the set ---- */

static bool write_part(const struct memory_file *file, const char *path, struct error *error)
{
    struct output output;
    if (!output_open(&output, path, error))
        return false;
    fwrite(file->bytes, 1, file->size, output.stream);
    return output_commit(&output, error);
}

static bool write_parts(const struct memory_set *set, const char *shp_path, struct error *error)
{
    bool done = true;
    for (int p = 0; done && p < PARTS; p++) {
        struct text path = {0};
        text_add_bytes(&path, shp_path, strlen(shp_path) - strlen(EXTENSIONS[PART_SHP]));
        text_add(&path, "%s", EXTENSIONS[p]);
        done = text_check(&path, error) && write_part(&set->files[p], path.bytes, error);
        text_free(&path);
    }
    return done;
}

static bool write_out(const struct memory_set *set, const char *path, struct error *error)
{
    const char *dot = strrchr(text_file_name(path), '.');
    struct text named = {0};
    struct stage stage = {.lock = -1};
    text_add_bytes(&named, path,
                   dot != NULL && text_equal(dot, ".shp") ? (size_t)(dot - path) : strlen(path));
    text_add(&named, "%s", EXTENSIONS[PART_SHP]);
    bool done = text_check(&named, error) && stage_open(&stage, named.bytes, error)
                && write_parts(set, stage.path, error);
    text_free(&named);
    return stage_close(&stage, done, error);
}

static bool put_parts(struct memory_set *set, const struct layer *layer,
                      const struct reference *reference)
{
    for (int p = 0; p < PARTS; p++)
        set->files[p].failure = &set->failure;
    memory_put(&set->files[PART_PRJ], reference->esri_wkt);
    memory_put(&set->files[PART_CPG], "UTF-8");
    if (layer->row_count > INT_MAX || !put_shapes(set, layer) || !put_attributes(set, layer))
        return false;
    for (int p = 0; p < PARTS; p++) /* closing a file writes, too */
        if (set->files[p].failed)
            return false;
    return true;
}

static bool cannot_be_made(const struct memory_set *set, const char *path, struct error *error)
{
    if (set->failure.kind == ERROR_NONE)
        return error_set(error, ERROR_CANNOT_WRITE,
                         "%s: the shapefile cannot be made: it is larger than 2 GB, or has over "
                         "255 fields; take gpkg",
                         path);
    if (error != NULL)
        *error = set->failure;
    return false;
}

bool shapefile_write(const char *path, const struct layer *layer, const struct reference *reference,
                     struct error *error)
{
    struct memory_set set = {0};
    if (path == NULL || strcmp(path, "-") == 0)
        return error_set(error, ERROR_USAGE,
                         "a shapefile is several files, which standard output has no room for; "
                         "name one with -o");
    if (layer->geometry == LAYER_PLAIN)
        return error_set(error, ERROR_USAGE, "%s has no places for a shapefile; take csv",
                         layer->name);
    bool done = put_parts(&set, layer, reference) ? write_out(&set, path, error)
                                                  : cannot_be_made(&set, path, error);
    for (int p = 0; p < PARTS; p++)
        array_free(&set.files[p].bytes);
    return done;
}
