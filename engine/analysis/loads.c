/* Stated priorities against the load that was measured: what gets attention, and what asks for it.
 */
#include "engine/analysis/loads.h"

#include <math.h>
#include <stdlib.h>

const char *load_verdict_name(enum load_verdict verdict)
{
    static const char *const names[] = {N_("priority with load"), N_("priority without load"),
                                        N_("load without priority")};
    return names[verdict];
}

static bool is_load(const struct load_row *row, const struct load_rule *rule)
{
    return row->share >= rule->least_share && row->incidents >= rule->least_incidents;
}

static int compare_pairs(uint32_t jurisdiction, uint32_t category, const struct load_stated *to)
{
    if (jurisdiction != to->jurisdiction)
        return jurisdiction < to->jurisdiction ? -1 : 1;
    return category < to->category ? -1 : category > to->category;
}

static struct load_row row_of(const struct load_input *input, const struct load_measured *measured)
{
    struct load_row row = {.jurisdiction = measured->jurisdiction,
                           .category = measured->category,
                           .stated = LOAD_NOT_STATED,
                           .incidents = measured->incidents,
                           .share = NAN,
                           .verdict = LOAD_WITHOUT_PRIORITY};
    if (input->totals[row.jurisdiction] > 0)
        row.share = (double)row.incidents / (double)input->totals[row.jurisdiction];
    return row;
}

static void add_stated(struct loads *loads, const struct load_input *input, size_t stated,
                       size_t incidents)
{
    const struct load_stated *pair = &input->stated[stated];
    struct load_row row =
        row_of(input, &(struct load_measured){pair->jurisdiction, pair->category, incidents});
    row.stated = stated;
    row.verdict = is_load(&row, &input->rule) ? LOAD_PRIORITY_WITH : LOAD_PRIORITY_WITHOUT;
    loads->rows[loads->count++] = row;
}

/* Both lists are in one order, so that one walk through them meets all. */
static void cross(struct loads *loads, const struct load_input *input)
{
    size_t s = 0;
    for (size_t m = 0; m < input->measured_count; m++) {
        const struct load_measured *measured = &input->measured[m];
        uint32_t jurisdiction = measured->jurisdiction, category = measured->category;
        struct load_row row = row_of(input, measured);
        bool is_stated = false;
        for (; s < input->stated_count; s++) {
            int order = compare_pairs(jurisdiction, category, &input->stated[s]);
            if (order < 0)
                break;
            add_stated(loads, input, s, order == 0 ? measured->incidents : 0);
            is_stated = is_stated || order == 0;
        }
        if (!is_stated && input->is_known[jurisdiction] && is_load(&row, &input->rule))
            loads->rows[loads->count++] = row;
    }
    for (; s < input->stated_count; s++)
        add_stated(loads, input, s, 0);
}

static int compare_rows(const void *left, const void *right)
{
    const struct load_row *a = left, *b = right;
    if (a->jurisdiction != b->jurisdiction)
        return a->jurisdiction < b->jurisdiction ? -1 : 1;
    if (a->incidents != b->incidents)
        return a->incidents > b->incidents ? -1 : 1;
    if (a->category != b->category)
        return a->category < b->category ? -1 : 1;
    return a->stated < b->stated ? -1 : a->stated > b->stated;
}

bool loads_find(struct loads *loads, const struct load_input *input, struct error *error)
{
    *loads = (struct loads){0};
    if (!array_new(&loads->rows, input->measured_count + input->stated_count, sizeof *loads->rows,
                   error))
        return false;
    cross(loads, input);
    if (loads->count > 1)
        qsort(loads->rows, loads->count, sizeof *loads->rows, compare_rows);
    return true;
}

void loads_free(struct loads *loads)
{
    array_free(&loads->rows);
    *loads = (struct loads){0};
}
