/* Feeds what reads GeoPackages as incidents arbitrary files. */
#include "tests/fuzz/features_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return read_as(data, size, INPUT_SQLITE);
}
