/* Tests the vocabulary: what a source's word means, and what a table may not say. */
#include "engine/formats/vocabulary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static bool read_text(struct vocabulary *vocabulary, const char *text, struct error *error)
{
    char path[] = "/tmp/plein-vocabulary-XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    FILE *file = fdopen(descriptor, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    bool done = vocabulary_read(vocabulary, path, error);
    unlink(path);
    return done;
}

/* Reads rows under the usual header. */
static struct vocabulary vocabulary_of(const char *rows)
{
    char text[8192];
    struct error error = {0};
    struct vocabulary vocabulary;
    snprintf(text, sizeof text, "source;reported;category;domain;also\n%s", rows);
    if (!read_text(&vocabulary, text, &error))
        fail_msg("%s", error.message);
    return vocabulary;
}

static void assert_meaning(const struct vocabulary *vocabulary, const char *source,
                           const char *reported, const char *category)
{
    const struct vocabulary_entry *entry = vocabulary_find(vocabulary, source, reported);
    if (category == NULL) {
        assert_null(entry);
        return;
    }
    if (entry == NULL)
        fail_msg("'%s' of '%s' is unmapped", reported, source);
    assert_string_equal(entry->category, category);
}

static void assert_refused(const char *text, const char *expected)
{
    struct error error = {0};
    struct vocabulary vocabulary;
    assert_false(read_text(&vocabulary, text, &error));
    assert_int_equal(error.kind, ERROR_SETTINGS);
    if (strstr(error.message, expected) == NULL)
        fail_msg("'%s' does not hold '%s'", error.message, expected);
    assert_int_equal(vocabulary.count, 0);
    assert_null(vocabulary.entries);
}

static void a_word_is_found_without_regard_to_case_and_blanks(void **state)
{
    (void)state;
    struct vocabulary vocabulary = vocabulary_of(";  Overlast Jeugd ;loitering;social;safety\n"
                                                 ";caf\xC3\xA9;nuisance;social;\n");
    assert_meaning(&vocabulary, "politie", "overlast jeugd", "loitering");
    assert_meaning(&vocabulary, "", "\tOVERLAST JEUGD\xC2\xA0", "loitering");
    assert_meaning(&vocabulary, "boa", "CAF\xC3\x89", "nuisance");
    assert_meaning(&vocabulary, "boa", "cafe", NULL);
    assert_meaning(&vocabulary, "", "overlast  jeugd", NULL);
    assert_meaning(&vocabulary, "", "overlastjeugd", NULL);
    assert_meaning(&vocabulary, "", "", NULL);
    vocabulary_free(&vocabulary);
}

static void punctuation_parts_two_codes(void **state)
{
    (void)state;
    struct vocabulary vocabulary = vocabulary_of(";1.1;litter;physical;\n"
                                                 ";11;traffic;safety;\n"
                                                 ";-;neglect;physical;\n"
                                                 ";--;noise;social;\n");
    assert_meaning(&vocabulary, "", "1.1", "litter");
    assert_meaning(&vocabulary, "", "11", "traffic");
    assert_meaning(&vocabulary, "", "-", "neglect");
    assert_meaning(&vocabulary, "", "--", "noise");
    assert_meaning(&vocabulary, "", "---", NULL);
    vocabulary_free(&vocabulary);
}

static void a_source_s_own_word_goes_before_any_source_s(void **state)
{
    (void)state;
    struct vocabulary vocabulary = vocabulary_of(";melding;nuisance;social;\n"
                                                 "politie;melding;traffic;safety;\n"
                                                 "gemeente;zwart;litter;physical;\n");
    assert_meaning(&vocabulary, "Politie", "melding", "traffic");
    assert_meaning(&vocabulary, "gemeente", "melding", "nuisance");
    assert_meaning(&vocabulary, "", "melding", "nuisance");
    assert_meaning(&vocabulary, "gemeente", "zwart", "litter");
    assert_meaning(&vocabulary, "politie", "zwart", NULL);
    assert_meaning(&vocabulary, "tgemeente", "zwar", NULL);
    vocabulary_free(&vocabulary);
}

