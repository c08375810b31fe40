/* Reads a file window by window into one buffer, and cuts each window into slices of whole rows. */
#ifndef PLEIN_FORMATS_CSVWINDOW_H
#define PLEIN_FORMATS_CSVWINDOW_H

#include "engine/formats/csvcut.h"

#include <sys/types.h>

enum {
    CSV_PADDING = 64,        /* bytes before and behind a window's text that may be read, and mean
                                nothing */
    CSV_ROW_MOST = 16 << 20, /* bytes */
    CSV_WINDOW = 8 << 20,    /* by default */
    CSV_SLICES = 16,         /* of a window, about */
    CSV_STRETCHES = 128,     /* of one filling, at most */
};

struct csv_window_options {
    size_t head_bytes;   /* read at once, to look at */
    size_t window_bytes; /* 0: CSV_WINDOW */
    int thread_count;
    bool wide;      /* with the instructions of SIMD_WIDE */
    bool is_fed;    /* by a pipe that is somebody else's: */
    int descriptor; /* then it is read, and not the path */
};

/* A zeroed struct is closed. */
struct csv_window {
    const char *path;
    int descriptor;
    bool is_open, is_own, is_file; /* is_file: pieces can be read from any place */
    bool ended, finished;          /* finished: the last row has its line end */
    bool has_nul, has_quotes;      /* in what has not been handed out */
    off_t offset;
    char *buffer;
    size_t capacity, begin, filled;              /* begin..filled has not been handed out */
    struct csv_stretch stretches[CSV_STRETCHES]; /* what was read last, up to `filled` */
    size_t stretch_count;
    size_t window_bytes, slice_bytes;
    int thread_count;
    bool wide;
    struct csv_slices slices;
    struct csv_text text; /* what the slices lie in */
    size_t next_line, next_row;
};

/* "-" is standard input. ERROR_NO_INPUT; ERROR_DATA for a folder. */
bool csv_window_open(struct csv_window *window, const char *path,
                     const struct csv_window_options *options, struct error *error);
void csv_window_close(struct csv_window *window);
/* What was read and not yet handed out. */
struct csv_text csv_window_text(const struct csv_window *window);
/* Rows begin at `data` (in that text), on this line. */
void csv_window_start(struct csv_window *window, const char *data, size_t line);
/* Fills window->slices; none at the file's end. ERROR_DATA: NUL bytes, a row of more than
 * CSV_ROW_MOST bytes. */
bool csv_window_next(struct csv_window *window, const struct csv_dialect *dialect,
                     struct error *error);

#endif
