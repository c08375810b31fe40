/* Feeds the reader of priorities arbitrary tables and looks over what it makes of them. */
#include "engine/formats/priorities.h"
#include "tests/fuzz/input_file.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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
