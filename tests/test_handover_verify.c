/* Tests what is found wrong with a package that somebody else made: each file, each rule, each row.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/core/text.h"
#include "engine/formats/seal.h"
#include "engine/formats/zip_write.h"
#include "engine/report/handover_package.h"
#include "engine/report/handover_tables.h"
#include "engine/report/handover_verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/plein-verify-XXXXXX", path[80];

static int in_a_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/a.zip", folder);
    return 0;
}

static int without_it(void **state)
{
    (void)state;
    return rmdir(folder);
}

/* ---- a handover ---- */

enum { LEAST = 10, SQUARES = 12, QUARTERS = 2, DOMAINS = HANDOVER_DOMAINS };

static bool each_by_itself(const void *state, const uint32_t *by_source, size_t source_count)
{
    (void)state, (void)by_source, (void)source_count;
    return true;
}

/* Of each square 20 social ones in the first quarter, 20 safety ones in the second, and `few`
 * physical ones in both. */
static void lay_out(struct handover *handover, uint32_t few)
{
    struct square squares[SQUARES];
    uint32_t sums[SQUARES], *counts;
    for (int32_t s = 0; s < SQUARES; s++) {
        squares[s] = (struct square){1030 + s, 5020, 1};
        sums[s] = 40 + 2 * few;
    }
    const struct square_counts input = {squares, SQUARES, 1, sums};
    *handover = (struct handover){.options = {.depth_m = 500, .least = LEAST},
                                  .crs = "EPSG:28992",
                                  .least_per_ha = 26,
                                  .first_quarter = 2024 * 4,
                                  .quarter_count = QUARTERS,
                                  .source_count = 1};
    assert_true(array_new(&handover->squares, SQUARES, sizeof *squares, NULL));
    memcpy(handover->squares, squares, sizeof squares);
    handover->square_count = SQUARES;
    assert_true(squares_join(&handover->pieces, &input, each_by_itself, NULL, NULL));
    assert_true(handover_lay_out(handover, NULL));
    assert_true(array_new(&counts, handover->table.cell_count, sizeof *counts, NULL));
    for (size_t s = 0; s < SQUARES; s++) {
        counts[handover_cell(handover, DOMAIN_SOCIAL, s, 0)] = 20;
        counts[handover_cell(handover, DOMAIN_SAFETY, s, 1)] = 20;
        for (size_t q = 0; q < QUARTERS; q++)
            counts[handover_cell(handover, DOMAIN_PHYSICAL, s, q)] = few;
    }
    disclosure_add_source(&handover->table, counts);
    array_free(&counts);
}

/* ---- a package of it ---- */

enum { SQUARES_CSV, CLUSTERS_CSV, GEOJSON, README, ROWS_CSV, FILES };
static const char *const NAMES[FILES] = {"squares.csv", "clusters.csv", "squares.geojson",
                                         "README.txt", "incidents.csv"};

/* What the manifest tells besides its files, as JSON; NULL: it does not. */
struct manifest {
    const char *rules, *least, *crs, *per_ha, *quarters, *rows;
};
static const struct manifest USUAL = {"\"" HANDOVER_RULES "\"",
                                      "10",
                                      "\"EPSG:28992\"",
                                      "26",
                                      "{\"first\": \"2024-Q1\", \"last\": \"2024-Q2\"}",
                                      NULL};

struct package {
    struct manifest manifest;
    struct text files[FILES];
    bool is_left_out[FILES]; /* of the zip */
    bool is_untold[FILES];   /* in the manifest */
    const char *resource;    /* one more, as JSON */
    const char *whole;       /* the manifest instead of all that */
    bool has_none;           /* no manifest */
};

