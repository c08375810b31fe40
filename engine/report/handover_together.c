/* What two packages tell together, as tables, and how far that is from the incidents themselves. */
#include "engine/report/handover_together.h"

#include "engine/report/wording.h"

#include <math.h>
#include <stdlib.h>

static const struct sheet_column SQUARE_COLUMNS[TOGETHER_SQUARE_COLUMNS] = {
    {"square", "square", SHEET_TEXT},
    {"x", "x", SHEET_NUMBER},
    {"y", "y", SHEET_NUMBER},
    {"first", "first", SHEET_NUMBER},
    {"second", "second", SHEET_NUMBER},
    {"together", "together", SHEET_NUMBER},
    {"low", "low", SHEET_NUMBER},
    {"high", "high", SHEET_NUMBER},
    {"cluster", "cluster", SHEET_NUMBER},
    {"withheld", "withheld", SHEET_TEXT},
};

/* What both tell of some squares. */
struct sums {
    double sides[2], low, high;
    size_t squares;
};

static void add(struct sums *sums, const struct handover_joint *joint, size_t square)
{
    for (int p = 0; p < 2; p++) {
        const struct handover_part *part = &joint->parts[p][square];
        sums->sides[p] += part->incidents;
        sums->low += part->low;
        sums->high += part->high;
    }
    sums->squares++;
}

static const char *withheld_by(const struct handover_joint *joint, size_t square)
{
    bool no[2];
    for (int p = 0; p < 2; p++) /* not in the strip: nothing is withheld, high is 0 */
        no[p] = joint->parts[p][square].incidents == 0 && joint->parts[p][square].high > 0;
    return no[0] && no[1] ? "both" : no[0] ? "first" : no[1] ? "second" : "";
}

bool together_squares(struct sheet *sheet, const struct handover_joint *joint, struct error *error)
{
    const struct handover *handover = &joint->handover;
    *sheet = (struct sheet){.columns = SQUARE_COLUMNS, .column_count = TOGETHER_SQUARE_COLUMNS};
    for (size_t i = 0; i < handover->square_count; i++) {
        const struct square *square = &handover->squares[i];
        struct sums sums = {0};
        char name[SQUARE_NAME];
        square_name(name, square);
        add(&sums, joint, i);
        const double numbers[] = {(double)square->east * SQUARE_M,
                                  (double)square->north * SQUARE_M,
                                  sums.sides[0],
                                  sums.sides[1],
                                  sums.sides[0] + sums.sides[1],
                                  sums.low,
                                  sums.high,
                                  (double)handover->clusters.cluster_of[i]};
        if (!sheet_add_row(sheet, error) || !sheet_set(sheet, 0, name, error)
            || !sheet_set(sheet, TOGETHER_SQUARE_COLUMNS - 1, withheld_by(joint, i), error))
            return false;
        for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++) {
            bool spread = n >= 2 && n <= 6; /* of a larger square, a part of its count */
            if (!sheet_set_number(sheet, n + 1, numbers[n], spread ? 2 : 0, error))
                return false;
        }
    }
    return true;
}

static void set_columns(struct together_names *names)
{
    const struct sheet_column columns[TOGETHER_CLUSTER_COLUMNS] = {
        {"cluster", _("cluster"), SHEET_NUMBER},
        {"squares", _("squares"), SHEET_NUMBER},
        {"first", names->sides[0], SHEET_NUMBER},
        {"second", names->sides[1], SHEET_NUMBER},
        {"together", _("together"), SHEET_NUMBER},
        {"low", _("at least"), SHEET_NUMBER},
        {"high", _("at most"), SHEET_NUMBER},
        {"share_second", _("share of the second"), SHEET_NUMBER},
    };
    for (int c = 0; c < TOGETHER_CLUSTER_COLUMNS; c++)
        names->columns[c] = columns[c];
}

