/* INI files as a list of keys and values with their line numbers. */
#ifndef PLEIN_CORE_SETTINGS_H
#define PLEIN_CORE_SETTINGS_H

#include "engine/core/base.h"

struct setting {
    char *section, *key, *value; /* UTF-8, trimmed */
    int line, section_line;      /* where it stands, and where its section begins */
};

/* Zeroed is empty. Settings stand in the file's order; a key may come more than once. */
struct settings {
    char *path;
    struct setting *items;
    size_t count, capacity;
};

/* Reads `[section]`, `key = value`, `; comment` and `# comment` lines; a BOM is fine.
 * ERROR_SETTINGS with file and line for what is none of these, ERROR_NO_INPUT when the file is not
 * there. */
bool settings_read(struct settings *settings, const char *path, struct error *error);
void settings_free(struct settings *settings);
/* Sets the error "FILE:LINE: ..." of kind ERROR_SETTINGS; false. */
bool settings_error(const struct settings *settings, const struct setting *setting,
                    struct error *error, const char *what);
/* The name among `names` (NULL at the end) that is nearest to `word`, or NULL when none is near:
 * for "did you mean". */
const char *settings_nearest(const char *word, const char *const *names);

#endif
