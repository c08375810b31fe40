/* Tests what a neighbour with two packages can work out, by subtracting published counts from
 * published sums, whichever package they are of. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/study/handover_table.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST = 10, SIDE = 4, SQUARES = SIDE * SIDE, DOMAINS = 4, QUARTERS = 6, CASES = 200 };

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* By domain, square and quarter, of which the last has no date. */
typedef uint32_t town[DOMAINS][SQUARES][QUARTERS + 1];

static void fill(town counts, uint32_t *seed)
{
    for (int d = 0; d < DOMAINS; d++)
        for (int s = 0; s < SQUARES; s++)
            for (int q = 0; q <= QUARTERS; q++) {
                uint32_t kind = next_random(seed) % (s % 3 == 0 ? 5 : 12);
                counts[d][s][q] = kind < 2   ? next_random(seed) % 40
                                  : kind < 4 ? next_random(seed) % 6
                                             : 0;
            }
}

static bool are_enough(const void *state, const uint32_t *by_source, size_t source_count)
{
    (void)state;
    (void)source_count;
    return by_source[0] >= LEAST;
}

/* The counts of the first so many quarters, as they would be handed over. */
static void hand_over(struct handover *handover, town counts, size_t quarters,
                      const struct handover *earlier, size_t earlier_count)
{
    struct square squares[SQUARES];
    uint32_t sums[SQUARES] = {0};
    *handover = (struct handover){.options = {.depth_m = 500,
                                              .least = LEAST,
                                              .earlier = earlier,
                                              .earlier_count = earlier_count},
                                  .least_per_ha = 26,
                                  .first_quarter = 2024 * 4,
                                  .quarter_count = quarters,
                                  .source_count = 1};
    for (int s = 0; s < SQUARES; s++) {
        squares[s] = (struct square){1030 + s / SIDE, 5020 + s % SIDE, 1};
        for (int d = 0; d < DOMAINS; d++)
            for (size_t q = 0; q <= QUARTERS; q++)
                sums[s] += q < quarters || q == QUARTERS ? counts[d][s][q] : 0;
    }
    assert_true(array_new(&handover->squares, SQUARES, sizeof *squares, NULL));
    memcpy(handover->squares, squares, sizeof squares);
    handover->square_count = SQUARES;
    const struct square_counts input = {squares, SQUARES, 1, sums};
    assert_true(squares_join(&handover->pieces, &input, are_enough, NULL, NULL));
    assert_true(handover_lay_out(handover, NULL));
    uint32_t *cells = calloc(handover->table.cell_count, sizeof *cells);
    assert_non_null(cells);
    for (size_t d = 0; d < DOMAINS; d++)
        for (size_t s = 0; s < SQUARES; s++) {
            for (size_t q = 0; q < quarters; q++)
                cells[handover_cell(handover, d, s, q)] = counts[d][s][q];
            cells[handover_cell(handover, d, s, quarters)] = counts[d][s][QUARTERS];
        }
    disclosure_add_source(&handover->table, cells);
    free(cells);
    assert_true(handover_protect(handover, NULL));
}

/* ---- the attack: cells as sets of what they count ---- */

/* A bit for each domain, square and quarter, the one without a date included. */
struct told {
    uint32_t sets[3];
    long low, high; /* -1, -1: withheld */
};
struct tellings {
    struct told items[20000];
    size_t count;
};

static uint32_t square_bits(const struct handover *handover, size_t piece)
{
    uint32_t bits = 0;
    for (size_t s = 0; s < SQUARES; s++)
        bits |= handover->pieces.piece_of[s] == piece ? 1u << s : 0;
    return bits;
}

static void list(struct tellings *tellings, const struct handover *handover)
{
    size_t quarters = handover->quarter_count;
    for (size_t d = 0; d < DOMAINS; d++) /* the last is all of them */
        for (size_t p = 0; p <= handover->pieces.count; p++)
            for (size_t q = 0; q <= quarters; q++) {
                bool all_squares = p == handover->pieces.count;
                size_t cell = handover_cell(
                    handover, d < 3 ? d : handover_all(handover, DOMAIN_AXIS),
                    all_squares ? handover_all(handover, SQUARE_AXIS) : handover->node_of_piece[p],
                    q < quarters ? q : handover_all(handover, QUARTER_AXIS));
                struct told told = {
                    {d < 3 ? 1u << d : 15,
                     all_squares ? (1u << SQUARES) - 1 : square_bits(handover, p),
                     q < quarters ? 1u << q : ((1u << quarters) - 1) | 1u << QUARTERS},
                    -1,
                    -1};
                if (handover->table.states[cell] == CELL_PUBLISHED) {
                    told.low = (long)handover->table.rounded[cell] - 2;
                    told.low = told.low < LEAST ? LEAST : told.low;
                    told.high = (long)handover->table.rounded[cell] + 2;
                }
                assert_true(tellings->count < sizeof tellings->items / sizeof *tellings->items);
                tellings->items[tellings->count++] = told;
            }
}

