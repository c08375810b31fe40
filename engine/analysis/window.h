/* How much of a kernel lies inside a window, by integrating along the window's edges. */
#ifndef PLEIN_ANALYSIS_WINDOW_H
#define PLEIN_ANALYSIS_WINDOW_H

#include "engine/analysis/kernels.h"
#include "engine/core/raster.h"

struct window;
struct window_piece;

struct window_options {
    const struct shape *shape; /* metres, holes and parts as they come; copied */
    enum kernel kernel;
    double bandwidth_m;
};
struct window *window_open(const struct window_options *options, struct error *error);
void window_close(struct window *window); /* NULL is fine */

/* Below this part of a kernel there is nothing to go by. */
#define WINDOW_NO_MASS 1e-9

/* The mass, 0 to 1, of the kernel centred at (x, y) that lies inside, within 1e-8. By Green's
 * theorem it is 1 for a centre inside, less what the edges within reach cut off: for each edge the
 * angle under which it is seen, weighted by the part of the kernel that lies farther out. Time
 * O(edges near). Threads may call at one time. */
double window_mass(const struct window *window, double x, double y);

/* The edges that count for any centre in a box: looked for once, for many centres. */
struct window_view {
    const struct window *window;
    const struct window_piece **pieces; /* of the window */
    size_t count, held;
};
/* The view starts as {0} and may look again; the caller frees it. */
bool window_look(struct window_view *view, const struct window *window, struct box centres,
                 struct error *error);
/* As window_mass, for a centre in the box. */
double window_view_mass(const struct window_view *view, double x, double y);
void window_view_free(struct window_view *view);

enum window_use {
    WINDOW_BLANK,  /* NaN where there is no mass, else as it was */
    WINDOW_DIVIDE, /* NaN where there is no mass, else divided by it */
};
bool window_correct(struct raster *raster, const struct window *window, enum window_use use,
                    int thread_count, struct error *error);

#endif
