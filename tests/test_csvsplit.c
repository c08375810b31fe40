/* Rows split 64 bytes at a time, against rows scanned a byte at a time. */
#include "engine/formats/csvsplit.h"

#include "engine/core/text.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SEEDS = 3000, PADDING = 64, MOST_COLUMNS = 12 };

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

/* A random file, and how it is to be split. */
struct file {
    struct text text;
    struct csv_splitter by;
    const char *newline;
    uint64_t oddity; /* one field in so many is odd */
};

static void add_field(struct file *file, uint64_t *seed)
{
    static const char *const ODD[] = {"a\"b",     "\"a\"b", "\"a\"\"b\"", "\"",
                                      "\"a\nb\"", "\"a,b",  "\"a\"\r",    "\r",
                                      "\"\"\"",   "\"a\" ", "\"a\r\nb\"", "x\"\""};
    bool quoted = one_in(seed, 3);
    if (one_in(seed, file->oddity)) {
        text_add(&file->text, "%s", ODD[draw(seed, sizeof ODD / sizeof *ODD)]);
        return;
    }
    text_add_bytes(&file->text, "\"", quoted);
    for (uint64_t i = draw(seed, one_in(seed, 6) ? 90 : 12); i > 0; i--)
        text_add(&file->text, "%s", quoted && one_in(seed, 6) ? "," : one_in(seed, 9) ? "." : "w");
    text_add_bytes(&file->text, "\"", quoted);
}

static void make_file(struct file *file, uint64_t *seed)
{
    static const char *const NEWLINES[] = {"\n", "\r\n", "\r"};
    static const uint64_t ODDITIES[] = {1000000, 200, 10};
    file->newline = NEWLINES[draw(seed, 3)];
    file->oddity = ODDITIES[draw(seed, 3)];
    file->by.dialect = (struct csv_dialect){',', file->newline[strlen(file->newline) - 1]};
    file->by.columns = 1 + draw(seed, MOST_COLUMNS);
    text_add_bytes(&file->text, (char[PADDING]){0}, PADDING);
    for (uint64_t rows = 1 + draw(seed, 60); rows > 0; rows--) {
        uint64_t fields =
            one_in(seed, file->oddity) ? draw(seed, 2 * MOST_COLUMNS) : file->by.columns;
        for (uint64_t i = 0; i < fields; i++) {
            text_add_bytes(&file->text, ",", i > 0);
            add_field(file, seed);
        }
        text_add(&file->text, "%s", file->newline);
    }
    file->by.has_quotes = memchr(file->text.bytes, '"', file->text.length) != NULL;
    text_add_bytes(&file->text, (char[PADDING]){0}, PADDING);
}

/* Quotes only around the whole of a field. */
static bool is_simply_quoted(const char *begin, const char *end)
{
    const char *quote = memchr(begin, '"', (size_t)(end - begin));
    if (quote == NULL)
        return true;
    return quote == begin && end - begin >= 2
           && memchr(begin + 1, '"', (size_t)(end - begin - 1)) == end - 1;
}

static bool is_ordinary(const struct csv_row *row, const char *base, size_t columns)
{
    if (row->field_count != columns || columns < 2 || row->line_count != 1)
        return false;
    for (size_t i = 0; i < columns; i++)
        if (!is_simply_quoted(base + row->spans[i].begin, base + row->spans[i].end))
            return false;
    return true;
}

static void compare_row(const struct csv_block *block, const uint32_t *starts,
                        const struct csv_row *row, const char *base, uint64_t seed)
{
    for (size_t i = 0; i < block->columns; i++) {
        struct csv_piece piece = csv_block_piece(block, starts, i);
        const char *begin = base + row->spans[i].begin, *end = base + row->spans[i].end;
        csv_unquote(&begin, &end, NULL);
        if (piece.begin != begin || piece.end != end)
            fail_msg("seed %" PRIu64 ": field %zu is '%.*s', not '%.*s'", seed, i,
                     (int)(piece.end - piece.begin), piece.begin, (int)(end - begin), begin);
    }
}

/* Takes the rows that are split, and scans the odd ones between them, to the file's end. */
static size_t walk(const struct file *file, uint64_t seed)
{
    struct csv_span spans[4 * MOST_COLUMNS];
    struct csv_block block;
    const char *at = file->text.bytes + PADDING, *base = at;
    const char *end = file->text.bytes + file->text.length - PADDING;
    const struct csv_text text = {base, end, true};
    struct csv_row row = {
        .begin = at, .next = at, .spans = spans, .span_capacity = 4 * MOST_COLUMNS};
    size_t split = 0;
    assert_true(csv_block_new(&block, &file->by, NULL));
    while (at < end) {
        const char *behind = csv_split_rows(&block, &file->by, at, end);
        const uint32_t *starts = block.starts;
        for (size_t i = 0; i < block.count; i++, starts = csv_block_step(&block, starts)) {
            row.begin = row.next;
            assert_int_equal(csv_scan_row(&row, &text, &file->by.dialect), CSV_WHOLE);
            assert_int_equal(row.line_count, 1);
            assert_int_equal(row.field_count, block.columns);
            compare_row(&block, starts, &row, base, seed);
        }
        split += block.count;
        at = behind;
        assert_ptr_equal(row.next, at);
        if (at == end || block.count == block.capacity)
            continue;
        row.begin = at;
        enum csv_state scanned = csv_scan_row(&row, &text, &file->by.dialect);
        if (scanned == CSV_WHOLE && is_ordinary(&row, base, file->by.columns))
            fail_msg("seed %" PRIu64 ": '%.*s' was not split", seed, (int)(row.next - at), at);
        at = row.next;
    }
    csv_block_free(&block);
    return split;
}

static void ordinary_rows_are_split_as_they_are_scanned(void **state)
{
    size_t split = 0;
    (void)state;
    for (uint64_t number = 1; number <= SEEDS; number++) {
        uint64_t seed = number * 7919;
        struct file file = {0};
        make_file(&file, &seed);
        size_t narrow = walk(&file, number);
        file.by.wide = simd_is_wide();
        assert_int_equal(walk(&file, number), narrow);
        split += narrow;
        text_free(&file.text);
    }
    assert_true(split > 10 * SEEDS);
}

static void a_block_holds_what_it_has_room_for(void **state)
{
    struct text text = {0};
    struct csv_splitter by = {.dialect = {',', '\n'}, .columns = 3, .wide = simd_is_wide()};
    struct csv_block block;
    (void)state;
    for (int i = 0; i < 1000; i++)
        text_add(&text, "%d,2,3\n", i % 10);
    size_t length = text.length;
    text_add_bytes(&text, (char[PADDING]){0}, PADDING);
    assert_true(csv_block_new(&block, &by, NULL));
    const char *at = text.bytes, *end = at + length;
    for (size_t rows = 0; at < end; rows += block.count) {
        at = csv_split_rows(&block, &by, at, end);
        assert_true(block.count <= block.capacity && block.count > 0);
        struct csv_piece piece = csv_block_piece(&block, block.starts, 0);
        assert_int_equal(*piece.begin, '0' + (int)(rows % 10));
    }
    csv_block_free(&block);
    text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ordinary_rows_are_split_as_they_are_scanned),
        cmocka_unit_test(a_block_holds_what_it_has_room_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
