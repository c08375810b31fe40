/* A handover: its squares, its period, and its table by domain, square and quarter. */
#ifndef PLEIN_STUDY_HANDOVER_MODEL_H
#define PLEIN_STUDY_HANDOVER_MODEL_H

#include "engine/analysis/disclosure_protect.h"
#include "engine/analysis/squares.h"
#include "engine/core/incidents.h"

struct study;

struct handover_options {
    const char *receiver;  /* name or code */
    double depth_m;        /* how far from the receiver's ground a square's centre may lie */
    uint32_t least;        /* k */
    const char *agreement; /* under which incidents are in it one by one; NULL: they are not */
    bool sensitive;        /* organised crime may be among those */
    const struct handover *earlier; /* packages that the receiver has already, as they were read */
    size_t earlier_count;
    const struct handover_totals *totals; /* that the receiver has from elsewhere; NULL: none */
};

/* An incident, as coarse as a package may tell it. */
struct handover_row {
    struct square square; /* of 100 m */
    uint8_t domain;
    int32_t quarter;               /* HANDOVER_NO_QUARTER: without a date */
    const char *category, *source; /* the study's; "" for a category that the vocabulary lacks */
    uint32_t weight;
};
#define HANDOVER_NO_QUARTER INT32_MIN
/* In all of a package: so that no sum of them runs over, and a table stays one that is read. */
enum { HANDOVER_INCIDENTS_MOST = 2000000000, HANDOVER_QUARTERS_MOST = 400 };

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
    struct disclosure table;              /* by domain, square and quarter */
    size_t *node_of_piece;                /* in the table's second axis */
    struct handover_nodes *earlier_nodes; /* one for each earlier package */
    size_t *total_nodes;                  /* in the second axis, one for each total */
    size_t totals_aside;                  /* that are of nothing in the table */
    size_t source_count;                  /* that have incidents in the strip */
    size_t lost;                          /* cells withheld for the sake of others */
    size_t incidents; /* counted in the strip, which the package does not tell */
    size_t sensitive; /* organised crime in the sender's ground: counted, not in squares */
    struct square_clusters clusters; /* of the pieces as they are published */
    struct handover_row *rows;       /* of what is handed over under an agreement */
    size_t row_count;
};

enum { DOMAIN_AXIS, SQUARE_AXIS, QUARTER_AXIS, HANDOVER_DOMAINS = 4 };

/* The axes' sums, which stand last: all domains, all squares, all quarters. */
size_t handover_all(const struct handover *handover, int axis);
size_t handover_cell(const struct handover *handover, size_t domain, size_t square, size_t quarter);
/* What is published of a piece in all, 0 when it is withheld. */
uint32_t handover_of_piece(const struct handover *handover, size_t piece);

/* A quarter's number: year * 4 + 0 .. 3; HANDOVER_NO_QUARTER when not even the month is known. */
int32_t handover_quarter_of(moment when);
/* "2024-Q3" */
enum { HANDOVER_QUARTER = 16 };
void handover_quarter(char name[HANDOVER_QUARTER], int32_t quarter);
/* Reads "2024-Q3", and nothing else. */
bool handover_quarter_parse(int32_t *quarter, const char *text);

#endif
