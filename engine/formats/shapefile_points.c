/* Reads the points of a shapefile, with their table, record by record. */
#include "engine/formats/shapefile_points.h"

#include "engine/formats/dbase.h"
#include "engine/formats/prj.h"
#include "engine/formats/shapeguard.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RECORD_HEAD = 8, DBF_NAME = 10 };

/* A file that is read from any place, mostly from one end to the other. */
struct part {
    FILE *stream; /* NULL: not there */
    uint64_t at, size;
};

struct point_file {
    const struct input *input;
    struct notes *notes;
    struct part shp, shx, dbf;
    struct file_bytes head; /* of the .dbf: its header, and rows to tell the encoding by */
    struct dbase dbase;     /* its rows are the current one alone */
    char *row;
    size_t header, row_count; /* of the .dbf */
    size_t number;            /* of the record, from 1 */
    uint64_t next;            /* where it begins, when there is no .shx */
    bool has_place;
    double place[2];
};

/* ---- files ---- */

static void part_close(struct part *part)
{
    if (part->stream != NULL)
        fclose(part->stream);
    *part = (struct part){0};
}

static bool measure(struct part *part)
{
    off_t size = fseeko(part->stream, 0, SEEK_END) == 0 ? ftello(part->stream) : -1;
    part->size = size > 0 ? (uint64_t)size : 0;
    part->at = 0;
    return size >= 0 && fseeko(part->stream, 0, SEEK_SET) == 0;
}

static bool open_bytes(struct part *part, const struct file_bytes *bytes)
{
    if (bytes->size == 0)
        return true;
    part->stream = fmemopen(bytes->bytes, bytes->size, "rb");
    return part->stream != NULL && measure(part);
}

/* A sibling that is no regular file might keep one waiting. */
static bool open_path(struct part *part, const char *path, struct error *error)
{
    int descriptor = file_open_regular(path, error);
    if (descriptor < 0)
        return false;
    part->stream = fdopen(descriptor, "rb");
    if (part->stream == NULL)
        close(descriptor);
    return (part->stream != NULL && measure(part))
           || error_set(error, ERROR_NO_INPUT, "%s: %s", path, strerror(errno));
}

static bool open_sibling(struct part *part, const struct input *input, const char *extension,
                         struct error *error)
{
    struct error missing = {0};
    char *path = file_sibling(input->path, extension, &missing);
    if (path == NULL)
        return missing.kind == ERROR_NONE || error_set(error, missing.kind, "out of memory");
    bool done = open_path(part, path, error);
    free(path);
    return done;
}

static bool open_parts(struct point_file *points, struct error *error)
{
    const struct input *input = points->input;
    if (input->is_plain)
        return open_path(&points->shp, input->path, error)
               && open_sibling(&points->shx, input, ".shx", error)
               && open_sibling(&points->dbf, input, ".dbf", error);
    return (open_bytes(&points->shp, &input->bytes)
            && open_bytes(&points->shx, &input->parts[INPUT_SHX])
            && open_bytes(&points->dbf, &input->parts[INPUT_DBF]))
           || error_set(error, ERROR_INTERNAL, "out of memory");
}

/* False when there is less. Seeking where one is would throw away what was read ahead. */
static bool read_at(struct part *part, uint64_t offset, char *into, size_t size)
{
    if (offset > part->size || part->size - offset < size)
        return false;
    if (part->at != offset && fseeko(part->stream, (off_t)offset, SEEK_SET) != 0)
        return false;
    bool done = fread(into, 1, size, part->stream) == size;
    part->at = done ? offset + size : UINT64_MAX;
    return done;
}

/* ---- records ---- */

static bool damaged(const struct point_file *points, struct error *error)
{
    return error_set(error, ERROR_DATA, "%s: record %zu cannot be read; repair the file",
                     points->input->shown, points->number);
}

