/* Fuzzes the reading of incidents and of small tables: any bytes give rows or an error, and the
 * same in windows of any size. */
#include "engine/formats/csv.h"
#include "engine/formats/table.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ALL = COLUMN_ID | COLUMN_CATEGORY | COLUMN_TIME | COLUMN_SOURCE | COLUMN_WEIGHT };

/* What a reading comes to. */
struct result {
    bool done;
    size_t kept;
    uint64_t sum;
    struct row_report report;
};

static uint64_t add_bytes(uint64_t sum, const void *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        sum = (sum ^ ((const unsigned char *)bytes)[i]) * 1099511628211u;
    return sum;
}

static void add_batch(struct result *result, const struct incidents *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        size_t row = batch->first_row + batch->row[i];
        const char *name = batch->reported_names[batch->reported[i]];
        result->sum = add_bytes(result->sum, &row, sizeof row);
        result->sum = add_bytes(result->sum, &batch->when[i], sizeof batch->when[i]);
        result->sum = add_bytes(result->sum, name, strlen(name));
        if (batch->id.length > 0)
            result->sum = add_bytes(result->sum, batch->id.bytes + batch->id.starts[i],
                                    batch->id.starts[i + 1] - batch->id.starts[i]);
        if (batch->x[i] == batch->x[i]) /* the bits of a NaN mean nothing */
            result->sum = add_bytes(result->sum, &batch->x[i], sizeof batch->x[i]);
    }
    result->kept += batch->count;
    row_report_merge(&result->report, &batch->report);
}

static struct result read_incidents(const char *path, struct incidents *batch, size_t window)
{
    struct csv_options options = {.wanted = ALL, .thread_count = 1, .window_bytes = window};
    struct result result = {0};
    struct csv *csv = csv_open(path, &options, NULL);
    if (csv == NULL)
        return result;
    result.done = true;
    for (size_t count = 1; count > 0 && result.done;) {
        result.done = csv_next(csv, &count, NULL);
        for (size_t i = 0; i < count && result.done; i++) {
            incidents_clear(batch);
            result.done = csv_parse(batch, csv, i, NULL);
            add_batch(&result, batch);
        }
    }
    csv_close(csv);
    return result;
}

static void compare(const struct result *a, const struct result *b)
{
    if (a->done != b->done)
        abort();
    if (a->done
        && (a->kept != b->kept || a->sum != b->sum
            || memcmp(&a->report, &b->report, sizeof a->report) != 0))
        abort();
    if (a->done && a->kept + row_report_skipped(&a->report) != a->report.rows_read)
        abort(); /* every row is kept or skipped, and counted */
}

static char path[] = "/tmp/plein-fuzz-csv-XXXXXX";

static void remove_file(void)
{
    unlink(path);
}

/* One file and one batch for the whole run: making them an input would cost more than reading. */
static void write_input(struct incidents *batch, const uint8_t *data, size_t size)
{
    static int descriptor = -1;
    if (descriptor < 0) {
        descriptor = mkstemp(path);
        atexit(remove_file);
        if (!incidents_new(batch, ALL, NULL))
            abort();
    }
    if (descriptor < 0 || ftruncate(descriptor, 0) != 0
        || pwrite(descriptor, data, size, 0) != (ssize_t)size)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct incidents batch;
    write_input(&batch, data, size);
    struct result whole = read_incidents(path, &batch, 0);
    struct result small = read_incidents(path, &batch, 64);
    compare(&whole, &small);
    struct table table = {0};
    if (table_read(&table, path, NULL))
        table_free(&table);
    return 0;
}
