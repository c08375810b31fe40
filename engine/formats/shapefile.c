/* Reads boundary shapefiles by shapelib, behind a guard that looks at every length first. */
#include "engine/formats/shapefile.h"

#include "engine/core/text.h"
#include "engine/formats/attributes.h"
#include "engine/formats/prj.h"
#include "engine/formats/rings.h"
#include "engine/formats/shapeguard.h"

#include <shapefil.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is read at most, so that the whole stays under 1 GB: the bytes, the coordinates (as large
 * again), and what a record costs beside them. */
enum { MOST_BYTES = 450000000, MOST_MEMORY = 950000000, RECORD_COST = 256 };

/* A file in memory, as shapelib reads it. */
struct memory_file {
    const char *bytes;
    size_t size, at;
};

/* The two files that shapelib opens. Its hooks know a file by its name alone, so the name is the
 * address of this struct. */
struct memory_set {
    struct memory_file shp, shx;
};

static SAFile memory_open(const char *name, const char *access)
{
    void *address = NULL;
    const char *extension = strrchr(name, '.');
    if (access[0] != 'r' || extension == NULL || sscanf(name, "%p", &address) != 1)
        return NULL;
    struct memory_set *set = address;
    struct memory_file *file = strcmp(extension, ".shp") == 0   ? &set->shp
                               : strcmp(extension, ".shx") == 0 ? &set->shx
                                                                : NULL;
    if (file != NULL)
        file->at = 0;
    return (SAFile)(void *)file;
}

static SAOffset memory_read(void *into, SAOffset size, SAOffset count, SAFile handle)
{
    struct memory_file *file = (void *)handle;
    size_t left = file->at < file->size ? file->size - file->at : 0;
    size_t items = size > 0 ? left / size : 0;
    if (items > count)
        items = count;
    if (items > 0)
        memcpy(into, file->bytes + file->at, items * size);
    file->at += items * size;
    return items;
}

