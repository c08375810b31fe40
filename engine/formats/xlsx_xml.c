/* Parses one XML member of a workbook, a stretch at a time. */
#include "engine/formats/xlsx_xml.h"

#include "engine/formats/xlsx_expat.h"

#include <string.h>

enum { PIECE = 1 << 16, DEEPEST = 100 };

struct xlsx_xml {
    XML_Parser parser;
    struct zip_archive *archive;
    const char *path;
    size_t member;
    struct xlsx_handlers handlers;
    struct error error; /* of a handler */
    int depth;
    bool is_paused, is_last;
};

static const char *local_name(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon != NULL ? colon + 1 : name;
}

const char *xlsx_attribute(const char **attributes, const char *name)
{
    for (; *attributes != NULL; attributes += 2)
        if (strcmp(local_name(*attributes), name) == 0)
            return attributes[1];
    return NULL;
}

static void settle(struct xlsx_xml *xml, bool done)
{
    if (!done)
        XML_StopParser(xml->parser, XML_FALSE);
}

static bool is_over(const struct xlsx_xml *xml)
{
    return xml->error.kind != ERROR_NONE;
}

/* Each element that is open takes memory; a workbook's are some ten deep. */
static bool goes_deeper(struct xlsx_xml *xml)
{
    return ++xml->depth <= DEEPEST
           || error_set(&xml->error, ERROR_DATA,
                        "%s: '%s' is damaged: elements within elements, more than %d deep",
                        xml->path, zip_archive_name(xml->archive, xml->member), (int)DEEPEST);
}

static void XMLCALL take_open(void *state, const XML_Char *name, const XML_Char **attributes)
{
    struct xlsx_xml *xml = state;
    if (is_over(xml))
        return;
    bool done = goes_deeper(xml);
    if (done && xml->handlers.open != NULL)
        done = xml->handlers.open(xml->handlers.state, local_name(name), attributes, &xml->error);
    settle(xml, done);
}

static void XMLCALL take_close(void *state, const XML_Char *name)
{
    struct xlsx_xml *xml = state;
    xml->depth--;
    if (xml->handlers.close != NULL && !is_over(xml))
        settle(xml, xml->handlers.close(xml->handlers.state, local_name(name), &xml->error));
}

static void XMLCALL take_text(void *state, const XML_Char *bytes, int length)
{
    struct xlsx_xml *xml = state;
    if (xml->handlers.text != NULL && !is_over(xml))
        settle(xml, xml->handlers.text(xml->handlers.state, bytes, (size_t)length, &xml->error));
}

/* No workbook has one; entities that hold entities are a way to fill the memory. */
static void XMLCALL refuse_doctype(void *state, const XML_Char *name, const XML_Char *system,
                                   const XML_Char *public, int has_subset)
{
    struct xlsx_xml *xml = state;
    (void)name, (void)system, (void)public, (void)has_subset;
    error_set(&xml->error, ERROR_DATA, "%s: there is a document type in '%s', and it is not read",
              xml->path, zip_archive_name(xml->archive, xml->member));
    settle(xml, false);
}

struct xlsx_xml *xlsx_xml_open(struct zip_archive *archive, size_t member, const char *path,
                               const struct xlsx_handlers *handlers, struct error *error)
{
    struct xlsx_xml *xml;
    if (!xlsx_expat_load(error) || !zip_archive_enter(archive, member, error)
        || !array_new(&xml, 1, sizeof *xml, error))
        return NULL;
    xml->archive = archive;
    xml->member = member;
    xml->path = path;
    xml->handlers = *handlers;
    xml->parser = XML_ParserCreate(NULL);
    if (xml->parser == NULL) {
        error_set(error, ERROR_INTERNAL, "out of memory");
        array_free(&xml);
        return NULL;
    }
    XML_SetUserData(xml->parser, xml);
    XML_SetElementHandler(xml->parser, take_open, take_close);
    XML_SetCharacterDataHandler(xml->parser, take_text);
    XML_SetStartDoctypeDeclHandler(xml->parser, refuse_doctype);
    return xml;
}

void xlsx_xml_close(struct xlsx_xml *xml)
{
    if (xml == NULL)
        return;
    XML_ParserFree(xml->parser);
    array_free(&xml);
}

void xlsx_xml_pause(struct xlsx_xml *xml)
{
    xml->is_paused = XML_StopParser(xml->parser, XML_TRUE) == XML_STATUS_OK;
}

static bool fails(const struct xlsx_xml *xml, struct error *error)
{
    if (is_over(xml)) {
        if (error != NULL)
            *error = xml->error;
        return false;
    }
    return error_set(error, ERROR_DATA, "%s: '%s' is damaged: line %lu: %s", xml->path,
                     zip_archive_name(xml->archive, xml->member),
                     (unsigned long)XML_GetCurrentLineNumber(xml->parser),
                     XML_ErrorString(XML_GetErrorCode(xml->parser)));
}

static bool parse_piece(enum XML_Status *status, struct xlsx_xml *xml, struct error *error)
{
    size_t got;
    char *buffer = XML_GetBuffer(xml->parser, PIECE);
    if (buffer == NULL)
        return error_set(error, ERROR_INTERNAL, "out of memory");
    if (!zip_archive_read(&got, xml->archive, buffer, PIECE, error))
        return false;
    xml->is_last = got == 0;
    *status = XML_ParseBuffer(xml->parser, (int)got, xml->is_last);
    return true;
}

bool xlsx_xml_run(bool *more, struct xlsx_xml *xml, struct error *error)
{
    enum XML_Status status = XML_STATUS_OK;
    *more = false;
    if (xml->is_paused) {
        xml->is_paused = false;
        status = XML_ResumeParser(xml->parser);
    }
    while (status == XML_STATUS_OK && !xml->is_last)
        if (!parse_piece(&status, xml, error))
            return false;
    *more = status == XML_STATUS_SUSPENDED;
    return (status != XML_STATUS_ERROR && !is_over(xml)) || fails(xml, error);
}

bool xlsx_xml_read(struct zip_archive *archive, size_t member, const char *path,
                   const struct xlsx_handlers *handlers, struct error *error)
{
    bool more = false;
    struct xlsx_xml *xml = xlsx_xml_open(archive, member, path, handlers, error);
    bool done = xml != NULL && xlsx_xml_run(&more, xml, error);
    xlsx_xml_close(xml);
    return done;
}
