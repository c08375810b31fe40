/* libxlsxwriter's functions, from a library that is loaded when one is first needed. */
#include "engine/formats/xlsx_library.h"

struct xlsx_late xlsx_late;

static const char *const NAMES[] = {XLSX_FUNCTIONS(LATE_NAME) NULL};
static struct late_library library = {PLEIN_XLSXWRITER, NAMES, &xlsx_late,
                                      PTHREAD_MUTEX_INITIALIZER, false};

bool xlsx_library_load(struct error *error)
{
    return late_load(&library, error);
}