static SAOffset memory_write(void *from, SAOffset size, SAOffset count, SAFile handle)
{
    (void)from, (void)size, (void)count, (void)handle;
    return 0;
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

/* shapelib would print; what it meets here was looked at before. */
static void stay_silent(const char *message)
{
    (void)message;
}

static SHPHandle open_in_memory(struct memory_set *set)
{
    char name[64];
    SAHooks hooks = {.FOpen = memory_open,
                     .FRead = memory_read,
                     .FWrite = memory_write,
                     .FSeek = memory_seek,
                     .FTell = memory_tell,
                     .FFlush = memory_flush,
                     .FClose = memory_flush,
                     .Remove = memory_remove,
                     .Error = stay_silent,
                     .Atof = atof};
    snprintf(name, sizeof name, "%p.shp", (void *)set);
    return SHPOpenLL(name, "rb", &hooks);
}

static void put_big_endian(char *bytes, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (char)(value >> (24 - 8 * i) & 0xFF);
}

/* A .shx that agrees with the records that were found. */
static bool make_shx(struct file_bytes *shx, const struct shape_index *index, const char *header,
                     struct error *error)
{
    size_t size = SHAPE_HEADER + 8 * index->count;
    *shx = (struct file_bytes){0};
    if (!array_new(&shx->bytes, size, 1, error))
        return false;
    shx->size = size;
    memcpy(shx->bytes, header, SHAPE_HEADER);
    put_big_endian(shx->bytes + 24, (uint32_t)(size / 2));
    for (size_t i = 0; i < index->count; i++) {
        char *entry = shx->bytes + SHAPE_HEADER + 8 * i;
        put_big_endian(entry, index->records[i].start / 2);
        put_big_endian(entry + 4, index->records[i].length / 2);
    }
    return true;
}

/* One reading of a file's shapes. */
struct reader {
    const struct shape_files *files;
    struct shape_index index;
    struct file_bytes shx;
    struct memory_set set;
    SHPHandle handle;
    struct rings_report rings;
    size_t nulls, others; /* records passed over: without a shape, and of another kind */
};

static void reader_close(struct reader *reader)
{
    if (reader->handle != NULL)
        SHPClose(reader->handle);
    file_free(&reader->shx);
    shape_index_free(&reader->index);
}

static bool reader_index(struct reader *reader, struct error *error)
{
    const struct shape_files *files = reader->files;
    if (!shapeguard_index(&reader->index, files, error))
        return false;
    uint64_t memory = 2 * (uint64_t)files->shp->size + (uint64_t)reader->index.count * RECORD_COST;
    return memory <= MOST_MEMORY
           || error_set(
               error, ERROR_DATA,
               "%s: with %zu records this would take more than 1 GB of memory; cut out the "
               "part that is needed",
               files->path, reader->index.count);
}

/* Hands the bytes to shapelib, with a header that tells their true length. */
static bool reader_open(struct reader *reader, struct file_bytes *shp, struct error *error)
{
    put_big_endian(shp->bytes + 24, (uint32_t)(shp->size / 2));
    if (!make_shx(&reader->shx, &reader->index, shp->bytes, error))
        return false;
    reader->set.shp = (struct memory_file){.bytes = shp->bytes, .size = shp->size};
    reader->set.shx = (struct memory_file){.bytes = reader->shx.bytes, .size = reader->shx.size};
    reader->handle = open_in_memory(&reader->set);
    return reader->handle != NULL
           || error_set(error, ERROR_DATA, "%s: shapelib cannot open it; fetch it again",
                        reader->files->path);
}

/* With room to close every ring. */
static bool take_object(struct shape *shape, const SHPObject *object, struct error *error)
{
    size_t points = (size_t)object->nVertices, parts = (size_t)object->nParts;
    if (!shape_new(shape, points + parts, parts, error))
        return false;
    memcpy(shape->x, object->padfX, points * sizeof *shape->x);
    memcpy(shape->y, object->padfY, points * sizeof *shape->y);
    for (size_t i = 0; i < parts; i++)
        shape->ring_starts[i] = (size_t)object->panPartStart[i];
    shape->ring_starts[parts] = points;
    shape->point_count = points;
    return true;
}

/* Reads record `number`; a shape without points is one to pass over. */
static bool reader_shape(struct shape *shape, enum shape_kind *kind, struct reader *reader,
                         size_t number, struct error *error)
{
    *shape = (struct shape){0};
    if (!shapeguard_record(kind, &reader->index, number, reader->files, error))
        return false;
    reader->nulls += *kind == SHAPE_NONE;
    if (*kind != SHAPE_POLYGON && *kind != SHAPE_LINE)
        return true;
    SHPObject *object = SHPReadObject(reader->handle, (int)number);
    bool good = object != NULL && object->nVertices > 0 && object->nParts > 0;
    bool done = good
                    ? take_object(shape, object, error)
                    : error_set(error, ERROR_DATA, "%s: record %zu cannot be read; repair the file",
                                reader->files->path, number + 1);
    SHPDestroyObject(object);
    if (done && *kind == SHAPE_POLYGON)
        rings_clean(shape, &reader->rings);
    return done;
}

static void note_rings(const struct reader *reader)
{
    struct notes *notes = reader->files->notes;
    const char *path = reader->files->path;
    if (notes == NULL)
        return;
    if (reader->nulls > 0)
        notes_add(notes, "%s: records without a shape: %zu", path, reader->nulls);
    if (reader->rings.closed > 0)
        notes_add(notes, "%s: rings that were open and are closed now: %zu", path,
                  reader->rings.closed);
    if (reader->rings.dropped > 0)
        notes_add(notes, "%s: rings without area that are left out: %zu", path,
                  reader->rings.dropped);
}

static bool add_record(struct jurisdictions *into, struct attributes *attributes, size_t record,
                       struct shape *shape, struct error *error)
{
    struct jurisdiction item = {.shape = *shape};
    *shape = (struct shape){0};
    if (!attributes_take(&item, attributes, record, error)) {
        jurisdiction_free(&item);
        return false;
    }
    return jurisdictions_add(into, &item, error);
}

static bool add_records(struct jurisdictions *into, struct reader *reader,
                        struct attributes *attributes, struct error *error)
{
    size_t deleted = 0;
    struct notes *notes = reader->files->notes;
    for (size_t i = 0; i < reader->index.count; i++) {
        struct shape shape;
        enum shape_kind kind;
        if (attributes_deleted(attributes, i)) {
            deleted++;
            continue;
        }
        bool done = reader_shape(&shape, &kind, reader, i, error);
        reader->others += done && kind != SHAPE_POLYGON && kind != SHAPE_NONE;
        if (done && kind == SHAPE_POLYGON && shape.ring_count > 0)
            done = add_record(into, attributes, i, &shape, error);
        else if (done && kind == SHAPE_POLYGON)
            reader->nulls++;
        shape_free(&shape);
        if (!done)
            return false;
    }
    if (deleted > 0 && notes != NULL)
        notes_add(notes, "%s: records marked as deleted that are left out: %zu",
                  reader->files->path, deleted);
    if (reader->others > 0 && notes != NULL)
        notes_add(notes, "%s: records that are no polygons and are left out: %zu",
                  reader->files->path, reader->others);
    return true;
}

static void note_codes(const struct jurisdictions *read, const char *path, struct notes *notes)
{
    size_t without = 0;
    for (size_t i = 0; i < read->count; i++)
        without += read->items[i].code[0] == '\0';
    if (read->code_field != NULL && without > 0 && notes != NULL)
        notes_add(notes, "%s: records without a code, which go by their name: %zu", path, without);
}

static bool check_polygons(const struct reader *reader, struct error *error)
{
    const char *path = reader->files->path;
    switch (shape_kind_of(reader->index.type)) {
    case SHAPE_POLYGON:
        return true;
    case SHAPE_NONE:
        return error_set(error, ERROR_DATA,
                         "%s: holds no shapes at all, only null shapes; name a file of polygons",
                         path);
    case SHAPE_POINT:
    case SHAPE_MULTIPOINT:
        return error_set(error, ERROR_DATA,
                         "%s: holds points, not polygons; boundaries are polygons, and incidents "
                         "are named with --incidents, as CSV",
                         path);
    case SHAPE_LINE:
        return error_set(error, ERROR_DATA,
                         "%s: holds lines, not polygons; name a file of polygons, or make polygons "
                         "of the lines",
                         path);
    case SHAPE_MULTIPATCH:
        return error_set(error, ERROR_DATA,
                         "%s: holds surfaces in space (multipatch), not polygons; write it anew as "
                         "polygons",
                         path);
    case SHAPE_UNKNOWN:
        break;
    }
    return error_set(
        error, ERROR_DATA,
        "%s: its header names a kind of shape that does not exist (%u); fetch it again", path,
        (unsigned)reader->index.type);
}

static bool take_crs(struct jurisdictions *into, const struct shapefile_parts *parts,
                     const char *asked, struct error *error)
{
    into->crs = asked != NULL ? text_copy(asked, strlen(asked), error)
                              : prj_text(&parts->prj, parts->path, error);
    return into->crs != NULL;
}

static bool read_polygons(struct jurisdictions *into, struct reader *reader,
                          struct attributes *attributes, struct error *error)
{
    const struct shape_files *files = reader->files;
    if (!add_records(into, reader, attributes, error))
        return false;
    note_rings(reader);
    if (into->count == 0)
        return error_set(error, ERROR_DATA,
                         "%s: holds no polygons (%zu records); name a file that does", files->path,
                         reader->index.count);
    into->name_field = attributes->name_field;
    into->code_field = attributes->code_field;
    attributes->name_field = attributes->code_field = NULL;
    note_codes(into, files->path, files->notes);
    return true;
}

bool shapefile_read_parts(struct jurisdictions *into, struct shapefile_parts *parts,
                          const struct boundary_options *options, struct error *error)
{
    struct shape_files files = {parts->path, &parts->shp, &parts->shx, options->notes};
    struct reader reader = {.files = &files};
    struct attributes attributes = {0};
    *into = (struct jurisdictions){0};
    bool done = reader_index(&reader, error) && check_polygons(&reader, error);
    struct attribute_options wishes = {.path = parts->path,
                                       .record_count = reader.index.count,
                                       .name_field = options->name_field,
                                       .code_field = options->code_field,
                                       .cpg = &parts->cpg,
                                       .notes = options->notes};
    done = done && take_crs(into, parts, options->crs, error)
           && attributes_read(&attributes, &parts->dbf, &wishes, error)
           && reader_open(&reader, &parts->shp, error)
           && read_polygons(into, &reader, &attributes, error);
    attributes_free(&attributes);
    reader_close(&reader);
    if (!done)
        jurisdictions_free(into);
    return done;
}

void shapefile_parts_free(struct shapefile_parts *parts)
{
    file_free(&parts->shp);
    file_free(&parts->shx);
    file_free(&parts->dbf);
    file_free(&parts->prj);
    file_free(&parts->cpg);
}

/* A part that is not there stays without bytes. */
static bool load_part(struct file_bytes *part, const char *path, const char *extension, size_t most,
                      struct error *error)
{
    struct error missing = {0};
    char *sibling = file_sibling(path, extension, &missing);
    if (sibling == NULL)
        return missing.kind == ERROR_NONE || error_set(error, missing.kind, "out of memory");
    bool done = file_read_regular(part, sibling, most, error);
    free(sibling);
    return done;
}

static bool load_shapes(struct shapefile_parts *parts, const char *path, struct error *error)
{
    enum { MOST_PRJ = 65536 };
    parts->path = path;
    return file_read_regular(&parts->shp, path, MOST_BYTES, error)
           && load_part(&parts->shx, path, ".shx", MOST_BYTES / 8, error)
           && load_part(&parts->prj, path, ".prj", MOST_PRJ, error);
}

static bool load_table(struct shapefile_parts *parts, struct error *error)
{
    enum { MOST_DBF = 256000000, MOST_CPG = 4096 };
    return load_part(&parts->dbf, parts->path, ".dbf", MOST_DBF, error)
           && load_part(&parts->cpg, parts->path, ".cpg", MOST_CPG, error);
}

bool shapefile_read(struct jurisdictions *into, const char *path,
                    const struct boundary_options *options, struct error *error)
{
    struct shapefile_parts parts = {0};
    *into = (struct jurisdictions){0};
    bool done = load_shapes(&parts, path, error) && load_table(&parts, error)
                && shapefile_read_parts(into, &parts, options, error);
    shapefile_parts_free(&parts);
    return done;
}

bool shapefile_recognised(const char *bytes, size_t length)
{
    return shapeguard_recognised(bytes, length);
}

/* The names of a base layer are welcome and not needed: a table that cannot be read leaves none. */
static bool read_names(struct attributes *names, const struct shapefile_parts *parts,
                       size_t record_count, struct notes *notes, struct error *error)
{
    const struct attribute_options options = {
        .path = parts->path, .record_count = record_count, .cpg = &parts->cpg};
    struct error unreadable = {0};
    if (parts->dbf.size > 0 && attributes_read(names, &parts->dbf, &options, &unreadable))
        return true;
    if (unreadable.kind == ERROR_INTERNAL) /* not the table's fault */
        return error_set(error, ERROR_INTERNAL, "out of memory");
    return notes == NULL
           || notes_add(notes,
                        "%s: it has no table (.dbf) that can be read, so nothing in it is named",
                        parts->path)
           || error_set(error, ERROR_INTERNAL, "out of memory");
}

static bool add_named_shape(struct jurisdictions *into, struct attributes *names, size_t record,
                            struct shape *shape, struct error *error)
{
    char **column = names->choice.names;
    struct jurisdiction item = {.shape = *shape};
    *shape = (struct shape){0};
    item.code = text_copy("", 0, error);
    if (column != NULL && column[record] != NULL) {
        item.name = column[record];
        column[record] = NULL;
    } else {
        item.name = text_copy("", 0, error);
    }
    if (item.code != NULL && item.name != NULL)
        return jurisdictions_add(into, &item, error);
    jurisdiction_free(&item);
    return false;
}

static bool add_shapes(struct jurisdictions *into, struct reader *reader, struct attributes *names,
                       struct error *error)
{
    for (size_t i = 0; i < reader->index.count; i++) {
        struct shape shape;
        enum shape_kind kind;
        if (!reader_shape(&shape, &kind, reader, i, error))
            return false;
        bool wanted = kind == SHAPE_LINE || kind == SHAPE_POLYGON;
        reader->others += !wanted && kind != SHAPE_NONE;
        bool done = shape.ring_count == 0 || add_named_shape(into, names, i, &shape, error);
        shape_free(&shape);
        if (!done)
            return false;
    }
    note_rings(reader);
    if (reader->others > 0 && reader->files->notes != NULL)
        notes_add(reader->files->notes,
                  "%s: records that are neither lines nor polygons and are left out: %zu",
                  reader->files->path, reader->others);
    return true;
}

/* A base layer without a known system is for the caller to judge. */
static bool take_own_crs(struct jurisdictions *into, const struct shapefile_parts *parts,
                         struct notes *notes, struct error *error)
{
    struct error unknown = {0};
    into->crs = prj_text(&parts->prj, parts->path, &unknown);
    if (into->crs == NULL && unknown.kind == ERROR_INTERNAL)
        return error_set(error, unknown.kind, "out of memory");
    if (into->crs == NULL && notes != NULL)
        notes_add(notes, "%s: its reference system is not known, for want of a .prj", parts->path);
    return true;
}

bool shapefile_read_shapes_parts(struct jurisdictions *into, struct shapefile_parts *parts,
                                 struct notes *notes, struct error *error)
{
    struct shape_files files = {parts->path, &parts->shp, &parts->shx, notes};
    struct reader reader = {.files = &files};
    struct attributes names = {0};
    *into = (struct jurisdictions){0};
    bool done = take_own_crs(into, parts, notes, error) && reader_index(&reader, error)
                && reader_open(&reader, &parts->shp, error);
    done = done && read_names(&names, parts, reader.index.count, notes, error)
           && add_shapes(into, &reader, &names, error);
    attributes_free(&names);
    reader_close(&reader);
    if (!done)
        jurisdictions_free(into);
    return done;
}

bool shapefile_read_shapes(struct jurisdictions *into, const char *path, struct notes *notes,
                           struct error *error)
{
    struct shapefile_parts parts = {0};
    *into = (struct jurisdictions){0};
    bool done = load_shapes(&parts, path, error) && load_table(&parts, error)
                && shapefile_read_shapes_parts(into, &parts, notes, error);
    shapefile_parts_free(&parts);
    return done;
}
