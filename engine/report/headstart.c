/* What a map needs and no incident tells: its open sheet and the words for its reference system,
 * made while incidents are read. */
#include "engine/report/headstart.h"

#include "engine/draw/overlay.h"
#include "engine/draw/page.h"
#include "engine/space/projection_crs.h"

#include <stdlib.h>

static bool open_sheet(void *state, struct error *error)
{
    struct headstart *headstart = state;
    headstart->canvas = page_open(headstart->file, headstart->size, error);
    return headstart->canvas != NULL;
}

static bool tell_system(void *state, struct error *error)
{
    struct headstart *headstart = state;
    headstart->wkt = crs_wkt(headstart->crs, error);
    return headstart->wkt != NULL;
}

void headstart_begin(struct headstart *headstart, const struct headstart_wish *wish)
{
    headstart->open_sheet = (struct parallel_aside){.work = open_sheet, .state = headstart};
    headstart->tell_system = (struct parallel_aside){.work = tell_system, .state = headstart};
    if (wish->canvas)
        parallel_aside_begin(&headstart->open_sheet, wish->thread_count);
    if (wish->wkt)
        parallel_aside_begin(&headstart->tell_system, wish->thread_count);
}

static void close_canvas(struct headstart *headstart)
{
    canvas_close(headstart->canvas);
    headstart->canvas = NULL;
}

/* Closed at once, since one canvas at a time has the fonts. */
bool headstart_write_map(struct map_result *result, struct headstart *headstart, const char *path,
                         const struct map_drawing *drawing, struct error *error)
{
    struct map_drawing whole = *drawing;
    if (!drawing->style->layers.sheet)
        return overlay_write_png(result, path, drawing, error);
    bool done = parallel_aside_end(&headstart->open_sheet, error);
    whole.canvas = headstart->canvas;
    done = done && map_write(result, path, &whole, error);
    close_canvas(headstart);
    return done;
}

const char *headstart_wkt(struct headstart *headstart, struct error *error)
{
    return parallel_aside_end(&headstart->tell_system, error) ? headstart->wkt : NULL;
}

void headstart_free(struct headstart *headstart)
{
    if (headstart->open_sheet.begun)
        parallel_aside_end(&headstart->open_sheet, NULL);
    if (headstart->tell_system.begun)
        parallel_aside_end(&headstart->tell_system, NULL);
    close_canvas(headstart);
    free(headstart->wkt);
    *headstart = (struct headstart){0};
}
