/* Tests sheets as PDF and SVG: they look as the PNG does, say what they are, and are the same bytes
 * every time. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/borderscene.h"

#include "engine/core/files.h"
#include "engine/draw/map.h"
#include "engine/draw/png.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* For LeakSanitizer: cairo 1.16 keeps a block of each group that was drawn on an SVG. */
const char *__lsan_default_suppressions(void); // NOLINT
const char *__lsan_default_suppressions(void)  // NOLINT
{
    return "leak:libcairo.so.2\n";
}

static const struct png_note notes[] = {{"Title", "Grens <A> & \"B\" in tweeën"},
                                        {"Description", "Eén hotspot & twee gemeenten < drie."},
                                        {"Language", "nl"}};
enum { NOTES = sizeof notes / sizeof *notes };

static const char *const extensions[] = {"png", "pdf", "svg"};

static void path_of(char path[100], const char *name, enum map_file file)
{
    snprintf(path, 100, "/tmp/plein_test_vector_%s.%s", name, extensions[file]);
}

static void draw_map(const struct map_sheet *sheet, const char *name, enum map_file file)
{
    char path[100];
    struct style style;
    struct error error = {0};
    struct map_result result = {0};
    style_default(&style);
    struct map_drawing drawing = {sheet, &style, notes, NOTES, 2, file, NULL};
    path_of(path, name, file);
    if (!map_write(&result, path, &drawing, &error))
        fail_msg("%s", error.message);
    map_result_free(&result);
}

static void draw_border(const struct border_sheet *sheet, const char *name, enum map_file file)
{
    char path[100];
    struct style style;
    struct error error = {0};
    struct border_result result = {0};
    style_default(&style);
    struct border_drawing drawing = {sheet, &style, notes, NOTES, 2, file};
    path_of(path, name, file);
    if (!bordersheet_write(&result, path, &drawing, &error))
        fail_msg("%s", error.message);
    border_result_free(&result);
}

static bool is_installed(const char *tool)
{
    char command[200];
    snprintf(command, sizeof command, "command -v %s >/dev/null", tool);
    return system(command) == 0;
}

/* Somebody else's program turns the file of that name into pixels. */
static bool see(const char *name, enum map_file file)
{
    char command[400];
    if (file == MAP_PDF)
        snprintf(command, sizeof command,
                 "pdftocairo -png -r 144 -singlefile /tmp/plein_test_vector_%s.pdf "
                 "/tmp/plein_test_vector_%s_seen",
                 name, name);
    else
        snprintf(command, sizeof command,
                 "rsvg-convert -d 144 -p 144 /tmp/plein_test_vector_%s.svg -o "
                 "/tmp/plein_test_vector_%s_seen.png",
                 name, name);
    return system(command) == 0;
}

/* How far a picture is from another: the mean over all pixels and channels (of 255), and the part
 * of the pixels that differ plainly (by more than 64), edges apart. */
struct difference {
    double mean, plain;
};

/* Whether a pixel is near that of the other picture or of one beside it there: at the end of a long
 * line the letters of a PDF, whose widths are whole thousandths, stand up to two pixels on. */
static bool is_near_there(const struct png_picture *one, const struct png_picture *other, size_t x,
                          size_t y)
{
    enum { AROUND = 2 };
    for (size_t dy = 0; dy <= 2 * AROUND; dy++)
        for (size_t dx = 0; dx <= 2 * AROUND; dx++) {
            size_t at_x = x + dx - AROUND, at_y = y + dy - AROUND; /* too large left of 0 */
            if (at_x >= other->width || at_y >= other->height)
                continue;
            bool near = true;
            for (size_t k = 0; k < 3; k++)
                near = near
                       && abs(one->rgba[(y * one->width + x) * 4 + k]
                              - other->rgba[(at_y * other->width + at_x) * 4 + k])
                              <= 64;
            if (near)
                return true;
        }
    return false;
}

static struct difference compare(const char *name, const char *with)
{
    char path[100];
    struct png_picture drawn = {0}, other = {0};
    struct difference difference = {0, 0};
    struct error error = {0};
    path_of(path, name, MAP_PNG);
    if (!png_read(&drawn, path, &error) || !png_read(&other, with, &error))
        fail_msg("%s", error.message);
    assert_int_equal(drawn.width, other.width);
    assert_int_equal(drawn.height, other.height);
    size_t count = (size_t)drawn.width * drawn.height;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < 3; k++)
            difference.mean +=
                abs(drawn.rgba[4 * i + k] - other.rgba[4 * i + k]) / (3.0 * (double)count);
        difference.plain +=
            is_near_there(&drawn, &other, i % drawn.width, i / drawn.width) ? 0 : 1 / (double)count;
    }
    png_picture_free(&drawn);
    png_picture_free(&other);
    return difference;
}

