/* Numbers the words of one column within one batch, so that each is kept once. */
#ifndef PLEIN_FORMATS_CSVWORDS_H
#define PLEIN_FORMATS_CSVWORDS_H

#include "engine/core/base.h"

enum { CSV_WORD_SLACK = 16 };

/* The list of a batch that words are added to. */
struct csv_word_list {
    char ***names;
    size_t *count, *capacity;
};

/* A word by its first and second eight bytes, and for a longer one a hash of them all. */
struct csv_word_key {
    uint64_t first, second, hash;
    size_t length;
};

struct csv_word_slot {
    struct csv_word_key key;
    uint32_t number; /* number + 1; 0: free */
};

/* A zeroed struct with its list and error set is empty. */
struct csv_words {
    struct csv_word_list list;
    struct error *error;         /* where a failure is told */
    struct csv_word_slot *slots; /* open addressing, at most half full */
    size_t slot_count;
};

/* The number of the word between begin and end, without blanks around it and in UTF-8 (from
 * Windows-1252 where it is none): 0, 1, 2 ... as they are first seen. CSV_WORD_SLACK bytes behind
 * `begin` may be read, and mean nothing behind `end`. */
bool csv_words_number(uint32_t *number, struct csv_words *words, const char *begin,
                      const char *end);
void csv_words_free(struct csv_words *words); /* the list stays */

#endif
