/* Numbers the words of one column within one batch, so that each is kept once. */
#include "engine/formats/csvwords.h"

#include "engine/core/text.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 256 };

/* *bits collects the bits of every byte. */
static struct csv_word_key key_of(const char *begin, size_t length, uint64_t *bits)
{
    struct csv_word_key key = {.length = length};
    uint64_t pair[2];
    eight_pair(pair, begin, length < CSV_WORD_SHORT ? length : CSV_WORD_SHORT);
    key.first = pair[0];
    key.second = pair[1];
    key.hash = csv_words_hash(pair);
    *bits = key.first | key.second;
    for (size_t at = CSV_WORD_SHORT; at < length; at += 8) {
        uint64_t word = eight_load(begin + (length - at < 8 ? length - 8 : at));
        key.hash = (key.hash ^ word) * 0x9E3779B97F4A7C15u;
        key.hash ^= key.hash >> 32;
        *bits |= word;
    }
    return key;
}

static bool same_word(const struct csv_word_key *a, const struct csv_word_key *b, const char *known,
                      const char *begin)
{
    return a->first == b->first && a->second == b->second && a->length == b->length
           && (a->length <= CSV_WORD_SHORT
               || (a->hash == b->hash && memcmp(known, begin, a->length) == 0));
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

bool csv_words_number(uint32_t *number, struct csv_words *words, const char *begin, const char *end)
{
    uint64_t bits;
    text_trim(&begin, &end);
    size_t length = (size_t)(end - begin);
    struct csv_word_key key = key_of(begin, length, &bits);
    if ((bits & EIGHT_HIGHS) != 0 && !text_is_utf8(begin, length))
        return number_cp1252(number, words, begin, length);
    return number_utf8(number, words, &key, begin);
}

void csv_words_free(struct csv_words *words)
{
    free(words->slots);
    words->slots = NULL;
    words->slot_count = 0;
}