static void package_of(struct package *package, const struct handover *handover)
{
    struct sheet squares = {0}, clusters = {0};
    *package = (struct package){.manifest = USUAL};
    package->is_left_out[ROWS_CSV] = package->is_untold[ROWS_CSV] = true;
    assert_true(handover_squares(&squares, handover, NULL));
    assert_true(handover_clusters(&clusters, handover, NULL));
    assert_true(handover_geojson(&package->files[GEOJSON], handover, NULL));
    sheet_write(&package->files[SQUARES_CSV], &squares, SHEET_CSV);
    sheet_write(&package->files[CLUSTERS_CSV], &clusters, SHEET_CSV);
    text_add(&package->files[README], "Read me.\n");
    sheet_free(&squares);
    sheet_free(&clusters);
}

/* As plein would hand it over. */
static void make(struct package *package)
{
    struct handover handover;
    lay_out(&handover, 1);
    assert_true(handover_protect(&handover, NULL));
    package_of(package, &handover);
    handover_free(&handover);
}

static void package_free(struct package *package)
{
    for (int f = 0; f < FILES; f++)
        text_free(&package->files[f]);
}

static void add_key(struct text *text, const char *key, const char *json)
{
    if (json != NULL)
        text_add(text, ",\n\"%s\": %s", key, json);
}

static void write_manifest(struct text *text, const struct package *package)
{
    const struct manifest *manifest = &package->manifest;
    text_add(text, "{\"sender\": {\"name\": \"Heemskerk\"}");
    add_key(text, "crs", manifest->crs);
    add_key(text, "cluster_least_per_ha", manifest->per_ha);
    add_key(text, "quarters", manifest->quarters);
    text_add(text, ",\n\"depth_m\": 500,\n\"disclosure\": {\"rounded_to\": 5");
    add_key(text, "least", manifest->least);
    add_key(text, "rules", manifest->rules);
    text_add(text, "}%s%s,\n\"resources\": [", manifest->rows != NULL ? ",\n" : "",
             manifest->rows != NULL ? manifest->rows : "");
    for (int f = 0, told = 0; f < FILES; f++) {
        char hash[SEAL_HASH];
        const struct text *file = &package->files[f];
        if (package->is_untold[f])
            continue;
        seal_hash(hash, file->bytes != NULL ? file->bytes : "", file->length);
        text_add(text, "%s\n{\"path\": \"%s\", \"bytes\": %zu, \"hash\": \"sha256:%s\"}",
                 told++ > 0 ? "," : "", NAMES[f], file->length, hash);
    }
    if (package->resource != NULL)
        text_add(text, ",\n%s", package->resource);
    text_add(text, "]}\n");
}

static void write_package(const struct package *package)
{
    struct zip_member members[FILES + 1];
    struct text manifest = {0};
    size_t count = 0;
    write_manifest(&manifest, package);
    const char *whole = package->whole != NULL ? package->whole : manifest.bytes;
    if (!package->has_none)
        members[count++] = (struct zip_member){"datapackage.json", whole, strlen(whole)};
    for (int f = 0; f < FILES; f++)
        if (!package->is_left_out[f])
            members[count++] =
                (struct zip_member){NAMES[f], package->files[f].bytes, package->files[f].length};
    assert_true(zip_write(path, members, count, NULL));
    text_free(&manifest);
}

/* All that is wrong, a line each; when it cannot be read the error, after "error: ". */
static void verify(char *told, size_t size, const struct package *package)
{
    struct handover_opened opened;
    struct error error = {0};
    size_t length = 0;
    told[0] = '\0';
    write_package(package);
    if (!handover_verify(&opened, path, &error)) {
        assert_int_equal(error.kind, ERROR_DATA);
        snprintf(told, size, "error: %s", error.message);
    } else {
        for (size_t i = 0; i < opened.faults.count && length < size; i++)
            length +=
                (size_t)snprintf(told + length, size - length, "%s\n", opened.faults.lines[i]);
    }
    handover_opened_free(&opened);
    unlink(path);
}

static void expect(const struct package *package, const char *wanted)
{
    static char told[20000];
    verify(told, sizeof told, package);
    if (strcmp(told, wanted) != 0)
        fail_msg("'%s', not '%s'", told, wanted);
}

static void expect_part(const struct package *package, const char *wanted)
{
    static char told[20000];
    verify(told, sizeof told, package);
    if (strstr(told, wanted) == NULL)
        fail_msg("'%s' tells of no '%s'", told, wanted);
}

