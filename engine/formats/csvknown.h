/* Exports that are known by their columns, and what has to be known about them. */
#ifndef PLEIN_FORMATS_CSVKNOWN_H
#define PLEIN_FORMATS_CSVKNOWN_H

#include "engine/formats/csvroles.h"

enum csv_known {
    CSV_UNKNOWN,
    CSV_POLICE_UK,      /* a month of street-level crime from data.police.uk */
    CSV_SIGNALEN,       /* reports from Signalen, with their places */
    CSV_SIGNALEN_ALONE, /* its signals.csv, whose places are in locations.csv */
};

enum csv_known csv_known(const struct csv_header *header);
/* What the usual names do not tell: police.uk's force is the source. */
void csv_known_roles(struct csv_roles *roles, const struct csv_header *header);
/* A note on what such a file is; none for one that is not known. */
void csv_known_note(const struct csv_header *header, struct notes *notes);

#endif
