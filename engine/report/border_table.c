/* What was found at borders, as a table for people. */
#include "engine/report/border_report.h"

#include "engine/report/border_words.h"
#include "engine/report/wording.h"

#include <math.h>
#include <stdio.h>

struct table {
    struct sheet *sheet;
    const struct findings *findings;
    struct error *error;
    bool failed;
};

static const struct jurisdiction *owner_of(const struct table *table, const struct finding *finding,
                                           int side)
{
    const struct study *study = table->findings->gathered.study;
    return &study->boundaries.jurisdictions.items[finding->owners[side]];
}

static void begin(struct table *table, const char *label)
{
    table->failed = table->failed || !sheet_add_row(table->sheet, table->error)
                    || !sheet_set(table->sheet, 0, label, table->error);
}

static void begin_with(struct table *table, const struct text *label)
{
    table->failed = table->failed || !text_check(label, table->error);
    begin(table, label->bytes != NULL ? label->bytes : "");
}

static void put(struct table *table, size_t column, struct text *text)
{
    table->failed =
        table->failed || !text_check(text, table->error)
        || !sheet_set(table->sheet, column, text->bytes != NULL ? text->bytes : "", table->error);
    text_free(text);
}

static void put_count(struct table *table, size_t column, size_t count)
{
    struct text text = {0};
    wording_count(&text, count);
    put(table, column, &text);
}

/* "–" for what is not known. */
static void put_known(struct table *table, size_t column, size_t count, bool known)
{
    struct text text = {0};
    text_add(&text, "–");
    if (known)
        put_count(table, column, count);
    else
        put(table, column, &text);
    text_free(&text);
}

static void put_bounds(struct table *table, size_t column, size_t own,
                       const struct package_count *squares)
{
    struct text text = {0};
    wording_count(&text, own + squares->incidents);
    if (squares->span.high < DISCLOSURE_NO_END)
        text_add(&text, " (%s–%s)", wording_figure(own + (size_t)squares->span.low).text,
                 wording_figure(own + (size_t)squares->span.high).text);
    put(table, column, &text);
}

/* "1,730 (1,728–1,732)" where squares of a package are among them. */
static void put_total(struct table *table, size_t column, const struct finding *finding, int side)
{
    size_t own = finding->border.incidents[side];
    if (finding->squares[side].take_part)
        put_bounds(table, column, own, &finding->squares[side].count);
    else
        put_count(table, column, own);
}

/* "12 %"; "–" for what is a part of nothing. */
static void put_share(struct table *table, size_t column, double share)
{
    struct text text = {0};
    if (isfinite(share))
        text_add(&text, "%.0f%s", share * 100, _("%"));
    else
        text_add(&text, "–");
    put(table, column, &text);
}

/* "51 % (48–54)" */
static void put_range(struct table *table, size_t column, const struct interval *range)
{
    struct text text = {0};
    text_add(&text, "%.0f%s (%.0f–%.0f)", range->estimate * 100, _("%"), range->low * 100,
             range->high * 100);
    put(table, column, &text);
}

/* ---- several borders ---- */

static bool list_borders(struct table *table, struct sheet_column *columns)
{
    static const char *const TITLES[] = {N_("border"),
                                         N_("incidents"),
                                         N_("incidents"),
                                         N_("clusters across"),
                                         N_("incidents in them"),
                                         N_("first is blind to"),
                                         N_("second is blind to")};
    for (size_t c = 0; c < BORDER_COLUMNS; c++)
        columns[c] =
            (struct sheet_column){TITLES[c], _(TITLES[c]), c == 0 ? SHEET_TEXT : SHEET_NUMBER};
    table->sheet->column_count = BORDER_COLUMNS;
    for (size_t i = 0; i < table->findings->count && !table->failed; i++) {
        const struct finding *finding = &table->findings->items[i];
        char label[256];
        snprintf(label, sizeof label, "%s / %s", owner_of(table, finding, 0)->name,
                 owner_of(table, finding, 1)->name);
        begin(table, label);
        put_total(table, 1, finding, 0);
        put_total(table, 2, finding, 1);
        put_known(table, 3, finding->crossing, !finding_has_squares(finding));
        put_known(table, 4, finding->crossing_incidents, !finding_has_squares(finding));
        put_share(table, 5, finding->border.strips[0].blind);
        put_share(table, 6, finding->border.strips[1].blind);
    }
    return !table->failed;
}

