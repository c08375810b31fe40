/* The beginning of a file as a window holds it to be looked at: all of a small file, so much of a
 * large one, and of one that does not say how large it is. */
#include "engine/formats/csvwindow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { HEAD = 1000 };

static void open_window(struct csv_window *window, const char *path)
{
    const struct csv_window_options options = {
        .head_bytes = HEAD, .window_bytes = 64, .thread_count = 1};
    struct error error = {0};
    if (!csv_window_open(window, path, &options, &error))
        fail_msg("%s", error.message);
}

static size_t length_of(const struct csv_text *text)
{
    return (size_t)(text->end - text->begin);
}

static void expect_head(size_t size)
{
    char path[] = "/tmp/plein-window-XXXXXX", bytes[HEAD + 10];
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    memset(bytes, 'x', sizeof bytes);
    assert_true(write(descriptor, bytes, size) == (ssize_t)size);
    close(descriptor);
    struct csv_window window;
    open_window(&window, path);
    const struct csv_text text = csv_window_text(&window);
    assert_int_equal(length_of(&text), size < HEAD ? size : HEAD);
    assert_int_equal(text.ends, size < HEAD);
    if (size < HEAD) /* no room but for its bytes, one more, and what may be read around them */
        assert_true(window.capacity <= size + 2 + 2 * (size_t)CSV_PADDING);
    csv_window_close(&window);
    unlink(path);
}

static void a_small_file_is_there_whole_and_known_to_end(void **state)
{
    (void)state;
    for (size_t size = 1; size <= HEAD + 10; size += size < 10 || size > HEAD - 10 ? 1 : 97)
        expect_head(size);
}

static void a_file_that_tells_no_size_is_looked_at_all_the_same(void **state)
{
    static const char PATH[] = "/proc/meminfo";
    struct stat facts;
    (void)state;
    if (stat(PATH, &facts) != 0 || facts.st_size != 0) {
        print_message("no %s here that tells no size: skipped\n", PATH);
        skip();
    }
    struct csv_window window;
    open_window(&window, PATH);
    const struct csv_text text = csv_window_text(&window);
    assert_int_equal(length_of(&text), HEAD);
    csv_window_close(&window);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_file_is_there_whole_and_known_to_end),
        cmocka_unit_test(a_file_that_tells_no_size_is_looked_at_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
