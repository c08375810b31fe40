/* What a map shows and says of when incidents come: --with hours,months. */
#ifndef PLEIN_REPORT_TIMES_H
#define PLEIN_REPORT_TIMES_H

#include "engine/analysis/timetable.h"
#include "engine/draw/timestrip.h"
#include "engine/report/measure_list.h"
#include "engine/report/sentences.h"
#include "engine/study/phases.h"

enum { TIMES_FEET = 3 };

/* Zeroed is empty. */
struct times {
    bool hours_wanted, months_wanted;
    bool squares_left_out; /* of a neighbour's package, which are on the map */
    struct timetable timetable;
    struct measure_list measures;
    struct phase *phases; /* by their first day */
    size_t phase_count;
    struct days days; /* of the months */
    struct hours_table hours;
    struct months_chart months;
    struct map_times strip;
    size_t *counts; /* of the months: all, then the two sides */
    struct months_measure *marks;
    struct months_phase *bands;
    struct map_marker *markers; /* of measures that have a place */
    size_t marker_count;
    struct text words[4], feet[TIMES_FEET], initials[12];
};

/* Reads what is wanted, the measures and the phases: all that may be wrong is told before the
 * incidents are read. ERROR_USAGE: --with names something else. */
bool times_begin(struct times *times, struct study *study, struct error *error);
/* Counts incidents; may be called part by part. Does nothing when nothing is wanted. */
bool times_take(struct times *times, const struct gathered *part, struct error *error);
/* Makes the strip and the markers, once all is counted. */
bool times_build(struct times *times, const struct telling *telling, struct error *error);
void times_free(struct times *times);

/* The figures as text, to travel in the file: nothing when they are not shown. */
void times_tell_hours(struct text *text, const struct times *times);
void times_tell_months(struct text *text, const struct times *times);

#endif
