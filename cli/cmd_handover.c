/* plein handover: makes the package for the neighbour, and verifies one. */
#include "cli/command.h"

#include "engine/core/stage.h"
#include "engine/formats/json_read.h"
#include "engine/formats/seal.h"
#include "engine/report/handover_map.h"
#include "engine/report/handover_package.h"
#include "engine/report/handover_together.h"
#include "engine/report/handover_verify.h"
#include "engine/study/doubles.h"
#include "engine/study/handover_totals.h"

#include <stdio.h>
#include <string.h>

enum { LEAST_USUAL = 10 };

static void remark_counts(const struct handover *handover, const struct options *options)
{
    size_t published = 0, withheld = 0;
    for (size_t p = 0; p < handover->pieces.count; p++) {
        published += handover_of_piece(handover, p) > 0;
        withheld += handover_of_piece(handover, p) == 0;
    }
    if (!options->quiet)
        fprintf(stderr,
                _("plein: %zu squares with a count, %zu withheld (fewer than %u, or none); %zu "
                  "sums withheld to protect them\n"),
                published, withheld, handover->options.least, handover->lost);
    if (!options->quiet && handover->totals_aside > 0)
        fprintf(stderr,
                _("plein: %zu of %zu totals are of squares or quarters outside the package and say "
                  "nothing of it\n"),
                handover->totals_aside, handover->options.totals->count);
}

/* Whoever asks for quiet hears this too. */
static void warn_of_rows(const struct handover *handover)
{
    if (handover->options.agreement != NULL)
        fprintf(stderr,
                _("plein: BEWARE: the package holds %zu incidents ONE BY ONE (square of 100 m, "
                  "domain, category, quarter, source), not rounded and with nothing withheld, "
                  "under the agreement '%s'\n"),
                handover->row_count, handover->options.agreement);
}

/* What the receiver has already: packages and totals. Zeroed is empty. */
struct shelf {
    struct handover_opened *opened;
    struct handover *handovers; /* borrowed from them */
    size_t count;
    struct handover_totals totals;
};

static void shelf_free(struct shelf *shelf)
{
    for (size_t i = 0; shelf->opened != NULL && i < shelf->count; i++)
        handover_opened_free(&shelf->opened[i]);
    array_free(&shelf->opened);
    array_free(&shelf->handovers);
    handover_totals_free(&shelf->totals);
}

static bool shelf_add_totals(struct shelf *shelf, const struct words *paths, struct error *error)
{
    for (size_t i = 0; i < paths->count; i++)
        if (!handover_totals_read(&shelf->totals, paths->items[i], error))
            return false;
    return true;
}

static bool shelf_open(struct shelf *shelf, const struct words *paths, struct error *error)
{
    if (!array_new(&shelf->opened, paths->count, sizeof *shelf->opened, error)
        || !array_new(&shelf->handovers, paths->count, sizeof *shelf->handovers, error))
        return false;
    for (size_t i = 0; i < paths->count; i++) {
        shelf->count = i + 1;
        if (!handover_verify(&shelf->opened[i], paths->items[i], error))
            return false;
        shelf->handovers[i] = shelf->opened[i].handover;
    }
    return true;
}

/* By code, else by name. Another sender's counts are of other incidents: they would guard nothing,
 * or the wrong squares. */
static bool check_senders(const struct shelf *shelf, const struct handover *handover,
                          struct error *error)
{
    const struct jurisdiction *ours =
        &handover->study->boundaries.jurisdictions.items[handover->sender];
    for (size_t i = 0; i < shelf->count; i++) {
        const struct handover_opened *earlier = &shelf->opened[i];
        const char *code = json_text_at(earlier->manifest, "sender.code");
        const char *name = handover_opened_sender(earlier);
        bool is_ours = (code != NULL && code[0] != '\0' && text_equal(code, ours->code))
                       || (name != NULL && selection_is_called(ours, name));
        if (!is_ours)
            return error_set(error, ERROR_DATA,
                             "%s: this is a package of %.60s, and --previous takes those of %.60s",
                             earlier->name, name != NULL ? name : "?", ours->name);
    }
    return true;
}

/* It is guarded against as it stands: an older plein's may break today's rules. */
static void remark_faults(const struct shelf *shelf, const struct options *options)
{
    for (size_t i = 0; i < shelf->count && !options->quiet; i++)
        if (shelf->opened[i].faults.count > 0)
            fprintf(stderr, _("plein: %s: %s; plein handover verify tells all\n"),
                    shelf->opened[i].name, shelf->opened[i].faults.lines[0]);
}

