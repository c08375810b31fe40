/* Feeds the reader of priorities arbitrary tables and looks over what it makes of them. */
#include "engine/formats/priorities.h"

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
    snprintf(path, sizeof path, "%s/plein-fuzz-priorities-XXXXXX", folder);
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
    struct priorities priorities;
    struct error error = {0};
    write_input(data, size);
    if (priorities_read(&priorities, path, &error)) {
        for (size_t i = 0; i < priorities.count; i++) {
            const struct priority *priority = &priorities.items[i];
            if (priority->jurisdiction[0] == '\0' || priority->category[0] == '\0'
                || priority->priority[0] == '\0' || priority->source == NULL
                || priority->first_day > priority->last_day || priority->line < 2)
                abort();
        }
    } else if (error.kind == ERROR_NONE || error.message[0] == '\0') {
        abort();
    }
    priorities_free(&priorities);
    return 0;
}
