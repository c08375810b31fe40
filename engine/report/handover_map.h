/* The map of a handover, made of what it publishes and of nothing else. */
#ifndef PLEIN_REPORT_HANDOVER_MAP_H
#define PLEIN_REPORT_HANDOVER_MAP_H

#include "engine/study/handover.h"

/* Writes a PNG: the squares by their published incidents per hectare, those withheld hatched. */
bool handover_map_write(const struct handover *handover, const char *path, struct error *error);

#endif
