/* Which encoding the texts of a .dbf are in, and turning them into UTF-8. */
#ifndef PLEIN_FORMATS_CODEPAGE_H
#define PLEIN_FORMATS_CODEPAGE_H

#include "engine/core/base.h"

/* Zeroed: not known yet, to be found by looking at the texts. */
struct codepage {
    char encoding[32]; /* as iconv calls it, "UTF-8", or "" */
};

/* Reads a .cpg ("UTF-8", "1252", "88591", "ISO 8859-15", "ANSI 1251", "LDID/87", "Big5" ...).
 * False, and *codepage unset, when it names no encoding that is known here. */
bool codepage_from_text(struct codepage *codepage, const char *bytes, size_t length);
/* From the language byte of a .dbf's header. Unset for 0, for 0x57 (whatever the writer's machine
 * had) and for what is not known. */
void codepage_from_language(struct codepage *codepage, uint8_t language);

/* A cell in UTF-8: cut at the first NUL, trimmed, with control characters turned into blanks. A
 * character that the field's width cut off is left out. The caller frees it. */
char *codepage_decode(const struct codepage *codepage, const char *bytes, size_t length,
                      struct error *error);

/* The length of the well-formed UTF-8 that the bytes begin with, when all that follows is one
 * character cut off; else `length`. */
size_t utf8_without_cut_tail(const char *bytes, size_t length);

#endif
