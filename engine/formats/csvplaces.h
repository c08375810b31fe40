/* Reads the places of ordinary rows. */
#ifndef PLEIN_FORMATS_CSVPLACES_H
#define PLEIN_FORMATS_CSVPLACES_H

#include "engine/formats/csvsplit.h"

enum { CSV_PLACE_SLACK = 16 }; /* bytes before and behind a field that may be read */

/* Where places stand, where they go, and what makes one. */
struct csv_places {
    size_t x_column, y_column;
    double *x, *y;         /* of the block's first row */
    double x_most, y_most; /* farther from 0 is no place; 0,0 is none either */
    char mark;             /* of decimals, in most rows; the other one is read as well */
    bool wide;             /* with the instructions of SIMD_WIDE */
};

/* Reads the places of a block's rows, up to the first row that has not two numbers which make one;
 * returns that row's number, or block->count. */
size_t csv_places_read(const struct csv_places *places, const struct csv_block *block);

#endif