/* *there is false behind the last. */
static bool find_record(bool *there, uint64_t *offset, struct point_file *points,
                        struct error *error)
{
    char entry[RECORD_HEAD];
    *offset = points->next;
    if (points->shx.stream == NULL) {
        *there = points->next < points->shp.size;
        return true;
    }
    uint64_t at = SHAPE_HEADER + (uint64_t)RECORD_HEAD * (points->number - 1);
    *there = at + RECORD_HEAD <= points->shx.size;
    if (!*there)
        return true;
    if (!read_at(&points->shx, at, entry, sizeof entry))
        return damaged(points, error);
    *offset = (uint64_t)big_endian(entry) * 2;
    return true;
}

static double read_double(const char *bytes)
{
    uint64_t bits = (uint64_t)little_endian(bytes + 4) << 32 | little_endian(bytes);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* A point, or a multipoint of one; a number that is none is no place. */
static bool take_place(struct point_file *points, const char *content, size_t length,
                       struct error *error)
{
    enum { POINT = 4, MULTIPOINT = 40, XY = 16, COUNT_AT = 36 };
    enum shape_kind kind = shape_kind_of(little_endian(content));
    size_t at = kind == SHAPE_MULTIPOINT ? MULTIPOINT : POINT;
    points->has_place = false;
    if (kind == SHAPE_NONE)
        return true;
    if (kind == SHAPE_MULTIPOINT && length >= MULTIPOINT) {
        uint32_t count = little_endian(content + COUNT_AT);
        if (count == 0)
            return true;
        if (count > 1)
            return error_set(error, ERROR_DATA,
                             "%s: record %zu has several points; write it anew with one each",
                             points->input->shown, points->number);
    } else if (kind != SHAPE_POINT) {
        return damaged(points, error);
    }
    if (length < at + XY)
        return damaged(points, error);
    points->place[0] = read_double(content + at);
    points->place[1] = read_double(content + at + XY / 2);
    points->has_place = isfinite(points->place[0]) && isfinite(points->place[1]);
    return true;
}

static bool read_record(struct point_file *points, uint64_t offset, struct error *error)
{
    enum { CONTENT = 56 }; /* as much of it as tells a place */
    char head[RECORD_HEAD], content[CONTENT];
    if (offset < SHAPE_HEADER || !read_at(&points->shp, offset, head, sizeof head))
        return damaged(points, error);
    uint64_t length = (uint64_t)big_endian(head + 4) * 2;
    uint64_t end = offset + RECORD_HEAD + length;
    size_t wanted = length < CONTENT ? (size_t)length : CONTENT;
    if (length < 4 || end > points->shp.size
        || !read_at(&points->shp, offset + RECORD_HEAD, content, wanted))
        return damaged(points, error);
    points->next = end;
    return take_place(points, content, wanted, error);
}

/* A row that is not there is one of blanks. */
static bool read_row(struct point_file *points, struct error *error)
{
    struct dbase *dbase = &points->dbase;
    size_t row = points->number - 1;
    dbase->row_count = row < points->row_count ? 1 : 0;
    return dbase->row_count == 0
           || read_at(&points->dbf, points->header + (uint64_t)row * dbase->row_length, points->row,
                      dbase->row_length)
           || error_set(error, ERROR_DATA, "%s: row %zu of its .dbf cannot be read",
                        points->input->shown, points->number);
}

static bool next_row(bool *there, void *state, struct error *error)
{
    struct point_file *points = state;
    uint64_t offset;
    do {
        points->number++;
        if (!find_record(there, &offset, points, error))
            return false;
        if (!*there)
            return true;
        if (!read_record(points, offset, error) || !read_row(points, error))
            return false;
    } while (dbase_is_deleted(&points->dbase, 0));
    return true;
}

static bool rewind_rows(void *state, struct error *error)
{
    struct point_file *points = state;
    (void)error;
    points->number = 0;
    points->next = SHAPE_HEADER;
    return true;
}

/* ---- cells ---- */

static bool is_digits(const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isdigit((unsigned char)text[i]))
            return false;
    return text[count] == '\0';
}

