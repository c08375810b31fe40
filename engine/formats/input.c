/* Opens a file that a user names: takes off the gzip or zip around it, and tells by its content
 * what it is. */
#include "engine/formats/input.h"

#include "engine/core/text.h"
#include "engine/formats/gzip.h"
#include "engine/formats/input_kind.h"
#include "engine/formats/input_zip.h"
#include "engine/formats/zip_archive.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEAD = 512, MOST_WHOLE = 1 << 30, MOST_PART = 256 << 20, MOST_HELD = 64 << 20 };

/* Where the bytes come from: a descriptor, with or without gzip, a member of a zip, a child. */
struct input_source {
    int descriptor; /* -1: none */
    struct gzip *gzip;
    struct zip_archive *archive;
    size_t member; /* of the archive */
    bool has_child, at_end;
    struct input_child child;
    uint64_t at; /* byte that is read next */
};

/* ---- reading ---- */

static bool read_descriptor(size_t *got, const struct input *input, char *into, size_t size,
                            struct error *error)
{
    ssize_t step;
    do
        step = read(input->source->descriptor, into, size);
    while (step < 0 && errno == EINTR);
    if (step < 0)
        return error_set(error, ERROR_NO_INPUT, "%s: cannot be read: %s", input->shown,
                         strerror(errno));
    *got = (size_t)step;
    return true;
}

static size_t read_bytes(const struct input *input, char *into, size_t size)
{
    uint64_t at = input->source->at;
    size_t left = at < input->bytes.size ? input->bytes.size - (size_t)at : 0;
    size_t step = size < left ? size : left;
    if (step > 0)
        memcpy(into, input->bytes.bytes + at, step);
    return step;
}

/* How a child ended is told when its output does. */
static bool end_child(struct input_source *source, struct error *error)
{
    int descriptor = source->descriptor;
    source->descriptor = -1;
    return descriptor < 0
           || source->child.finish(source->child.state, descriptor, source->at_end, error);
}

static bool start_child(struct input_source *source, struct error *error)
{
    source->at_end = false;
    source->at = 0;
    source->descriptor = source->child.start(source->child.state, error);
    return source->descriptor >= 0;
}

static bool read_child(size_t *got, const struct input *input, char *into, size_t size,
                       struct error *error)
{
    struct input_source *source = input->source;
    *got = 0;
    if (source->at_end)
        return true;
    if ((source->descriptor < 0 && !start_child(source, error))
        || !read_descriptor(got, input, into, size, error))
        return false;
    source->at_end = *got == 0;
    return !source->at_end || end_child(source, error);
}

bool input_read(size_t *got, struct input *input, char *into, size_t size, struct error *error)
{
    struct input_source *source = input->source;
    bool done = true;
    *got = 0;
    if (input->bytes.bytes != NULL)
        *got = read_bytes(input, into, size);
    else if (source->has_child)
        done = read_child(got, input, into, size, error);
    else if (source->gzip != NULL)
        done = gzip_read(got, source->gzip, into, size, error);
    else if (source->archive != NULL)
        done = zip_archive_read(got, source->archive, into, size, error);
    else
        done = read_descriptor(got, input, into, size, error);
    source->at += *got;
    return done;
}

static bool rewind_file(struct input *input, struct error *error)
{
    return lseek(input->source->descriptor, 0, SEEK_SET) == 0
           || error_set(error, ERROR_NO_INPUT, "%s: cannot be read: %s", input->shown,
                        strerror(errno));
}

/* Back to the start. */
static bool start_again(struct input *input, struct error *error)
{
    struct input_source *source = input->source;
    source->at = 0;
    if (source->has_child) {
        struct error ignored = {0};
        end_child(source, &ignored);
        return start_child(source, error);
    }
    if (source->archive != NULL)
        return zip_archive_enter(source->archive, source->member, error);
    if (!rewind_file(input, error))
        return false;
    if (source->gzip == NULL)
        return true;
    gzip_close(source->gzip);
    source->gzip = gzip_open(source->descriptor, input->shown, error);
    return source->gzip != NULL;
}

