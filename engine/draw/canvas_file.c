/* Finishes a sheet of lines and texts as a PDF or SVG file that says what it is, in its language.
 */
#include "engine/draw/canvas.h"

#include "engine/draw/canvas_state.h"

#include "engine/core/files.h"
#include "engine/core/moments.h"
#include "engine/core/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool has(const char *text)
{
    return text != NULL && text[0] != '\0';
}

/* ---- PDF ---- */

/* Cairo would write the time of day. */
static void set_date(cairo_surface_t *surface)
{
    const char *given = getenv("SOURCE_DATE_EPOCH");
    const int64_t last = 253402300799; /* of the year 9999 */
    long long seconds = given != NULL ? strtoll(given, NULL, 10) : -1;
    char day[MOMENT_TEXT], date[MOMENT_TEXT + 1] = "";
    if (seconds >= 0 && seconds <= last) {
        moment_format(day, moment_from_seconds(seconds, PRECISION_SECOND));
        snprintf(date, sizeof date, "%sZ", day);
    }
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
}

static void set_metadata(cairo_surface_t *surface, const struct canvas_about *about)
{
    set_date(surface);
    if (has(about->title))
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, about->title);
    if (has(about->description))
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, about->description);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "plein");
}

/* The last place where a word stands in the bytes, which end on a NUL; NULL when it does not. */
static const char *find_last(const char *bytes, const char *word)
{
    const char *last = NULL, *at = bytes;
    while ((at = strstr(at, word)) != NULL)
        last = at++;
    return last;
}

/* What stands at the end of cairo's file: where its table begins, and which objects are which. */
struct trailer {
    long table, size, root, info;
};

/* The file's end is plain text, while binary streams stand before it. */
static bool read_trailer(struct trailer *trailer, const struct canvas_bytes *file)
{
    enum { TAIL = 400 };
    char tail[TAIL + 1];
    size_t length = file->size < TAIL ? file->size : TAIL;
    memcpy(tail, file->bytes + file->size - length, length);
    for (size_t i = 0; i < length; i++)
        if (tail[i] == '\0')
            tail[i] = ' ';
    tail[length] = '\0';
    const char *start = find_last(tail, "startxref"), *size = find_last(tail, "/Size ");
    const char *root = find_last(tail, "/Root "), *info = find_last(tail, "/Info ");
    if (!start || !size || !root || !info)
        return false;
    *trailer = (struct trailer){strtol(start + 9, NULL, 10), strtol(size + 6, NULL, 10),
                                strtol(root + 6, NULL, 10), strtol(info + 6, NULL, 10)};
    return trailer->table > 0 && trailer->size > 0 && trailer->root > 0 && trailer->info > 0;
}

/* The number behind the last "/Pages " of the catalogue, the object before the table. */
static long find_pages(const struct canvas_bytes *file, long table)
{
    static const char word[] = "/Pages ";
    for (size_t at = (size_t)table; at > sizeof word && at < file->size; at--)
        if (memcmp(file->bytes + at - sizeof word, word, sizeof word - 1) == 0)
            return strtol(file->bytes + at - 1, NULL, 10);
    return 0;
}

/* Cairo 1.16 has no word for the language, which readers aloud need: the catalogue is written once
 * more behind the file, as the format provides for changes. */
static bool add_language(struct canvas_bytes *file, const char *language, struct error *error)
{
    struct trailer trailer;
    struct text text = {0};
    struct capacity capacity = {file->capacity, 1};
    long pages;
    if (!read_trailer(&trailer, file) || (pages = find_pages(file, trailer.table)) == 0)
        return error_set(error, ERROR_INTERNAL, "the PDF has an end that is not known");
    text_add(&text,
             "%ld 0 obj\n<< /Type /Catalog\n   /Pages %ld 0 R\n   /Lang (%s)\n"
             "   /ViewerPreferences << /DisplayDocTitle true >>\n>>\nendobj\n",
             trailer.root, pages, language);
    size_t table = file->size + text.length;
    text_add(&text,
             "xref\n%ld 1\n%010zu 00000 n \ntrailer\n<< /Size %ld\n   /Root %ld 0 R\n"
             "   /Info %ld 0 R\n   /Prev %ld\n>>\nstartxref\n%zu\n%%%%EOF\n",
             trailer.root, file->size, trailer.size, trailer.root, trailer.info, trailer.table,
             table);
    bool done = text_check(&text, error)
                && array_reserve(&file->bytes, &capacity, file->size + text.length, error);
    if (done) {
        file->capacity = capacity.held;
        memcpy(file->bytes + file->size, text.bytes, text.length);
        file->size += text.length;
    }
    text_free(&text);
    return done;
}

/* ---- SVG ---- */

