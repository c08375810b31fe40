/* The page that a sheet is drawn on, and the kind of file that it becomes, as the options ask. */
#include "engine/report/pages.h"

#include "engine/core/numbers.h"
#include "engine/core/text.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double points_per_mm = 72 / 25.4, paper_dpi = 200, slide_dpi = 144;

/* Lying, millimetres. */
static const struct {
    const char *name;
    double width, height;
} papers[] = {{"a1", 841, 594}, {"a2", 594, 420}, {"a3", 420, 297},
              {"a4", 297, 210}, {"a5", 210, 148}, {"a6", 148, 105}};

static const char *extension_of(const char *path)
{
    const char *name = text_file_name(path), *dot = strrchr(name, '.');
    return dot != NULL && dot != name ? dot + 1 : "";
}

bool pages_file(enum map_file *file, const char *path)
{
    const char *extension = extension_of(path);
    *file = MAP_PNG;
    if (text_equal(extension, "pdf"))
        *file = MAP_PDF;
    else if (text_equal(extension, "svg"))
        *file = MAP_SVG;
    else
        return extension[0] == '\0' || text_equal(extension, "png");
    return true;
}

/* "a4", "A4-portrait", "a4-landscape" */
static bool parse_paper(struct map_page *page, const char *text)
{
    for (size_t i = 0; i < sizeof papers / sizeof *papers; i++) {
        size_t length = strlen(papers[i].name);
        char name[8] = "";
        if (strlen(text) < length)
            continue;
        memcpy(name, text, length);
        if (!text_equal(name, papers[i].name))
            continue;
        bool portrait = text_equal(text + length, "-portrait");
        if (!portrait && text[length] != '\0' && !text_equal(text + length, "-landscape"))
            return false;
        page->width = (portrait ? papers[i].height : papers[i].width) * points_per_mm;
        page->height = (portrait ? papers[i].width : papers[i].height) * points_per_mm;
        return true;
    }
    return false;
}

/* Points to one of the unit; 0 when it is none. */
static double unit_points(const char *unit, double dpi)
{
    if (unit[0] == '\0' || text_equal(unit, "mm"))
        return points_per_mm;
    if (text_equal(unit, "cm"))
        return 10 * points_per_mm;
    if (text_equal(unit, "in"))
        return 72;
    if (text_equal(unit, "pt"))
        return 1;
    return text_equal(unit, "px") ? 72 / dpi : 0;
}

static size_t number_length(const char *text)
{
    return strspn(text, "0123456789.");
}

/* "297x210", "11x8.5in", "1920x1080px" */
static bool parse_size(struct map_page *page, const char *text)
{
    size_t wide = number_length(text);
    if (wide == 0 || tolower((unsigned char)text[wide]) != 'x')
        return false;
    const char *second = text + wide + 1;
    size_t high = number_length(second);
    bool pixels = text_equal(second + high, "px");
    double dpi = page->dpi > 0 ? page->dpi : slide_dpi;
    double points = unit_points(second + high, dpi);
    if (!number_parse(&page->width, text, text + wide)
        || !number_parse(&page->height, second, second + high) || !(points > 0))
        return false;
    page->width *= points;
    page->height *= points;
    if (pixels)
        page->dpi = dpi;
    return true;
}

static bool choose_page(struct map_page *page, const char *text, struct error *error)
{
    const double least = 20 * points_per_mm, most = 5000 * points_per_mm;
    if (!parse_paper(page, text) && !parse_size(page, text))
        return error_set(error, ERROR_USAGE,
                         "--page: '%s' is no page; say slide, a4, a4-portrait, a3, or width x "
                         "height as 297x210 (mm), 960x540pt or 1920x1080px",
                         text);
    if (fmin(page->width, page->height) < least || fmax(page->width, page->height) > most)
        return error_set(error, ERROR_USAGE,
                         "--page: '%s' is not a page from 20 mm to 5 m on a side", text);
    if (!(page->dpi > 0))
        page->dpi = paper_dpi;
    return true;
}

bool pages_choose(struct pages_choice *choice, const struct options *options, const char *path,
                  struct error *error)
{
    const struct map_page slide = {.width = 960, .height = 540};
    *choice = (struct pages_choice){.page.dpi = options->dpi};
    if (!pages_file(&choice->file, path))
        return error_set(error, ERROR_USAGE, "%s: a map is written as .png, .pdf or .svg", path);
    bool is_slide = options->page != NULL && text_equal(options->page, "slide");
    if (is_slide) {
        choice->page.width = slide.width;
        choice->page.height = slide.height;
    } else if (options->page != NULL && !choose_page(&choice->page, options->page, error)) {
        return false;
    }
    choice->numbered = options->page != NULL && !is_slide && strstr(options->page, "px") == NULL;
    if (choice->file != MAP_PNG && !(choice->page.dpi > 0))
        choice->page.dpi = paper_dpi; /* of the heat, which stays a picture */
    return true;
}

char *pages_beside(const char *path, const char *extension, struct error *error)
{
    struct text beside = {0};
    const char *own = extension_of(path);
    size_t length = strlen(path) - (own[0] != '\0' ? strlen(own) + 1 : 0);
    text_add_bytes(&beside, path, length);
    text_add(&beside, ".%s", extension);
    if (!text_check(&beside, error)) {
        text_free(&beside);
        return NULL;
    }
    return beside.bytes;
}
