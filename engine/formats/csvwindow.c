/* Reads a file window by window into one buffer, and cuts each window into slices of whole rows. */
#include "engine/formats/csvwindow.h"

#include "engine/core/incidents.h"
#include "engine/core/parallel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WORTH_A_THREAD = 64 << 10 /* bytes */ };

/* One filling of the buffer, in stretches that threads read side by side. */
struct filling {
    struct csv_window *window;
    struct csv_surveyor surveyor;
};

static bool cannot_read(const struct csv_window *window, struct error *error)
{
    return error_set(error, ERROR_NO_INPUT, "%s: cannot be read: %s", window->path,
                     strerror(errno));
}

/* Reads until `wanted` bytes are there or the file ends. */
static bool read_bytes(size_t *got, const struct csv_window *window, char *at, size_t wanted)
{
    off_t offset = window->offset + (at - (window->buffer + window->filled));
    for (*got = 0; *got < wanted;) {
        ssize_t step = window->is_file ? pread(window->descriptor, at + *got, wanted - *got,
                                               offset + (off_t)*got)
                                       : read(window->descriptor, at + *got, wanted - *got);
        if (step < 0 && errno == EINTR)
            continue;
        if (step < 0)
            return false;
        if (step == 0)
            break;
        *got += (size_t)step;
    }
    return true;
}

static bool fill_stretch(void *state, size_t number, int worker, struct error *error)
{
    const struct filling *filling = state;
    struct csv_stretch *stretch = &filling->window->stretches[number];
    (void)worker;
    if (filling->window->is_file
        && !read_bytes(&stretch->length, filling->window, stretch->at, stretch->length))
        return cannot_read(filling->window, error);
    csv_stretch_look(stretch, &filling->surveyor);
    return true;
}

/* Takes the stretches up to the first that came short of its length: there the file ends. */
static void take_stretches(struct csv_window *window, size_t wanted)
{
    char *begin = window->buffer + window->filled, *at = begin;
    size_t count = 0;
    for (; count < window->stretch_count && window->stretches[count].at == at; count++) {
        const struct csv_stretch *stretch = &window->stretches[count];
        if (stretch->length == 0)
            break;
        at += stretch->length;
        window->has_nul = window->has_nul || stretch->has_nul;
    }
    window->stretch_count = count;
    window->filled += (size_t)(at - begin);
    window->offset += (off_t)(at - begin);
    window->ended = (size_t)(at - begin) < wanted;
}

static void lay_out_stretches(struct csv_window *window, size_t bytes)
{
    size_t length = window->slice_bytes, count = 0;
    if (bytes > length * CSV_STRETCHES)
        length = bytes / CSV_STRETCHES + 1;
    for (size_t from = 0; from < bytes; from += length)
        window->stretches[count++] =
            (struct csv_stretch){.at = window->buffer + window->filled + from,
                                 .length = bytes - from < length ? bytes - from : length};
    window->stretch_count = count;
}

static bool read_more(struct csv_window *window, size_t wanted, const struct csv_dialect *dialect,
                      struct error *error)
{
    struct filling filling = {window, {*dialect, window->wide}};
    size_t bytes = wanted;
    if (!window->is_file /* a pipe gives its bytes in order */
        && !read_bytes(&bytes, window, window->buffer + window->filled, wanted))
        return cannot_read(window, error);
    lay_out_stretches(window, bytes);
    struct parallel_job job = {.work = fill_stretch,
                               .state = &filling,
                               .chunk_count = window->stretch_count,
                               .thread_count = bytes > WORTH_A_THREAD ? window->thread_count : 1};
    if (!parallel_for(&job, error))
        return false;
    take_stretches(window, wanted);
    return true;
}

static bool make_room(struct csv_window *window, size_t wanted, struct error *error)
{
    size_t left = window->filled - window->begin;
    if (window->begin + wanted + CSV_PADDING + 1 > window->capacity
        && window->begin > CSV_PADDING) {
        memmove(window->buffer + CSV_PADDING, window->buffer + window->begin, left);
        window->begin = CSV_PADDING;
        window->filled = CSV_PADDING + left;
    }
    if (window->begin + wanted + CSV_PADDING + 1 <= window->capacity)
        return true;
    char *grown;
    size_t capacity = CSV_PADDING + wanted + CSV_PADDING + 1;
    if (!array_new_raw(&grown, capacity, 1, error))
        return false;
    memset(grown, 0, CSV_PADDING);
    if (left > 0)
        memcpy(grown + CSV_PADDING, window->buffer + window->begin, left);
    free(window->buffer);
    window->buffer = grown;
    window->capacity = capacity;
    window->begin = CSV_PADDING;
    window->filled = CSV_PADDING + left;
    return true;
}

/* Makes at least `wanted` bytes stand ready, or all that are left. */
static bool fill_up(struct csv_window *window, size_t wanted, const struct csv_dialect *dialect,
                    struct error *error)
{
    size_t left = window->filled - window->begin;
    window->stretch_count = 0;
    if (left >= wanted || window->ended)
        return true;
    if (!make_room(window, wanted, error) || !read_more(window, wanted - left, dialect, error))
        return false;
    memset(window->buffer + window->filled, 0, CSV_PADDING);
    return true;
}