/* ---- one border ---- */

enum { TOGETHER = SIDES + 1, REMARK };

static void add_strip(struct table *table, const struct finding *finding)
{
    const struct border_strip *strips = finding->border.strips;
    struct text label = {0}, metres = {0};
    wording_number(&metres, table->findings->gathered.study->options->bandwidth_m);
    text_add(&label, _("blind spot, strip %s m"), text_part(&label, &metres));
    begin_with(table, &label);
    for (int side = 0; side < SIDES; side++)
        put_share(table, (size_t)side + 1, strips[side].blind);
    begin(table, _("guess without the neighbour, error"));
    for (int side = 0; side < SIDES; side++)
        put_share(table, (size_t)side + 1, strips[side].guess_error);
    text_free(&label);
    text_free(&metres);
}

static void add_incidents(struct table *table, const struct finding *finding)
{
    const struct border *border = &finding->border;
    struct text label = {0}, metres = {0};
    begin(table, _("incidents"));
    struct package_count squares = {0};
    for (int side = 0; side < SIDES; side++) {
        put_total(table, (size_t)side + 1, finding, side);
        package_count_add(&squares, &finding->squares[side].count);
    }
    if (finding_has_squares(finding))
        put_bounds(table, TOGETHER, border->incidents[0] + border->incidents[1], &squares);
    else
        put_count(table, TOGETHER, border->incidents[0] + border->incidents[1]);
    wording_number(&metres, finding->band_m);
    text_add(&label, _("of which in the border band (%s m)"), text_part(&label, &metres));
    begin_with(table, &label);
    for (int side = 0; side < SIDES; side++)
        put_known(table, (size_t)side + 1, finding->uncertain[side],
                  !finding->squares[side].take_part);
    put_known(table, TOGETHER, finding->uncertain[0] + finding->uncertain[1],
              !finding_has_squares(finding));
    text_free(&label);
    text_free(&metres);
}

/* "3,120 (94%)" */
static void put_part(struct table *table, size_t column, size_t part, size_t whole)
{
    struct text text = {0};
    wording_count(&text, part);
    if (whole > 0)
        text_add(&text, " (%.0f%s)", 100.0 * (double)part / (double)whole, _("%"));
    put(table, column, &text);
}

/* "180 reported to Beverwijk lie in Heemskerk; 20 to others; 11 not known" */
static void put_elsewhere(struct table *table, const struct finding *finding, enum holder_role role,
                          int lies)
{
    const struct holdings *holdings = &finding->holdings[role];
    struct border_telling telling = {.findings = table->findings, .finding = finding};
    size_t others = 0, unknown = 0;
    struct text text = {0};
    for (int side = 0; side < SIDES; side++)
        telling.names[side] = owner_of(table, finding, side)->name;
    for (size_t i = SIDES; i < holdings->count; i++)
        *(holdings->items[i].holder == HOLDER_UNKNOWN ? &unknown : &others) +=
            holdings->items[i].incidents[lies];
    border_words_elsewhere(&text, &telling, role, lies);
    if (others > 0) {
        text_add(&text, text.length > 0 ? "; " : "");
        text_add(&text, _("others: %s"), wording_figure(others).text);
    }
    if (unknown > 0) {
        text_add(&text, text.length > 0 ? "; " : "");
        text_add(&text, _("not known: %s"), wording_figure(unknown).text);
    }
    put(table, REMARK, &text);
}

/* Where they lie, a row each, against who has them, a column each. */
static void add_holdings(struct table *table, const struct finding *finding, enum holder_role role)
{
    static const char *const LABELS[HOLDER_ROLES] = {N_("lies in %s, reported to"),
                                                     N_("lies in %s, responsible")};
    const struct holdings *holdings = &finding->holdings[role];
    for (int lies = 0; lies < SIDES && holdings->count > 0; lies++) {
        struct text label = {0};
        if (finding->squares[lies].take_part)
            continue;
        text_add(&label, _(LABELS[role]), owner_of(table, finding, lies)->name);
        begin_with(table, &label);
        for (int side = 0; side < SIDES; side++)
            put_part(table, (size_t)side + 1, holdings->items[side].incidents[lies],
                     holdings->known[lies]);
        put_count(table, TOGETHER, holdings->known[lies]);
        put_elsewhere(table, finding, role, lies);
        text_free(&label);
    }
}

