/* Verifies a package for the neighbour: hashes, tables, and the rules of disclosure, all worked out
 * anew. */
#include "engine/report/handover_verify.h"

#include "engine/formats/json_read.h"
#include "engine/formats/seal.h"
#include "engine/formats/zip_read.h"
#include "engine/report/handover_package.h"
#include "engine/report/handover_tables.h"
#include "engine/study/handover_rows.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A package of a long border with many years is some megabytes. */
static const struct zip_limits LIMITS = {.members = 16, .bytes = 256u << 20};

enum { LEAKS_TOLD = 20 };

static const char *const TABLE = "squares.csv", *const MANIFEST = "datapackage.json",
                         *const ROWS = "incidents.csv";

static bool fault(struct handover_opened *opened, bool added, struct error *error)
{
    (void)opened;
    return added || error_set(error, ERROR_INTERNAL, "out of memory");
}

#define FAULT(opened, error, ...) fault(opened, notes_add(&(opened)->faults, __VA_ARGS__), error)

/* ---- the files ---- */

static bool is_known(const struct json *manifest, const char *name)
{
    char where[64];
    if (strcmp(name, MANIFEST) == 0)
        return true;
    for (size_t i = 0; i < json_count_at(manifest, "resources"); i++) {
        snprintf(where, sizeof where, "resources.%zu.path", i);
        const char *path = json_text_at(manifest, where);
        if (path != NULL && strcmp(path, name) == 0)
            return true;
    }
    return false;
}

static bool check_resource(struct handover_opened *opened, size_t number, struct error *error)
{
    char where[64], hash[SEAL_HASH];
    snprintf(where, sizeof where, "resources.%zu.path", number);
    const char *path = json_text_at(opened->manifest, where);
    const struct zip_member *member = path != NULL ? zip_find(opened->contents, path) : NULL;
    if (path == NULL)
        return FAULT(opened, error, "the manifest names a file without a path");
    if (member == NULL)
        return FAULT(opened, error, "%s is in the manifest and not in the zip", path);
    snprintf(where, sizeof where, "resources.%zu.hash", number);
    const char *told = json_text_at(opened->manifest, where);
    seal_hash(hash, member->bytes, member->size);
    if (told == NULL || strncmp(told, "sha256:", 7) != 0 || strcmp(told + 7, hash) != 0)
        return FAULT(opened, error,
                     "%s is not the file that the manifest tells of: its hash differs", path);
    snprintf(where, sizeof where, "resources.%zu.bytes", number);
    if (json_number_at(opened->manifest, where) != (double)member->size)
        return FAULT(opened, error, "%s has another size than the manifest tells", path);
    return true;
}

static bool check_files(struct handover_opened *opened, struct error *error)
{
    size_t named = json_count_at(opened->manifest, "resources");
    if (named > LIMITS.members) /* to look each up takes longer the more there are */
        return error_set(error, ERROR_DATA, "%s: the manifest names %zu files, more than %zu",
                         opened->name, named, LIMITS.members);
    for (size_t i = 0; i < opened->contents->count; i++)
        if (!is_known(opened->manifest, opened->contents->members[i].name)
            && !FAULT(opened, error, "%s is in the zip and not in the manifest",
                      opened->contents->members[i].name))
            return false;
    for (size_t i = 0; i < named; i++)
        if (!check_resource(opened, i, error))
            return false;
    return true;
}

/* ---- the table ---- */

static bool quarter_at(int32_t *quarter, const struct json *manifest, const char *where)
{
    const char *text = json_text_at(manifest, where);
    return text != NULL && handover_quarter_parse(quarter, text);
}

static bool read_facts(struct handover_facts *facts, const struct handover_opened *opened,
                       struct error *error)
{
    const struct json *manifest = opened->manifest;
    double least = json_number_at(manifest, "disclosure.least");
    int32_t first = 0, last = -1;
    bool dated = quarter_at(&first, manifest, "quarters.first")
                 && quarter_at(&last, manifest, "quarters.last") && first <= last;
    *facts = (struct handover_facts){
        .name = opened->name,
        .crs = json_text_at(manifest, "crs"),
        .least_per_ha = json_number_at(manifest, "cluster_least_per_ha"),
        .depth_m = json_number_at(manifest, "depth_m"),
        .first_quarter = dated ? first : 0,
        .quarter_count = dated ? (size_t)(last - first) + 1 : 0,
    };
    const char *rules = json_text_at(manifest, "disclosure.rules");
    if (rules == NULL || strcmp(rules, HANDOVER_RULES) != 0)
        return error_set(error, ERROR_DATA, "%s: is made by rules '%.20s'; this plein knows %s",
                         opened->name, rules != NULL ? rules : "", HANDOVER_RULES);
    if (!(least >= 1 && least <= 1e6 && least == floor(least)) || facts->crs == NULL
        || isnan(facts->least_per_ha))
        return error_set(error, ERROR_DATA,
                         "%s: the manifest does not tell crs, cluster_least_per_ha and "
                         "disclosure.least",
                         opened->name);
    facts->least = (uint32_t)least;
    return true;
}

