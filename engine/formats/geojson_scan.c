/* Walks through JSON of any size in a window of bounded size: where values begin and end. What is
 * within them, cJSON tells. */
#include "engine/formats/geojson_scan.h"

#include <stdlib.h>
#include <string.h>

enum {
    PIECE = 1 << 18,
    DEEPEST = 100, /* of arrays and objects within one another */
    SHOWN = 24,    /* bytes of what is no JSON */
    LONGEST_NAME = 4096,
};

void geojson_scan_close(struct geojson_scan *scan)
{
    free(scan->buffer);
    *scan = (struct geojson_scan){0};
}

bool geojson_scan_seek(struct geojson_scan *scan, uint64_t offset, size_t line, struct error *error)
{
    struct capacity capacity = {scan->capacity, 1};
    if (!array_reserve(&scan->buffer, &capacity, PIECE, error))
        return false;
    scan->capacity = capacity.held;
    scan->at = scan->end = scan->counted = scan->buffer;
    scan->keep = NULL;
    scan->offset = offset;
    scan->line = line;
    scan->ended = false;
    scan->unchecked = 0;
    scan->failure = (struct error){0};
    return input_seek(scan->input, offset, error);
}

static void count_lines(struct geojson_scan *scan, const char *place)
{
    const char *at = scan->counted;
    while (at < place && (at = memchr(at, '\n', (size_t)(place - at))) != NULL) {
        scan->line++;
        at++;
    }
    if (place > scan->counted)
        scan->counted = place;
}

size_t geojson_scan_line(struct geojson_scan *scan, const char *place)
{
    count_lines(scan, place);
    return scan->line;
}

/* ---- the window ---- */

/* How many bytes at the end belong to a character that goes on behind it. */
static size_t cut_tail(const char *begin, const char *end)
{
    for (size_t back = 1; back <= 3 && (size_t)(end - begin) >= back; back++) {
        unsigned char byte = (unsigned char)end[-(ptrdiff_t)back];
        size_t length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
        if (byte >= 0xC0)
            return length > back ? back : 0;
        if (byte < 0x80)
            return 0;
    }
    return 0;
}

static bool check_bytes(struct geojson_scan *scan, const char *fresh)
{
    const char *begin = fresh - scan->unchecked;
    size_t tail = scan->ended ? 0 : cut_tail(begin, scan->end);
    scan->unchecked = tail;
    size_t length = (size_t)(scan->end - begin) - tail;
    if (!scan->is_checked || (memchr(begin, '\0', length) == NULL && text_is_utf8(begin, length)))
        return true;
    return error_set(&scan->failure, ERROR_DATA, "%s: no text in UTF-8, as JSON is",
                     scan->input->shown);
}

/* Moves what is still wanted to the front, and makes room behind it. */
static bool make_room(struct geojson_scan *scan)
{
    if (scan->keep != NULL && (size_t)(scan->end - scan->keep) >= scan->keep_most)
        scan->keep = NULL;
    const char *first = scan->keep != NULL ? scan->keep : scan->at;
    size_t held = (size_t)(scan->end - first), at = (size_t)(scan->at - first);
    size_t tail = scan->unchecked > held ? scan->unchecked - held : 0;
    if (tail > 0) /* before the first reading there is no place to go back from */
        first -= tail;
    held += tail;
    at += tail;
    size_t keep = scan->keep != NULL ? (size_t)(scan->keep - first) : 0;
    struct capacity capacity = {scan->capacity, 1};
    count_lines(scan, first);
    size_t counted = (size_t)(scan->counted - first);
    if (held > 0)
        memmove(scan->buffer, first, held);
    scan->offset += (uint64_t)(first - scan->buffer);
    bool done = array_reserve(&scan->buffer, &capacity, held + PIECE, &scan->failure);
    scan->capacity = capacity.held;
    scan->at = scan->buffer + at;
    scan->end = scan->buffer + held;
    scan->counted = scan->buffer + counted;
    if (scan->keep != NULL)
        scan->keep = scan->buffer + keep;
    return done;
}

static bool read_more(struct geojson_scan *scan)
{
    size_t got = 0;
    if (scan->ended || scan->failure.kind != ERROR_NONE || !make_room(scan))
        return false;
    char *fresh = scan->buffer + (scan->end - scan->buffer);
    if (!input_read(&got, scan->input, fresh, scan->capacity - (size_t)(scan->end - scan->buffer),
                    &scan->failure))
        return false;
    scan->end += got;
    scan->ended = got == 0;
    if (check_bytes(scan, fresh))
        return got > 0;
    scan->end = fresh; /* what is refused is not there */
    return false;
}

static inline bool is_here(struct geojson_scan *scan)
{
    return scan->at < scan->end || read_more(scan);
}

int geojson_scan_peek(struct geojson_scan *scan)
{
    return is_here(scan) ? (unsigned char)*scan->at : GEOJSON_END;
}

bool geojson_scan_fails(struct geojson_scan *scan, const char *place, struct error *error)
{
    char shown[SHOWN + 1] = "";
    size_t length = 0;
    if (scan->failure.kind != ERROR_NONE) {
        if (error != NULL)
            *error = scan->failure;
        return false;
    }
    if (place >= scan->end)
        return error_set(error, ERROR_DATA,
                         "%s:%zu: the file ends in the middle; was it written to the end?",
                         scan->input->shown, geojson_scan_line(scan, scan->end));
    while (length < SHOWN && place + length < scan->end && (unsigned char)place[length] >= ' ')
        length++;
    while (length > 0 && !text_is_utf8(place, length))
        length--;
    memcpy(shown, place, length);
    return error_set(error, ERROR_DATA, "%s:%zu: this is no JSON: '%s'; mend it, or write it anew",
                     scan->input->shown, geojson_scan_line(scan, place), shown);
}