static void a_category_of_plein_s_is_a_word_of_every_source(void **state)
{
    (void)state;
    struct vocabulary vocabulary = vocabulary_of("politie;E35;Loitering;social;safety\n"
                                                 ";hangen;loitering;safety;\n"
                                                 ";litter;dumping;physical;\n"
                                                 ";stort;litter;safety;\n");
    const struct vocabulary_entry *entry = vocabulary_find(&vocabulary, "boa", "LOITERING");
    assert_non_null(entry);
    assert_int_equal(entry->domain, DOMAIN_SOCIAL);
    assert_int_equal(entry->also, 1 << DOMAIN_SAFETY);
    assert_meaning(&vocabulary, "boa", "dumping", "dumping");
    assert_meaning(&vocabulary, "boa", "litter", "dumping");
    vocabulary_free(&vocabulary);
}

static void domains_are_read_in_english_and_dutch(void **state)
{
    (void)state;
    struct vocabulary vocabulary = vocabulary_of(";a;a;Sociaal;\n;b;b; FYSIEK ;social\n"
                                                 ";c;c;veiligheid;sociaal + physical safety\n"
                                                 ";d;d;unmapped;\n");
    assert_int_equal(vocabulary_find(&vocabulary, "", "a")->domain, DOMAIN_SOCIAL);
    assert_int_equal(vocabulary_find(&vocabulary, "", "b")->domain, DOMAIN_PHYSICAL);
    assert_int_equal(vocabulary_find(&vocabulary, "", "b")->also, 1 << DOMAIN_SOCIAL);
    assert_int_equal(vocabulary_find(&vocabulary, "", "c")->domain, DOMAIN_SAFETY);
    assert_int_equal(vocabulary_find(&vocabulary, "", "c")->also,
                     1 << DOMAIN_SOCIAL | 1 << DOMAIN_PHYSICAL);
    assert_int_equal(vocabulary_find(&vocabulary, "", "d")->domain, DOMAIN_UNMAPPED);
    vocabulary_free(&vocabulary);
}

static void a_domain_s_name_reads_back(void **state)
{
    (void)state;
    for (int domain = 0; domain < DOMAIN_COUNT; domain++) {
        enum domain read = DOMAIN_UNMAPPED;
        assert_true(domain_parse(&read, domain_name((enum domain)domain)));
        assert_int_equal(read, domain);
    }
    enum domain untouched = DOMAIN_SAFETY;
    assert_false(domain_parse(&untouched, "soci"));
    assert_false(domain_parse(&untouched, ""));
    assert_int_equal(untouched, DOMAIN_SAFETY);
}

static void other_delimiters_and_orders_of_columns_are_read(void **state)
{
    (void)state;
    struct error error = {0};
    struct vocabulary vocabulary;
    assert_true(read_text(&vocabulary,
                          "\xEF\xBB\xBF"
                          "Domain,Category,Reported\r\nsocial,loitering,\"hangen, staan\"\r\n",
                          &error));
    assert_meaning(&vocabulary, "boa", "hangen, staan", "loitering");
    vocabulary_free(&vocabulary);
    assert_true(read_text(&vocabulary,
                          "also\tdomain\tcategory\treported\tsource\n"
                          "safety\tsocial\tloitering\thangen\tboa\n",
                          &error));
    assert_meaning(&vocabulary, "boa", "hangen", "loitering");
    assert_meaning(&vocabulary, "politie", "hangen", NULL);
    vocabulary_free(&vocabulary);
}

static void one_of_reported_and_category_is_enough(void **state)
{
    (void)state;
    struct vocabulary vocabulary =
        vocabulary_of(";;litter;physical;\n;noise;;social;\n;;;;\n\n;x;y;social;\n");
    assert_meaning(&vocabulary, "", "litter", "litter");
    assert_meaning(&vocabulary, "", "noise", "noise");
    assert_int_equal(vocabulary_find(&vocabulary, "", "x")->line, 6);
    vocabulary_free(&vocabulary);
}

