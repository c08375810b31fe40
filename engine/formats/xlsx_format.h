/* What a number in a cell means by its format: a day, a time, or a number; and how it is written
 * then. */
#ifndef PLEIN_FORMATS_XLSX_FORMAT_H
#define PLEIN_FORMATS_XLSX_FORMAT_H

#include "engine/core/text.h"

/* As bits: a format may show both. */
enum xlsx_meaning { XLSX_NUMBER = 0, XLSX_DAY = 1, XLSX_TIME = 2, XLSX_STAMP = 3 };

/* Of a format that is built in (ECMA-376, 18.8.30), and of one by its code, like "d-m-yyyy h:mm".
 */
enum xlsx_meaning xlsx_builtin(unsigned id);
enum xlsx_meaning xlsx_meaning_of(const char *code);

/* Adds the number as what it means: 2024-05-31, 2024-05-31T23:59:00, 23:59:00 or the number itself
 * where it is no such thing. Days count from 1 January 1904, or else from 1900 with a 29 February
 * that there was not. */
void xlsx_add(struct text *into, double value, enum xlsx_meaning meaning, bool since_1904);

#endif
