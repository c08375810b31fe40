/* Feeds the reader of measures arbitrary tables and looks over what it makes of them. */
#include "engine/formats/measures.h"
#include "tests/fuzz/input_file.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct measures measures;
    struct error error = {0};
    write_input(data, size);
    if (measures_read(&measures, path, &error)) {
        for (size_t i = 0; i < measures.count; i++) {
            const struct measure *measure = &measures.items[i];
            if (measure->name[0] == '\0' || measure->partner == NULL || measure->domain == NULL
                || measure->jurisdiction == NULL || measure->first_day > measure->last_day
                || (measure->x == measure->x) != (measure->y == measure->y)
                || !(measure->radius_m >= 0) || measure->line < 2)
                abort();
        }
    } else if (error.kind == ERROR_NONE || error.message[0] == '\0') {
        abort();
    }
    measures_free(&measures);
    return 0;
}
