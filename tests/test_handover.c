/* Tests what a neighbour with two packages can work out, by subtracting published counts from
 * published sums, whichever package they are of. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/report/handover_tables.h"
#include "engine/study/handover_read.h"
#include "engine/study/handover_totals.h"
#include "tests/cases.h"

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

static const struct handover_options NOTHING = {0};

/* The counts of the first so many quarters, as they would be handed over. */
static void hand_over(struct handover *handover, town counts, size_t quarters,
                      const struct handover_options *known)
{
    struct square squares[SQUARES];
    uint32_t sums[SQUARES] = {0};
    *handover = (struct handover){.options = {.depth_m = 500,
                                              .least = LEAST,
                                              .earlier = known->earlier,
                                              .earlier_count = known->earlier_count,
                                              .totals = known->totals},
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
    const size_t cases = (size_t)cases_looked(CASES);
    for (size_t round = 0; round < cases; round++) {
        static town counts;
        struct handover package;
        fill(counts, &seed);
        hand_over(&package, counts, QUARTERS, &NOTHING);
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
    const size_t cases = (size_t)cases_looked(CASES);
    size_t refused = 0, solved_unguarded = 0;
    for (size_t round = 0; round < cases; round++) {
        static town counts;
        struct handover first, second, guarded;
        size_t until = 2 + next_random(&seed) % (QUARTERS - 1);
        fill(counts, &seed);
        hand_over(&first, counts, until, &NOTHING);
        hand_over(&second, counts, QUARTERS, &NOTHING);
        hand_over(&guarded, counts, QUARTERS,
                  &(struct handover_options){.earlier = &first, .earlier_count = 1});
        solved_unguarded += attack(&first, &second) > 0;
        if (count_leaks(&guarded) > 0)
            refused++;
        else
            assert_int_equal(attack(&first, &guarded), 0);
        handover_free(&first);
        handover_free(&second);
        handover_free(&guarded);
    }
    assert_true(solved_unguarded > cases / 2);
    assert_true(refused > 0 && refused < cases);
}

/* ---- an attack with totals too: every sum that can be thought of, squeezed until nothing moves
 * ----
 */

enum { NO_END = 1000000, SETS_MOST = 48, LINES_MOST = 96 };

struct range {
    long low, high;
};

/* Sets of domains, squares and quarters; along each axis, which of them make up which. */
struct lattice {
    uint32_t sets[3][SETS_MOST];
    size_t counts[3];
    struct making {
        size_t whole, parts[SQUARES], count;
    } makings[3][LINES_MOST];
    size_t making_counts[3];
    struct range *ranges; /* of each domain set x square set x quarter set */
    bool *is_withheld, *is_told;
};

static size_t set_of(struct lattice *lattice, int axis, uint32_t bits)
{
    for (size_t i = 0; i < lattice->counts[axis]; i++)
        if (lattice->sets[axis][i] == bits)
            return i;
    assert_true(lattice->counts[axis] < SETS_MOST);
    lattice->sets[axis][lattice->counts[axis]] = bits;
    return lattice->counts[axis]++;
}

/* The parts that lie within make it up, when they fill it. */
static void make_up(struct lattice *lattice, int axis, size_t whole, const uint32_t *parts,
                    size_t count)
{
    uint32_t rest = lattice->sets[axis][whole];
    struct making *making = &lattice->makings[axis][lattice->making_counts[axis]];
    *making = (struct making){.whole = whole};
    for (size_t i = 0; i < count; i++)
        if (parts[i] != lattice->sets[axis][whole] && (parts[i] & ~rest) == 0 && parts[i] != 0) {
            making->parts[making->count++] = set_of(lattice, axis, parts[i]);
            rest &= ~parts[i];
        }
    assert_true(lattice->making_counts[axis] + 1 < LINES_MOST);
    lattice->making_counts[axis] += rest == 0 && making->count > 1;
}

static uint32_t period_bits(size_t quarters)
{
    return ((1u << quarters) - 1) | 1u << QUARTERS;
}

static void list_sets(struct lattice *lattice, const struct handover *const packages[2])
{
    uint32_t singles[SQUARES], pieces[SQUARES];
    for (size_t i = 0; i < SQUARES; i++)
        singles[i] = 1u << i;
    for (size_t d = 0; d < DOMAINS; d++)
        set_of(lattice, 0, 1u << d);
    make_up(lattice, 0, set_of(lattice, 0, 15), singles, DOMAINS);
    for (size_t s = 0; s < SQUARES; s++)
        set_of(lattice, 1, 1u << s);
    set_of(lattice, 1, (1u << SQUARES) - 1);
    for (int p = 0; p < 2; p++)
        for (size_t i = 0; i < packages[p]->pieces.count; i++)
            set_of(lattice, 1, square_bits(packages[p], i));
    for (size_t whole = 0; whole < lattice->counts[1]; whole++) {
        make_up(lattice, 1, whole, singles, SQUARES);
        for (int p = 0; p < 2; p++) {
            for (size_t i = 0; i < packages[p]->pieces.count; i++)
                pieces[i] = square_bits(packages[p], i);
            make_up(lattice, 1, whole, pieces, packages[p]->pieces.count);
        }
    }
    for (size_t q = 0; q <= QUARTERS; q++)
        set_of(lattice, 2, 1u << q);
    for (int p = 0; p < 2; p++) {
        uint32_t parts[QUARTERS + 2] = {p == 0 ? 0 : period_bits(packages[0]->quarter_count)};
        memcpy(parts + 1, singles, (QUARTERS + 1) * sizeof *singles);
        size_t period = set_of(lattice, 2, period_bits(packages[p]->quarter_count));
        make_up(lattice, 2, period, singles, QUARTERS + 1);
        make_up(lattice, 2, period, parts, QUARTERS + 2);
    }
}

static size_t node_of(const struct lattice *lattice, const size_t at[3])
{
    return (at[0] * lattice->counts[1] + at[1]) * lattice->counts[2] + at[2];
}

static void lattice_new(struct lattice *lattice, const struct handover *const packages[2])
{
    memset(lattice, 0, sizeof *lattice);
    list_sets(lattice, packages);
    size_t count = lattice->counts[0] * lattice->counts[1] * lattice->counts[2];
    lattice->ranges = calloc(count, sizeof *lattice->ranges);
    lattice->is_withheld = calloc(count, sizeof *lattice->is_withheld);
    lattice->is_told = calloc(count, sizeof *lattice->is_told);
    assert_non_null(lattice->ranges);
    assert_non_null(lattice->is_withheld);
    assert_non_null(lattice->is_told);
    for (size_t i = 0; i < count; i++)
        lattice->ranges[i].high = NO_END;
}

static void lattice_free(struct lattice *lattice)
{
    free(lattice->ranges);
    free(lattice->is_withheld);
    free(lattice->is_told);
}

static void learn(struct lattice *lattice, const struct tellings *tellings)
{
    for (size_t i = 0; i < tellings->count; i++) {
        const struct told *told = &tellings->items[i];
        size_t at[3];
        for (int axis = 0; axis < 3; axis++)
            at[axis] = set_of(lattice, axis, told->sets[axis]);
        struct range *range = &lattice->ranges[node_of(lattice, at)];
        if (!is_published(told)) {
            lattice->is_withheld[node_of(lattice, at)] = true;
            continue;
        }
        lattice->is_told[node_of(lattice, at)] = true;
        range->low = told->low > range->low ? told->low : range->low;
        range->high = told->high < range->high ? told->high : range->high;
        assert_true(range->low <= range->high);
    }
}

/* whole - parts = 0, solved for each of them in turn. */
static bool squeeze(struct range **ranges, size_t count)
{
    bool changed = false;
    for (size_t i = 0; i < count; i++) {
        long low = 0, high = 0;
        for (size_t j = 0; j < count; j++) {
            bool adds = i == 0 || j == 0;
            if (j == i)
                continue;
            low += adds ? ranges[j]->low : -ranges[j]->high;
            high += adds ? ranges[j]->high : -ranges[j]->low;
        }
        if (low > ranges[i]->low || high < ranges[i]->high) {
            ranges[i]->low = low > ranges[i]->low ? low : ranges[i]->low;
            ranges[i]->high = high < ranges[i]->high ? high : ranges[i]->high;
            changed = true;
        }
    }
    return changed;
}

static bool squeeze_along(struct lattice *lattice, int axis, size_t line)
{
    const struct making *making = &lattice->makings[axis][line];
    int b = (axis + 1) % 3, c = (axis + 2) % 3;
    size_t at[3];
    bool changed = false;
    for (at[b] = 0; at[b] < lattice->counts[b]; at[b]++)
        for (at[c] = 0; at[c] < lattice->counts[c]; at[c]++) {
            struct range *ranges[SQUARES + 1];
            at[axis] = making->whole;
            ranges[0] = &lattice->ranges[node_of(lattice, at)];
            for (size_t i = 0; i < making->count; i++) {
                at[axis] = making->parts[i];
                ranges[i + 1] = &lattice->ranges[node_of(lattice, at)];
            }
            changed |= squeeze(ranges, making->count + 1);
        }
    return changed;
}

static void squeeze_all(struct lattice *lattice)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (int axis = 0; axis < 3; axis++)
            for (size_t line = 0; line < lattice->making_counts[axis]; line++)
                changed |= squeeze_along(lattice, axis, line);
    }
}

