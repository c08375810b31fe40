/* What each side of a border would guess of the joint density by edge correction, and how wrong. */
#ifndef PLEIN_ANALYSIS_BORDER_GUESS_H
#define PLEIN_ANALYSIS_BORDER_GUESS_H

#include "engine/analysis/border.h"

struct border_guess {
    const struct border_input *input;
    const struct density_options *density;
    struct border_surfaces *surfaces; /* alone and together are known; guess_error is filled */
    double *joint; /* filled, per cell: the joint density, corrected as the guess is; NaN where no
                      guess is made */
};
bool border_guess(const struct border_guess *guess, struct error *error);

#endif
