/* Writes layers as the sheets of an Excel workbook, with real numbers and dates. */
#include "engine/formats/xlsx_write.h"

#include "engine/core/files.h"
#include "engine/core/stage.h"
#include "engine/formats/xlsx_library.h"
#include "engine/formats/xlsx_xml.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROWS_MOST = 1048576, DECIMALS_MOST = 6, WIDEST = 50 };

/* A book under way, with the looks of its cells. */
struct book {
    lxw_workbook *workbook;
    lxw_format *head, *day, *time, *number[DECIMALS_MOST + 1];
};

static void make_formats(struct book *book)
{
    static const char *const NUMBERS[DECIMALS_MOST + 1] = {"0",      "0.0",     "0.00",    "0.000",
                                                           "0.0000", "0.00000", "0.000000"};
    book->head = workbook_add_format(book->workbook);
    format_set_bold(book->head);
    format_set_bottom(book->head, LXW_BORDER_THIN);
    book->day = workbook_add_format(book->workbook);
    format_set_num_format(book->day, "yyyy-mm-dd");
    book->time = workbook_add_format(book->workbook);
    format_set_num_format(book->time, "yyyy-mm-dd hh:mm:ss");
    for (int d = 0; d <= DECIMALS_MOST; d++) {
        book->number[d] = workbook_add_format(book->workbook);
        format_set_num_format(book->number[d], NUMBERS[d]);
    }
}

/* Days since 30 December 1899, which counts right from March 1900 on; 0 when it is earlier or the
 * day is not known. */
static double serial_of(moment when)
{
    const int64_t first = -25508; /* 1 March 1900, in days since 1970 */
    const double epoch = 25569;
    if (moment_precision(when) < PRECISION_DAY || moment_day(when) < first)
        return 0;
    struct civil civil = moment_civil(when);
    double seconds = civil.hour * 3600 + civil.minute * 60 + civil.second;
    return epoch + (double)moment_day(when) + seconds / 86400;
}

static lxw_error put_moment(const struct book *book, lxw_worksheet *sheet, lxw_row_t row,
                            lxw_col_t column, moment when)
{
    char text[MOMENT_TEXT];
    double serial = serial_of(when);
    if (serial > 0)
        return worksheet_write_number(sheet, row, column, serial,
                                      moment_precision(when) >= PRECISION_SECOND ? book->time
                                                                                 : book->day);
    moment_format(text, when);
    return worksheet_write_string(sheet, row, column, text, NULL);
}

static lxw_error put_cell(const struct book *book, lxw_worksheet *sheet, const struct layer *layer,
                          size_t column, size_t row)
{
    const struct layer_column *from = &layer->columns[column];
    lxw_row_t r = (lxw_row_t)row + 1;
    lxw_col_t c = (lxw_col_t)column;
    int decimals = from->decimals < DECIMALS_MOST ? from->decimals : DECIMALS_MOST;
    if (!layer_is_known(layer, column, row))
        return LXW_NO_ERROR;
    switch (from->kind) {
    case LAYER_TEXT:
        return worksheet_write_string(sheet, r, c, layer_text(layer, column, row), NULL);
    case LAYER_WHOLE:
    case LAYER_REAL:
        return worksheet_write_number(sheet, r, c, from->numbers[row],
                                      book->number[from->kind == LAYER_REAL ? decimals : 0]);
    case LAYER_MOMENT:
        return put_moment(book, sheet, r, c, from->moments[row]);
    }
    return LXW_NO_ERROR;
}

/* Characters, not bytes. */
static size_t width_of(const char *utf8)
{
    size_t width = 0;
    for (; *utf8 != '\0'; utf8++)
        width += (*utf8 & 0xC0) != 0x80;
    return width;
}

static double column_width(const struct layer *layer, size_t column)
{
    const size_t margin = 2;
    char buffer[LAYER_CELL];
    size_t width = width_of(layer->columns[column].name);
    for (size_t i = 0; i < layer->row_count && width < WIDEST; i++) {
        size_t one = width_of(layer_cell(buffer, layer, column, i));
        width = one > width ? one : width;
    }
    return (double)((width < WIDEST ? width : WIDEST) + margin);
}

static bool put_sheet(const struct book *book, const struct layer *layer)
{
    lxw_worksheet *sheet = workbook_add_worksheet(book->workbook, layer->name);
    lxw_error failure = sheet != NULL ? LXW_NO_ERROR : LXW_ERROR_MEMORY_MALLOC_FAILED;
    for (size_t c = 0; failure == LXW_NO_ERROR && c < layer->column_count; c++) {
        worksheet_set_column(sheet, (lxw_col_t)c, (lxw_col_t)c, column_width(layer, c), NULL);
        failure =
            worksheet_write_string(sheet, 0, (lxw_col_t)c, layer->columns[c].name, book->head);
    }
    for (size_t i = 0; failure == LXW_NO_ERROR && i < layer->row_count; i++)
        for (size_t c = 0; failure == LXW_NO_ERROR && c < layer->column_count; c++)
            failure = put_cell(book, sheet, layer, c, i);
    if (failure == LXW_NO_ERROR)
        worksheet_freeze_panes(sheet, 1, 0);
    return failure == LXW_NO_ERROR;
}

