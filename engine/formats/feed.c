/* Turns what is no plain text into delimited text on its way in, a piece at a time: then one room
 * reads all incidents, and roles of columns, dates and numbers are the same whatever the format. */
#include "engine/formats/feed.h"

#include "engine/core/files.h"
#include "engine/core/text.h"
#include "engine/formats/geojson.h"
#include "engine/formats/gzip.h"
#include "engine/formats/zip_read.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef bool feed_run(struct feed *feed, struct error *error);

/* A thread writes into a pipe, whose other end is read as a file would be. */
struct feed {
    char *path;
    feed_run *run;
    int reading, writing;
    pthread_t thread;
    bool is_running, is_done; /* is_done: without an error */
    struct error error;
};

/* Whoever reads has had enough: that is no error of the file's. */
static bool put(void *state, const char *bytes, size_t size, struct error *error)
{
    const struct feed *feed = state;
    while (size > 0) {
        ssize_t step = write(feed->writing, bytes, size);
        if (step < 0 && errno == EINTR)
            continue;
        if (step < 0)
            return error_set(error, ERROR_INTERNAL, "%s: nobody reads on", feed->path);
        bytes += step;
        size -= (size_t)step;
    }
    return true;
}

/* ---- gzip ---- */

static bool run_gzip(struct feed *feed, struct error *error)
{
    int descriptor = file_open_regular(feed->path, error);
    if (descriptor < 0)
        return false;
    bool done = gzip_unpack(descriptor, feed->path, put, feed, error);
    close(descriptor);
    return done;
}

/* ---- zip ---- */

static bool is_several(const struct feed *feed, const struct zip_contents *contents,
                       struct error *error)
{
    struct text names = {0};
    for (size_t i = 0; i < contents->count; i++)
        text_add(&names, "%s%s", i > 0 ? ", " : "", contents->members[i].name);
    error_set(error, ERROR_DATA,
              "%s: the zip holds %zu files (%.200s); unpack the one with the incidents", feed->path,
              contents->count, names.bytes != NULL ? names.bytes : "");
    text_free(&names);
    return false;
}

/* One table, which is unpacked into memory. */
static bool run_zip(struct feed *feed, struct error *error)
{
    static const struct zip_limits limits = {
        .members = 64, .bytes = (size_t)1 << 30, .folders = true};
    struct zip_contents contents;
    if (!zip_read(&contents, feed->path, &limits, error))
        return false;
    bool done = contents.count == 1 || is_several(feed, &contents, error);
    done = done && put(feed, contents.members[0].bytes, contents.members[0].size, error);
    zip_contents_free(&contents);
    return done;
}

/* ---- geojson ---- */

/* The names of all properties, in the order in which they first come. */
struct columns {
    char **names;
    size_t count, capacity;
};

static void columns_free(struct columns *columns)
{
    for (size_t i = 0; i < columns->count; i++)
        array_free(&columns->names[i]);
    array_free(&columns->names);
    columns->count = 0;
}

static bool is_place(const char *name)
{
    return text_equal(name, "lon") || text_equal(name, "lat");
}

static bool add_column(struct columns *columns, const char *name, struct error *error)
{
    enum { MOST = 1000 };
    struct capacity capacity = {columns->capacity, sizeof *columns->names};
    for (size_t i = 0; i < columns->count; i++)
        if (strcmp(columns->names[i], name) == 0)
            return true;
    if (is_place(name)) /* the geometry's own are meant */
        return true;
    if (columns->count == MOST)
        return error_set(error, ERROR_DATA, "more than %d different properties", MOST);
    if (!array_reserve(&columns->names, &capacity, columns->count + 1, error))
        return false;
    columns->capacity = capacity.held;
    columns->names[columns->count] = text_copy(name, strlen(name), error);
    return columns->names[columns->count] != NULL && ++columns->count > 0;
}

static bool list_columns(struct columns *columns, const char *path, struct error *error)
{
    struct geojson *geojson = geojson_open(path, error);
    bool there = true, done = geojson != NULL;
    while (done && there) {
        done = geojson_next(&there, geojson, error);
        size_t count = done && there ? geojson_property_count(geojson) : 0;
        for (size_t i = 0; done && i < count; i++)
            done = add_column(columns, geojson_property_name(geojson, i), error);
    }
    geojson_close(geojson);
    return done;
}