/* ---- tests ---- */

static void a_package_that_is_as_it_should_be_has_no_fault(void **state)
{
    (void)state;
    struct package package;
    struct handover_opened opened;
    make(&package);
    expect(&package, "");
    write_package(&package);
    assert_true(handover_verify(&opened, path, NULL));
    assert_string_equal(opened.name, "a.zip");
    assert_string_equal(handover_opened_sender(&opened), "Heemskerk");
    assert_null(opened.agreement);
    assert_int_equal(opened.handover.pieces.count, SQUARES);
    handover_opened_free(&opened);
    unlink(path);
    package_free(&package);
}

static void each_file_is_held_against_the_manifest(void **state)
{
    (void)state;
    static const struct {
        const char *resource, *wanted;
    } cases[] = {
        {"{\"hash\": \"sha256:\"}", "the manifest names a file without a path\n"},
        {"{\"path\": \"a.txt\"}", "a.txt is in the manifest and not in the zip\n"},
        {"{\"path\": \"datapackage.json\"}",
         "datapackage.json is not the file that the manifest tells of: its hash differs\n"},
        {"{\"path\": \"README.txt\", \"bytes\": 9, \"hash\": "
         "\"md5256:b99e0f1d8f2ce3b5ee5c9f1f3b9a9f3e\"}",
         "README.txt is not the file that the manifest tells of: its hash differs\n"},
        {"{\"path\": \"README.txt\", \"bytes\": 9, \"hash\": \"sha256:\"}",
         "README.txt is not the file that the manifest tells of: its hash differs\n"},
    };
    struct package package;
    make(&package);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        package.resource = cases[i].resource;
        expect(&package, cases[i].wanted);
    }
    char hash[SEAL_HASH], resource[200];
    seal_hash(hash, package.files[README].bytes, package.files[README].length);
    for (int bytes = 8; bytes < 11; bytes++) {
        snprintf(resource, sizeof resource,
                 "{\"path\": \"README.txt\", \"bytes\": %d, \"hash\": \"sha256:%s\"}", bytes, hash);
        package.resource = resource;
        expect(&package, bytes == 9 ? "" : "README.txt has another size than the manifest tells\n");
    }
    package.resource = NULL;
    package.is_untold[README] = true;
    expect(&package, "README.txt is in the zip and not in the manifest\n");
    package_free(&package);
}

/* 4 files and so many more; the limit is that of a zip's members. */
static void a_manifest_of_very_many_files_is_refused(void **state)
{
    (void)state;
    struct package package;
    struct text more = {0};
    make(&package);
    for (int i = 0; i < 12; i++)
        text_add(&more, "%s{\"path\": \"x\"}", i > 0 ? ", " : "");
    package.resource = more.bytes;
    expect(&package, "x is in the manifest and not in the zip\n");
    text_add(&more, ", {\"path\": \"x\"}");
    package.resource = more.bytes;
    expect(&package, "error: a.zip: the manifest names 17 files, more than 16");
    text_free(&more);
    package_free(&package);
}

static void what_is_no_package_is_refused(void **state)
{
    (void)state;
    struct package package;
    make(&package);
    package.has_none = true;
    expect(&package,
           "error: a.zip: there is no datapackage.json in it; it is no package of plein's");
    package.has_none = false;
    package.whole = "{";
    expect_part(&package, "error: ");
    package.whole = NULL;
    package.is_left_out[SQUARES_CSV] = package.is_untold[SQUARES_CSV] = true;
    expect(&package, "error: a.zip: there is no squares.csv in it");
    package_free(&package);
}

