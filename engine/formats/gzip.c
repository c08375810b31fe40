/* Unpacks gzip (RFC 1952), one member or several in a row, a piece at a time. */
#include "engine/formats/gzip.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { PIECE = 1 << 18, GZIP_WRAPPED = 16 + MAX_WBITS };
enum { RATIO = 100, SMALL = 64 << 20 }; /* as in zip_archive */

struct gzip {
    z_stream stream;
    int descriptor;
    const char *path;
    unsigned char *packed;
    uint64_t read, unpacked; /* bytes so far */
    bool ended;              /* the file */
    bool done;               /* and what is in it */
};

static bool damaged(const struct gzip *gzip, const char *why, struct error *error)
{
    return error_set(error, ERROR_DATA, "%s: the gzip file %s; fetch it again", gzip->path,
                     message_part(why));
}

static bool is_bomb(const struct gzip *gzip)
{
    return gzip->unpacked > SMALL && gzip->unpacked / RATIO > gzip->read;
}

static bool fill(struct gzip *gzip, struct error *error)
{
    ssize_t got;
    do
        got = read(gzip->descriptor, gzip->packed, PIECE);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return error_set(error, ERROR_NO_INPUT, "%s: cannot be read: %s", gzip->path,
                         strerror(errno));
    gzip->ended = got == 0;
    gzip->read += (uint64_t)got;
    gzip->stream.next_in = gzip->packed;
    gzip->stream.avail_in = (uInt)got;
    return true;
}

/* Members one behind another, as `cat a.gz b.gz` makes them; padding of zeros may follow. */
static bool next_member(struct gzip *gzip, struct error *error)
{
    z_stream *stream = &gzip->stream;
    if (stream->avail_in == 0 && !fill(gzip, error))
        return false;
    while (stream->avail_in > 0 && *stream->next_in == 0) {
        stream->next_in++;
        stream->avail_in--;
        if (stream->avail_in == 0 && !fill(gzip, error))
            return false;
    }
    gzip->done = stream->avail_in == 0;
    inflateReset(stream);
    return true;
}

struct gzip *gzip_open(int descriptor, const char *path, struct error *error)
{
    struct gzip *gzip;
    if (!array_new(&gzip, 1, sizeof *gzip, error))
        return NULL;
    gzip->descriptor = descriptor;
    gzip->path = path;
    if (!array_new_raw(&gzip->packed, PIECE, 1, error)) {
        array_free(&gzip);
        return NULL;
    }
    if (inflateInit2(&gzip->stream, GZIP_WRAPPED) == Z_OK)
        return gzip;
    error_set(error, ERROR_INTERNAL, "out of memory");
    array_free(&gzip->packed);
    array_free(&gzip);
    return NULL;
}

void gzip_close(struct gzip *gzip)
{
    if (gzip == NULL)
        return;
    inflateEnd(&gzip->stream);
    array_free(&gzip->packed);
    array_free(&gzip);
}

bool gzip_read(size_t *got, struct gzip *gzip, char *into, size_t size, struct error *error)
{
    z_stream *stream = &gzip->stream;
    *got = 0;
    while (*got == 0 && !gzip->done) {
        if (stream->avail_in == 0 && !fill(gzip, error))
            return false;
        if (gzip->ended)
            return damaged(gzip, N_("was cut short"), error);
        stream->next_out = (unsigned char *)into;
        stream->avail_out = size < PIECE ? (uInt)size : PIECE;
        uInt room = stream->avail_out;
        int state = inflate(stream, Z_NO_FLUSH);
        *got = room - stream->avail_out;
        gzip->unpacked += *got;
        if (is_bomb(gzip))
            return error_set(error, ERROR_DATA,
                             "%s: the gzip file is packed far closer than any real file, and is "
                             "not read",
                             gzip->path);
        if (state != Z_OK && state != Z_STREAM_END)
            return damaged(gzip, N_("is damaged"), error);
        if (state == Z_STREAM_END && !next_member(gzip, error))
            return false;
    }
    return true;
}