/* Forward, where bytes can only be read one after another. */
static bool skip_to(struct input *input, uint64_t offset, struct error *error)
{
    char piece[8192];
    size_t got = 1;
    while (got > 0 && input->source->at < offset) {
        uint64_t left = offset - input->source->at;
        if (!input_read(&got, input, piece, left < sizeof piece ? (size_t)left : sizeof piece,
                        error))
            return false;
    }
    return true;
}

bool input_seek(struct input *input, uint64_t offset, struct error *error)
{
    struct input_source *source = input->source;
    if (input->bytes.bytes != NULL) {
        source->at = offset;
        return true;
    }
    bool is_file = !source->has_child && source->gzip == NULL && source->archive == NULL;
    if (is_file && lseek(source->descriptor, (off_t)offset, SEEK_SET) == (off_t)offset) {
        source->at = offset;
        return true;
    }
    return (source->at <= offset || start_again(input, error)) && skip_to(input, offset, error);
}

void input_close(struct input *input)
{
    struct input_source *source = input->source;
    struct error ignored = {0};
    if (source != NULL) {
        if (source->has_child) {
            end_child(source, &ignored);
            source->child.free(source->child.state);
        }
        gzip_close(source->gzip);
        zip_archive_close(source->archive);
        if (source->descriptor >= 0)
            close(source->descriptor);
        free(source);
    }
    for (int p = 0; p < INPUT_PARTS; p++)
        file_free(&input->parts[p]);
    file_free(&input->bytes);
    free(input->path);
    free(input->shown);
    free(input->layer);
    *input = (struct input){0};
}

/* ---- what is in it ---- */

static bool needs_whole(enum input_kind kind)
{
    return kind != INPUT_TEXT && kind != INPUT_JSON;
}

static bool read_head(char head[HEAD], size_t *length, struct input *input, struct error *error)
{
    size_t got = 1;
    *length = 0;
    while (got > 0 && *length < HEAD) {
        if (!input_read(&got, input, head + *length, HEAD - *length, error))
            return false;
        *length += got;
    }
    return input_seek(input, 0, error);
}

/* All that is left, when it is not more than so much: else *whole is empty. */
static bool read_whole(struct file_bytes *whole, struct input *input, size_t most,
                       struct error *error)
{
    struct capacity capacity = {0, 1};
    size_t got = 1;
    *whole = (struct file_bytes){0};
    while (got > 0 && whole->size <= most) {
        if (!array_reserve(&whole->bytes, &capacity, whole->size + 65536, error)
            || !input_read(&got, input, whole->bytes + whole->size, capacity.held - whole->size - 1,
                           error)) {
            file_free(whole);
            return false;
        }
        whole->size += got;
    }
    if (whole->size > most)
        file_free(whole);
    else
        whole->bytes[whole->size] = '\0';
    return true;
}

static void take_whole(struct input *input, const struct file_bytes *whole)
{
    input->bytes = *whole;
    input->source->at = 0;
}

/* What is read from any place must be had whole. */
static bool load_whole(struct input *input, struct error *error)
{
    struct file_bytes whole;
    if (!read_whole(&whole, input, MOST_WHOLE, error))
        return false;
    if (whole.bytes == NULL)
        return error_set(error, ERROR_DATA,
                         "%s: over 1 GB when it is unpacked; unpack it, and name what was in it",
                         input->shown);
    take_whole(input, &whole);
    return true;
}

/* ---- zip ---- */

/* Cuts "member" or "member:layer" off what stands behind the colon; SIZE_MAX when no member is
 * called so. */
static bool take_member(struct input *input, struct error *error)
{
    size_t length;
    size_t member = input_zip_named(&length, input->source->archive, input->layer);
    input->source->member = member;
    if (member == SIZE_MAX)
        return true;
    const char *behind = input->layer + length;
    char *rest = NULL;
    if (*behind == ':' && (rest = text_copy(behind + 1, strlen(behind + 1), error)) == NULL)
        return false;
    free(input->layer);
    input->layer = rest;
    return true;
}

