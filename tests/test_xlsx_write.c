/* Tests of the workbook: numbers, dates and texts as its XML has them. */
#include "engine/formats/xlsx_write.h"

#include "tests/layers.h"

#include <zip.h>

/* One member of the file, inflated; the caller frees it. */
static char *member(const char *path, const char *name)
{
    zip_stat_t facts;
    zip_t *zip = zip_open(path, ZIP_RDONLY, NULL);
    assert_non_null(zip);
    assert_int_equal(zip_stat(zip, name, 0, &facts), 0);
    char *text = calloc(facts.size + 1, 1);
    zip_file_t *file = zip_fopen(zip, name, 0);
    assert_int_equal(zip_fread(file, text, facts.size), facts.size);
    zip_fclose(file);
    zip_discard(zip);
    return text;
}

static void numbers_and_dates_are_real(void **state)
{
    struct error error = {0};
    struct layer layers[2];
    (void)state;
    points_layer(&layers[0], ROWS);
    areas_layer(&layers[1]);
    must(xlsx_write(in_folder("a.xlsx"), layers, 2, &error), &error);
    char *sheet = member(in_folder("a.xlsx"), "xl/worksheets/sheet1.xml");
    char *styles = member(in_folder("a.xlsx"), "xl/styles.xml");
    char *words = member(in_folder("a.xlsx"), "xl/sharedStrings.xml");
    char *book = member(in_folder("a.xlsx"), "xl/workbook.xml");
    assert_non_null(strstr(sheet, "<v>-10</v>"));
    assert_non_null(strstr(sheet, "<v>-0.25</v>"));
    /* 29 February 2024 is day 45351; 23:30:15 is 0.979340... of it. */
    assert_non_null(strstr(sheet, "<v>45351.979340277"));
    assert_non_null(strstr(sheet, "<v>45351</v>"));
    assert_non_null(strstr(styles, "yyyy\\-mm\\-dd") != NULL ? styles
                                                             : strstr(styles, "yyyy-mm-dd"));
    assert_non_null(strstr(words, ">2024-02<"));
    assert_non_null(strstr(words, ">=1+1<"));
    assert_null(strstr(sheet, "<f>"));
    assert_non_null(strstr(sheet, "<pane ySplit=\"1\""));
    assert_non_null(strstr(sheet, "<cols>"));
    assert_non_null(strstr(book, "name=\"incidents\""));
    assert_non_null(strstr(book, "name=\"areas\""));
    free(sheet);
    free(styles);
    free(words);
    free(book);
    layer_free(&layers[0]);
    layer_free(&layers[1]);
}

static void the_same_layers_give_the_same_bytes(void **state)
{
    struct error error = {0};
    struct layer layer;
    (void)state;
    points_layer(&layer, 500);
    must(xlsx_write(in_folder("a.xlsx"), &layer, 1, &error), &error);
    setenv("TZ", "Asia/Kolkata", 1);
    must(xlsx_write(in_folder("b.xlsx"), &layer, 1, &error), &error);
    unsetenv("TZ");
    same_bytes(in_folder("a.xlsx"), in_folder("b.xlsx"));
    char *core = member(in_folder("a.xlsx"), "docProps/core.xml");
    assert_non_null(strstr(core, "1980-01-01T00:00:00Z"));
    free(core);
    layer_free(&layer);
}

static void what_a_sheet_has_no_room_for_is_an_error(void **state)
{
    struct error error = {0};
    struct layer layer;
    (void)state;
    must(layer_new(&layer, "incidents", LAYER_PLAIN, 1048576, &error), &error);
    assert_false(xlsx_write(in_folder("c.xlsx"), &layer, 1, &error));
    assert_int_equal(error.kind, ERROR_CANNOT_WRITE);
    assert_false(file_exists(in_folder("c.xlsx")));
    layer_free(&layer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_and_dates_are_real),
        cmocka_unit_test(the_same_layers_give_the_same_bytes),
        cmocka_unit_test(what_a_sheet_has_no_room_for_is_an_error),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
