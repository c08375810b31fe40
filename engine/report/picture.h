/* The map of a study for a meeting: what the sheet shows and says. */
#ifndef PLEIN_REPORT_PICTURE_H
#define PLEIN_REPORT_PICTURE_H

#include "engine/study/study.h"

/* Reads the incidents, finds clusters of all together and the density, and writes FILE.png with
 * FILE.pgw and FILE.png.aux.xml. */
bool picture_write(struct study *study, const char *path, struct error *error);

#endif
