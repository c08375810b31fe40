/* Feeds packages for the neighbour, and the tables in them, to whoever verifies them. The first
 * byte says what the rest is: a zip, a table, or, for 'z', the parts of a zip with a NUL behind
 * each. */
#include "engine/report/handover_verify.h"
#include "tests/fuzz/zip_input.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void verify(void)
{
    struct handover_opened opened;
    struct error error = {0};
    if (!handover_verify(&opened, path, &error))
        expect_told(&error);
    handover_opened_free(&opened);
}

/* What was read is never below k, and always rounded. */
static void read_table(const uint8_t *data, size_t size)
{
    const struct handover_facts facts = {.name = "squares.csv",
                                         .crs = "EPSG:28992",
                                         .least = 10,
                                         .least_per_ha = 26,
                                         .depth_m = 500,
                                         .first_quarter = 2024 * 4,
                                         .quarter_count = 4};
    struct handover handover = {0};
    struct error error = {0};
    char *text = NULL;
    if (!array_new(&text, size + 1, 1, &error))
        abort();
    memcpy(text, data, size);
    if (!handover_read(&handover, text, size, &facts, &error))
        expect_told(&error);
    else
        for (size_t i = 0; i < handover.table.cell_count; i++)
            if (handover.table.states[i] == CELL_PUBLISHED
                && (handover.table.rounded[i] < 10 || handover.table.rounded[i] % 5 != 0))
                abort();
    handover_free(&handover);
    array_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const NAMES[] = {"datapackage.json", "squares.csv", "incidents.csv",
                                        "clusters.csv", NULL};
    if (size == 0)
        return 0;
    if (data[0] % 2 != 0) {
        read_table(data + 1, size - 1);
        return 0;
    }
    if (data[0] == 'z')
        write_zip_of(NAMES, data + 1, size - 1);
    else
        write_input(data + 1, size - 1);
    verify();
    return 0;
}