static void a_word_said_twice_with_one_meaning_is_fine(void **state)
{
    (void)state;
    struct vocabulary vocabulary =
        vocabulary_of(";vuil;litter;physical;\n;VUIL;Litter;fysiek; \n;vuil ;litter;physical;\n");
    assert_int_equal(vocabulary_find(&vocabulary, "", "vuil")->line, 2);
    assert_int_equal(vocabulary.count, 2); /* the word, and the category as a word */
    vocabulary_free(&vocabulary);
}

#define HEADER "source;reported;category;domain;also\n"

static void what_a_table_may_not_say_is_refused_with_its_line(void **state)
{
    (void)state;
    assert_refused(HEADER ";a;a;social;\n;b;b;fisical;\n", ":3: 'fisical' is no domain");
    assert_refused(HEADER ";a;a;;\n", ":2: '' is no domain");
    assert_refused(HEADER ";a;a;social;safty\n", ":2: 'safty' is no domain");
    assert_refused(HEADER ";a;a;social;unmapped\n", ":2: 'unmapped' is no domain");
    assert_refused(HEADER ";;;social;\n", ":2: this row names no category");
    assert_refused(HEADER ";a;litter;physical;\n;b;b;social;\n;A;traffic;safety;\n",
                   ":4: 'A' has another meaning on line 2");
    assert_refused(HEADER ";a;litter;physical;\n;a;litter;physical;social\n", "line 2");
    assert_refused("source;reported;category;also\n;a;a;\n",
                   ":1: a vocabulary needs a column 'domain'");
    assert_refused("source;category;domain;also\n;a;social;\n", "column 'reported'");
    assert_refused("source;reported;domain;also\n;a;social;\n", "column 'category'");
}

