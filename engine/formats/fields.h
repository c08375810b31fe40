/* Finds the fields that hold the names and the codes of areas among the fields of a table. */
#ifndef PLEIN_FORMATS_FIELDS_H
#define PLEIN_FORMATS_FIELDS_H

#include "engine/core/base.h"

/* A table as seen by the chooser; columns are read when they are candidates only. */
struct fields {
    const char *path;         /* for messages */
    const char *const *names; /* UTF-8, `count` of them */
    const bool *is_text;
    size_t count, row_count;
    /* Sets *values to row_count texts, freed by fields_free_column. */
    bool (*column)(char ***values, const void *table, size_t field, struct error *error);
    const void *table;
};

enum { FIELD_NONE = -1 };

struct field_choice {
    int name, code;        /* indexes into fields->names, or FIELD_NONE */
    char **names, **codes; /* the columns; NULL with FIELD_NONE */
    size_t row_count;
};

/* Which fields serve. `name_field` and `code_field` are asked for by the user, or NULL: the usual
 * names in order (without case; .dbf names are compared over their ten letters), passing over a
 * column that is empty or the same in every row; a code must also mean one name. Without a usual
 * name the first text column whose values all differ serves, else the code. ERROR_DATA lists the
 * fields when an asked one is not there. */
bool fields_choose(struct field_choice *choice, const struct fields *fields, const char *name_field,
                   const char *code_field, struct error *error);
void field_choice_free(struct field_choice *choice);
void fields_free_column(char ***values, size_t count);

#endif
