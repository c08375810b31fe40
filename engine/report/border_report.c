/* What was found at borders, as rows of numbers: everything that the border sheet shows. */
#include "engine/report/border_report.h"

#include "engine/report/cluster_report.h"
#include "engine/report/wording.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum column { BETWEEN, TOPIC, CLUSTER, CODE, NAME, KEY, VALUE, LOW, HIGH, TEXT };
static const struct sheet_column COLUMNS[] = {
    {"between", "between", SHEET_TEXT},
    {"topic", "topic", SHEET_TEXT},
    {"cluster", "cluster", SHEET_NUMBER},
    {"jurisdiction_code", "code", SHEET_TEXT},
    {"jurisdiction", "jurisdiction", SHEET_TEXT},
    {"key", "key", SHEET_TEXT},
    {"value", "value", SHEET_NUMBER},
    {"low", "low", SHEET_NUMBER},
    {"high", "high", SHEET_NUMBER},
    {"text", "text", SHEET_TEXT},
};
enum { NOBODY = -1 };

/* Rows are added one after the other; a failure is remembered and ends the adding. */
struct rows {
    struct sheet *sheet;
    const struct findings *findings;
    const struct finding *finding;
    const char *topic;
    int32_t cluster; /* 0: none */
    struct error *error;
    bool failed;
};

static const struct jurisdiction *owner_of(const struct rows *rows, int side)
{
    const struct study *study = rows->findings->gathered.study;
    return &study->boundaries.jurisdictions.items[rows->finding->owners[side]];
}

static void begin(struct rows *rows, int side, const char *key)
{
    struct sheet *sheet = rows->sheet;
    char between[256];
    snprintf(between, sizeof between, "%s,%s", jurisdiction_key(owner_of(rows, 0)),
             jurisdiction_key(owner_of(rows, 1)));
    bool done = !rows->failed && sheet_add_row(sheet, rows->error)
                && sheet_set(sheet, BETWEEN, between, rows->error)
                && sheet_set(sheet, TOPIC, rows->topic, rows->error)
                && sheet_set(sheet, KEY, key, rows->error);
    if (done && rows->cluster > 0)
        done = sheet_set_number(sheet, CLUSTER, rows->cluster, 0, rows->error);
    if (done && side != NOBODY)
        done = sheet_set(sheet, CODE, owner_of(rows, side)->code, rows->error)
               && sheet_set(sheet, NAME, owner_of(rows, side)->name, rows->error);
    rows->failed = !done;
}

static void fill(struct rows *rows, enum column column, double value, int decimals)
{
    if (!rows->failed && isfinite(value))
        rows->failed = !sheet_set_number(rows->sheet, column, value, decimals, rows->error);
}

static void add_number(struct rows *rows, int side, const char *key, double value, int decimals)
{
    begin(rows, side, key);
    fill(rows, VALUE, value, decimals);
}

static void add_count(struct rows *rows, int side, const char *key, size_t count)
{
    add_number(rows, side, key, (double)count, 0);
}

enum { SHARE_DECIMALS = 6 };

static void add_range(struct rows *rows, int side, const char *key, const struct interval *range)
{
    begin(rows, side, key);
    fill(rows, VALUE, range->estimate, SHARE_DECIMALS);
    fill(rows, LOW, range->low, SHARE_DECIMALS);
    fill(rows, HIGH, range->high, SHARE_DECIMALS);
}

static void add_text(struct rows *rows, const char *key, const char *value)
{
    begin(rows, NOBODY, key);
    if (!rows->failed)
        rows->failed = !sheet_set(rows->sheet, TEXT, value, rows->error);
}

/* ---- the border as a whole ---- */

static void add_quality(struct rows *rows)
{
    const struct border_quality *quality = &rows->finding->quality;
    rows->topic = "quality";
    add_number(rows, NOBODY, "shared_m", quality->shared_m, 1);
    add_number(rows, NOBODY, "longest_straight_m", quality->longest_straight_m, 1);
    add_number(rows, NOBODY, "vertices_per_km", quality->vertices_per_km, 2);
    add_number(rows, NOBODY, "overlap_m2", quality->overlap_m2, 0);
    add_number(rows, NOBODY, "overlap_width_m", quality->overlap_width_m, 2);
    add_number(rows, NOBODY, "gap_m2", quality->gap_m2, 0);
    add_number(rows, NOBODY, "gap_width_m", quality->gap_width_m, 2);
}

/* Of incidents and squares together; how many squares lie in the border band is not known. */
static void add_total(struct rows *rows, int side)
{
    const struct package_count *squares = &rows->finding->squares[side].count;
    double own = (double)rows->finding->border.incidents[side];
    begin(rows, side, "total");
    fill(rows, VALUE, own + (double)squares->incidents, 0);
    fill(rows, LOW, own + (double)squares->span.low, 0);
    if (squares->span.high < DISCLOSURE_NO_END)
        fill(rows, HIGH, own + (double)squares->span.high, 0);
    begin(rows, side, "squares_with_count");
    fill(rows, VALUE, (double)rows->finding->squares[side].list.count, 0);
}

