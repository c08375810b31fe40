/* Feeds the vocabulary reader arbitrary tables and looks words up in what it makes of them. */
#include "engine/formats/vocabulary.h"
#include "tests/fuzz/input_file.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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