/* Cells that a package withholds, and the other one does too, and that are narrow with the second
 * one, and were not before it.
 */
static size_t count_narrowed(const struct handover *const packages[2],
                             const struct tellings *totals)
{
    static struct lattice before, after;
    static struct tellings first, second;
    size_t narrowed = 0;
    first.count = second.count = 0;
    list(&first, packages[0]);
    list(&second, packages[1]);
    lattice_new(&before, packages);
    lattice_new(&after, packages);
    learn(&before, totals);
    learn(&before, &first);
    learn(&after, totals);
    learn(&after, &first);
    learn(&after, &second);
    squeeze_all(&before);
    squeeze_all(&after);
    for (size_t i = 0; i < after.counts[0] * after.counts[1] * after.counts[2]; i++)
        narrowed += after.is_withheld[i] && !after.is_told[i]
                    && after.ranges[i].high - after.ranges[i].low < LEAST
                    && before.ranges[i].high - before.ranges[i].low >= LEAST;
    lattice_free(&before);
    lattice_free(&after);
    return narrowed;
}

/* Whole strip or a square, a domain or all, a quarter or all; exactly, or so and so much. */
static void know_totals(struct handover_totals *totals, struct tellings *tellings, town counts,
                        uint32_t *seed)
{
    size_t count = 1 + next_random(seed) % 6;
    tellings->count = 0;
    assert_true(array_new(&totals->items, count, sizeof *totals->items, NULL));
    while (totals->count < count) {
        size_t d = next_random(seed) % (DOMAINS + 1), s = next_random(seed) % (SQUARES * 2);
        size_t q = next_random(seed) % (QUARTERS * 2);
        long sum = 0, off = next_random(seed) % 2 == 0 ? 0 : next_random(seed) % 4;
        for (size_t i = 0; i < DOMAINS * SQUARES * (QUARTERS + 1); i++) {
            size_t in[3] = {i / (SQUARES * (QUARTERS + 1)), i / (QUARTERS + 1) % SQUARES,
                            i % (QUARTERS + 1)};
            if ((d == DOMAINS || d == in[0]) && (s >= SQUARES || s == in[1])
                && (q >= QUARTERS || q == in[2]))
                sum += counts[in[0]][in[1]][in[2]];
        }
        long low = sum > off ? sum - off : 0;
        struct square square = {0};
        if (s < SQUARES)
            square = (struct square){1030 + (int32_t)s / SIDE, 5020 + (int32_t)s % SIDE, 1};
        totals->items[totals->count++] =
            (struct handover_total){square,
                                    (int32_t)d,
                                    q >= QUARTERS ? HANDOVER_NO_QUARTER : 2024 * 4 + (int32_t)q,
                                    {low, sum + off}};
        tellings->items[tellings->count++] = (struct told){
            {d == DOMAINS ? 15 : 1u << d, s >= SQUARES ? (1u << SQUARES) - 1 : 1u << s,
             q >= QUARTERS ? period_bits(QUARTERS) : 1u << q},
            low,
            sum + off};
    }
}

