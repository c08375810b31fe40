/* Tests of the points of a shapefile: places, tables and indexes, whole and damaged. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/formats/features_open.h"
#include "engine/formats/zip_write.h"
#include "tests/shapebytes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- files that are made here ---- */

/* The files of one shapefile; a part without bytes is not written. */
struct set {
    struct text shp, shx, dbf, prj, cpg;
    uint32_t records;
};

static struct set set_of(uint32_t type)
{
    struct set set = {0};
    put_header(&set.shp, type);
    put_header(&set.shx, type);
    return set;
}

static void set_free(struct set *set)
{
    text_free(&set->shp);
    text_free(&set->shx);
    text_free(&set->dbf);
    text_free(&set->prj);
    text_free(&set->cpg);
}

/* A record of `size` bytes of this content, which says that it is as long. */
static void add_record(struct set *set, const struct text *content, size_t size)
{
    put32(&set->shx, (uint32_t)(set->shp.length / 2), true);
    put32(&set->shx, (uint32_t)(size / 2), true);
    put32(&set->shp, ++set->records, true);
    put32(&set->shp, (uint32_t)(size / 2), true);
    text_add_bytes(&set->shp, content->bytes, size);
    poke32(&set->shp, 24, (uint32_t)(set->shp.length / 2), true);
    poke32(&set->shx, 24, (uint32_t)(set->shx.length / 2), true);
}

/* Of a kind with heights (11) or measures (21) too; `size` 0: all of it. */
static void add_point(struct set *set, uint32_t type, double x, double y, size_t size)
{
    struct text content = {0};
    put32(&content, type, false);
    put_double(&content, x);
    put_double(&content, y);
    for (int i = 0; i < 2; i++)
        put_double(&content, 7);
    add_record(set, &content, size > 0 ? size : type > 20 ? 28 : type > 10 ? 36 : 20);
    text_free(&content);
}

static void add_points(struct set *set, uint32_t count, double x, double y, size_t size)
{
    struct text content = {0};
    put32(&content, 8, false);
    for (int i = 0; i < 4; i++)
        put_double(&content, 0);
    put32(&content, count, false);
    for (uint32_t i = 0; i < 3; i++) {
        put_double(&content, x);
        put_double(&content, y);
    }
    add_record(set, &content, size > 0 ? size : 40 + 16 * (size_t)count);
    text_free(&content);
}

/* A table with fields "NAME:C:10 ID:N:4"; each row begins with a blank, or * when it is deleted. */
static void put_table(struct text *dbf, const char *fields, const char *const *rows)
{
    struct text descriptors = {0};
    uint32_t row_length = 1, count = 0, row_count = 0;
    for (const char *at = fields; *at != '\0'; count++) {
        char name[12], type, descriptor[32] = {0};
        unsigned width;
        int used = 0;
        assert_int_equal(sscanf(at, "%11[^:]:%c:%u %n", name, &type, &width, &used), 3);
        memcpy(descriptor, name, strnlen(name, 11));
        descriptor[11] = type;
        descriptor[16] = (char)width;
        text_add_bytes(&descriptors, descriptor, 32);
        row_length += width;
        at += used;
    }
    while (rows[row_count] != NULL)
        row_count++;
    put32(dbf, 0x18010103, false);
    put32(dbf, row_count, false);
    put32(dbf, (33 + 32 * count) | row_length << 16, false);
    for (int i = 0; i < 5; i++)
        put32(dbf, 0, false);
    text_add_bytes(dbf, descriptors.bytes, descriptors.length);
    text_add(dbf, "\r");
    for (uint32_t i = 0; i < row_count; i++)
        text_add(dbf, "%-*s", (int)row_length, rows[i]);
    text_free(&descriptors);
}

#define ROWS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* ---- reading ---- */

static char folder[64], path[96];

static int in_a_folder(void **state)
{
    (void)state;
    strcpy(folder, access("/dev/shm", W_OK) == 0 ? "/dev/shm/plein-points-XXXXXX"
                                                 : "/tmp/plein-points-XXXXXX");
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static int without_it(void **state)
{
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command) == 0 ? 0 : -1; /* NOLINT(cert-env33-c): a name of our own */
}

static const char *const EXTENSIONS[] = {"shp", "shx", "dbf", "prj", "cpg"};

