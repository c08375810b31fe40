/* Times reading the file of incidents into typed columns. */
#include "tests/bench/steps.h"

#include "engine/core/parallel.h"
#include "engine/formats/csv.h"

#include <stdio.h>
#include <sys/stat.h>

enum { WAVE = 8 };

struct reading {
    const char *path;
    unsigned columns;
    int threads;
    struct csv *csv;
    struct incidents batches[WAVE];
    size_t first, rows;
};

static bool parse(void *state, size_t chunk, int worker, struct error *error)
{
    struct reading *reading = state;
    (void)worker;
    incidents_clear(&reading->batches[chunk]);
    return csv_parse(&reading->batches[chunk], reading->csv, reading->first + chunk, error);
}

static bool read_window(struct reading *reading, size_t slices, struct error *error)
{
    for (size_t first = 0; first < slices; first += WAVE) {
        size_t count = slices - first < WAVE ? slices - first : WAVE;
        reading->first = first;
        if (!parallel_for(&(struct parallel_job){parse, reading, count, reading->threads}, error))
            return false;
        for (size_t i = 0; i < count; i++)
            reading->rows += reading->batches[i].count;
    }
    return true;
}

static bool read_file(void *state, struct error *error)
{
    struct reading *reading = state;
    const struct csv_options options = {.wanted = reading->columns,
                                        .thread_count = reading->threads};
    size_t slices = 1;
    reading->rows = 0;
    reading->csv = csv_open(reading->path, &options, error);
    bool done = reading->csv != NULL;
    for (int i = 0; done && i < WAVE; i++)
        done = incidents_new(&reading->batches[i], reading->columns, error);
    while (done && slices > 0)
        done = csv_next(reading->csv, &slices, error) && read_window(reading, slices, error);
    for (int i = 0; i < WAVE; i++)
        incidents_free(&reading->batches[i]);
    csv_close(reading->csv);
    return done;
}

int main(int argc, char **argv)
{
    char name[100];
    struct stat facts;
    struct error error = {0};
    if (argc != 2)
        return 2;
    size_t rows = step_setting("ROWS", 1000000);
    snprintf(name, sizeof name, "incidents-%zu-%zu.csv", rows, step_setting("SEED", 1));
    struct reading reading = {.path = step_file(argv[1], name), .threads = steps_threads()};
    if (stat(reading.path, &facts) != 0)
        step_need(error_set(&error, ERROR_NO_INPUT, "%s is not there", reading.path), &error);
    struct step step = {.name = "csv.place", .items = rows, .bytes = (size_t)facts.st_size};
    step.beside = "wc-l";
    step_run(&step, read_file, &reading);
    step.name = "csv.five";
    reading.columns = COLUMN_ID | COLUMN_CATEGORY | COLUMN_TIME;
    step_run(&step, read_file, &reading);
    if (reading.rows != rows)
        step_need(
            error_set(&error, ERROR_INTERNAL, "%zu rows were read, not %zu", reading.rows, rows),
            &error);
    return 0;
}
