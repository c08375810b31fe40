/* Tests work that is done beside its caller. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/core/parallel.h"

/* Says whose thread did it. */
struct task {
    pthread_t thread;
    int times;
    bool fails;
};

static bool do_task(void *state, struct error *error)
{
    struct task *task = state;
    task->thread = pthread_self();
    task->times++;
    return !task->fails || error_set(error, ERROR_DATA, "it fails");
}

static void one_thread_does_it_when_it_is_waited_for(void **state)
{
    struct task task = {0};
    struct parallel_aside aside = {.work = do_task, .state = &task};
    (void)state;
    parallel_aside_begin(&aside, 1);
    assert_int_equal(task.times, 0);
    assert_true(parallel_aside_end(&aside, NULL));
    assert_int_equal(task.times, 1);
    assert_true(pthread_equal(task.thread, pthread_self()));
}

static void several_do_it_once_on_another(void **state)
{
    struct task task = {0};
    struct parallel_aside aside = {.work = do_task, .state = &task};
    (void)state;
    parallel_aside_begin(&aside, 2);
    assert_true(parallel_aside_end(&aside, NULL));
    assert_int_equal(task.times, 1);
    assert_false(pthread_equal(task.thread, pthread_self()));
}

static void its_error_is_told_at_the_end(void **state)
{
    (void)state;
    for (int threads = 1; threads <= 2; threads++) {
        struct task task = {.fails = true};
        struct error error = {0};
        struct parallel_aside aside = {.work = do_task, .state = &task};
        parallel_aside_begin(&aside, threads);
        assert_false(parallel_aside_end(&aside, &error));
        assert_string_equal(error.message, "it fails");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_thread_does_it_when_it_is_waited_for),
        cmocka_unit_test(several_do_it_once_on_another),
        cmocka_unit_test(its_error_is_told_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
