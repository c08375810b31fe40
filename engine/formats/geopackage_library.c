/* SQLite's functions, from a library that is loaded when one is first needed. */
#include "engine/formats/geopackage_library.h"

struct geopackage_late geopackage_late;

static const char *const NAMES[] = {GEOPACKAGE_FUNCTIONS(LATE_NAME) NULL};
static struct late_library library = {PLEIN_SQLITE, NAMES, &geopackage_late,
                                      PTHREAD_MUTEX_INITIALIZER, false};

bool geopackage_library_load(struct error *error)
{
    return late_load(&library, error);
}
