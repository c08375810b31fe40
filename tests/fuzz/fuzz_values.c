/* Fuzzes the small languages of single options: the first byte chooses --classes, --page, a box of
 * ground (--frame, --within), a phase of the opgave. */
#include "engine/core/numbers.h"
#include "engine/report/pages.h"
#include "engine/report/scale.h"
#include "engine/study/phases.h"
#include "engine/study/selection.h"
#include "tests/fuzz/input_file.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_limits(const struct classes *classes)
{
    if (classes->count == 0 || classes->count > CLASSES_MOST || !(classes->limits[0] > 0))
        abort();
    for (size_t i = 1; i < classes->count; i++)
        if (!(classes->limits[i] > classes->limits[i - 1]))
            abort();
}

/* Limits written out are the same limits when they are given. */
static void choose_again(const struct classes *classes, const struct raster *raster,
                         const struct style *style)
{
    struct classes again;
    struct text text = {0};
    char number[NUMBER_TEXT];
    for (size_t i = 0; i < classes->count; i++)
        text_add(&text, "%s%s", i > 0 ? "," : "", number_format_exact(number, classes->limits[i]));
    if (!text_check(&text, NULL)
        || !scale_choose(&again, raster, style, &(struct options){.classes = text.bytes}, NULL)
        || again.count != classes->count
        || memcmp(again.limits, classes->limits, again.count * sizeof *again.limits) != 0)
        abort();
    text_free(&text);
}

static void try_classes(char *given)
{
    static double values[64];
    static struct style style;
    if (values[1] == 0) {
        style_default(&style);
        for (int i = 0; i < 64; i++)
            values[i] = i % 5 == 0 ? NAN : 0.75 * i * i;
    }
    const struct raster raster = {.values = values, .columns = 8, .rows = 8, .cell_m = 10};
    struct classes classes = {0};
    struct error error = {0};
    if (!scale_choose(&classes, &raster, &style, &(struct options){.classes = given}, &error)) {
        expect_told(&error);
        return;
    }
    check_limits(&classes);
    if (classes.count <= 7)
        choose_again(&classes, &raster, &style);
}

static void try_page(char *given)
{
    const double least = 20 * 72 / 25.4, most = 5000 * 72 / 25.4;
    struct pages_choice choice;
    struct error error = {0};
    if (!pages_choose(&choice, &(struct options){.page = given}, "map.png", &error))
        expect_told(&error);
    else if (!(fmin(choice.page.width, choice.page.height) >= least * 0.999999)
             || !(fmax(choice.page.width, choice.page.height) <= most * 1.000001))
        abort();
}

static void try_box(const char *given)
{
    struct box box;
    struct error error = {0};
    if (!selection_parse_box(&box, "frame", given, &error))
        expect_told(&error);
    else if (!isfinite(box.x_min) || !isfinite(box.y_min) || !isfinite(box.x_max)
             || !isfinite(box.y_max) || box.x_min > box.x_max || box.y_min > box.y_max)
        abort();
}

static void try_phase(const char *given)
{
    struct phase phase;
    struct error error = {0};
    if (!phase_parse(&phase, given, &error))
        expect_told(&error);
    else if (phase.first_day > phase.last_day || phase.name[0] == '\0')
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || memchr(data, '\n', size) != NULL)
        return 0;
    char *text = text_copy((const char *)data + 1, size - 1, NULL);
    if (text == NULL)
        return 0;
    switch (data[0] % 4) {
    case 0:
        try_classes(text);
        break;
    case 1:
        try_page(text);
        break;
    case 2:
        try_box(text);
        break;
    default:
        try_phase(text);
    }
    array_free(&text);
    return 0;
}
