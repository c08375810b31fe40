/* What one jurisdiction may hand over to its neighbour: counts by square, domain and quarter, with
 * what would give too much away withheld. */
#ifndef PLEIN_STUDY_HANDOVER_H
#define PLEIN_STUDY_HANDOVER_H

#include "engine/analysis/disclosure_protect.h"
#include "engine/analysis/squares.h"
#include "engine/study/gather.h"

struct handover_options {
    const char *receiver; /* name or code */
    double depth_m;       /* how far from the receiver's ground a square's centre may lie */
    uint32_t least;       /* k */
};

/* Zeroed is empty. */
struct handover {
    struct study *study; /* NULL for one that was read from a package */
    struct handover_options options;
    size_t sender, receiver; /* indexes in the study's boundaries */
    const char *crs;         /* the study's, or the package's */
    double least_per_ha;     /* of a cluster's squares */
    struct square *squares;  /* of 100 m, in the order of square_compare; in one that was read, the
                                pieces themselves */
    size_t square_count;
    struct square_pieces pieces;
    int32_t first_quarter; /* year * 4 + 0 .. 3 */
    size_t quarter_count;
    struct disclosure table; /* by domain, square and quarter */
    size_t *node_of_piece;   /* in the table's second axis */
    size_t source_count;     /* that have incidents in the strip */
    size_t lost;             /* cells withheld for the sake of others */
    size_t incidents;        /* counted in the strip, which the package does not tell */
    size_t sensitive;        /* organised crime in the sender's ground: counted, not in squares */
    struct square_clusters clusters; /* of the pieces as they are published */
};

/* The axes' sums, which stand last: all domains, all squares, all quarters. */
size_t handover_all(const struct handover *handover, int axis);
size_t handover_cell(const struct handover *handover, size_t domain, size_t square, size_t quarter);
/* What is published of a piece in all, 0 when it is withheld. */
uint32_t handover_of_piece(const struct handover *handover, size_t piece);

/* The sender is the one selected jurisdiction, or the receiver's only neighbour. Squares are those
 * of 100 m whose centre lies within the depth of the receiver's ground, and on the sender's or no
 * farther from it than half a diagonal; the sender's incidents in them are counted, all of them.
 * Organised crime is left out. ERROR_USAGE: a receiver that is not there, several possible senders;
 * ERROR_DATA: no square is near enough. */
bool handover_count(struct handover *handover, struct study *study,
                    const struct handover_options *options, struct error *error);
/* Publishes what may be, and withholds the rest: after it, nothing leaks unless the table's known
 * numbers do. */
bool handover_protect(struct handover *handover, struct error *error);
/* The empty table over squares, pieces and quarters, which are set: for who fills it otherwise. */
bool handover_lay_out(struct handover *handover, struct error *error);
/* The clusters of what is published. */
bool handover_cluster(struct handover *handover, struct error *error);
void handover_free(struct handover *handover);

#endif
