/* Time zones: against the C library's own reading of tzdata. */
#include "engine/core/zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static struct zone *open_or_skip(const char *name)
{
    struct zone *zone = zone_open(name, NULL);
    if (zone == NULL) {
        fprintf(stderr, "SKIPPED: no tzdata: %s is missing\n", name);
        skip();
    }
    return zone;
}

static void compare(const char *name, int64_t begin, int64_t end, int64_t step)
{
    struct zone *zone = open_or_skip(name);
    setenv("TZ", name, 1);
    tzset();
    for (int64_t second = begin; second < end; second += step) {
        time_t stamp = (time_t)second;
        struct tm local;
        assert_non_null(localtime_r(&stamp, &local));
        if (zone_offset(zone, second) != local.tm_gmtoff)
            fail_msg("%s at %lld: %d, not %ld", name, (long long)second, zone_offset(zone, second),
                     local.tm_gmtoff);
    }
    unsetenv("TZ");
    tzset();
    zone_close(zone);
}

static void amsterdam_agrees_with_localtime(void **state)
{
    (void)state;
    compare("Europe/Amsterdam", 0, 2145916800, 4999); /* 1970 to 2037 */
}

static void a_change_counts_from_its_first_second(void **state)
{
    (void)state;
    compare("Europe/Amsterdam", 0, 1000000800, 3600); /* clocks change on a whole hour of UTC */
    compare("Europe/Amsterdam", -1, 1000000800, 3600);
    compare("Europe/Amsterdam", 2145916800, 2500000000, 3600);
    compare("Europe/Amsterdam", 2145916799, 2500000000, 3600);
}

static void amsterdam_agrees_beyond_the_last_transition(void **state)
{
    (void)state;
    compare("Europe/Amsterdam", 2145916800, 6000000000, 49999);
}

static void amsterdam_agrees_before_1970(void **state)
{
    (void)state;
    compare("Europe/Amsterdam", -2500000000, 0, 49999);
}

static void other_hemispheres_and_odd_rules_agree(void **state)
{
    static const char *const NAMES[] = {
        "America/Chicago", "Australia/Lord_Howe", "America/Santiago", "Asia/Kolkata", "UTC",
        "Europe/Dublin",   "America/St_Johns",    "Asia/Gaza",        "America/Nuuk"};
    (void)state;
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        compare(NAMES[i], 0, 4200000000, 39989);
}

static void a_zone_that_is_not_there_is_a_wrong_use(void **state)
{
    static const char *const NAMES[] = {
        "Europe/Heemskerk", "../../etc/passwd", "/etc/localtime", "", "Europe", "tzdata.zi"};
    (void)state;
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        struct error error = {0};
        assert_null(zone_open(NAMES[i], &error));
        assert_int_equal(error.kind, ERROR_USAGE);
        assert_non_null(strstr(error.message, NAMES[i]));
    }
}

/* Writes bytes as the zone "Torn" in a folder of its own, and opens it. */
static struct zone *open_bytes(const char *folder, const char *bytes, size_t size)
{
    char path[128];
    snprintf(path, sizeof path, "%s/Torn", folder);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    struct zone *zone = zone_open("Torn", NULL);
    unlink(path);
    return zone;
}

static void a_torn_zone_file_is_refused_at_every_length(void **state)
{
    char folder[] = "/tmp/plein-zone-XXXXXX", bytes[8192];
    (void)state;
    FILE *file = fopen("/usr/share/zoneinfo/Europe/Amsterdam", "rb");
    if (file == NULL) {
        fprintf(stderr, "SKIPPED: /usr/share/zoneinfo/Europe/Amsterdam is missing\n");
        skip();
    }
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_non_null(mkdtemp(folder));
    setenv("TZDIR", folder, 1);
    for (size_t length = 0; length < size; length++)
        if (open_bytes(folder, bytes, length) != NULL)
            fail_msg("a file of %zu of %zu bytes was taken", length, size);
    for (size_t at = 0; at < size; at++) { /* a wrong byte may pass, but never crash */
        bytes[at] = (char)~bytes[at];
        struct zone *zone = open_bytes(folder, bytes, size);
        if (zone != NULL)
            (void)zone_offset(zone, 4000000000);
        zone_close(zone);
        bytes[at] = (char)~bytes[at];
    }
    unsetenv("TZDIR");
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amsterdam_agrees_with_localtime),
        cmocka_unit_test(a_change_counts_from_its_first_second),
        cmocka_unit_test(amsterdam_agrees_beyond_the_last_transition),
        cmocka_unit_test(amsterdam_agrees_before_1970),
        cmocka_unit_test(other_hemispheres_and_odd_rules_agree),
        cmocka_unit_test(a_zone_that_is_not_there_is_a_wrong_use),
        cmocka_unit_test(a_torn_zone_file_is_refused_at_every_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
