/* Tests how incidents are divided by a key, against counting them one by one. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/study/series.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 3000 };
static const char *const WORDS[] = {"litter",    "dealing", "organised-crime", "",
                                    "loitering", "traffic", "neglect"};
enum { WORD_COUNT = 7, ORGANISED = 2, NAMELESS = 3 };

/* Incidents drawn by a seed; each lies at a place of its own, by which it is known again. */
struct drawn {
    struct options options;
    struct study study;
    struct gathered gathered;
};

static uint64_t next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    return *seed ^= *seed << 17;
}

static moment draw_moment(uint64_t draw)
{
    static const enum precision precisions[] = {PRECISION_SECOND, PRECISION_SECOND, PRECISION_DAY,
                                                PRECISION_MONTH, PRECISION_YEAR};
    const struct civil civil = {.year = 2023 + (int)(draw % 2),
                                .month = 1 + (int)(draw >> 8 & 0xFFFF) % 12,
                                .day = 1 + (int)(draw >> 16 & 0xFFFF) % 28,
                                .hour = (int)(draw >> 24 & 0xFFFF) % 24};
    if (draw % 17 == 0)
        return MOMENT_UNKNOWN;
    return moment_cut(moment_make(&civil, PRECISION_SECOND), precisions[(draw >> 32) % 5]);
}

static struct drawn *begin(uint64_t seed)
{
    struct drawn *drawn = calloc(1, sizeof *drawn);
    struct gathered *gathered = &drawn->gathered;
    assert_true(options_new(&drawn->options, NULL));
    drawn->study.options = &drawn->options;
    drawn->study.categories = dictionary_open(NULL);
    drawn->study.sources = dictionary_open(NULL);
    gathered->study = &drawn->study;
    assert_true(array_new(&gathered->grid_x, ROWS, sizeof(int32_t), NULL)
                && array_new(&gathered->grid_y, ROWS, sizeof(int32_t), NULL)
                && array_new(&gathered->domain, ROWS, 1, NULL)
                && array_new(&gathered->category, ROWS, sizeof(uint32_t), NULL)
                && array_new(&gathered->source, ROWS, sizeof(uint32_t), NULL)
                && array_new(&gathered->weight, ROWS, sizeof(uint32_t), NULL)
                && array_new(&gathered->when, ROWS, sizeof(moment), NULL));
    gathered->count = ROWS;
    for (size_t i = 0; i < ROWS; i++) {
        uint64_t draw = next(&seed);
        gathered->grid_x[i] = (int32_t)i;
        gathered->grid_y[i] = -(int32_t)i;
        gathered->domain[i] = (uint8_t)(draw % DOMAIN_COUNT);
        gathered->weight[i] = 1 + (uint32_t)(draw >> 40) % 3;
        gathered->incidents += gathered->weight[i];
        assert_true(dictionary_number(&gathered->category[i], drawn->study.categories,
                                      WORDS[(draw >> 3) % WORD_COUNT], NULL));
        assert_true(dictionary_number(&gathered->source[i], drawn->study.sources,
                                      WORDS[(draw >> 13) % WORD_COUNT], NULL));
        gathered->when[i] = draw_moment(next(&seed));
    }
    return drawn;
}

static void end(struct drawn *drawn)
{
    dictionary_close(drawn->study.categories);
    dictionary_close(drawn->study.sources);
    gather_free(&drawn->gathered);
    options_free(&drawn->options);
    free(drawn);
}

/* The code of a row the slow way; -1: not known. */
static int64_t plain_code(const struct drawn *drawn, enum series_key key, size_t row)
{
    const struct gathered *gathered = &drawn->gathered;
    moment when = gathered->when[row];
    struct civil civil = moment_civil(when);
    enum precision precision = moment_precision(when);
    if (key == SERIES_DOMAIN)
        return gathered->domain[row];
    if (key == SERIES_CATEGORY || key == SERIES_SOURCE) {
        bool category = key == SERIES_CATEGORY;
        uint32_t number = category ? gathered->category[row] : gathered->source[row];
        struct dictionary *words = category ? drawn->study.categories : drawn->study.sources;
        return dictionary_text(words, number)[0] == '\0' ? -1 : (int64_t)number;
    }
    if (key == SERIES_WEEKDAY)
        return precision >= PRECISION_DAY ? moment_weekday(when) : -1;
    if (key == SERIES_DAYPART)
        return precision == PRECISION_SECOND ? civil.hour / 6 : -1;
    if (precision < PRECISION_YEAR || (key != SERIES_YEAR && precision < PRECISION_MONTH))
        return -1;
    return key == SERIES_YEAR    ? civil.year
           : key == SERIES_MONTH ? civil.year * 12 + civil.month - 1
                                 : civil.year * 4 + (civil.month - 1) / 3;
}

