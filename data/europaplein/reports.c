/* What happens in the invented town: six thousand incidents over two years. */
#include "reports.h"

#include <stdlib.h>

enum {
    METRE = 1000,
    DAYS = 731,           /* 2023 and 2024 */
    MEASURE_FROM = 639,   /* 1 October 2024: extra supervision on the Europaplein */
    MEASURE_PERCENT = 70, /* of what it is aimed at goes elsewhere from then on */
    EUROPAPLEIN = 0,
    SPOORPAD = 1,
};

/* A spot where much is reported. */
struct hotspot {
    int u, v;             /* metres on the town's grid (see town.h) */
    int wide, high;       /* standard deviations along u and v, in metres */
    int along_u, along_v; /* how far the streets that lead there count, signed metres */
    int count;
    int categories[CATEGORY_COUNT]; /* weights */
};

/* Only the Europaplein lies on the border. Each of its halves is smaller than what Heemskerk has on
 * its Marktplein and in its Sportpark, and Beverwijk on its Stationsplein; the whole is larger than
 * any. */
static const struct hotspot HOTSPOTS[] = {
    [EUROPAPLEIN] = {1, 4, 44, 40, 0, -210, 1020, {36, 20, 24, 8, 9, 3}},
    [SPOORPAD] = {-290, -110, 16, 34, 60, 0, 90, {45, 25, 18, 4, 7, 1}},
    {650, 105, 30, 42, 150, -190, 640, {32, 9, 34, 15, 9, 1}},   /* Marktplein, Heemskerk */
    {545, 640, 44, 36, -120, -170, 520, {47, 14, 26, 4, 9, 0}},  /* Sportpark, Heemskerk */
    {-690, -235, 34, 40, 170, 160, 660, {34, 19, 22, 17, 6, 2}}, /* Stationsplein, Beverwijk */
    {-410, -590, 38, 26, 110, 150, 330, {20, 8, 38, 24, 9, 1}},  /* shopping centre, Beverwijk */
    {305, -495, 36, 22, 0, 150, 290, {52, 12, 24, 2, 10, 0}},    /* skate park, Heemskerk */
};
enum { HOTSPOT_COUNT = sizeof HOTSPOTS / sizeof HOTSPOTS[0] };

/* Villages and quarters farther off, so that every gemeente has its share; metres of RD New. */
static const int32_t FAR_PLACES[][3] = {
    {105600, 503900, 300}, {104300, 500600, 350}, {102300, 500500, 250}, {106300, 508200, 450},
    {110600, 503500, 350}, {104700, 497600, 500}, {106900, 495500, 450}, {107100, 499100, 350},
};
enum { FAR_COUNT = sizeof FAR_PLACES / sizeof FAR_PLACES[0] };

static const int ELSEWHERE[CATEGORY_COUNT] = {20, 7, 33, 24, 15, 1};

/* Per category: who reports it. */
static const int SOURCES[CATEGORY_COUNT][SOURCE_COUNT] = {
    [LOITERING] = {38, 17, 45}, [DEALING] = {86, 4, 10}, [LITTER] = {1, 71, 28},
    [TRAFFIC] = {44, 30, 26},   [NEGLECT] = {1, 89, 10}, [ORGANISED_CRIME] = {100, 0, 0},
};

/* Per category: the hours from 6 in the morning to 5 the next. A night belongs to the day on which
 * it began. */
static const int HOURS[CATEGORY_COUNT][24] = {
    [LOITERING] = {0, 0, 1, 1, 2, 2, 3, 3, 4, 6, 8, 9, 9, 11, 14, 18, 20, 19, 14, 9, 5, 2, 1, 0},
    [DEALING] = {0, 0, 1, 1, 2, 3, 3, 4, 5, 6, 6, 7, 8, 9, 12, 15, 18, 20, 18, 14, 9, 5, 2, 1},
    [LITTER] = {3, 8, 16, 20, 19, 17, 14, 13, 12, 10, 8, 6, 5, 4, 3, 2, 1, 1, 0, 0, 0, 0, 0, 1},
    [TRAFFIC] = {3, 10, 18, 12, 7, 7, 8, 8, 9, 13, 18, 19, 15, 11, 8, 7, 6, 5, 4, 2, 1, 1, 0, 1},
    [NEGLECT] = {1, 4, 12, 18, 18, 15, 12, 13, 13, 11, 8, 5, 3, 3, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0},
    [ORGANISED_CRIME] = {1, 2, 4, 6, 7, 7, 6, 6, 6, 6, 5, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 3, 2, 1},
};

/* Per category: Monday to Sunday, and January to December. */
static const int WEEKDAYS[CATEGORY_COUNT][7] = {
    [LOITERING] = {8, 8, 9, 11, 19, 22, 12}, [DEALING] = {9, 9, 10, 13, 20, 20, 10},
    [LITTER] = {20, 14, 13, 12, 12, 14, 11}, [TRAFFIC] = {14, 15, 15, 15, 16, 14, 8},
    [NEGLECT] = {19, 18, 17, 16, 15, 8, 5},  [ORGANISED_CRIME] = {14, 15, 15, 15, 14, 10, 8},
};
static const int MONTHS[CATEGORY_COUNT][12] = {
    [LOITERING] = {5, 5, 7, 9, 11, 12, 12, 12, 10, 8, 6, 6},
    [DEALING] = {7, 7, 8, 8, 9, 9, 8, 8, 9, 10, 9, 8},
    [LITTER] = {7, 6, 8, 9, 10, 10, 10, 9, 9, 8, 7, 8},
    [TRAFFIC] = {8, 8, 8, 8, 9, 9, 6, 6, 10, 10, 10, 9},
    [NEGLECT] = {7, 7, 9, 9, 9, 9, 9, 9, 9, 8, 8, 7},
    [ORGANISED_CRIME] = {8, 8, 9, 9, 8, 8, 7, 7, 9, 9, 9, 8},
};

