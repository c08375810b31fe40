/* The alternative text of a sheet: what somebody who cannot see it should be told. */
#include "engine/report/alternative.h"

#include "engine/core/files.h"
#include "engine/draw/furniture.h"
#include "engine/report/pages.h"
#include "engine/report/wording.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NAMED = 3, SHARES_MOST = 8 };

/* A heading as a sentence: the dots between its parts are read aloud as commas. */
static void add_sentence(struct text *text, const char *heading)
{
    static const char dot[] = " · ";
    if (!map_has(heading))
        return;
    text_add(text, "%s", text->length > 0 ? " " : "");
    for (const char *at = heading; *at != '\0';) {
        const char *end = strstr(at, dot);
        text_add_bytes(text, at, end != NULL ? (size_t)(end - at) : strlen(at));
        text_add(text, "%s", end != NULL ? ", " : "");
        at = end != NULL ? end + sizeof dot - 1 : at + strlen(at);
    }
    if (text->length > 0 && strchr(".!?", text->bytes[text->length - 1]) == NULL)
        text_add(text, ".");
}

/* "48 % Heemskerk, 52 % Beverwijk"; nothing where one owner has all and there is but one. */
static void add_shares(struct text *text, const struct map_sheet *sheet,
                       const struct map_cluster *cluster)
{
    int percents[SHARES_MOST];
    size_t count = cluster->share_count < SHARES_MOST ? cluster->share_count : SHARES_MOST;
    if (sheet->area_count < 2 || count == 0)
        return;
    furniture_percents(percents, cluster->shares, count);
    for (size_t i = 0; i < count; i++)
        text_add(text, "%s%d%s %s", i > 0 ? ", " : ": ", percents[i], sheet->texts.percent,
                 sheet->areas[cluster->shares[i].area].name);
}

static void add_cluster(struct text *text, const struct map_sheet *sheet,
                        const struct map_cluster *cluster)
{
    text_add(text, _("%s (%s incidents"), map_has(cluster->name) ? cluster->name : _("cluster"),
             cluster->count);
    add_shares(text, sheet, cluster);
    text_add(text, ")");
}

static void add_clusters(struct text *text, const struct map_sheet *sheet)
{
    size_t listed = 0, told = 0;
    for (size_t i = 0; i < sheet->cluster_count; i++)
        listed += sheet->clusters[i].listed ? 1 : 0;
    if (listed == 0)
        return;
    listed = listed < NAMED ? listed : NAMED;
    text_add(text, "%s", listed > 1 ? _(" The largest clusters are ") : _(" The only cluster is "));
    for (size_t i = 0; i < sheet->cluster_count && told < listed; i++) {
        if (!sheet->clusters[i].listed)
            continue;
        text_add(text, "%s", told == 0 ? "" : told + 1 < listed ? ", " : _(" and "));
        add_cluster(text, sheet, &sheet->clusters[i]);
        told++;
    }
    text_add(text, ".");
}

/* In the words of the legend: "Meldingen per hectare: van 5 tot 80 en meer." */
static void add_colours(struct text *text, const struct map_sheet *sheet)
{
    char low[FIGURE_TEXT], high[FIGURE_TEXT];
    const struct classes *classes = &sheet->classes;
    if (!sheet->density || classes->count == 0 || !map_has(sheet->texts.legend_head))
        return;
    kit_figure(low, classes->limits[0], &sheet->texts);
    kit_figure(high, classes->limits[classes->count - 1], &sheet->texts);
    text_add(text, _(" Legend: %s, from %s to %s and more."), sheet->texts.legend_head, low, high);
}

void alternative_map(struct text *text, const struct map_sheet *sheet)
{
    add_sentence(text, sheet->texts.title);
    add_sentence(text, sheet->texts.subtitle);
    add_clusters(text, sheet);
    add_colours(text, sheet);
}

/* "Europaplein: bij Heemskerk op 3 (99 meldingen), ..." */
static void add_ranks(struct text *text, const struct rank_table *table, const struct rank_row *row)
{
    text_add(text, _(" Place of %s in each list:"), row->label);
    for (size_t i = 0; i < table->column_count; i++) {
        const struct rank_cell *cell = &row->cells[i];
        text_add(text, "%s %s ", i > 0 ? "," : "", table->columns[i].head);
        if (cell->rank == 0)
            text_add(text, "%s", _("not in it"));
        else
            text_add(text, _("%zu (%s incidents)"), cell->rank,
                     map_has(cell->count) ? cell->count : "0");
    }
    text_add(text, ".");
}

static void add_blind(struct text *text, const struct border_sheet *sheet,
                      const struct blind_row *row)
{
    const struct map_area *areas = sheet->base.areas;
    if (isnan(row->share[0]) || isnan(row->share[1]))
        return;
    text_add(text, _(" Of the density there %s does not see %.0f%%, %s %.0f%%."),
             areas[sheet->sides[0]].name, floor(row->share[0] * 100 + 0.5),
             areas[sheet->sides[1]].name, floor(row->share[1] * 100 + 0.5));
}

static void add_finding(struct text *text, const struct border_sheet *sheet)
{
    for (size_t i = 0; i < sheet->ranks.row_count; i++)
        if (sheet->ranks.rows[i].finding)
            add_ranks(text, &sheet->ranks, &sheet->ranks.rows[i]);
    for (size_t i = 0; i < sheet->blind.row_count; i++)
        if (sheet->blind.rows[i].finding)
            add_blind(text, sheet, &sheet->blind.rows[i]);
    for (size_t i = 0; i < sheet->lead.row_count; i++)
        if (sheet->lead.rows[i].finding)
            text_add(text, " %s %s: %s.", sheet->lead.head.head, sheet->lead.rows[i].label,
                     sheet->lead.rows[i].verdict);
}

void alternative_border(struct text *text, const struct border_sheet *sheet)
{
    add_sentence(text, sheet->base.texts.title);
    add_sentence(text, sheet->base.texts.subtitle);
    add_finding(text, sheet);
}

bool alternative_write(const struct text *text, const char *path, struct error *error)
{
    struct output output;
    if (strcmp(path, "-") == 0)
        return true;
    char *beside = pages_beside(path, "txt", error);
    bool done = beside != NULL && text_check(text, error) && output_open(&output, beside, error);
    if (done) {
        fwrite(text->bytes, 1, text->length, output.stream);
        fputc('\n', output.stream);
        done = output_commit(&output, error);
    }
    free(beside);
    return done;
}
