/* Verifies a package for the neighbour: hashes, tables, and the rules of disclosure, all worked out
 * anew. */
#ifndef PLEIN_REPORT_HANDOVER_VERIFY_H
#define PLEIN_REPORT_HANDOVER_VERIFY_H

#include "engine/core/text.h"
#include "engine/study/handover_read.h"

/* A package that was read; the handover borrows from the rest. Zeroed is empty. */
struct handover_opened {
    struct handover handover;
    struct zip_contents *contents;
    struct json *manifest;
    char name[256];
    const char *agreement; /* the manifest's; NULL: no incidents one by one are in it */
    size_t incidents;      /* that are in it one by one */
    struct notes faults;   /* what is wrong, a line each; none: all is as it should be */
};

/* Reads FILE. ERROR_DATA, ERROR_NO_INPUT: it cannot be read as a package at all. What can be read
 * but is wrong is noted: a file too many or too few, a hash or a size that is not the manifest's, a
 * table that breaks the rules or is not what the squares make it, a withheld count that the others
 * give away; incidents one by one that differ from the squares, or that no agreement is told for.
 */
bool handover_verify(struct handover_opened *opened, const char *path, struct error *error);
/* Notes a signature, FILE.minisig, that is not good by the public key in the file `key`, or is not
 * there; without a key nothing. */
bool handover_check_seal(struct handover_opened *opened, const char *path, const char *key,
                         struct error *error);
/* "Heemskerk": who sent it, and who got it. NULL where the manifest does not say. */
const char *handover_opened_sender(const struct handover_opened *opened);
/* "E1034N5020, safety, 2024-Q3"; * is all. */
void handover_cell_words(struct text *text, const struct handover *handover, size_t cell);
void handover_opened_free(struct handover_opened *opened);

#endif