/* Days to a date (Howard Hinnant's days_to_civil is for all time; two years need less). */
struct date date_of(int day)
{
    static const int lengths[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    struct date date = {2023, 1, 1};
    if (day >= 365) {
        date.year = 2024;
        day -= 365;
    }
    for (;;) {
        int length = lengths[date.month - 1] + (date.year == 2024 && date.month == 2);
        if (day < length)
            break;
        day -= length;
        date.month++;
    }
    date.day = day + 1;
    return date;
}

/* 1 January 2023 was a Sunday: Monday is 0. */
static int weekday_of(int day)
{
    return (day + 6) % 7;
}

/* Draws the day by the weights of its weekday and month, 2024 a little busier than 2023. */
static int pick_day(struct chance *chance, enum category category)
{
    for (;;) {
        int day = (int)chance_between(chance, 0, DAYS - 1);
        struct date date = date_of(day);
        int64_t weight = (int64_t)WEEKDAYS[category][weekday_of(day)]
                         * MONTHS[category][date.month - 1] * (date.year == 2024 ? 100 : 92);
        if (chance_between(chance, 0, 26399) < weight) /* the greatest weights: 22 * 12 * 100 */
            return day;
    }
}

static void pick_time(struct report *report, struct chance *chance)
{
    do {
        int hour = 6 + chance_pick(chance, HOURS[report->category], 24);
        report->day = pick_day(chance, report->category) + hour / 24;
        report->minute = hour % 24 * 60 + (int)chance_between(chance, 0, 59);
    } while (report->day >= DAYS);
}

static void fill_report(struct report *report, struct chance *chance, const int *categories)
{
    report->category = (enum category)chance_pick(chance, categories, CATEGORY_COUNT);
    report->source = (enum source)chance_pick(chance, SOURCES[report->category], SOURCE_COUNT);
    pick_time(report, chance);
}

/* Zero to all, the lesser the likelier. */
static int64_t nearer(struct chance *chance, int64_t all)
{
    int64_t a = chance_between(chance, 0, 1000), b = chance_between(chance, 0, 1000);
    return all * (a < b ? a : b) / 1000;
}

/* Most lie on the spot itself, the others along the streets that lead there: people come and leave
 * along streets, so that no spot is round. */
static struct place near_hotspot(struct chance *chance, int index)
{
    static const int arms[] = {64, 18, 18}; /* per cent: on the spot, along u, along v */
    const struct hotspot *spot = &HOTSPOTS[index];
    int arm = chance_pick(chance, arms, 3);
    int64_t u = spot->u * METRE, v = spot->v * METRE;
    if (arm == 1 && spot->along_u != 0)
        return town_ground(u + nearer(chance, spot->along_u * METRE),
                           v + chance_bell(chance, 8 * METRE));
    if (arm == 2 && spot->along_v != 0)
        return town_ground(u + chance_bell(chance, 8 * METRE),
                           v + nearer(chance, spot->along_v * METRE));
    return town_ground(u + chance_bell(chance, spot->wide * METRE),
                       v + chance_bell(chance, spot->high * METRE));
}

/* From October 2024 on loitering and dealing largely leave the Europaplein, for a path 300 metres
 * away on Beverwijk's side: displacement. */
static int is_displaced(const struct report *report, struct chance *chance)
{
    int aimed_at = report->category == LOITERING || report->category == DEALING;
    return aimed_at && report->day >= MEASURE_FROM && chance_happens(chance, MEASURE_PERCENT);
}

static struct place far_place(struct chance *chance)
{
    const int32_t *far = FAR_PLACES[chance_between(chance, 0, FAR_COUNT - 1)];
    int64_t deviation = (int64_t)far[2] * METRE;
    return (struct place){far[0] * INT64_C(1000) + chance_bell(chance, deviation),
                          far[1] * INT64_C(1000) + chance_bell(chance, deviation)};
}

static int compare_reports(const void *left, const void *right)
{
    const struct report *a = left, *b = right;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->minute != b->minute)
        return a->minute < b->minute ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

void reports_make(struct report *reports, const struct town *town)
{
    struct chance chance = {396375};
    int count = 0;
    for (int index = 0; index < HOTSPOT_COUNT; index++)
        for (int i = 0; i < HOTSPOTS[index].count; i++) {
            struct report *report = &reports[count++];
            fill_report(report, &chance, HOTSPOTS[index].categories);
            int at = index == EUROPAPLEIN && is_displaced(report, &chance) ? SPOORPAD : index;
            report->place = near_hotspot(&chance, at);
        }
    while (count < REPORT_COUNT) {
        struct report *report = &reports[count++];
        fill_report(report, &chance, ELSEWHERE);
        report->place =
            chance_happens(&chance, 18) ? far_place(&chance) : town_somewhere(town, &chance);
    }
    for (int i = 0; i < REPORT_COUNT; i++)
        reports[i].number = i;
    qsort(reports, REPORT_COUNT, sizeof *reports, compare_reports);
}
