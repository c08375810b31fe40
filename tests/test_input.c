/* Tests of opening what a user names: what it is, what is around it, and which part of it is meant.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/core/text.h"
#include "engine/formats/input.h"
#include "engine/formats/input_zip.h"
#include "engine/formats/zip_write.h"
#include "tests/scratch.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* Opens it or fails. */
static struct input opened(const char *given, enum input_use use)
{
    struct input input;
    struct error error = {0};
    if (!input_open(&input, given, use, &error))
        fail_msg("%s", error.message);
    return input;
}

static void refuse(const char *given, enum error_kind kind, const char *said)
{
    struct input input;
    struct error error = {0};
    if (input_open(&input, given, INPUT_FOR_ROWS, &error))
        fail_msg("'%s' is opened", given);
    assert_int_equal(error.kind, kind);
    if (strstr(error.message, said) == NULL)
        fail_msg("'%s' tells of no '%s'", error.message, said);
    assert_null(input.source);
}

/* All that there is to be read; the caller frees it. */
static struct text read_on(struct input *input)
{
    struct text text = {0};
    struct error error = {0};
    char piece[1000];
    text_add(&text, "%s", "");
    for (size_t got = 1; got > 0;) {
        if (!input_read(&got, input, piece, sizeof piece, &error))
            fail_msg("%s", error.message);
        text_add_bytes(&text, piece, got);
    }
    return text;
}

static void assert_text(struct input *input, const char *wanted)
{
    struct text text = read_on(input);
    assert_string_equal(text.bytes, wanted);
    text_free(&text);
}

/* From the start, from places in between, and from behind the end. */
static void assert_sought(struct input *input, const char *whole)
{
    const size_t length = strlen(whole), places[] = {length / 2, 0, length, 1, length + 10};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        assert_true(input_seek(input, places[i], NULL));
        assert_text(input, places[i] < length ? whole + places[i] : "");
    }
}

/* ---- what it is ---- */

