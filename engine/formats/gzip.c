/* Unpacks gzip (RFC 1952), one member or several in a row. */
#include "engine/formats/gzip.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { PIECE = 1 << 18, GZIP_WRAPPED = 16 + MAX_WBITS };

struct unpacking {
    z_stream stream;
    int descriptor;
    const char *path;
    unsigned char *packed, *plain;
    bool ended; /* the file */
};

static bool damaged(const struct unpacking *unpacking, const char *why, struct error *error)
{
    return error_set(error, ERROR_DATA, "%s: the gzip file %s; fetch it again", unpacking->path,
                     message_part(why));
}

static bool fill(struct unpacking *unpacking, struct error *error)
{
    ssize_t got;
    do
        got = read(unpacking->descriptor, unpacking->packed, PIECE);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return error_set(error, ERROR_NO_INPUT, "%s: cannot be read: %s", unpacking->path,
                         strerror(errno));
    unpacking->ended = got == 0;
    unpacking->stream.next_in = unpacking->packed;
    unpacking->stream.avail_in = (uInt)got;
    return true;
}

/* Unpacks what was read; *whole: a member ends there. */
static bool step(struct unpacking *unpacking, size_t *made, bool *whole, struct error *error)
{
    z_stream *stream = &unpacking->stream;
    stream->next_out = unpacking->plain;
    stream->avail_out = PIECE;
    int state = inflate(stream, Z_NO_FLUSH);
    *made = PIECE - stream->avail_out;
    *whole = state == Z_STREAM_END;
    if (state == Z_OK || state == Z_STREAM_END || state == Z_BUF_ERROR)
        return true;
    return damaged(unpacking, N_("is damaged"), error);
}

/* Members one behind another, as `cat a.gz b.gz` makes them; padding of zeros may follow. */
static bool next_member(struct unpacking *unpacking, bool *more, struct error *error)
{
    z_stream *stream = &unpacking->stream;
    if (stream->avail_in == 0 && !fill(unpacking, error))
        return false;
    while (stream->avail_in > 0 && *stream->next_in == 0) {
        stream->next_in++;
        stream->avail_in--;
        if (stream->avail_in == 0 && !fill(unpacking, error))
            return false;
    }
    *more = stream->avail_in > 0;
    return !*more || inflateReset(stream) == Z_OK
           || error_set(error, ERROR_INTERNAL, "out of memory");
}

static bool unpack(struct unpacking *unpacking, gzip_take *take, void *state, struct error *error)
{
    bool more = true;
    while (more) {
        size_t made;
        bool whole;
        if (unpacking->stream.avail_in == 0 && !fill(unpacking, error))
            return false;
        if (unpacking->ended)
            return damaged(unpacking, N_("was cut short"), error);
        if (!step(unpacking, &made, &whole, error)
            || (made > 0 && !take(state, (const char *)unpacking->plain, made, error))
            || (whole && !next_member(unpacking, &more, error)))
            return false;
    }
    return true;
}

bool gzip_unpack(int descriptor, const char *path, gzip_take *take, void *state,
                 struct error *error)
{
    struct unpacking unpacking = {.descriptor = descriptor, .path = path};
    if (inflateInit2(&unpacking.stream, GZIP_WRAPPED) != Z_OK)
        return error_set(error, ERROR_INTERNAL, "out of memory");
    bool done = array_new_raw(&unpacking.packed, PIECE, 1, error)
                && array_new_raw(&unpacking.plain, PIECE, 1, error)
                && unpack(&unpacking, take, state, error);
    inflateEnd(&unpacking.stream);
    array_free(&unpacking.packed);
    array_free(&unpacking.plain);
    return done;
}
