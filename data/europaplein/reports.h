/* What happens in the invented town: six thousand incidents over two years. */
#ifndef EUROPAPLEIN_REPORTS_H
#define EUROPAPLEIN_REPORTS_H

#include "town.h"

enum category { LOITERING, DEALING, LITTER, TRAFFIC, NEGLECT, ORGANISED_CRIME, CATEGORY_COUNT };
enum source { POLITIE, GEMEENTE, BOA, SOURCE_COUNT };

enum { REPORT_COUNT = 6000 };

struct report {
    struct place place; /* millimetres of RD New */
    enum category category;
    enum source source;
    int day;    /* 0 is 1 January 2023, 730 is 31 December 2024 */
    int minute; /* of the day */
    int number; /* in the order they were thought up: the last tie-breaker of sorting */
};

/* Fills REPORT_COUNT reports, sorted by time. */
void reports_make(struct report *reports, const struct town *town);

struct date {
    int year, month, day;
};
struct date date_of(int day);

#endif
