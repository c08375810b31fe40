/* What the sheets of a workbook share: their names, the strings, and what formats mean. */
#include "engine/formats/xlsx_book.h"

#include "engine/formats/xlsx_xml.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Excel writes up to 250 formats of numbers and 65,490 of cells; each of the latter is looked up
 * among the former. */
enum { MOST_SHEETS = 1000, MOST_STRINGS = 256 << 20, MOST_FORMATS = 5000, MOST_STYLES = 100000 };

/* A sheet as the workbook lists it. */
struct sheet {
    char *name, *id; /* the id of a relation */
    bool is_hidden;
};

struct reading {
    struct xlsx_book *book;
    struct sheet *sheets;
    size_t sheet_count, sheet_capacity;
    const char *wanted_id; /* of the relation that is looked for */
    char *target;          /* and where it leads; NULL: not found */
    /* formats that are no built-in ones */
    struct {
        unsigned id;
        enum xlsx_meaning meaning;
    } * formats;
    size_t format_count, format_capacity;
    bool in_cell_styles;
    bool in_string, in_text;
    int phonetic; /* how deep in what tells a pronunciation */
};

static void reading_free(struct reading *reading)
{
    for (size_t i = 0; i < reading->sheet_count; i++) {
        free(reading->sheets[i].name);
        free(reading->sheets[i].id);
    }
    free(reading->sheets);
    free(reading->formats);
    free(reading->target);
}

void xlsx_book_free(struct xlsx_book *book)
{
    text_free(&book->strings);
    free(book->string_starts);
    free(book->styles);
    *book = (struct xlsx_book){0};
}

static bool is_true(const char *value)
{
    return value != NULL && (strcmp(value, "1") == 0 || strcmp(value, "true") == 0);
}

static unsigned number_in(const char *value)
{
    return value != NULL && isdigit((unsigned char)*value) ? (unsigned)strtoul(value, NULL, 10) : 0;
}

/* ---- the list of sheets ---- */

static bool add_sheet(struct reading *reading, const char **attributes, struct error *error)
{
    struct capacity capacity = {reading->sheet_capacity, sizeof *reading->sheets};
    const char *name = xlsx_attribute(attributes, "name"), *id = xlsx_attribute(attributes, "id");
    const char *state = xlsx_attribute(attributes, "state");
    if (name == NULL || id == NULL || reading->sheet_count == MOST_SHEETS)
        return true;
    if (!array_reserve(&reading->sheets, &capacity, reading->sheet_count + 1, error))
        return false;
    reading->sheet_capacity = capacity.held;
    struct sheet *sheet = &reading->sheets[reading->sheet_count++];
    *sheet = (struct sheet){.is_hidden = state != NULL && strcmp(state, "visible") != 0};
    sheet->name = text_copy(name, strlen(name), error);
    sheet->id = text_copy(id, strlen(id), error);
    return sheet->name != NULL && sheet->id != NULL;
}

static bool open_workbook_element(void *state, const char *name, const char **attributes,
                                  struct error *error)
{
    struct reading *reading = state;
    if (strcmp(name, "workbookPr") == 0)
        reading->book->since_1904 = is_true(xlsx_attribute(attributes, "date1904"));
    return strcmp(name, "sheet") != 0 || add_sheet(reading, attributes, error);
}

static bool open_relation(void *state, const char *name, const char **attributes,
                          struct error *error)
{
    struct reading *reading = state;
    const char *id = xlsx_attribute(attributes, "Id");
    const char *target = xlsx_attribute(attributes, "Target");
    if (strcmp(name, "Relationship") != 0 || id == NULL || target == NULL || reading->target != NULL
        || strcmp(id, reading->wanted_id) != 0)
        return true;
    reading->target = text_copy(target, strlen(target), error);
    return reading->target != NULL;
}

static bool tell_sheets(const struct reading *reading, const char *name, struct error *error)
{
    enum { LISTED = 500 };
    struct text names = {0};
    text_add(&names, "%s", "");
    for (size_t i = 0; i < reading->sheet_count && names.length < LISTED; i++)
        text_add(&names, "%s%s", i > 0 ? ", " : "", reading->sheets[i].name);
    error_set(error, ERROR_DATA, "%s: there is no sheet '%.100s' in it; there are: %.500s",
              reading->book->path, name, names.failed ? "..." : names.bytes);
    text_free(&names);
    return false;
}

