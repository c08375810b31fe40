/* Writes the few things that JSON needs: strings with their escapes. */
#ifndef PLEIN_FORMATS_JSON_H
#define PLEIN_FORMATS_JSON_H

#include "engine/core/text.h"

/* A string in quotes, escaped as RFC 8259 wants; the UTF-8 stands as it is. */
void json_string(struct text *text, const char *utf8);
/* A number with at most `decimals` decimals, trailing zeros cut; null for NaN and infinity. */
void json_number(struct text *text, double value, int decimals);

#endif
