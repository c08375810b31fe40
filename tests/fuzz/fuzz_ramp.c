/* Fuzzes colour ramps (.cpt): what is read is the same once it is written anew, and its classes
 * are colours. */
#include "engine/core/numbers.h"
#include "engine/core/text.h"
#include "engine/draw/ramp.h"
#include "tests/fuzz/input_file.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_colour(struct text *text, struct colour colour)
{
    char red[NUMBER_TEXT], green[NUMBER_TEXT], blue[NUMBER_TEXT];
    text_add(text, " %s/%s/%s", number_format_exact(red, colour.red * 255),
             number_format_exact(green, colour.green * 255),
             number_format_exact(blue, colour.blue * 255));
}

static bool is_near(struct colour a, struct colour b)
{
    return fabs(a.red - b.red) < 1e-9 && fabs(a.green - b.green) < 1e-9
           && fabs(a.blue - b.blue) < 1e-9 && b.alpha == a.alpha;
}

static void read_anew(const struct ramp *ramp)
{
    struct ramp again;
    struct text text = {0};
    for (size_t i = 0; i < ramp->count; i++) {
        text_add(&text, "%zu", i);
        write_colour(&text, ramp->low[i]);
        text_add(&text, "\t%zu", i + 1);
        write_colour(&text, ramp->high[i]);
        text_add(&text, " ;label\r\n");
    }
    if (!text_check(&text, NULL) || !ramp_parse(&again, text.bytes, "again.cpt", NULL)
        || again.count != ramp->count)
        abort();
    for (size_t i = 0; i < ramp->count; i++)
        if (!is_near(again.low[i], ramp->low[i]) || !is_near(again.high[i], ramp->high[i]))
            abort();
    text_free(&text);
}

static bool is_part(double part)
{
    return part >= 0 && part <= 1;
}

static void ask_classes(const struct ramp *ramp, size_t count)
{
    struct colour colours[RAMP_MOST];
    ramp_classes(colours, count, ramp);
    for (size_t i = 0; i < count; i++)
        if (!is_part(colours[i].red) || !is_part(colours[i].green) || !is_part(colours[i].blue)
            || !is_part(colours[i].alpha))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ramp ramp;
    struct error error = {0};
    char *text = text_copy((const char *)data, size, NULL);
    if (text == NULL)
        return 0;
    if (!ramp_parse(&ramp, text, "fuzz.cpt", &error)) {
        expect_told(&error);
    } else {
        if (ramp.count == 0 || ramp.count > RAMP_MOST)
            abort();
        read_anew(&ramp);
        ask_classes(&ramp, 1);
        ask_classes(&ramp, ramp.count);
        ask_classes(&ramp, 1 + size % RAMP_MOST);
    }
    array_free(&text);
    return 0;
}