/* What the receiver could work out with the earlier packages, a line each; none: write it. */
static bool tell_leaks(size_t *count, const struct handover *handover, struct error *error)
{
    enum { TOLD = 20 };
    struct disclosure_leaks leaks;
    if (!disclosure_leaks_find(&leaks, &handover->table, error))
        return false;
    *count = leaks.count;
    bool done = true;
    for (size_t i = 0; done && i < leaks.count && i < TOLD; i++) {
        struct text place = {0};
        handover_cell_words(&place, handover, leaks.items[i].cell);
        done = text_check(&place, error);
        if (done)
            printf(handover->options.totals->count == 0
                       ? _("with the earlier packages a withheld count can be worked out: %s is "
                           "%lld to %lld (square, domain, quarter; * is all)\n")
                       : _("with the totals and packages that the neighbour has a withheld count "
                           "can be worked out: %s is %lld to %lld (square, domain, quarter; * is "
                           "all)\n"),
                   place.bytes, (long long)leaks.items[i].span.low,
                   (long long)leaks.items[i].span.high);
        text_free(&place);
    }
    if (done && leaks.count > TOLD)
        printf(_("and %zu more\n"), leaks.count - TOLD);
    disclosure_leaks_free(&leaks);
    return done;
}

/* A signature of the package that was there before does not fit this one. */
static bool drop_signature(bool *is_there, struct stage *stage, struct error *error)
{
    struct text name = {0};
    text_add(&name, "%s.minisig", text_file_name(stage->final));
    bool done = text_check(&name, error) && stage_drop(stage, name.bytes, is_there, error);
    text_free(&name);
    return done;
}

static bool write_package(const struct handover *handover, const struct options *options,
                          struct error *error)
{
    const char *key = options->handover.sign;
    struct stage stage;
    bool dropped = false;
    bool done = stage_open(&stage, options->output, error)
                && handover_package_write(handover, stage.path, error)
                && (key != NULL ? seal_sign(stage.path, key, error)
                                : drop_signature(&dropped, &stage, error));
    done = stage_close(&stage, done, error);
    if (done && dropped && !options->quiet)
        fprintf(stderr,
                _("plein: %s.minisig was of the package that was there before, and is removed\n"),
                options->output);
    return done;
}

static bool count_and_write(const struct options *options, const struct shelf *shelf, int *answer,
                            struct error *error)
{
    struct study study = {0};
    struct handover handover = {0};
    size_t leaks = 0;
    const struct handover_options asked = {
        .receiver = options->handover.receiver,
        .depth_m = options->handover.depth_m,
        .least =
            options_was_given(options, "min-count") ? (uint32_t)options->min_count : LEAST_USUAL,
        .agreement = options->handover.agreement,
        .sensitive = options->sensitive && options_was_given(options, "sensitive"),
        .earlier = shelf->handovers,
        .earlier_count = shelf->count,
        .totals = &shelf->totals};
    bool done = command_study(&study, options, error)
                && handover_count(&handover, &study, &asked, error)
                && check_senders(shelf, &handover, error) && handover_protect(&handover, error)
                && tell_leaks(&leaks, &handover, error)
                && (leaks > 0 || write_package(&handover, options, error));
    if (done) {
        command_remarks_on_points(&study);
        remark_counts(&handover, options);
        remark_faults(shelf, options);
        if (leaks == 0)
            warn_of_rows(&handover);
    }
    *answer = leaks > 0;
    handover_free(&handover);
    study_close(&study);
    return done;
}

/* Incidents one by one leave by two words, so that nobody sends them by mistake. */
static bool check_agreement(const struct options *options, struct error *error)
{
    const char *agreement = options->handover.agreement;
    if (options->rows && agreement == NULL)
        return error_set(error, ERROR_USAGE,
                         "--rows hands over incidents one by one, which takes an agreement: say "
                         "--agreement TEXT, or leave --rows out for counts");
    if (!options->rows && agreement != NULL)
        return error_set(
            error, ERROR_USAGE,
            "--agreement is for incidents one by one: say --rows too, or leave it out");
    return agreement == NULL || agreement[strspn(agreement, " \t\r\n")] != '\0'
           || error_set(error, ERROR_USAGE,
                        "--agreement '%s' names no agreement; say which one it is", agreement);
}