static void write_set(const struct set *set)
{
    const struct text *const parts[] = {&set->shp, &set->shx, &set->dbf, &set->prj, &set->cpg};
    for (int i = 0; i < 5; i++) {
        snprintf(path, sizeof path, "%s/p.%s", folder, EXTENSIONS[i]);
        unlink(path);
        if (parts[i]->bytes == NULL)
            continue;
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(parts[i]->bytes, 1, parts[i]->length, file), parts[i]->length);
        assert_int_equal(fclose(file), 0);
    }
    snprintf(path, sizeof path, "%s/p.shp", folder);
}

static void zip_set(const struct set *set)
{
    static const char *const NAMES[] = {"p.shp", "p.shx", "p.dbf", "p.prj", "p.cpg"};
    const struct text *const parts[] = {&set->shp, &set->shx, &set->dbf, &set->prj, &set->cpg};
    struct zip_member members[5];
    size_t count = 0;
    for (int i = 0; i < 5; i++)
        if (parts[i]->bytes != NULL)
            members[count++] = (struct zip_member){NAMES[i], parts[i]->bytes, parts[i]->length};
    snprintf(path, sizeof path, "%s/p.zip", folder);
    assert_true(zip_write(path, members, count, NULL));
}

static bool tell_row(struct text *into, const struct features *features, struct error *error)
{
    double place[2] = {NAN, NAN};
    bool there = false, done = features->format->point(place, &there, features->state, error);
    text_add(into, there ? "%g %g" : "-", place[0], place[1]);
    for (size_t i = 0; done && i < features->count; i++) {
        text_add(into, "|");
        done = features->format->cell(into, features->state, i, error);
    }
    text_add(into, "; ");
    return done;
}

/* "1 2|a; -|b; " and, where reading ended in an error, that. Reads the rows twice. */
static void read_path(struct text *told, struct notes *notes)
{
    struct input input;
    struct features features = {0};
    struct error error = {0};
    const struct features_wish wish = {INPUT_FOR_ROWS, notes};
    text_add(told, "%s", "");
    bool there = true, done = input_open(&input, path, INPUT_FOR_ROWS, &error)
                              && features_open(&features, &input, &wish, &error);
    size_t first = 0;
    for (int pass = 0; done && pass < 2; pass++) {
        for (there = true; done && there;)
            done = features.format->next(&there, features.state, &error)
                   && (!there || tell_row(told, &features, &error));
        if (pass == 0)
            first = told->length;
        if (done)
            done = features.format->rewind(features.state, &error);
    }
    if (done) {
        assert_int_equal(told->length, 2 * first);
        assert_memory_equal(told->bytes, told->bytes + first, first);
        told->bytes[told->length = first] = '\0';
    } else {
        assert_int_equal(error.kind, ERROR_DATA);
        text_add(told, "%s", error.message + strlen(path));
    }
    features_close(&features);
    input_close(&input);
}

/* From its files and from a zip of them, with notes and without; frees the set. */
static void assert_reads(struct set *set, const char *wanted, const char *noted)
{
    for (int i = 0; i < 4; i++) {
        struct text told = {0};
        struct notes notes = {0};
        (i / 2 == 0 ? write_set : zip_set)(set);
        read_path(&told, i % 2 == 0 ? &notes : NULL);
        if (strstr(told.bytes, wanted) == NULL || (wanted[0] == '\0' && told.length > 0))
            fail_msg("'%s', not '%s'", told.bytes, wanted);
        bool is_noted = false;
        for (size_t n = 0; n < notes.count; n++)
            is_noted |= noted != NULL && strstr(notes.lines[n], noted) != NULL;
        assert_int_equal(is_noted, noted != NULL && i % 2 == 0);
        text_free(&told);
        notes_free(&notes);
    }
    set_free(set);
}

/* ---- places ---- */

static void a_point_of_any_kind_is_a_place(void **state)
{
    static const uint32_t TYPES[] = {1, 11, 21};
    (void)state;
    for (int i = 0; i < 3; i++) {
        struct set set = set_of(TYPES[i]);
        add_point(&set, TYPES[i], 1.5, -2, 0);
        add_point(&set, TYPES[i], 3, 4, 0);
        assert_reads(&set, "1.5 -2; 3 4; ", NULL);
    }
}

static void a_multipoint_of_one_is_a_place_and_of_none_is_none(void **state)
{
    (void)state;
    struct set set = set_of(8);
    add_points(&set, 1, 1, 2, 0);
    add_points(&set, 0, 1, 2, 0);
    assert_reads(&set, "1 2; -; ", NULL);
    set = set_of(8);
    add_points(&set, 1, 1, 2, 0);
    add_points(&set, 2, 1, 2, 0);
    assert_reads(&set, ": record 2 has several points; write it anew with one each", NULL);
}

