/* The blocks beside the border sheet's maps: blind spots, places in the lists, who could lead, and
 * priorities with their load. */
#include "engine/report/border_blocks.h"

#include "engine/report/wording.h"

#include <math.h>
#include <string.h>

static const double LEAST_BLIND = 0.05; /* of a cluster that a row tells of, to either side */

enum { TOGETHER = SIDES, MAPS = BORDER_MAPS, ROWS_MOST = BORDER_BLOCK_ROWS };

struct making {
    struct border_sheet *sheet;
    struct border_blocks *blocks;
    const struct border_blocks_input *input;
};

/* A text that lives as long as the blocks. */
static struct text *new_text(struct border_blocks *blocks)
{
    size_t last = BORDER_BLOCK_TEXTS - 1;
    return &blocks->texts[blocks->text_count < last ? blocks->text_count++ : last];
}

static const char *said(const struct text *text)
{
    return text->bytes != NULL ? text->bytes : "";
}

static struct study *study_of(const struct making *making)
{
    return making->input->findings->gathered.study;
}

static const char *place_of(struct making *making, size_t cluster)
{
    struct text *text = new_text(making->blocks);
    border_words_place(text, making->input->places[cluster], (int32_t)cluster + 1);
    return said(text);
}

static void set_blind(struct making *making)
{
    struct blind_bars *bars = &making->sheet->blind;
    const struct border *border = &making->input->finding->border;
    struct text *strip = new_text(making->blocks), *metres = new_text(making->blocks);
    wording_number(metres, study_of(making)->options->bandwidth_m);
    text_add(strip, _("Strip %s m"), said(metres));
    bars->head =
        (struct block_head){_("Blind spot"), _("part of the density that a side cannot see")};
    making->blocks->blind[0] =
        (struct blind_row){said(strip), {border->strips[0].blind, border->strips[1].blind}, false};
    bars->row_count = 1;
    for (size_t i = 0; i < border->together.count && bars->row_count <= ROWS_MOST; i++) {
        const struct border_cluster *cluster = &border->clusters[i];
        bool told = making->input->by_squares
                        ? cluster->blind[0] >= LEAST_BLIND && cluster->blind[1] >= LEAST_BLIND
                        : cluster->crosses;
        if (told)
            making->blocks->blind[bars->row_count++] = (struct blind_row){
                place_of(making, i),
                {cluster->blind[0], cluster->blind[1]},
                !making->input->by_squares && cluster == border_words_subject(border)};
    }
    bars->rows = making->blocks->blind;
}

static void set_cell(struct making *making, struct rank_cell *cell, size_t rank, size_t incidents)
{
    struct text *count = new_text(making->blocks);
    wording_count(count, incidents);
    *cell = (struct rank_cell){rank, rank > 0 ? said(count) : ""};
}

static void set_ranks(struct making *making)
{
    struct rank_table *table = &making->sheet->ranks;
    const struct border *border = &making->input->finding->border;
    table->head =
        (struct block_head){_("Place in each list"), _("by incidents per cluster (in brackets)")};
    for (int side = 0; side < SIDES; side++)
        making->blocks->columns[side] = (struct rank_column){making->input->words->names[side],
                                                             making->input->view->owners[side]};
    making->blocks->columns[TOGETHER] = (struct rank_column){_("together"), RANK_TOGETHER};
    for (size_t i = 0; i < border->together.count && table->row_count < ROWS_MOST; i++) {
        const struct border_cluster *cluster = &border->clusters[i];
        struct rank_cell *cells = making->blocks->cells[table->row_count];
        for (int side = 0; side < SIDES; side++)
            set_cell(making, &cells[side], (size_t)cluster->rank[side],
                     cluster->rank[side] > 0 ? cluster->parts[side].items[0].incidents : 0);
        set_cell(making, &cells[TOGETHER], i + 1, border->together.items[i].incidents);
        making->blocks->ranks[table->row_count++] =
            (struct rank_row){place_of(making, i), cells, cluster == border_words_subject(border)};
    }
    table->columns = making->blocks->columns;
    table->column_count = MAPS;
    table->rows = making->blocks->ranks;
    table->areas = making->input->areas;
}

