/* Turns what is no plain text into delimited text on its way in, a piece at a time: then one room
 * reads all incidents, and roles of columns, dates and numbers are the same whatever the format. */
#define _GNU_SOURCE /* pipe2 */
#include "engine/formats/feed.h"

#include "engine/core/text.h"
#include "engine/formats/features_open.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* From this row on, counted, numbers go up by one from this one. */
struct jump {
    size_t row, number;
};

/* A thread writes into a pipe, whose other end is read as a file would be. */
struct feed {
    struct input input;
    struct features features;
    struct feed_facts facts;
    bool *is_wanted;    /* of the features' columns */
    struct jump *jumps; /* in the order of rows */
    size_t jump_count, jump_capacity;
    pthread_mutex_t jumping;
    int reading, writing;
    pthread_t thread;
    bool is_running, is_done; /* is_done: without an error */
    struct error error;
};

/* False without an error when whoever reads has had enough: that is none of the file's. */
static bool put(const struct feed *feed, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t step = write(feed->writing, bytes, size);
        if (step < 0 && errno == EINTR)
            continue;
        if (step < 0)
            return false;
        bytes += step;
        size -= (size_t)step;
    }
    return true;
}

/* ---- text in a gzip or zip ---- */

static bool write_text(struct feed *feed, struct error *error)
{
    enum { PIECE = 1 << 16 };
    char *piece;
    size_t got = 1;
    bool done = array_new_raw(&piece, PIECE, 1, error);
    while (done && got > 0)
        done = input_read(&got, &feed->input, piece, PIECE, error) && put(feed, piece, got);
    array_free(&piece);
    return done;
}

/* ---- rows ---- */

/* The last jump up to this row; without any, rows are counted. */
static size_t number_of(const struct feed *feed, size_t row)
{
    size_t from = 0, to = feed->jump_count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (feed->jumps[middle].row <= row)
            from = middle + 1;
        else
            to = middle;
    }
    return from == 0 ? row : feed->jumps[from - 1].number + (row - feed->jumps[from - 1].row);
}

size_t feed_row(struct feed *feed, size_t row)
{
    pthread_mutex_lock(&feed->jumping);
    size_t number = number_of(feed, row);
    pthread_mutex_unlock(&feed->jumping);
    return number;
}

/* Of a sheet with more gaps than this, rows below them get numbers that are too low. */
static bool note_number(struct feed *feed, size_t row, struct error *error)
{
    enum { MOST_JUMPS = 1 << 20 };
    const struct features *features = &feed->features;
    if (features->format->number == NULL || feed->jump_count == MOST_JUMPS)
        return true;
    size_t number = features->format->number(features->state);
    pthread_mutex_lock(&feed->jumping);
    bool done = true;
    if (number != number_of(feed, row)) {
        struct capacity capacity = {feed->jump_capacity, sizeof *feed->jumps};
        done = array_reserve(&feed->jumps, &capacity, feed->jump_count + 1, error);
        if (done) {
            feed->jump_capacity = capacity.held;
            feed->jumps[feed->jump_count++] = (struct jump){row, number};
        }
    }
    pthread_mutex_unlock(&feed->jumping);
    return done;
}

static void add_cell(struct text *row, const char *cell)
{
    if (strpbrk(cell, ",;\t\"\r\n") == NULL) {
        text_add_bytes(row, cell, strlen(cell));
        text_add_bytes(row, ",", 1);
        return;
    }
    text_add_bytes(row, "\"", 1);
    for (size_t run = strcspn(cell, "\"");; run = strcspn(cell, "\"")) {
        text_add_bytes(row, cell, run);
        if (cell[run] == '\0')
            break;
        text_add_bytes(row, "\"\"", 2);
        cell += run + 1;
    }
    text_add_bytes(row, "\",", 2);
}

static bool add_place(struct text *row, const struct feed *feed, struct error *error)
{
    const struct features *features = &feed->features;
    double place[2];
    bool there;
    if (!feed->facts.has_place)
        return true;
    if (!features->format->point(place, &there, features->state, error))
        return false;
    if (there)
        features_add_number(row, place[0]);
    text_add_bytes(row, ",", 1);
    if (there)
        features_add_number(row, place[1]);
    text_add_bytes(row, ",", 1);
    return true;
}

/* Each cell has a comma behind it, and the last one a line end in its place. */
static bool end_row(struct text *row, struct error *error)
{
    if (row->length > 0 && !row->failed)
        row->bytes[row->length - 1] = '\n';
    return text_check(row, error);
}

static bool add_row(struct text *rows, struct text *cell, const struct feed *feed,
                    struct error *error)
{
    const struct features *features = &feed->features;
    for (size_t i = 0; i < features->count; i++) {
        if (!feed->is_wanted[i])
            continue;
        cell->length = 0;
        text_add_bytes(cell, "", 0);
        if (!features->format->cell(cell, features->state, i, error) || !text_check(cell, error))
            return false;
        add_cell(rows, cell->bytes);
    }
    return add_place(rows, feed, error) && end_row(rows, error);
}

