/* Clusters as a sheet, as JSON with shares, and as GeoJSON in WGS 84. */
#include "engine/report/cluster_report.h"

#include "engine/formats/geojson_write.h"
#include "engine/formats/json.h"
#include "engine/space/projection.h"

#include <libintl.h>
#include <stdio.h>
#include <string.h>

/* clang-format off */
enum column { NUMBER, CODE, NAME, DOMAIN, INCIDENTS, CORE, X, Y, REACH, AREA, FIRST, LAST, CATEGORY,
              EARLIER, CHANGE, INTO };
static const struct sheet_column COLUMNS[] = {
    {"cluster", N_("cluster"), SHEET_NUMBER}, {"jurisdiction_code", N_("code"), SHEET_TEXT},
    {"jurisdiction", N_("jurisdiction"), SHEET_TEXT}, {"domain", N_("domain"), SHEET_TEXT},
    {"incidents", N_("incidents"), SHEET_NUMBER}, {"core", N_("core"), SHEET_NUMBER},
    {"x", "x", SHEET_NUMBER}, {"y", "y", SHEET_NUMBER}, {"reach_m", N_("reach m"), SHEET_NUMBER},
    {"area_ha", N_("area ha"), SHEET_NUMBER}, {"first", N_("first"), SHEET_TEXT},
    {"last", N_("last"), SHEET_TEXT}, {"category", N_("category"), SHEET_TEXT},
    {"earlier", N_("earlier"), SHEET_NUMBER}, {"change", N_("change"), SHEET_TEXT},
    {"into", N_("into"), SHEET_NUMBER},
};
/* clang-format on */
enum { COLUMN_TOTAL = sizeof COLUMNS / sizeof *COLUMNS, COLUMNS_ALONE = EARLIER };

static bool is_hidden(const struct study *study, uint32_t category)
{
    return !study->options->sensitive
           && strcmp(dictionary_text(study->categories, category), "organised-crime") == 0;
}

/* Of equally frequent ones the first by name, so that the order of the rows does not choose. */
const char *cluster_report_category(const struct cluster *cluster, const struct study *study)
{
    const char *best = "";
    size_t most = 0;
    for (size_t i = 0; i < cluster->categories.count; i++) {
        const struct share *share = &cluster->categories.items[i];
        const char *name = dictionary_text(study->categories, share->value);
        if (is_hidden(study, share->value) || name[0] == '\0')
            continue;
        if (share->incidents > most || (share->incidents == most && strcmp(name, best) < 0)) {
            most = share->incidents;
            best = name;
        }
    }
    return best;
}

static const struct jurisdiction *jurisdiction_of(const struct cluster *cluster,
                                                  const struct cluster_report *report)
{
    if (!report->grouping->jurisdiction || cluster->owners.count == 0)
        return NULL;
    return &report->study->boundaries.jurisdictions.items[cluster->owners.items[0].value];
}

static const char *domain_of(const struct cluster *cluster, const struct cluster_report *report)
{
    if (!report->grouping->domain || cluster->domains.count == 0)
        return "";
    return domain_name((enum domain)cluster->domains.items[0].value);
}

static bool add_cluster(struct sheet *sheet, const struct cluster *cluster,
                        const struct cluster_report *report, struct error *error)
{
    char first[MOMENT_TEXT], last[MOMENT_TEXT];
    const struct jurisdiction *owner = jurisdiction_of(cluster, report);
    moment_format(first, cluster->first);
    moment_format(last, cluster->last);
    return sheet_add_row(sheet, error) && sheet_set_number(sheet, NUMBER, cluster->number, 0, error)
           && sheet_set(sheet, CODE, owner != NULL ? owner->code : "", error)
           && sheet_set(sheet, NAME, owner != NULL ? owner->name : "", error)
           && sheet_set(sheet, DOMAIN, domain_of(cluster, report), error)
           && sheet_set_number(sheet, INCIDENTS, (double)cluster->incidents, 0, error)
           && sheet_set_number(sheet, CORE, (double)cluster->core, 0, error)
           && sheet_set_number(sheet, X, cluster->x, 1, error)
           && sheet_set_number(sheet, Y, cluster->y, 1, error)
           && sheet_set_number(sheet, REACH, cluster->reach_m, 1, error)
           && sheet_set_number(sheet, AREA, cluster->area_ha, 2, error)
           && sheet_set(sheet, FIRST, first, error) && sheet_set(sheet, LAST, last, error)
           && sheet_set(sheet, CATEGORY, cluster_report_category(cluster, report->study), error);
}

