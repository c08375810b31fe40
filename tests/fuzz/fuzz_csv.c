/* Fuzzes the reading of incidents and of small tables: any bytes give rows or an error, and the
 * same in windows of any size and at any pace; and slices are whole rows. Every input is read
 * whole; half of them in one other way too, which the last byte and the length choose: four
 * readings of each would leave time for a third as many inputs. */
#include "engine/formats/csv.h"
#include "engine/formats/csvcut.h"
#include "engine/formats/table.h"
#include "tests/fuzz/input_file.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    ALL = COLUMN_ID | COLUMN_CATEGORY | COLUMN_TIME | COLUMN_SOURCE | COLUMN_WEIGHT
          | COLUMN_REPORTED_TO | COLUMN_RESPONSIBLE
};

enum { WHOLE = 64 << 10 }; /* a window that holds any input */

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

static struct result read_incidents(const char *file, struct incidents *batch, size_t window,
                                    enum csv_pace pace)
{
    struct csv_options options = {
        .wanted = ALL, .thread_count = 1, .window_bytes = window, .pace = pace};
    struct result result = {0};
    struct csv *csv = csv_open(file, &options, NULL);
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

static void compare_with(const struct result *whole, struct incidents *batch, size_t window,
                         enum csv_pace pace)
{
    const struct result other = read_incidents(path, batch, window, pace);
    compare(whole, &other);
}

/* The rows of a slice, one by one: they have to end where it ends. */
static void check_slice(const struct csv_slice *slice, const struct csv_cutting *cutting)
{
    const struct csv_text text = {slice->begin, cutting->text.end, cutting->text.ends};
    struct csv_row row = {.next = slice->begin};
    size_t lines = 0, rows = 0;
    while (row.next < slice->end) {
        row.begin = row.next;
        enum csv_state state = csv_scan_row(&row, &text, &cutting->surveyor.dialect);
        if (state == CSV_MORE)
            abort();
        lines += row.line_count;
        rows += state == CSV_BAD_QUOTES || row.field_count > 0;
    }
    if (row.next != slice->end || lines != slice->line_count || rows != slice->row_count)
        abort();
}

enum { STRETCH = 40, MOST_STRETCHES = 64, PADDING = 64 };

/* The input as the middle of a file, read in short stretches. */
static void cut_input(const uint8_t *data, size_t size)
{
    char bytes[PADDING + STRETCH * MOST_STRETCHES + PADDING] = {0};
    struct csv_stretch stretches[MOST_STRETCHES];
    struct csv_slices slices = {0};
    size_t length = size < (size_t)STRETCH * MOST_STRETCHES ? size : STRETCH * MOST_STRETCHES;
    if (length == 0)
        return;
    memcpy(bytes + PADDING, data, length);
    struct csv_cutting cutting = {
        .text = {bytes + PADDING, bytes + PADDING + length, false},
        .surveyor = {{',', size % 5 == 0 ? '\r' : '\n'}, size % 2 == 0 && simd_is_wide()},
        .slice_bytes = STRETCH,
        .stretches = stretches,
        .thread_count = 1};
    for (size_t at = 0; at < length; at += STRETCH) {
        struct csv_stretch *stretch = &stretches[cutting.stretch_count++];
        size_t rest = length - at;
        *stretch = (struct csv_stretch){.at = bytes + PADDING + at,
                                        .length = rest < STRETCH ? rest : STRETCH};
        csv_stretch_look(stretch, &cutting.surveyor);
    }
    if (!csv_cut(&slices, &cutting, NULL))
        abort();
    for (size_t i = 0; i < slices.count; i++)
        check_slice(&slices.items[i], &cutting);
    csv_slices_free(&slices);
}

static void read_small_table(void)
{
    struct table table = {0};
    if (table_read(&table, path, NULL))
        table_free(&table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct incidents
        batch; /* one for the whole run: making it would cost more than reading */
    if (batch.capacity == 0 && !incidents_new(&batch, ALL, NULL))
        abort();
    write_input(data, size);
    cut_input(data, size);
    const struct result whole = read_incidents(path, &batch, WHOLE, CSV_FASTEST);
    switch ((size + (size > 0 ? data[size - 1] : 0)) % 6) {
    case 0:
        read_small_table();
        break;
    case 1:
        compare_with(&whole, &batch, (size_t)64 << size % 5, CSV_PORTABLE);
        break;
    case 2:
        compare_with(&whole, &batch, WHOLE, CSV_CAREFUL);
        break;
    default:
        break;
    }
    return 0;
}
