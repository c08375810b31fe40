/* Looks into a zip that somebody else made and reads its members a piece at a time. */
#include "engine/formats/zip_archive.h"

#include "engine/core/text.h"
#include "engine/formats/zip_library.h"

#include <string.h>
#include <strings.h>

enum {
    MOST_MEMBERS = 100000,
    RATIO = 100, /* of text that repeats itself, packed by deflate, seldom over 50 */
    SMALL = 64 << 20
};

struct zip_archive {
    const char *path;
    zip_t *zip;
    size_t count;
    zip_file_t *file; /* the member that is open; NULL: none */
    const char *name;
    uint64_t left; /* of it, as the zip says */
};

static bool refused(const struct zip_archive *archive, const char *why, struct error *error)
{
    return error_set(error, ERROR_DATA, "%s: '%.100s' %s, and is not read", archive->path,
                     archive->name, message_part(why));
}

static bool check_members(struct zip_archive *archive, struct error *error)
{
    zip_int64_t count = zip_get_num_entries(archive->zip, 0);
    if (count < 0 || count > MOST_MEMBERS)
        return error_set(error, ERROR_DATA, "%s: holds %lld files, more than %d", archive->path,
                         (long long)count, (int)MOST_MEMBERS);
    archive->count = (size_t)count;
    for (size_t i = 0; i < archive->count; i++) {
        struct zip_stat facts;
        archive->name = "?";
        if (zip_stat_index(archive->zip, i, 0, &facts) != 0
            || (facts.valid & (ZIP_STAT_NAME | ZIP_STAT_SIZE)) != (ZIP_STAT_NAME | ZIP_STAT_SIZE))
            return refused(archive, N_("has no name or size"), error);
        if (!text_is_utf8(facts.name, strlen(facts.name)))
            return refused(archive, N_("has a name that is no UTF-8"), error);
    }
    return true;
}

struct zip_archive *zip_archive_open(const char *path, const struct file_bytes *bytes,
                                     struct error *error)
{
    struct zip_archive *archive;
    zip_error_t reason;
    bool in_memory = bytes != NULL && bytes->bytes != NULL;
    if (!zip_library_load(error) || !array_new(&archive, 1, sizeof *archive, error))
        return NULL;
    archive->path = path;
    zip_error_init(&reason);
    zip_source_t *source = in_memory
                               ? zip_source_buffer_create(bytes->bytes, bytes->size, 0, &reason)
                               : zip_source_file_create(path, 0, -1, &reason);
    if (source != NULL)
        archive->zip = zip_open_from_source(source, ZIP_RDONLY, &reason);
    if (archive->zip == NULL) {
        error_set(error, ERROR_DATA, "%s: is no whole zip: %s", path, zip_error_strerror(&reason));
        zip_source_free(source);
    }
    zip_error_fini(&reason);
    if (archive->zip != NULL && check_members(archive, error))
        return archive;
    zip_archive_close(archive);
    return NULL;
}

static void leave(struct zip_archive *archive)
{
    if (archive->file != NULL)
        zip_fclose(archive->file);
    archive->file = NULL;
}

void zip_archive_close(struct zip_archive *archive)
{
    if (archive == NULL)
        return;
    leave(archive);
    if (archive->zip != NULL)
        zip_discard(archive->zip);
    array_free(&archive);
}

size_t zip_archive_count(const struct zip_archive *archive)
{
    return archive->count;
}

const char *zip_archive_name(const struct zip_archive *archive, size_t member)
{
    struct zip_stat facts;
    return zip_stat_index(archive->zip, member, 0, &facts) == 0 ? facts.name : "";
}

size_t zip_archive_find(const struct zip_archive *archive, const char *name)
{
    for (size_t i = 0; i < archive->count; i++)
        if (strcasecmp(zip_archive_name(archive, i), name) == 0)
            return i;
    return SIZE_MAX;
}

bool zip_archive_enter(struct zip_archive *archive, size_t member, struct error *error)
{
    struct zip_stat facts;
    leave(archive);
    archive->name = "?";
    if (zip_stat_index(archive->zip, member, 0, &facts) != 0)
        return refused(archive, N_("has no name or size"), error);
    archive->name = facts.name;
    archive->left = facts.size;
    if ((facts.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && facts.encryption_method != ZIP_EM_NONE)
        return refused(archive, N_("is encrypted"), error);
    if (facts.size > SMALL && (facts.valid & ZIP_STAT_COMP_SIZE) != 0
        && facts.size / RATIO > facts.comp_size)
        return refused(archive, N_("is packed far closer than any real file"), error);
    archive->file = zip_fopen_index(archive->zip, member, 0);
    return archive->file != NULL || refused(archive, N_("is damaged"), error);
}

bool zip_archive_read(size_t *got, struct zip_archive *archive, char *into, size_t size,
                      struct error *error)
{
    zip_int64_t step = zip_fread(archive->file, into, size);
    if (step < 0 || (uint64_t)step > archive->left || (step == 0 && size > 0 && archive->left > 0))
        return refused(archive, N_("is damaged"), error);
    archive->left -= (uint64_t)step;
    *got = (size_t)step;
    return true;
}

bool zip_archive_load(struct file_bytes *into, struct zip_archive *archive, size_t member,
                      size_t most, struct error *error)
{
    size_t step = 1;
    *into = (struct file_bytes){0};
    if (!zip_archive_enter(archive, member, error))
        return false;
    uint64_t size = archive->left;
    if (size > most)
        return refused(archive, N_("is too large"), error);
    bool done = array_new_raw(&into->bytes, (size_t)size + 1, 1, error);
    while (done && step > 0) {
        done = zip_archive_read(&step, archive, into->bytes + into->size,
                                (size_t)size + 1 - into->size, error);
        into->size += done ? step : 0;
    }
    if (done)
        into->bytes[into->size] = '\0';
    else
        file_free(into);
    return done;
}