/* As much of a file's beginning as is looked at: a small one whole, so that it ends there, and no
 * room is made for more. Some say that they have no bytes until they are read. */
static size_t head_of(const struct csv_window *window, const struct stat *facts, size_t most)
{
    const off_t rest = window->is_file ? facts->st_size - window->offset : 0;
    return rest > 0 && (size_t)rest < most ? (size_t)rest + 1 : most;
}

static bool open_file(struct csv_window *window, size_t *head, const char *path,
                      const struct csv_window_options *options, struct error *error)
{
    struct stat facts;
    window->is_own = strcmp(path, "-") != 0 && !options->is_fed;
    window->descriptor = options->is_fed  ? options->descriptor
                         : window->is_own ? open(path, O_RDONLY | O_CLOEXEC)
                                          : STDIN_FILENO;
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
    *head = head_of(window, &facts, *head);
    return true;
}

bool csv_window_open(struct csv_window *window, const char *path,
                     const struct csv_window_options *options, struct error *error)
{
    size_t head = options->head_bytes;
    *window = (struct csv_window){.path = strcmp(path, "-") == 0 ? "standard input" : path,
                                  .window_bytes = options->window_bytes,
                                  .thread_count = options->thread_count,
                                  .wide = options->wide,
                                  .next_line = 1,
                                  .next_row = 1};
    if (window->window_bytes == 0)
        window->window_bytes = CSV_WINDOW;
    window->slice_bytes = (window->window_bytes + CSV_SLICES - 1) / CSV_SLICES;
    if (open_file(window, &head, path, options, error) && make_room(window, head, error)
        && fill_up(window, head, &(struct csv_dialect){',', '\n'}, error))
        return true;
    csv_window_close(window);
    return false;
}

void csv_window_close(struct csv_window *window)
{
    if (window->is_open && window->is_own)
        close(window->descriptor);
    free(window->buffer);
    csv_slices_free(&window->slices);
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
static void finish(struct csv_window *window, const struct csv_dialect *dialect)
{
    if (!window->ended || window->finished)
        return;
    window->finished = true;
    if (window->filled == window->begin || window->buffer[window->filled - 1] == dialect->newline)
        return;
    window->buffer[window->filled++] = dialect->newline;
    memset(window->buffer + window->filled, 0, CSV_PADDING);
    if (window->stretch_count > 0) {
        struct csv_stretch *last = &window->stretches[window->stretch_count - 1];
        last->length++;
        csv_stretch_look(last, &(struct csv_surveyor){*dialect, window->wide});
    }
}

static void number_slices(struct csv_window *window)
{
    const struct csv_slices *slices = &window->slices;
    for (size_t i = 0; i < slices->count; i++) {
        struct csv_slice *slice = &slices->items[i];
        slice->first_line = window->next_line;
        slice->first_row = window->next_row;
        window->next_line += slice->line_count;
        window->next_row += slice->row_count;
    }
    if (slices->count > 0)
        window->begin = (size_t)(slices->items[slices->count - 1].end - window->buffer);
}

static struct csv_cutting cutting_of(const struct csv_window *window,
                                     const struct csv_dialect *dialect)
{
    return (struct csv_cutting){.text = window->text,
                                .surveyor = {*dialect, window->wide},
                                .slice_bytes = window->slice_bytes,
                                .thread_count = window->thread_count};
}

/* Slices of the next `bytes` bytes; none when no row ends in them. */
static bool slice_up(struct csv_window *window, const struct csv_dialect *dialect, size_t bytes,
                     struct error *error)
{
    if (!fill_up(window, bytes, dialect, error))
        return false;
    if (window->has_nul)
        return error_set(error, ERROR_DATA, "%s: there are NUL bytes in it, so this is no text",
                         window->path);
    finish(window, dialect);
    size_t left = window->filled - window->begin, taken = left < bytes ? left : bytes;
    const char *begin = window->buffer + window->begin;
    window->text = (struct csv_text){begin, begin + taken, window->ended && taken == left};
    struct csv_cutting cutting = cutting_of(window, dialect);
    cutting.stretches = window->stretches;
    cutting.stretch_count = window->stretch_count;
    return csv_cut(&window->slices, &cutting, error);
}

/* Before it is told that a row has no end, the whole rows above it are handed out. */
static bool give_up(struct csv_window *window, const struct csv_dialect *dialect,
                    struct error *error)
{
    struct csv_cutting cutting = cutting_of(window, dialect);
    cutting.slice_bytes = 1;
    return csv_cut(&window->slices, &cutting, error)
           && (window->slices.count > 0
               || error_set(error, ERROR_DATA,
                            "%s:%zu: a row of more than 16 MB begins here, so this is no table",
                            window->path, window->next_line));
}

bool csv_window_next(struct csv_window *window, const struct csv_dialect *dialect,
                     struct error *error)
{
    size_t bytes = window->window_bytes;
    window->slices.count = 0;
    for (;; bytes *= 2) {
        if (!slice_up(window, dialect, bytes, error))
            return false;
        if (window->slices.count > 0 || window->text.begin == window->text.end)
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
