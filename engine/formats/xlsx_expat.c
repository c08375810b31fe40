/* Expat's functions, from a library that is loaded when one is first needed. */
#include "engine/formats/xlsx_expat.h"

struct xlsx_expat_late xlsx_expat_late;

static const char *const NAMES[] = {XLSX_EXPAT_FUNCTIONS(LATE_NAME) NULL};
static struct late_library library = {PLEIN_EXPAT, NAMES, &xlsx_expat_late,
                                      PTHREAD_MUTEX_INITIALIZER, false};

bool xlsx_expat_load(struct error *error)
{
    return late_load(&library, error);
}
