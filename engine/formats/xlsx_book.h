/* What the sheets of a workbook share: their names, the strings, and what formats mean. */
#ifndef PLEIN_FORMATS_XLSX_BOOK_H
#define PLEIN_FORMATS_XLSX_BOOK_H

#include "engine/formats/xlsx_format.h"
#include "engine/formats/zip_archive.h"

/* Zeroed is empty. */
struct xlsx_book {
    const char *path; /* for messages */
    struct zip_archive *archive;
    bool since_1904;
    struct text strings; /* one behind another, each with a NUL */
    size_t *string_starts;
    size_t string_count, string_capacity;
    enum xlsx_meaning *styles; /* of cells, by their number */
    size_t style_count, style_capacity;
};

/* The archive stays the caller's. Fills *sheet with the member that holds the sheet `name`, or of
 * the first that is not hidden when it is NULL; a note tells of others. ERROR_DATA: no workbook, no
 * such sheet (with the names that there are), over 256 MB of strings. */
bool xlsx_book_read(struct xlsx_book *book, size_t *sheet, const char *name, struct notes *notes,
                    struct error *error);
void xlsx_book_free(struct xlsx_book *book);
/* NULL: there is none of this number. */
const char *xlsx_string(const struct xlsx_book *book, size_t number);

/* Adds what a string means: _x000D_ stands for a character that XML cannot hold. */
void xlsx_add_string(struct text *into, const char *string);

#endif
