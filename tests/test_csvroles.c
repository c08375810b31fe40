/* Tests of which columns play which roles, by the usual names and by --columns. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/core/text.h"
#include "engine/formats/csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* "lon=0 lat=1 category=:litter", by the header's "a,b,c", or the error. */
static struct text roles_of(const char *names, const char *columns, int names_cut)
{
    static char bytes[4096];
    char *fields[64];
    struct csv_header header = {.path = "x", .names = fields, .names_cut = names_cut};
    struct csv_roles roles;
    struct error error = {0};
    struct text told = {0};
    snprintf(bytes, sizeof bytes, "%s", names);
    for (char *at = bytes; at != NULL; at = at != NULL ? at + 1 : NULL) {
        fields[header.count++] = at;
        at = strchr(at, ',');
        if (at != NULL)
            *at = '\0';
    }
    if (!csv_roles_find(&roles, &header, columns, &error)) {
        text_add(&told, "%d: %s", error.kind, error.message);
        return told;
    }
    text_add(&told, "%s", "");
    for (int r = 0; r < CSV_ROLES; r++) {
        const char *gap = told.length > 0 ? " " : "";
        if (roles.columns[r] >= 0)
            text_add(&told, "%s%s=%d", gap, csv_role_name((enum csv_role)r), roles.columns[r]);
        else if (roles.constants[r] != NULL)
            text_add(&told, "%s%s=:%s", gap, csv_role_name((enum csv_role)r), roles.constants[r]);
    }
    csv_roles_free(&roles);
    return told;
}

static void assert_roles(const char *names, const char *columns, const char *wanted)
{
    struct text told = roles_of(names, columns, 0);
    if (strncmp(told.bytes, wanted, strlen(wanted)) != 0
        || (wanted[0] < '0' && told.length != strlen(wanted)))
        fail_msg("%s with %s: '%s', not '%s'", names, columns != NULL ? columns : "nothing",
                 told.bytes, wanted);
    text_free(&told);
}

static void the_usual_names_are_found_however_they_are_written(void **state)
{
    (void)state;
    assert_roles("ID,Long-itude,LAT,Categorie", NULL, "id=0 lon=1 lat=2 category=3");
    assert_roles("fid,zaaknummer,x,y,rd_x", NULL, "id=1 x=2 y=3"); /* the better, then the first */
    assert_roles(",--,x,y", NULL, "x=2 y=3");
    struct text cut = roles_of("meldingsnu,xcoordinaa,y", NULL, 10);
    assert_string_equal(cut.bytes, "id=0 x=1 y=2");
    text_free(&cut);
    char longest[200] = "";
    memset(longest, 'x', 100);
    strcat(longest, ",y");
    assert_roles(longest, NULL, "y=1");
}

static void columns_name_fields_and_constants(void **state)
{
    static const char NAMES[] = "A,b c,D+E,d,say \"x\",t";
    (void)state;
    assert_roles(NAMES, "lon=A, lat = b c ", "lon=0 lat=1");
    assert_roles(NAMES, "LON=a,lat=BC", "lon=0 lat=1"); /* folded */
    assert_roles(NAMES, "x=\"D+E\" ,y=\"say \"\"x\"\"\"", "x=2 y=4");
    assert_roles(NAMES, "category=: litter\t,source=:\"a,b\"", "category=:litter source=:a,b");
    assert_roles(NAMES, "occurred_at=d+t", "occurred_at=3 time=5");
    assert_roles(NAMES, "occurred_at=\"D+E\"+t,x=A", "x=0 occurred_at=2 time=5");
    assert_roles("datum,tijd", "occurred_at=datum", "occurred_at=0"); /* one is one */
    assert_roles("datum,tijd", "time=tijd,occurred_at=datum", "occurred_at=0 time=1");
    assert_roles("datum,tijd", NULL, "occurred_at=0 time=1");
    assert_roles(NAMES, "id=:", "id=:");
    assert_roles(NAMES, "until=t,", "until=5");
}

static void what_cannot_be_read_is_a_wrong_use(void **state)
{
    static const char NAMES[] = "A,b,c+d";
    static const char *const BAD[] = {
        "x",
        "x,y",
        "x=",
        "x=,y=b",
        "=A",
        "x=\"A",
        "x=\"A\"b",
        "\"x=A",
        "id=:\"a",
        "id=:\"a\"b",
        "occurred_at=A+\"b",
        "occurred_at=\"A\"\"",
        "x=\"\"",
        "x==",
    };
    (void)state;
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        struct text told = roles_of(NAMES, BAD[i], 0);
        if (told.bytes[0] != '2' && told.bytes[0] != '6')
            fail_msg("%s is taken: %s", BAD[i], told.bytes);
        text_free(&told);
    }
    assert_roles(NAMES, "x", "2: --columns 'x' cannot be read");
    assert_roles(NAMES, "colour=A", "2: --columns: 'colour' is no role");
    assert_roles(NAMES, "x=A,x=b", "2: --columns names x twice");
    assert_roles(NAMES, "x=:1,x=b", "2: --columns names x twice");
    assert_roles(NAMES, "x=\"A\"+b", "2: --columns: x cannot be made of two fields");
    assert_roles(NAMES, "x=Z",
                 "65: x: --columns: there is no field 'Z' for x; the fields are: A, b, c+d");
    assert_roles(NAMES, "x=+", "65: x: --columns: there is no field '+'"); /* folds to nothing */
    assert_roles(NAMES, "occurred_at=A+Z", "65: x: --columns: there is no field 'Z' for time");
    assert_roles(NAMES, "occurred_at=A+", "65: x: --columns: there is no field '' for time");
}

