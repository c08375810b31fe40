/* Tests of which fields of a table serve as names and codes of areas. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/formats/fields.h"

#include <stdio.h>
#include <string.h>

/* Fields as "NAME=a,b,c"; one that begins with # holds no text. */
enum { MOST = 8, ROWS = 3 };

static bool read_column(char ***values, const void *table, size_t field, struct error *error)
{
    const char *const *fields = table;
    const char *at = strchr(fields[field], '=') + 1;
    assert_true(array_new(values, ROWS, sizeof **values, error));
    for (size_t row = 0; row < ROWS; row++) {
        size_t length = strcspn(at, ",");
        (*values)[row] = text_copy(at, length, error);
        at += length + (at[length] == ',');
    }
    return true;
}

/* "NAME CODE: a|1 b|2 c|3 ", - for what there is not, or the error. */
static void assert_choice(const char *const *columns, const char *const asked[2],
                          const char *wanted)
{
    static char buffers[MOST][32];
    const char *names[MOST];
    bool is_text[MOST];
    struct fields fields = {.path = "x",
                            .names = names,
                            .is_text = is_text,
                            .row_count = ROWS,
                            .column = read_column,
                            .table = columns};
    struct field_choice choice;
    struct error error = {0};
    char told[256] = "";
    for (; columns[fields.count] != NULL; fields.count++) {
        const char *column = columns[fields.count];
        is_text[fields.count] = column[0] != '#';
        column += column[0] == '#';
        snprintf(buffers[fields.count], sizeof buffers[0], "%.*s", (int)strcspn(column, "="),
                 column);
        names[fields.count] = buffers[fields.count];
    }
    if (!fields_choose(&choice, &fields, asked[0], asked[1], &error)) {
        assert_int_equal(error.kind, ERROR_DATA);
        assert_string_equal(error.message, wanted);
        return;
    }
    snprintf(told, sizeof told, "%s %s:", choice.name != FIELD_NONE ? names[choice.name] : "-",
             choice.code != FIELD_NONE ? names[choice.code] : "-");
    for (size_t row = 0; row < ROWS; row++)
        snprintf(told + strlen(told), sizeof told - strlen(told), " %s|%s",
                 choice.names != NULL ? choice.names[row] : "",
                 choice.codes != NULL ? choice.codes[row] : "");
    assert_string_equal(told, wanted);
    field_choice_free(&choice);
}

#define CHOOSES(wanted, ...)                                                                       \
    assert_choice((const char *const[]){__VA_ARGS__, NULL}, (const char *const[]){NULL, NULL},     \
                  wanted)
#define ASKED(name, code, wanted, ...)                                                             \
    assert_choice((const char *const[]){__VA_ARGS__, NULL}, (const char *const[]){name, code},     \
                  wanted)

static void the_usual_names_serve_the_better_ones_first(void **state)
{
    (void)state;
    CHOOSES("GM_NAAM GM_CODE: a|1 b|2 c|3", "naam=x,y,z", "GM_CODE=1,2,3", "GM_NAAM=a,b,c");
    CHOOSES("gemeentena -: a| b| c|", "gemeentena=a,b,c"); /* cut to ten letters */
    CHOOSES("PLR_NAME PLR_ID: a|1 b|2 c|3", "NR=7,8,9", "PLR_ID=1,2,3", "PLR_NAME=a,b,c");
    CHOOSES("NAME_2 -: a| b| c|", "NAME_1=x,y,z", "NAME_2=a,b,c", "NAME_0=p,q,r");
    CHOOSES("NM_X CD_X: a|1 b|2 c|3", "CD_X=1,2,3", "NM_X=a,b,c");
    CHOOSES("wijk.naam wijk-code: a|1 b|2 c|3", "wijk-code=1,2,3", "wijk.naam=a,b,c");
    CHOOSES("the nm PLR2nr: a|1 b|2 c|3", "PLR2nr=1,2,3", "the nm=a,b,c");
    CHOOSES("wijk area5cd: a|1 b|2 c|3", "area5cd=1,2,3", "wijk=a,b,c");
    CHOOSES("NAAM -: a| b| c|", "Androd=1,2,3", "NAAM=a,b,c"); /* "id" is not parted off */
    CHOOSES("NAAM -: a| b| c|", "CODE_=1,2,3", "NAME_=x,y,z",
            "NAAM=a,b,c");                                 /* Arc/Info's numbers */
    CHOOSES("NAAM -: a| b| c|", "--=1,2,3", "NAAM=a,b,c"); /* a name without a letter */
}

static void what_tells_nothing_apart_does_not_serve(void **state)
{
    (void)state;
    CHOOSES("name -: a| b| c|", "gm_naam=,,", "naam=x,x,x", "name=a,b,c");
    CHOOSES("name gm_code: a|1 b|2 c|", "gm_code=1,2,", "name=a,b,c"); /* some have none */
    CHOOSES("name -: a| b| c|", "gm_code=1,1,2", "name=a,b,c");        /* one code of two names */
    CHOOSES("name code: a|1 a|1 c|2", "code=1,1,2", "name=a,a,c");
    CHOOSES("name code: a| b| c|2", "code=,,2", "name=a,b,c");
}

static void without_the_usual_names_another_text_serves(void **state)
{
    (void)state;
    CHOOSES("label -: a| b| c|", "#number=1,2,3", "same=x,x,y", "gaps=,p,q", "label=a,b,c");
    CHOOSES("label code: a|1 b|2 c|3", "code=1,2,3", "label=a,b,c");
    CHOOSES("code code: 1|1 2|2 3|3", "code=1,2,3", "label=x,x,y"); /* the code names them */
    CHOOSES("- -: | | |", "#number=1,2,3", "same=x,x,y");
    CHOOSES("- -: | | |", "same=x,x,y");
}

/* A number of rows is a code where nothing else is, and in text rather than as a number. */
static void the_number_of_a_row_is_the_last_resort(void **state)
{
    (void)state;
    CHOOSES("name objectid: a|E1 b|E2 c|E3", "objectid=E1,E2,E3", "name=a,b,c");
    CHOOSES("name -: a| b| c|", "#objectid=1,2,3", "name=a,b,c");
    CHOOSES("label fid: a|1 b|2 c|3", "#fid=1,2,3", "label=a,b,c");
}

static void what_is_asked_for_serves_whatever_it_is_called(void **state)
{
    (void)state;
    ASKED("y", "X", "y x: b|1 b|1 |2", "x=1,1,2", "y=b,b,", "name=p,q,r");
    ASKED("buurtnaam_lang", NULL, "buurtnaam_ -: a| b| c|", "buurtnaam_=a,b,c");
    ASKED("z", NULL, "x: there is no field 'z'; there are: x, y", "x=1,2,3", "y=a,b,c");
    ASKED(NULL, "z", "x: there is no field 'z'; there are: name", "name=a,b,c");
    const char *const none[] = {NULL}, *const asked[] = {"z", NULL};
    assert_choice(none, asked, "x: there is no field 'z', for there is no table of fields");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_usual_names_serve_the_better_ones_first),
        cmocka_unit_test(what_tells_nothing_apart_does_not_serve),
        cmocka_unit_test(without_the_usual_names_another_text_serves),
        cmocka_unit_test(the_number_of_a_row_is_the_last_resort),
        cmocka_unit_test(what_is_asked_for_serves_whatever_it_is_called),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
