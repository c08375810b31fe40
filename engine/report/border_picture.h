/* The border sheet of a study: what each side sees, what both see together, and what follows. */
#ifndef PLEIN_REPORT_BORDER_PICTURE_H
#define PLEIN_REPORT_BORDER_PICTURE_H

#include "engine/study/findings.h"

/* Draws the sheet of border `number` into a file; its alternative text, with --alt, is one set with
 * it. */
bool border_picture_write(struct findings *findings, size_t number, const char *path,
                          struct error *error);

#endif