static void what_is_no_number_is_no_place(void **state)
{
    (void)state;
    struct set set = set_of(1);
    add_point(&set, 1, NAN, 2, 0);
    add_point(&set, 1, 1, INFINITY, 0);
    add_point(&set, 0, 1, 2, 4); /* a null shape */
    add_point(&set, 1, 1, 2, 0);
    assert_reads(&set, "-; -; -; 1 2; ", NULL);
}

static void a_record_that_is_cut_off_is_damaged(void **state)
{
    static const char DAMAGED[] = ": record 1 cannot be read; repair the file";
    (void)state;
    for (size_t size = 2; size < 20; size += 2) {
        struct set set = set_of(1);
        add_point(&set, 1, 1, 2, size);
        assert_reads(&set, DAMAGED, NULL);
    }
    for (size_t size = 36; size < 56; size += 2) {
        struct set set = set_of(8);
        add_points(&set, 1, 1, 2, size);
        assert_reads(&set, DAMAGED, NULL);
    }
    struct set set = set_of(1); /* longer than all that is behind it */
    for (int i = 0; i < 9; i++)
        add_point(&set, 1, 1, 2, 0);
    poke32(&set.shp, 104, 500, true);
    text_free(&set.shx);
    assert_reads(&set, DAMAGED, NULL);
    set = set_of(1); /* a polygon among points */
    add_point(&set, 5, 1, 2, 0);
    assert_reads(&set, DAMAGED, NULL);
    for (int shx = 0; shx < 2; shx++) { /* longer than the file, and its header is cut off */
        set = set_of(1);
        add_point(&set, 1, 1, 2, 0);
        poke32(&set.shp, 104, 11, true);
        if (shx == 0)
            text_free(&set.shx);
        assert_reads(&set, DAMAGED, NULL);
        set = set_of(1);
        add_point(&set, 1, 1, 2, 0);
        set.shp.length = 106;
        text_free(&set.shx);
        assert_reads(&set, DAMAGED, NULL);
    }
}

static void lines_and_areas_are_no_incidents(void **state)
{
    (void)state;
    struct set set = set_of(3);
    assert_reads(&set, ": holds lines; incidents are points", NULL);
    set = set_of(15);
    assert_reads(&set, ": holds areas; incidents are points", NULL);
    set = set_of(1);
    set.shp.length = 98;
    assert_reads(&set, ": cut off within its header; fetch it again", NULL);
    set = set_of(0);
    assert_reads(&set, "", NULL);
}

/* ---- indexes ---- */

static struct set three(void)
{
    struct set set = set_of(1);
    for (int i = 1; i <= 3; i++)
        add_point(&set, 1, i, 0, 0);
    return set;
}

static void an_index_that_fits_gives_the_order(void **state)
{
    (void)state;
    struct set set = three();
    text_free(&set.shx);
    assert_reads(&set, "1 0; 2 0; 3 0; ", NULL);
    set = three(); /* the first two have changed places, and say so themselves */
    poke32(&set.shp, 100, 2, true);
    poke32(&set.shp, 128, 1, true);
    poke32(&set.shx, 100, 64, true);
    poke32(&set.shx, 108, 50, true);
    assert_reads(&set, "2 0; 1 0; 3 0; ", NULL);
}

static void an_index_that_lies_is_done_without(void **state)
{
    static const struct {
        size_t at;
        uint32_t value;
    } LIES[] = {
        {100, 51},         /* where no record begins */
        {100, 40},         /* within the header */
        {100, 0x7FFFFFF0}, /* beyond the end */
        {108, 50},         /* two on one, which has another number */
        {120, 0x7FFFFFF0}, /* beyond the end, by its length */
    };
    (void)state;
    for (size_t i = 0; i < sizeof LIES / sizeof *LIES; i++) {
        struct set set = three();
        poke32(&set.shx, LIES[i].at, LIES[i].value, true);
        assert_reads(&set, "1 0; 2 0; 3 0; ", "the .shx does not fit the .shp");
    }
    struct set set = three(); /* behind a gap, right by its number and wrong by its length */
    poke32(&set.shx, 112, 11, true);
    poke32(&set.shx, 120, 9, true);
    assert_reads(&set, "1 0; 2 0; 3 0; ", "the .shx does not fit the .shp");
    static const size_t LENGTHS[] = {98, 102, 123};
    for (size_t i = 0; i < sizeof LENGTHS / sizeof *LENGTHS; i++) {
        set = three();
        set.shx.length = LENGTHS[i];
        assert_reads(&set, "1 0; 2 0; 3 0; ", "the .shx does not fit the .shp");
    }
}

