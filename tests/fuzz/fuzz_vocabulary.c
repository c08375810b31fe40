/* Feeds the vocabulary reader arbitrary tables and looks words up in what it makes of them. */
#include "engine/formats/vocabulary.h"

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
    snprintf(path, sizeof path, "%s/plein-fuzz-vocabulary-XXXXXX", folder);
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
    struct vocabulary vocabulary;
    struct error error = {0};
    write_input(data, size);
    if (vocabulary_read(&vocabulary, path, &error)) {
        for (size_t i = 0; i < vocabulary.count; i++) {
            const struct vocabulary_entry *entry = &vocabulary.entries[i];
            if (vocabulary_find(&vocabulary, entry->source, entry->reported) != entry)
                abort(); /* what the table says must be found */
            if (vocabulary_find(&vocabulary, "no such source", entry->category) == NULL)
                abort();
        }
    } else if (error.kind == ERROR_NONE || error.message[0] == '\0') {
        abort();
    }
    vocabulary_free(&vocabulary);
    return 0;
}
