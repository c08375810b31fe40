/* Checks the bytes of a .shp and its .shx before a library sees them: every length, count and index
 * against the file's size. */
#include "engine/formats/shapeguard.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ESRI Shapefile Technical Description (July 1998). Lengths there are counted in 16-bit words. */
enum { FILE_CODE = 9994, FILE_VERSION = 1000, RECORD_HEADER = 8, PARTS_AT = 44, INDEX_ENTRY = 8 };

/* Farther than any reference system reaches; areas of smaller numbers do not overflow. */
static const double FARTHEST = 1e15;

uint32_t little_endian(const char *bytes)
{
    const unsigned char *b = (const unsigned char *)bytes;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

uint32_t big_endian(const char *bytes)
{
    const unsigned char *b = (const unsigned char *)bytes;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | (uint32_t)b[3];
}

static double little_endian_double(const char *bytes)
{
    uint64_t bits = (uint64_t)little_endian(bytes + 4) << 32 | little_endian(bytes);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

enum shape_kind shape_kind_of(uint32_t type)
{
    static const enum shape_kind KINDS[10] = {
        SHAPE_UNKNOWN, SHAPE_POINT,   SHAPE_UNKNOWN, SHAPE_LINE,       SHAPE_UNKNOWN,
        SHAPE_POLYGON, SHAPE_UNKNOWN, SHAPE_UNKNOWN, SHAPE_MULTIPOINT, SHAPE_UNKNOWN};
    if (type == 0)
        return SHAPE_NONE;
    if (type == 31)
        return SHAPE_MULTIPATCH;
    return type < 30 ? KINDS[type % 10] : SHAPE_UNKNOWN; /* + 10 has heights, + 20 measures */
}

static bool has_heights(uint32_t type)
{
    return type > 10 && type < 20;
}

bool shapeguard_recognised(const char *bytes, size_t length)
{
    return length >= 32 && big_endian(bytes) == FILE_CODE
           && little_endian(bytes + 28) == FILE_VERSION;
}

static uint64_t claimed_length(const struct file_bytes *file)
{
    return 2 * (uint64_t)big_endian(file->bytes + 24);
}

static bool claims_more(const struct file_bytes *file)
{
    return claimed_length(file) > file->size;
}

/* Where the file ends by its own header, or by its size where the header cannot be right. */
static size_t claimed_end(const struct file_bytes *file)
{
    uint64_t claimed = claimed_length(file);
    return claimed >= SHAPE_HEADER && !claims_more(file) ? (size_t)claimed : file->size;
}

/* The record whose header stands at `start`; false when it does not lie within the file. */
static bool record_at(struct shape_record *record, const struct file_bytes *shp, uint64_t start)
{
    if (start < SHAPE_HEADER || start + RECORD_HEADER > shp->size)
        return false;
    uint64_t length = 2 * (uint64_t)big_endian(shp->bytes + start + 4);
    *record = (struct shape_record){(uint32_t)start, (uint32_t)length};
    return length >= 4 && start + RECORD_HEADER + length <= shp->size;
}

static uint32_t record_end(const struct shape_record *record)
{
    return record->start + RECORD_HEADER + record->length;
}

/* Counts the records from the first to the file's end and, where `records` is not NULL, keeps them.
 * False, with *count the records before it, at one that does not fit. */
static bool walk(size_t *count, struct shape_record *records, const struct file_bytes *shp)
{
    size_t at = SHAPE_HEADER, end = claimed_end(shp);
    for (*count = 0; at + RECORD_HEADER <= end && *count <= SHAPE_MOST_RECORDS; ++*count) {
        struct shape_record record;
        if (!record_at(&record, shp, at))
            return false;
        if (records != NULL)
            records[*count] = record;
        at = record_end(&record);
    }
    return true;
}

static bool index_by_walk(struct shape_index *index, const struct shape_files *files,
                          struct error *error)
{
    size_t count;
    if (claims_more(files->shp))
        return error_set(error, ERROR_DATA,
                         "%s: the .shp is shorter than its header says, so it is cut off; fetch it "
                         "again",
                         files->path);
    if (!walk(&count, NULL, files->shp))
        return error_set(
            error, ERROR_DATA,
            "%s: record %zu of the .shp does not fit the file, which is damaged; fetch "
            "it again",
            files->path, count + 1);
    if (count > SHAPE_MOST_RECORDS)
        return error_set(error, ERROR_DATA,
                         "%s: more than %d records; cut out the part that is needed", files->path,
                         SHAPE_MOST_RECORDS);
    if (!array_new_raw(&index->records, count, sizeof *index->records, error))
        return false;
    (void)walk(&index->count, index->records, files->shp); /* as they were counted */
    return true;
}

static int compare_starts(const void *a, const void *b)
{
    uint32_t first = ((const struct shape_record *)a)->start,
             second = ((const struct shape_record *)b)->start;
    return (first > second) - (first < second);
}

/* Two entries on one record would let a small file become any number of shapes. */
static bool apart(bool *are_apart, const struct shape_index *index, struct error *error)
{
    struct shape_record *sorted;
    if (!array_new_raw(&sorted, index->count, sizeof *sorted, error))
        return false;
    if (index->count > 0)
        memcpy(sorted, index->records, index->count * sizeof *sorted);
    qsort(sorted, index->count, sizeof *sorted, compare_starts);
    *are_apart = true;
    for (size_t i = 1; i < index->count && *are_apart; i++)
        *are_apart = sorted[i].start >= record_end(&sorted[i - 1]);
    array_free(&sorted);
    return true;
}

/* How many entries the .shx has; false when its header or size cannot be right. */
static bool shx_entries(size_t *count, const struct file_bytes *shx)
{
    if (shx->size < SHAPE_HEADER || big_endian(shx->bytes) != FILE_CODE)
        return false;
    uint64_t claimed = claimed_length(shx);
    *count = (claimed - SHAPE_HEADER) / INDEX_ENTRY;
    return claimed >= SHAPE_HEADER && claimed <= shx->size && *count <= SHAPE_MOST_RECORDS;
}

/* Takes the .shx's order and offsets. The lengths are the .shp's own: some writers count the record
 * header in the .shx, and a .shx that claims more would let a reader run into what lies behind. */
static bool index_by_shx(bool *usable, struct shape_index *index, const struct shape_files *files,
                         struct error *error)
{
    *usable = shx_entries(&index->count, files->shx);
    if (!*usable)
        return true;
    if (!array_new_raw(&index->records, index->count, sizeof *index->records, error))
        return false;
    for (size_t i = 0; i < index->count && *usable; i++) {
        const char *entry = files->shx->bytes + SHAPE_HEADER + i * INDEX_ENTRY;
        *usable = record_at(&index->records[i], files->shp, 2 * (uint64_t)big_endian(entry));
    }
    return !*usable || apart(usable, index, error);
}

/* An index that lists less than there is: rewritten records leave their old bytes behind, so the
 * index is right; but an index without any entry lost them. */
static void compare_with_walk(bool *usable, const struct shape_index *index,
                              const struct shape_files *files)
{
    size_t count;
    if (!walk(&count, NULL, files->shp) || count <= index->count)
        return;
    if (index->count == 0)
        *usable = false;
    else if (files->notes != NULL)
        notes_add(files->notes,
                  "%s: the .shx lists %zu of the %zu records in the .shp; the others are left out",
                  files->path, index->count, count);
}

static bool check_header(struct shape_index *index, const struct shape_files *files,
                         struct error *error)
{
    const struct file_bytes *shp = files->shp;
    if (shp->size == 0)
        return error_set(error, ERROR_DATA, "%s: this file is empty", files->path);
    if (!shapeguard_recognised(shp->bytes, shp->size))
        return error_set(error, ERROR_DATA, "%s: this is no shapefile; name the file .shp of a set",
                         files->path);
    if (shp->size < SHAPE_HEADER)
        return error_set(error, ERROR_DATA,
                         "%s: cut off within its header, after %zu bytes; fetch it again",
                         files->path, shp->size);
    index->type = little_endian(shp->bytes + 32);
    return true;
}

bool shapeguard_index(struct shape_index *index, const struct shape_files *files,
                      struct error *error)
{
    bool usable = false;
    *index = (struct shape_index){0};
    if (!check_header(index, files, error))
        return false;
    bool there = files->shx->bytes != NULL;
    if (there && !index_by_shx(&usable, index, files, error))
        return false;
    if (usable)
        compare_with_walk(&usable, index, files);
    if (usable)
        return true;
    if (there && files->notes != NULL)
        notes_add(files->notes,
                  "%s: the .shx does not fit the .shp; the records are read in the order of the "
                  ".shp",
                  files->path);
    else if (files->notes != NULL)
        notes_add(files->notes, "%s: there is no .shx; the records are found by reading the .shp",
                  files->path);
    shape_index_free(&(struct shape_index){.records = index->records});
    index->records = NULL;
    return index_by_walk(index, files, error);
}

void shape_index_free(struct shape_index *index)
{
    array_free(&index->records);
    *index = (struct shape_index){0};
}

/* The parts begin at points 0 < second < third ..., all below the number of points. */
static bool parts_rise(const char *parts, uint32_t part_count, uint32_t point_count)
{
    if (little_endian(parts) != 0)
        return false;
    for (uint32_t i = 1; i < part_count; i++)
        if (little_endian(parts + 4 * (size_t)i) <= little_endian(parts + 4 * (size_t)(i - 1)))
            return false;
    return little_endian(parts + 4 * (size_t)(part_count - 1)) < point_count;
}

static bool all_finite(const char *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!(fabs(little_endian_double(numbers + 8 * i)) <= FARTHEST))
            return false;
    return true;
}

/* `format` takes the path and the record's number. */
static bool damaged(const struct shape_files *files, size_t number, const char *format,
                    struct error *error)
{
    return error_set(error, ERROR_DATA, format, files->path, number + 1);
}

bool shapeguard_record(enum shape_kind *kind, const struct shape_index *index, size_t number,
                       const struct shape_files *files, struct error *error)
{
    const struct shape_record *record = &index->records[number];
    const char *content = files->shp->bytes + record->start + RECORD_HEADER;
    uint32_t type = little_endian(content);
    *kind = shape_kind_of(type);
    if (*kind == SHAPE_UNKNOWN)
        return damaged(files, number,
                       N_("%s: record %zu is damaged (no such kind of shape); fetch the file again "
                          "or repair it"),
                       error);
    if (*kind != SHAPE_LINE && *kind != SHAPE_POLYGON)
        return true;
    if (record->length < PARTS_AT)
        return damaged(
            files, number,
            N_("%s: record %zu is damaged (too short); fetch the file again or repair it"), error);
    uint32_t parts = little_endian(content + 36), points = little_endian(content + 40);
    if (parts == 0 || points == 0) {
        *kind = SHAPE_NONE;
        return true;
    }
    uint64_t needed = PARTS_AT + 4 * (uint64_t)parts + 16 * (uint64_t)points;
    if (has_heights(type))
        needed += 16 + 8 * (uint64_t)points;
    if (needed > record->length)
        return damaged(files, number,
                       N_("%s: record %zu is damaged (it counts more points than it holds); fetch "
                          "the file again or repair it"),
                       error);
    if (!parts_rise(content + PARTS_AT, parts, points))
        return damaged(files, number,
                       N_("%s: record %zu is damaged (its parts are out of order); fetch the file "
                          "again or repair it"),
                       error);
    if (!all_finite(content + PARTS_AT + 4 * (size_t)parts, 2 * (size_t)points))
        return damaged(files, number,
                       N_("%s: record %zu is damaged (a coordinate that is no number or beyond any "
                          "place); fetch the file again or repair it"),
                       error);
    return true;
}
