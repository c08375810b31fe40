/* A handover as it stands in a package: its table of squares, taken at its word and then held
 * against the rules. */
#ifndef PLEIN_STUDY_HANDOVER_READ_H
#define PLEIN_STUDY_HANDOVER_READ_H

#include "engine/study/handover_table.h"

/* What the manifest says of the table. */
struct handover_facts {
    const char *name; /* of the table, for errors: "overdracht.zip: squares.csv" */
    const char *crs;  /* outlives the handover */
    uint32_t least;
    double least_per_ha, depth_m;
    int32_t first_quarter;
    size_t quarter_count;
};

/* Reads squares.csv into *handover, whose study is NULL. ERROR_DATA with the line: other columns,
 * a square that is none, that overlaps another or lies elsewhere than its x and y say, a domain or
 * quarter that is none, a cell that is there twice, a count that is no multiple of five, is below
 * k, or stands where nothing may. */
bool handover_read(struct handover *handover, const char *bytes, size_t size,
                   const struct handover_facts *facts, struct error *error);

#endif
