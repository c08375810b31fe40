/* Has memory and calls fail in the rooms that write formats, one at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/faults.h"
#include "tests/layers.h"

#include "engine/formats/shapefile_write.h"

static struct layer layer;

static bool write_shapefile(struct error *error)
{
    return shapefile_write(in_folder("a.shp"), &layer, &RD, error);
}

/* It has no room for more than 2 GB or 255 fields either, but says so of these alone. */
static void a_shapefile_that_memory_is_out_for_says_so(void **state)
{
    static const struct work points = {.name = "points", .run = write_shapefile};
    static const struct work areas = {.name = "areas", .run = write_shapefile};
    (void)state;
    points_layer(&layer, ROWS);
    each_allocation_fails(&points);
    layer_free(&layer);
    areas_layer(&layer);
    each_allocation_fails(&areas);
    each_call_fails(&areas, ENOSPC);
    layer_free(&layer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shapefile_that_memory_is_out_for_says_so),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
