/* Fuzzes INI files: what is read is trimmed, has its line within the file, and reads the same once
 * it is written anew, unless it holds what begins or ends something in such files. */
#include "engine/core/settings.h"
#include "engine/core/text.h"

#include "tests/fuzz/input_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t lines_of(const uint8_t *data, size_t size)
{
    size_t lines = 1;
    for (size_t i = 0; i < size; i++)
        lines += data[i] == '\n' || data[i] == '\r';
    return lines;
}

static bool is_plain(const struct settings *settings)
{
    for (size_t i = 0; i < settings->count; i++)
        if (strpbrk(settings->items[i].section, ";#]") != NULL
            || strpbrk(settings->items[i].key, ";#[=:") != NULL
            || strpbrk(settings->items[i].value, ";#") != NULL)
            return false;
    return true;
}

static void write_anew(const struct settings *settings)
{
    struct text text = {0};
    for (size_t i = 0; i < settings->count; i++) {
        const struct setting *item = &settings->items[i];
        text_add(&text, "[%s]\n%s = %s\n", item->section, item->key, item->value);
    }
    if (!text_check(&text, NULL))
        abort();
    write_input((const uint8_t *)text.bytes, text.length);
    text_free(&text);
}

static void expect_same(const struct settings *one, const struct settings *two)
{
    if (one->count != two->count)
        abort();
    for (size_t i = 0; i < one->count; i++)
        if (strcmp(one->items[i].section, two->items[i].section) != 0
            || strcmp(one->items[i].key, two->items[i].key) != 0
            || strcmp(one->items[i].value, two->items[i].value) != 0)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const NAMES[] = {"incidents", "boundaries", "min-count", NULL};
    struct settings settings = {0}, again = {0};
    struct error error = {0};
    write_input(data, size);
    if (!settings_read(&settings, path, &error)) {
        expect_told(&error);
        settings_free(&settings);
        return 0;
    }
    for (size_t i = 0; i < settings.count; i++) {
        if (settings.items[i].line < 1 || (size_t)settings.items[i].line > lines_of(data, size))
            abort();
        (void)settings_nearest(settings.items[i].key, NAMES);
    }
    if (settings.count > 0 && is_plain(&settings)) {
        write_anew(&settings);
        if (settings_read(&again, path, NULL))
            expect_same(&settings, &again);
    }
    settings_free(&again);
    settings_free(&settings);
    return 0;
}
