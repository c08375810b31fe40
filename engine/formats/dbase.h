/* Reads the table beside a shapefile (.dbf), from its bytes, behind checks of every length. */
#ifndef PLEIN_FORMATS_DBASE_H
#define PLEIN_FORMATS_DBASE_H

#include "engine/core/files.h"
#include "engine/formats/codepage.h"

struct dbase_field {
    char *name;     /* UTF-8 */
    size_t at;      /* of its first byte in a row */
    uint8_t width;  /* bytes */
    bool is_number; /* N and F */
    bool is_text;   /* C; neither of both: dates, truths, what dBASE added later */
    char type;      /* as the header has it: 'C', 'N', 'D' ... */
};

/* Zeroed is a table without fields and rows. The bytes stay with whoever read them and must outlive
 * the table. */
struct dbase {
    const char *rows;
    size_t row_count;  /* that the file has room for, at most what it claims */
    size_t claimed;    /* by its header */
    size_t row_length; /* the first byte of a row tells whether it is deleted */
    struct dbase_field *fields;
    size_t field_count;
    struct codepage codepage; /* set; found by looking when nothing told it */
};

struct dbase_options {
    const char *path;             /* of the .dbf, for messages */
    const struct file_bytes *cpg; /* NULL, or without bytes: none */
    struct notes *notes;          /* NULL: not wanted */
};

/* ERROR_DATA: a header that does not fit the file. */
bool dbase_open(struct dbase *dbase, const struct file_bytes *file,
                const struct dbase_options *options, struct error *error);
void dbase_free(struct dbase *dbase);
bool dbase_is_deleted(const struct dbase *dbase, size_t row);
/* One cell, as dbase_column has them; the caller frees it. */
char *dbase_cell(const struct dbase *dbase, size_t field, size_t row, struct error *error);
/* The field's texts of the first `count` rows, trimmed, numbers without idle zeros; "" for rows
 * that are not there. The caller frees them by fields_free_column. */
bool dbase_column(char ***values, const struct dbase *dbase, size_t field, size_t count,
                  struct error *error);

#endif