/* "3 (487)": its place in a list and how many incidents stand there; "–" when it is not in it. */
static void put_rank(struct table *table, size_t column, int32_t rank, size_t incidents)
{
    struct text text = {0};
    if (rank > 0) {
        text_add(&text, "%d (", rank);
        wording_count(&text, incidents);
        text_add(&text, ")");
    } else {
        text_add(&text, "–");
    }
    put(table, column, &text);
}

static void add_blind(struct table *table, const struct border_cluster *cluster)
{
    begin(table, _("  blind spot"));
    for (int side = 0; side < SIDES; side++)
        put_share(table, (size_t)side + 1, cluster->blind[side]);
}

static void add_lead(struct table *table, const struct finding *finding,
                     const struct border_cluster *cluster)
{
    const struct lead *lead = cluster->lead;
    struct border_telling telling = {.findings = table->findings, .finding = finding};
    struct text verdict = {0};
    for (int side = 0; side < SIDES; side++)
        telling.names[side] = owner_of(table, finding, side)->name;
    begin(table, _("  share, with its interval"));
    for (int side = 0; side < SIDES; side++)
        put_range(table, (size_t)side + 1, &cluster->sides.share[side]);
    border_words_verdict(&verdict, &telling, &cluster->sides);
    text_add(&verdict, _("; the same majority in %zu of %d runs, %zu of %zu quarters"),
             lead->runs_same, LEAD_RUNS, lead->quarters_same, lead->quarters.count);
    put(table, REMARK, &verdict);
    add_blind(table, cluster);
}

/* Where squares take part, a cluster is one of incidents, and only what its side says of it holds;
 * what lies over the border shows in the blind spot. */
static void add_cluster(struct table *table, const struct finding *finding, size_t number)
{
    const struct border_cluster *cluster = &finding->border.clusters[number];
    bool whole = !finding_has_squares(finding);
    struct text label = {0}, remark = {0};
    text_add(&label, _("cluster %d: place in the list"), cluster->number);
    begin_with(table, &label);
    for (int side = 0; side < SIDES; side++) {
        bool known = cluster->rank[side] > 0 && !finding->squares[side].take_part;
        put_rank(table, (size_t)side + 1, known ? cluster->rank[side] : 0,
                 known ? cluster->parts[side].items[0].incidents : 0);
    }
    put_rank(table, TOGETHER, whole ? cluster->number : 0,
             finding->border.together.items[number].incidents);
    text_add(&remark, "%s", whole && cluster->crosses ? _("across the border") : "");
    put(table, REMARK, &remark);
    text_free(&label);
    if (cluster->lead != NULL && whole)
        add_lead(table, finding, cluster);
    else if (!whole && cluster->blind[0] >= 0.005 && cluster->blind[1] >= 0.005)
        add_blind(table, cluster);
}

static bool tell_border(struct table *table, struct sheet_column *columns)
{
    const struct finding *finding = &table->findings->items[0];
    const char *const titles[] = {"", owner_of(table, finding, 0)->name,
                                  owner_of(table, finding, 1)->name, _("together"), ""};
    table->sheet->column_count = REMARK + 1;
    for (size_t c = 0; c <= REMARK; c++)
        columns[c] =
            (struct sheet_column){"", titles[c], c > 0 && c < REMARK ? SHEET_NUMBER : SHEET_TEXT};
    add_incidents(table, finding);
    for (int role = 0; role < HOLDER_ROLES; role++)
        add_holdings(table, finding, (enum holder_role)role);
    add_strip(table, finding);
    for (size_t i = 0; i < finding->border.together.count && !table->failed; i++)
        add_cluster(table, finding, i);
    return !table->failed;
}

bool border_report_table(struct sheet *sheet, struct sheet_column columns[BORDER_COLUMNS],
                         const struct findings *findings, struct error *error)
{
    struct table table = {.sheet = sheet, .findings = findings, .error = error};
    sheet->columns = columns;
    return findings->count == 1 ? tell_border(&table, columns) : list_borders(&table, columns);
}
