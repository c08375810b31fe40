/* Measures a step of the engine in its own process, and prints one line about it for
 * tests/bench/run.
 *
 * A step program is tests/bench/step_ROOM.c; the Makefile finds it by its name. It is called with
 * the folder of the files that run makes (incidents-ROWS-SEED.csv, areas2.shp, areas400.shp),
 * prints nothing to standard output but its lines, and ends with 0. A line is
 *
 *     step NAME ITEMS SECONDS [KEY=VALUE ...]
 *
 * NAME without blanks, ITEMS what is counted (points, rows, pixels), SECONDS the median of REPEATS
 * runs after one that warms up. KEY is one of: best and spread (seconds: the fastest, and from
 * there to the slowest), cpu (seconds of all processors), bytes (read or written, for MB/s),
 * threads, own_mb (memory that the step took on top of what stood before it) and peak_mb (of the
 * whole process), size_mb (of what it wrote), beside (the NAME of the yardstick that does the
 * same). */
#ifndef PLEIN_TESTS_STEPS_H
#define PLEIN_TESTS_STEPS_H

#include "engine/core/base.h"
#include "engine/core/geometry.h"

struct step {
    const char *name;
    size_t items;
    size_t bytes;       /* 0: not said */
    const char *beside; /* NULL: no yardstick */
    int threads;        /* 0: as many as steps_threads */
    double size_mb;     /* 0: not said */
    int repeats;        /* 0: as many as REPEATS */
};

/* One run of the step; what it makes it frees. */
typedef bool step_work(void *state, struct error *error);

/* Runs it once to warm up and then again and again, and prints its line; an error ends the program.
 */
void step_run(const struct step *step, step_work *work, void *state);

/* A whole number from the environment: ROWS, POINTS, REPEATS, SEED, ... */
size_t step_setting(const char *name, size_t usual);
/* THREADS, or as many as there are processors. */
int steps_threads(void);
/* Ends the program with the error unless `done`. */
void step_need(bool done, const struct error *error);
double step_seconds(void); /* a clock that only goes forward */

/* FOLDER/name, in a static buffer. */
const char *step_file(const char *folder, const char *name);

/* `count` places of scatter.h with SEED on a grid of millimetres around the box; the caller frees
 * both. */
struct step_points {
    struct grid grid;
    int32_t *x, *y;
    size_t count;
};
void step_points_make(struct step_points *points, size_t count);
void step_points_free(struct step_points *points);

#endif
