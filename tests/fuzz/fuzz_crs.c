/* Fuzzes the texts of reference systems, as they stand beside a shapefile, in a GeoPackage and on
 * the command line: what is let through names neither a file nor an address, and is let through
 * again as it is. PROJ is not asked. */
#include "engine/formats/prj.h"
#include "engine/space/crs_text.h"

#include "tests/fuzz/input_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What PROJ opens things by: parameters of these names, a pipeline, an address. */
static void expect_harmless(const char *clean)
{
    static const char *const DOORS[] = {
        " +init=", " +nadgrids=", " +geoidgrids=", " +grids=", " +proj=pipeline", "://"};
    char text[4096];
    if (strpbrk(clean, "[(") != NULL) /* WKT: names in it may be anything, and PROJ opens none */
        return;
    snprintf(text, sizeof text, " %s", clean);
    for (size_t i = 0; i < sizeof DOORS / sizeof *DOORS; i++)
        if (strstr(text, DOORS[i]) != NULL)
            abort();
}

static void try_clean(const char *text)
{
    struct error error = {0};
    char *clean = crs_text_clean(text, &error);
    if (clean == NULL) {
        expect_told(&error);
        return;
    }
    char code[CRS_CODE_SIZE];
    char *again = crs_text_clean(clean, NULL);
    if (again == NULL || strcmp(again, clean) != 0)
        abort();
    expect_harmless(clean);
    crs_text_code(code, clean);
    if (strlen(code) >= sizeof code)
        abort();
    array_free(&again);
    array_free(&clean);
}

static void try_prj(char *text, size_t size)
{
    struct error error = {0};
    const struct file_bytes file = {text, size};
    char *kept = prj_text(&file, "fuzz.prj", &error);
    if (kept == NULL) {
        expect_told(&error);
        return;
    }
    if (!prj_is_wkt(kept))
        abort();
    array_free(&kept);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    if (text == NULL)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    try_clean(text);
    try_prj(text, size);
    free(text);
    return 0;
}
