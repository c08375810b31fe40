/* Expat's functions, from a library that is loaded when one is first needed. Only files called
 * xlsx* include this. */
#ifndef PLEIN_FORMATS_XLSX_EXPAT_H
#define PLEIN_FORMATS_XLSX_EXPAT_H

#include "engine/core/late.h"

#include <expat.h>

/* A function that is used is listed here and named below. */
/* clang-format off */
#define XLSX_EXPAT_FUNCTIONS(F) \
    F(XML_ErrorString) F(XML_GetBuffer) F(XML_GetCurrentLineNumber) F(XML_GetErrorCode) \
    F(XML_ParseBuffer) F(XML_ParserCreate) F(XML_ParserFree) F(XML_ResumeParser) \
    F(XML_SetCharacterDataHandler) F(XML_SetElementHandler) F(XML_SetStartDoctypeDeclHandler) \
    F(XML_SetUserData) F(XML_StopParser)
/* clang-format on */

struct xlsx_expat_late {
    XLSX_EXPAT_FUNCTIONS(LATE_MEMBER)
};

/* Filled by xlsx_expat_load, before which no function below may be called. */
extern struct xlsx_expat_late xlsx_expat_late;
bool xlsx_expat_load(struct error *error);

#define XML_ErrorString xlsx_expat_late.XML_ErrorString
#define XML_GetBuffer xlsx_expat_late.XML_GetBuffer
#define XML_GetCurrentLineNumber xlsx_expat_late.XML_GetCurrentLineNumber
#define XML_GetErrorCode xlsx_expat_late.XML_GetErrorCode
#define XML_ParseBuffer xlsx_expat_late.XML_ParseBuffer
#define XML_ParserCreate xlsx_expat_late.XML_ParserCreate
#define XML_ParserFree xlsx_expat_late.XML_ParserFree
#define XML_ResumeParser xlsx_expat_late.XML_ResumeParser
#define XML_SetCharacterDataHandler xlsx_expat_late.XML_SetCharacterDataHandler
#define XML_SetElementHandler xlsx_expat_late.XML_SetElementHandler
#define XML_SetStartDoctypeDeclHandler xlsx_expat_late.XML_SetStartDoctypeDeclHandler
#define XML_SetUserData xlsx_expat_late.XML_SetUserData
#define XML_StopParser xlsx_expat_late.XML_StopParser

#endif
