/* plein handover: makes the package for the neighbour, and verifies one. */
#include "cli/command.h"

#include "engine/formats/seal.h"
#include "engine/report/handover_package.h"

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

static bool make(const struct options *options, struct error *error)
{
    struct study study = {0};
    struct handover handover = {0};
    const struct handover_options asked = {.receiver = options->handover.receiver,
                                           .depth_m = options->handover.depth_m,
                                           .least = options_was_given(options, "min-count")
                                                        ? (uint32_t)options->min_count
                                                        : LEAST_USUAL};
    if (asked.receiver == NULL)
        return error_set(error, ERROR_USAGE, "who gets the package? say --to NAME");
    if (options->output == NULL)
        return error_set(error, ERROR_USAGE, "where does the package go? say -o FILE.zip");
    bool done = command_study(&study, options, error)
                && handover_count(&handover, &study, &asked, error)
                && handover_protect(&handover, error)
                && handover_package_write(&handover, options->output, error)
                && (options->handover.sign == NULL
                    || seal_sign(options->output, options->handover.sign, error));
    if (done) {
        command_remarks(&study);
        remark_counts(&handover, options);
    }
    handover_free(&handover);
    study_close(&study);
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

bool cmd_handover(const struct options *options, int *answer, struct error *error)
{
    const char *what = options->operands.count > 0 ? options->operands.items[0] : "";
    (void)answer;
    if (strcmp(what, "make") == 0)
        return make(options, error);
    if (strcmp(what, "key") == 0)
        return make_key(options, error);
    return error_set(error, ERROR_USAGE,
                     "plein handover takes one of make, verify, merge, key; plein help handover "
                     "tells more");
}
