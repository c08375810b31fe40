/* Words by number: each distinct text is kept once, and found again by any thread. */
#ifndef PLEIN_CORE_DICTIONARY_H
#define PLEIN_CORE_DICTIONARY_H

#include "engine/core/base.h"

struct dictionary;

struct dictionary *dictionary_open(struct error *error);
void dictionary_close(struct dictionary *dictionary); /* NULL is fine */

/* The number of the text, given on first sight: 0, 1, 2 ... Threads may call at one time; which of
 * two new texts gets the lower number then is chance, so order what is shown by the text and never
 * by the number. */
bool dictionary_number(uint32_t *number, struct dictionary *dictionary, const char *text,
                       struct error *error);
size_t dictionary_count(struct dictionary *dictionary);
/* The text of a number; stays where it is until the dictionary is closed. */
const char *dictionary_text(struct dictionary *dictionary, uint32_t number);

#endif
