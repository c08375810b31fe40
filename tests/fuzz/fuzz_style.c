/* Fuzzes styles and ramps: the first byte chooses which of the two the rest is. */
#include "engine/draw/ramp.h"
#include "engine/draw/style.h"
#include "tests/fuzz/input_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_as_ramp(const uint8_t *data, size_t size)
{
    struct ramp ramp;
    struct colour colours[RAMP_MOST];
    char *text = text_copy((const char *)data, size, NULL);
    if (text && ramp_parse(&ramp, text, "fuzz.cpt", NULL))
        for (size_t count = 1; count <= 7; count++)
            ramp_classes(colours, count, &ramp);
    array_free(&text);
}

static void read_as_style(const uint8_t *data, size_t size)
{
    struct style style;
    write_input(data, size);
    style_read(&style, path, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    if (data[0] % 2 == 0)
        read_as_ramp(data + 1, size - 1);
    else
        read_as_style(data + 1, size - 1);
    return 0;
}
