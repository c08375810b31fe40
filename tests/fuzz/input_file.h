/* The file that a fuzzer of a reader by path writes anew for each input. */
#ifndef PLEIN_TESTS_INPUT_FILE_H
#define PLEIN_TESTS_INPUT_FILE_H

#include "engine/core/base.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[64];

static void remove_file(void)
{
    unlink(path);
}

static int make_file(const char *folder)
{
    snprintf(path, sizeof path, "%s/plein-fuzz-XXXXXX", folder);
    return mkstemp(path);
}

/* One file for the whole run, in memory where there is a place for that: making one an input, on a
 * disk, would cost more than reading it. */
static inline void write_input(const uint8_t *data, size_t size)
{
    static int descriptor = -1;
    static size_t before;
    if (descriptor < 0) {
        descriptor = make_file("/dev/shm");
        if (descriptor < 0)
            descriptor = make_file("/tmp");
        atexit(remove_file);
        setenv("PATH", "/", 1); /* where no program is found that would read foreign files */
    }
    if (descriptor < 0 || pwrite(descriptor, data, size, 0) != (ssize_t)size
        || (size < before && ftruncate(descriptor, (off_t)size) != 0))
        abort();
    before = size;
}

/* Whoever fails says why, in one line. */
static inline void expect_told(const struct error *error)
{
    if (error->kind == ERROR_NONE || error->message[0] == '\0'
        || strchr(error->message, '\n') != NULL)
        abort();
}

#endif
