/* Cairo's, pango's and fontconfig's functions, from a library that is loaded when one is first
 * needed. */
#include "engine/draw/canvas_library.h"

struct canvas_late canvas_late;

static const char *const NAMES[] = {CANVAS_FUNCTIONS(LATE_NAME) NULL};
static struct late_library library = {PLEIN_PANGOCAIRO, NAMES, &canvas_late,
                                      PTHREAD_MUTEX_INITIALIZER, false};

bool canvas_library_load(struct error *error)
{
    return late_load(&library, error);
}
