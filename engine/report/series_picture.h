/* A sheet of small maps of a study, one for each value of a key. */
#ifndef PLEIN_REPORT_SERIES_PICTURE_H
#define PLEIN_REPORT_SERIES_PICTURE_H

#include "engine/study/study.h"

/* Draws the series that --small-multiples names into a PNG file. What is left out is noted. */
bool series_picture_write(struct study *study, const char *path, struct error *error);

#endif
