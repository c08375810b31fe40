/* Writes a zip whose bytes depend on nothing but what is put into it. */
#include "engine/formats/zip_write.h"

#include "engine/core/files.h"
#include "engine/formats/zip_library.h"

enum {
    DOS_EPOCH_DATE = (1 << 5) | 1,
    /* the first of January of year 0 */ DOS_EPOCH_TIME = 0,
    DEFLATE_LEVEL = 9
};

static bool failed(const char *path, zip_error_t *reason, struct error *error)
{
    return error_set(error, ERROR_CANNOT_WRITE, "%s: the zip cannot be made: %s", path,
                     zip_error_strerror(reason));
}

static bool add_member(zip_t *zip, const struct zip_member *member)
{
    zip_source_t *source = zip_source_buffer(zip, member->bytes, member->size, 0);
    if (source == NULL)
        return false;
    zip_int64_t index = zip_file_add(zip, member->name, source, ZIP_FL_ENC_UTF_8);
    if (index < 0) {
        zip_source_free(source);
        return false;
    }
    return zip_file_set_dostime(zip, (zip_uint64_t)index, DOS_EPOCH_TIME, DOS_EPOCH_DATE, 0) == 0
           && zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_DEFLATE, DEFLATE_LEVEL) == 0
           && zip_file_set_external_attributes(zip, (zip_uint64_t)index, 0, ZIP_OPSYS_UNIX,
                                               (zip_uint32_t)0100644 << 16)
                  == 0;
}

/* Makes the archive in the memory of `into`, which is kept. */
static bool fill(zip_source_t *into, const char *path, const struct zip_member *members,
                 size_t count, struct error *error)
{
    zip_error_t reason;
    zip_error_init(&reason);
    zip_source_keep(into);
    zip_t *zip = zip_open_from_source(into, ZIP_CREATE | ZIP_TRUNCATE, &reason);
    if (zip == NULL) {
        zip_source_free(into);
        failed(path, &reason, error);
        zip_error_fini(&reason);
        return false;
    }
    for (size_t i = 0; i < count; i++)
        if (!add_member(zip, &members[i])) {
            failed(path, zip_get_error(zip), error);
            zip_discard(zip);
            return false;
        }
    if (zip_close(zip) == 0)
        return true;
    failed(path, zip_get_error(zip), error);
    zip_discard(zip);
    return false;
}

static bool copy_out(zip_source_t *from, const char *path, struct error *error)
{
    enum { PIECE = 1 << 16 };
    struct output output = {0};
    char *piece = NULL;
    zip_int64_t got = 0;
    if (!array_new_raw(&piece, PIECE, 1, error) || !output_open(&output, path, error)) {
        array_free(&piece);
        return false;
    }
    bool done = zip_source_open(from) == 0;
    while (done && (got = zip_source_read(from, piece, PIECE)) > 0)
        done = fwrite(piece, 1, (size_t)got, output.stream) == (size_t)got;
    done = done && got == 0;
    zip_source_close(from);
    array_free(&piece);
    if (done)
        return output_commit(&output, error);
    output_abandon(&output);
    return error_set(error, ERROR_CANNOT_WRITE, "%s: cannot be written", path);
}

bool zip_write(const char *path, const struct zip_member *members, size_t count,
               struct error *error)
{
    zip_error_t reason;
    if (!zip_library_load(error))
        return false;
    zip_error_init(&reason);
    zip_source_t *memory = zip_source_buffer_create(NULL, 0, 0, &reason);
    if (memory == NULL) {
        failed(path, &reason, error);
        zip_error_fini(&reason);
        return false;
    }
    bool done = fill(memory, path, members, count, error) && copy_out(memory, path, error);
    zip_source_free(memory);
    return done;
}
