/* Fuzzes a whole command line, a word a line: the first byte chooses the options that the command
 * takes. What is refused is refused in one line; what is taken is within its bounds, and says the
 * same when it is read once more. It runs where there is no plein.ini. */
#include "cli/command.h"

#include "engine/study/selection.h"
#include "tests/fuzz/input_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WORDS_MOST = 64 };

/* Cuts the text at its line ends; the words borrow from it. */
static void cut_words(char *words[WORDS_MOST + 1], char *text)
{
    size_t count = 0;
    for (char *at = text; count < WORDS_MOST; at++) {
        words[count++] = at;
        at += strcspn(at, "\n");
        if (*at == '\0')
            break;
        *at = '\0';
    }
    words[count] = NULL;
}

static bool is_a_number(enum option_kind kind)
{
    return kind == OPTION_NUMBER || kind == OPTION_WHOLE;
}

static double number_of(const struct options *options, const struct option_spec *spec)
{
    const char *place = (const char *)options + spec->offset;
    double number;
    int whole;
    if (spec->kind == OPTION_WHOLE) {
        memcpy(&whole, place, sizeof whole);
        return whole;
    }
    memcpy(&number, place, sizeof number);
    return number;
}

static void check_numbers(const struct options *options, const struct options *again)
{
    const struct option_spec *table = options_table();
    for (size_t i = 0; table[i].name != NULL; i++) {
        if (options->given[i] != again->given[i])
            abort();
        if (!options->given[i] || !is_a_number(table[i].kind))
            continue;
        double number = number_of(options, &table[i]);
        if (!(number >= table[i].least && number <= table[i].most)
            || number != number_of(again, &table[i]))
            abort();
    }
}

/* Near enough for places that lie nowhere. */
static bool from_degrees(void *state, double *x, double *y, struct error *error)
{
    (void)state;
    *x *= 70000;
    *y *= 111000;
    return (*x <= 7e6 && *y <= 1e7)
           || error_set(error, ERROR_USAGE, "the place lies outside the system's area");
}

static void select_by(const struct options *options)
{
    const struct jurisdictions none = {0};
    const struct selection_place place = {.grid = {.unit_mm = 1}, .from_degrees = from_degrees};
    struct selection selection = {0};
    struct error error = {0};
    if (!selection_read(&selection, options, &none, &place, &error))
        expect_told(&error);
    else if (selection.has_period && selection.first_day > selection.last_day)
        abort();
    selection_free(&selection);
}

/* No study file: the words of the command line alone, and none that names one. */
static bool names_a_study(char *const *words)
{
    for (; *words != NULL; words++)
        if (strncmp(*words, "--study", 7) == 0)
            return true;
    return false;
}

static void parse(const struct command *command, char **words)
{
    struct options options, again;
    struct error error = {0}, second = {0};
    if (!options_new(&options, NULL) || !options_new(&again, NULL))
        abort();
    bool done = command_options(&options, command, words, &error);
    if (done != command_options(&again, command, words, &second)
        || strcmp(error.message, second.message) != 0)
        abort();
    if (done) {
        check_numbers(&options, &again);
        select_by(&options);
    } else {
        expect_told(&error);
    }
    options_free(&options);
    options_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *words[WORDS_MOST + 1];
    if (size == 0)
        return 0;
    const unsigned own = (unsigned)OPTIONS_QUERY << data[0] % 8; /* of one command */
    const struct command command = {.name = "fuzz",
                                    .groups = OPTIONS_INPUT | OPTIONS_SELECTION | OPTIONS_GENERAL
                                              | OPTIONS_OUTPUT | own,
                                    .operands = data[0] >= 128 ? "WORD" : NULL};
    char *text = text_copy((const char *)data + 1, size - 1, NULL);
    if (text == NULL)
        return 0;
    cut_words(words, text);
    if (!names_a_study(words))
        parse(&command, words);
    array_free(&text);
    return 0;
}
