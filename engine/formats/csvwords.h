/* Numbers the words of one column within one batch, so that each is kept once. */
#ifndef PLEIN_FORMATS_CSVWORDS_H
#define PLEIN_FORMATS_CSVWORDS_H

#include "engine/core/base.h"
#include "engine/core/eight.h"
#include "engine/core/simd.h"

enum {
    CSV_WORD_SLACK = 16,
    CSV_WORD_SHORT = 16, /* characters of a word that its key holds whole */
};

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

/* It only has to spread, since keys are compared whole. The high half is the better one. */
SIMD_INLINE uint64_t csv_words_hash(const uint64_t pair[2])
{
    return (pair[0] * 0x9E3779B97F4A7C15u + pair[1] * 0xC2B2AE3D27D4EB4Fu) >> 32;
}

/* The same for a word that has been seen before as it stands there, and is short; false: unknown.
 * Branches as little as it can: the lengths of words are what a processor cannot foretell. */
SIMD_INLINE bool csv_words_find(uint32_t *number, const struct csv_words *words, const char *begin,
                                const char *end)
{
    size_t length = (size_t)(end - begin);
    uint64_t pair[2];
    if (length - 1 >= CSV_WORD_SHORT || words->slot_count == 0)
        return false;
    eight_pair(pair, begin, length);
    const struct csv_word_slot *slot =
        &words->slots[csv_words_hash(pair) & (words->slot_count - 1)];
    if (slot->key.first != pair[0] || slot->key.second != pair[1] || slot->key.length != length)
        return false;
    *number = slot->number - 1;
    return true;
}

#endif