static bool set_change(struct sheet *sheet, int32_t earlier, enum identity_change change,
                       const struct cluster_report *report, struct error *error)
{
    const char *name = identity_change_name(change);
    return (earlier == 0 || sheet_set_number(sheet, EARLIER, earlier, 0, error))
           && sheet_set(sheet, CHANGE, report->in_words ? gettext(name) : name, error);
}

/* The row of an earlier cluster that none of now has the number of. */
static bool add_earlier(struct sheet *sheet, const struct earlier_cluster *cluster,
                        const struct identity_earlier *fate, const struct cluster_report *report,
                        struct error *error)
{
    return sheet_add_row(sheet, error) && sheet_set(sheet, CODE, cluster->code, error)
           && sheet_set(sheet, NAME, cluster->name, error)
           && sheet_set(sheet, DOMAIN, cluster->domain, error)
           && set_change(sheet, cluster->number, fate->change, report, error)
           && (fate->into == 0 || sheet_set_number(sheet, INTO, fate->into, 0, error));
}

static bool has_row(const struct earlier *earlier, size_t cluster)
{
    return earlier->identity.earlier[cluster].change != IDENTITY_SAME;
}

bool cluster_report_sheet(struct sheet *sheet, const struct cluster_report *report,
                          struct error *error)
{
    const struct earlier *earlier = report->earlier;
    sheet->columns = COLUMNS;
    sheet->column_count = earlier != NULL ? COLUMN_TOTAL : COLUMNS_ALONE;
    for (size_t i = 0; i < report->clusters->count; i++) {
        if (!add_cluster(sheet, &report->clusters->items[i], report, error))
            return false;
        if (earlier == NULL)
            continue;
        const struct identity_now *now = &earlier->identity.now[i];
        if (!set_change(sheet, now->earlier, now->change, report, error))
            return false;
    }
    for (size_t e = 0; earlier != NULL && e < earlier->count; e++)
        if (has_row(earlier, e)
            && !add_earlier(sheet, &earlier->items[e], &earlier->identity.earlier[e], report,
                            error))
            return false;
    return true;
}

enum share_of { SHARE_JURISDICTION, SHARE_DOMAIN, SHARE_CATEGORY, SHARE_SOURCE };

static const char *share_name(enum share_of what, uint32_t value, const struct study *study)
{
    switch (what) {
    case SHARE_JURISDICTION:
        return study->boundaries.jurisdictions.items[value].name;
    case SHARE_DOMAIN:
        return domain_name((enum domain)value);
    case SHARE_CATEGORY:
        return dictionary_text(study->categories, value);
    case SHARE_SOURCE:
        return dictionary_text(study->sources, value);
    }
    return "";
}

/* Names need not differ, codes do; boundaries may have none. */
static void add_code(struct text *text, const char *code)
{
    text_add(text, "\"code\": ");
    if (code[0] != '\0')
        json_string(text, code);
    else
        text_add(text, "null");
    text_add(text, ", ");
}

/* Whether share b is shown before a: more incidents, or as many and an earlier name; of one name
 * (jurisdictions may share it) the lower code. */
static bool goes_before(const struct share *b, const struct share *a, enum share_of what,
                        const struct study *study)
{
    if (b->incidents != a->incidents)
        return b->incidents > a->incidents;
    int order = strcmp(share_name(what, b->value, study), share_name(what, a->value, study));
    return order != 0 ? order < 0 : b->value < a->value;
}

/* By falling incidents, then by name: the numbers in a dictionary hang on the order of the rows. */
static void add_shares(struct text *text, const struct shares *shares, enum share_of what,
                       const struct study *study)
{
    const struct share *last = NULL;
    size_t told = 0;
    text_add(text, "[");
    for (size_t n = 0; n < shares->count; n++) {
        const struct share *next = NULL;
        for (size_t i = 0; i < shares->count; i++) {
            const struct share *share = &shares->items[i];
            if ((last == NULL || goes_before(last, share, what, study)) && share != last
                && (next == NULL || goes_before(share, next, what, study)))
                next = share;
        }
        if (next == NULL)
            break;
        if (what != SHARE_CATEGORY || !is_hidden(study, next->value)) {
            text_add(text, "%s{", told++ > 0 ? ", " : "");
            if (what == SHARE_JURISDICTION)
                add_code(text, study->boundaries.jurisdictions.items[next->value].code);
            text_add(text, "\"name\": ");
            json_string(text, share_name(what, next->value, study));
            text_add(text, ", \"incidents\": %zu}", next->incidents);
        }
        last = next;
    }
    text_add(text, "]");
}

