/* Checks the bytes of a .shp and its .shx before a library sees them: every length, count and index
 * against the file's size. */
#ifndef PLEIN_FORMATS_SHAPEGUARD_H
#define PLEIN_FORMATS_SHAPEGUARD_H

#include "engine/core/files.h"

/* What a record holds, whatever its dimension: x y, with measures, or with heights. */
enum shape_kind {
    SHAPE_NONE, /* a null shape, or one without parts or points */
    SHAPE_POINT,
    SHAPE_LINE,
    SHAPE_POLYGON,
    SHAPE_MULTIPOINT,
    SHAPE_MULTIPATCH,
    SHAPE_UNKNOWN,
};
enum shape_kind shape_kind_of(uint32_t type);

/* Where a record stands in the .shp; it ends within the file and no other record overlaps it. */
struct shape_record {
    uint32_t start;  /* the first byte of its 8-byte header */
    uint32_t length; /* bytes of its content, behind that header */
};

struct shape_index {
    struct shape_record *records; /* in the order of the .dbf's rows */
    size_t count;
    uint32_t type; /* the file's, as its header says */
};

enum {
    SHAPE_HEADER = 100,          /* bytes before the first record, in both files */
    SHAPE_MOST_RECORDS = 1 << 22 /* more do not fit a file of the size that is read */
};

struct shape_files {
    const char *path;             /* of the .shp, for messages */
    const struct file_bytes *shp; /* less than 2^31 bytes */
    const struct file_bytes *shx; /* no bytes: there is none */
    struct notes *notes;          /* NULL: not wanted */
};

/* True when the bytes begin as a .shp (and a .shx) does. */
bool shapeguard_recognised(const char *bytes, size_t length);
/* Finds the records: where the .shx says when it fits the .shp, else by walking the .shp from
 * record to record, which a note says. ERROR_DATA when neither holds. Time O(records log records).
 */
bool shapeguard_index(struct shape_index *index, const struct shape_files *files,
                      struct error *error);
void shape_index_free(struct shape_index *index);
/* Looks through record `number` (from 0). Lines and polygons are checked to the last coordinate:
 * parts that rise from 0, counts that fit the record, finite numbers. ERROR_DATA names the record.
 */
bool shapeguard_record(enum shape_kind *kind, const struct shape_index *index, size_t number,
                       const struct shape_files *files, struct error *error);

/* Integers as they stand in a file, least or most significant byte first. */
uint32_t little_endian(const char *bytes);
uint32_t big_endian(const char *bytes);

#endif
