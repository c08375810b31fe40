/* plein handover: makes the package for the neighbour, and verifies one. */
#include "cli/command.h"

#include "engine/formats/seal.h"
#include "engine/report/handover_package.h"
#include "engine/report/handover_verify.h"

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
}

/* Packages that the receiver has already. Zeroed is empty. */
struct shelf {
    struct handover_opened *opened;
    struct handover *handovers; /* borrowed from them */
    size_t count;
};

static void shelf_free(struct shelf *shelf)
{
    for (size_t i = 0; shelf->opened != NULL && i < shelf->count; i++)
        handover_opened_free(&shelf->opened[i]);
    array_free(&shelf->opened);
    array_free(&shelf->handovers);
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

/* What the receiver could work out with the earlier packages, a line each; none: write it. */
static bool tell_leaks(size_t *count, const struct handover *handover, struct error *error)
{
    enum { TOLD = 20 };
    struct disclosure_leaks leaks;
    if (!disclosure_leaks_find(&leaks, &handover->table, error))
        return false;
    *count = leaks.count;
    for (size_t i = 0; i < leaks.count && i < TOLD; i++) {
        struct text place = {0};
        handover_cell_words(&place, handover, leaks.items[i].cell);
        if (!place.failed)
            printf(_("with the earlier packages a withheld count can be worked out: %s is %lld to "
                     "%lld (square, domain, quarter; * is all)\n"),
                   place.bytes, (long long)leaks.items[i].span.low,
                   (long long)leaks.items[i].span.high);
        text_free(&place);
    }
    if (leaks.count > TOLD)
        printf(_("and %zu more\n"), leaks.count - TOLD);
    disclosure_leaks_free(&leaks);
    return true;
}

static bool write_package(const struct handover *handover, const struct options *options,
                          struct error *error)
{
    return handover_package_write(handover, options->output, error)
           && (options->handover.sign == NULL
               || seal_sign(options->output, options->handover.sign, error));
}

static bool count_and_write(const struct options *options, const struct shelf *shelf, int *answer,
                            struct error *error)
{
    struct study study = {0};
    struct handover handover = {0};
    size_t leaks = 0;
    const struct handover_options asked = {.receiver = options->handover.receiver,
                                           .depth_m = options->handover.depth_m,
                                           .least = options_was_given(options, "min-count")
                                                        ? (uint32_t)options->min_count
                                                        : LEAST_USUAL,
                                           .earlier = shelf->handovers,
                                           .earlier_count = shelf->count};
    bool done = command_study(&study, options, error)
                && handover_count(&handover, &study, &asked, error)
                && handover_protect(&handover, error) && tell_leaks(&leaks, &handover, error)
                && (leaks > 0 || write_package(&handover, options, error));
    if (done) {
        command_remarks(&study);
        remark_counts(&handover, options);
    }
    *answer = leaks > 0;
    handover_free(&handover);
    study_close(&study);
    return done;
}

static bool make(const struct options *options, int *answer, struct error *error)
{
    struct shelf shelf = {0};
    if (options->handover.receiver == NULL)
        return error_set(error, ERROR_USAGE, "who gets the package? say --to NAME");
    if (options->output == NULL)
        return error_set(error, ERROR_USAGE, "where does the package go? say -o FILE.zip");
    bool done = shelf_open(&shelf, &options->handover.previous, error)
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

static bool check_seal(struct handover_opened *opened, const struct options *options,
                       const char *path, struct error *error)
{
    enum seal_verdict verdict;
    if (options->handover.key == NULL)
        return true;
    if (!seal_verify(&verdict, path, options->handover.key, error))
        return false;
    const char *words = verdict_words(verdict);
    return words == NULL || notes_add(&opened->faults, "%s", message_part(words))
           || error_set(error, ERROR_INTERNAL, "out of memory");
}

static bool verify(const struct options *options, int *answer, struct error *error)
{
    struct handover_opened opened = {0};
    if (options->operands.count != 2)
        return error_set(error, ERROR_USAGE, "plein handover verify takes one package");
    const char *path = options->operands.items[1];
    bool done = handover_verify(&opened, path, error) && check_seal(&opened, options, path, error);
    for (size_t i = 0; done && i < opened.faults.count; i++)
        printf("%s\n", opened.faults.lines[i]);
    if (done && opened.faults.count == 0 && !options->quiet)
        printf(options->handover.key != NULL
                   ? _("%s: whole, signed, and nothing in it gives a withheld count away\n")
                   : _("%s: whole, not checked for a signature, and nothing in it gives a withheld "
                       "count away\n"),
               opened.name);
    *answer = opened.faults.count > 0;
    handover_opened_free(&opened);
    return done;
}

bool cmd_handover(const struct options *options, int *answer, struct error *error)
{
    const char *what = options->operands.count > 0 ? options->operands.items[0] : "";
    if (strcmp(what, "verify") == 0)
        return verify(options, answer, error);
    if (strcmp(what, "make") == 0)
        return make(options, answer, error);
    if (strcmp(what, "key") == 0)
        return make_key(options, error);
    return error_set(error, ERROR_USAGE,
                     "plein handover takes one of make, verify, merge, key; plein help handover "
                     "tells more");
}
