/* Fuzzes the reading of a map whose scale is wanted: a PNG, its texts and the limits in them. */
#include "engine/draw/png.h"

#include "tests/fuzz/input_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct png_picture picture = {0};
    struct error error = {0};
    write_input(data, size);
    if (!png_read(&picture, path, &error)) {
        expect_told(&error);
        return 0;
    }
    size_t sum = 0;
    for (size_t i = 0; i < (size_t)picture.width * picture.height * 4; i++)
        sum += picture.rgba[i];
    for (size_t t = 0; t < picture.text_count; t++)
        if (strchr(picture.texts[t], '\n') == NULL)
            abort();
    png_picture_free(&picture);
    return sum == SIZE_MAX;
}
