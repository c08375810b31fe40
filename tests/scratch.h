/* A folder of its own for each test, in which it stands, and files in it. */
#ifndef PLEIN_TESTS_SCRATCH_H
#define PLEIN_TESTS_SCRATCH_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[64];

/* In memory where there is a place for that, since a disk takes its time to sync. */
static inline int in_a_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "%s/plein-test-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    return mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

static inline int without_it(void **state)
{
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "cd / && rm -rf %s", folder);
    return system(command) == 0 ? 0 : -1; /* NOLINT(cert-env33-c): a name of our own */
}

static inline void put_bytes(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static inline void put(const char *path, const char *text)
{
    put_bytes(path, text, strlen(text));
}

#endif
