/* libzip's functions, from a library that is loaded when one is first needed. */
#include "engine/formats/zip_library.h"

struct zip_late zip_late;

static const char *const NAMES[] = {ZIP_FUNCTIONS(LATE_NAME) NULL};
static struct late_library library = {PLEIN_ZIP, NAMES, &zip_late, PTHREAD_MUTEX_INITIALIZER,
                                      false};

bool zip_library_load(struct error *error)
{
    return late_load(&library, error);
}
