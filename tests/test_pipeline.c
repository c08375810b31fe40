/* The pipeline: everything once and in order, whatever the threads; the lowest failure counts. */
#include "engine/core/pipeline.h"

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static const size_t NOBODY = SIZE_MAX;

/* Pieces come in groups; the next group comes when none is being worked on. */
struct line {
    size_t pieces, group;
    size_t fails_at_next, fails_at_work, fails_at_deliver;
    size_t begun, delivered;
    size_t in_slot[8], result[8];
    atomic_size_t working, in_next, in_deliver;
    atomic_bool wrong;
};

static enum pipeline_next next(void *state, size_t slot, bool resting, struct error *error)
{
    struct line *line = state;
    if (atomic_fetch_add(&line->in_next, 1) != 0)
        atomic_store(&line->wrong, true);
    enum pipeline_next answer = PIPELINE_PIECE;
    if (line->begun == line->fails_at_next) {
        error_set(error, ERROR_DATA, "next %zu", line->begun);
        answer = PIPELINE_FAILED;
    } else if (line->begun == line->pieces)
        answer = PIPELINE_END;
    else if (line->begun > 0 && line->begun % line->group == 0 && !resting)
        answer = PIPELINE_LATER;
    else {
        if (line->begun % line->group == 0 && atomic_load(&line->working) != 0)
            atomic_store(&line->wrong, true);
        line->in_slot[slot] = line->begun++;
    }
    atomic_fetch_sub(&line->in_next, 1);
    return answer;
}

static bool work(void *state, size_t slot, struct error *error)
{
    struct line *line = state;
    size_t number = line->in_slot[slot];
    atomic_fetch_add(&line->working, 1);
    for (size_t i = 0; i < number * 2654435761u % 7; i++)
        sched_yield();
    line->result[slot] = number * number;
    atomic_fetch_sub(&line->working, 1);
    return number != line->fails_at_work || error_set(error, ERROR_DATA, "work %zu", number);
}

static bool deliver(void *state, size_t slot, struct error *error)
{
    struct line *line = state;
    if (atomic_fetch_add(&line->in_deliver, 1) != 0 || line->in_slot[slot] != line->delivered
        || line->result[slot] != line->delivered * line->delivered)
        atomic_store(&line->wrong, true);
    atomic_fetch_sub(&line->in_deliver, 1);
    if (line->delivered == line->fails_at_deliver)
        return error_set(error, ERROR_DATA, "deliver %zu", line->delivered);
    line->delivered++;
    return true;
}

static bool run(struct line *line, size_t slots, int threads, struct error *error)
{
    const struct pipeline pipeline = {next, work, deliver, line, slots, threads};
    bool done = pipeline_run(&pipeline, error);
    assert_false(atomic_load(&line->wrong));
    return done;
}

static void every_piece_is_delivered_once_and_in_order(void **state)
{
    (void)state;
    for (int threads = 1; threads <= 8; threads++)
        for (size_t slots = 1; slots <= 8; slots++) {
            struct line line = {.pieces = 300,
                                .group = 1 + slots * 3 % 17,
                                .fails_at_next = NOBODY,
                                .fails_at_work = NOBODY,
                                .fails_at_deliver = NOBODY};
            assert_true(run(&line, slots, threads, NULL));
            assert_int_equal(line.delivered, 300);
        }
}

static void nothing_to_do_is_done(void **state)
{
    (void)state;
    struct line line = {
        .group = 1, .fails_at_next = NOBODY, .fails_at_work = NOBODY, .fails_at_deliver = NOBODY};
    assert_true(run(&line, 4, 3, NULL));
    assert_int_equal(line.delivered, 0);
}

static void the_lowest_failure_is_told_and_what_comes_before_it_is_delivered(void **state)
{
    (void)state;
    for (int threads = 1; threads <= 8; threads++)
        for (size_t at = 0; at < 60; at++) {
            char wanted[64];
            struct error error = {0};
            size_t lowest = 5 + at % 11;
            struct line line = {.pieces = 300,
                                .group = 16,
                                .fails_at_next = at % 3 == 0 ? lowest : 90,
                                .fails_at_work = at % 3 == 1 ? lowest : 40,
                                .fails_at_deliver = at % 3 == 2 ? lowest : 41};
            static const char *const names[] = {"next", "work", "deliver"};
            assert_false(run(&line, 8, threads, &error));
            snprintf(wanted, sizeof wanted, "%s %zu", names[at % 3], lowest);
            assert_string_equal(error.message, wanted);
            assert_int_equal(line.delivered, lowest);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_piece_is_delivered_once_and_in_order),
        cmocka_unit_test(nothing_to_do_is_done),
        cmocka_unit_test(the_lowest_failure_is_told_and_what_comes_before_it_is_delivered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
