/* Tests of the CSV that a spreadsheet opens: no text of it is a formula, numbers stay numbers. */
#include "engine/formats/csv_write.h"

#include "engine/formats/table.h"
#include "tests/layers.h"

static void texts_are_quoted_and_guarded_and_numbers_are_not(void **state)
{
    struct error error = {0};
    struct layer layer;
    struct file_bytes file;
    (void)state;
    points_layer(&layer, ROWS);
    must(csv_write(in_folder("a.csv"), &layer, false, &error), &error);
    must(file_read(&file, in_folder("a.csv"), 0, &error), &error);
    assert_string_equal(file.bytes, "name,incidents,share,occurred_at\r\n"
                                    "'=1+1,-10,-0.25,2024-02-29T23:30:15\r\n"
                                    "'-2,0,-0.12,2024-02-29\r\n"
                                    "\"a,b;\"\"c\"\"\nd\",10,0.00,2024-02\r\n"
                                    "'\tx,20,0.12,2024\r\n"
                                    "Fryslân,,,\r\n"
                                    ",40,0.38,2024-02-29T23:30:15\r\n");
    file_free(&file);
    layer_free(&layer);
}

static void our_own_reader_finds_every_cell(void **state)
{
    struct error error = {0};
    struct layer layer;
    struct table table;
    (void)state;
    points_layer(&layer, 1000);
    must(csv_write(in_folder("a.csv"), &layer, false, &error), &error);
    must(table_read(&table, in_folder("a.csv"), &error), &error);
    assert_int_equal(table.row_count, 1001);
    for (size_t i = 0; i < 1000; i++) {
        char cell[LAYER_CELL];
        const char *text = table.rows[i + 1][NAME];
        assert_null(strchr("=+-@\t\r", text[0] != '\0' ? text[0] : 'x'));
        assert_string_equal(text[0] == '\'' ? text + 1 : text, TEXTS[i % ROWS]);
        assert_string_equal(table.rows[i + 1][COUNT], layer_cell(cell, &layer, COUNT, i));
    }
    table_free(&table);
    layer_free(&layer);
}

static void excel_gets_semicolons_commas_and_a_mark(void **state)
{
    struct error error = {0};
    struct layer layer;
    struct file_bytes file;
    static const char begins[] = "\xEF\xBB\xBFname;incidents;share;occurred_at\r\n'=1+1;-10;-0,25;";
    (void)state;
    points_layer(&layer, ROWS);
    must(csv_write(in_folder("a.csv"), &layer, true, &error), &error);
    must(file_read(&file, in_folder("a.csv"), 0, &error), &error);
    assert_memory_equal(file.bytes, begins, sizeof begins - 1);
    file_free(&file);
    layer_free(&layer);
}

static void columns_have_names_of_letters_that_differ(void **state)
{
    struct error error = {0};
    struct layer layer;
    (void)state;
    must(layer_new(&layer, "x", LAYER_PLAIN, 0, &error), &error);
    must(layer_add_column(&layer, "Organised-crime", LAYER_WHOLE, &error)
             && layer_add_column(&layer, "organised crime", LAYER_WHOLE, &error)
             && layer_add_column(&layer, "1=x", LAYER_WHOLE, &error)
             && layer_add_column(&layer, "geom", LAYER_WHOLE, &error),
         &error);
    assert_string_equal(layer.columns[0].name, "organised_crime");
    assert_string_equal(layer.columns[1].name, "organised_crime_1");
    assert_string_equal(layer.columns[2].name, "c1_x");
    assert_string_equal(layer.columns[3].name, "geom_1");
    layer_free(&layer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_quoted_and_guarded_and_numbers_are_not),
        cmocka_unit_test(our_own_reader_finds_every_cell),
        cmocka_unit_test(excel_gets_semicolons_commas_and_a_mark),
        cmocka_unit_test(columns_have_names_of_letters_that_differ),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
