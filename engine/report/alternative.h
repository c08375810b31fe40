/* The alternative text of a sheet: what somebody who cannot see it should be told. */
#ifndef PLEIN_REPORT_ALTERNATIVE_H
#define PLEIN_REPORT_ALTERNATIVE_H

#include "engine/core/text.h"
#include "engine/draw/bordersheet.h"
#include "engine/draw/sheet.h"

/* Plain sentences in the language in force: the finding, what the map counts, the largest clusters
 * with their numbers, and what the colours mean. */
void alternative_map(struct text *text, const struct map_sheet *sheet);
/* The finding, what is counted, and for the hotspot of the finding its place in each list, what
 * each side does not see of it, and the verdict. */
void alternative_border(struct text *text, const struct border_sheet *sheet);
/* Writes it with a line's end into FILE.txt beside the picture; nothing for standard output. */
bool alternative_write(const struct text *text, const char *path, struct error *error);

#endif
