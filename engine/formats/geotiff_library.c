/* libgeotiff's and libtiff's functions, from a library that is loaded when one is first needed. */
#include "engine/formats/geotiff_library.h"

struct geotiff_late geotiff_late;

static const char *const NAMES[] = {GEOTIFF_FUNCTIONS(LATE_NAME) NULL};
static struct late_library library = {PLEIN_GEOTIFF, NAMES, &geotiff_late,
                                      PTHREAD_MUTEX_INITIALIZER, false};

bool geotiff_library_load(struct error *error)
{
    return late_load(&library, error);
}