static void add_incidents(struct rows *rows)
{
    const struct finding *finding = rows->finding;
    rows->topic = "incidents";
    for (int side = 0; side < SIDES; side++) {
        if (finding->squares[side].take_part) {
            add_total(rows, side);
            continue;
        }
        add_count(rows, side, "total", finding->border.incidents[side]);
        add_count(rows, side, "in_border_band", finding->uncertain[side]);
    }
    add_number(rows, NOBODY, "band_m", rows->finding->band_m, 3);
}

static const char *key_of(const struct holding *holding)
{
    return holding->jurisdiction != NULL ? jurisdiction_key(holding->jurisdiction) : holding->name;
}

static void name_holder(struct rows *rows, const struct holding *holding)
{
    if (!rows->failed)
        rows->failed = !sheet_set(rows->sheet, TEXT, holding->name, rows->error);
}

static void add_holding(struct rows *rows, const struct holding *holding, int side)
{
    bool is_side =
        holding->holder == rows->finding->owners[0] || holding->holder == rows->finding->owners[1];
    if (holding->incidents[side] == 0 && !is_side)
        return;
    add_count(rows, side, key_of(holding), holding->incidents[side]);
    name_holder(rows, holding);
}

static void add_holding_share(struct rows *rows, const struct holding *holding, int side,
                              size_t known)
{
    if (holding->incidents[side] == 0 || holding->holder == HOLDER_UNKNOWN)
        return;
    const struct interval share = interval_share(holding->incidents[side], known);
    add_range(rows, side, key_of(holding), &share);
    name_holder(rows, holding);
}

static void add_holdings(struct rows *rows)
{
    static const char *const TOPICS[HOLDER_ROLES][2] = {{"reported", "reported-share"},
                                                        {"responsible", "responsible-share"}};
    for (int r = 0; r < HOLDER_ROLES; r++) {
        const struct holdings *holdings = &rows->finding->holdings[r];
        for (int side = 0; side < SIDES; side++) {
            if (rows->finding->squares[side].take_part)
                continue; /* of squares it is not known */
            rows->topic = TOPICS[r][0];
            for (size_t i = 0; i < holdings->count; i++)
                add_holding(rows, &holdings->items[i], side);
            rows->topic = TOPICS[r][1];
            for (size_t i = 0; i < holdings->count; i++)
                add_holding_share(rows, &holdings->items[i], side, holdings->known[side]);
        }
    }
}

static void add_strips(struct rows *rows)
{
    rows->topic = "strip";
    for (int side = 0; side < SIDES; side++) {
        const struct border_strip *strip = &rows->finding->border.strips[side];
        add_number(rows, side, "incidents", strip->incidents, 3);
        add_number(rows, side, "blind", strip->blind, SHARE_DECIMALS);
        add_number(rows, side, "guess_error", strip->guess_error, SHARE_DECIMALS);
        add_number(rows, side, "guess_bias", strip->guess_bias, SHARE_DECIMALS);
    }
}

/* The share of a side's incidents, with the priority as it is put and how it stands. */
static void add_priorities(struct rows *rows)
{
    const struct priority_rows *priorities = &rows->findings->priorities;
    rows->topic = "priority";
    for (size_t i = 0; i < priorities->count; i++) {
        const struct priority_standing *row = &priorities->items[i];
        for (int side = 0; side < SIDES; side++) {
            if (row->jurisdiction != rows->finding->owners[side]
                || rows->finding->squares[side].take_part)
                continue;
            add_number(rows, side, row->category, row->share, SHARE_DECIMALS);
            if (!rows->failed)
                rows->failed =
                    !sheet_set(rows->sheet, TEXT, load_verdict_name(row->verdict), rows->error);
        }
    }
}

/* ---- one cluster ---- */

static void add_cluster(struct rows *rows, const struct cluster *cluster, bool crosses)
{
    char first[MOMENT_TEXT], last[MOMENT_TEXT];
    moment_format(first, cluster->first);
    moment_format(last, cluster->last);
    rows->topic = "cluster";
    add_count(rows, NOBODY, "incidents", cluster->incidents);
    add_count(rows, NOBODY, "core", cluster->core);
    add_number(rows, NOBODY, "x", cluster->x, 1);
    add_number(rows, NOBODY, "y", cluster->y, 1);
    add_number(rows, NOBODY, "reach_m", cluster->reach_m, 1);
    add_number(rows, NOBODY, "area_ha", cluster->area_ha, 2);
    if (!finding_has_squares(rows->finding))
        add_count(rows, NOBODY, "crosses", crosses);
    add_text(rows, "first", first);
    add_text(rows, "last", last);
}