static void set_leads(struct making *making)
{
    struct lead_chart *chart = &making->sheet->lead;
    const struct border *border = &making->input->finding->border;
    double share = study_of(making)->options->lead_share;
    struct text *detail = new_text(making->blocks);
    text_add(detail, _("share of %s in the cluster, 95%% interval"),
             making->input->words->names[1]);
    chart->head = (struct block_head){_("Who could lead?"), said(detail)};
    for (size_t i = 0; i < border->together.count && chart->row_count < ROWS_MOST; i++) {
        const struct border_cluster *cluster = &border->clusters[i];
        const struct interval *range = &cluster->sides.share[1];
        struct text *verdict;
        if (!cluster->crosses)
            continue;
        verdict = new_text(making->blocks);
        border_words_verdict(verdict, making->input->words, &cluster->sides);
        making->blocks->leads[chart->row_count++] = (struct lead_row){
            place_of(making, i), said(verdict), range->estimate,
            range->low,          range->high,   cluster == border_words_subject(border)};
    }
    chart->rows = making->blocks->leads;
    chart->first_below = 1 - share;
    chart->second_above = share;
}

/* A category's share of a side's incidents; NAN when it has none. */
static double load_of(const struct making *making, const char *category, int side)
{
    const struct both_sides *sides = &making->input->view->incidents;
    struct dictionary *categories = study_of(making)->categories;
    size_t load = 0, all = making->input->view->border.incidents[side];
    for (size_t i = 0; i < sides->count; i++)
        if (sides->side[i] == side
            && strcmp(dictionary_text(categories, sides->category[i]), category) == 0)
            load += sides->weight != NULL ? sides->weight[i] : 1;
    return all > 0 ? (double)load / (double)all : (double)NAN;
}

/* The row of a category, a new one where there is room; NULL: there is none. */
static struct priority_row *priority_row_of(struct making *making, const char *category)
{
    struct priority_chart *chart = &making->sheet->priorities;
    const char *label = wording_category(category);
    for (size_t i = 0; i < chart->row_count; i++)
        if (strcmp(making->blocks->priorities[i].label, label) == 0)
            return &making->blocks->priorities[i];
    if (chart->row_count == ROWS_MOST)
        return NULL;
    struct priority_row *row = &making->blocks->priorities[chart->row_count++];
    *row = (struct priority_row){.label = label};
    for (int side = 0; side < SIDES; side++)
        row->cells[side].load = load_of(making, category, side);
    return row;
}

/* Organised crime is counted per jurisdiction, not drawn beside a hotspot, unless that is allowed.
 */
static void set_priorities(struct making *making)
{
    struct priority_chart *chart = &making->sheet->priorities;
    const struct priority_rows *rows = &making->input->findings->priorities;
    for (size_t i = 0; i < rows->count; i++) {
        const struct priority_standing *standing = &rows->items[i];
        bool hidden = strcmp(standing->category, "organised-crime") == 0
                      && !study_of(making)->options->sensitive;
        for (int side = 0; side < SIDES && !hidden; side++) {
            struct priority_row *row =
                standing->jurisdiction == making->input->finding->owners[side]
                    ? priority_row_of(making, standing->category)
                    : NULL;
            if (row != NULL && standing->stated != NULL)
                row->cells[side].priority = _("priority");
        }
    }
    chart->head =
        (struct block_head){_("Priority and load"), _("stated, and share of the incidents")};
    chart->rows = making->blocks->priorities;
}

bool border_blocks_set(struct border_sheet *sheet, struct border_blocks *blocks,
                       const struct border_blocks_input *input, struct error *error)
{
    struct making making = {sheet, blocks, input};
    bool done = true;
    set_blind(&making);
    if (!input->by_squares) {
        set_ranks(&making);
        set_leads(&making);
        set_priorities(&making);
    }
    for (size_t i = 0; done && i < blocks->text_count; i++)
        done = text_check(&blocks->texts[i], error);
    return done;
}

void border_blocks_free(struct border_blocks *blocks)
{
    for (size_t i = 0; i < BORDER_BLOCK_TEXTS; i++)
        text_free(&blocks->texts[i]);
}
