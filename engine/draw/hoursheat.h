/* A table of the hours of the week: the more incidents, the darker the cell. */
#ifndef PLEIN_DRAW_HOURSHEAT_H
#define PLEIN_DRAW_HOURSHEAT_H

#include "engine/draw/block.h"

enum { HOURS_DAYS = 7, HOURS_DAY = 24 };

struct hours_table {
    struct block_head head;            /* "Drukste uren: vrijdag en zaterdag van 20 tot 24 uur" */
    const char *day_names[HOURS_DAYS]; /* "ma" */
    const char *hour;                  /* above the names: "uur" */
    const char *total;                 /* above the totals: "totaal" */
    const char *scale_head;            /* beside the scale: "meldingen" */
    size_t cells[HOURS_DAYS][HOURS_DAY];
    bool has_totals;
    struct classes classes; /* of the cells; what lies below the first limit is not coloured */
    /* The cells that are framed, from a day and an hour on; none when either count is 0. */
    int frame_day, frame_days, frame_hour, frame_hours;
};

/* Draws the block; its cells take the height that head and scale leave. */
void hoursheat_draw(const struct block *block, const struct hours_table *table);
/* Limits for counts up to `most`: the first is `least` (counts below it look like none), the others
 * rise by one round step. */
void hoursheat_classes(struct classes *classes, size_t least, size_t most);

/* The heights a block wants at least and at most, points. */
double hoursheat_least(const struct kit *kit);
double hoursheat_most(const struct kit *kit);

#endif
