/* Fuzzes study files, and the selection that the settings of a readable one ask for. */
#include "engine/study/options.h"
#include "engine/study/selection.h"
#include "tests/fuzz/input_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Near enough for places that lie nowhere. */
static bool from_degrees(void *state, double *x, double *y, struct error *error)
{
    (void)state;
    *x *= 70000;
    *y *= 111000;
    return (*x <= 7e6 && *y <= 1e7)
           || error_set(error, ERROR_USAGE, "the place lies outside the system's area");
}

static void read_selection(const struct options *options)
{
    const struct jurisdictions none = {0};
    const struct selection_place place = {.grid = {.unit_mm = 1}, .from_degrees = from_degrees};
    struct selection selection = {0};
    struct error error = {0};
    if (!selection_read(&selection, options, &none, &place, &error))
        expect_told(&error);
    selection_free(&selection);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct options options;
    struct error error = {0};
    write_input(data, size);
    if (options_new(&options, NULL)) {
        if (options_read_study(&options, path, &error))
            read_selection(&options);
        else
            expect_told(&error);
        options_free(&options);
    }
    return 0;
}
