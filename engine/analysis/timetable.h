/* Counts incidents by weekday and hour, and by month and owner. */
#ifndef PLEIN_ANALYSIS_TIMETABLE_H
#define PLEIN_ANALYSIS_TIMETABLE_H

#include "engine/core/moments.h"

enum { TIMETABLE_DAYS = 7, TIMETABLE_HOURS = 24 };

/* What was counted; sums of weights, so that neither the order of the rows nor their parts matter.
 * Zeroed is empty; timetable_free when done. */
struct timetable {
    size_t cells[TIMETABLE_DAYS][TIMETABLE_HOURS]; /* Monday 0; both are known */
    size_t no_hour;                                /* the day is known, the hour is not */
    size_t no_day;                                 /* the day is not known */
    size_t no_month;                               /* nor the month: part of no_day */
    size_t incidents;                              /* all of the above and the cells */
    size_t owner_count;
    size_t **years; /* by year, 0 to 9999: 12 months of every owner, or NULL */
};

/* Incidents to count, `count` of each array. */
struct timed {
    const moment *when;
    const int32_t *owner;   /* below owner_count and not negative */
    const uint32_t *weight; /* NULL: each counts once */
    size_t count;
};

bool timetable_open(struct timetable *timetable, size_t owner_count, struct error *error);
void timetable_free(struct timetable *timetable);
bool timetable_add(struct timetable *timetable, const struct timed *timed, struct error *error);

/* A month is numbered by 12 times its year and 0 to 11. */
int timetable_month_of(int64_t day);
/* The first day of a month, since 1970. */
int64_t timetable_first_day(int month);
/* The incidents of one owner, or of all, in a month. */
enum { TIMETABLE_ALL = -1 };
size_t timetable_month(const struct timetable *timetable, int month, int32_t owner);
size_t timetable_day(const struct timetable *timetable, int weekday);

/* The two days and four hours, next to one another within a week and a day, with most incidents; of
 * equal ones the earliest. */
enum { BUSIEST_DAYS = 2, BUSIEST_HOURS = 4 };
struct busiest {
    int day, hour; /* the first of them */
    size_t incidents;
};
struct busiest timetable_busiest(const struct timetable *timetable);

#endif
