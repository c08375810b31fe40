/* Tells by its first bytes what a file is. */
#ifndef PLEIN_FORMATS_INPUT_KIND_H
#define PLEIN_FORMATS_INPUT_KIND_H

#include "engine/core/base.h"

enum input_kind {
    INPUT_TEXT, /* delimited text, or what cannot be told */
    INPUT_JSON, /* an object, or a sequence of them */
    INPUT_SQLITE,
    INPUT_SHAPEFILE,
    INPUT_XLSX,
    INPUT_FOREIGN, /* of a kind that only others read */
};

enum input_foreign {
    FOREIGN_NONE,
    FOREIGN_PDF,
    FOREIGN_XML,
    FOREIGN_FLATGEOBUF,
    FOREIGN_MAPINFO,
    FOREIGN_PARQUET,
    FOREIGN_XLS,
    FOREIGN_ODS,
    FOREIGN_GEODATABASE,
};
/* "a PDF", to be translated where it is shown. */
const char *input_foreign_name(enum input_foreign foreign);

/* Of the first 512 bytes, or of all when there are fewer; *foreign is set for INPUT_FOREIGN. gzip
 * and zip are INPUT_TEXT: ask for them first. */
enum input_kind input_kind_of(const char *head, size_t length, enum input_foreign *foreign);
bool input_is_gzip(const char *head, size_t length);
/* With members, or without any. */
bool input_is_zip(const char *head, size_t length);

#endif