/* The files of that name, turned into pixels by somebody else's programs. Letters of a PDF are
 * drawn to the reader's own taste, so that with words on it a sheet is only alike. */
static void hold_alike(const char *name, bool words)
{
    static const char *const tools[2] = {"pdftocairo", "rsvg-convert"};
    char seen[100];
    snprintf(seen, sizeof seen, "/tmp/plein_test_vector_%s_seen.png", name);
    for (int i = 0; i < 2; i++) {
        if (!is_installed(tools[i])) {
            fprintf(stderr, "NOT TESTED: %s is not installed, so nobody looked at the %s\n",
                    tools[i], extensions[i + 1]);
            continue;
        }
        assert_true(see(name, (enum map_file)(i + 1)));
        struct difference difference = compare(name, seen);
        print_message("%s by %s: mean %.3f of 255, plainly different %.5f%%\n", name, tools[i],
                      difference.mean, 100 * difference.plain);
        assert_true(difference.mean < (words && i == 0 ? 4 : 0.5));
        assert_true(difference.plain < (words && i == 0 ? 0.001 : 0.00001));
        unlink(seen);
    }
}

static void forget(const char *name)
{
    for (int file = 0; file < 3; file++) {
        char path[100];
        path_of(path, name, (enum map_file)file);
        unlink(path);
    }
}

static void a_map_looks_the_same_in_every_kind_of_file(void **state)
{
    struct scene scene;
    (void)state;
    scene_make(&scene);
    for (int file = 0; file < 3; file++)
        draw_map(&scene.sheet, "map", (enum map_file)file);
    hold_alike("map", true);
    forget("map");
    scene_free(&scene);
}

/* Takes every word off a sheet. */
static void silence(struct scene *scene)
{
    scene->sheet.texts = (struct map_texts){0};
    for (size_t i = 0; i < scene->sheet.feature_count; i++)
        scene->feature[i].name = NULL;
    for (size_t i = 0; i < 2; i++)
        scene->area[i].name = "";
    scene->sheet.cluster_count = 0;
}

static void ground_without_words_is_the_same_to_the_pixel(void **state)
{
    struct scene scene;
    (void)state;
    scene_make(&scene);
    silence(&scene);
    for (int file = 0; file < 3; file++)
        draw_map(&scene.sheet, "silent", (enum map_file)file);
    hold_alike("silent", false);
    forget("silent");
    scene_free(&scene);
}

static void hatching_and_the_outside_look_the_same(void **state)
{
    struct scene scene;
    (void)state;
    scene_make(&scene);
    silence(&scene);
    scene.sheet.support = &scene.support;
    scene.sheet.least_support = 12;
    scene.sheet.area_count = 1; /* the other's ground is nobody's */
    scene.sheet.border_count = 0;
    for (int file = 0; file < 3; file++)
        draw_map(&scene.sheet, "hatched", (enum map_file)file);
    hold_alike("hatched", false);
    forget("hatched");
    scene_free(&scene);
}

/* Areas in rows that overlap their neighbours: more of them than are clipped one by one. */
static void many_areas_leave_the_outside_outside(void **state)
{
    enum { MANY = 20 };
    struct scene scene;
    struct shape shapes[MANY] = {0};
    struct map_area areas[MANY];
    (void)state;
    scene_make(&scene);
    silence(&scene);
    for (size_t i = 0; i < MANY; i++) {
        double x = 100 + (double)(i % 5) * 280, y = 100 + (double)(i / 5) * 230;
        double wide = i == 0 ? 300 : 280; /* the first lies over its neighbour's edge */
        const double ring[] = {x, y, x + wide, y, x + wide, y + 230, x, y + 230, x, y};
        scene_shape(&shapes[i], ring, 5);
        areas[i] = (struct map_area){&shapes[i], "", i};
    }
    scene.sheet.areas = areas;
    scene.sheet.area_count = MANY;
    scene.sheet.border_count = 0;
    for (int file = 0; file < 3; file++)
        draw_map(&scene.sheet, "many", (enum map_file)file);
    hold_alike("many", false);
    forget("many");
    for (size_t i = 0; i < MANY; i++)
        shape_free(&shapes[i]);
    scene_free(&scene);
}