static void add_sides(struct rows *rows, const struct border_cluster *cluster)
{
    for (int side = 0; side < SIDES; side++) {
        const struct border_parts *parts = &cluster->parts[side];
        rows->topic = "side";
        if (!finding_has_squares(rows->finding)) {
            add_count(rows, side, "incidents", cluster->sides.incidents[side]);
            add_range(rows, side, "share", &cluster->sides.share[side]);
        }
        add_number(rows, side, "blind", cluster->blind[side], SHARE_DECIMALS);
        if (rows->finding->squares[side].take_part)
            continue;
        add_number(rows, side, "rank",
                   cluster->rank[side] > 0 ? (double)cluster->rank[side] : (double)NAN, 0);
        rows->topic = "alone";
        for (size_t i = 0; i < parts->count; i++) {
            char key[32];
            snprintf(key, sizeof key, "%d", parts->items[i].rank);
            add_count(rows, side, key, parts->items[i].incidents);
        }
    }
}

static const char *share_name(const struct rows *rows, uint32_t value)
{
    if (strcmp(rows->topic, "domain") == 0)
        return domain_name((enum domain)value);
    return dictionary_text(rows->findings->gathered.study->sources, value);
}

/* Whether a share is shown after another: fewer incidents, or as many and a later name. A number in
 * a dictionary hangs on the order of the files. */
static bool goes_behind(const struct rows *rows, const struct share *share,
                        const struct share *other)
{
    if (share->incidents != other->incidents)
        return share->incidents < other->incidents;
    return strcmp(share_name(rows, share->value), share_name(rows, other->value)) > 0;
}

static void add_shares(struct rows *rows, const char *topic, const struct shares *shares,
                       size_t whole)
{
    rows->topic = topic;
    for (size_t place = 0; place < shares->count; place++)
        for (size_t i = 0; i < shares->count; i++) {
            const struct share *share = &shares->items[i];
            size_t before = 0;
            for (size_t j = 0; j < shares->count; j++)
                before += goes_behind(rows, share, &shares->items[j]);
            const struct interval range = interval_share(share->incidents, whole);
            if (before == place)
                add_range(rows, NOBODY, share_name(rows, share->value), &range);
        }
}

static void add_parts(struct rows *rows, const char *topic, const struct lead_parts *parts)
{
    bool domains = strcmp(topic, "lead-domain") == 0;
    rows->topic = topic;
    for (size_t i = 0; i < parts->count; i++) {
        const struct lead_part *part = &parts->items[i];
        char key[32];
        if (domains)
            snprintf(key, sizeof key, "%s", domain_name((enum domain)part->value));
        else
            snprintf(key, sizeof key, "%u-Q%u", part->value / 4, part->value % 4 + 1);
        for (int side = 0; side < SIDES; side++)
            add_range(rows, side, key, &part->sides.share[side]);
    }
}

static void add_lead(struct rows *rows, const struct lead *lead)
{
    static const char *const VERDICTS[] = {[LEAD_CANNOT_TELL] = "cannot-tell",
                                           [LEAD_SHARED] = "shared",
                                           [LEAD_POINTS_TO] = "points-to"};
    rows->topic = "lead";
    add_text(rows, "verdict", VERDICTS[lead->sides.verdict]);
    if (lead->sides.verdict == LEAD_POINTS_TO)
        add_text(rows, "points_to", jurisdiction_key(owner_of(rows, (int)lead->sides.points_to)));
    add_count(rows, NOBODY, "runs_same", lead->runs_same);
    add_count(rows, NOBODY, "runs", LEAD_RUNS);
    add_count(rows, NOBODY, "quarters_same", lead->quarters_same);
    add_count(rows, NOBODY, "quarters", lead->quarters.count);
    for (int side = 0; side < SIDES; side++) {
        const struct interval runs = {lead->sides.share[side].estimate, lead->run_low[side],
                                      lead->run_high[side]};
        add_range(rows, side, "share_in_runs", &runs);
    }
    add_parts(rows, "lead-domain", &lead->domains);
    add_parts(rows, "lead-quarter", &lead->quarters);
}

static void add_clusters(struct rows *rows)
{
    const struct border *border = &rows->finding->border;
    for (size_t i = 0; i < border->together.count && !rows->failed; i++) {
        const struct cluster *cluster = &border->together.items[i];
        const struct border_cluster *found = &border->clusters[i];
        rows->cluster = found->number;
        add_cluster(rows, cluster, found->crosses);
        add_sides(rows, found);
        add_shares(rows, "domain", &cluster->domains, cluster->incidents);
        add_shares(rows, "source", &cluster->sources, cluster->incidents);
        if (found->lead != NULL && !finding_has_squares(rows->finding))
            add_lead(rows, found->lead);
    }
    rows->cluster = 0;
}

bool border_report_rows(struct sheet *sheet, const struct findings *findings, struct error *error)
{
    struct rows rows = {.sheet = sheet, .findings = findings, .error = error};
    sheet->columns = COLUMNS;
    sheet->column_count = sizeof COLUMNS / sizeof *COLUMNS;
    for (size_t i = 0; i < findings->count && !rows.failed; i++) {
        rows.finding = &findings->items[i];
        add_quality(&rows);
        add_incidents(&rows);
        add_holdings(&rows);
        add_strips(&rows);
        add_priorities(&rows);
        add_clusters(&rows);
    }
    return !rows.failed;
}
