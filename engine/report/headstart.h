/* What a map needs and no incident tells: its open sheet and the words for its reference system,
 * made while incidents are read. */
#ifndef PLEIN_REPORT_HEADSTART_H
#define PLEIN_REPORT_HEADSTART_H

#include "engine/core/parallel.h"
#include "engine/draw/map.h"

/* Borrows all it is given; a zeroed struct is empty. */
struct headstart {
    enum map_file file;
    struct canvas_size size;
    const char *crs;
    struct canvas *canvas;
    char *wkt;
    struct parallel_aside open_sheet, tell_system;
};

/* Begins what is wanted early, on threads of its own unless thread_count is 1; the rest is made
 * when it is asked for. */
struct headstart_wish {
    bool canvas, wkt;
    int thread_count;
};
void headstart_begin(struct headstart *headstart, const struct headstart_wish *wish);
/* Draws into a file of the drawing's kind on the sheet, which is waited for and closed, or without
 * a sheet where the style has none. Once. */
bool headstart_write_map(struct map_result *result, struct headstart *headstart, const char *path,
                         const struct map_drawing *drawing, struct error *error);
/* Waits for the reference system as WKT, once; it stays the headstart's. NULL on failure. */
const char *headstart_wkt(struct headstart *headstart, struct error *error);
void headstart_free(struct headstart *headstart);

#endif
