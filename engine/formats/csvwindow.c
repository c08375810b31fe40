/* Reads a file window by window into one buffer, and cuts each window into slices of whole rows. */
#include "engine/formats/csvwindow.h"

#include "engine/core/incidents.h"
#include "engine/core/parallel.h"
#include "engine/formats/csvmask.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    PIECE = 512 << 10, /* read at a time by one thread; fits its cache, for the look at it */
    MOST_PIECES = 128,
    SMALL_SLICE = 2 * (INCIDENTS_BATCH - 1), /* cannot hold more rows than a batch does */
};

/* One fill of the buffer, in pieces that threads read side by side. */
struct fill {
    struct csv_window *window;
    char *at;
    size_t wanted, piece;
    size_t got[MOST_PIECES];
    bool has_nul[MOST_PIECES], has_quotes[MOST_PIECES];
};

static bool cannot_read(const struct csv_window *window, struct error *error)
{
    return error_set(error, ERROR_NO_INPUT, "%s: cannot be read: %s", window->path,
                     strerror(errno));
}

/* Reads until the piece is there or the file ends. */
static bool read_piece(struct fill *fill, size_t piece)
{
    const struct csv_window *window = fill->window;
    size_t from = piece * fill->piece, left = fill->wanted - from, got = 0;
    size_t wanted = left < fill->piece ? left : fill->piece;
    while (got < wanted) {
        char *at = fill->at + from + got;
        ssize_t step = window->is_file ? pread(window->descriptor, at, wanted - got,
                                               window->offset + (off_t)(from + got))
                                       : read(window->descriptor, at, wanted - got);
        if (step < 0 && errno == EINTR)
            continue;
        if (step < 0)
            return false;
        if (step == 0)
            break;
        got += (size_t)step;
    }
    fill->got[piece] = got;
    return true;
}

static bool fill_piece(void *state, size_t piece, int worker, struct error *error)
{
    struct fill *fill = state;
    const char *at = fill->at + piece * fill->piece;
    (void)worker;
    if (!read_piece(fill, piece))
        return cannot_read(fill->window, error);
    fill->has_nul[piece] = memchr(at, '\0', fill->got[piece]) != NULL;
    fill->has_quotes[piece] = memchr(at, '"', fill->got[piece]) != NULL;
    return true;
}

/* Takes the pieces up to the first that came short: there the file ends. */
static void take_pieces(struct csv_window *window, const struct fill *fill, size_t count)
{
    size_t got = 0;
    for (size_t i = 0; i < count && got == i * fill->piece; i++) {
        got += fill->got[i];
        window->has_nul = window->has_nul || fill->has_nul[i];
        window->has_quotes = window->has_quotes || fill->has_quotes[i];
    }
    window->filled += got;
    window->offset += (off_t)got;
    window->ended = got < fill->wanted;
}

static bool read_more(struct csv_window *window, size_t wanted, struct error *error)
{
    struct fill fill = {
        .window = window, .at = window->buffer + window->filled, .wanted = wanted, .piece = PIECE};
    if (!window->is_file) /* a pipe gives its bytes in order */
        fill.piece = wanted;
    else if (wanted > (size_t)PIECE * MOST_PIECES)
        fill.piece = wanted / MOST_PIECES + 1;
    size_t count = (wanted + fill.piece - 1) / fill.piece;
    struct parallel_job job = {.work = fill_piece,
                               .state = &fill,
                               .chunk_count = count,
                               .thread_count = count > 1 ? window->thread_count : 1};
    if (!parallel_for(&job, error))
        return false;
    take_pieces(window, &fill, count);
    return true;
}

static bool make_room(struct csv_window *window, size_t wanted, struct error *error)
{
    size_t left = window->filled - window->begin;
    if (window->begin + wanted + CSV_PADDING + 1 > window->capacity && window->begin > 0) {
        memmove(window->buffer, window->buffer + window->begin, left);
        window->begin = 0;
        window->filled = left;
    }
    if (window->begin + wanted + CSV_PADDING + 1 <= window->capacity)
        return true;
    char *grown;
    size_t capacity = wanted + CSV_PADDING + 1;
    if (!array_new_raw(&grown, capacity, 1, error))
        return false;
    if (left > 0)
        memcpy(grown, window->buffer + window->begin, left);
    free(window->buffer);
    window->buffer = grown;
    window->capacity = capacity;
    window->begin = 0;
    window->filled = left;
    return true;
}

/* Makes at least `wanted` bytes stand ready, or all that are left. */
static bool fill_up(struct csv_window *window, size_t wanted, struct error *error)
{
    size_t left = window->filled - window->begin;
    if (left >= wanted || window->ended)
        return true;
    window->has_quotes = left > 0 && memchr(window->buffer + window->begin, '"', left) != NULL;
    if (!make_room(window, wanted, error) || !read_more(window, wanted - left, error))
        return false;
    memset(window->buffer + window->filled, 0, CSV_PADDING);
    return true;
}

