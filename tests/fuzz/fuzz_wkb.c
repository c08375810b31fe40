/* Feeds the reader of well-known binary arbitrary bytes, and checks whatever it makes of them. */
#include "engine/formats/wkb.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_parts(const struct shape *shape)
{
    if (shape->ring_starts[0] != 0 || shape->ring_starts[shape->ring_count] != shape->point_count)
        abort();
    for (size_t r = 0; r < shape->ring_count; r++)
        if (shape->ring_starts[r] >= shape->ring_starts[r + 1])
            abort();
    for (size_t i = 0; i < shape->point_count; i++)
        if (!isfinite(shape->x[i]) || !isfinite(shape->y[i]))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct shape shape;
    enum wkb_kind kind;
    struct error error = {0};
    if (!wkb_read(&shape, &kind, data, size, &error)) {
        if (error.kind != ERROR_DATA || error.message[0] == '\0')
            abort();
    } else if (kind == WKB_EMPTY || kind == WKB_OTHER) {
        if (shape.point_count != 0)
            abort();
    } else {
        check_parts(&shape);
        if (kind == WKB_POINT && shape.point_count != 1)
            abort();
    }
    shape_free(&shape);
    return 0;
}
