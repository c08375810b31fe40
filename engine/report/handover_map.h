/* The map of a handover, made of what it publishes and of nothing else. */
#ifndef PLEIN_REPORT_HANDOVER_MAP_H
#define PLEIN_REPORT_HANDOVER_MAP_H

#include "engine/study/handover.h"

/* What the map of a merged pair says instead; NULL: of one package. */
struct handover_map_words {
    const char *title, *subtitle, *source; /* in the language in force */
};
/* Writes a PNG: the squares by their published incidents per hectare, those withheld hatched. The
 * handover's study is there, for the ground and its base layers. */
bool handover_map_write(const struct handover *handover, const struct handover_map_words *words,
                        const char *path, struct error *error);

#endif
