/* Numbers the words of one column within one batch, so that each is kept once. */
#include "engine/formats/csvwords.h"

#include "engine/core/text.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 256 };

static uint64_t load_64(const char *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* The lowest `count` bytes of a word. */
static uint64_t keep_bytes(uint64_t word, size_t count)
{
    uint64_t mask = ((uint64_t)1 << 8 * (count & 7)) - 1;
    return word & (count >= 8 ? UINT64_MAX : mask);
}

/* Multiply and fold; it only has to spread, since keys are compared whole. */
static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 32;
}

/* Branches as little as it can: the lengths of words are what a processor cannot foretell. *bits
 * collects the bits of every byte. */
static inline struct csv_word_key key_of(const char *begin, size_t length, uint64_t *bits)
{
    struct csv_word_key key = {.length = length};
    key.first = keep_bytes(load_64(begin), length);
    key.second = keep_bytes(load_64(begin + 8), length > 8 ? length - 8 : 0);
    key.hash = mix(mix(length, key.first), key.second);
    *bits = key.first | key.second;
    for (size_t at = 16; at < length; at += 8) {
        size_t from = length - at < 8 ? length - 8 : at;
        uint64_t word = load_64(begin + from);
        key.hash = mix(key.hash, word);
        *bits |= word;
    }
    return key;
}

static bool same_word(const struct csv_word_key *a, const struct csv_word_key *b, const char *known,
                      const char *begin)
{
    return a->first == b->first && a->second == b->second && a->length == b->length
           && (a->length <= 16 || (a->hash == b->hash && memcmp(known, begin, a->length) == 0));
}

static struct csv_word_slot *find_slot(const struct csv_words *words,
                                       const struct csv_word_key *key, const char *begin)
{
    size_t at = key->hash & (words->slot_count - 1);
    for (;; at = (at + 1) & (words->slot_count - 1)) {
        struct csv_word_slot *slot = &words->slots[at];
        if (slot->number == 0
            || same_word(&slot->key, key, (*words->list.names)[slot->number - 1], begin))
            return slot;
    }
}

static bool grow(struct csv_words *words)
{
    size_t count = words->slot_count > 0 ? words->slot_count * 2 : FIRST_SLOTS;
    struct csv_word_slot *old = words->slots, *fresh;
    if (!array_new(&fresh, count, sizeof *fresh, words->error))
        return false;
    for (size_t i = 0; i < words->slot_count; i++) {
        size_t at = old[i].key.hash & (count - 1);
        while (old[i].number != 0 && fresh[at].number != 0)
            at = (at + 1) & (count - 1);
        if (old[i].number != 0)
            fresh[at] = old[i];
    }
    free(old);
    words->slots = fresh;
    words->slot_count = count;
    return true;
}

static bool add_word(struct csv_words *words, const char *begin, size_t length)
{
    struct csv_word_list *list = &words->list;
    struct capacity capacity = {*list->capacity, sizeof **list->names};
    if (!array_reserve(list->names, &capacity, *list->count + 1, words->error))
        return false;
    *list->capacity = capacity.held;
    char *copy = text_copy(begin, length, words->error);
    if (copy == NULL)
        return false;
    (*list->names)[(*list->count)++] = copy;
    return true;
}

static bool number_utf8(uint32_t *number, struct csv_words *words, const struct csv_word_key *key,
                        const char *begin)
{
    if (*words->list.count * 2 >= words->slot_count && !grow(words))
        return false;
    struct csv_word_slot *slot = find_slot(words, key, begin);
    if (slot->number == 0) {
        if (!add_word(words, begin, key->length))
            return false;
        *slot = (struct csv_word_slot){*key, (uint32_t)*words->list.count};
    }
    *number = slot->number - 1;
    return true;
}

static bool number_cp1252(uint32_t *number, struct csv_words *words, const char *begin,
                          size_t length)
{
    uint64_t bits;
    struct text padded = {0};
    char *decoded = text_from_cp1252(begin, length, words->error);
    if (decoded == NULL)
        return false;
    const char *first = decoded, *last = decoded + strlen(decoded);
    text_trim(&first, &last); /* a blank of Windows-1252 is one only now */
    text_add_bytes(&padded, first, (size_t)(last - first));
    size_t size = padded.length;
    text_add_bytes(&padded, (const char[CSV_WORD_SLACK]){0}, CSV_WORD_SLACK);
    free(decoded);
    bool done = text_check(&padded, words->error);
    if (done) {
        struct csv_word_key key = key_of(padded.bytes, size, &bits);
        done = number_utf8(number, words, &key, padded.bytes);
    }
    text_free(&padded);
    return done;
}

/* A word that is not where it was looked for first, or not plain. */
static __attribute__((noinline)) bool number_slowly(uint32_t *number, struct csv_words *words,
                                                    const char *begin, const char *end)
{
    const uint64_t high = 0x8080808080808080u;
    uint64_t bits;
    text_trim(&begin, &end);
    size_t length = (size_t)(end - begin);
    struct csv_word_key key = key_of(begin, length, &bits);
    if ((bits & high) != 0 && !text_is_utf8(begin, length))
        return number_cp1252(number, words, begin, length);
    return number_utf8(number, words, &key, begin);
}

bool csv_words_number(uint32_t *number, struct csv_words *words, const char *begin, const char *end)
{
    size_t length = (size_t)(end - begin);
    if (length - 1 < 16 && words->slot_count > 0) { /* kept words are trimmed and UTF-8 */
        uint64_t first = keep_bytes(load_64(begin), length);
        uint64_t second = keep_bytes(load_64(begin + 8), length > 8 ? length - 8 : 0);
        uint64_t hash = mix(mix(length, first), second);
        const struct csv_word_slot *slot = &words->slots[hash & (words->slot_count - 1)];
        if (slot->number != 0 && slot->key.first == first && slot->key.second == second
            && slot->key.length == length) {
            *number = slot->number - 1;
            return true;
        }
    }
    return number_slowly(number, words, begin, end);
}

void csv_words_free(struct csv_words *words)
{
    free(words->slots);
    words->slots = NULL;
    words->slot_count = 0;
}
