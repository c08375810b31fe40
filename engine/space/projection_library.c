/* PROJ's functions, from a library that is loaded when one is first needed. */
#include "engine/space/projection_library.h"

struct proj_late proj_late;

static const char *const NAMES[] = {PROJ_FUNCTIONS(LATE_NAME) NULL};
static struct late_library library = {PLEIN_PROJ, NAMES, &proj_late, PTHREAD_MUTEX_INITIALIZER,
                                      false};

bool projection_library_load(struct error *error)
{
    return late_load(&library, error);
}