static bool read_table(struct handover_opened *opened, struct error *error)
{
    const struct zip_member *table = zip_find(opened->contents, TABLE);
    struct handover_facts facts;
    if (table == NULL)
        return error_set(error, ERROR_DATA, "%s: there is no %s in it", opened->name, TABLE);
    return read_facts(&facts, opened, error)
           && handover_read(&opened->handover, table->bytes, table->size, &facts, error);
}

/* ---- what the table makes ---- */

static bool same_as(struct handover_opened *opened, const char *name, const struct text *anew,
                    struct error *error)
{
    const struct zip_member *member = zip_find(opened->contents, name);
    if (!text_check(anew, error))
        return false;
    if (member != NULL && member->size == anew->length
        && memcmp(member->bytes, anew->bytes, anew->length) == 0)
        return true;
    return FAULT(opened, error, "%s is not what the squares make it", name);
}

static bool check_tables(struct handover_opened *opened, struct error *error)
{
    struct sheet squares = {0}, clusters = {0};
    struct text texts[3] = {0};
    bool done = handover_squares(&squares, &opened->handover, error)
                && handover_clusters(&clusters, &opened->handover, error)
                && handover_geojson(&texts[2], &opened->handover, error);
    if (done) {
        sheet_write(&texts[0], &squares, SHEET_CSV);
        sheet_write(&texts[1], &clusters, SHEET_CSV);
    }
    done = done && same_as(opened, TABLE, &texts[0], error)
           && same_as(opened, "clusters.csv", &texts[1], error)
           && same_as(opened, "squares.geojson", &texts[2], error);
    sheet_free(&squares);
    sheet_free(&clusters);
    for (int i = 0; i < 3; i++)
        text_free(&texts[i]);
    return done;
}

/* ---- the rules ---- */

void handover_cell_words(struct text *text, const struct handover *handover, size_t cell)
{
    size_t quarters = handover->table.axes[2].node_count;
    size_t squares = handover->table.axes[1].node_count;
    size_t domain = cell / (squares * quarters), square = cell / quarters % squares;
    char name[SQUARE_NAME] = "*", quarter[HANDOVER_QUARTER] = "*";
    if (square < handover->square_count)
        square_name(name, &handover->squares[square]);
    for (size_t p = 0; p < handover->pieces.count; p++)
        if (handover->node_of_piece[p] == square)
            square_name(name, &handover->pieces.items[p]);
    if (cell % quarters < handover->quarter_count)
        handover_quarter(quarter, handover->first_quarter + (int32_t)(cell % quarters));
    text_add(text, "%s, %s, %s", name,
             domain < HANDOVER_DOMAINS ? domain_name((enum domain)domain) : "*", quarter);
}

static bool tell_leak(struct handover_opened *opened, const struct disclosure_leak *leak,
                      struct error *error)
{
    struct text place = {0};
    handover_cell_words(&place, &opened->handover, leak->cell);
    bool done = text_check(&place, error)
                && FAULT(opened, error,
                         "a withheld count can be worked out: %s is %lld to %lld (square, domain, "
                         "quarter; * is all)",
                         place.bytes, (long long)leak->span.low, (long long)leak->span.high);
    text_free(&place);
    return done;
}

static bool check_rules(struct handover_opened *opened, struct error *error)
{
    struct disclosure_leaks leaks;
    if (!disclosure_leaks_find(&leaks, &opened->handover.table, error))
        return false;
    bool done = true;
    for (size_t i = 0; done && i < leaks.count && i < LEAKS_TOLD; i++)
        done = tell_leak(opened, &leaks.items[i], error);
    if (done && leaks.count > LEAKS_TOLD)
        done = FAULT(opened, error, "and %zu more", leaks.count - LEAKS_TOLD);
    disclosure_leaks_free(&leaks);
    return done;
}

/* ---- incidents one by one ---- */