/* The one of that name, or the first that is not hidden; NULL with an error when there is none. */
static const struct sheet *choose_sheet(const struct reading *reading, const char *name,
                                        struct error *error)
{
    for (size_t i = 0; i < reading->sheet_count; i++) {
        const struct sheet *sheet = &reading->sheets[i];
        if (name != NULL ? text_equal(sheet->name, name) : !sheet->is_hidden)
            return sheet;
    }
    if (name != NULL)
        tell_sheets(reading, name, error);
    else
        error_set(error, ERROR_DATA, "%s: there is no sheet in it", reading->book->path);
    return NULL;
}

static void note_choice(const struct reading *reading, const struct sheet *sheet,
                        struct notes *notes)
{
    if (notes != NULL && reading->sheet_count > 1)
        notes_add(notes, "%s: of its %zu sheets '%s' is read; name another behind a colon",
                  reading->book->path, reading->sheet_count, sheet->name);
}

/* "worksheets/sheet1.xml" is beside the workbook, "/xl/worksheets/sheet1.xml" is not. */
static bool find_target(size_t *member, const struct reading *reading, struct error *error)
{
    struct text name = {0};
    const char *target = reading->target != NULL ? reading->target : "";
    text_add(&name, "%s%s", target[0] == '/' ? "" : "xl/", target + (target[0] == '/'));
    bool done = text_check(&name, error);
    if (done) {
        *member = zip_archive_find(reading->book->archive, name.bytes);
        done = *member != SIZE_MAX
               || error_set(error, ERROR_DATA, "%s: the workbook is damaged: no '%.100s' is in it",
                            reading->book->path, name.bytes);
    }
    text_free(&name);
    return done;
}

static bool read_part(struct reading *reading, const char *part,
                      const struct xlsx_handlers *handlers, struct error *error)
{
    size_t member = zip_archive_find(reading->book->archive, part);
    return member == SIZE_MAX
           || xlsx_xml_read(reading->book->archive, member, reading->book->path, handlers, error);
}

static bool find_sheet(size_t *member, struct reading *reading, const char *name,
                       struct notes *notes, struct error *error)
{
    const struct xlsx_handlers workbook = {.open = open_workbook_element, .state = reading};
    const struct xlsx_handlers relations = {.open = open_relation, .state = reading};
    if (!read_part(reading, "xl/workbook.xml", &workbook, error))
        return false;
    const struct sheet *sheet = choose_sheet(reading, name, error);
    if (sheet == NULL)
        return false;
    reading->wanted_id = sheet->id;
    if (!read_part(reading, "xl/_rels/workbook.xml.rels", &relations, error)
        || !find_target(member, reading, error))
        return false;
    if (name == NULL)
        note_choice(reading, sheet, notes);
    return true;
}

/* ---- formats ---- */

static bool too_many_formats(const struct reading *reading, struct error *error)
{
    return error_set(error, ERROR_DATA,
                     "%s: the workbook is damaged: it has more formats than any program writes",
                     reading->book->path);
}

static bool add_format(struct reading *reading, const char **attributes, struct error *error)
{
    struct capacity capacity = {reading->format_capacity, sizeof *reading->formats};
    const char *code = xlsx_attribute(attributes, "formatCode");
    if (code == NULL)
        return true;
    if (reading->format_count == MOST_FORMATS)
        return too_many_formats(reading, error);
    if (!array_reserve(&reading->formats, &capacity, reading->format_count + 1, error))
        return false;
    reading->format_capacity = capacity.held;
    reading->formats[reading->format_count].id = number_in(xlsx_attribute(attributes, "numFmtId"));
    reading->formats[reading->format_count++].meaning = xlsx_meaning_of(code);
    return true;
}

static enum xlsx_meaning meaning_of(const struct reading *reading, unsigned id)
{
    for (size_t i = 0; i < reading->format_count; i++)
        if (reading->formats[i].id == id)
            return reading->formats[i].meaning;
    return xlsx_builtin(id);
}

static bool add_style(struct reading *reading, const char **attributes, struct error *error)
{
    struct xlsx_book *book = reading->book;
    struct capacity capacity = {book->style_capacity, sizeof *book->styles};
    if (book->style_count == MOST_STYLES)
        return too_many_formats(reading, error);
    if (!array_reserve(&book->styles, &capacity, book->style_count + 1, error))
        return false;
    book->style_capacity = capacity.held;
    book->styles[book->style_count++] =
        meaning_of(reading, number_in(xlsx_attribute(attributes, "numFmtId")));
    return true;
}