/* As the receiver has it: out of its table of squares. */
static void read_again(struct handover *handover, const struct handover *made)
{
    struct sheet sheet = {0};
    struct text text = {0};
    const struct handover_facts facts = {.name = "squares.csv",
                                         .crs = "EPSG:28992",
                                         .least = LEAST,
                                         .least_per_ha = made->least_per_ha,
                                         .depth_m = made->options.depth_m,
                                         .first_quarter = made->first_quarter,
                                         .quarter_count = made->quarter_count};
    assert_true(handover_squares(&sheet, made, NULL));
    sheet_write(&text, &sheet, SHEET_CSV);
    assert_true(handover_read(handover, text.bytes, text.length, &facts, NULL));
    sheet_free(&sheet);
    text_free(&text);
}

/* In the western half of the town each square has few, and four together enough. */
static void thin_out(town counts, uint32_t *seed)
{
    for (int d = 0; d < DOMAINS; d++)
        for (int s = 0; s < SQUARES / 2; s++)
            for (int q = 0; q <= QUARTERS; q++)
                counts[d][s][q] = counts[d][s][q] > 0 && next_random(seed) % 4 == 0;
}

/* Two packages one after the other, and totals from elsewhere: either the guard says no, or no
 * withheld cell is narrower than k that was not so before. Without the guard many are. */
