/* Places read two numbers at a time, against number_parse and strtod. */
#include "engine/formats/csvplaces.h"

#include "engine/core/numbers.h"
#include "engine/core/text.h"

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 100, BLOCKS = 5000, PADDING = 64, LONGEST = 48 };

/* xorshift64* (Marsaglia 2003; Vigna 2016). */
static uint64_t random_64(uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * 2685821657736338717u;
}

static uint64_t draw(uint64_t *seed, uint64_t below)
{
    return (random_64(seed) >> 33) % below;
}

/* 0 to 24 digits, leading zeros among them, with a mark anywhere or nowhere. */
static void add_digits(char text[LONGEST], uint64_t *seed, char mark)
{
    size_t digits = draw(seed, draw(seed, 4) == 0 ? 25 : 14), at = strlen(text);
    size_t mark_at = draw(seed, 5) == 0 ? SIZE_MAX : draw(seed, digits + 1);
    bool zeros = draw(seed, 8) == 0, nines = draw(seed, 8) == 0;
    for (size_t i = 0; i <= digits; i++) {
        if (i == mark_at)
            text[at++] = mark;
        if (i < digits)
            text[at++] = zeros && i < 9 ? '0' : nines ? '9' : (char)('0' + draw(seed, 10));
    }
    text[at] = '\0';
}

/* A number within a hair of halfway between two doubles, of 15 to 22 digits. */
static void add_halfway(char text[LONGEST], uint64_t *seed, char mark)
{
    double low =
        ldexp((double)(random_64(seed) >> 11 | (uint64_t)1 << 52), (int)draw(seed, 30) - 75);
    long double halfway = ((long double)low + (long double)nextafter(low, INFINITY)) / 2;
    size_t at = strlen(text);
    snprintf(text + at, LONGEST - at, "%.*Lf", (int)draw(seed, 20), halfway);
    char *point = strchr(text, '.');
    if (point != NULL)
        *point = mark;
}

static void make_number(char text[LONGEST], uint64_t *seed, char mark)
{
    static const char *const ODD[] = {
        "",    "-",  ".",  "NA", "1e5",  "--1",     "1.2.3", "4,5",         "4.5",
        " 5",  "5 ", "+5", "1-", "0x10", "12a4567", "1/2",   "1:2",         "nan",
        "-.5", "5.", "0",  "-0", "0.0",  "-0.00",   "180",   "180.0000001", "-90.0000001"};
    strcpy(text, draw(seed, 3) == 0 ? "-" : "");
    switch (draw(seed, 8)) {
    case 0:
        strcpy(text, ODD[draw(seed, sizeof ODD / sizeof *ODD)]);
        break;
    case 1:
        add_halfway(text, seed, mark);
        break;
    case 2:
        add_digits(text, seed, mark);
        break;
    default:
        sprintf(text + strlen(text), "%d%c%0*d", (int)draw(seed, 180), mark, 1 + (int)draw(seed, 9),
                (int)draw(seed, 1000000000));
    }
}

/* Rows of two fields in quotes or not, split. */
struct sheet {
    struct text text;
    char x[ROWS][LONGEST], y[ROWS][LONGEST];
    struct csv_block block;
};

static void make_sheet(struct sheet *sheet, uint64_t *seed, char mark)
{
    struct csv_splitter by = {
        .dialect = {';', '\n'}, .columns = 2, .has_quotes = draw(seed, 2) == 0};
    text_add_bytes(&sheet->text, (char[PADDING]){0}, PADDING);
    for (int i = 0; i < ROWS; i++) {
        const char *quote = by.has_quotes && draw(seed, 2) == 0 ? "\"" : "";
        make_number(sheet->x[i], seed, mark);
        make_number(sheet->y[i], seed, mark);
        text_add(&sheet->text, "%s;%s%s%s\n", sheet->x[i], quote, sheet->y[i], quote);
    }
    size_t length = sheet->text.length;
    text_add_bytes(&sheet->text, (char[PADDING]){0}, PADDING);
    const char *begin = sheet->text.bytes + PADDING, *end = sheet->text.bytes + length;
    assert_true(csv_block_new(&sheet->block, &by, NULL));
    assert_ptr_equal(csv_split_rows(&sheet->block, &by, begin, end), end);
    assert_int_equal(sheet->block.count, ROWS);
}

/* What number_parse makes of a row; false: no place. */
static bool expect(double place[2], const struct sheet *sheet, size_t row,
                   const struct csv_places *places)
{
    const char *x = sheet->x[row], *y = sheet->y[row];
    return number_parse(&place[0], x, x + strlen(x)) && number_parse(&place[1], y, y + strlen(y))
           && fabs(place[0]) <= places->x_most && fabs(place[1]) <= places->y_most
           && (place[0] != 0 || place[1] != 0);
}

/* Reads run after run, each up to the row that is no place. Returns how many are. */
static size_t compare(const struct sheet *sheet, struct csv_places places, uint64_t seed)
{
    double x[ROWS], y[ROWS], place[2];
    size_t found = 0;
    for (size_t row = 0; row < ROWS; row++) {
        const struct csv_block part = csv_block_part(&sheet->block, row, ROWS);
        places.x = x;
        places.y = y;
        size_t read = csv_places_read(&places, &part);
        for (size_t i = 0; i < read; i++, row++, found++)
            if (!expect(place, sheet, row, &places) || memcmp(&x[i], &place[0], sizeof *x) != 0
                || memcmp(&y[i], &place[1], sizeof *y) != 0)
                fail_msg("seed %" PRIu64 ": '%s', '%s' is read as %.17g, %.17g, not %.17g, %.17g",
                         seed, sheet->x[row], sheet->y[row], x[i], y[i], place[0], place[1]);
        if (row < ROWS && expect(place, sheet, row, &places))
            fail_msg("seed %" PRIu64 ": '%s', '%s' is not read", seed, sheet->x[row],
                     sheet->y[row]);
    }
    return found;
}

static void places_are_read_as_number_parse_reads_them(void **state)
{
    size_t found = 0;
    (void)state;
    for (uint64_t number = 1; number <= BLOCKS; number++) {
        uint64_t seed = number * 7919;
        struct sheet sheet = {0};
        char mark = draw(&seed, 2) == 0 ? '.' : ',';
        bool degrees = draw(&seed, 2) == 0;
        struct csv_places places = {.y_column = 1,
                                    .x_most = degrees ? 180 : INFINITY,
                                    .y_most = degrees ? 90 : INFINITY,
                                    .mark = mark};
        make_sheet(&sheet, &seed, mark);
        size_t narrow = compare(&sheet, places, number);
        places.wide = simd_is_wide();
        assert_int_equal(compare(&sheet, places, number), narrow);
        found += narrow;
        csv_block_free(&sheet.block);
        text_free(&sheet.text);
    }
    assert_true(found > (size_t)BLOCKS * ROWS / 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_are_read_as_number_parse_reads_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