static void add_member(struct text *text, const char *name, const char *value, bool number)
{
    text_add(text, ", \"%s\": ", name);
    if (value == NULL || value[0] == '\0')
        text_add(text, "null");
    else if (number)
        text_add(text, "%s", value);
    else
        json_string(text, value);
}

/* The columns of the sheet as members, and the shares behind them. */
static void add_properties(struct text *text, const struct sheet *sheet, size_t row,
                           const struct cluster_report *report)
{
    static const struct cluster none; /* an earlier one has no incidents */
    const struct cluster *cluster =
        row < report->clusters->count ? &report->clusters->items[row] : &none;
    char **cells = &sheet->cells[row * sheet->column_count];
    text_add(text, "\"cluster\": %s", cells[NUMBER] != NULL ? cells[NUMBER] : "null");
    for (size_t c = 1; c < sheet->column_count; c++)
        add_member(text, COLUMNS[c].name, cells[c], COLUMNS[c].kind == SHEET_NUMBER);
    text_add(text, ", \"jurisdictions\": ");
    add_shares(text, &cluster->owners, SHARE_JURISDICTION, report->study);
    text_add(text, ", \"domains\": ");
    add_shares(text, &cluster->domains, SHARE_DOMAIN, report->study);
    text_add(text, ", \"categories\": ");
    add_shares(text, &cluster->categories, SHARE_CATEGORY, report->study);
    text_add(text, ", \"sources\": ");
    add_shares(text, &cluster->sources, SHARE_SOURCE, report->study);
}

void cluster_report_json(struct text *text, const struct cluster_report *report)
{
    struct sheet sheet = {0};
    if (!cluster_report_sheet(&sheet, report, NULL))
        text->failed = true;
    text_add(text, "[");
    for (size_t i = 0; i < sheet.row_count && !text->failed; i++) {
        text_add(text, "%s\n  {", i > 0 ? "," : "");
        add_properties(text, &sheet, i, report);
        text_add(text, "}");
    }
    text_add(text, sheet.row_count > 0 ? "\n]\n" : "]\n");
    sheet_free(&sheet);
}

/* The outline of the cluster in a row of the sheet: of now, then of those earlier ones that have a
 * row. */
static const struct shape *outline_of(const struct cluster_report *report, size_t row)
{
    if (row < report->clusters->count)
        return &report->clusters->items[row].outline;
    size_t left = row - report->clusters->count, e = 0;
    for (; !has_row(report->earlier, e) || left-- > 0; e++)
        ;
    return &report->earlier->items[e].outline;
}

static bool add_feature(struct text *text, const struct shape *outline,
                        const struct projection *projection, struct error *error)
{
    struct shape degrees = {0};
    if (!shape_copy(&degrees, outline, error))
        return false;
    bool done =
        projection_points_exact(projection, degrees.x, degrees.y, degrees.point_count, error);
    geojson_geometry(text, outline, &degrees);
    shape_free(&degrees);
    return done;
}

/* What they were found with, so that a later run can tell whether it compares like with like. */
static void add_settings(struct text *text, const struct options *options)
{
    text_add(text, "\"radius_m\": ");
    json_number(text, options->radius_m, 3);
    text_add(text, ", \"min_points\": %d, ", options->min_points);
}

bool cluster_report_geojson(struct text *text, const struct cluster_report *report,
                            struct error *error)
{
    struct sheet sheet = {0};
    struct projection *projection =
        projection_open(report->study->boundaries.crs, "EPSG:4326", error);
    bool done = projection != NULL && cluster_report_sheet(&sheet, report, error);
    text_add(text, "{\"type\": \"FeatureCollection\", ");
    if (report->earlier != NULL) /* so that a number that is gone is not given again */
        text_add(text, "\"highest_cluster\": %d, ", (int)report->earlier->identity.highest);
    add_settings(text, report->study->options);
    text_add(text, "\"features\": [");
    for (size_t i = 0; done && i < sheet.row_count; i++) {
        text_add(text, "%s\n  {\"type\": \"Feature\", \"properties\": {", i > 0 ? "," : "");
        add_properties(text, &sheet, i, report);
        text_add(text, "}, \"geometry\": ");
        done = add_feature(text, outline_of(report, i), projection, error);
        text_add(text, "}");
    }
    text_add(text, "\n]}\n");
    projection_close(projection);
    sheet_free(&sheet);
    return done;
}