static bool make(const struct options *options, int *answer, struct error *error)
{
    struct shelf shelf = {0};
    if (options->handover.receiver == NULL)
        return error_set(error, ERROR_USAGE, "who gets the package? say --to NAME");
    if (options->output == NULL)
        return error_set(error, ERROR_USAGE, "where does the package go? say -o FILE.zip");
    bool done = check_agreement(options, error)
                && shelf_open(&shelf, &options->handover.previous, error)
                && shelf_add_totals(&shelf, &options->handover.totals, error)
                && count_and_write(options, &shelf, answer, error);
    shelf_free(&shelf);
    return done;
}

/* plein handover key -o NAME: NAME.key and NAME.pub. */
static bool make_key(const struct options *options, struct error *error)
{
    struct text secret = {0}, public = {0};
    if (options->output == NULL)
        return error_set(error, ERROR_USAGE,
                         "where do the keys go? -o NAME makes NAME.key and NAME.pub");
    text_add(&secret, "%s.key", options->output);
    text_add(&public, "%s.pub", options->output);
    bool done = text_check(&secret, error) && text_check(&public, error)
                && seal_make_keys(secret.bytes, public.bytes, error);
    text_free(&secret);
    text_free(&public);
    return done;
}

static void tell_whole(const struct handover_opened *opened, bool is_signed)
{
    if (opened->agreement == NULL)
        printf(is_signed
                   ? _("%s: whole, signed, and nothing in it gives a withheld count away\n")
                   : _("%s: whole, not checked for a signature, and nothing in it gives a withheld "
                       "count away\n"),
               opened->name);
    else
        printf(is_signed
                   ? _("%s: whole, signed; %zu incidents ONE BY ONE, which agree with the squares, "
                       "give away what those withhold, under the agreement '%s'\n")
                   : _("%s: whole, not checked for a signature; %zu incidents ONE BY ONE, which "
                       "agree with the squares, give away what those withhold, under the agreement "
                       "'%s'\n"),
               opened->name, opened->incidents, opened->agreement);
}

static bool verify(const struct options *options, int *answer, struct error *error)
{
    struct handover_opened opened = {0};
    if (options->operands.count != 2)
        return error_set(error, ERROR_USAGE, "plein handover verify takes one package");
    const char *path = options->operands.items[1];
    bool done = handover_verify(&opened, path, error)
                && handover_check_seal(&opened, path, options->handover.key, error);
    for (size_t i = 0; done && i < opened.faults.count; i++)
        printf("%s\n", opened.faults.lines[i]);
    if (done && opened.faults.count == 0 && !options->quiet)
        tell_whole(&opened, options->handover.key != NULL);
    *answer = opened.faults.count > 0;
    handover_opened_free(&opened);
    return done;
}

/* ---- merge ---- */

struct merging {
    const struct options *options;
    struct shelf shelf; /* the two packages */
    struct handover_joint joint;
    struct study study; /* opened when a map or a comparison is asked for */
    struct gathered gathered;
    const char *names[2];
};

/* A package that does not hold to the rules is not built upon. */
static bool check_packages(struct merging *merging, struct error *error)
{
    for (size_t i = 0; i < 2; i++) {
        const struct handover_opened *opened = &merging->shelf.opened[i];
        merging->names[i] = handover_opened_sender(opened);
        if (opened->faults.count > 0)
            return error_set(error, ERROR_DATA, "%s: %s; plein handover verify tells all",
                             opened->name, opened->faults.lines[0]);
        if (merging->names[i] == NULL)
            return error_set(error, ERROR_DATA, "%s: the manifest names no sender", opened->name);
    }
    return true;
}

static bool find_owner(size_t *index, const struct merging *merging, const char *name,
                       struct error *error)
{
    const struct jurisdictions *all = &merging->study.boundaries.jurisdictions;
    for (size_t i = 0; i < all->count; i++)
        if (selection_is_called(&all->items[i], name)) {
            *index = i;
            return true;
        }
    return selection_unknown_jurisdiction(all, name, error);
}

static bool draw_together(struct merging *merging, struct error *error)
{
    struct handover *handover = &merging->joint.handover;
    struct text title = {0}, subtitle = {0}, source = {0};
    handover->study = &merging->study;
    text_add(&title, _("%s and %s together"), merging->names[0], merging->names[1]);
    text_add(&subtitle, "%s", _("the squares of both packages, along the border"));
    text_add(&source, _("Source: the packages of %s and %s."), merging->names[0],
             merging->names[1]);
    const struct handover_map_words words = {title.bytes, subtitle.bytes, source.bytes};
    bool done = find_owner(&handover->sender, merging, merging->names[0], error)
                && find_owner(&handover->receiver, merging, merging->names[1], error)
                && text_check(&title, error) && text_check(&subtitle, error)
                && text_check(&source, error)
                && handover_map_write(handover, &words, merging->options->output, error);
    text_free(&title);
    text_free(&subtitle);
    text_free(&source);
    return done;
}

