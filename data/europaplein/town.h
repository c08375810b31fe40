/* An invented town around the plaza: streets, buildings, green, water and squares on a bent grid.
 */
#ifndef EUROPAPLEIN_TOWN_H
#define EUROPAPLEIN_TOWN_H

#include "chance.h"
#include "layer.h"

enum { TOWN_LINES = 48 };

enum block { BLOCK_NONE, BLOCK_HOUSES, BLOCK_HALLS, BLOCK_PARK, BLOCK_SQUARE };

/* Streets lie on lines of a grid that is turned and then bent; u runs north-east, v north-west, in
 * millimetres from the middle of the plaza. */
struct town {
    int64_t u[TOWN_LINES], v[TOWN_LINES]; /* where the lines lie, rising */
    int u_count, v_count;
    int canal;                                      /* the u line that is water */
    enum block blocks[TOWN_LINES][TOWN_LINES];      /* between lines i, i + 1 and j, j + 1 */
    uint8_t along_u[TOWN_LINES][TOWN_LINES];        /* a street from (i, j) to (i + 1, j) */
    uint8_t along_v[TOWN_LINES][TOWN_LINES];        /* a street from (i, j) to (i, j + 1) */
    uint8_t u_main[TOWN_LINES], v_main[TOWN_LINES]; /* through roads */
};

void town_plan(struct town *town);
/* Where a place of the grid lies on the ground, in millimetres of RD New. */
struct place town_ground(int64_t u, int64_t v);
/* Writes straten, hoofdwegen, gebouwen, groen, water and pleinen into the folder. */
void town_write(const struct town *town, const char *folder);
/* Any place along any street, nearer the plaza more often. */
struct place town_somewhere(const struct town *town, struct chance *chance);

#endif