static void a_border_sheet_looks_the_same_in_every_kind_of_file(void **state)
{
    static struct border_scene border;
    (void)state;
    borderscene_make(&border);
    borderscene_priorities(&border);
    for (int file = 0; file < 3; file++)
        draw_border(&border.sheet, "border", (enum map_file)file);
    hold_alike("border", true);
    forget("border");
    borderscene_free(&border);
}

static bool holds(const struct file_bytes *file, const char *word)
{
    size_t length = strlen(word);
    for (size_t i = 0; i + length <= file->size; i++)
        if (memcmp(file->bytes + i, word, length) == 0)
            return true;
    return false;
}

static struct file_bytes read_back(const char *name, enum map_file file)
{
    char path[100];
    struct file_bytes bytes = {0};
    path_of(path, name, file);
    assert_true(file_read(&bytes, path, 0, NULL));
    return bytes;
}

static void a_file_drawn_twice_is_the_same_bytes(void **state)
{
    struct scene scene;
    (void)state;
    scene_make(&scene);
    for (int file = MAP_PDF; file <= MAP_SVG; file++) {
        draw_map(&scene.sheet, "once", (enum map_file)file);
        draw_map(&scene.sheet, "aside", MAP_PNG);
        draw_map(&scene.sheet, "twice", (enum map_file)file);
        struct file_bytes once = read_back("once", (enum map_file)file);
        struct file_bytes twice = read_back("twice", (enum map_file)file);
        assert_int_equal(once.size, twice.size);
        assert_memory_equal(once.bytes, twice.bytes, once.size);
        file_free(&once);
        file_free(&twice);
    }
    forget("once");
    forget("twice");
    forget("aside");
    scene_free(&scene);
}

static void a_pdf_tells_its_language_and_no_time(void **state)
{
    struct scene scene;
    (void)state;
    scene_make(&scene);
    unsetenv("SOURCE_DATE_EPOCH");
    draw_map(&scene.sheet, "told", MAP_PDF);
    struct file_bytes file = read_back("told", MAP_PDF);
    assert_true(holds(&file, "/Lang (nl)"));
    assert_true(holds(&file, "/DisplayDocTitle true"));
    assert_false(holds(&file, "CreationDate"));
    file_free(&file);
    setenv("SOURCE_DATE_EPOCH", "1700000000", 1);
    draw_map(&scene.sheet, "told", MAP_PDF);
    file = read_back("told", MAP_PDF);
    assert_true(holds(&file, "20231114221320Z"));
    file_free(&file);
    unsetenv("SOURCE_DATE_EPOCH");
    forget("told");
    scene_free(&scene);
}

static void an_svg_begins_with_its_title_and_description(void **state)
{
    struct scene scene;
    (void)state;
    scene_make(&scene);
    draw_map(&scene.sheet, "said", MAP_SVG);
    struct file_bytes file = read_back("said", MAP_SVG);
    assert_true(holds(&file, "role=\"img\" xml:lang=\"nl\""));
    assert_true(holds(&file, ">\n<title>Grens &lt;A&gt; &amp; \"B\" in tweeën</title>\n"
                             "<desc>Eén hotspot &amp; twee gemeenten &lt; drie.</desc>\n"));
    file_free(&file);
    forget("said");
    scene_free(&scene);
}

static void a_vector_sheet_keeps_its_lines(void **state)
{
    struct scene scene;
    (void)state;
    scene_make(&scene);
    scene.sheet.density =
        NULL; /* nothing is a picture then, not even by the library's own choice */
    draw_map(&scene.sheet, "lines", MAP_SVG);
    draw_map(&scene.sheet, "lines", MAP_PDF);
    struct file_bytes svg = read_back("lines", MAP_SVG), pdf = read_back("lines", MAP_PDF);
    assert_false(holds(&svg, "<image"));
    assert_false(holds(&pdf, "/Subtype /Image"));
    file_free(&svg);
    file_free(&pdf);
    forget("lines");
    scene_free(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_map_looks_the_same_in_every_kind_of_file),
        cmocka_unit_test(ground_without_words_is_the_same_to_the_pixel),
        cmocka_unit_test(many_areas_leave_the_outside_outside),
        cmocka_unit_test(hatching_and_the_outside_look_the_same),
        cmocka_unit_test(a_border_sheet_looks_the_same_in_every_kind_of_file),
        cmocka_unit_test(a_file_drawn_twice_is_the_same_bytes),
        cmocka_unit_test(a_pdf_tells_its_language_and_no_time),
        cmocka_unit_test(an_svg_begins_with_its_title_and_description),
        cmocka_unit_test(a_vector_sheet_keeps_its_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