static void a_file_is_what_its_first_bytes_say(void **state)
{
    static const struct {
        const char *bytes;
        enum input_kind kind;
        enum input_foreign foreign;
        const char *name;
    } CASES[] = {
        {"%PDF-1.7", INPUT_FOREIGN, FOREIGN_PDF, "a PDF"},
        {"<?xml version", INPUT_FOREIGN, FOREIGN_XML, "XML, such as KML, GML or GPX"},
        {"\xEF\xBB\xBF<?xml", INPUT_FOREIGN, FOREIGN_XML, "XML, such as KML, GML or GPX"},
        {"<gpx>", INPUT_FOREIGN, FOREIGN_XML, "XML, such as KML, GML or GPX"},
        {"fgb\3fgb", INPUT_FOREIGN, FOREIGN_FLATGEOBUF, "a FlatGeobuf file"},
        {"Version 300", INPUT_FOREIGN, FOREIGN_MAPINFO, "a MapInfo file"},
        {"PAR1....", INPUT_FOREIGN, FOREIGN_PARQUET, "a Parquet file"},
        {"\xD0\xCF\x11\xE0", INPUT_FOREIGN, FOREIGN_XLS, "an old Excel workbook (.xls)"},
        {" \n\x1E{", INPUT_JSON, FOREIGN_NONE, "a file of an unknown kind"},
        {"\xEF\xBB\xBF{}", INPUT_JSON, FOREIGN_NONE, "a file of an unknown kind"},
        {"[1]", INPUT_TEXT, FOREIGN_NONE, "a file of an unknown kind"},
        {"<xml", INPUT_TEXT, FOREIGN_NONE, "a file of an unknown kind"},
        {"", INPUT_TEXT, FOREIGN_NONE, "a file of an unknown kind"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        put("a", CASES[i].bytes);
        struct input input = opened("a", INPUT_FOR_ROWS);
        assert_int_equal(input.kind, CASES[i].kind);
        assert_int_equal(input.foreign, CASES[i].foreign);
        assert_true(input.is_plain);
        assert_string_equal(input_foreign_name(input.foreign), CASES[i].name);
        assert_sought(&input, CASES[i].bytes);
        input_close(&input);
    }
    assert_string_equal(input_foreign_name(FOREIGN_ODS), "an OpenDocument file");
    assert_string_equal(input_foreign_name(FOREIGN_GEODATABASE), "a geodatabase of Esri's (.gdb)");
}

static void a_folder_may_be_a_database_and_a_pipe_is_text(void **state)
{
    (void)state;
    assert_int_equal(mkdir("map.GDB", 0700), 0);
    assert_int_equal(mkdir(".gdb", 0700), 0);
    assert_int_equal(mkfifo("pipe", 0600), 0);
    static const char *const NAMES[] = {"map.GDB", "map.GDB/"};
    for (int i = 0; i < 2; i++) {
        struct input input = opened(NAMES[i], INPUT_FOR_SHAPES);
        assert_int_equal(input.kind, INPUT_FOREIGN);
        assert_int_equal(input.foreign, FOREIGN_GEODATABASE);
        input_close(&input);
    }
    refuse(".", ERROR_DATA, "this is a folder");
    refuse(".gdb", ERROR_DATA, "this is a folder"); /* without a name */
    refuse("none", ERROR_NO_INPUT, "none: ");
    static const char *const TEXTS[] = {"pipe", "-"}; /* not looked at */
    for (int i = 0; i < 2; i++) {
        struct input input = opened(TEXTS[i], INPUT_FOR_ROWS);
        assert_int_equal(input.kind, INPUT_TEXT);
        assert_true(input.is_plain);
        input_close(&input);
    }
}

static void a_layer_stands_behind_a_file_that_is_there(void **state)
{
    (void)state;
    put("a:b.csv", "x");
    put("c.pdf", "%PDF");
    struct input input = opened("a:b.csv", INPUT_FOR_ROWS);
    assert_string_equal(input.path, "a:b.csv");
    assert_null(input.layer);
    input_close(&input);
    input = opened("c.pdf:one:two", INPUT_FOR_ROWS);
    assert_string_equal(input.path, "c.pdf");
    assert_string_equal(input.layer, "one:two");
    input_close(&input);
    refuse("a:b.csv:one", ERROR_DATA, "a:b.csv: has no layers, so leave out ':one'");
    refuse("a:one", ERROR_NO_INPUT, "a:one: ");
}

/* ---- gzip ---- */

static size_t gzipped(unsigned char *into, size_t room, const char *text, size_t length)
{
    z_stream stream = {0};
    assert_int_equal(deflateInit2(&stream, 1, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = (unsigned char *)text;
    stream.avail_in = (uInt)length;
    stream.next_out = into;
    stream.avail_out = (uInt)room;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    deflateEnd(&stream);
    return room - stream.avail_out;
}

static void members_of_a_gzip_are_read_one_behind_another(void **state)
{
    static unsigned char bytes[300000];
    (void)state;
    size_t first = gzipped(bytes, 100, "id,lon\n", 7);
    size_t both = first + gzipped(bytes + first, 100, "1,4.6\n", 6);
    static const size_t ZEROS[] = {0, 1, 262000, 270000}; /* pads, as tapes have them */
    for (size_t i = 0; i < sizeof ZEROS / sizeof *ZEROS; i++) {
        memset(bytes + both, 0, sizeof bytes - both);
        put_bytes("a.gz", bytes, both + ZEROS[i]);
        struct input input = opened("a.gz", INPUT_FOR_ROWS);
        assert_int_equal(input.kind, INPUT_TEXT);
        assert_false(input.is_plain);
        assert_sought(&input, "id,lon\n1,4.6\n");
        input_close(&input);
    }
    memmove(bytes + first + 270000, bytes + first, both - first); /* and between them */
    memset(bytes + first, 0, 270000);
    put_bytes("a.gz", bytes, both + 270000);
    struct input apart = opened("a.gz", INPUT_FOR_ROWS);
    assert_text(&apart, "id,lon\n1,4.6\n");
    input_close(&apart);
    both = first;
    memcpy(bytes + both, "something", 9);
    put_bytes("a.gz", bytes, both + 9);
    refuse("a.gz", ERROR_DATA, "a.gz: the gzip file is damaged");
    for (size_t length = 2; length < first; length++) {
        put_bytes("a.gz", bytes, length);
        refuse("a.gz", ERROR_DATA, "a.gz: the gzip file was cut short");
    }
}

/* Megabytes of one letter in members of a gzip, each with a remark of this length in its head. */
static void put_megabytes(const char *path, int count, size_t remark)
{
    enum { MEGABYTE = 1 << 20, ROOM = 1 << 16 };
    char *text = malloc(MEGABYTE), *comment = calloc(remark + 1, 1);
    unsigned char *bytes = malloc(ROOM);
    z_stream stream = {0};
    assert_true(text != NULL && comment != NULL && bytes != NULL);
    memset(text, 'a', MEGABYTE);
    memset(comment, 'x', remark);
    gz_header head = {.comment = (unsigned char *)comment};
    assert_int_equal(deflateInit2(&stream, 1, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflateSetHeader(&stream, &head), Z_OK);
    stream.next_in = (unsigned char *)text;
    stream.avail_in = MEGABYTE;
    stream.next_out = bytes;
    stream.avail_out = ROOM;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    for (int i = 0; i < count; i++)
        fwrite(bytes, 1, ROOM - stream.avail_out, file);
    assert_int_equal(fclose(file), 0);
    deflateEnd(&stream);
    free(text);
    free(comment);
    free(bytes);
}

/* Of more than 64 MB a hundredth must be there: a remark is enough. */
static void only_a_bomb_is_packed_far_too_closely(void **state)
{
    static char piece[1 << 16];
    (void)state;
    put_megabytes("bomb.gz", 66, 0);
    put_megabytes("real.gz", 66, 20000);
    static const char *const NAMES[] = {"real.gz", "bomb.gz"};
    for (int i = 0; i < 2; i++) {
        struct input input = opened(NAMES[i], INPUT_FOR_ROWS);
        struct error error = {0};
        size_t got = 1, whole = 0;
        while (got > 0 && input_read(&got, &input, piece, sizeof piece, &error))
            whole += got;
        assert_int_equal(whole, (i == 0 ? 66 : 64) << 20);
        if (i == 0)
            assert_int_equal(error.kind, ERROR_NONE);
        else
            assert_non_null(strstr(error.message, "packed far closer than any real file"));
        input_close(&input);
    }
}

/* ---- zip ---- */

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Each member holds its own name. */
static void put_names(const char *path, const char *const *names)
{
    struct zip_member members[8];
    size_t count = 0;
    for (; names[count] != NULL; count++)
        members[count] = (struct zip_member){names[count], names[count], strlen(names[count])};
    assert_true(zip_write(path, members, count, NULL));
}

static void assert_member(const char *given, enum input_use use, const char *wanted)
{
    struct input input = opened(given, use);
    char shown[64];
    snprintf(shown, sizeof shown, "a.zip:%s", wanted);
    assert_string_equal(input.shown, shown);
    assert_false(input.is_plain);
    assert_null(input.layer);
    assert_sought(&input, wanted);
    input_close(&input);
}

static void the_only_member_that_may_be_meant_is(void **state)
{
    (void)state;
    put_names("a.zip", NAMES("__MACOSX/b.csv", "d/.hidden.csv", "readme.txt", "b.PDF", "d/a.csv"));
    assert_member("a.zip", INPUT_FOR_ROWS, "d/a.csv");
    refuse("a.zip:none", ERROR_DATA, "a.zip:d/a.csv: has no layers, so leave out ':none'");
    put_names("a.zip", NAMES("a.txt", "b.xml"));
    assert_member("a.zip", INPUT_FOR_ROWS, "a.txt"); /* a text when there is nothing else */
    put_names("a.zip", NAMES("b.xml", "d/"));
    refuse("a.zip", ERROR_DATA, "a.zip: there is no table in this zip");
    put_names("a.zip", NAMES("a.csv", "b.geojson"));
    assert_member("a.zip", INPUT_FOR_SHAPES, "b.geojson");
    refuse("a.zip", ERROR_DATA, "the zip holds several files (a.csv, b.geojson)");
}

static void a_member_goes_by_its_name_with_its_folder_or_without(void **state)
{
    (void)state;
    put_names("a.zip", NAMES("d/a.csv", "d/b.csv", ".shp"));
    assert_member("a.zip:d/b.csv", INPUT_FOR_ROWS, "d/b.csv");
    assert_member("a.zip:B.CSV", INPUT_FOR_ROWS, "d/b.csv");
    refuse("a.zip:b.csvx", ERROR_DATA, "the zip holds several files");
    refuse("a.zip:b.csv:one", ERROR_DATA, "a.zip:d/b.csv: has no layers, so leave out ':one'");
}

/* A shapefile's other parts go by its own name, however short or long that is. */
static void parts_of_a_shapefile_go_by_its_name(void **state)
{
    char shp[100] = {0, 0, 0x27, 0x0A}, name[1100], given[1200];
    (void)state;
    shp[28] = (char)0xE8;
    shp[29] = 3;
    static const size_t STEMS[] = {0, 1, 1018, 1019, 1020};
    for (size_t i = 0; i < sizeof STEMS / sizeof *STEMS; i++) {
        memset(name, 'x', STEMS[i]);
        struct zip_member members[2] = {{.bytes = shp, .size = 100}, {.bytes = "wkt", .size = 3}};
        char prj[1100];
        snprintf(prj, sizeof prj, "%.*s.PRJ", (int)STEMS[i], name);
        strcpy(name + STEMS[i], ".shp");
        members[0].name = name;
        members[1].name = prj;
        assert_true(zip_write("a.zip", members, 2, NULL));
        snprintf(given, sizeof given, "a.zip:%s", name);
        struct input input = opened(given, INPUT_FOR_ROWS);
        assert_int_equal(input.kind, INPUT_SHAPEFILE);
        assert_int_equal(input.bytes.size, 100);
        assert_int_equal(input.parts[INPUT_PRJ].size, STEMS[i] < 1020 ? 3 : 0);
        assert_int_equal(input.parts[INPUT_DBF].size, 0);
        input_close(&input);
    }
}

static void a_zip_may_be_a_workbook_itself(void **state)
{
    (void)state;
    put_names("a.zip", NAMES("[Content_Types].xml", "xl/workbook.xml"));
    struct input input = opened("a.zip:Sheet", INPUT_FOR_ROWS);
    assert_int_equal(input.kind, INPUT_XLSX);
    assert_string_equal(input.layer, "Sheet");
    input_close(&input);
    put_names("a.zip", NAMES("mimetype", "content.xml"));
    input = opened("a.zip", INPUT_FOR_ROWS);
    assert_int_equal(input.kind, INPUT_FOREIGN);
    assert_int_equal(input.foreign, FOREIGN_ODS);
    input_close(&input);
    put_names("a.zip", NAMES("[Content_Types].xml", "a.csv")); /* of neither is there enough */
    assert_member("a.zip", INPUT_FOR_ROWS, "a.csv");
    put_names("a.zip", NAMES("content.xml", "mimetype"));
    assert_member("a.zip:mimetype", INPUT_FOR_ROWS, "mimetype");
    put_names("b.zip", NAMES("mimetype", "a.csv"));
    struct input other = opened("b.zip:a.csv", INPUT_FOR_ROWS);
    assert_int_equal(other.kind, INPUT_TEXT);
    input_close(&other);
}

static void a_handover_is_told_by_two_of_its_members(void **state)
{
    (void)state;
    put_names("a.zip", NAMES("squares.csv", "datapackage.json"));
    assert_true(input_zip_is_handover("a.zip"));
    put_names("a.zip", NAMES("datapackage.json"));
    assert_false(input_zip_is_handover("a.zip"));
    put_names("a.zip", NAMES("squares.csv"));
    assert_false(input_zip_is_handover("a.zip"));
    put("a.csv", "PK\3");
    put("b.csv", "PK\3\4 and no zip");
    assert_false(input_zip_is_handover("a.csv"));
    assert_false(input_zip_is_handover("b.csv"));
    assert_false(input_zip_is_handover("none"));
    assert_false(input_zip_is_handover("."));
}

/* ---- as it stands, and from a child ---- */

static void what_is_opened_raw_is_not_unpacked(void **state)
{
    struct input input;
    struct error error = {0};
    unsigned char bytes[100];
    (void)state;
    size_t size = gzipped(bytes, sizeof bytes, "x", 1);
    put_bytes("a.gz", bytes, size);
    assert_true(input_open_raw(&input, "a.gz", &error));
    struct text text = read_on(&input);
    assert_int_equal(text.length, size);
    assert_memory_equal(text.bytes, bytes, size);
    text_free(&text);
    input_close(&input);
    assert_int_equal(mkfifo("pipe", 0600), 0);
    int end = open("pipe", O_RDWR); /* NOLINT: so that there is a writer */
    assert_int_equal(write(end, "text", 4), 4);
    pid_t reader = fork();
    if (reader == 0) {
        usleep(20000);
        _exit(0); /* the last that holds it open */
    }
    close(end);
    assert_true(input_open_raw(&input, "pipe", &error));
    assert_sought(&input, "text");
    input_close(&input);
    assert_false(input_open_raw(&input, "none", &error));
    assert_int_equal(error.kind, ERROR_NO_INPUT);
    assert_null(input.source);
}

/* A child that gives a file, and counts how often it began and ended. */
struct child {
    const char *path;
    int started, finished, freed;
    bool at_end, fails;
};

static int start_child(void *state, struct error *error)
{
    struct child *child = state;
    child->started++;
    int descriptor = child->fails ? -1 : open(child->path, O_RDONLY);
    if (descriptor < 0)
        error_set(error, ERROR_INTERNAL, "it does not start");
    return descriptor;
}

static bool finish_child(void *state, int descriptor, bool at_end, struct error *error)
{
    struct child *child = state;
    (void)error;
    child->finished++;
    child->at_end = at_end;
    close(descriptor);
    return true;
}

static void free_child(void *state)
{
    ((struct child *)state)->freed++;
}

static void little_from_a_child_is_kept(void **state)
{
    struct child child = {.path = "a"};
    struct error error = {0};
    (void)state;
    put("a", "what it gives");
    struct input input = opened("a", INPUT_FOR_ROWS);
    const struct input_child calls = {start_child, finish_child, free_child, &child};
    assert_true(input_attach(&input, &calls, &error));
    assert_sought(&input, "what it gives");
    assert_int_equal(child.started, 1);
    assert_int_equal(child.finished, 1);
    assert_true(child.at_end);
    input_close(&input);
    assert_int_equal(child.freed, 1);
    child.fails = true;
    input = opened("a", INPUT_FOR_ROWS);
    assert_false(input_attach(&input, &calls, &error));
    assert_string_equal(error.message, "it does not start");
    input_close(&input);
    assert_int_equal(child.freed, 2);
}

static void much_from_a_child_is_made_anew(void **state)
{
    enum { SIZE = (64 << 20) + 1000 };
    struct child child = {.path = "a"};
    struct error error = {0};
    char piece[100];
    size_t got;
    (void)state;
    put("a", "begin");
    assert_int_equal(truncate("a", SIZE), 0); /* zeros that take no room */
    struct input input = opened("a", INPUT_FOR_ROWS);
    const struct input_child calls = {start_child, finish_child, free_child, &child};
    assert_true(input_attach(&input, &calls, &error));
    assert_null(input.bytes.bytes);
    assert_int_equal(child.started, 2); /* and the first was stopped before its end */
    assert_int_equal(child.finished, 1);
    assert_true(input_read(&got, &input, piece, 3, &error));
    assert_memory_equal(piece, "beg", 3);
    assert_true(input_seek(&input, 4, &error)); /* onwards */
    assert_true(input_read(&got, &input, piece, 1, &error));
    assert_true(piece[0] == 'n' && child.started == 2);
    assert_true(input_seek(&input, 1, &error)); /* and back */
    assert_true(input_read(&got, &input, piece, 2, &error));
    assert_memory_equal(piece, "eg", 2);
    assert_int_equal(child.started, 3);
    assert_false(child.at_end);
    for (int i = 0; i < 2; i++) { /* behind the end there is nothing, however often one asks */
        assert_true(input_seek(&input, SIZE + 1, &error));
        assert_true(input_read(&got, &input, piece, 1, &error));
        assert_int_equal(got, 0);
    }
    assert_true(child.at_end);
    assert_int_equal(child.started, 3);
    input_close(&input);
    assert_int_equal(child.started, child.finished);
    assert_int_equal(child.freed, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, in_a_folder, without_it)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_is_what_its_first_bytes_say),
        TEST(a_folder_may_be_a_database_and_a_pipe_is_text),
        TEST(a_layer_stands_behind_a_file_that_is_there),
        TEST(members_of_a_gzip_are_read_one_behind_another),
        TEST(only_a_bomb_is_packed_far_too_closely),
        TEST(the_only_member_that_may_be_meant_is),
        TEST(a_member_goes_by_its_name_with_its_folder_or_without),
        TEST(parts_of_a_shapefile_go_by_its_name),
        TEST(a_zip_may_be_a_workbook_itself),
        TEST(a_handover_is_told_by_two_of_its_members),
        TEST(what_is_opened_raw_is_not_unpacked),
        TEST(little_from_a_child_is_kept),
        TEST(much_from_a_child_is_made_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