/* "map/wijken.shp" and ".dbf": the member of that name, whatever its letters' case. */
static bool load_part(struct file_bytes *part, const struct input *input, const char *extension,
                      struct error *error)
{
    struct zip_archive *archive = input->source->archive;
    char name[1024];
    const char *shape = zip_archive_name(archive, input->source->member);
    size_t stem = strlen(shape) > 4 ? strlen(shape) - 4 : 0;
    if (stem + strlen(extension) >= sizeof name)
        return true;
    memcpy(name, shape, stem);
    memcpy(name + stem, extension, strlen(extension) + 1);
    size_t member = zip_archive_find(archive, name);
    return member == SIZE_MAX || zip_archive_load(part, archive, member, MOST_PART, error);
}

static bool load_shapefile(struct input *input, struct error *error)
{
    static const char *const EXTENSIONS[INPUT_PARTS] = {".shx", ".dbf", ".prj", ".cpg"};
    for (int p = 0; p < INPUT_PARTS; p++)
        if (!load_part(&input->parts[p], input, EXTENSIONS[p], error))
            return false;
    return true;
}

static bool name_member(struct input *input, struct error *error)
{
    struct text shown = {0};
    text_add(&shown, "%s:%s", input->path,
             zip_archive_name(input->source->archive, input->source->member));
    if (!text_check(&shown, error)) {
        text_free(&shown);
        return false;
    }
    free(input->shown);
    input->shown = shown.bytes;
    return true;
}

static bool open_zip(struct input *input, enum input_use use, struct error *error)
{
    struct input_source *source = input->source;
    char head[HEAD];
    size_t length;
    source->archive = zip_archive_open(input->path, NULL, error);
    if (source->archive == NULL)
        return false;
    bool is_sheet = input_zip_is_workbook(source->archive);
    bool is_ods = input_zip_is_opendocument(source->archive);
    if (is_sheet || is_ods) {
        zip_archive_close(source->archive);
        source->archive = NULL;
        input->kind = is_sheet ? INPUT_XLSX : INPUT_FOREIGN;
        input->foreign = FOREIGN_ODS;
        return true;
    }
    source->member = SIZE_MAX;
    if (input->layer != NULL && !take_member(input, error))
        return false;
    if (source->member == SIZE_MAX)
        source->member =
            input_zip_choose(source->archive, input->path, use == INPUT_FOR_SHAPES, error);
    if (source->member == SIZE_MAX || !name_member(input, error)
        || !zip_archive_enter(source->archive, source->member, error)
        || !read_head(head, &length, input, error))
        return false;
    input->is_plain = false;
    input->kind = input_kind_of(head, length, &input->foreign);
    if (input_is_gzip(head, length))
        return error_set(error, ERROR_DATA, "%s: this is gzip within a zip; unpack the zip first",
                         input->shown);
    if (input_is_zip(head, length))
        input->kind = INPUT_XLSX; /* or no workbook, which is told by whoever looks into it */
    if (input->kind == INPUT_SHAPEFILE && !load_shapefile(input, error))
        return false;
    return !needs_whole(input->kind)
           || (zip_archive_enter(source->archive, source->member, error)
               && load_whole(input, error));
}

/* ---- opening ---- */

static bool open_gzip(struct input *input, struct error *error)
{
    char head[HEAD];
    size_t length;
    input->is_plain = false;
    input->source->gzip = gzip_open(input->source->descriptor, input->shown, error);
    if (input->source->gzip == NULL || !read_head(head, &length, input, error))
        return false;
    input->kind = input_kind_of(head, length, &input->foreign);
    if (input_is_zip(head, length))
        input->kind = INPUT_XLSX;
    return !needs_whole(input->kind) || load_whole(input, error);
}

static bool ends_with(const char *name, const char *extension)
{
    size_t length = strlen(name), tail = strlen(extension);
    return length > tail && strcasecmp(name + length - tail, extension) == 0;
}

static bool is_there(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0;
}