static void add_cell(struct text *row, const char *cell)
{
    if (strpbrk(cell, ",;\t\"\r\n") == NULL) {
        text_add(row, "%s,", cell);
        return;
    }
    text_add(row, "\"");
    for (; *cell != '\0'; cell++)
        text_add(row, *cell == '"' ? "\"\"" : "%c", *cell);
    text_add(row, "\",");
}

static bool add_row(struct text *row, const struct geojson *geojson, const struct columns *columns,
                    struct error *error)
{
    double place[2];
    bool there;
    if (!geojson_point(place, &there, geojson, error))
        return false;
    for (size_t i = 0; i < columns->count; i++) {
        struct text cell = {0};
        geojson_print(&cell, geojson, columns->names[i]);
        add_cell(row, cell.bytes != NULL ? cell.bytes : "");
        row->failed = row->failed || cell.failed;
        text_free(&cell);
    }
    if (there)
        text_add(row, "%.17g,%.17g\n", place[0], place[1]);
    else
        text_add(row, ",\n");
    return text_check(row, error);
}

static bool write_rows(struct feed *feed, const struct columns *columns, struct error *error)
{
    enum { FLUSH = 1 << 16 };
    struct geojson *geojson = geojson_open(feed->path, error);
    struct text rows = {0};
    bool there = true, done = geojson != NULL;
    for (size_t i = 0; i < columns->count; i++)
        add_cell(&rows, columns->names[i]);
    text_add(&rows, "lon,lat\n");
    while (done && there) {
        done = geojson_next(&there, geojson, error)
               && (!there || add_row(&rows, geojson, columns, error));
        if (done && (!there || rows.length > FLUSH)) {
            done = text_check(&rows, error) && put(feed, rows.bytes, rows.length, error);
            rows.length = 0;
        }
    }
    text_free(&rows);
    geojson_close(geojson);
    return done;
}

static bool run_geojson(struct feed *feed, struct error *error)
{
    struct columns columns = {0};
    bool done = list_columns(&columns, feed->path, error) && write_rows(feed, &columns, error);
    columns_free(&columns);
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
    feed->is_done = feed->run(feed, &feed->error);
    close(feed->writing);
    return NULL;
}

static bool start(struct feed *feed, struct error *error)
{
    int ends[2];
    if (pipe(ends) != 0)
        return error_set(error, ERROR_INTERNAL, "%s: no pipe can be opened: %s", feed->path,
                         strerror(errno));
    feed->reading = ends[0];
    feed->writing = ends[1];
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    feed->is_running = pthread_create(&feed->thread, NULL, labour, feed) == 0;
    if (!feed->is_running) {
        close(feed->writing);
        return error_set(error, ERROR_INTERNAL, "%s: no thread can be started", feed->path);
    }
    return true;
}

/* What reads a file that begins like this; NULL: it is text. */
static feed_run *runner_of(const char *path)
{
    char head[64] = "";
    struct stat facts;
    if (strcmp(path, "-") == 0 || stat(path, &facts) != 0 || !S_ISREG(facts.st_mode))
        return NULL;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return NULL;
    ssize_t got = read(descriptor, head, sizeof head - 1);
    close(descriptor);
    const char *text = head;
    if (got >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        text += 3;
    text += strspn(text, " \t\r\n");
    if (got >= 2 && memcmp(head, "\x1f\x8b", 2) == 0)
        return run_gzip;
    if (got >= 4 && memcmp(head, "PK\003\004", 4) == 0)
        return run_zip;
    return *text == '{' ? run_geojson : NULL;
}

bool feed_open(struct feed **feed, const char *path, struct error *error)
{
    feed_run *run = runner_of(path);
    *feed = NULL;
    if (run == NULL)
        return true;
    struct feed *opened = NULL;
    if (!array_new(&opened, 1, sizeof *opened, error))
        return false;
    opened->run = run;
    opened->reading = -1;
    opened->path = text_copy(path, strlen(path), error);
    if (opened->path == NULL || !start(opened, error)) {
        feed_close(opened);
        return false;
    }
    *feed = opened;
    return true;
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
    free(feed->path);
    free(feed);
}
