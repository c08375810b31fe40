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
    return word;
}

static uint64_t load_32(const char *bytes)
{
    uint32_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

/* The last bytes, up to eight, as one number; loads may overlap. */
static uint64_t load_tail(const char *end, size_t length)
{
    if (length >= 8)
        return load_64(end - 8);
    if (length >= 4)
        return load_32(end - length) << 32 | load_32(end - 4);
    if (length == 0)
        return 0;
    return (uint64_t)(unsigned char)end[-(ptrdiff_t)length] << 16
           | (uint64_t)(unsigned char)end[-(ptrdiff_t)(length / 2 + 1)] << 8
           | (unsigned char)end[-1];
}

/* Multiply and fold, eight bytes a step (after Yi's wyhash); *bits collects every byte's bits. It
 * only has to spread: equal hashes are told apart by the words. */
static uint64_t hash_of(const char *begin, size_t length, uint64_t *bits)
{
    const uint64_t factor = 0x9E3779B97F4A7C15u;
    uint64_t hash = length * factor;
    const char *end = begin + length;
    *bits = 0;
    for (; end - begin > 8; begin += 8) {
        uint64_t word = load_64(begin);
        *bits |= word;
        hash = (hash ^ word) * factor;
        hash ^= hash >> 32;
    }
    uint64_t tail = load_tail(end, length);
    *bits |= tail;
    hash = (hash ^ tail) * factor;
    return hash ^ hash >> 32;
}

static struct csv_word_slot *find_slot(const struct csv_words *words, uint64_t hash,
                                       const char *begin, size_t length)
{
    size_t at = hash & (words->slot_count - 1);
    for (;; at = (at + 1) & (words->slot_count - 1)) {
        struct csv_word_slot *slot = &words->slots[at];
        if (slot->number == 0
            || (slot->hash == hash && slot->length == length
                && memcmp((*words->list.names)[slot->number - 1], begin, length) == 0))
            return slot;
    }
}

static bool grow(struct csv_words *words, struct error *error)
{
    size_t count = words->slot_count > 0 ? words->slot_count * 2 : FIRST_SLOTS;
    struct csv_word_slot *old = words->slots, *fresh;
    if (!array_new(&fresh, count, sizeof *fresh, error))
        return false;
    for (size_t i = 0; i < words->slot_count; i++) {
        size_t at = old[i].hash & (count - 1);
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

static bool add_word(struct csv_words *words, const char *begin, size_t length, struct error *error)
{
    struct csv_word_list *list = &words->list;
    struct capacity capacity = {*list->capacity, sizeof **list->names};
    if (!array_reserve(list->names, &capacity, *list->count + 1, error))
        return false;
    *list->capacity = capacity.held;
    char *copy = text_copy(begin, length, error);
    if (copy == NULL)
        return false;
    (*list->names)[(*list->count)++] = copy;
    return true;
}

static bool number_utf8(uint32_t *number, struct csv_words *words, uint64_t hash, const char *begin,
                        size_t length, struct error *error)
{
    if (*words->list.count * 2 >= words->slot_count && !grow(words, error))
        return false;
    struct csv_word_slot *slot = find_slot(words, hash, begin, length);
    if (slot->number == 0) {
        if (!add_word(words, begin, length, error))
            return false;
        *slot = (struct csv_word_slot){hash, (uint32_t)length, (uint32_t)*words->list.count};
    }
    *number = slot->number - 1;
    return true;
}

static bool number_cp1252(uint32_t *number, struct csv_words *words, const char *begin,
                          size_t length, struct error *error)
{
    uint64_t bits;
    char *decoded = text_from_cp1252(begin, length, error);
    if (decoded == NULL)
        return false;
    const char *first = decoded, *last = decoded + strlen(decoded);
    text_trim(&first, &last); /* a blank of Windows-1252 is one only now */
    size_t size = (size_t)(last - first);
    bool done = number_utf8(number, words, hash_of(first, size, &bits), first, size, error);
    free(decoded);
    return done;
}

bool csv_words_number(uint32_t *number, struct csv_words *words, const char *begin, const char *end,
                      struct error *error)
{
    const uint64_t high = 0x8080808080808080u;
    uint64_t bits;
    if (begin < end
        && ((unsigned char)*begin - 0x21u > 0x5D || (unsigned char)end[-1] - 0x21u > 0x5D))
        text_trim(&begin, &end);
    size_t length = (size_t)(end - begin);
    uint64_t hash = hash_of(begin, length, &bits);
    if ((bits & high) != 0 && !text_is_utf8(begin, length))
        return number_cp1252(number, words, begin, length, error);
    return number_utf8(number, words, hash, begin, length, error);
}

void csv_words_free(struct csv_words *words)
{
    free(words->slots);
    words->slots = NULL;
    words->slot_count = 0;
}
