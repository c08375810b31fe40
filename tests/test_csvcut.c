/* Slices of whole rows, against the rows scanned one by one; and what a look over text counts. */
#include "engine/formats/csvcut.h"

#include "engine/core/incidents.h"
#include "engine/core/text.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SEEDS = 2000, PADDING = 64 };

/* xorshift64* (Marsaglia 2003; Vigna 2016). */
static uint64_t draw(uint64_t *seed, uint64_t below)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return (*seed * 2685821657736338717u >> 33) % below;
}

static bool one_in(uint64_t *seed, uint64_t times)
{
    return draw(seed, times) == 0;
}

/* Rows with quotes, blank lines and, if `odd`, what quotes should not be like. */
static void make_text(struct text *text, struct csv_dialect *dialect, uint64_t *seed)
{
    static const char *const NEWLINES[] = {"\n", "\r\n", "\r"};
    static const char *const FIELDS[] = {"",
                                         "a",
                                         "bc",
                                         "52.123",
                                         "\"\"",
                                         "\"a;b\"",
                                         "\"a\"\"b\"",
                                         "long field without anything in it",
                                         "\"long, in quotes\""};
    static const char *const ODD[] = {"a\"b", "\"a\"b", "\"", "\"a\" ", "\"\"\"", "\r", "\"a\"\r"};
    const char *newline = NEWLINES[draw(seed, 3)];
    uint64_t oddity = one_in(seed, 2) ? 1000000 : 100, blanks = one_in(seed, 2) ? 1000000 : 20;
    uint64_t many_lines = one_in(seed, 2) ? 1000000 : 30, kinds = one_in(seed, 2) ? 4 : 9;
    *dialect = (struct csv_dialect){';', newline[strlen(newline) - 1]};
    for (uint64_t rows = draw(seed, 200); rows > 0; rows--) {
        for (uint64_t fields = 1 + draw(seed, 5); fields > 0; fields--)
            if (one_in(seed, oddity))
                text_add(text, "%s;", ODD[draw(seed, sizeof ODD / sizeof *ODD)]);
            else if (one_in(seed, many_lines))
                text_add(text, "\"two%slines%s\";", newline, one_in(seed, 2) ? newline : "");
            else
                text_add(text, "%s;", FIELDS[draw(seed, kinds)]);
        text_add(text, "%s%s", newline, one_in(seed, blanks) ? newline : "");
    }
}

/* The rows of a slice, one by one: they have to end where it ends. */
static void check_slice(const struct csv_slice *slice, const struct csv_text *text,
                        const struct csv_dialect *dialect, uint64_t seed)
{
    struct csv_text from_here = {slice->begin, text->end, text->ends};
    struct csv_row row = {.next = slice->begin};
    size_t lines = 0, rows = 0;
    while (row.next < slice->end) {
        row.begin = row.next;
        enum csv_state state = csv_scan_row(&row, &from_here, dialect);
        assert_int_not_equal(state, CSV_MORE);
        lines += row.line_count;
        rows += state == CSV_BAD_QUOTES || row.field_count > 0;
    }
    if (row.next != slice->end || lines != slice->line_count || rows != slice->row_count)
        fail_msg("seed %" PRIu64
                 ": a slice of %zu lines and %zu rows has %zu and %zu, and ends %td "
                 "bytes off",
                 seed, slice->line_count, slice->row_count, lines, rows, row.next - slice->end);
    if (!slice->has_quotes)
        assert_null(memchr(slice->begin, '"', (size_t)(slice->end - slice->begin)));
}

enum { MOST_STRETCHES = 40 };

/* Looks at stretches of random lengths behind a random lead, and cuts. Whether that was quick. */
static bool cut(char *begin, size_t length, struct csv_cutting cutting, uint64_t number)
{
    struct csv_stretch stretches[MOST_STRETCHES];
    struct csv_slices slices = {0};
    uint64_t seed = number;
    size_t from = one_in(&seed, 2) ? 0 : draw(&seed, length), most = 20 + draw(&seed, length);
    for (; from < length && cutting.stretch_count < MOST_STRETCHES;) {
        size_t rest = length - from, stretch = 1 + draw(&seed, most);
        bool last = stretch > rest || cutting.stretch_count == MOST_STRETCHES - 1;
        stretches[cutting.stretch_count] =
            (struct csv_stretch){.at = begin + from, .length = last ? rest : stretch};
        csv_stretch_look(&stretches[cutting.stretch_count++], &cutting.surveyor);
        from += last ? rest : stretch;
    }
    cutting.stretches = stretches;
    cutting.text = (struct csv_text){begin, begin + length, one_in(&seed, 2)};
    if (cutting.text.ends && length > 0 && begin[length - 1] != cutting.surveyor.dialect.newline)
        cutting.text.ends = false;
    assert_true(csv_cut(&slices, &cutting, NULL));
    const char *at = begin;
    for (size_t i = 0; i < slices.count; at = slices.items[i++].end) {
        assert_ptr_equal(slices.items[i].begin, at);
        check_slice(&slices.items[i], &cutting.text, &cutting.surveyor.dialect, number);
    }
    if (cutting.text.ends)
        assert_ptr_equal(at, begin + length);
    bool quick = slices.count > 1 && cutting.stretch_count > 1
                 && slices.items[0].end == stretches[1].at + stretches[1].head;
    csv_slices_free(&slices);
    return quick;
}