/* A file may have a colon in its name; a layer is looked for only behind one that is there. */
static bool split_name(struct input *input, const char *given, struct error *error)
{
    size_t length = strlen(given);
    for (const char *at = given; !is_there(given) && (at = strchr(at, ':')) != NULL; at++) {
        input->path = text_copy(given, (size_t)(at - given), error);
        if (input->path == NULL)
            return false;
        if (is_there(input->path)) {
            input->layer = text_copy(at + 1, strlen(at + 1), error);
            if (input->layer == NULL)
                return false;
            break;
        }
        free(input->path);
        input->path = NULL;
    }
    if (input->path == NULL)
        input->path = text_copy(given, length, error);
    if (input->path != NULL)
        input->shown = text_copy(input->path, strlen(input->path), error);
    return input->shown != NULL;
}

static bool open_file(struct input *input, const char *given, struct error *error)
{
    if (!array_new(&input->source, 1, sizeof *input->source, error))
        return false;
    input->source->descriptor = -1;
    return split_name(input, given, error);
}

static bool look(struct input *input, enum input_use use, struct error *error)
{
    char head[HEAD];
    size_t length;
    input->source->descriptor = file_open_regular(input->path, error);
    if (input->source->descriptor < 0 || !read_head(head, &length, input, error))
        return false;
    input->is_plain = true;
    if (input_is_gzip(head, length))
        return open_gzip(input, error);
    if (input_is_zip(head, length))
        return open_zip(input, use, error);
    input->kind = input_kind_of(head, length, &input->foreign);
    return true;
}

/* Only a database and a workbook have layers. */
static bool check_layer(const struct input *input, struct error *error)
{
    bool may =
        input->kind == INPUT_SQLITE || input->kind == INPUT_XLSX || input->kind == INPUT_FOREIGN;
    return input->layer == NULL || may
           || error_set(error, ERROR_DATA, "%s: has no layers, so leave out ':%s'", input->shown,
                        input->layer);
}

/* A pipe is delimited text, and a folder may be a geodatabase of Esri's. */
static bool is_special(struct input *input)
{
    struct stat facts;
    if (stat(input->path, &facts) != 0 || S_ISREG(facts.st_mode))
        return false;
    if (S_ISDIR(facts.st_mode)) {
        input->kind = INPUT_FOREIGN;
        input->foreign = FOREIGN_GEODATABASE;
        return ends_with(input->path, ".gdb") || ends_with(input->path, ".gdb/");
    }
    return true;
}

bool input_open(struct input *input, const char *given, enum input_use use, struct error *error)
{
    *input = (struct input){0};
    bool done = open_file(input, given, error);
    if (done && (strcmp(given, "-") == 0 || is_special(input))) {
        input->is_plain = true;
        return true;
    }
    input->kind = INPUT_TEXT;
    done = done && look(input, use, error) && check_layer(input, error);
    if (!done)
        input_close(input);
    return done;
}

bool input_open_raw(struct input *input, const char *path, struct error *error)
{
    *input = (struct input){0};
    bool done = array_new(&input->source, 1, sizeof *input->source, error);
    if (done) {
        input->source->descriptor = -1;
        input->path = text_copy(path, strlen(path), error);
        input->shown = text_copy(path, strlen(path), error);
        done = input->path != NULL && input->shown != NULL;
    }
    struct stat facts;
    bool regular = done && stat(path, &facts) == 0 && S_ISREG(facts.st_mode);
    if (regular)
        done = (input->source->descriptor = file_open_regular(path, error)) >= 0;
    else /* a pipe cannot be read twice */
        done = done && file_read(&input->bytes, path, 0, error);
    if (!done)
        input_close(input);
    return done;
}

bool input_attach(struct input *input, const struct input_child *child, struct error *error)
{
    struct input_source *source;
    if (!array_new(&source, 1, sizeof *source, error)) {
        child->free(child->state);
        return false;
    }
    input_close(&(struct input){.source = input->source});
    *source = (struct input_source){.descriptor = -1, .has_child = true, .child = *child};
    input->source = source;
    input->is_plain = false;
    struct file_bytes whole;
    if (!read_whole(&whole, input, MOST_HELD, error))
        return false;
    if (whole.bytes != NULL)
        take_whole(input, &whole);
    return whole.bytes != NULL || start_again(input, error);
}
