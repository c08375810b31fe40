/* What every command shares: its options, its help, its remarks and its way of writing results. */
#include "cli/command.h"

#include "engine/core/files.h"
#include "engine/report/packages_read.h"
#include "engine/study/packages_join.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Messages are looked up by LANGUAGE only when the locale is not "C"; C.UTF-8 is always there and
 * keeps numbers and sorting as they are. */
void command_language(const char *language)
{
    const char *environment = getenv("LC_ALL");
    if (environment == NULL || environment[0] == '\0')
        environment = getenv("LC_MESSAGES");
    if (environment == NULL || environment[0] == '\0')
        environment = getenv("LANG");
    bool dutch = language != NULL ? strcmp(language, "nl") == 0
                                  : environment != NULL && strncmp(environment, "nl", 2) == 0;
    setenv("LANGUAGE", dutch ? "nl" : "en", 1);
    setlocale(LC_MESSAGES, "C.UTF-8");
    setlocale(LC_CTYPE, "C.UTF-8");
    char *beside = file_shipped("locale", NULL);
    bindtextdomain("plein", beside != NULL ? beside : PLEIN_LOCALEDIR);
    bind_textdomain_codeset("plein", "UTF-8");
    textdomain("plein");
    free(beside);
}

static bool unknown_option(const struct command *command, const char *argument, struct error *error)
{
    const char *names[OPTIONS_MOST] = {0};
    size_t count = 0;
    for (const struct option_spec *spec = options_table(); spec->name != NULL; spec++)
        if (spec->groups & command->groups)
            names[count++] = spec->name;
    const char *nearest = settings_nearest(argument, names);
    if (nearest == NULL)
        return error_set(error, ERROR_USAGE, "there is no option '%s'; plein help %s lists them",
                         argument, command->name);
    return error_set(error, ERROR_USAGE, "there is no option '%s'; did you mean --%s?", argument,
                     nearest);
}

static const struct option_spec *find_option(const struct command *command, const char *name)
{
    for (const struct option_spec *spec = options_table(); spec->name != NULL; spec++) {
        bool letter = spec->letter != 0 && name[0] == '-' && name[1] == spec->letter
                      && name[2] == '\0'; /* "-" has no third character to look at */
        if ((spec->groups & command->groups) != 0
            && (letter || (strncmp(name, "--", 2) == 0 && strcmp(name + 2, spec->name) == 0)))
            return spec;
    }
    return NULL;
}

/* One argument, as --name value, --name=value, -o value; *taken is how many words that were. */
static bool parse_one(struct options *options, const struct command *command, char **arguments,
                      struct error *error)
{
    char name[64];
    const char *equals = strchr(arguments[0], '=');
    bool joined = strncmp(arguments[0], "--", 2) == 0 && equals != NULL;
    int length = joined ? (int)(equals - arguments[0]) : (int)strlen(arguments[0]);
    snprintf(name, sizeof name, "%.*s", length < 63 ? length : 63, arguments[0]);
    const struct option_spec *spec = find_option(command, name);
    if (arguments[0][0] != '-' && command->operands != NULL)
        return words_add(&options->operands, arguments[0], error);
    if (arguments[0][0] != '-')
        return error_set(error, ERROR_USAGE, "'%s' is no option; plein help %s lists them",
                         arguments[0], command->name);
    if (spec == NULL)
        return unknown_option(command, name, error);
    if (spec->kind == OPTION_FLAG && joined)
        return error_set(error, ERROR_USAGE, "--%s takes no value", spec->name);
    if (spec->kind != OPTION_FLAG && !joined && arguments[1] == NULL)
        return error_set(error, ERROR_USAGE, "--%s needs a value: %s", spec->name, spec->argument);
    return options_set(options, spec, joined ? equals + 1 : arguments[1], error);
}

static size_t words_taken(const struct command *command, const char *argument)
{
    const struct option_spec *spec = find_option(command, argument);
    return spec != NULL && spec->kind != OPTION_FLAG ? 2 : 1; /* with = inside it is not found: 1 */
}