static void a_manifest_tells_what_the_table_is_read_by(void **state)
{
    (void)state;
    static const char lacks[] = "error: a.zip: the manifest does not tell crs, "
                                "cluster_least_per_ha and disclosure.least";
    static const char *const leasts[] = {NULL, "0", "0.5", "10.5", "1000001", "\"10\"", "-10"};
    struct package package;
    make(&package);
    package.manifest.rules = NULL;
    expect_part(&package, "error: a.zip: is made by rules ''; this plein knows ");
    package.manifest.rules = "\"plein-rules-of-another-kind\"";
    expect_part(&package, "error: a.zip: is made by rules 'plein-rules-of-anoth'; ");
    package.manifest = USUAL;
    for (size_t i = 0; i < sizeof leasts / sizeof *leasts; i++) {
        package.manifest.least = leasts[i];
        expect(&package, lacks);
    }
    package.manifest.least = "1000000";
    expect_part(&package, "is below the least count of the manifest");
    package.manifest = USUAL;
    package.manifest.crs = NULL;
    expect(&package, lacks);
    package.manifest = USUAL;
    package.manifest.per_ha = "\"26\"";
    expect(&package, lacks);
    package_free(&package);
}

static void without_a_period_no_quarter_has_a_place(void **state)
{
    (void)state;
    static const char *const periods[] = {
        NULL,
        "null",
        "{\"first\": \"2024-Q1\"}",
        "{\"last\": \"2024-Q2\"}",
        "{\"first\": 8096, \"last\": \"2024-Q2\"}",
        "{\"first\": \"2024-Q1\", \"last\": \"2024-2\"}",
        "{\"first\": \"2024\", \"last\": \"2024-Q2\"}",
        "{\"first\": \"2024-Q2\", \"last\": \"2024-Q1\"}",
    };
    struct package package;
    make(&package);
    for (size_t i = 0; i < sizeof periods / sizeof *periods; i++) {
        package.manifest.quarters = periods[i];
        expect_part(&package, "quarter '2024-Q1' lies outside the period of the manifest");
    }
    package_free(&package);
}

static void each_table_is_what_the_squares_make_it(void **state)
{
    (void)state;
    struct package package;
    make(&package);
    text_add(&package.files[CLUSTERS_CSV], "2,E1030N5020,100,40\n");
    text_add(&package.files[GEOJSON], "\n");
    expect(&package, "clusters.csv is not what the squares make it\n"
                     "squares.geojson is not what the squares make it\n");
    package_free(&package);
    make(&package);
    package.files[GEOJSON].bytes[40] ^= 1;
    package.is_left_out[CLUSTERS_CSV] = package.is_untold[CLUSTERS_CSV] = true;
    expect(&package, "clusters.csv is not what the squares make it\n"
                     "squares.geojson is not what the squares make it\n");
    package_free(&package);
    make(&package);
    text_add(&package.files[SQUARES_CSV],
             "\r\n"); /* a blank line tells nothing, and hides things */
    expect(&package, "squares.csv is not what the squares make it\n");
    package_free(&package);
}

/* Publishes all that has enough, as if that were all there is to it. */
static void make_unprotected(struct package *package, uint32_t few, size_t squares)
{
    struct handover handover;
    lay_out(&handover, few);
    size_t all = handover_all(&handover, SQUARE_AXIS);
    assert_true(handover_protect(&handover, NULL));
    for (size_t s = 0; s < squares; s++)
        for (size_t d = 0; d <= DOMAINS; d++)
            for (size_t q = 0; q <= QUARTERS + 1; q++) {
                size_t cell = handover_cell(&handover, d, s, q);
                if (handover.table.states[cell] != CELL_WITHHELD
                    || handover.table.counts[cell] < LEAST)
                    continue;
                handover.table.states[cell] = CELL_PUBLISHED;
                handover.table.rounded[cell] = disclosure_round(handover.table.counts[cell]);
            }
    assert_true(all >= SQUARES);
    square_clusters_free(&handover.clusters);
    assert_true(handover_cluster(&handover, NULL));
    package_of(package, &handover);
    handover_free(&handover);
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part))
        count++;
    return count;
}