/* They stay in, on both sides: whoever made the packages did not know of them. */
static bool add_doubles(struct text *text, const struct merging *merging, struct error *error)
{
    struct doubles doubles = {0};
    bool done = doubles_take_all(&doubles, &merging->gathered, error)
                && doubles_find(&doubles, &merging->study, error);
    const struct duplicates *found = &doubles.found;
    size_t pairs = 0;
    for (size_t i = 0; done && i < found->count; i++)
        pairs += found->items[i].count;
    if (done && found->too_many)
        text_add(text, "%s",
                 _("possible duplicates between sources: too many are alike to count\n"));
    else if (done && doubles.name_count > 1)
        text_add(text,
                 _("possible duplicates between sources (same category, within %g m and an hour): "
                   "%zu; plein check tells which\n"),
                 doubles.reach_m, pairs);
    doubles_free(&doubles);
    return done;
}

/* Where the study has both sides' incidents: how far the packages are from them. */
static bool compare_together(struct merging *merging, struct error *error)
{
    struct text text = {0};
    merging->gathered.columns = COLUMN_CATEGORY | COLUMN_SOURCE | COLUMN_TIME;
    bool done = gather_run(&merging->gathered, &merging->study, error)
                && together_compare(&text, &merging->joint, &merging->gathered, error)
                && add_doubles(&text, merging, error) && text_check(&text, error);
    if (done && !merging->options->quiet)
        fprintf(stderr, "%s", text.bytes != NULL ? text.bytes : "");
    text_free(&text);
    return done;
}

static bool is_picture(const char *path)
{
    size_t length = path != NULL ? strlen(path) : 0;
    return length > 4 && strcmp(path + length - 4, ".png") == 0;
}

static bool tell_together(struct merging *merging, struct error *error)
{
    struct together_names names = {.sides = {merging->names[0], merging->names[1]}};
    struct sheet sheet = {0};
    bool table = command_format(merging->options) == FORMAT_TABLE;
    bool done = table ? together_clusters(&sheet, &merging->joint, &names, error)
                      : together_squares(&sheet, &merging->joint, error);
    done = done && command_write_sheet(merging->options, &sheet, error);
    sheet_free(&sheet);
    return done;
}

static bool merge_packages(struct merging *merging, struct error *error)
{
    const struct options *options = merging->options;
    bool picture = is_picture(options->output);
    if (!handover_merge(&merging->joint, merging->shelf.handovers, error))
        return false;
    bool has_study = options->boundaries != NULL && options->incidents.count > 0;
    if (picture && options->boundaries == NULL)
        return error_set(error, ERROR_USAGE,
                         "a map needs the boundaries; say --boundaries FILE or --study FILE");
    if ((picture || has_study) && !study_open(&merging->study, options, error))
        return false;
    return (!has_study || compare_together(merging, error))
           && (picture ? draw_together(merging, error) : tell_together(merging, error));
}

static bool merge(const struct options *options, struct error *error)
{
    struct merging merging = {.options = options};
    if (options->operands.count != 3)
        return error_set(error, ERROR_USAGE, "plein handover merge takes two packages");
    const struct words paths = {options->operands.items + 1, 2, 2};
    bool done = shelf_open(&merging.shelf, &paths, error) && check_packages(&merging, error)
                && merge_packages(&merging, error);
    handover_joint_free(&merging.joint);
    gather_free(&merging.gathered);
    study_close(&merging.study);
    shelf_free(&merging.shelf);
    return done;
}

bool cmd_handover(const struct options *options, int *answer, struct error *error)
{
    const char *what = options->operands.count > 0 ? options->operands.items[0] : "";
    if (strcmp(what, "verify") == 0)
        return verify(options, answer, error);
    if (strcmp(what, "make") == 0)
        return make(options, answer, error);
    if (strcmp(what, "merge") == 0)
        return merge(options, error);
    if (strcmp(what, "key") == 0)
        return make_key(options, error);
    return error_set(error, ERROR_USAGE,
                     "plein handover takes one of make, verify, merge, key; plein help handover "
                     "tells more");
}