static void add_header(struct text *rows, const struct feed *feed)
{
    const struct features *features = &feed->features;
    for (size_t i = 0; i < features->count; i++)
        if (feed->is_wanted[i])
            add_cell(rows, features->columns[i].name);
    if (feed->facts.has_place)
        text_add(rows, "%s", feed->facts.in_degrees ? "lon,lat," : "x,y,");
}

static bool write_rows(struct feed *feed, struct error *error)
{
    enum { FLUSH = 1 << 16 };
    const struct features *features = &feed->features;
    struct text rows = {0}, cell = {0};
    size_t row = 0;
    bool there = true;
    add_header(&rows, feed);
    bool done = end_row(&rows, error);
    while (done && there) {
        done =
            features->format->next(&there, features->state, error)
            && (!there || (note_number(feed, ++row, error) && add_row(&rows, &cell, feed, error)));
        if (done && (!there || rows.length > FLUSH)) {
            done = text_check(&rows, error) && put(feed, rows.bytes, rows.length);
            rows.length = 0;
        }
    }
    text_free(&rows);
    text_free(&cell);
    return done;
}

/* ---- the thread ---- */

static void *labour(void *state)
{
    struct feed *feed = state;
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE); /* a reader that stops is told by write */
    pthread_sigmask(SIG_BLOCK, &pipe, NULL);
    feed->is_done = feed->input.kind == INPUT_TEXT ? write_text(feed, &feed->error)
                                                   : write_rows(feed, &feed->error);
    close(feed->writing);
    return NULL;
}

static bool start(struct feed *feed, struct error *error)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return error_set(error, ERROR_INTERNAL, "%s: no pipe can be opened: %s", feed->input.shown,
                         strerror(errno));
    feed->reading = ends[0];
    feed->writing = ends[1];
    feed->is_running = pthread_create(&feed->thread, NULL, labour, feed) == 0;
    if (!feed->is_running) {
        close(feed->writing);
        return error_set(error, ERROR_INTERNAL, "%s: no thread can be started", feed->input.shown);
    }
    return true;
}

/* ---- opening ---- */

/* The geometry's own numbers are meant, and no column that is called the same. */
static bool choose_columns(struct feed *feed, struct error *error)
{
    const struct features *features = &feed->features;
    const char *const names[2] = {feed->facts.in_degrees ? "lon" : "x",
                                  feed->facts.in_degrees ? "lat" : "y"};
    if (!array_new(&feed->is_wanted, features->count, sizeof *feed->is_wanted, error))
        return false;
    for (size_t i = 0; i < features->count; i++)
        feed->is_wanted[i] = !feed->facts.has_place
                             || (!text_equal(features->columns[i].name, names[0])
                                 && !text_equal(features->columns[i].name, names[1]));
    return true;
}

static bool open_rows(struct feed *feed, struct notes *notes, struct error *error)
{
    const struct features_wish wish = {INPUT_FOR_ROWS, notes};
    struct features *features = &feed->features;
    if (feed->input.kind == INPUT_TEXT)
        return true;
    if (!features_open(features, &feed->input, &wish, error))
        return false;
    feed->facts = (struct feed_facts){.has_place = features->place != FEATURES_NO_PLACE,
                                      .in_degrees = features->place == FEATURES_DEGREES,
                                      .crs = features->crs,
                                      .names_cut = features->names_cut,
                                      .has_rows = true};
    return choose_columns(feed, error);
}

static bool is_read_as_it_is(const struct input *input)
{
    return input->kind == INPUT_TEXT && input->is_plain;
}

bool feed_open(struct feed **feed, const char *given, struct notes *notes, struct error *error)
{
    struct feed *opened = NULL;
    *feed = NULL;
    if (!array_new(&opened, 1, sizeof *opened, error))
        return false;
    opened->reading = -1;
    pthread_mutex_init(&opened->jumping, NULL);
    bool done = input_open(&opened->input, given, INPUT_FOR_ROWS, error);
    bool as_it_is = done && is_read_as_it_is(&opened->input);
    done = done && (as_it_is || (open_rows(opened, notes, error) && start(opened, error)));
    if (done && !as_it_is)
        *feed = opened;
    else
        feed_close(opened);
    return done;
}

const struct feed_facts *feed_facts(const struct feed *feed)
{
    return &feed->facts;
}

int feed_descriptor(const struct feed *feed)
{
    return feed->reading;
}

static void stop(struct feed *feed)
{
    if (feed->reading >= 0)
        close(feed->reading);
    feed->reading = -1;
    if (feed->is_running)
        pthread_join(feed->thread, NULL);
    feed->is_running = false;
}

bool feed_finish(struct feed *feed, struct error *error)
{
    stop(feed);
    if (!feed->is_done && error != NULL)
        *error = feed->error;
    return feed->is_done;
}

void feed_close(struct feed *feed)
{
    if (feed == NULL)
        return;
    stop(feed);
    features_close(&feed->features);
    input_close(&feed->input);
    array_free(&feed->is_wanted);
    array_free(&feed->jumps);
    pthread_mutex_destroy(&feed->jumping);
    free(feed);
}
