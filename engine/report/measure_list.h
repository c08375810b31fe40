/* The measures that belong on a map: read, held against the selection, put in order and numbered.
 */
#ifndef PLEIN_REPORT_MEASURE_LIST_H
#define PLEIN_REPORT_MEASURE_LIST_H

#include "engine/core/text.h"
#include "engine/formats/measures.h"
#include "engine/study/study.h"

/* Zeroed is empty. */
struct measure_list {
    struct measures all;          /* places in the study's metres */
    const struct measure **shown; /* by date, then by end and name */
    size_t count;
    struct text *names, *numbers; /* of the shown: "M1 extra toezicht", "M1"; numbers are empty for
                                     one measure without a place */
};

/* Reads the file. ERROR_DATA with its line when a jurisdiction or a domain is none of the study's.
 */
bool measure_list_read(struct measure_list *list, struct study *study, struct error *error);
/* Keeps those that touch the days from first to last, and that concern what is selected (a measure
 * that names no jurisdiction or domain concerns all). */
struct days {
    int64_t first, last;
};
bool measure_list_select(struct measure_list *list, struct study *study, struct days days,
                         struct error *error);
void measure_list_free(struct measure_list *list);

#endif
