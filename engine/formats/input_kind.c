/* Tells by its first bytes what a file is. */
#include "engine/formats/input_kind.h"

#include "engine/formats/shapeguard.h"

#include <string.h>

static const struct {
    const char *bytes;
    size_t length;
    enum input_foreign foreign;
} SIGNATURES[] = {
    {"%PDF", 4, FOREIGN_PDF},
    {"<?xml", 5, FOREIGN_XML},
    {"\xEF\xBB\xBF<?xml", 8, FOREIGN_XML},
    {"<kml", 4, FOREIGN_XML},
    {"<gml", 4, FOREIGN_XML},
    {"<gpx", 4, FOREIGN_XML},
    {"fgb\3", 4, FOREIGN_FLATGEOBUF},
    {"!table", 6, FOREIGN_MAPINFO},
    {"Version 3", 9, FOREIGN_MAPINFO},
    {"VERSION 3", 9, FOREIGN_MAPINFO},
    {"PAR1", 4, FOREIGN_PARQUET},
    {"\xD0\xCF\x11\xE0", 4, FOREIGN_XLS},
};

const char *input_foreign_name(enum input_foreign foreign)
{
    switch (foreign) {
    case FOREIGN_PDF:
        return N_("a PDF");
    case FOREIGN_XML:
        return N_("XML, such as KML, GML or GPX");
    case FOREIGN_FLATGEOBUF:
        return N_("a FlatGeobuf file");
    case FOREIGN_MAPINFO:
        return N_("a MapInfo file");
    case FOREIGN_PARQUET:
        return N_("a Parquet file");
    case FOREIGN_XLS:
        return N_("an old Excel workbook (.xls)");
    case FOREIGN_ODS:
        return N_("an OpenDocument file");
    case FOREIGN_GEODATABASE:
        return N_("a geodatabase of Esri's (.gdb)");
    case FOREIGN_NONE:
        break;
    }
    return N_("a file of an unknown kind");
}

/* Blanks before JSON are passed over, and the record separators of a sequence (RFC 8142). */
static bool is_json(const char *head, size_t length)
{
    size_t at = length >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (at < length && strchr(" \t\r\n\x1E", head[at]) != NULL && head[at] != '\0')
        at++;
    return at < length && head[at] == '{';
}

enum input_kind input_kind_of(const char *head, size_t length, enum input_foreign *foreign)
{
    if (length >= 16 && memcmp(head, "SQLite format 3", 16) == 0)
        return INPUT_SQLITE;
    if (shapeguard_recognised(head, length))
        return INPUT_SHAPEFILE;
    for (size_t i = 0; i < sizeof SIGNATURES / sizeof SIGNATURES[0]; i++)
        if (length >= SIGNATURES[i].length
            && memcmp(head, SIGNATURES[i].bytes, SIGNATURES[i].length) == 0) {
            *foreign = SIGNATURES[i].foreign;
            return INPUT_FOREIGN;
        }
    return is_json(head, length) ? INPUT_JSON : INPUT_TEXT;
}

bool input_is_gzip(const char *head, size_t length)
{
    return length >= 2 && memcmp(head, "\x1f\x8b", 2) == 0;
}

bool input_is_zip(const char *head, size_t length)
{
    return length >= 4 && (memcmp(head, "PK\3\4", 4) == 0 || memcmp(head, "PK\5\6", 4) == 0);
}
