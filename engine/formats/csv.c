/* Reads incidents from delimited text: looks at the file to learn its dialect, then parses it in
 * parallel slices. */
#include "engine/formats/csv.h"

#include "engine/core/simd.h"
#include "engine/formats/csvrows.h"
#include "engine/formats/csvwindow.h"
#include "engine/formats/feed.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct csv {
    char *path;
    struct feed *feed; /* NULL: the file is text as it stands */
    struct csv_window window;
    struct csv_layout layout;
    struct csv_reading reading;
};

/* Learns the dialect and the columns from the file's first bytes. */
static bool look(struct csv *csv, const struct csv_options *options, struct error *error)
{
    struct csv_text text = csv_window_text(&csv->window);
    struct csv_head head;
    const struct feed_facts *facts = csv->feed != NULL ? feed_facts(csv->feed) : NULL;
    struct csv_looking looking = {text, csv->window.path, options->columns, options->notes, facts};
    if (!csv_head_look(&head, &text, looking.path, error)
        || !csv_layout_read(&csv->layout, &head, &looking, error))
        return false;
    csv_window_start(&csv->window, head.first, head.line);
    csv->reading = (struct csv_reading){.path = looking.path,
                                        .layout = &csv->layout,
                                        .window = &csv->window,
                                        .dialect = head.dialect,
                                        .wanted = options->wanted,
                                        .zone = options->zone,
                                        .feed = facts != NULL && facts->has_rows ? csv->feed : NULL,
                                        .careful = options->pace == CSV_CAREFUL,
                                        .wide = csv->window.wide};
    return true;
}

static bool open_window(struct csv *csv, const struct csv_options *options, struct error *error)
{
    const struct csv_window_options window = {
        .head_bytes = CSV_HEAD,
        .window_bytes = options->window_bytes,
        .thread_count = options->thread_count,
        .wide = options->pace == CSV_FASTEST && simd_is_wide(),
        .is_fed = csv->feed != NULL,
        .descriptor = csv->feed != NULL ? feed_descriptor(csv->feed) : -1};
    return csv_window_open(&csv->window, csv->path, &window, error) && look(csv, options, error);
}

struct csv *csv_open(const char *path, const struct csv_options *options, struct error *error)
{
    struct csv *csv;
    if (!array_new(&csv, 1, sizeof *csv, error))
        return NULL;
    csv->path = text_copy(path, strlen(path), error);
    if (csv->path != NULL && feed_open(&csv->feed, path, options->notes, error)
        && open_window(csv, options, error))
        return csv;
    /* What was wrong with the file itself, if anything, is why its text made no table. */
    struct error fed = {0};
    if (csv->feed != NULL && !feed_finish(csv->feed, &fed) && fed.kind != ERROR_NONE
        && error != NULL)
        *error = fed;
    csv_close(csv);
    return NULL;
}

void csv_close(struct csv *csv)
{
    if (csv == NULL)
        return;
    csv_window_close(&csv->window);
    feed_close(csv->feed);
    csv_layout_free(&csv->layout);
    free(csv->path);
    free(csv);
}

const char *csv_crs(const struct csv *csv)
{
    return csv->feed != NULL && csv->layout.has_own_place ? feed_facts(csv->feed)->crs : NULL;
}

const struct csv_layout *csv_layout(const struct csv *csv)
{
    return &csv->layout;
}

struct csv_extent csv_extent(const struct csv *csv)
{
    struct stat facts;
    bool known = csv->window.is_file && fstat(csv->window.descriptor, &facts) == 0;
    return (struct csv_extent){(size_t)csv->window.offset, known ? (size_t)facts.st_size : 0};
}

bool csv_next(struct csv *csv, size_t *slice_count, struct error *error)
{
    bool done = csv_window_next(&csv->window, &csv->reading.dialect, error);
    *slice_count = done ? csv->window.slices.count : 0;
    if (done && *slice_count == 0 && csv->feed != NULL)
        return feed_finish(csv->feed, error);
    return done;
}

bool csv_parse(struct incidents *batch, const struct csv *csv, size_t slice, struct error *error)
{
    return csv_rows_parse(batch, &csv->reading, slice, error);
}
