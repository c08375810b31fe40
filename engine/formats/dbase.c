/* Reads the table beside a shapefile (.dbf), from its bytes, behind checks of every length. */
#include "engine/formats/dbase.h"

#include "engine/core/text.h"
#include "engine/formats/fields.h"

#include <string.h>

/* dBASE III+: a header of 32 bytes, 32 for each field, a closing 0x0D; then rows of one length. */
enum {
    HEADER = 32,
    DESCRIPTOR = 32,
    NAME_LENGTH = 11,
    TYPE_AT = 11,
    WIDTH_AT = 16,
    LANGUAGE_AT = 29,
    FIELDS_END = 0x0D
};

static size_t little_endian_at(const struct file_bytes *file, size_t at, int length)
{
    size_t value = 0;
    for (int i = length; i-- > 0;)
        value = value << 8 | (unsigned char)file->bytes[at + (size_t)i];
    return value;
}

static bool read_header(struct dbase *dbase, const struct file_bytes *file, size_t *header,
                        const char *path, struct error *error)
{
    if (file->size < HEADER + 1)
        return error_set(error, ERROR_DATA,
                         "%s: the .dbf is damaged (cut off within its header); fetch it again, or "
                         "move it away to number the records",
                         path);
    dbase->claimed = little_endian_at(file, 4, 4);
    *header = little_endian_at(file, 8, 2);
    dbase->row_length = little_endian_at(file, 10, 2);
    if (*header < HEADER + 1 || *header > file->size)
        return error_set(error, ERROR_DATA,
                         "%s: the .dbf is damaged (its header is longer than the file); fetch it "
                         "again, or move it away to number the records",
                         path);
    if (dbase->row_length == 0)
        return error_set(error, ERROR_DATA,
                         "%s: the .dbf is damaged (its rows have no length); fetch it again, or "
                         "move it away to number the records",
                         path);
    size_t room = (file->size - *header) / dbase->row_length;
    dbase->rows = file->bytes + *header;
    dbase->row_count = room < dbase->claimed ? room : dbase->claimed;
    return true;
}

static size_t count_fields(const struct file_bytes *file, size_t header)
{
    size_t count = 0;
    for (size_t at = HEADER; at + DESCRIPTOR <= header && file->bytes[at] != FIELDS_END;
         at += DESCRIPTOR)
        count++;
    return count;
}

static bool read_fields(struct dbase *dbase, const struct file_bytes *file, size_t header,
                        const char *path, struct error *error)
{
    size_t count = count_fields(file, header), at = 1;
    if (!array_new(&dbase->fields, count, sizeof *dbase->fields, error))
        return false;
    dbase->field_count = count;
    for (size_t i = 0; i < count; i++) {
        const char *descriptor = file->bytes + HEADER + i * DESCRIPTOR;
        struct dbase_field *field = &dbase->fields[i];
        field->at = at;
        field->width = (uint8_t)descriptor[WIDTH_AT];
        field->type = descriptor[TYPE_AT];
        field->is_number = descriptor[TYPE_AT] == 'N' || descriptor[TYPE_AT] == 'F';
        field->is_text = descriptor[TYPE_AT] == 'C';
        at += field->width;
    }
    return at <= dbase->row_length
           || error_set(error, ERROR_DATA,
                        "%s: the .dbf is damaged (its fields are wider than its rows); fetch it "
                        "again, or move it away to number the records",
                        path);
}

/* Names are decoded once the encoding is known, which may need a look at the rows. */
static bool name_fields(struct dbase *dbase, const struct file_bytes *file, struct error *error)
{
    for (size_t i = 0; i < dbase->field_count; i++) {
        const char *name = file->bytes + HEADER + i * DESCRIPTOR;
        dbase->fields[i].name = codepage_decode(&dbase->codepage, name, NAME_LENGTH, error);
        if (dbase->fields[i].name == NULL)
            return false;
    }
    return true;
}

/* Whether every text cell is UTF-8; a full cell may end in a character that was cut off. */
static bool looks_utf8(const struct dbase *dbase)
{
    for (size_t row = 0; row < dbase->row_count; row++)
        for (size_t f = 0; f < dbase->field_count; f++) {
            const struct dbase_field *field = &dbase->fields[f];
            const char *cell = dbase->rows + row * dbase->row_length + field->at;
            if (field->is_text && !text_is_utf8(cell, utf8_without_cut_tail(cell, field->width)))
                return false;
        }
    return true;
}

static void find_encoding(struct dbase *dbase, const struct file_bytes *file,
                          const struct dbase_options *options)
{
    const struct file_bytes *cpg = options->cpg;
    bool told = cpg != NULL && cpg->bytes != NULL && cpg->size > 0;
    if (told && !codepage_from_text(&dbase->codepage, cpg->bytes, cpg->size)) {
        told = false;
        if (options->notes != NULL)
            notes_add(options->notes,
                      "%s: the .cpg names no encoding that is known; found by looking instead",
                      options->path);
    }
    if (!told)
        codepage_from_language(&dbase->codepage, (uint8_t)file->bytes[LANGUAGE_AT]);
    if (dbase->codepage.encoding[0] == '\0')
        codepage_from_text(&dbase->codepage, looks_utf8(dbase) ? "UTF-8\n" : "CP1252", 6);
}

bool dbase_open(struct dbase *dbase, const struct file_bytes *file,
                const struct dbase_options *options, struct error *error)
{
    size_t header = 0;
    *dbase = (struct dbase){0};
    if (!read_header(dbase, file, &header, options->path, error)
        || !read_fields(dbase, file, header, options->path, error)) {
        dbase_free(dbase);
        return false;
    }
    find_encoding(dbase, file, options);
    if (!name_fields(dbase, file, error)) {
        dbase_free(dbase);
        return false;
    }
    return true;
}

void dbase_free(struct dbase *dbase)
{
    for (size_t i = 0; i < dbase->field_count; i++)
        array_free(&dbase->fields[i].name);
    array_free(&dbase->fields);
    *dbase = (struct dbase){0};
}

bool dbase_is_deleted(const struct dbase *dbase, size_t row)
{
    return row < dbase->row_count && dbase->rows[row * dbase->row_length] == '*';
}

/* "1825.000" is 1825 and "0.50" is 0.5: a code reads the same whatever the column's decimals. */
static void cut_idle_zeros(char *number)
{
    size_t length = strlen(number);
    if (strchr(number, '.') == NULL || strpbrk(number, "eE") != NULL)
        return;
    while (number[length - 1] == '0')
        length--;
    if (number[length - 1] == '.')
        length--;
    number[length] = '\0';
}

char *dbase_cell(const struct dbase *dbase, size_t field, size_t row, struct error *error)
{
    const struct dbase_field *found = &dbase->fields[field];
    bool there = row < dbase->row_count;
    const char *cell = there ? dbase->rows + row * dbase->row_length + found->at : "";
    char *value = codepage_decode(&dbase->codepage, cell, there ? found->width : 0, error);
    if (value != NULL && found->is_number)
        cut_idle_zeros(value);
    return value;
}

bool dbase_column(char ***values, const struct dbase *dbase, size_t field, size_t count,
                  struct error *error)
{
    if (!array_new(values, count, sizeof **values, error))
        return false;
    for (size_t row = 0; row < count; row++)
        if (((*values)[row] = dbase_cell(dbase, field, row, error)) == NULL) {
            fields_free_column(values, count);
            return false;
        }
    return true;
}
