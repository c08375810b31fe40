/* Gives each file that is named to a fuzzer as its input, without libFuzzer: for valgrind, which
 * sees what a sanitizer's build doesn't. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In a block of its own length, so that the first byte read too far shows. */
static uint8_t *read_whole(size_t *size, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return NULL;
    long length = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    rewind(file);
    uint8_t *bytes = length < 0 ? NULL : malloc(length > 0 ? (size_t)length : 1);
    *size = length > 0 ? (size_t)length : 0;
    if (bytes != NULL && fread(bytes, 1, *size, file) != *size) {
        free(bytes);
        bytes = NULL;
    }
    fclose(file);
    return bytes;
}

int main(int count, char **arguments)
{
    for (int i = 1; i < count; i++) {
        size_t size = 0;
        uint8_t *bytes = read_whole(&size, arguments[i]);
        if (bytes == NULL) {
            fprintf(stderr, "%s: cannot be read\n", arguments[i]);
            return 1;
        }
        LLVMFuzzerTestOneInput(bytes, size);
        free(bytes);
    }
    return 0;
}