static bool tell_difference(struct handover_opened *opened, size_t cell, struct error *error)
{
    const struct disclosure *table = &opened->handover.table;
    struct text place = {0};
    handover_cell_words(&place, &opened->handover, cell);
    bool done = text_check(&place, error)
                && FAULT(opened, error,
                         "%s has %u incidents of %s, and squares.csv tells %u (square, domain, "
                         "quarter; * is all)",
                         ROWS, table->counts[cell], place.bytes, table->rounded[cell]);
    text_free(&place);
    return done;
}

/* What the squares publish is what the rows round to. */
static bool compare_rows(struct handover_opened *opened, struct error *error)
{
    const struct disclosure *table = &opened->handover.table;
    size_t differing = 0;
    bool done = true;
    for (size_t cell = 0; done && cell < table->cell_count; cell++) {
        if (table->states[cell] != CELL_PUBLISHED
            || disclosure_round(table->counts[cell]) == table->rounded[cell])
            continue;
        if (differing++ < LEAKS_TOLD)
            done = tell_difference(opened, cell, error);
    }
    if (done && differing > LEAKS_TOLD)
        done = FAULT(opened, error, "and %zu more", differing - LEAKS_TOLD);
    return done;
}

static bool check_rows(struct handover_opened *opened, struct error *error)
{
    const struct json *manifest = opened->manifest;
    const struct zip_member *member = zip_find(opened->contents, ROWS);
    bool told = json_true_at(manifest, "rowLevel");
    const char *agreement = json_text_at(manifest, "agreement");
    const char *sensitive = json_text_at(manifest, "rows.organised_crime");
    if (member == NULL)
        return !told
               || FAULT(opened, error, "the manifest tells of rows, and %s is not there", ROWS);
    if (!told)
        return FAULT(opened, error,
                     "%s holds incidents one by one, and the manifest does not say so (rowLevel)",
                     ROWS);
    if (agreement == NULL || agreement[strspn(agreement, " \t\r\n")] == '\0')
        return FAULT(opened, error,
                     "%s holds incidents one by one, and the manifest tells of no agreement", ROWS);
    opened->agreement = agreement;
    struct text name = {0};
    text_add(&name, "%s: %s", opened->name, ROWS);
    const struct table_bytes file = {name.bytes, member->bytes, member->size};
    bool done =
        text_check(&name, error)
        && handover_rows_read(&opened->handover, &opened->incidents, &file,
                              sensitive != NULL && strcmp(sensitive, "included") == 0, error)
        && compare_rows(opened, error);
    text_free(&name);
    return done;
}

bool handover_verify(struct handover_opened *opened, const char *path, struct error *error)
{
    *opened = (struct handover_opened){0};
    snprintf(opened->name, sizeof opened->name, "%.200s", text_file_name(path));
    if (!array_new(&opened->contents, 1, sizeof *opened->contents, error)
        || !zip_read(opened->contents, path, &LIMITS, error))
        return false;
    const struct zip_member *manifest = zip_find(opened->contents, MANIFEST);
    if (manifest == NULL)
        return error_set(error, ERROR_DATA, "%s: there is no %s in it; it is no package of plein's",
                         opened->name, MANIFEST);
    opened->manifest = json_open(opened->name, manifest->bytes, manifest->size, error);
    return opened->manifest != NULL && check_files(opened, error) && read_table(opened, error)
           && check_tables(opened, error) && check_rules(opened, error)
           && check_rows(opened, error);
}

static const char *verdict_words(enum seal_verdict verdict)
{
    switch (verdict) {
    case SEAL_GOOD:
        return NULL;
    case SEAL_FORGED:
        return N_("the signature is not of this file: one of the two was changed");
    case SEAL_OTHER_KEY:
        return N_("the signature was made with another key");
    case SEAL_ABSENT:
        break;
    }
    return N_("there is no signature (FILE.minisig) beside it");
}

bool handover_check_seal(struct handover_opened *opened, const char *path, const char *key,
                         struct error *error)
{
    enum seal_verdict verdict;
    if (key == NULL)
        return true;
    if (!seal_verify(&verdict, path, key, error))
        return false;
    const char *words = verdict_words(verdict);
    return words == NULL || FAULT(opened, error, "%s", message_part(words));
}

const char *handover_opened_sender(const struct handover_opened *opened)
{
    return json_text_at(opened->manifest, "sender.name");
}

void handover_opened_free(struct handover_opened *opened)
{
    handover_free(&opened->handover);
    json_close(opened->manifest);
    if (opened->contents != NULL)
        zip_contents_free(opened->contents);
    array_free(&opened->contents);
    notes_free(&opened->faults);
}
