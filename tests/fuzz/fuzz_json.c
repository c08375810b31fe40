/* Fuzzes the reading of small JSON documents such as a package's manifest; the first line is the
 * place to ask for. */
#include "engine/formats/json_read.h"

#include "tests/fuzz/input_file.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(const struct json *json, const char *where)
{
    const char *text = json_text_at(json, where);
    double number = json_number_at(json, where);
    size_t count = json_count_at(json, where);
    bool is_true = json_true_at(json, where);
    if ((text != NULL) + !isnan(number) + (count > 0) + is_true > 1)
        abort(); /* one thing at a time */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const PLACES[] = {"sender.name", "resources.0.path", "resources", "plein.1"};
    struct error error = {0};
    const uint8_t *end = size > 0 ? memchr(data, '\n', size) : NULL;
    if (end == NULL)
        return 0;
    char *where = text_copy((const char *)data, (size_t)(end - data), NULL);
    size_t rest = size - (size_t)(end - data) - 1;
    char *bytes = malloc(rest + 1);
    if (where == NULL || bytes == NULL)
        abort();
    memcpy(bytes, end + 1, rest);
    bytes[rest] = '\0';
    struct json *json = json_open("fuzz.json", bytes, rest, &error);
    if (json == NULL)
        expect_told(&error);
    else {
        for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++)
            ask(json, PLACES[i]);
        ask(json, where);
    }
    json_close(json);
    free(bytes);
    array_free(&where);
    return 0;
}