static void a_word_beyond_all_measure_is_refused_and_never_found(void **state)
{
    (void)state;
    char word[600], text[1400];
    memset(word, 'a', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    snprintf(text, sizeof text, HEADER ";ok;ok;social;\n;%s;ok;social;\n", word);
    assert_refused(text, ":3: a word here has more than");
    snprintf(text, sizeof text, HEADER ";ok;%s;social;\n", word);
    assert_refused(text, ":2: a word here has more than");
    struct vocabulary vocabulary = vocabulary_of(";ok;ok;social;\n");
    assert_meaning(&vocabulary, "", word, NULL);
    assert_meaning(&vocabulary, word, "ok", "ok");
    vocabulary_free(&vocabulary);
}

static void an_empty_vocabulary_leaves_all_unmapped(void **state)
{
    (void)state;
    struct vocabulary vocabulary = {0};
    assert_meaning(&vocabulary, "politie", "loitering", NULL);
    vocabulary_free(&vocabulary);
    vocabulary = vocabulary_of("");
    assert_int_equal(vocabulary.count, 0);
    vocabulary_free(&vocabulary);
}

static void a_file_that_is_not_there_is_no_input(void **state)
{
    (void)state;
    struct error error = {0};
    struct vocabulary vocabulary;
    assert_false(vocabulary_read(&vocabulary, "/tmp/no-such-vocabulary.csv", &error));
    assert_int_equal(error.kind, ERROR_NO_INPUT);
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 16;
}

enum { RANDOM_ROWS = 300 };
static const char *const SOURCES[] = {"", "a", "b", "c", "d"}; /* the last is in no table */

/* What the contract says, word for word, over the rows as they were written. */
static const char *plain_find(char rows[RANDOM_ROWS][3][8], const char *source,
                              const char *reported)
{
    for (int pass = 0; pass < 3; pass++)
        for (int i = 0; i < RANDOM_ROWS; i++) {
            const char *wanted = pass == 0 ? source : "";
            const char *word = pass < 2 ? rows[i][1] : rows[i][2];
            if (strcmp(word, reported) == 0 && (pass == 2 || strcmp(rows[i][0], wanted) == 0))
                return rows[i][2];
        }
    return NULL;
}

static void lookup_agrees_with_a_plain_search_over_random_tables(void **state)
{
    (void)state;
    for (uint32_t first = 1; first <= 20; first++) {
        uint32_t seed = first;
        static char rows[RANDOM_ROWS][3][8], text[RANDOM_ROWS * 32];
        size_t length = 0;
        for (int i = 0; i < RANDOM_ROWS; i++) {
            uint32_t source = next_random(&seed) % 4, word = next_random(&seed) % 200;
            snprintf(rows[i][0], 8, "%s", SOURCES[source]);
            snprintf(rows[i][1], 8, "w%u", word % 1000);
            /* one meaning for a word of a source, so that the table is no contradiction */
            snprintf(rows[i][2], 8, "w%u", (word * 7 + source * 13) % 300);
            length += (size_t)snprintf(text + length, sizeof text - length, "%s;%s;%s;social;\n",
                                       rows[i][0], rows[i][1], rows[i][2]);
        }
        static char table[sizeof text + 64];
        struct error error = {0};
        struct vocabulary vocabulary;
        snprintf(table, sizeof table, HEADER "%s", text);
        if (!read_text(&vocabulary, table, &error))
            fail_msg("seed %u: %s", first, error.message);
        for (uint32_t word = 0; word < 320; word++)
            for (int source = 0; source < 5; source++) {
                char reported[8];
                snprintf(reported, sizeof reported, "w%u", word);
                const char *expected = plain_find(rows, SOURCES[source], reported);
                const struct vocabulary_entry *found =
                    vocabulary_find(&vocabulary, SOURCES[source], reported);
                if ((expected == NULL) != (found == NULL)
                    || (found != NULL && strcmp(expected, found->category) != 0))
                    fail_msg("seed %u, source '%s', '%s'", first, SOURCES[source], reported);
            }
        vocabulary_free(&vocabulary);
    }
}

static void the_one_that_ships_maps_plein_s_six_and_their_dutch_names(void **state)
{
    (void)state;
    static const struct {
        const char *reported, *category;
        enum domain domain;
        unsigned also;
    } cases[] = {
        {"loitering", "loitering", DOMAIN_SOCIAL, 1 << DOMAIN_SAFETY},
        {"Hangjongeren", "loitering", DOMAIN_SOCIAL, 1 << DOMAIN_SAFETY},
        {"E35 overlast jeugd", "loitering", DOMAIN_SOCIAL, 1 << DOMAIN_SAFETY},
        {"Rondhangende jongeren", "loitering", DOMAIN_SOCIAL, 1 << DOMAIN_SAFETY},
        {"dealing", "dealing", DOMAIN_SAFETY, 1 << DOMAIN_SOCIAL},
        {"Drugshandel", "dealing", DOMAIN_SAFETY, 1 << DOMAIN_SOCIAL},
        {"litter", "litter", DOMAIN_PHYSICAL, 0},
        {"zwerfafval", "litter", DOMAIN_PHYSICAL, 0},
        {"veeg-zwerfvuil", "litter", DOMAIN_PHYSICAL, 0},
        {"Veeg- / zwerfvuil", "litter", DOMAIN_PHYSICAL, 0},
        {"traffic", "traffic", DOMAIN_SAFETY, 1 << DOMAIN_PHYSICAL},
        {"Parkeeroverlast", "traffic", DOMAIN_SAFETY, 1 << DOMAIN_PHYSICAL},
        {"neglect", "neglect", DOMAIN_PHYSICAL, 1 << DOMAIN_SOCIAL},
        {"verloedering", "neglect", DOMAIN_PHYSICAL, 1 << DOMAIN_SOCIAL},
        {"organised-crime", "organised-crime", DOMAIN_SAFETY, 0},
        {"Organised crime", "organised-crime", DOMAIN_SAFETY, 0},
        {"ondermijning", "organised-crime", DOMAIN_SAFETY, 0},
        {"Anti-social behaviour", "nuisance", DOMAIN_SOCIAL, 1 << DOMAIN_SAFETY},
        {"bekladde muren", "vandalism", DOMAIN_PHYSICAL, 1 << DOMAIN_SAFETY},
    };
    struct error error = {0};
    struct vocabulary vocabulary;
    if (!vocabulary_read(&vocabulary, "data/vocabulary.csv", &error))
        fail_msg("%s", error.message);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_meaning(&vocabulary, "politie", cases[i].reported, cases[i].category);
        const struct vocabulary_entry *entry = vocabulary_find(&vocabulary, "", cases[i].reported);
        assert_int_equal(entry->domain, cases[i].domain);
        assert_int_equal(entry->also, cases[i].also);
    }
    assert_meaning(&vocabulary, "politie", "overig", NULL);
    vocabulary_free(&vocabulary);
}

