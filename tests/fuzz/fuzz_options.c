/* Fuzzes values of options, each in a line of its own after the option's number: what is refused is
 * refused in one line. */
#include "engine/study/options.h"

#include "tests/fuzz/input_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t count_options(void)
{
    static size_t count;
    if (count == 0)
        while (options_table()[count].name != NULL)
            count++;
    return count;
}

static void try_value(struct options *options, const uint8_t *line, size_t length)
{
    struct error error = {0};
    char *value = text_copy((const char *)line + 1, length - 1, NULL);
    if (value == NULL)
        abort();
    if (!options_set(options, &options_table()[line[0] % count_options()], value, &error))
        expect_told(&error);
    array_free(&value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct options options;
    if (!options_new(&options, NULL))
        return 0;
    for (size_t begin = 0; begin < size;) {
        size_t end = begin;
        while (end < size && data[end] != '\n')
            end++;
        if (end > begin && memchr(data + begin, 0, end - begin) == NULL)
            try_value(&options, data + begin, end - begin);
        begin = end + 1;
    }
    options_free(&options);
    return 0;
}