/* What is wrong with the options before --lang is told in that language too. */
static void speak_as_asked(char **arguments)
{
    for (; *arguments != NULL; arguments++)
        if (strcmp(*arguments, "--lang") == 0 && arguments[1] != NULL)
            command_language(arguments[1]);
        else if (strncmp(*arguments, "--lang=", 7) == 0)
            command_language(*arguments + 7);
}

static bool read_study(struct options *options, struct error *error)
{
    bool inputs = options->boundaries != NULL || options->incidents.count > 0;
    if (options->study != NULL)
        return options_read_study(options, options->study, error);
    return inputs || !file_exists("plein.ini") || options_read_study(options, "plein.ini", error);
}

bool command_options(struct options *options, const struct command *command, char **arguments,
                     struct error *error)
{
    speak_as_asked(arguments);
    while (*arguments != NULL) {
        if (!parse_one(options, command, arguments, error))
            return false;
        arguments += words_taken(command, *arguments);
    }
    if (!read_study(options, error))
        return false;
    if (options->language != NULL && strcmp(options->language, "nl") != 0
        && strcmp(options->language, "en") != 0)
        return error_set(error, ERROR_USAGE, "--lang: '%s' is none of nl, en", options->language);
    command_language(options->language);
    return true;
}

static void print_wrapped(const char *text, int indent)
{
    const int width = 100;
    int column = indent;
    while (*text != '\0') {
        int length = (int)strcspn(text, " ");
        if (column > indent && column + length + 1 > width) {
            printf("\n%*s", indent, "");
            column = indent;
        }
        printf("%s%.*s", column > indent ? " " : "", length, text);
        column += length + 1;
        text += length;
        text += strspn(text, " ");
    }
    printf("\n");
}

/* A command's own option hides a general one of that name, which is found only behind it. */
static bool is_hidden(const struct command *command, const struct option_spec *spec)
{
    char name[64];
    snprintf(name, sizeof name, "--%s", spec->name);
    return find_option(command, name) != spec;
}

static void print_group(const struct command *command, unsigned group, const char *title)
{
    bool first = true;
    for (const struct option_spec *spec = options_table(); spec->name != NULL; spec++) {
        char head[80];
        if (!(spec->groups & group) || (spec->groups & command->groups & (group - 1)) != 0
            || is_hidden(command, spec))
            continue;
        if (first)
            printf("\n%s\n", title);
        first = false;
        snprintf(head, sizeof head, "%s--%s%s%s", spec->letter != 0 ? "-o, " : "", spec->name,
                 spec->argument != NULL ? " " : "", spec->argument != NULL ? spec->argument : "");
        printf("  %-32s%s", head, strlen(head) > 31 ? "\n                                  " : "");
        print_wrapped(_(spec->help), 34);
    }
}

void command_help(const struct command *command)
{
    printf(_("usage: plein %s%s%s [options]\n\n"), command->name,
           command->operands != NULL ? " " : "",
           command->operands != NULL ? command->operands : "");
    print_wrapped(_(command->summary), 0);
    const struct {
        unsigned group;
        const char *title;
    } groups[] = {{OPTIONS_INPUT, _("inputs")},      {OPTIONS_SELECTION, _("selection")},
                  {OPTIONS_OUTPUT, _("output")},     {OPTIONS_GENERAL, _("general")},
                  {OPTIONS_QUERY, _("query")},       {OPTIONS_CLUSTERS, _("clusters")},
                  {OPTIONS_DENSITY, _("density")},   {OPTIONS_MAP, _("map")},
                  {OPTIONS_BORDER, _("border")},     {OPTIONS_PRIORITIES, _("priorities")},
                  {OPTIONS_HANDOVER, _("handover")}, {OPTIONS_EXPORT, _("export")}};
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        if (command->groups & groups[i].group)
            print_group(command, groups[i].group, groups[i].title);
}

