/* Tests what a canvas paints on an image: shapes joined into one, and coarse edges. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/draw/canvas_library.h"
#include "engine/draw/view.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIDE = 120 };
static const struct colour black = {0, 0, 0, 1};

static struct canvas *open_sheet(void)
{
    struct error error = {0};
    struct canvas *canvas = canvas_open_image(
        (struct canvas_size){.width_px = SIDE, .height_px = SIDE, .scale = 1}, &error);
    if (canvas == NULL)
        fail_msg("%s", error.message);
    return canvas;
}

static int level_at(struct canvas *canvas, int x, int y)
{
    struct canvas_pixels pixels = canvas_pixels(canvas);
    return pixels.bytes[(size_t)y * pixels.stride + 4 * (size_t)x];
}

/* A ring of the same corners either way round. */
static void add_ring(struct canvas *canvas, const double (*corners)[2], size_t count, bool turned)
{
    double x[8], y[8];
    size_t starts[2] = {0, count};
    for (size_t i = 0; i < count; i++) {
        x[i] = corners[turned ? count - 1 - i : i][0];
        y[i] = corners[turned ? count - 1 - i : i][1];
    }
    const struct trace trace = {
        .x = x, .y = y, .starts = starts, .point_count = count, .part_count = 1};
    trace_draw_turned(canvas, &trace);
}

static void rings_of_any_turn_are_joined_where_they_overlap(void **state)
{
    static const double one[4][2] = {{10, 10}, {70, 10}, {70, 70}, {10, 70}};
    static const double two[4][2] = {{40, 40}, {100, 40}, {100, 100}, {40, 100}};
    (void)state;
    for (int turns = 0; turns < 4; turns++) {
        struct canvas *canvas = open_sheet();
        add_ring(canvas, one, 4, turns & 1);
        add_ring(canvas, two, 4, turns & 2);
        canvas_fill_joined(canvas, black);
        assert_int_equal(level_at(canvas, 20, 20), 0);
        assert_int_equal(level_at(canvas, 55, 55), 0); /* in both */
        assert_int_equal(level_at(canvas, 90, 90), 0);
        assert_int_equal(level_at(canvas, 90, 20), 255);
        canvas_close(canvas);
    }
}

static void joined_fills_leave_the_rule_for_others(void **state)
{
    (void)state;
    struct canvas *canvas = open_sheet();
    canvas_add_rectangle(canvas, (const double[4]){0, 0, 1, 1});
    canvas_fill_joined(canvas, black);
    canvas_add_rectangle(canvas, (const double[4]){10, 10, 60, 60});
    canvas_add_rectangle(canvas, (const double[4]){40, 40, 60, 60});
    canvas_fill(canvas, black);
    assert_int_equal(level_at(canvas, 55, 55), 255);
    canvas_close(canvas);
}

static double between(uint64_t *seed, double low, double high) /* splitmix64 */
{
    uint64_t z = (*seed += 0x9E3779B97F4A7C15u);
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return low + (high - low) * (double)((z ^ z >> 31) >> 34) / (1 << 30);
}

/* A square about the sheet's middle, from one corner's place from there. */
static void fill_square(struct canvas *canvas, double x, double y)
{
    const double middle = SIDE / 2.0;
    canvas_move(canvas, middle + x, middle + y);
    canvas_line(canvas, middle - y, middle + x);
    canvas_line(canvas, middle - x, middle - y);
    canvas_line(canvas, middle + y, middle - x);
    canvas_close_path(canvas);
    canvas_fill(canvas, black);
}

/* Of 255 levels: a corner moves to the nearest place, an eighth of a pixel off, and a row is a
 * quarter. At a square's corners more can be wrong, in the fine picture too. */
static void coarse_edges_are_nearly_right(void **state)
{
    enum { MOST = 128, MEAN = 48, CORNERS = 4 };
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        uint64_t chance = seed;
        struct canvas *fine = open_sheet(), *coarse = open_sheet();
        double x = between(&chance, 10, 50), y = between(&chance, -50, 50);
        int edges = 0, sum = 0, far = 0;
        fill_square(fine, x, y);
        canvas_save(coarse);
        canvas_coarsen(coarse);
        fill_square(coarse, x, y);
        canvas_restore(coarse);
        for (int i = 0; i < SIDE * SIDE; i++) {
            int level = level_at(fine, i % SIDE, i / SIDE);
            int off = abs(level - level_at(coarse, i % SIDE, i / SIDE));
            far += off > MOST;
            edges += level > 0 && level < 255;
            sum += off;
        }
        if (far > CORNERS || sum > MEAN * edges)
            fail_msg("seed %llu: off by %d in %d pixels", (unsigned long long)seed, sum, edges);
        canvas_close(fine);
        canvas_close(coarse);
    }
}

