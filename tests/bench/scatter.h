/* Invented places of incidents, seeded: crowded around spots, the same on every machine. */
#ifndef PLEIN_TESTS_SCATTER_H
#define PLEIN_TESTS_SCATTER_H

#include "data/europaplein/chance.h"
#include "data/europaplein/ground.h"

#include <stdint.h>

/* A box of 12.3 by 10.2 km around the Europaplein; metres of RD New. */
enum { SCATTER_WIDE = 12300, SCATTER_HIGH = 10200, SCATTER_WEST = 99940, SCATTER_SOUTH = 496627 };
enum { SCATTER_SPOTS = 120 };

struct scatter_spot {
    struct place middle;
    int64_t spread; /* mm */
};

struct scatter {
    struct chance chance;
    struct scatter_spot spots[SCATTER_SPOTS];
};

void scatter_begin(struct scatter *scatter, uint64_t seed);
/* The next place, mm of RD New, in the box: one in eight lies anywhere, the others near a spot. */
struct place scatter_next(struct scatter *scatter);
/* So many metres from the south-western corner of the box. */
struct place scatter_in_the_box(int64_t x_metres, int64_t y_metres);

#endif