/* ---- values ---- */

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

int geojson_scan_blanks(struct geojson_scan *scan)
{
    while (is_here(scan) && is_blank(*scan->at))
        scan->at++;
    return geojson_scan_peek(scan);
}

bool geojson_scan_expect(struct geojson_scan *scan, char byte, struct error *error)
{
    if (geojson_scan_blanks(scan) != (unsigned char)byte)
        return geojson_scan_fails(scan, scan->at, error);
    scan->at++;
    return true;
}

static bool skip_text(struct geojson_scan *scan, struct error *error)
{
    for (scan->at++; is_here(scan); scan->at++) {
        const char *at = scan->at, *end = scan->end;
        while (at < end && *at != '"' && *at != '\\')
            at++;
        scan->at = at;
        if (at == end) {
            scan->at--; /* the loop steps on */
            continue;
        }
        if (*at == '"') {
            scan->at++;
            return true;
        }
        scan->at++; /* what is behind a backslash is no end */
        if (!is_here(scan))
            break;
    }
    return geojson_scan_fails(scan, scan->end, error);
}

static bool ends_word(char byte)
{
    return is_blank(byte) || byte == ',' || byte == ':' || byte == ']' || byte == '}' || byte == '['
           || byte == '{' || byte == '"';
}

static bool skip_word(struct geojson_scan *scan, struct error *error)
{
    if (ends_word(*scan->at))
        return geojson_scan_fails(scan, scan->at, error);
    while (is_here(scan) && !ends_word(*scan->at))
        scan->at++;
    return true;
}

/* Brackets that are open. */
struct depth {
    char closings[DEEPEST];
    size_t count;
};

static bool skip_opening(struct geojson_scan *scan, struct depth *depth, struct error *error)
{
    if (depth->count == DEEPEST)
        return error_set(
            error, ERROR_DATA,
            "%s:%zu: brackets within brackets, more than %d deep; is it the right file?",
            scan->input->shown, geojson_scan_line(scan, scan->at), DEEPEST);
    depth->closings[depth->count++] = *scan->at++ == '{' ? '}' : ']';
    return true;
}

/* One piece of a value: a text, a word, or a bracket. */
static bool skip_piece(struct geojson_scan *scan, struct depth *depth, struct error *error)
{
    char byte = *scan->at;
    if (byte == '"')
        return skip_text(scan, error);
    if (byte == '{' || byte == '[')
        return skip_opening(scan, depth, error);
    if (depth->count > 0 && byte == depth->closings[depth->count - 1]) {
        scan->at++;
        depth->count--;
        return true;
    }
    if (depth->count > 0 && (byte == ',' || byte == ':')) {
        scan->at++;
        return true;
    }
    return skip_word(scan, error);
}

bool geojson_scan_value(struct geojson_scan *scan, struct error *error)
{
    struct depth depth;
    depth.count = 0;
    do {
        if (geojson_scan_blanks(scan) == GEOJSON_END)
            return geojson_scan_fails(scan, scan->end, error);
        if (!skip_piece(scan, &depth, error))
            return false;
    } while (depth.count > 0);
    return true;
}

/* ---- members and items ---- */

static bool read_name(struct text *name, struct geojson_scan *scan, struct error *error)
{
    name->length = 0;
    if (geojson_scan_blanks(scan) != '"')
        return geojson_scan_fails(scan, scan->at, error);
    scan->keep = scan->at;
    scan->keep_most = LONGEST_NAME;
    bool done = skip_text(scan, error);
    if (done && scan->keep == NULL)
        done = geojson_scan_fails(scan, scan->at, error);
    if (done)
        text_add_bytes(name, scan->keep + 1, (size_t)(scan->at - scan->keep) - 2);
    scan->keep = NULL;
    return done && text_check(name, error) && geojson_scan_expect(scan, ':', error);
}

/* Behind the opening bracket: *there is false when `closing` was passed. */
static bool step(bool *there, struct geojson_scan *scan, bool *first, struct error *error)
{
    static const char closings[] = "]}";
    int byte = geojson_scan_blanks(scan);
    *there = false;
    if (byte == closings[0] || byte == closings[1]) {
        scan->at++;
        return true;
    }
    if (!*first && !geojson_scan_expect(scan, ',', error))
        return false;
    *first = false;
    *there = true;
    return true;
}

bool geojson_scan_member(bool *there, struct text *name, struct geojson_scan *scan, bool *first,
                         struct error *error)
{
    if (geojson_scan_blanks(scan) == ']')
        return geojson_scan_fails(scan, scan->at, error);
    if (!step(there, scan, first, error) || (*there && !read_name(name, scan, error)))
        return false;
    if (*there && geojson_scan_blanks(scan) == GEOJSON_END)
        return geojson_scan_fails(scan, scan->end, error);
    return true;
}

bool geojson_scan_item(bool *there, struct geojson_scan *scan, bool *first, struct error *error)
{
    if (geojson_scan_blanks(scan) == '}')
        return geojson_scan_fails(scan, scan->at, error);
    if (!step(there, scan, first, error))
        return false;
    if (*there && geojson_scan_blanks(scan) == GEOJSON_END)
        return geojson_scan_fails(scan, scan->end, error);
    return true;
}
