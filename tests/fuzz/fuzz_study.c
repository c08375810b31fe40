/* Fuzzes study files, and the selection that the settings of a readable one ask for. */
#include "engine/core/base.h"
#include "engine/study/options.h"
#include "engine/study/selection.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An error says what is wrong, in one line that ends. */
static void expect_told(const struct error *error)
{
    if (error->kind == ERROR_NONE || error->message[0] == '\0')
        abort();
}

static void read_selection(const struct options *options)
{
    const struct jurisdictions none = {0};
    const struct selection_place place = {.grid = {.unit_mm = 1}};
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
    char path[64];
    snprintf(path, sizeof path, "/tmp/plein_fuzz_study_%ld.ini", (long)getpid());
    FILE *file = fopen(path, "wb");
    if (!file)
        return 0;
    fwrite(data, 1, size, file);
    fclose(file);
    if (options_new(&options, NULL)) {
        if (options_read_study(&options, path, &error))
            read_selection(&options);
        else
            expect_told(&error);
        options_free(&options);
    }
    unlink(path);
    return 0;
}
