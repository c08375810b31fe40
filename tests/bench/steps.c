/* Measures a step of the engine in its own process, and prints one line about it. */
#include "tests/bench/steps.h"

#include "tests/bench/scatter.h"

#include "engine/core/parallel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { REPEATS_MOST = 101 };

static double clock_seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double step_seconds(void)
{
    return clock_seconds(CLOCK_MONOTONIC);
}

size_t step_setting(const char *name, size_t usual)
{
    const char *text = getenv(name);
    char *end = NULL;
    unsigned long long value = text != NULL ? strtoull(text, &end, 10) : usual;
    if (text != NULL && (end == text || *end != '\0')) {
        fprintf(stderr, "bench: %s is '%s'; it must be a whole number\n", name, text);
        exit(2);
    }
    return (size_t)value;
}

int steps_threads(void)
{
    return parallel_threads((int)step_setting("THREADS", 0));
}

void step_need(bool done, const struct error *error)
{
    if (done)
        return;
    fprintf(stderr, "bench: %s\n", error->message);
    exit(1);
}

const char *step_file(const char *folder, const char *name)
{
    static char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* A figure of /proc/self/status in MB; 0 where there is no such thing. */
static double memory_mb(const char *figure)
{
    char line[200];
    double kilobytes = 0;
    size_t length = strlen(figure);
    FILE *file = fopen("/proc/self/status", "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, figure, length) == 0 && line[length] == ':')
            kilobytes = strtod(line + length + 1, NULL);
    if (file != NULL)
        fclose(file);
    return kilobytes / 1024;
}

/* The peak begins anew, so that it is this step's. */
static void forget_peak(void)
{
    FILE *file = fopen("/proc/self/clear_refs", "we");
    if (file == NULL)
        return;
    fputs("5", file);
    fclose(file);
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

struct timing {
    double seconds, processor;
};

static struct timing once(step_work *work, void *state)
{
    struct error error = {0};
    double begin = step_seconds(), processor = clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    bool done = work(state, &error);
    double end = clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    struct timing timing = {step_seconds() - begin, end - processor};
    step_need(done, &error);
    return timing;
}

static int repeats_of(const struct step *step)
{
    size_t wanted = step->repeats > 0 ? (size_t)step->repeats : step_setting("REPEATS", 5);
    return wanted < 1 ? 1 : wanted > REPEATS_MOST ? REPEATS_MOST : (int)wanted;
}

void step_run(const struct step *step, step_work *work, void *state)
{
    double seconds[REPEATS_MOST], processor[REPEATS_MOST];
    int repeats = repeats_of(step);
    forget_peak();
    double before = memory_mb("VmRSS");
    once(work, state);
    double peak = memory_mb("VmHWM");
    for (int i = 0; i < repeats; i++) {
        struct timing timing = once(work, state);
        seconds[i] = timing.seconds;
        processor[i] = timing.processor;
    }
    qsort(seconds, (size_t)repeats, sizeof *seconds, compare);
    qsort(processor, (size_t)repeats, sizeof *processor, compare);
    printf("step %s %zu %.9f best=%.9f spread=%.9f", step->name, step->items, seconds[repeats / 2],
           seconds[0], seconds[repeats - 1] - seconds[0]);
    printf(" cpu=%.9f threads=%d own_mb=%.1f peak_mb=%.1f", processor[repeats / 2],
           step->threads > 0 ? step->threads : steps_threads(), peak - before, peak);
    if (step->bytes > 0)
        printf(" bytes=%zu", step->bytes);
    if (step->size_mb > 0)
        printf(" size_mb=%.3f", step->size_mb);
    if (step->beside != NULL)
        printf(" beside=%s", step->beside);
    printf("\n");
    fflush(stdout);
}

void step_points_make(struct step_points *points, size_t count)
{
    struct error error = {0};
    struct scatter scatter;
    const double far_west = SCATTER_WEST, far_south = SCATTER_SOUTH;
    *points = (struct step_points){
        .grid = grid_around(
            (struct box){far_west, far_south, far_west + SCATTER_WIDE, far_south + SCATTER_HIGH}),
        .count = count};
    step_need(array_new_raw(&points->x, count, sizeof *points->x, &error)
                  && array_new_raw(&points->y, count, sizeof *points->y, &error),
              &error);
    int64_t origin_x = (int64_t)points->grid.origin_x * 1000;
    int64_t origin_y = (int64_t)points->grid.origin_y * 1000;
    scatter_begin(&scatter, step_setting("SEED", 1));
    for (size_t i = 0; i < count; i++) {
        struct place place = scatter_next(&scatter);
        points->x[i] = (int32_t)(place.x - origin_x);
        points->y[i] = (int32_t)(place.y - origin_y);
    }
}

void step_points_free(struct step_points *points)
{
    array_free(&points->x);
    array_free(&points->y);
}