/* What libxlsxwriter has to say it says on standard error, of files whose names nobody gave. The
 * descriptor to go back to, or -1. */
static int hush(void)
{
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    int kept = nowhere >= 0 ? fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3) : -1;
    if (kept >= 0)
        dup2(nowhere, STDERR_FILENO);
    if (nowhere >= 0)
        close(nowhere);
    return kept;
}

static void speak(int kept)
{
    dup2(kept, STDERR_FILENO);
    close(kept);
}

/* The library packs the workbook by way of files of its own, in `folder`. */
static bool fill(const char *path, char *folder, const struct layer *layers, size_t count)
{
    lxw_workbook_options options = {.tmpdir = folder};
    struct book book = {.workbook = workbook_new_opt(path, &options)};
    lxw_doc_properties properties = {.created = (time_t)layer_made_at()};
    if (book.workbook == NULL)
        return false;
    workbook_set_properties(book.workbook, &properties);
    make_formats(&book);
    bool done = true;
    for (size_t i = 0; done && i < count; i++)
        done = put_sheet(&book, &layers[i]);
    return workbook_close(book.workbook) == LXW_NO_ERROR && done;
}

/* ---- whether all of it is there ---- */

static size_t count_cells(const struct layer *layers, size_t count)
{
    size_t cells = 0;
    for (size_t i = 0; i < count; i++) {
        cells += layers[i].column_count; /* the header's */
        for (size_t c = 0; c < layers[i].column_count; c++)
            for (size_t r = 0; r < layers[i].row_count; r++)
                cells += layer_is_known(&layers[i], c, r);
    }
    return cells;
}

/* What the members of a workbook hold and, of the strings, say that they hold. */
struct holding {
    size_t cells, strings, strings_said;
};

static bool count_element(void *state, const char *name, const char **attributes,
                          struct error *error)
{
    struct holding *holding = state;
    const char *said = strcmp(name, "sst") == 0 ? xlsx_attribute(attributes, "uniqueCount") : NULL;
    (void)error;
    if (said != NULL)
        holding->strings_said = strtoul(said, NULL, 10);
    holding->cells += strcmp(name, "c") == 0;
    holding->strings += strcmp(name, "si") == 0;
    return true;
}

/* libxlsxwriter passes each member through a file of its own and does not look whether that took it
 * all; when there is no room, a workbook comes of it that lacks cells, or is no XML. */
static bool is_whole(const char *path, size_t cells)
{
    struct holding holding = {0};
    const struct xlsx_handlers handlers = {.open = count_element, .state = &holding};
    struct zip_archive *archive = zip_archive_open(path, NULL, NULL);
    bool done = archive != NULL;
    for (size_t i = 0; done && i < zip_archive_count(archive); i++)
        done = xlsx_xml_read(archive, i, path, &handlers, NULL);
    zip_archive_close(archive);
    return done && holding.cells == cells && holding.strings == holding.strings_said;
}

static bool check_rows(const char *path, const struct layer *layers, size_t count,
                       struct error *error)
{
    for (size_t i = 0; i < count; i++)
        if (layers[i].row_count >= ROWS_MOST)
            return error_set(error, ERROR_CANNOT_WRITE,
                             "%s: %s has %zu rows, and a sheet %d at most; take csv or gpkg", path,
                             layers[i].name, layers[i].row_count, ROWS_MOST - 1);
    return true;
}

/* The library's files stand on a stage that is never emptied: there is the right to write, and what
 * a killed run leaves is cleaned. */
static bool make_whole(const char *path, const struct layer *layers, size_t count)
{
    struct stage stage;
    int kept = hush();
    bool done = stage_open(&stage, path, NULL) && stage.folder != NULL && kept >= 0
                && fill(path, stage.folder, layers, count)
                && is_whole(path, count_cells(layers, count));
    stage_close(&stage, false, NULL);
    if (kept >= 0)
        speak(kept);
    return done;
}

bool xlsx_write(const char *path, const struct layer *layers, size_t count, struct error *error)
{
    struct output output;
    if (!check_rows(path != NULL ? path : "-", layers, count, error) || !xlsx_library_load(error)
        || !output_open(&output, path, error))
        return false;
    if (output.temporary == NULL) {
        output_abandon(&output);
        return error_set(error, ERROR_USAGE,
                         "a workbook is written to a file, not to standard output or a pipe; name "
                         "one with -o");
    }
    if (make_whole(output.temporary, layers, count))
        return output_commit(&output, error);
    output_abandon(&output);
    return error_set(error, ERROR_CANNOT_WRITE,
                     "%s: the workbook cannot be written; is there room beside it?", path);
}
