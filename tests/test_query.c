/* Tests what a query has no room for: it names the file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/study/query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CATEGORIES = (1 << 18) - 1 };

static void set(struct options *options, const char *name, const char *value)
{
    assert_true(options_set(options, options_find(name), value, NULL));
}

static void count_by(struct query *query, const char *keys)
{
    assert_true(query_parse_keys(query, keys, NULL));
}

/* So many categories from this number on. */
static void write_incidents(const char *path, int first, int count)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "x,y,category\n");
    for (int i = 0; i < count; i++)
        fprintf(file, "104500,500500,c%d\n", first + i);
    assert_int_equal(fclose(file), 0);
}

static void too_many_categories_name_the_file_that_goes_beyond(void **state)
{
    (void)state;
    char folder[] = "/tmp/plein-query-XXXXXX", few[64], many[64], more[64];
    struct options options;
    struct study study;
    struct query query = {0};
    struct error error = {0};
    assert_non_null(mkdtemp(folder));
    snprintf(few, sizeof few, "%s/few.csv", folder);
    snprintf(many, sizeof many, "%s/many.csv", folder);
    snprintf(more, sizeof more, "%s/more.csv", folder);
    write_incidents(few, 0, 10);
    write_incidents(many, 5, CATEGORIES - 5);
    write_incidents(more, 7, 1);
    assert_true(options_new(&options, NULL));
    set(&options, "boundaries", "data/europaplein/gemeenten.shp");
    set(&options, "incidents", few);
    set(&options, "incidents", many);
    set(&options, "incidents", more);
    if (!study_open(&study, &options, &error))
        fail_msg("%s", error.message);
    count_by(&query, "category");
    assert_false(query_run(&query, &study, &error));
    assert_int_equal(error.kind, ERROR_DATA);
    assert_non_null(strstr(error.message, "many.csv: too many different categories"));
    query_free(&query);
    study_close(&study);
    options_free(&options);
    unlink(few);
    unlink(many);
    unlink(more);
    rmdir(folder);
}

static void too_many_jurisdictions_name_the_boundaries(void **state)
{
    (void)state;
    const struct options options = {.boundaries = (char *)"wijken.shp"};
    struct study study = {.options = &options};
    struct query query = {0};
    struct error error = {0};
    study.boundaries.jurisdictions.count = (1 << 16) - 1; /* none is looked at */
    count_by(&query, "jurisdiction");
    assert_false(query_run(&query, &study, &error));
    assert_string_equal(error.message,
                        "wijken.shp: more jurisdictions than a query can tell apart: 65535");
    query_free(&query);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(too_many_categories_name_the_file_that_goes_beyond),
        cmocka_unit_test(too_many_jurisdictions_name_the_boundaries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