void command_list(const struct command *commands)
{
    printf("%s\n\n", _("plein maps incidents around a place that lies on a border."));
    printf("%s\n", _("usage: plein COMMAND [options]"));
    printf("\n");
    for (; commands->name != NULL; commands++) {
        printf("  %-11s", commands->name);
        print_wrapped(_(commands->summary), 13);
    }
    printf("\n%s\n", _("plein help COMMAND tells the options of one command."));
}

bool command_study(struct study *study, const struct options *options, struct error *error)
{
    if (options->boundaries == NULL)
        return error_set(error, ERROR_USAGE,
                         "no boundaries are named; say --boundaries FILE or --study FILE");
    if (options->incidents.count == 0)
        return error_set(error, ERROR_USAGE,
                         "no incidents are named; say --incidents FILE or --study FILE");
    return study_open(study, options, error) && packages_read(study, error);
}

static void remark_file(const struct source_facts *facts)
{
    size_t skipped = row_report_skipped(&facts->report);
    if (skipped > 0)
        fprintf(stderr,
                _("plein: %s: %zu of %zu rows cannot be read and are skipped; plein check lists "
                  "them\n"),
                facts->file, skipped, facts->report.rows_read);
    if (facts->from_degrees && facts->method[0] != '\0' && facts->accuracy_m > 0)
        fprintf(stderr, _("plein: %s: %s, good to %g m\n"), facts->file, facts->method,
                facts->accuracy_m);
    if (facts->without_grid > 0)
        fprintf(stderr,
                _("plein: %s: %zu places lie outside the correction grid and went without it\n"),
                facts->file, facts->without_grid);
}

void command_remarks(const struct study *study)
{
    if (study->options->quiet)
        return;
    for (size_t i = 0; i < study->notes.count; i++)
        fprintf(stderr, "plein: %s\n", study->notes.lines[i]);
    if (study->notes.lost)
        fputs(_("plein: a remark is missing here: there was no memory for it\n"), stderr);
    for (size_t i = 0; i < study->file_count; i++)
        remark_file(&study->files[i]);
}

void command_remarks_on_points(struct study *study)
{
    packages_pass_over(study);
    command_remarks(study);
}

bool command_write(const struct options *options, const struct text *text, struct error *error)
{
    struct output output;
    if (!text_check(text, error) || !output_open(&output, options->output, error))
        return false;
    fwrite(text->bytes, 1, text->length, output.stream);
    return output_commit(&output, error);
}

enum output_format command_format(const struct options *options)
{
    static const char *const EXTENSIONS[] = {NULL, ".txt", ".csv", ".json", ".geojson"};
    if (options->format != FORMAT_UNSET)
        return (enum output_format)options->format;
    const char *dot = options->output != NULL ? strrchr(options->output, '.') : NULL;
    for (int format = FORMAT_TABLE; dot != NULL && format <= FORMAT_GEOJSON; format++)
        if (text_equal(dot, EXTENSIONS[format]))
            return (enum output_format)format;
    return options->excel ? FORMAT_CSV : FORMAT_TABLE;
}

bool command_write_sheet(const struct options *options, const struct sheet *sheet,
                         struct error *error)
{
    struct text text = {0};
    switch (command_format(options)) {
    case FORMAT_UNSET:
    case FORMAT_TABLE:
        sheet_write(&text, sheet, SHEET_TABLE);
        break;
    case FORMAT_CSV:
        sheet_write(&text, sheet, options->excel ? SHEET_EXCEL : SHEET_CSV);
        break;
    case FORMAT_JSON:
        sheet_write(&text, sheet, SHEET_JSON);
        break;
    case FORMAT_GEOJSON:
        return error_set(error, ERROR_USAGE,
                         "--format geojson is for clusters; take csv or json here");
    }
    bool done = command_write(options, &text, error);
    text_free(&text);
    return done;
}