static void what_can_be_worked_out_is_told_and_not_without_end(void **state)
{
    (void)state;
    static char told[20000];
    struct package package;
    make_unprotected(&package, 1, 1);
    verify(told, sizeof told, &package);
    size_t found = count_of(told, "a withheld count can be worked out: E1030N5020, ");
    assert_true(found > 0 && found <= 20);
    assert_int_equal(count_of(told, "\n"), found);
    assert_non_null(strstr(told, "E1030N5020, physical, * is 0 to "));
    package_free(&package);
    make_unprotected(&package, 1, SQUARES);
    verify(told, sizeof told, &package);
    assert_int_equal(count_of(told, "a withheld count can be worked out: "), 20);
    assert_int_equal(count_of(told, "\n"), 21);
    assert_int_equal(count_of(told, "and "), 1);
    assert_non_null(strstr(told, " more\n"));
    package_free(&package);
}

/* ---- incidents one by one ---- */

#define ROW_HEADER "square,x,y,domain,category,quarter,source,weight\n"
static const char AGREED[] = "\"rowLevel\": true, \"agreement\": \"covenant 7\"";

/* As many as the table has, but that the first square's safety ones weigh so much. */
static void add_rows(struct package *package, const char *rows, unsigned safety)
{
    struct text *text = &package->files[ROWS_CSV];
    text->length = 0;
    text_add(text, ROW_HEADER);
    for (int s = 0; s < SQUARES; s++) {
        char place[60];
        snprintf(place, sizeof place, "E%dN5020,%d,502050", 1030 + s, 103050 + 100 * s);
        text_add(text, "%s,social,loitering,2024-Q1,politie,20\n", place);
        text_add(text, "%s,physical,litter,2024-Q1,boa,1\n", place);
        text_add(text, "%s,physical,litter,2024-Q2,boa,1\n", place);
        text_add(text, "%s,safety,dealing,2024-Q2,politie,%u\n", place, s == 0 ? safety : 20);
    }
    package->manifest.rows = rows;
    package->is_left_out[ROWS_CSV] = package->is_untold[ROWS_CSV] = false;
}

static void incidents_one_by_one_need_an_agreement(void **state)
{
    (void)state;
    static const char lacking[] = "incidents.csv holds incidents one by one, and the manifest "
                                  "tells of no agreement\n";
    struct package package;
    make(&package);
    add_rows(&package, AGREED, 20);
    expect(&package, "");
    add_rows(&package, "\"rowLevel\": true", 20);
    expect(&package, lacking);
    add_rows(&package, "\"rowLevel\": true, \"agreement\": \" \\t\\r\\n\"", 20);
    expect(&package, lacking);
    add_rows(&package, "\"rowLevel\": \"true\", \"agreement\": \"covenant 7\"", 20);
    expect(&package, "incidents.csv holds incidents one by one, and the manifest does not say so "
                     "(rowLevel)\n");
    package.manifest.rows = AGREED;
    package.is_left_out[ROWS_CSV] = package.is_untold[ROWS_CSV] = true;
    expect(&package, "the manifest tells of rows, and incidents.csv is not there\n");
    package_free(&package);
}

static void organised_crime_stands_among_the_rows_where_the_manifest_says_so(void **state)
{
    (void)state;
    static const char *const told[] = {
        "\"rowLevel\": true, \"agreement\": \"c\", \"rows\": {\"organised_crime\": \"included\"}",
        "\"rowLevel\": true, \"agreement\": \"c\", \"rows\": {\"organised_crime\": \"left out\"}",
        AGREED};
    struct package package;
    make(&package);
    for (int i = 0; i < 3; i++) {
        add_rows(&package, told[i], 20);
        text_add(&package.files[ROWS_CSV],
                 "E1041N5020,104150,502050,safety,organised-crime,,politie,3\n");
        if (i == 0)
            expect(&package, "");
        else
            expect_part(&package, "category 'organised-crime' is left out");
    }
    package_free(&package);
}

