/* plein check: what is in these files, and can it be trusted? */
#include "cli/command.h"

#include "engine/report/handover_tables.h"
#include "engine/report/packages_read.h"
#include "engine/study/checking.h"

#include <stdio.h>
#include <string.h>

/* One line of the answer: what it is about, what was looked at, what was found. */
static const struct sheet_column COLUMNS[] = {
    {"subject", N_("subject"), SHEET_TEXT},
    {"item", N_("item"), SHEET_TEXT},
    {"value", N_("value"), SHEET_TEXT},
    {"remark", N_("remark"), SHEET_TEXT},
};

struct writing {
    struct sheet sheet;
    struct error *error;
    bool failed;
    size_t warnings;
};

static void add(struct writing *to, const char *subject, const char *item, const char *value,
                const char *remark)
{
    to->failed = to->failed || !sheet_add_row(&to->sheet, to->error)
                 || !sheet_set(&to->sheet, 0, subject, to->error)
                 || !sheet_set(&to->sheet, 1, item, to->error)
                 || !sheet_set(&to->sheet, 2, value, to->error)
                 || !sheet_set(&to->sheet, 3, remark, to->error);
    to->warnings += remark[0] != '\0';
}

/* A text's bytes; one that is cut short for want of memory ends the answer. */
static const char *whole(struct writing *to, const struct text *text)
{
    to->failed = to->failed || !text_check(text, to->error);
    return text->bytes != NULL ? text->bytes : "";
}