static void add_escaped(struct text *text, const char *plain)
{
    for (; *plain != '\0'; plain++)
        if (*plain == '&')
            text_add(text, "&amp;");
        else if (*plain == '<')
            text_add(text, "&lt;");
        else if (*plain == '>')
            text_add(text, "&gt;");
        else
            text_add_bytes(text, plain, 1);
}

static void add_element(struct text *text, const char *name, const char *content)
{
    if (!has(content))
        return;
    text_add(text, "<%s>", name);
    add_escaped(text, content);
    text_add(text, "</%s>\n", name);
}

/* Numbers in the order in which they were first met. */
struct numbering {
    unsigned long *items;
    size_t count, capacity;
};

static size_t number_anew(struct numbering *numbering, unsigned long old)
{
    struct capacity capacity = {numbering->capacity, sizeof *numbering->items};
    size_t at = 0;
    while (at < numbering->count && numbering->items[at] != old)
        at++;
    if (at == numbering->count
        && array_reserve(&numbering->items, &capacity, numbering->count + 1, NULL)) {
        numbering->capacity = capacity.held;
        numbering->items[numbering->count++] = old;
    }
    return at;
}

/* The length of the word that names a surface or an image, at the begin of an id; 0: none does. */
static size_t surface_word(const char *at, const char *end)
{
    static const char *const words[] = {"surface", "image"};
    if (at[-1] != '#' && at[-1] != '"')
        return 0;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t length = strlen(words[i]);
        if ((size_t)(end - at) > length && memcmp(at, words[i], length) == 0 && at[length] >= '0'
            && at[length] <= '9')
            return length;
    }
    return 0;
}

/* Copies the elements. Cairo numbers its surfaces through all that was drawn before in the program;
 * here they count from 0, so that the same sheet is the same bytes. */
static void add_elements(struct text *text, const char *at, const char *end)
{
    struct numbering numbering = {0};
    const char *copied = at;
    for (; at < end; at++) {
        size_t length = surface_word(at, end);
        if (length == 0)
            continue;
        char *behind;
        unsigned long old = strtoul(at + length, &behind, 10);
        text_add_bytes(text, copied, (size_t)(at + length - copied));
        text_add(text, "%zu", number_anew(&numbering, old));
        copied = behind;
        at = behind - 1;
    }
    text_add_bytes(text, copied, (size_t)(end - copied));
    array_free(&numbering.items);
}

/* The first element's words: role and language, then title and description as its first children.
 */
static bool add_description(struct canvas_bytes *file, const struct canvas_about *about,
                            struct error *error)
{
    static const char word[] = "<svg ";
    char *at = NULL;
    struct text text = {0};
    for (size_t i = 0; at == NULL && i + sizeof word < file->size; i++)
        if (memcmp(file->bytes + i, word, sizeof word - 1) == 0)
            at = file->bytes + i + sizeof word - 1;
    char *end = at != NULL ? memchr(at, '>', file->size - (size_t)(at - file->bytes)) : NULL;
    if (end == NULL)
        return error_set(error, ERROR_INTERNAL, "the SVG has no beginning that is known");
    text_add_bytes(&text, file->bytes, (size_t)(at - file->bytes));
    /* Cairo 1.16 gives the rule to what is clipped, where it has no meaning; the clips inherit. */
    text_add(&text, "clip-rule=\"evenodd\" role=\"img\" ");
    if (has(about->language))
        text_add(&text, "xml:lang=\"%s\" ", about->language);
    text_add_bytes(&text, at, (size_t)(end + 1 - at));
    text_add(&text, "\n");
    add_element(&text, "title", about->title);
    add_element(&text, "desc", about->description);
    add_elements(&text, end + 1, file->bytes + file->size);
    if (!text_check(&text, error)) {
        text_free(&text);
        return false;
    }
    array_free(&file->bytes);
    *file = (struct canvas_bytes){text.bytes, text.length, text.capacity};
    return true;
}

/* ---- both ---- */

static bool finish(struct canvas *canvas, const struct canvas_about *about, struct error *error)
{
    bool pdf = canvas->kind == KIND_PDF;
    if (pdf)
        set_metadata(canvas->surface, about);
    cairo_surface_finish(canvas->surface);
    cairo_status_t status = cairo_surface_status(canvas->surface);
    if (status != CAIRO_STATUS_SUCCESS)
        return error_set(error, ERROR_INTERNAL, "the drawing failed: %s",
                         cairo_status_to_string(status));
    if (!pdf)
        return add_description(&canvas->file, about, error);
    return !has(about->language) || add_language(&canvas->file, about->language, error);
}

bool canvas_write_vector(struct canvas *canvas, const char *path, const struct canvas_about *about,
                         struct error *error)
{
    struct output output = {0};
    bool done = canvas_check(canvas, error) && finish(canvas, about, error)
                && output_open(&output, path, error);
    if (done) {
        fwrite(canvas->file.bytes, 1, canvas->file.size, output.stream);
        done = output_commit(&output, error);
    }
    return done;
}
