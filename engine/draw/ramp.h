/* Colour ramps from GMT's .cpt files. */
#ifndef PLEIN_DRAW_RAMP_H
#define PLEIN_DRAW_RAMP_H

#include "engine/draw/colour.h"

enum { RAMP_MOST = 64 };

/* A row of slices from low to high, each with the colour at its two ends; in a ramp of classes both
 * are equal. */
struct ramp {
    struct colour low[RAMP_MOST], high[RAMP_MOST];
    size_t count;
};

/* Reads slices of the form `z0 colour z1 colour`, where a colour is R/G/B, R G B or #RRGGBB; lines
 * that start with # or with B, F or N are passed over. ERROR_SETTINGS with file and line for
 * anything else, for HSV, and for a file without slices. */
bool ramp_read(struct ramp *ramp, const char *path, struct error *error);
bool ramp_parse(struct ramp *ramp, const char *bytes, const char *name, struct error *error);
/* The colours of `count` classes (1 to RAMP_MOST), low to high: the slices themselves when there
 * are as many and each has one colour, else taken along the ramp at even distances in OKLab, its
 * ends included. */
void ramp_classes(struct colour *colours, size_t count, const struct ramp *ramp);

#endif