static void totals_are_refused_or_give_nothing_away(void **state)
{
    (void)state;
    uint32_t seed = 3;
    const size_t cases = (size_t)cases_looked(CASES);
    size_t refused = 0, solved_unguarded = 0, merged = 0;
    for (size_t round = 0; round < cases; round++) {
        static town counts;
        static struct tellings told;
        struct handover_totals totals = {0};
        struct handover first, second, guarded, as_read;
        size_t until = 2 + next_random(&seed) % (QUARTERS - 1);
        fill(counts, &seed);
        if (round % 2 == 1)
            thin_out(counts, &seed);
        know_totals(&totals, &told, counts, &seed);
        hand_over(&first, counts, until, &NOTHING);
        read_again(&as_read, &first);
        hand_over(&second, counts, QUARTERS, &NOTHING);
        hand_over(
            &guarded, counts, QUARTERS,
            &(struct handover_options){.earlier = &as_read, .earlier_count = 1, .totals = &totals});
        solved_unguarded +=
            count_narrowed((const struct handover *const[]){&first, &second}, &told) > 0;
        merged += guarded.pieces.count < SQUARES;
        if (count_leaks(&guarded) > 0)
            refused++;
        else
            assert_int_equal(
                count_narrowed((const struct handover *const[]){&first, &guarded}, &told), 0);
        handover_free(&first);
        handover_free(&second);
        handover_free(&guarded);
        handover_free(&as_read);
        handover_totals_free(&totals);
    }
    print_message("%zu of %zu refused, %zu with joined squares; without the guard %zu are solved\n",
                  refused, cases, merged, solved_unguarded);
    assert_true(merged > cases / 4);
    assert_true(solved_unguarded > cases / 2);
    assert_true(refused > 0 && refused < cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_package_gives_nothing_away),
        cmocka_unit_test(two_packages_are_refused_or_give_nothing_away),
        cmocka_unit_test(totals_are_refused_or_give_nothing_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