/* Every row stands in its value, once, with its weight; what stands nowhere is counted. */
static void hold(const struct drawn *drawn, const struct series *series)
{
    const struct gathered *gathered = &drawn->gathered;
    static bool seen[ROWS];
    size_t on = 0;
    memset(seen, 0, sizeof seen);
    for (size_t v = 0; v < series->count; v++) {
        const struct series_value *value = &series->items[v];
        const struct gathered part = series_part(series, gathered, v);
        size_t sum = 0;
        for (size_t i = 0; i < part.count; i++) {
            size_t row = (size_t)part.grid_x[i];
            assert_false(seen[row]);
            seen[row] = true;
            assert_int_equal(part.grid_y[i], -(int32_t)row);
            assert_int_equal(part.weight[i], gathered->weight[row]);
            assert_int_equal(plain_code(drawn, series->key, row), value->code);
            sum += part.weight[i];
        }
        assert_int_equal(sum, value->incidents);
        on += sum;
    }
    assert_int_equal(on + series->unknown + series->hidden + series->others, gathered->incidents);
}

static void every_row_is_on_the_map_of_its_value(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++)
        for (int key = SERIES_DOMAIN; key <= SERIES_DAYPART; key++) {
            struct drawn *drawn = begin(seed * 7919);
            struct series series;
            assert_true(series_split(&series, &drawn->gathered, (enum series_key)key, NULL));
            hold(drawn, &series);
            series_free(&series);
            end(drawn);
        }
}

static void times_are_in_order_and_without_a_gap(void **state)
{
    static const size_t counts[] = {[SERIES_YEAR] = 2,
                                    [SERIES_QUARTER] = 8,
                                    [SERIES_MONTH] = 24,
                                    [SERIES_WEEKDAY] = 7,
                                    [SERIES_DAYPART] = 4};
    struct drawn *drawn = begin(3);
    (void)state;
    for (int key = SERIES_YEAR; key <= SERIES_DAYPART; key++) {
        struct series series;
        assert_true(series_split(&series, &drawn->gathered, (enum series_key)key, NULL));
        assert_int_equal(series.count, counts[key]);
        for (size_t v = 1; v < series.count; v++)
            assert_int_equal(series.items[v].code, series.items[v - 1].code + 1);
        series_free(&series);
    }
    end(drawn);
}

static void words_come_by_size_whatever_their_numbers(void **state)
{
    struct drawn *drawn = begin(5);
    struct series series;
    (void)state;
    assert_true(series_split(&series, &drawn->gathered, SERIES_CATEGORY, NULL));
    assert_int_equal(series.count, WORD_COUNT - 2); /* without the nameless and organised crime */
    for (size_t v = 1; v < series.count; v++)
        assert_true(series.items[v].incidents <= series.items[v - 1].incidents);
    assert_true(series.hidden > 0 && series.unknown > 0);
    series_free(&series);
    drawn->options.sensitive = true;
    assert_true(series_split(&series, &drawn->gathered, SERIES_CATEGORY, NULL));
    assert_int_equal(series.count, WORD_COUNT - 1);
    assert_int_equal(series.hidden, 0);
    series_free(&series);
    end(drawn);
}

static void a_time_of_organised_crime_alone_is_hidden(void **state)
{
    struct drawn *drawn = begin(11);
    struct series series;
    uint32_t organised;
    (void)state;
    assert_true(dictionary_number(&organised, drawn->study.categories, WORDS[ORGANISED], NULL));
    for (size_t i = 0; i < ROWS; i++)
        if (moment_weekday(drawn->gathered.when[i]) == 2)
            drawn->gathered.category[i] = organised;
    assert_true(series_split(&series, &drawn->gathered, SERIES_WEEKDAY, NULL));
    for (size_t v = 0; v < series.count; v++) {
        assert_int_equal(series.items[v].is_hidden, v == 2);
        assert_true(v == 2 ? series.items[v].count == 0 : series.items[v].count > 0);
        assert_true(series.items[v].incidents > 0);
    }
    series_free(&series);
    end(drawn);
}

static void values_of_too_few_have_no_map(void **state)
{
    struct drawn *drawn = begin(13);
    struct series series;
    struct error error = {0};
    (void)state;
    drawn->options.min_count = 900;
    assert_true(series_split(&series, &drawn->gathered, SERIES_CATEGORY, NULL)
                || series.count == 0);
    size_t kept = series.count;
    for (size_t v = 0; v < kept; v++)
        assert_true(series.items[v].incidents >= 900);
    assert_int_equal(kept + series.others_values, WORD_COUNT - 2);
    series_free(&series);
    drawn->options.min_count = 1000000;
    assert_false(series_split(&series, &drawn->gathered, SERIES_CATEGORY, &error));
    assert_int_equal(error.kind, ERROR_DATA);
    series_free(&series);
    end(drawn);
}

static void nothing_known_is_an_error(void **state)
{
    struct drawn *drawn = begin(17);
    struct series series;
    struct error error = {0};
    (void)state;
    for (size_t i = 0; i < ROWS; i++)
        drawn->gathered.when[i] = MOMENT_UNKNOWN;
    for (int key = SERIES_YEAR; key <= SERIES_DAYPART; key++) {
        assert_false(series_split(&series, &drawn->gathered, (enum series_key)key, &error));
        assert_int_equal(error.kind, ERROR_DATA);
        series_free(&series);
    }
    end(drawn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_on_the_map_of_its_value),
        cmocka_unit_test(times_are_in_order_and_without_a_gap),
        cmocka_unit_test(words_come_by_size_whatever_their_numbers),
        cmocka_unit_test(a_time_of_organised_crime_alone_is_hidden),
        cmocka_unit_test(values_of_too_few_have_no_map),
        cmocka_unit_test(nothing_known_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