static void slices_are_whole_rows_wherever_stretches_begin(void **state)
{
    size_t quick = 0;
    (void)state;
    for (uint64_t number = 1; number <= SEEDS; number++) {
        uint64_t seed = number * 7919;
        struct text text = {0};
        struct csv_cutting cutting = {.slice_bytes = 1 + draw(&seed, 500), .thread_count = 1};
        text_add_bytes(&text, (char[PADDING]){0}, PADDING);
        make_text(&text, &cutting.surveyor.dialect, &seed);
        size_t length = text.length - PADDING, cut_off = one_in(&seed, 3) ? draw(&seed, 40) : 0;
        text_add_bytes(&text, (char[PADDING]){0}, PADDING);
        cutting.surveyor.wide = simd_is_wide() && one_in(&seed, 2);
        if (length > cut_off)
            quick += cut(text.bytes + PADDING, length - cut_off, cutting, number);
        text_free(&text);
    }
    assert_true(quick > SEEDS / 10);
}

/* Line ends, and those of empty lines, a character at a time. */
static void count_plainly(size_t *lines, size_t *blanks, const struct text *text, char newline)
{
    bool fresh = true, returned = false;
    *lines = *blanks = 0;
    for (size_t i = 0; i < text->length; i++) {
        char c = text->bytes[i];
        *lines += c == newline;
        *blanks += c == newline && (fresh || returned);
        returned = fresh && c == '\r' && newline == '\n';
        fresh = c == newline;
    }
}

static void a_look_in_parts_sees_what_a_look_at_all_sees(void **state)
{
    (void)state;
    for (uint64_t number = 1; number <= SEEDS; number++) {
        uint64_t seed = number * 104729;
        struct text text = {0};
        struct csv_surveyor by = {.wide = false};
        size_t lines, blanks;
        text_add_bytes(&text, "", 0);
        make_text(&text, &by.dialect, &seed);
        struct csv_survey whole = csv_survey_start(), parts = whole;
        csv_survey_add(&whole, &by, text.bytes, text.bytes + text.length);
        by.wide = simd_is_wide();
        uint64_t longest = number % 3 == 0 ? 3 : number % 3 == 1 ? 80 : 300;
        for (size_t at = 0; at < text.length;) {
            size_t rest = text.length - at, step = draw(&seed, longest);
            csv_survey_add(&parts, &by, text.bytes + at,
                           text.bytes + at + (step < rest ? step : rest));
            at += step < rest ? step : rest;
        }
        count_plainly(&lines, &blanks, &text, by.dialect.newline);
        if (whole.lines != lines || whole.blanks != blanks)
            fail_msg("seed %" PRIu64 ": %zu lines, %zu of them empty, not %zu and %zu", number,
                     whole.lines, whole.blanks, lines, blanks);
        if (parts.lines != lines || parts.blanks != blanks
            || parts.quoted_lines != whole.quoted_lines
            || parts.quoted_blanks != whole.quoted_blanks || parts.has_quotes != whole.has_quotes
            || parts.has_odd_quotes != whole.has_odd_quotes
            || memcmp(&parts.carry, &whole.carry, sizeof whole.carry) != 0)
            fail_msg("seed %" PRIu64 ": in parts it looks otherwise", number);
        text_free(&text);
    }
}

static void nul_bytes_are_seen_wherever_they_stand(void **state)
{
    (void)state;
    for (size_t at = 0; at < 300; at++) {
        char bytes[300];
        memset(bytes, 'a', sizeof bytes);
        bytes[150] = '\n';
        bytes[at] = '\0';
        for (int wide = 0; wide <= (simd_is_wide() ? 1 : 0); wide++) {
            struct csv_stretch stretch = {.at = bytes, .length = sizeof bytes};
            csv_stretch_look(&stretch, &(struct csv_surveyor){{',', '\n'}, wide != 0});
            assert_true(stretch.has_nul);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slices_are_whole_rows_wherever_stretches_begin),
        cmocka_unit_test(a_look_in_parts_sees_what_a_look_at_all_sees),
        cmocka_unit_test(nul_bytes_are_seen_wherever_they_stand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