PRINTF_LIKE(4, 5)
static void add_value(struct writing *to, const char *subject, const char *item, const char *format,
                      ...)
{
    char value[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(value, sizeof value, format, arguments);
    va_end(arguments);
    add(to, subject, item, value, "");
}

static void add_boundaries(struct writing *to, const struct study *study)
{
    const struct boundary_findings *findings = &study->boundaries.findings;
    const char *file = text_file_name(study->options->boundaries);
    add_value(to, file, _("records"), "%zu", findings->records);
    add_value(to, file, _("jurisdictions"), "%zu", study->boundaries.jurisdictions.count);
    add_value(to, file, _("area in the file's system"), "%.6f", findings->area_m2);
    add_value(to, file, _("reference system"), "%s", findings->system);
    add_value(to, file, _("the study's system"), "%s", study->boundaries.crs);
    if (findings->projected)
        add_value(to, file, _("accuracy of the transformation, m"), "%g", findings->accuracy_m);
    add_value(to, file, _("records without a code"), "%zu", findings->without_code);
    add_value(to, file, _("records that were repaired"), "%zu", findings->repaired);
}

static void add_borders(struct writing *to, const struct checking *checking)
{
    const struct jurisdiction *items = checking->study->boundaries.jurisdictions.items;
    for (size_t i = 0; i < checking->border_count; i++) {
        const struct border_quality *border = &checking->borders[i];
        char pair[256], value[256];
        snprintf(pair, sizeof pair, "%s / %s", items[border->a].name, items[border->b].name);
        snprintf(value, sizeof value, "%.0f", border->overlap_m2);
        add(to, pair, _("overlap, m²"), value,
            border->overlap_m2 >= 0.5
                ? _("both claim this ground; an incident in it goes to the lower code")
                : "");
        snprintf(value, sizeof value, "%.0f", border->gap_m2);
        add(to, pair, _("gap, m²"), value,
            border->gap_m2 >= 0.5 ? _("nobody has this ground") : "");
        snprintf(value, sizeof value, "%.0f / %.0f / %.1f", border->shared_m,
                 border->longest_straight_m, border->vertices_per_km);
        add(to, pair, _("shared border m / longest straight run m / vertices per km"), value,
            checking_is_coarse(border)
                ? _("too generalised for a plaza: take boundaries that are not simplified")
                : "");
    }
}

/* "Heemskerk 51234 / Beverwijk 49876" for the district whose ground begins at *at, which is stepped
 * over. */
static void add_crossing(struct writing *to, const struct checking *checking, size_t *at)
{
    const struct study *study = checking->study;
    const struct overlay_pair *pairs = checking->crossing.pairs;
    const size_t district = pairs[*at].first;
    struct text value = {0};
    for (; *at < checking->crossing.count && pairs[*at].first == district; (*at)++)
        text_add(&value, "%s%s %.0f", value.length > 0 ? " / " : "",
                 study->boundaries.jurisdictions.items[pairs[*at].second].name, pairs[*at].area_m2);
    add(to, study->districts.jurisdictions.items[district].name,
        _("district's ground in each jurisdiction, m²"), whole(to, &value),
        _("lies across a border: what is in it does not add up to one jurisdiction"));
    text_free(&value);
}

static void add_districts(struct writing *to, const struct checking *checking)
{
    const struct study *study = checking->study;
    const struct overlay *crossing = &checking->crossing;
    size_t districts = 0;
    if (study->district_assignment == NULL)
        return;
    const char *file = text_file_name(study->options->districts);
    for (size_t i = 0; i < crossing->count; i++)
        districts += i == 0 || crossing->pairs[i].first != crossing->pairs[i - 1].first;
    add_value(to, file, _("districts"), "%zu", study->districts.jurisdictions.count);
    add_value(to, file, _("districts across a border"), "%zu", districts);
    for (size_t i = 0; i < crossing->count;)
        add_crossing(to, checking, &i);
}

static const char *problem_name(enum row_problem problem)
{
    switch (problem) {
    case ROW_SHORT:
        return _("skipped: fewer fields than the header");
    case ROW_LONG:
        return _("skipped: more fields than the header");
    case ROW_BAD_COORDINATE:
        return _("skipped: a coordinate that is no number");
    case ROW_BAD_WEIGHT:
        return _("skipped: a weight that is no whole number from 1 on");
    case ROW_BAD_QUOTES:
        return _("skipped: a quote that never closes");
    case ROW_BAD_DATE:
        return _("kept: a date that cannot be read");
    case ROW_NO_PLACE:
        return _("no place: empty coordinates");
    case ROW_ZERO_PLACE:
        return _("no place: coordinates 0,0");
    case ROW_OUT_OF_RANGE:
        return _("no place: coordinates out of range");
    }
    return "";
}

static void add_problem(struct writing *to, const struct source_facts *facts,
                        enum row_problem problem)
{
    const struct row_report *report = &facts->report;
    struct text lines = {0};
    char value[32];
    snprintf(value, sizeof value, "%zu", report->counts[problem]);
    text_add(&lines, "%s", facts->csv.has_rows ? _("rows") : _("lines"));
    for (size_t i = 0; i < report->counts[problem] && i < ROW_EXAMPLES; i++)
        text_add(&lines, "%s %zu", i > 0 ? "," : "", report->lines[problem][i]);
    if (report->counts[problem] > ROW_EXAMPLES)
        text_add(&lines, " ...");
    if (report->examples[problem][0] != '\0')
        text_add(&lines, " ('%s')", report->examples[problem]);
    add(to, facts->file, problem_name(problem), value, whole(to, &lines));
    text_free(&lines);
}

static void add_places(struct writing *to, const struct source_facts *facts)
{
    if (facts->method[0] == '\0')
        return;
    if (facts->accuracy_m > 0)
        add_value(to, facts->file, _("places"), _("%s, good to %g m"), facts->method,
                  facts->accuracy_m);
    else if (facts->accuracy_is_stated)
        add_value(
            to, facts->file, _("places"),
            _("%s, exact; WGS 84 and ETRS89 are taken as one, though they are up to 1 m apart"),
            facts->method);
    else
        add_value(to, facts->file, _("places"), _("%s, how exact is not stated"), facts->method);
}

static void add_file(struct writing *to, const struct source_facts *facts)
{
    const char *delimiter = facts->csv.delimiter == '\t'  ? "tab"
                            : facts->csv.delimiter == ';' ? ";"
                                                          : ",";
    add_value(to, facts->file, _("rows read"), "%zu", facts->report.rows_read);
    add_value(to, facts->file, _("rows skipped"), "%zu", row_report_skipped(&facts->report));
    if (!facts->csv.has_rows)
        add_value(to, facts->file, _("written as"), "%s, %s, %s", delimiter,
                  facts->csv.is_utf8 ? "UTF-8" : "Windows-1252",
                  facts->csv.decimal_comma ? _("decimal commas") : _("decimal points"));
    add_value(to, facts->file, _("columns"), "%s", facts->csv.columns);
    add_places(to, facts);
    for (int problem = 0; problem < ROW_PROBLEMS; problem++)
        if (facts->report.counts[problem] > 0)
            add_problem(to, facts, (enum row_problem)problem);
}

enum { CATEGORIES_NAMED = 10 };

static bool is_unmapped(const struct checking *checking, size_t category)
{
    return checking->by_category[category] > 0 && checking->domain_of[category] == DOMAIN_UNMAPPED;
}

/* More incidents go first, then the name: numbers in a dictionary hang on the order of the rows. */
static bool goes_before(const struct checking *checking, size_t category, size_t other)
{
    struct dictionary *categories = checking->study->categories;
    size_t incidents = checking->by_category[category], others = checking->by_category[other];
    if (incidents != others)
        return incidents > others;
    return strcmp(dictionary_text(categories, (uint32_t)category),
                  dictionary_text(categories, (uint32_t)other))
           < 0;
}

/* The first of those that the vocabulary lacks which stands behind `last`; `none` when none does.
 */
static size_t next_unmapped(const struct checking *checking, size_t last, size_t none)
{
    size_t next = none;
    for (size_t c = 0; c < none; c++)
        if (is_unmapped(checking, c) && (last == none || goes_before(checking, last, c))
            && (next == none || goes_before(checking, c, next)))
            next = c;
    return next;
}

static void add_categories(struct writing *to, const struct checking *checking)
{
    size_t count = dictionary_count(checking->study->categories), unmapped = 0, kinds = 0;
    struct text names = {0};
    count = count < checking->category_count ? count : checking->category_count;
    for (size_t c = 0; c < count; c++)
        unmapped += is_unmapped(checking, c) ? checking->by_category[c] : 0;
    for (size_t c = next_unmapped(checking, count, count); c < count && kinds < CATEGORIES_NAMED;
         c = next_unmapped(checking, c, count))
        text_add(&names, "%s'%s'", kinds++ > 0 ? ", " : "",
                 dictionary_text(checking->study->categories, (uint32_t)c));
    char value[32];
    snprintf(value, sizeof value, "%zu", unmapped);
    add(to, _("all"), _("with a category that the vocabulary lacks"), value, whole(to, &names));
    text_free(&names);
}

enum { PAIRS_NAMED = 20 };

/* "boa / politie: 12, rows 3/17, 5/90 ...": data rows of the two files. */
static void add_pair(struct writing *to, const struct doubles *doubles,
                     const struct duplicates_pair *pair)
{
    struct text subject = {0}, rows = {0};
    char item[160], value[32];
    text_add(&subject, "%s / %s", doubles->names[pair->first], doubles->names[pair->second]);
    text_add(&rows, "%s", _("data rows"));
    for (size_t i = 0; i < pair->count && i < DUPLICATES_EXAMPLES; i++)
        text_add(&rows, "%s %u/%u", i > 0 ? "," : "", pair->rows[i][0], pair->rows[i][1]);
    if (pair->count > DUPLICATES_EXAMPLES)
        text_add(&rows, " ...");
    snprintf(item, sizeof item, _("possible duplicates within %g m and an hour"), doubles->reach_m);
    snprintf(value, sizeof value, "%zu", pair->count);
    add(to, whole(to, &subject), item, value, whole(to, &rows));
    text_free(&subject);
    text_free(&rows);
}

static bool comes_first(const struct duplicates_pair *pair, const struct duplicates_pair *other)
{
    return pair->count != other->count ? pair->count > other->count : pair < other;
}

/* The first pair behind `last`, of all when that is NULL; NULL when there is none. */
static const struct duplicates_pair *next_pair(const struct duplicates *found,
                                               const struct duplicates_pair *last)
{
    const struct duplicates_pair *next = NULL;
    for (const struct duplicates_pair *at = found->items; at < found->items + found->count; at++)
        if ((last == NULL || comes_first(last, at)) && (next == NULL || comes_first(at, next)))
            next = at;
    return next;
}

/* Those with most go first, then by the names of their sources. */
static void add_doubles(struct writing *to, const struct doubles *doubles)
{
    const struct duplicates *found = &doubles->found;
    const struct duplicates_pair *last = NULL;
    size_t pairs = 0;
    if (doubles->name_count < 2)
        return;
    for (size_t i = 0; i < found->count; i++)
        pairs += found->items[i].count;
    if (found->too_many)
        add(to, _("all"), _("possible duplicates between sources"), "",
            _("so many are alike in place, time and category that they were not counted"));
    else
        add_value(to, _("all"), _("possible duplicates between sources"), "%zu", pairs);
    for (size_t told = 0; told < found->count && told < PAIRS_NAMED; told++) {
        last = next_pair(found, last);
        if (last != NULL)
            add_pair(to, doubles, last);
    }
}

static void add_incidents(struct writing *to, const struct checking *checking)
{
    char first[MOMENT_TEXT], last[MOMENT_TEXT];
    const char *all = _("all");
    add_value(to, all, _("incidents"), "%zu", checking->selected);
    if (checking->study->has_boundaries)
        add_value(to, all, _("outside every jurisdiction"), "%zu", checking->outside);
    add_value(to, all, _("without a place"), "%zu", checking->no_place);
    if (checking->study->has_boundaries)
        add_value(to, all, _("in the border band"), _("%zu (within %g m)"), checking->in_band,
                  checking->band_m);
    add_value(to, all, _("same place, time, category and source as another"), "%zu",
              checking->duplicates);
    add_doubles(to, &checking->doubles);
    moment_format(first, checking->first);
    moment_format(last, checking->last);
    add_value(to, all, _("first"), "%s", first);
    add_value(to, all, _("last"), "%s", last);
    add_categories(to, checking);
}

/* "between 18 and 27" of a package's selected part. */
static void add_count(struct writing *to, const struct source_package *package)
{
    const struct package_part all = package_selected(package);
    const struct package_count count = package_count(package, &all);
    if (count.span.high < DISCLOSURE_NO_END)
        add_value(to, package->file, _("incidents, rounded"), _("between %lld and %lld"),
                  (long long)count.span.low, (long long)count.span.high);
    else
        add_value(to, package->file, _("incidents, rounded"), _("%lld or more"),
                  (long long)count.span.low);
}

static void add_package(struct writing *to, const struct study *study,
                        const struct source_package *package)
{
    const struct handover *handover = &package->handover;
    size_t told = 0, quarters = handover->quarter_count;
    for (size_t p = 0; p < handover->pieces.count; p++)
        told += handover_of_piece(handover, p) > 0;
    add_value(to, package->file, _("package from"), "%s", package->sender);
    add_value(to, package->file, _("verified"), "%s",
              study->options->handover.key != NULL ? _("whole, signed, and the rules hold")
                                                   : _("whole, not checked for a signature, and "
                                                       "the rules hold"));
    add_value(to, package->file, _("squares with a count"), "%zu", told);
    add_value(to, package->file, _("squares that are withheld"), "%zu",
              handover->pieces.count - told);
    add_count(to, package);
    char first[HANDOVER_QUARTER], last[HANDOVER_QUARTER];
    handover_quarter(first, handover->first_quarter);
    handover_quarter(last, handover->first_quarter + (int32_t)quarters - 1);
    if (quarters > 0)
        add_value(to, package->file, _("quarters"), "%s - %s", first, last);
}

/* A remark on a file, "folder/file: what about it", from the file's own name on. */
static const char *without_folder(const char *remark)
{
    const char *from = remark, *end = strstr(remark, ": ");
    for (const char *at = remark; end != NULL && at < end; at++)
        if (*at == '/')
            from = at + 1;
    return from;
}

static bool write_answer(const struct checking *checking, int *answer, struct error *error)
{
    const struct study *study = checking->study;
    struct sheet_column columns[4];
    struct writing to = {.error = error};
    size_t skipped = 0;
    for (size_t c = 0; c < 4; c++) {
        columns[c] = COLUMNS[c];
        columns[c].title = _(COLUMNS[c].title);
    }
    to.sheet.columns = columns;
    to.sheet.column_count = 4;
    if (study->has_boundaries) {
        add_boundaries(&to, study);
        add_borders(&to, checking);
        add_districts(&to, checking);
    }
    for (size_t i = 0; i < study->notes.count; i++)
        add(&to, _("remark"), "", "", without_folder(study->notes.lines[i]));
    for (size_t i = 0; i < study->file_count; i++) {
        add_file(&to, &study->files[i]);
        skipped += row_report_skipped(&study->files[i].report);
    }
    for (size_t i = 0; i < study->packages.count; i++)
        add_package(&to, study, &study->packages.items[i]);
    if (study->file_count > 0)
        add_incidents(&to, checking);
    bool done = !to.failed && notes_check(&study->notes, error)
                && command_write_sheet(study->options, &to.sheet, error);
    sheet_free(&to.sheet);
    *answer = study->options->strict && skipped > 0 ? 1 : 0;
    return done;
}

bool cmd_check(const struct options *options, int *answer, struct error *error)
{
    struct study study = {0};
    struct checking checking = {0};
    struct options lenient = *options; /* borrowed: check itself answers for --strict */
    lenient.strict = false;
    lenient.keep_exact = true;
    if (options->boundaries == NULL && options->incidents.count == 0)
        return error_set(
            error, ERROR_USAGE,
            "nothing is named to check; say --boundaries FILE, --incidents FILE or --study FILE");
    if (command_format(options) != FORMAT_TABLE)
        command_language("en"); /* csv and json are the same in every language */
    bool done = study_open(&study, &lenient, error) && packages_read(&study, error)
                && checking_run(&checking, &study, error);
    if (done) {
        study.options = options;
        done = write_answer(&checking, answer, error);
    }
    checking_free(&checking);
    study_close(&study);
    return done;
}
