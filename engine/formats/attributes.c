/* The names and codes of a shapefile's records, from the table beside it. */
#include "engine/formats/attributes.h"

#include <stdio.h>
#include <string.h>

static bool read_column(char ***values, const void *table, size_t field, struct error *error)
{
    const struct attributes *attributes = table;
    return dbase_column(values, &attributes->dbase, field, attributes->record_count, error);
}

static bool copy_field_name(char **copy, int field, const struct dbase *dbase, struct error *error)
{
    if (field == FIELD_NONE)
        return true;
    const char *name = dbase->fields[field].name;
    *copy = text_copy(name, strlen(name), error);
    return *copy != NULL;
}

static bool choose_fields(struct attributes *attributes, const struct attribute_options *options,
                          struct error *error)
{
    struct dbase *dbase = &attributes->dbase;
    const char **names = NULL;
    bool *is_text = NULL;
    struct fields fields = {.path = options->path,
                            .count = dbase->field_count,
                            .row_count = attributes->record_count,
                            .column = read_column,
                            .table = attributes};
    bool done = array_new(&names, dbase->field_count, sizeof *names, error)
                && array_new(&is_text, dbase->field_count, sizeof *is_text, error);
    for (size_t i = 0; done && i < dbase->field_count; i++) {
        names[i] = dbase->fields[i].name;
        is_text[i] = dbase->fields[i].is_text;
    }
    fields.names = names;
    fields.is_text = is_text;
    done = done
           && fields_choose(&attributes->choice, &fields, options->name_field, options->code_field,
                            error)
           && copy_field_name(&attributes->name_field, attributes->choice.name, dbase, error)
           && copy_field_name(&attributes->code_field, attributes->choice.code, dbase, error);
    array_free(&names);
    array_free(&is_text);
    return done;
}

static void note_fields(const struct attributes *attributes, const char *path, struct notes *notes)
{
    if (notes == NULL)
        return;
    if (attributes->name_field != NULL && attributes->code_field != NULL)
        notes_add(notes, "%s: names come from the field %s, codes from %s", path,
                  attributes->name_field, attributes->code_field);
    else if (attributes->name_field != NULL)
        notes_add(notes, "%s: names come from the field %s; no field holds codes", path,
                  attributes->name_field);
    else if (attributes->code_field != NULL)
        notes_add(notes, "%s: codes come from the field %s; the records are named by number", path,
                  attributes->code_field);
    else
        notes_add(notes,
                  "%s: no field holds names; the records are named by number (--boundaries-name "
                  "names a field)",
                  path);
}

static void note_rows(const struct attributes *attributes, const char *path, struct notes *notes)
{
    size_t rows = attributes->dbase.row_count;
    if (notes == NULL)
        return;
    if (attributes->dbase.claimed > rows)
        notes_add(notes, "%s: the .dbf says it has %zu rows and holds %zu", path,
                  attributes->dbase.claimed, rows);
    if (rows != attributes->record_count)
        notes_add(notes, "%s: %zu rows in the .dbf for %zu records in the .shp", path, rows,
                  attributes->record_count);
}

bool attributes_read(struct attributes *attributes, const struct file_bytes *dbf,
                     const struct attribute_options *options, struct error *error)
{
    struct dbase_options dbase_options = {
        .path = options->path, .cpg = options->cpg, .notes = options->notes};
    bool there = dbf->bytes != NULL && dbf->size > 0;
    *attributes = (struct attributes){.record_count = options->record_count,
                                      .choice = {.name = FIELD_NONE, .code = FIELD_NONE}};
    if (!there && options->notes != NULL)
        notes_add(options->notes, "%s: there is no .dbf, or it is empty", options->path);
    if ((there && !dbase_open(&attributes->dbase, dbf, &dbase_options, error))
        || !choose_fields(attributes, options, error)) {
        attributes_free(attributes);
        return false;
    }
    note_fields(attributes, options->path, options->notes);
    if (there)
        note_rows(attributes, options->path, options->notes);
    return true;
}

void attributes_free(struct attributes *attributes)
{
    field_choice_free(&attributes->choice);
    dbase_free(&attributes->dbase);
    array_free(&attributes->name_field);
    array_free(&attributes->code_field);
}

bool attributes_deleted(const struct attributes *attributes, size_t record)
{
    return dbase_is_deleted(&attributes->dbase, record);
}

/* Moves the record's value out of the column; "" where there is no column. */
static bool take_value(char **value, char **column, size_t record, struct error *error)
{
    if (column == NULL) {
        *value = text_copy("", 0, error);
        return *value != NULL;
    }
    *value = column[record];
    column[record] = NULL;
    return true;
}

bool attributes_take(struct jurisdiction *item, struct attributes *attributes, size_t record,
                     struct error *error)
{
    char number[24];
    if (!take_value(&item->code, attributes->choice.codes, record, error)
        || !take_value(&item->name, attributes->choice.names, record, error))
        return false;
    if (item->name[0] != '\0')
        return true;
    snprintf(number, sizeof number, "%zu", record + 1);
    const char *name = item->code[0] != '\0' ? item->code : number;
    array_free(&item->name);
    item->name = text_copy(name, strlen(name), error);
    return item->name != NULL;
}