bool together_clusters(struct sheet *sheet, const struct handover_joint *joint,
                       struct together_names *names, struct error *error)
{
    const struct handover *handover = &joint->handover;
    set_columns(names);
    *sheet = (struct sheet){.columns = names->columns, .column_count = TOGETHER_CLUSTER_COLUMNS};
    for (size_t c = 1; c <= handover->clusters.count; c++) {
        struct sums sums = {0};
        for (size_t i = 0; i < handover->square_count; i++)
            if (handover->clusters.cluster_of[i] == c)
                add(&sums, joint, i);
        double all = sums.sides[0] + sums.sides[1];
        const double numbers[] = {
            (double)c, (double)sums.squares, sums.sides[0], sums.sides[1], all, sums.low,
            sums.high};
        if (!sheet_add_row(sheet, error)
            || !sheet_set_number(sheet, TOGETHER_CLUSTER_COLUMNS - 1, sums.sides[1] / all, 3,
                                 error))
            return false;
        for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++)
            if (!sheet_set_number(sheet, n, round(numbers[n]), 0, error))
                return false;
    }
    return true;
}

/* ---- against the incidents ---- */

enum { DENSEST = 10 };

struct ranked {
    double incidents;
    size_t square;
};

static int by_incidents(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->incidents != b->incidents)
        return a->incidents > b->incidents ? -1 : 1;
    return (a->square > b->square) - (a->square < b->square);
}

/* The study's own counts in the packages' squares; organised crime is in none of the two. */
static bool count_true(double *counts, const struct handover *handover,
                       const struct gathered *gathered)
{
    const struct grid *grid = &gathered->study->boundaries.grid;
    for (size_t i = 0; i < gathered->count; i++) {
        struct square square = square_at(grid_metres_x(grid, gathered->grid_x[i]),
                                         grid_metres_y(grid, gathered->grid_y[i]));
        const struct square *found = bsearch(&square, handover->squares, handover->square_count,
                                             sizeof square, square_compare);
        if (found != NULL && !gather_is_sensitive(gathered->study, gathered->category[i]))
            counts[found - handover->squares] += gathered->weight != NULL ? gathered->weight[i] : 1;
    }
    return true;
}

/* Both lists by falling number; how many of the ten densest the packages have too, and how many in
 * the same place. */
static void compare_ranks(struct text *text, struct ranked *told, struct ranked *real, size_t count)
{
    size_t most = count < DENSEST ? count : DENSEST, common = 0, same = 0;
    qsort(told, count, sizeof *told, by_incidents);
    qsort(real, count, sizeof *real, by_incidents);
    for (size_t i = 0; i < most; i++) {
        same += told[i].square == real[i].square;
        for (size_t j = 0; j < most; j++)
            common += told[i].square == real[j].square;
    }
    text_add(
        text,
        _("of the %zu densest squares of 100 m the packages show %zu, of which %zu at the same "
          "place in the list\n"),
        most, common, same);
}

bool together_compare(struct text *text, const struct handover_joint *joint,
                      const struct gathered *gathered, struct error *error)
{
    const struct handover *handover = &joint->handover;
    size_t count = handover->square_count;
    double *counts = NULL, told_in_all = 0, real_in_all = 0, apart = 0, most = 0;
    struct ranked *told = NULL, *real = NULL;
    bool done = array_new(&counts, count, sizeof *counts, error)
                && array_new(&told, count, sizeof *told, error)
                && array_new(&real, count, sizeof *real, error)
                && count_true(counts, handover, gathered);
    for (size_t i = 0; done && i < count; i++) {
        double sum = joint->parts[0][i].incidents + joint->parts[1][i].incidents;
        told[i] = (struct ranked){sum, i};
        real[i] = (struct ranked){counts[i], i};
        told_in_all += sum;
        real_in_all += counts[i];
        apart += fabs(sum - counts[i]);
        most = fmax(most, fabs(sum - counts[i]));
    }
    if (done && count > 0) {
        text_add(
            text,
            _("of %.0f incidents in the strips the packages tell %.0f; per hectare they differ "
              "by %.2f on average and by %.1f at most\n"),
            real_in_all, told_in_all, apart / (double)count, most);
        compare_ranks(text, told, real, count);
    }
    array_free(&counts);
    array_free(&told);
    array_free(&real);
    return done;
}
