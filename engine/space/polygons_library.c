/* GEOS's functions, from a library that is loaded when one is first needed. */
#include "engine/space/polygons_library.h"

struct geos_late geos_late;

static const char *const NAMES[] = {GEOS_FUNCTIONS(LATE_NAME) NULL};
static struct late_library library = {PLEIN_GEOS, NAMES, &geos_late, PTHREAD_MUTEX_INITIALIZER,
                                      false};

bool polygons_library_load(struct error *error)
{
    return late_load(&library, error);
}
