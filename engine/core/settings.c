/* INI files as a list of keys and values with their line numbers. */
#include "engine/core/settings.h"

#include "engine/core/files.h"
#include "engine/core/text.h"

#include <ini.h>
#include <stdlib.h>
#include <string.h>

/* The library reads line by line and, as Debian builds it, does not say which: so the lines are
 * handed to it here, and counted. */
struct reading {
    struct settings *settings;
    const char *at, *end;
    int line, section_line;
    int too_long; /* the first line that does not fit the library's buffer, 0: none */
    struct error *error;
    bool failed;
};

static char *next_line(char *line, int size, void *state)
{
    struct reading *reading = state;
    if (reading->at >= reading->end)
        return NULL;
    const char *newline = memchr(reading->at, '\n', (size_t)(reading->end - reading->at));
    size_t length = (size_t)((newline != NULL ? newline + 1 : reading->end) - reading->at);
    reading->line++;
    if (length >= (size_t)size && reading->too_long == 0)
        reading->too_long = reading->line;
    size_t taken = length >= (size_t)size ? (size_t)size - 1 : length;
    memcpy(line, reading->at, taken);
    line[taken] = '\0';
    if (line[strspn(line, " \t\xEF\xBB\xBF")] == '[')
        reading->section_line = reading->line;
    reading->at += length;
    return line;
}

static bool add(struct settings *settings, const struct setting *setting, struct error *error)
{
    struct capacity capacity = {settings->capacity, sizeof *settings->items};
    struct setting copy = {.line = setting->line, .section_line = setting->section_line};
    if (!array_reserve(&settings->items, &capacity, settings->count + 1, error))
        return false;
    settings->capacity = capacity.held;
    copy.section = text_copy(setting->section, strlen(setting->section), error);
    copy.key = text_copy(setting->key, strlen(setting->key), error);
    copy.value = text_copy(setting->value, strlen(setting->value), error);
    settings->items[settings->count++] = copy;
    return copy.section != NULL && copy.key != NULL && copy.value != NULL;
}

static int take(void *state, const char *section, const char *key, const char *value)
{
    struct reading *reading = state;
    struct setting setting = {(char *)section, (char *)key, (char *)(value != NULL ? value : ""),
                              reading->line,
                              reading->section_line > 0 ? reading->section_line : reading->line};
    if (!add(reading->settings, &setting, reading->error))
        reading->failed = true;
    return reading->failed ? 0 : 1;
}

static bool report(struct reading *reading, int bad_line, const char *path)
{
    if (reading->failed || bad_line < 0)
        return error_set(reading->error, ERROR_INTERNAL, "%s: out of memory", path);
    if (reading->too_long > 0)
        return error_set(reading->error, ERROR_SETTINGS,
                         "%s:%d: the line is too long; write at most 190 characters", path,
                         reading->too_long);
    if (bad_line > 0)
        return error_set(reading->error, ERROR_SETTINGS,
                         "%s:%d: neither a [section] nor a setting; write key = value", path,
                         bad_line);
    return true;
}

bool settings_read(struct settings *settings, const char *path, struct error *error)
{
    struct file_bytes file;
    *settings = (struct settings){0};
    if (!file_read(&file, path, 1 << 20, error))
        return false;
    struct reading reading = {
        .settings = settings, .at = file.bytes, .end = file.bytes + file.size, .error = error};
    settings->path = text_copy(path, strlen(path), error);
    bool done = settings->path != NULL;
    if (done && !text_is_utf8(file.bytes, file.size))
        done = error_set(error, ERROR_SETTINGS, "%s: not UTF-8; save it as UTF-8", path);
    else if (done && memchr(file.bytes, '\0', file.size) != NULL)
        done = error_set(error, ERROR_SETTINGS, "%s: a binary file, not settings", path);
    if (done)
        done = report(&reading, ini_parse_stream(next_line, &reading, take, &reading), path);
    file_free(&file);
    if (!done)
        settings_free(settings);
    return done;
}

void settings_free(struct settings *settings)
{
    for (size_t i = 0; i < settings->count; i++) {
        free(settings->items[i].section);
        free(settings->items[i].key);
        free(settings->items[i].value);
    }
    free(settings->items);
    free(settings->path);
    *settings = (struct settings){0};
}

bool settings_error(const struct settings *settings, const struct setting *setting,
                    struct error *error, const char *what)
{
    return error_set(error, ERROR_SETTINGS, "%s:%d: %s", settings->path, setting->line, what);
}

const char *settings_nearest(const char *word, const char *const *names)
{
    const char *nearest = NULL;
    size_t least = strlen(word) / 2 + 1; /* farther than this is no likeness */
    for (; *names != NULL; names++) {
        size_t distance = text_distance(word, *names);
        if (distance < least) {
            least = distance;
            nearest = *names;
        }
    }
    return nearest;
}