static cairo_path_t *no_path(cairo_t *cairo)
{
    cairo_path_t *path = calloc(1, sizeof *path);
    (void)cairo;
    assert_non_null(path);
    path->status = CAIRO_STATUS_NO_MEMORY;
    return path;
}

static struct canvas *long_line_drawn(void)
{
    struct canvas *canvas = open_sheet();
    struct error error = {0};
    canvas_move(canvas, 60, 20);
    canvas_line(canvas, 60, 100);
    for (int i = 0; i < 3; i++) /* far beyond the edge and back */
        canvas_line(canvas, i % 2 == 0 ? 900000 : 200, 100);
    canvas_stroke(canvas, &(struct pen){.colour = black, .width = 4});
    if (!canvas_check(canvas, &error))
        fail_msg("%s", error.message);
    return canvas;
}

/* A long path is stroked in pieces, which takes a copy of it. */
static void a_long_line_is_drawn_also_without_a_copy_of_it(void **state)
{
    (void)state;
    struct canvas *pieces = long_line_drawn();
    cairo_path_t *(*real)(cairo_t *) = cairo_copy_path_flat;
    cairo_copy_path_flat = no_path;
    struct canvas *whole = long_line_drawn();
    cairo_copy_path_flat = real;
    assert_int_equal(level_at(pieces, 60, 60), 0);
    assert_int_equal(level_at(whole, 60, 60), 0);
    canvas_close(pieces);
    canvas_close(whole);
}

/* How wide each of two lines is that a text is set in. */
static void set_in_two(double widths[2], const char *text, double width)
{
    struct canvas *canvas = open_sheet();
    struct labels written = {0};
    const struct letters letters = {.size = 10, .colour = black};
    canvas_watch_texts(canvas, &written);
    int lines =
        canvas_paragraph(canvas, &letters, text,
                         &(struct paragraph){.x = 10, .y = 20, .width = width, .leading = 12});
    assert_int_equal(lines, 2);
    assert_int_equal(written.count, 2);
    for (size_t i = 0; i < 2; i++)
        widths[i] = 2 * written.items[i].box.half_width;
    labels_free(&written);
    canvas_close(canvas);
}

static void a_number_is_not_parted_from_its_unit(void **state)
{
    static const char *const ENDS[] = {"100 m", "12,5 ha", "1 km", "49 %", "3 km²."};
    static const char *const PARTED[] = {"100 mensen", "12,5 hanen", "1 kg", "A m"};
    const struct letters letters = {.size = 10, .colour = black};
    (void)state;
    struct canvas *canvas = open_sheet();
    for (size_t i = 0; i < sizeof ENDS / sizeof *ENDS + sizeof PARTED / sizeof *PARTED; i++) {
        bool parted = i >= sizeof ENDS / sizeof *ENDS;
        const char *end = parted ? PARTED[i - sizeof ENDS / sizeof *ENDS] : ENDS[i];
        char text[32], start[32];
        double widths[2];
        snprintf(text, sizeof text, "Woorden %s", end);
        snprintf(start, sizeof start, "%.*s", (int)(strrchr(text, ' ') - text), text);
        set_in_two(widths, text, canvas_text_width(canvas, &letters, start) + 1);
        double last = canvas_text_width(canvas, &letters, parted ? strrchr(text, ' ') + 1 : end);
        assert_true(fabs(widths[1] - last) < 0.5);
    }
    canvas_close(canvas);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rings_of_any_turn_are_joined_where_they_overlap),
        cmocka_unit_test(joined_fills_leave_the_rule_for_others),
        cmocka_unit_test(coarse_edges_are_nearly_right),
        cmocka_unit_test(a_number_is_not_parted_from_its_unit),
        cmocka_unit_test(a_long_line_is_drawn_also_without_a_copy_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
