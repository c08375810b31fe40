/* Tells on a terminal how far the reading is, in one line that is gone when it is done. */
#include "cli/progress.h"

#include "engine/core/text.h"
#include "engine/report/wording.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static const double PATIENCE_S = 1, EACH_S = 0.2,
                    SETTLED_S = 0.1; /* a file's speed is known by then */

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Cuts a text to so many columns, not in the middle of a character. */
static void cut(struct text *text, size_t columns)
{
    size_t at = 0, width = 0;
    for (; at < text->length; at++) {
        width += (text->bytes[at] & 0xC0) != 0x80;
        if (width > columns)
            break;
    }
    if (text->length > at)
        text->bytes[text->length = at] = '\0';
}

static void add_name(struct text *text, const char *file)
{
    const size_t columns = 24;
    text_add(text, "%s", strcmp(file, "-") == 0 ? _("standard input") : file);
    cut(text, columns);
}

/* " 0:42", " 1:05:00". */
static void add_time(struct text *text, double seconds)
{
    unsigned long whole = (unsigned long)(seconds + 0.5);
    if (whole < 3600)
        text_add(text, "%lu:%02lu", whole / 60, whole % 60);
    else
        text_add(text, "%lu:%02lu:%02lu", whole / 3600, whole % 3600 / 60, whole % 60);
}

/* What is said after so many seconds. */
static void add_progress(struct text *text, const struct progress *progress, double seconds)
{
    struct text rows = {0}, left = {0};
    double speed = (double)progress->bytes / seconds;
    add_name(text, progress->file);
    wording_count(&rows, progress->rows);
    text_add(text, _(": %s rows, %.0f MB/s"), rows.bytes != NULL ? rows.bytes : "", speed / 1e6);
    if (progress->size > progress->bytes && speed > 0) {
        add_time(&left, (double)(progress->size - progress->bytes) / speed);
        text_add(text, _(", %s left"), left.bytes != NULL ? left.bytes : "");
    }
    text_free(&rows);
    text_free(&left);
}

bool progress_is_wanted(FILE *stream)
{
    const char *terminal = getenv("TERM");
    return isatty(fileno(stream)) != 0 && terminal != NULL && strcmp(terminal, "dumb") != 0;
}

/* A line that runs on into a next one cannot be taken back. */
static size_t columns_of(FILE *stream)
{
    struct winsize size;
    bool known = ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
    return known ? (size_t)size.ws_col - 1 : 79;
}

static void erase(struct progress_line *line)
{
    if (line->shown)
        fputs("\r\033[K", line->stream);
    fflush(line->stream);
    line->shown = false;
}

static void show(struct progress_line *line, const struct progress *progress, double seconds)
{
    struct text text = {0};
    add_progress(&text, progress, seconds);
    cut(&text, columns_of(line->stream));
    if (!text.failed)
        fprintf(line->stream, "\r%s\033[K", text.bytes);
    fflush(line->stream);
    line->shown = true;
    text_free(&text);
}

void progress_line_tell(void *state, const struct progress *progress)
{
    struct progress_line *line = state;
    double now = now_s();
    if (!line->begun)
        line->begun_s = now;
    line->begun = true;
    if (!line->file_begun)
        line->file_begun_s = now;
    line->file_begun = !progress->ended;
    if (progress->ended) {
        erase(line);
        return;
    }
    if (now - line->begun_s < PATIENCE_S || now - line->file_begun_s < SETTLED_S
        || now - line->told_s < EACH_S)
        return;
    show(line, progress, now - line->file_begun_s);
    line->told_s = now;
}
