/* Reads a zip that somebody else made, into memory alone, and refuses what would fill it. */
#include "engine/formats/zip_read.h"

#include "engine/core/files.h"
#include "engine/core/text.h"
#include "engine/formats/zip_library.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The upper half of a member's attributes is its mode, when Unix made it. */
enum { MODE_SHIFT = 16, MODE_KIND = 0170000, MODE_FILE = 0100000 };

struct reading {
    const char *path;
    zip_t *zip;
    struct zip_contents *contents;
    size_t left; /* bytes that may still be inflated */
    bool folders;
};

static bool refused(const struct reading *reading, const char *name, const char *why,
                    struct error *error)
{
    return error_set(error, ERROR_DATA, "%s: '%.100s' %s, and the zip is not read", reading->path,
                     name, message_part(why));
}

static bool leads_out(const char *name)
{
    const char *part = name;
    if (name[0] == '/' || name[0] == '\0' || strchr(name, '\\') != NULL
        || strchr(name, ':') != NULL)
        return true;
    while (part != NULL) {
        if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0'))
            return true;
        part = strchr(part, '/');
        part = part != NULL ? part + 1 : NULL;
    }
    return false;
}

static bool is_folder(const char *name, zip_uint64_t size)
{
    size_t length = strlen(name);
    return length > 0 && name[length - 1] == '/' && size == 0 && !leads_out(name);
}

static bool is_plain_file(const struct reading *reading, zip_uint64_t index)
{
    zip_uint8_t system;
    zip_uint32_t attributes;
    if (zip_file_get_external_attributes(reading->zip, index, 0, &system, &attributes) != 0)
        return false;
    zip_uint32_t kind = attributes >> MODE_SHIFT & MODE_KIND;
    return system != ZIP_OPSYS_UNIX || kind == 0 || kind == MODE_FILE;
}

static bool check_name(const struct reading *reading, zip_uint64_t index, const char *name,
                       struct error *error)
{
    size_t length = strlen(name);
    if (!text_is_utf8(name, length))
        return refused(reading, "?", N_("has a name that is no UTF-8"), error);
    if (leads_out(name))
        return refused(reading, name, N_("leads out of the folder"), error);
    if (name[length - 1] == '/' || !is_plain_file(reading, index))
        return refused(reading, name, N_("is no plain file"), error);
    if (zip_find(reading->contents, name) != NULL)
        return refused(reading, name, N_("is there twice"), error);
    return true;
}

/* Inflates at most as much as may be; a byte more than the size that is told is one too many. */
static bool inflate_member(const struct reading *reading, zip_uint64_t index, char *bytes,
                           size_t size)
{
    zip_file_t *file = zip_fopen_index(reading->zip, index, 0);
    char more;
    if (file == NULL)
        return false;
    zip_int64_t got = zip_fread(file, bytes, size);
    bool done = got >= 0 && (size_t)got == size && zip_fread(file, &more, 1) == 0;
    return zip_fclose(file) == 0 && done;
}

static bool read_member(struct reading *reading, zip_uint64_t index, struct error *error)
{
    struct zip_stat facts;
    struct zip_contents *contents = reading->contents;
    if (zip_stat_index(reading->zip, index, ZIP_FL_ENC_RAW, &facts) != 0
        || (facts.valid & (ZIP_STAT_NAME | ZIP_STAT_SIZE)) != (ZIP_STAT_NAME | ZIP_STAT_SIZE))
        return refused(reading, "?", N_("has no name or size"), error);
    if (reading->folders && is_folder(facts.name, facts.size))
        return true;
    if (!check_name(reading, index, facts.name, error))
        return false;
    if ((facts.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && facts.encryption_method != ZIP_EM_NONE)
        return refused(reading, facts.name, N_("is encrypted"), error);
    if (facts.size > reading->left)
        return refused(reading, facts.name, N_("is too large"), error);
    struct zip_member *member = &contents->members[contents->count];
    char *name = text_copy(facts.name, strlen(facts.name), error), *bytes = NULL;
    bool done = name != NULL && array_new(&bytes, (size_t)facts.size + 1, 1, error);
    if (done && !inflate_member(reading, index, bytes, (size_t)facts.size))
        done = refused(reading, facts.name, N_("is damaged"), error);
    if (!done) {
        free(name);
        free(bytes);
        return false;
    }
    reading->left -= (size_t)facts.size;
    *member = (struct zip_member){name, bytes, (size_t)facts.size};
    contents->count++;
    return true;
}

static bool read_all(struct reading *reading, const struct zip_limits *limits, struct error *error)
{
    zip_int64_t count = zip_get_num_entries(reading->zip, 0);
    if (count < 0 || (zip_uint64_t)count > limits->members)
        return error_set(error, ERROR_DATA, "%s: holds %lld files, more than %zu", reading->path,
                         (long long)count, limits->members);
    if (!array_new(&reading->contents->members, (size_t)count, sizeof *reading->contents->members,
                   error))
        return false;
    for (zip_int64_t i = 0; i < count; i++)
        if (!read_member(reading, (zip_uint64_t)i, error))
            return false;
    return true;
}

/* From memory, so that the file cannot change while it is read. */
static zip_t *open_bytes(const struct file_bytes *file, const char *path, struct error *error)
{
    zip_error_t reason;
    zip_error_init(&reason);
    zip_source_t *source = zip_source_buffer_create(file->bytes, file->size, 0, &reason);
    zip_t *zip =
        source != NULL ? zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &reason) : NULL;
    if (zip == NULL) {
        error_set(error, ERROR_DATA, "%s: is no whole zip: %s", path, zip_error_strerror(&reason));
        zip_source_free(source);
    }
    zip_error_fini(&reason);
    return zip;
}

bool zip_read(struct zip_contents *contents, const char *path, const struct zip_limits *limits,
              struct error *error)
{
    struct file_bytes file = {0};
    *contents = (struct zip_contents){0};
    if (!zip_library_load(error) || !file_read_regular(&file, path, limits->bytes, error))
        return false;
    struct reading reading = {path, open_bytes(&file, path, error), contents, limits->bytes,
                              limits->folders};
    bool done = reading.zip != NULL && read_all(&reading, limits, error);
    if (reading.zip != NULL)
        zip_discard(reading.zip);
    file_free(&file);
    if (!done)
        zip_contents_free(contents);
    return done;
}

const struct zip_member *zip_find(const struct zip_contents *contents, const char *name)
{
    for (size_t i = 0; i < contents->count; i++)
        if (strcmp(contents->members[i].name, name) == 0)
            return &contents->members[i];
    return NULL;
}

void zip_contents_free(struct zip_contents *contents)
{
    for (size_t i = 0; i < contents->count; i++) {
        free((void *)contents->members[i].name);
        free((void *)contents->members[i].bytes);
    }
    array_free(&contents->members);
    contents->count = 0;
}
