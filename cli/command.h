/* What every command shares: its options, its help, its remarks and its way of writing results. */
#ifndef PLEIN_CLI_COMMAND_H
#define PLEIN_CLI_COMMAND_H

#include "engine/core/text.h"
#include "engine/report/sheet.h"
#include "engine/study/study.h"

#include <libintl.h>

#define _(text) gettext(text)

struct command {
    const char *name;
    const char *summary;  /* one line of help */
    unsigned groups;      /* of options it takes */
    const char *operands; /* what words it takes besides, for its help; NULL: none */
    /* Does the work; the exit status is the error's kind, or *answer (0 or 1) when it was done. */
    bool (*run)(const struct options *options, int *answer, struct error *error);
};

/* Parses argv from `first` on, reads the study file, sets the language. ERROR_USAGE. */
bool command_options(struct options *options, const struct command *command, char **arguments,
                     struct error *error);
void command_help(const struct command *command);
void command_list(const struct command *commands);
/* Sets the language that messages come in from now on: "nl", "en" or NULL for the environment's. */
void command_language(const char *language);

/* Opens the study; without boundaries or incidents where they are needed: ERROR_USAGE. */
bool command_study(struct study *study, const struct options *options, struct error *error);
/* Prints the notes on standard error, unless --quiet. */
void command_remarks(const struct study *study);
/* The same for what squares cannot take part in, and says so. */
void command_remarks_on_points(struct study *study);
/* Writes a text to --output or standard output. */
bool command_write(const struct options *options, const struct text *text, struct error *error);
/* The format asked for: by option, else by the extension of --output, else a table. */
enum output_format command_format(const struct options *options);
bool command_write_sheet(const struct options *options, const struct sheet *sheet,
                         struct error *error);

bool cmd_check(const struct options *options, int *answer, struct error *error);
bool cmd_locate(const struct options *options, int *answer, struct error *error);
bool cmd_query(const struct options *options, int *answer, struct error *error);
bool cmd_clusters(const struct options *options, int *answer, struct error *error);
bool cmd_density(const struct options *options, int *answer, struct error *error);
bool cmd_map(const struct options *options, int *answer, struct error *error);
bool cmd_border(const struct options *options, int *answer, struct error *error);
bool cmd_handover(const struct options *options, int *answer, struct error *error);
bool cmd_priorities(const struct options *options, int *answer, struct error *error);
bool cmd_export(const struct options *options, int *answer, struct error *error);

#endif