static bool is_published(const struct told *told)
{
    return told->high >= 0;
}

/* Takes from `whole`, along one axis, the published parts that leave the withheld cell alone; what
 * is left uncovered may be anything. */
static void subtract(long span[2], const struct tellings *tellings, const struct told *whole,
                     const struct told *cell, int axis)
{
    uint32_t rest = whole->sets[axis] & ~cell->sets[axis];
    span[0] = whole->low;
    span[1] = whole->high;
    while (rest != 0) {
        const struct told *best = NULL;
        for (size_t i = 0; i < tellings->count; i++) {
            const struct told *part = &tellings->items[i];
            bool fits = is_published(part) && (part->sets[axis] & ~rest) == 0
                        && part->sets[(axis + 1) % 3] == cell->sets[(axis + 1) % 3]
                        && part->sets[(axis + 2) % 3] == cell->sets[(axis + 2) % 3];
            /* The largest part that fits: fewest roundings. */
            if (fits
                && (best == NULL
                    || __builtin_popcount(part->sets[axis]) > __builtin_popcount(best->sets[axis])))
                best = part;
        }
        if (best == NULL)
            break;
        span[0] -= best->high;
        span[1] -= best->low;
        rest &= ~best->sets[axis];
    }
    if (rest != 0 || span[0] < 0)
        span[0] = 0;
}

/* Withheld cells that the published ones leave fewer than k between the ends; those published in
 * the other package are none. */
static size_t count_solved(const struct tellings *tellings)
{
    size_t solved = 0;
    for (size_t c = 0; c < tellings->count; c++) {
        const struct told *cell = &tellings->items[c];
        bool known = is_published(cell), narrow = false;
        for (size_t i = 0; i < tellings->count; i++)
            known = known
                    || (is_published(&tellings->items[i])
                        && memcmp(tellings->items[i].sets, cell->sets, sizeof cell->sets) == 0);
        for (size_t w = 0; !known && w < tellings->count; w++)
            for (int axis = 0; axis < 3; axis++) {
                const struct told *whole = &tellings->items[w];
                long span[2];
                if (!is_published(whole) || whole->sets[axis] == cell->sets[axis]
                    || (cell->sets[axis] & ~whole->sets[axis]) != 0
                    || whole->sets[(axis + 1) % 3] != cell->sets[(axis + 1) % 3]
                    || whole->sets[(axis + 2) % 3] != cell->sets[(axis + 2) % 3])
                    continue;
                subtract(span, tellings, whole, cell, axis);
                narrow = narrow || span[1] - span[0] < LEAST;
            }
        solved += narrow;
    }
    return solved;
}

static size_t attack(const struct handover *first, const struct handover *second)
{
    static struct tellings tellings;
    tellings.count = 0;
    list(&tellings, first);
    if (second != NULL)
        list(&tellings, second);
    return count_solved(&tellings);
}

static size_t count_leaks(const struct handover *handover)
{
    struct disclosure_leaks leaks;
    assert_true(disclosure_leaks_find(&leaks, &handover->table, NULL));
    size_t count = leaks.count;
    disclosure_leaks_free(&leaks);
    return count;
}

static void one_package_gives_nothing_away(void **state)
{
    (void)state;
    uint32_t seed = 1;
    for (int round = 0; round < CASES; round++) {
        static town counts;
        struct handover package;
        fill(counts, &seed);
        hand_over(&package, counts, QUARTERS, NULL, 0);
        assert_int_equal(count_leaks(&package), 0);
        assert_int_equal(attack(&package, NULL), 0);
        handover_free(&package);
    }
}

/* A year later, or the same again: either the guard says no, or nothing can be worked out. Without
 * the guard, much could. */
static void two_packages_are_refused_or_give_nothing_away(void **state)
{
    (void)state;
    uint32_t seed = 2;
    size_t refused = 0, solved_unguarded = 0;
    for (int round = 0; round < CASES; round++) {
        static town counts;
        struct handover first, second, guarded;
        size_t until = 2 + next_random(&seed) % (QUARTERS - 1);
        fill(counts, &seed);
        hand_over(&first, counts, until, NULL, 0);
        hand_over(&second, counts, QUARTERS, NULL, 0);
        hand_over(&guarded, counts, QUARTERS, &first, 1);
        solved_unguarded += attack(&first, &second) > 0;
        if (count_leaks(&guarded) > 0)
            refused++;
        else
            assert_int_equal(attack(&first, &guarded), 0);
        handover_free(&first);
        handover_free(&second);
        handover_free(&guarded);
    }
    assert_true(solved_unguarded > CASES / 2);
    assert_true(refused > 0 && refused < CASES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_package_gives_nothing_away),
        cmocka_unit_test(two_packages_are_refused_or_give_nothing_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