static bool open_file(struct csv_window *window, const char *path, struct error *error)
{
    struct stat facts;
    window->is_own = strcmp(path, "-") != 0;
    window->descriptor = window->is_own ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
    if (window->descriptor < 0)
        return error_set(error, ERROR_NO_INPUT, "%s: cannot be opened: %s", path, strerror(errno));
    window->is_open = true;
    if (fstat(window->descriptor, &facts) != 0)
        return cannot_read(window, error);
    if (S_ISDIR(facts.st_mode))
        return error_set(error, ERROR_DATA, "%s: this is a folder; name a file in it", path);
    off_t offset = S_ISREG(facts.st_mode) ? lseek(window->descriptor, 0, SEEK_CUR) : -1;
    window->is_file = offset >= 0;
    window->offset = window->is_file ? offset : 0;
    return true;
}

bool csv_window_open(struct csv_window *window, const char *path,
                     const struct csv_window_options *options, struct error *error)
{
    *window = (struct csv_window){.path = strcmp(path, "-") == 0 ? "standard input" : path,
                                  .window_bytes = options->window_bytes,
                                  .thread_count = options->thread_count,
                                  .next_line = 1,
                                  .next_row = 1};
    if (window->window_bytes == 0)
        window->window_bytes = CSV_WINDOW;
    window->slice_bytes = window->window_bytes / CSV_SLICES + 1;
    if (open_file(window, path, error) && make_room(window, options->head_bytes, error)
        && fill_up(window, options->head_bytes, error))
        return true;
    csv_window_close(window);
    return false;
}

void csv_window_close(struct csv_window *window)
{
    if (window->is_open && window->is_own)
        close(window->descriptor);
    free(window->buffer);
    free(window->slices);
    *window = (struct csv_window){0};
}

struct csv_text csv_window_text(const struct csv_window *window)
{
    return (struct csv_text){window->buffer + window->begin, window->buffer + window->filled,
                             window->ended};
}

void csv_window_start(struct csv_window *window, const char *data, size_t line)
{
    window->begin = (size_t)(data - window->buffer);
    window->next_line = line;
}

/* The last row of a file may lack its line end; with it, every row is alike. */
static void finish(struct csv_window *window, char newline)
{
    if (!window->ended || window->finished)
        return;
    window->finished = true;
    if (window->filled > window->begin && window->buffer[window->filled - 1] != newline) {
        window->buffer[window->filled++] = newline;
        memset(window->buffer + window->filled, 0, CSV_PADDING);
    }
}

/* Line ends in begin..end, and those of lines that are empty; the first line is so when nothing but
 * its end stands there and `at_start`. */
struct line_counts {
    size_t lines, blanks;
};

static struct line_counts count_lines(const char *begin, const char *end, bool at_start,
                                      char newline)
{
    struct line_counts counts = {0};
    uint64_t before = at_start ? (uint64_t)1 << 63 : 0; /* the line ends of the block before */
    uint64_t returns_before = 0;
    for (; begin < end; begin += CSV_BLOCK) {
        struct csv_block block = csv_block_load(begin);
        uint64_t ends = csv_block_find(&block, newline), returns = 0;
        if (newline == '\n')
            returns = csv_block_find(&block, '\r');
        if (end - begin < CSV_BLOCK)
            ends &= ((uint64_t)1 << (end - begin)) - 1;
        uint64_t one_back = ends << 1 | before >> 63, two_back = ends << 2 | before >> 62;
        uint64_t return_back = returns << 1 | returns_before >> 63;
        counts.lines += csv_mask_count(ends);
        uint64_t blanks = ends & (one_back | (return_back & two_back));
        if (blanks != 0)
            counts.blanks += csv_mask_count(blanks);
        before = ends;
        returns_before = returns;
    }
    return counts;
}

static bool count_slice(void *state, size_t chunk, int worker, struct error *error)
{
    struct csv_window *window = state;
    struct csv_slice *slice = &window->slices[chunk];
    struct line_counts counts = count_lines(slice->begin, slice->end, true, slice->end[-1]);
    (void)worker;
    (void)error;
    slice->line_count = counts.lines;
    slice->row_count =
        (counts.lines - slice->quoted_lines) - (counts.blanks - slice->quoted_blanks);
    return true;
}

static const char *find(const char *begin, const char *end, char c)
{
    return begin < end ? memchr(begin, c, (size_t)(end - begin)) : NULL;
}

/* A search for the first row's end at or behind `goal`. */
struct cut {
    const struct csv_text *text;
    const struct csv_dialect *dialect;
    struct csv_slice *slice;
    const char *goal;
};

/* Passes the quote at `quote`: sets *at behind what it opens, or behind itself. *row_end: a bad row
 * ends there. False: more text is needed. */
static bool pass_quote(const char **at, bool *row_end, const char *quote, const struct cut *cut)
{
    char before = quote > cut->slice->begin ? quote[-1] : cut->dialect->newline;
    *row_end = false;
    if (before != cut->dialect->delimiter && before != cut->dialect->newline) {
        *at = quote + 1;
        return true;
    }
    enum csv_state state = csv_scan_quoted(at, quote, cut->text, cut->dialect);
    *row_end = state == CSV_BAD_QUOTES;
    if (state == CSV_WHOLE && find(quote, *at, cut->dialect->newline) != NULL) {
        struct line_counts quoted = count_lines(quote, *at, false, cut->dialect->newline);
        cut->slice->quoted_lines += quoted.lines;
        cut->slice->quoted_blanks += quoted.blanks;
    }
    return state != CSV_MORE;
}