static bool open_style(void *state, const char *name, const char **attributes, struct error *error)
{
    struct reading *reading = state;
    if (strcmp(name, "numFmt") == 0)
        return add_format(reading, attributes, error);
    if (strcmp(name, "cellXfs") == 0)
        reading->in_cell_styles = true;
    return strcmp(name, "xf") != 0 || !reading->in_cell_styles
           || add_style(reading, attributes, error);
}

static bool close_style(void *state, const char *name, struct error *error)
{
    struct reading *reading = state;
    (void)error;
    if (strcmp(name, "cellXfs") == 0)
        reading->in_cell_styles = false;
    return true;
}

/* ---- strings ---- */

static bool begin_string(struct reading *reading, struct error *error)
{
    struct xlsx_book *book = reading->book;
    struct capacity capacity = {book->string_capacity, sizeof *book->string_starts};
    if (!array_reserve(&book->string_starts, &capacity, book->string_count + 1, error))
        return false;
    book->string_capacity = capacity.held;
    book->string_starts[book->string_count++] = book->strings.length;
    return true;
}

static bool open_string(void *state, const char *name, const char **attributes, struct error *error)
{
    struct reading *reading = state;
    (void)attributes;
    if (strcmp(name, "rPh") == 0)
        reading->phonetic++;
    reading->in_text = strcmp(name, "t") == 0 && reading->phonetic == 0;
    return strcmp(name, "si") != 0 || begin_string(reading, error);
}

static bool close_string(void *state, const char *name, struct error *error)
{
    struct reading *reading = state;
    struct text *strings = &reading->book->strings;
    reading->in_text = false;
    if (strcmp(name, "rPh") == 0 && reading->phonetic > 0)
        reading->phonetic--;
    if (strcmp(name, "si") == 0)
        text_add_bytes(strings, "", 1);
    return text_check(strings, error);
}

static bool take_string(void *state, const char *bytes, size_t length, struct error *error)
{
    struct reading *reading = state;
    struct text *strings = &reading->book->strings;
    if (!reading->in_text)
        return true;
    if (strings->length + length > MOST_STRINGS)
        return error_set(error, ERROR_DATA, "%s: over %d MB of texts; save the sheet as CSV",
                         reading->book->path, MOST_STRINGS >> 20);
    text_add_bytes(strings, bytes, length);
    return true;
}

const char *xlsx_string(const struct xlsx_book *book, size_t number)
{
    return number < book->string_count && book->strings.bytes != NULL
               ? book->strings.bytes + book->string_starts[number]
               : NULL;
}

static int hex_value(const char *digits)
{
    int value = 0;
    for (int i = 0; i < 4; i++) {
        if (!isxdigit((unsigned char)digits[i]))
            return -1;
        int low = tolower((unsigned char)digits[i]);
        value = value * 16 + (low <= '9' ? low - '0' : low - 'a' + 10);
    }
    return value;
}

/* Signs below a blank become one, for a row is one line. */
void xlsx_add_string(struct text *into, const char *string)
{
    for (const char *at; (at = strstr(string, "_x")) != NULL;) {
        int value = hex_value(at + 2);
        bool is_escape = value >= 0 && at[6] == '_' && value < 0x80;
        text_add_bytes(into, string, (size_t)(at - string));
        if (is_escape)
            text_add(into, "%c", value >= ' ' ? value : ' ');
        else
            text_add(into, "_x");
        string = at + (is_escape ? 7 : 2);
    }
    text_add_bytes(into, string, strlen(string));
}

bool xlsx_book_read(struct xlsx_book *book, size_t *sheet, const char *name, struct notes *notes,
                    struct error *error)
{
    struct reading reading = {.book = book};
    const struct xlsx_handlers styles = {
        .open = open_style, .close = close_style, .state = &reading};
    const struct xlsx_handlers strings = {
        .open = open_string, .close = close_string, .text = take_string, .state = &reading};
    bool done = zip_archive_find(book->archive, "xl/workbook.xml") != SIZE_MAX
                || error_set(error, ERROR_DATA, "%s: a zip, but no workbook", book->path);
    done = done && find_sheet(sheet, &reading, name, notes, error)
           && read_part(&reading, "xl/styles.xml", &styles, error)
           && read_part(&reading, "xl/sharedStrings.xml", &strings, error);
    reading_free(&reading);
    return done;
}
