/* Words and encodings: comparing, folding, and turning foreign bytes into UTF-8; and a text that
 * grows. */
#ifndef PLEIN_CORE_TEXT_H
#define PLEIN_CORE_TEXT_H

#include "engine/core/base.h"

/* A text that grows. A zeroed struct is empty; once memory was out, `failed` stays set and further
 * additions do nothing, so that a writer checks once, at the end. */
struct text {
    char *bytes; /* NUL-terminated once anything was added */
    size_t length, capacity;
    bool failed;
};
void text_add(struct text *text, const char *format, ...) PRINTF_LIKE(2, 3);
void text_add_bytes(struct text *text, const char *bytes, size_t length);
void text_free(struct text *text);
/* The bytes of a part that is added to a text, "" when it has none; a part that failed has the text
 * fail too, so that nothing is left out of a sentence unsaid. */
const char *text_part(struct text *text, const struct text *part);
/* False with ERROR_INTERNAL when an addition had failed. */
bool text_check(const struct text *text, struct error *error);

bool text_is_utf8(const char *bytes, size_t length);
/* Turns Windows-1252 (ISO 8859-1 with it) into UTF-8; the five unused bytes become U+FFFD. The
 * caller frees it. */
char *text_from_cp1252(const char *bytes, size_t length, struct error *error);
/* UTF-8 from any encoding that iconv knows by this name (ERROR_DATA when it does not); bytes that
 * are not of that encoding become U+FFFD. The caller frees it. */
char *text_from_encoding(const char *bytes, size_t length, const char *encoding,
                         struct error *error);
/* Whether an encoding is known and ASCII stays itself in it, or names and codes would change. */
bool text_encoding_has_ascii(const char *encoding);

/* Equal without regard to case (ASCII, Latin-1 letters and Greek and Cyrillic by towlower of code
 * points is not needed: A-Z and U+00C0..U+024F fold). Both UTF-8. */
bool text_equal(const char *a, const char *b);
/* The same without regard to blanks (of text_trim) at the ends and to how many part two words. */
bool text_equal_words(const char *a, const char *b);
/* Folds a name to its letters and digits in lower case ("GM-Naam " -> "gmnaam"), accents kept; for
 * matching field names. Writes at most `size` bytes with the NUL; `folded` is not `name`. */
void text_fold(char *folded, size_t size, const char *name);
/* How many edits part two words (Levenshtein), for "did you mean". */
size_t text_distance(const char *a, const char *b);
/* Cuts blanks (space, tab, CR, LF, NBSP) off both ends of begin..end. */
void text_trim(const char **begin, const char **end);
/* Makes each run of blanks in a text one space, in place, and leaves none at the ends. */
void text_squeeze(char *text);
/* Whether begin..end is empty, but for blanks, or one of the words that databases and R write for
 * nothing: NA, NULL ... */
bool text_is_missing(const char *begin, const char *end);
/* The last part of a path: outputs name files without folders. */
const char *text_file_name(const char *path);

#endif