static void add_value(struct text *into, char type, const char *value)
{
    if (type == 'D' && is_digits(value, strnlen(value, 8)) && strlen(value) == 8)
        text_add(into, "%.4s-%.2s-%.2s", value, value + 4, value + 6);
    else if (type == 'L')
        text_add(into, "%s",
                 value[0] == '\0' || strchr("TtYyFfNn", value[0]) == NULL ? ""
                 : strchr("TtYy", value[0]) != NULL                       ? "true"
                                                                          : "false");
    else if (type != 'M' && !(value[0] == '*' && type != 'C')) /* ***: did not fit */
        text_add(into, "%s", value);
}

static bool print_cell(struct text *into, void *state, size_t column, struct error *error)
{
    struct point_file *points = state;
    char *value = dbase_cell(&points->dbase, column, 0, error);
    if (value == NULL)
        return false;
    add_value(into, points->dbase.fields[column].type, value);
    free(value);
    return true;
}

static bool find_point(double place[2], bool *there, void *state, struct error *error)
{
    const struct point_file *points = state;
    (void)error;
    *there = points->has_place;
    place[0] = points->place[0];
    place[1] = points->place[1];
    return true;
}

static void close_rows(void *state)
{
    struct point_file *points = state;
    part_close(&points->shp);
    part_close(&points->shx);
    part_close(&points->dbf);
    dbase_free(&points->dbase);
    file_free(&points->head);
    free(points->row);
    free(points);
}

/* ---- opening ---- */

static bool check_kind(struct point_file *points, struct error *error)
{
    char head[SHAPE_HEADER];
    if (!read_at(&points->shp, 0, head, sizeof head))
        return error_set(error, ERROR_DATA, "%s: cut off within its header; fetch it again",
                         points->input->shown);
    enum shape_kind kind = shape_kind_of(little_endian(head + 32));
    return kind == SHAPE_POINT || kind == SHAPE_MULTIPOINT || kind == SHAPE_NONE
           || error_set(error, ERROR_DATA,
                        "%s: holds %s; incidents are points, and areas are named with --boundaries",
                        points->input->shown,
                        message_part(kind == SHAPE_LINE ? N_("lines") : N_("areas")));
}

/* Record `number` (from 0) begins where the index says, by its own header. */
static bool is_record(struct point_file *points, uint64_t offset, size_t number, uint32_t length)
{
    char head[RECORD_HEAD];
    return read_at(&points->shp, offset, head, sizeof head) && big_endian(head) == number + 1
           && big_endian(head + 4) == length;
}

/* Whether records lie one behind another where the index says, or else say themselves which they
 * are. */
static bool index_fits(struct point_file *points)
{
    struct part *shx = &points->shx;
    char entry[RECORD_HEAD];
    uint64_t end = SHAPE_HEADER;
    if (shx->size < SHAPE_HEADER || (shx->size - SHAPE_HEADER) % RECORD_HEAD != 0)
        return false;
    for (size_t i = 0; i < (shx->size - SHAPE_HEADER) / RECORD_HEAD; i++) {
        if (!read_at(shx, SHAPE_HEADER + (uint64_t)RECORD_HEAD * i, entry, sizeof entry))
            return false;
        uint64_t offset = (uint64_t)big_endian(entry) * 2;
        if (offset != end && !is_record(points, offset, i, big_endian(entry + 4)))
            return false;
        end = offset + RECORD_HEAD + (uint64_t)big_endian(entry + 4) * 2;
        if (end > points->shp.size)
            return false;
    }
    return true;
}

/* An index that belongs to another file, or lies, is done without. */
static void check_index(struct point_file *points)
{
    if (points->shx.stream == NULL || index_fits(points))
        return;
    part_close(&points->shx);
    if (points->notes != NULL)
        notes_add(
            points->notes,
            "%s: the .shx does not fit the .shp; the records are read in the order of the .shp",
            points->input->shown);
}