static void a_long_list_of_fields_is_cut(void **state)
{
    static char names[2000];
    (void)state;
    for (int i = 0; i < 40; i++)
        snprintf(names + strlen(names), sizeof names - strlen(names), "%sa_field_of_number_%02d",
                 i > 0 ? "," : "", i);
    struct text told = roles_of(names, "x=Z", 0);
    assert_non_null(strstr(told.bytes, "a_field_of_number_00, "));
    assert_string_equal(told.bytes + told.length - 5, ", ...");
    assert_null(strstr(told.bytes, "a_field_of_number_39"));
    text_free(&told);
}

/* ---- what a file's rows make of them ---- */

/* "x", "lon", or the error; and "month" and the like behind it. */
static void assert_layout(const char *text, const char *columns, const char *wanted,
                          const char *noted)
{
    char path[] = "/tmp/plein-roles-XXXXXX", told[900] = "";
    int descriptor = mkstemp(path);
    assert_int_equal(write(descriptor, text, strlen(text)), strlen(text));
    close(descriptor);
    for (int with = 0; with < 2; with++) {
        struct notes notes = {0};
        struct error error = {0};
        const struct csv_options options = {
            .columns = columns, .thread_count = 1, .notes = with == 1 ? &notes : NULL};
        struct csv *csv = csv_open(path, &options, &error);
        const struct csv_layout *layout = csv != NULL ? csv_layout(csv) : NULL;
        if (layout == NULL)
            snprintf(told, sizeof told, "%s", error.message + strlen(path));
        else
            snprintf(told, sizeof told, "%s %d %d %d %d", layout->has_degrees ? "lon" : "x",
                     layout->roles[ROLE_OCCURRED], layout->roles[ROLE_YEAR],
                     layout->roles[ROLE_MONTH], layout->roles[ROLE_DAY]);
        if (strstr(told, wanted) != told)
            fail_msg("%s with %s: '%s', not '%s'", text, columns, told, wanted);
        bool is_noted = false;
        for (size_t i = 0; i < notes.count; i++)
            is_noted |= noted != NULL && strstr(notes.lines[i], noted) != NULL;
        assert_int_equal(is_noted, with == 1 && noted != NULL);
        notes_free(&notes);
        csv_close(csv);
    }
    unlink(path);
}

static void degrees_go_before_metres_unless_those_are_asked_for(void **state)
{
    static const char FOUR[] = "lon,lat,x,y,a,b\n4.6,52.5,105000,501000,1,2\n";
    (void)state;
    assert_layout(FOUR, NULL, "lon", NULL);
    assert_layout(FOUR, "x=a,y=b", "x", NULL);
    assert_layout(FOUR, "x=a", "x", NULL);
    assert_layout(FOUR, "y=b", "x", NULL);
    assert_layout(FOUR, "lon=a", "lon", NULL);
    assert_layout(FOUR, "lat=a,x=b", "lon", NULL);
    assert_layout("x,y\n1,2\n", "lon=x", ": there are no columns for a place", NULL);
    assert_layout("lon,lat\n4,52\n", "y=lon", ": there are no columns for a place", NULL);
    assert_layout("lon,y\n4,52\n", NULL, ": there are no columns for a place", NULL);
    assert_layout("x,lat\n4,52\n", NULL, ": there are no columns for a place", NULL);
}

static void a_date_goes_before_a_year_unless_that_is_asked_for(void **state)
{
    static const char ROWS[] = "x,y,datum,jaar,maand,dag\n1,2,2024-05-31,2023,4,30\n";
    (void)state;
    assert_layout(ROWS, NULL, "x 2 -1 -1 -1", NULL);
    assert_layout(ROWS, "year=jaar", "x -1 3 4 5", NULL);
    assert_layout(ROWS, "month=maand", "x -1 3 4 5", NULL);
    assert_layout(ROWS, "day=dag", "x -1 3 4 5", NULL);
    assert_layout(ROWS, "day=dag,occurred_at=datum", "x 2 -1 -1 -1", NULL);
    assert_layout("x,y,jaar,dag\n1,2,2023,30\n", NULL, "x -1 2 -1 -1", NULL); /* of no month */
    assert_layout("x,y,jaar,maand,dag\n1,2,2023,4,zondag\n", NULL, "x -1 2 3 -1", NULL);
    assert_layout("x,y,jaar,maand,dag\n1,2,2023,4,zondag\n", "day=dag", "x -1 2 3 4", NULL);
    assert_layout("x,y,month\n1,2,2023-04\n", NULL, "x 2 -1 -1 -1", NULL);
    assert_layout("x,y,month,datum\n1,2,2023-04,2023-05-01\n", "month=month", "x 2 -1 -1 -1", NULL);
    assert_layout("x,y,month,datum\n1,2,2023-04,2023-05-01\n", "month=month,occurred_at=datum",
                  "x 3 -1", NULL);
    assert_layout("x,y,t\n1,2,2023-04-05\n", "until=t", "x", "which nothing uses yet");
    assert_layout("x,y,datum\n1,2,05/31/2023\n", NULL, "x 2", "are read as month/day/year");
    assert_layout("x,y,datum\n1,2,05/31/2023\n1,2,31/05/2023\n", NULL, "x 2", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_usual_names_are_found_however_they_are_written),
        cmocka_unit_test(columns_name_fields_and_constants),
        cmocka_unit_test(what_cannot_be_read_is_a_wrong_use),
        cmocka_unit_test(a_long_list_of_fields_is_cut),
        cmocka_unit_test(degrees_go_before_metres_unless_those_are_asked_for),
        cmocka_unit_test(a_date_goes_before_a_year_unless_that_is_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