/* Where the slice ends; NULL: more text is needed. */
static const char *find_cut(const struct cut *cut)
{
    const struct csv_text *text = cut->text;
    const char *at = cut->slice->begin;
    while (at < text->end) {
        const char *stop = at < cut->goal ? cut->goal : NULL, *quote;
        if (stop == NULL) {
            stop = find(at, text->end, cut->dialect->newline);
            if (stop == NULL)
                break;
        }
        bool row_end = false;
        quote = cut->slice->has_quotes ? find(at, stop, '"') : NULL;
        if (quote != NULL) {
            if (!pass_quote(&at, &row_end, quote, cut))
                return NULL;
            if (row_end && at > cut->goal)
                return at;
        } else if (at >= cut->goal)
            return stop + 1;
        else
            at = stop;
    }
    return text->ends ? text->end : NULL;
}

static bool add_slice(struct csv_window *window, const struct csv_slice *slice, struct error *error)
{
    struct capacity capacity = {window->slice_capacity, sizeof *slice};
    if (!array_reserve(&window->slices, &capacity, window->slice_count + 1, error))
        return false;
    window->slice_capacity = capacity.held;
    window->slices[window->slice_count++] = *slice;
    return true;
}

/* Cuts the text into slices of about so many bytes; a rest stays for the next window. */
static bool cut_slices(struct csv_window *window, const struct csv_dialect *dialect, size_t bytes,
                       struct error *error)
{
    const struct csv_text *text = &window->text;
    const char *at = text->begin;
    window->slice_count = 0;
    while (at < text->end) {
        struct csv_slice slice = {.begin = at, .has_quotes = window->has_quotes};
        size_t left = (size_t)(text->end - at);
        struct cut cut = {text, dialect, &slice, at + (bytes < left ? bytes : left) - 1};
        slice.end = find_cut(&cut);
        if (slice.end == NULL)
            return true;
        if (!add_slice(window, &slice, error))
            return false;
        at = slice.end;
    }
    return true;
}

static bool count_slices(struct csv_window *window, struct error *error)
{
    struct parallel_job job = {.work = count_slice,
                               .state = window,
                               .chunk_count = window->slice_count,
                               .thread_count = window->slice_count > 1 ? window->thread_count : 1};
    return parallel_for(&job, error);
}

static bool is_overfull(const struct csv_window *window)
{
    for (size_t i = 0; i < window->slice_count; i++)
        if (window->slices[i].row_count > INCIDENTS_BATCH)
            return true;
    return false;
}

static void number_slices(struct csv_window *window)
{
    for (size_t i = 0; i < window->slice_count; i++) {
        struct csv_slice *slice = &window->slices[i];
        slice->first_line = window->next_line;
        slice->first_row = window->next_row;
        window->next_line += slice->line_count;
        window->next_row += slice->row_count;
    }
    if (window->slice_count > 0)
        window->begin = (size_t)(window->slices[window->slice_count - 1].end - window->buffer);
}

/* Slices of the next `bytes` bytes; none when no row ends in them. */
static bool slice_up(struct csv_window *window, const struct csv_dialect *dialect, size_t bytes,
                     struct error *error)
{
    if (!fill_up(window, bytes, error))
        return false;
    if (window->has_nul)
        return error_set(error, ERROR_DATA, "%s: there are NUL bytes in it, so this is no text",
                         window->path);
    finish(window, dialect->newline);
    size_t left = window->filled - window->begin, taken = left < bytes ? left : bytes;
    const char *begin = window->buffer + window->begin;
    window->text = (struct csv_text){begin, begin + taken, window->ended && taken == left};
    if (!cut_slices(window, dialect, window->slice_bytes, error) || !count_slices(window, error))
        return false;
    return !is_overfull(window)
           || (cut_slices(window, dialect, SMALL_SLICE, error) && count_slices(window, error));
}

/* Before it is told that a row has no end, the whole rows above it are handed out. */
static bool give_up(struct csv_window *window, const struct csv_dialect *dialect,
                    struct error *error)
{
    if (!cut_slices(window, dialect, 1, error) || !count_slices(window, error))
        return false;
    return window->slice_count > 0
           || error_set(error, ERROR_DATA,
                        "%s:%zu: a row of more than 16 MB begins here, so this is no table",
                        window->path, window->next_line);
}

bool csv_window_next(struct csv_window *window, const struct csv_dialect *dialect,
                     struct error *error)
{
    size_t bytes = window->window_bytes;
    window->slice_count = 0;
    for (;; bytes *= 2) {
        if (!slice_up(window, dialect, bytes, error))
            return false;
        if (window->slice_count > 0 || window->text.begin == window->text.end)
            break;
        if (bytes < CSV_ROW_MOST)
            continue;
        if (!give_up(window, dialect, error))
            return false;
        break;
    }
    number_slices(window);
    return true;
}
