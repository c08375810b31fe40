/* What each side of a border would guess of the joint density by edge correction, and how wrong:
 * border.h says what that means. */
#ifndef PLEIN_ANALYSIS_BORDER_GUESS_H
#define PLEIN_ANALYSIS_BORDER_GUESS_H

#include "engine/analysis/density.h"
#include "engine/analysis/lead.h"

enum { GROUND_NOBODY = 2 }; /* ground of neither side */

struct border_guess {
    const struct density_options *density;
    const struct raster *frame; /* the cells; its values are not used */
    /* As in border_input. */
    const uint8_t *ground;
    const double *other_m;
    const struct shape *grounds[SIDES], *both;
    /* Per cell: what is known, */
    const double *alone[SIDES], *together;
    /* and what is filled: guess less joint density, and that joint density, corrected as the guess
     * is. NaN where no guess is made. */
    double *error, *joint;
};
bool border_guess(const struct border_guess *guess, struct error *error);

#endif
