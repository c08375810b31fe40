/* Fuzzes time zones: any bytes in a folder of zones are one or are refused, and one gives every
 * second the same offset each time. */
#include "engine/core/dates.h"
#include "engine/core/text.h"
#include "engine/core/zone.h"
#include "tests/fuzz/input_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask(const struct zone *zone, const struct zone *again)
{
    static const char *const STAMPS[] = {"1901-12-13T20:45:52Z", "2024-03-31T01:00:00Z",
                                         "2024-10-27T01:00:00Z", "9999-12-31T23:59:59Z",
                                         "0001-01-01T00:00:00Z", "2400-07-01T12:00:00+14:00"};
    static const int64_t SECONDS[] = {INT64_MIN / 16, -1, 0, 1 << 30, (int64_t)1 << 40,
                                      INT64_MAX / 16};
    const struct date_style style = {.zone = zone};
    for (size_t i = 0; i < sizeof STAMPS / sizeof *STAMPS; i++) {
        moment when;
        const char *stamp = STAMPS[i];
        if (!date_parse(&when, stamp, stamp + strlen(stamp), &style) && when != MOMENT_UNKNOWN)
            abort();
        struct civil civil = moment_civil(when);
        if (!civil_is_valid(&civil))
            abort();
    }
    for (size_t i = 0; i < sizeof SECONDS / sizeof *SECONDS; i++)
        if (zone_offset(zone, SECONDS[i]) != zone_offset(again, SECONDS[i]))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool told;
    struct error error = {0};
    write_input(data, size);
    if (!told) {
        char folder[sizeof path];
        snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(path, '/') - path), path);
        setenv("TZDIR", folder, 1);
        told = true;
    }
    struct zone *zone = zone_open(text_file_name(path), &error);
    struct zone *again = zone != NULL ? zone_open(text_file_name(path), NULL) : NULL;
    if (zone == NULL)
        expect_told(&error);
    else if (again == NULL)
        abort();
    else
        ask(zone, again);
    zone_close(again);
    zone_close(zone);
    return 0;
}
