/* Parses one XML member of a workbook, a stretch at a time. */
#ifndef PLEIN_FORMATS_XLSX_XML_H
#define PLEIN_FORMATS_XLSX_XML_H

#include "engine/formats/zip_archive.h"

struct xlsx_xml;

/* Names come without a namespace's prefix; attributes are pairs of a name and a value, ended by
 * NULL. Each returns false, with an error, to end it all. NULL: not wanted. */
struct xlsx_handlers {
    bool (*open)(void *state, const char *name, const char **attributes, struct error *error);
    bool (*close)(void *state, const char *name, struct error *error);
    bool (*text)(void *state, const char *bytes, size_t length, struct error *error);
    void *state;
};

/* `path` is for messages. One member of an archive is parsed at a time. */
struct xlsx_xml *xlsx_xml_open(struct zip_archive *archive, size_t member, const char *path,
                               const struct xlsx_handlers *handlers, struct error *error);
void xlsx_xml_close(struct xlsx_xml *xml); /* NULL is fine */
/* Goes on until a handler calls xlsx_xml_pause or all is read: then *more is false. ERROR_DATA: no
 * XML, a document type (which may hold entities), a damaged zip. */
bool xlsx_xml_run(bool *more, struct xlsx_xml *xml, struct error *error);
void xlsx_xml_pause(struct xlsx_xml *xml);

/* NULL: there is none of this name (without its prefix). */
const char *xlsx_attribute(const char **attributes, const char *name);

/* Parses a whole member at once. */
bool xlsx_xml_read(struct zip_archive *archive, size_t member, const char *path,
                   const struct xlsx_handlers *handlers, struct error *error);

#endif
