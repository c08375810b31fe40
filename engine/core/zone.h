/* Time zones from tzdata: turns stamps in UTC into local clock time. */
#ifndef PLEIN_CORE_ZONE_H
#define PLEIN_CORE_ZONE_H

#include "engine/core/base.h"

/* Opens a zone by its tzdata name ("Europe/Amsterdam") from $TZDIR or /usr/share/zoneinfo (TZif,
 * RFC 8536). A name with
 * ".." or a leading "/" is refused. ERROR_USAGE when there is no such zone. */
struct zone *zone_open(const char *name, struct error *error);
void zone_close(struct zone *zone); /* NULL is fine */
/* Seconds to add to UTC at that UTC second; after the file's last transition its POSIX footer
 * counts. */
int zone_offset(const struct zone *zone, int64_t utc_second);

#endif
