/* The names and codes of a shapefile's records, from the table beside it. */
#ifndef PLEIN_FORMATS_ATTRIBUTES_H
#define PLEIN_FORMATS_ATTRIBUTES_H

#include "engine/core/jurisdictions.h"
#include "engine/formats/dbase.h"
#include "engine/formats/fields.h"

/* Zeroed: every record goes by its number. */
struct attributes {
    struct dbase dbase;
    struct field_choice choice;
    char *name_field, *code_field; /* as they are called; NULL: none serves */
    size_t record_count;
};

struct attribute_options {
    const char *path; /* of the .shp, for messages */
    size_t record_count;
    const char *name_field, *code_field; /* NULL: found among the usual names */
    const struct file_bytes *cpg;
    struct notes *notes; /* NULL: not wanted */
};

/* Opens the .dbf, chooses the fields and reads them; no or an empty .dbf gives numbered records and
 * a note. Notes say which fields serve and where rows and records disagree. The bytes must outlive
 * the attributes. ERROR_DATA: a damaged .dbf, or an asked field that is not there. */
bool attributes_read(struct attributes *attributes, const struct file_bytes *dbf,
                     const struct attribute_options *options, struct error *error);
void attributes_free(struct attributes *attributes);
/* Whether the record's row is marked as deleted. */
bool attributes_deleted(const struct attributes *attributes, size_t record);
/* Moves the record's code and name into the item, each record once. A record without a name goes by
 * its code, and without either by its number from 1. */
bool attributes_take(struct jurisdiction *item, struct attributes *attributes, size_t record,
                     struct error *error);

#endif