static void rows_that_the_squares_do_not_tell_of_are_found(void **state)
{
    (void)state;
    static char told[20000];
    struct package package;
    make(&package);
    add_rows(&package, AGREED, 30);
    verify(told, sizeof told, &package);
    assert_non_null(strstr(told, "incidents.csv has 52 incidents of E1030N5020, *, *, and "
                                 "squares.csv tells 40 (square, domain, quarter; * is all)\n"));
    package.files[ROWS_CSV].length = strlen(ROW_HEADER);
    verify(told, sizeof told, &package);
    assert_int_equal(count_of(told, "incidents.csv has 0 incidents of "), 20);
    assert_int_equal(count_of(told, "\n"), 21);
    assert_non_null(strstr(told, " more\n"));
    package_free(&package);
}

/* 2^32 more in the first square, which a count of 32 bits would not see. */
static void rows_beyond_what_a_count_holds_are_found(void **state)
{
    (void)state;
    struct package package;
    make(&package);
    add_rows(&package, AGREED, 20);
    for (int i = 0; i < 3; i++)
        text_add(&package.files[ROWS_CSV], "E1041N5020,104150,502050,safety,dealing,2024-Q2,x,%s\n",
                 i == 0 ? "2" : "2147483647");
    expect_part(&package, "weight '2147483647' makes more incidents than a package holds");
    package_free(&package);
}

/* ---- signatures ---- */

static void expect_seal(const char *key, const char *wanted)
{
    struct handover_opened opened = {0};
    struct error error = {0};
    assert_true(handover_check_seal(&opened, path, key, &error));
    assert_int_equal(opened.faults.count, wanted[0] != '\0');
    if (opened.faults.count > 0)
        assert_string_equal(opened.faults.lines[0], wanted);
    handover_opened_free(&opened);
}

static void a_signature_is_good_of_another_or_not_there(void **state)
{
    (void)state;
    char secret[90], public[90], other_secret[90], other[90], seal[100];
    struct package package;
    struct handover_opened opened = {0};
    struct error error = {0};
    snprintf(secret, sizeof secret, "%s/a.key", folder);
    snprintf(public, sizeof public, "%s/a.pub", folder);
    snprintf(other_secret, sizeof other_secret, "%s/b.key", folder);
    snprintf(other, sizeof other, "%s/b.pub", folder);
    snprintf(seal, sizeof seal, "%s.minisig", path);
    make(&package);
    write_package(&package);
    assert_true(seal_make_keys(secret, public, NULL));
    assert_true(seal_make_keys(other_secret, other, NULL));
    expect_seal(NULL, "");
    expect_seal(public, "there is no signature (FILE.minisig) beside it");
    assert_true(seal_sign(path, secret, NULL));
    expect_seal(public, "");
    expect_seal(other, "the signature was made with another key");
    package.manifest.least = "9";
    write_package(&package);
    expect_seal(public, "the signature is not of this file: one of the two was changed");
    unlink(public);
    assert_false(handover_check_seal(&opened, path, public, &error));
    assert_int_equal(error.kind, ERROR_NO_INPUT);
    unlink(path);
    unlink(seal);
    unlink(secret);
    unlink(other_secret);
    unlink(other);
    package_free(&package);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_package_that_is_as_it_should_be_has_no_fault),
        cmocka_unit_test(each_file_is_held_against_the_manifest),
        cmocka_unit_test(a_manifest_of_very_many_files_is_refused),
        cmocka_unit_test(what_is_no_package_is_refused),
        cmocka_unit_test(a_manifest_tells_what_the_table_is_read_by),
        cmocka_unit_test(without_a_period_no_quarter_has_a_place),
        cmocka_unit_test(each_table_is_what_the_squares_make_it),
        cmocka_unit_test(what_can_be_worked_out_is_told_and_not_without_end),
        cmocka_unit_test(incidents_one_by_one_need_an_agreement),
        cmocka_unit_test(organised_crime_stands_among_the_rows_where_the_manifest_says_so),
        cmocka_unit_test(rows_that_the_squares_do_not_tell_of_are_found),
        cmocka_unit_test(rows_beyond_what_a_count_holds_are_found),
        cmocka_unit_test(a_signature_is_good_of_another_or_not_there),
    };
    return cmocka_run_group_tests(tests, in_a_folder, without_it);
}
