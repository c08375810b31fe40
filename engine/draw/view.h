/* A piece of ground in a frame on the page, and shapes traced from the one into the other. */
#ifndef PLEIN_DRAW_VIEW_H
#define PLEIN_DRAW_VIEW_H

#include "engine/core/geometry.h"
#include "engine/draw/canvas.h"

struct view {
    struct box ground;          /* metres; of the frame's shape */
    double x, y, width, height; /* the frame, points from the page's upper left corner */
    double scale;               /* points to a metre */
};

/* Fits ground into the frame (x, y, width, height): widened about its middle where the shapes
 * differ. Ground without extent becomes 100 m. */
struct view view_fit(struct box ground, const double frame[4]);
double view_x(const struct view *view, double x);
double view_y(const struct view *view, double y);
struct box view_frame(const struct view *view);
void view_clip(struct canvas *canvas, const struct view *view);

/* Lines in points on the page, as many parts as `starts` says. A zeroed struct is empty. */
struct trace {
    double *x, *y;
    double *along; /* of a traced shape: the way to each point from the first of its part */
    double *lows,
        *highs;     /* of a traced shape: how low and high each 16 edges reach; NULL: not known */
    size_t *starts; /* part_count + 1 */
    size_t point_count, part_count;
    size_t point_capacity, part_capacity;
    double top, bottom; /* from the uppermost point to the lowest; top > bottom: no point */
    double left, right;
};
/* A shape to be traced. */
struct drawn {
    const struct view *view;
    const struct shape *shape;
    bool closed; /* its parts are rings */
};
/* Traces a shape: cut off a little outside the frame, points that fall together dropped, points
 * that are no number passed over. */
bool trace_shape(struct trace *trace, const struct drawn *drawn, struct error *error);
void trace_free(struct trace *trace);
/* Adds the traced lines to the canvas's path. */
void trace_draw(struct canvas *canvas, const struct trace *trace, bool closed);
/* The same of its only ring, turned as all rings are that are drawn so. */
void trace_draw_turned(struct canvas *canvas, const struct trace *trace);
/* Traces and draws in one. */
bool view_draw(struct canvas *canvas, const struct drawn *drawn, struct error *error);
/* Joins parts whose ends meet into longer ones. */
bool trace_join(struct trace *trace, struct error *error);
/* Takes out closed lines that hold less than so many square points. */
void trace_drop_small(struct trace *trace, double area);
double trace_length(const struct trace *trace, size_t part); /* of a traced shape */
/* Whether the point lies within an odd number of the traced rings, which are short, and in points.
 */
bool trace_holds(const struct trace *trace, double x, double y);
/* How far the point lies from the nearest line of it; INFINITY when it has none. */
double trace_distance(const struct trace *trace, double x, double y);

#endif
