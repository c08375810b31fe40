/* The map of a study for a meeting: what the sheet shows and says. */
#ifndef PLEIN_REPORT_PICTURE_H
#define PLEIN_REPORT_PICTURE_H

#include "engine/study/grouping.h"

/* Draws the study's map into a PNG file, with its world file and reference system beside it. */
bool picture_write(struct study *study, const char *path, struct error *error);

/* One of several sheets of the same incidents. */
struct picture_view {
    const char *path;
    int number, of;   /* sheet 1 of 3 */
    const char *name; /* at the end of the subtitle: "overzicht, blad 1 van 3" */
    struct box ground;
    struct box next;       /* what the next sheet shows, framed on this one; zeroed: none */
    const char *next_name; /* "blad 2" */
};
struct picture_views {
    const struct gathered *gathered; /* with all that picture_gather asks for */
    const struct clusters *clusters;
    const struct picture_view *items;
    size_t count;
    size_t scale_of; /* the view for whose ground the limits of all are chosen */
};
/* The incidents and clusters that a map shows. */
bool picture_gather(struct gathered *gathered, struct clusters *clusters, struct study *study,
                    struct error *error);
/* Draws each view as picture_write does, all on one scale. Nothing is written before every sheet
 * is prepared. */
bool picture_write_views(struct study *study, const struct picture_views *views,
                         struct error *error);

#endif
