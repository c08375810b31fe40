/* Feeds the reader of measures arbitrary tables and looks over what it makes of them. */
#include "engine/formats/measures.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char path[64];

static void remove_file(void)
{
    unlink(path);
}

static int make_file(const char *folder)
{
    snprintf(path, sizeof path, "%s/plein-fuzz-measures-XXXXXX", folder);
    return mkstemp(path);
}

/* One file for the whole run, in memory where there is a place for that: making one an input, on a
 * disk, would cost more than reading it. */
static void write_input(const uint8_t *data, size_t size)
{
    static int descriptor = -1;
    if (descriptor < 0) {
        descriptor = make_file("/dev/shm");
        if (descriptor < 0)
            descriptor = make_file("/tmp");
        atexit(remove_file);
    }
    if (descriptor < 0 || ftruncate(descriptor, 0) != 0
        || pwrite(descriptor, data, size, 0) != (ssize_t)size)
        abort();
}

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