/* ---- tables ---- */

static void cells_are_read_by_their_kinds(void **state)
{
    static const char *const CASES[][3] = {
        {"A:C:8", " ab cd", "1 0|ab cd; "},
        {"A:C:8", " ***", "1 0|***; "},
        {"A:N:8", "     12.50", "1 0|12.5; "},
        {"A:N:8", " ********", "1 0|; "},
        {"A:F:8", " ********", "1 0|; "},
        {"A:D:8", " 20240131", "1 0|2024-01-31; "},
        {"A:D:8", " 2024-1-1", "1 0|2024-1-1; "},
        {"A:D:9", " 202401311", "1 0|202401311; "},
        {"A:D:8", " 202401", "1 0|202401; "},
        {"A:D:8", " ", "1 0|; "},
        {"A:L:1", " T", "1 0|true; "},
        {"A:L:1", " y", "1 0|true; "},
        {"A:L:1", " F", "1 0|false; "},
        {"A:L:1", " n", "1 0|false; "},
        {"A:L:1", " ?", "1 0|; "},
        {"A:L:1", "  ", "1 0|; "},
        {"A:M:10", "          7", "1 0|; "},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct set set = set_of(1);
        add_point(&set, 1, 1, 0, 0);
        put_table(&set.dbf, CASES[i][0], ROWS(CASES[i][1]));
        assert_reads(&set, CASES[i][2], NULL);
    }
}

static void rows_go_with_records_by_their_number(void **state)
{
    (void)state;
    struct set set = three(); /* a row that is deleted takes its record along */
    put_table(&set.dbf, "A:C:2", ROWS(" a", "*b", " c", " d"));
    assert_reads(&set, "1 0|a; 3 0|c; ", NULL);
    set = three(); /* fewer rows than records, */
    put_table(&set.dbf, "A:C:2", ROWS(" a"));
    assert_reads(&set, "1 0|a; 2 0|; 3 0|; ", NULL);
    set = three(); /* and fewer than it says */
    put_table(&set.dbf, "A:C:2", ROWS(" a", " b", " c"));
    set.dbf.length -= 3;
    assert_reads(&set, "1 0|a; 2 0|b; 3 0|; ", NULL);
    set = three(); /* a table of no bytes is none */
    text_add(&set.dbf, "%s", "");
    assert_reads(&set, "1 0; 2 0; 3 0; ", NULL);
    set = three();
    put_table(&set.dbf, "A:C:2", ROWS(" a"));
    set.dbf.length = 20;
    assert_reads(&set, ".dbf is damaged", NULL);
}

static void names_and_cells_are_in_the_encoding_that_is_told(void **state)
{
    (void)state;
    struct set set = set_of(1);
    add_point(&set, 1, 1, 0, 0);
    put_table(&set.dbf, "A:C:6", ROWS(" caf\xE9"));
    assert_reads(&set, "1 0|caf\xC3\xA9; ", NULL);
    set = set_of(1);
    add_point(&set, 1, 1, 0, 0);
    put_table(&set.dbf, "A:C:6", ROWS(" caf\x8E"));
    text_add(&set.cpg, "macintosh");
    assert_reads(&set, "1 0|caf\xC3\xA9; ", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_point_of_any_kind_is_a_place),
        cmocka_unit_test(a_multipoint_of_one_is_a_place_and_of_none_is_none),
        cmocka_unit_test(what_is_no_number_is_no_place),
        cmocka_unit_test(a_record_that_is_cut_off_is_damaged),
        cmocka_unit_test(lines_and_areas_are_no_incidents),
        cmocka_unit_test(an_index_that_fits_gives_the_order),
        cmocka_unit_test(an_index_that_lies_is_done_without),
        cmocka_unit_test(cells_are_read_by_their_kinds),
        cmocka_unit_test(rows_go_with_records_by_their_number),
        cmocka_unit_test(names_and_cells_are_in_the_encoding_that_is_told),
    };
    return cmocka_run_group_tests(tests, in_a_folder, without_it);
}