/* The header, and some rows behind it. */
static bool read_head(struct point_file *points, struct error *error)
{
    enum { LOOKED_AT = 4 << 20 };
    struct part *dbf = &points->dbf;
    size_t size = dbf->size < LOOKED_AT ? (size_t)dbf->size : LOOKED_AT;
    if (!array_new_raw(&points->head.bytes, size + 1, 1, error))
        return false;
    points->head.size = size;
    points->head.bytes[size] = '\0';
    return read_at(dbf, 0, points->head.bytes, size)
           || error_set(error, ERROR_DATA, "%s: its .dbf cannot be read", points->input->shown);
}

/* A part that is not there stays without bytes. */
static bool load_part(struct file_bytes *part, const struct point_file *points,
                      const char *extension, size_t most, struct error *error)
{
    struct error missing = {0};
    char *path = file_sibling(points->input->path, extension, &missing);
    if (path == NULL)
        return missing.kind == ERROR_NONE || error_set(error, missing.kind, "out of memory");
    bool done = file_read_regular(part, path, most, error);
    free(path);
    return done;
}

static bool open_table(struct point_file *points, struct error *error)
{
    enum { MOST_CPG = 4096 };
    const struct input *input = points->input;
    struct file_bytes cpg = {0};
    struct dbase_options options = {
        .path = input->shown, .cpg = &input->parts[INPUT_CPG], .notes = points->notes};
    if (points->dbf.stream == NULL || points->dbf.size == 0)
        return true;
    bool done = read_head(points, error);
    if (done && input->is_plain) {
        options.cpg = &cpg;
        done = load_part(&cpg, points, ".cpg", MOST_CPG, error);
    }
    done = done && dbase_open(&points->dbase, &points->head, &options, error);
    file_free(&cpg);
    if (!done)
        return false;
    points->header = (size_t)(points->dbase.rows - points->head.bytes);
    uint64_t room = (points->dbf.size - points->header) / points->dbase.row_length;
    points->row_count = room < points->dbase.claimed ? (size_t)room : points->dbase.claimed;
    done = array_new(&points->row, points->dbase.row_length, 1, error);
    points->dbase.rows = points->row;
    points->dbase.row_count = 0;
    return done;
}

static bool list_columns(struct features *into, const struct point_file *points,
                         struct error *error)
{
    for (size_t i = 0; i < points->dbase.field_count; i++)
        if (!features_add_column(into, points->dbase.fields[i].name,
                                 points->dbase.fields[i].is_text, error))
            return false;
    return true;
}

/* Without a .prj, or with one that is none, the system is not told. */
static bool take_system(struct features *into, const struct point_file *points, struct error *error)
{
    enum { MOST_PRJ = 65536 };
    const struct input *input = points->input;
    struct file_bytes own = {0};
    struct error unknown = {0};
    into->place = FEATURES_XY;
    if (input->is_plain && !load_part(&own, points, ".prj", MOST_PRJ, error))
        return false;
    char *text =
        prj_text(input->is_plain ? &own : &input->parts[INPUT_PRJ], input->shown, &unknown);
    bool done = text == NULL || features_take_crs(into, text, error);
    if (unknown.kind == ERROR_INTERNAL)
        done = error_set(error, unknown.kind, "out of memory");
    free(text);
    file_free(&own);
    return done;
}

bool shapefile_points(struct features *into, struct input *input, const struct features_wish *wish,
                      struct error *error)
{
    static const struct features_format FORMAT = {
        .next = next_row,
        .rewind = rewind_rows,
        .cell = print_cell,
        .point = find_point,
        .close = close_rows,
    };
    struct point_file *points;
    *into = (struct features){.format = &FORMAT, .path = input->shown, .names_cut = DBF_NAME};
    if (!array_new(&points, 1, sizeof *points, error))
        return false;
    into->state = points;
    points->input = input;
    points->notes = wish->notes;
    points->next = SHAPE_HEADER;
    bool done = open_parts(points, error) && check_kind(points, error);
    if (done)
        check_index(points);
    if (done && open_table(points, error) && list_columns(into, points, error)
        && take_system(into, points, error))
        return true;
    features_close(into);
    return false;
}