/* Calls for each value of a key like "slug" in a JSON file that has one a line. */
static size_t check_values(FILE *file, const struct vocabulary *vocabulary)
{
    char line[512], word[256];
    size_t found = 0;
    bool is_main = false;
    while (fgets(line, sizeof line, file) != NULL) {
        if (strstr(line, "\"parent\":") != NULL)
            is_main = strstr(line, "null") != NULL;
        bool named = sscanf(line, " \"slug\": \"%255[^\"]", word) == 1
                     || sscanf(line, " \"name\": \"%255[^\"]", word) == 1;
        if (!named || is_main || strcmp(word, "overig") == 0 || strcmp(word, "Overig") == 0)
            continue;
        if (vocabulary_find(vocabulary, "gemeente", word) == NULL)
            fail_msg("'%s' is unmapped", word);
        found++;
    }
    return found;
}

static void the_one_that_ships_maps_every_sub_category_of_signalen(void **state)
{
    (void)state;
    const char *real = getenv("PLEIN_REAL");
    char path[1024];
    struct error error = {0};
    struct vocabulary vocabulary;
    snprintf(path, sizeof path, "%s/vocabulary/categories.json",
             real != NULL ? real : "../shared/real");
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        fprintf(stderr, "SKIPPED: %s is missing\n", path);
        skip();
    }
    assert_true(vocabulary_read(&vocabulary, "data/vocabulary.csv", &error));
    size_t found = check_values(file, &vocabulary);
    fclose(file);
    vocabulary_free(&vocabulary);
    assert_true(found > 140);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_is_found_without_regard_to_case_and_blanks),
        cmocka_unit_test(punctuation_parts_two_codes),
        cmocka_unit_test(a_source_s_own_word_goes_before_any_source_s),
        cmocka_unit_test(a_category_of_plein_s_is_a_word_of_every_source),
        cmocka_unit_test(domains_are_read_in_english_and_dutch),
        cmocka_unit_test(a_domain_s_name_reads_back),
        cmocka_unit_test(other_delimiters_and_orders_of_columns_are_read),
        cmocka_unit_test(one_of_reported_and_category_is_enough),
        cmocka_unit_test(a_word_said_twice_with_one_meaning_is_fine),
        cmocka_unit_test(what_a_table_may_not_say_is_refused_with_its_line),
        cmocka_unit_test(a_word_beyond_all_measure_is_refused_and_never_found),
        cmocka_unit_test(an_empty_vocabulary_leaves_all_unmapped),
        cmocka_unit_test(a_file_that_is_not_there_is_no_input),
        cmocka_unit_test(lookup_agrees_with_a_plain_search_over_random_tables),
        cmocka_unit_test(the_one_that_ships_maps_plein_s_six_and_their_dutch_names),
        cmocka_unit_test(the_one_that_ships_maps_every_sub_category_of_signalen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
