/* Words by number: each distinct text is kept once, and found again by any thread. */
#include "engine/core/dictionary.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct dictionary {
    pthread_mutex_t lock;
    char **texts;
    size_t count, capacity;
    uint32_t *slots; /* number + 1, 0 when free; open addressing, at most half full */
    size_t slot_count;
};

struct dictionary *dictionary_open(struct error *error)
{
    struct dictionary *dictionary;
    if (!array_new(&dictionary, 1, sizeof *dictionary, error))
        return NULL;
    pthread_mutex_init(&dictionary->lock, NULL);
    dictionary->slot_count = 64;
    if (array_new(&dictionary->slots, dictionary->slot_count, sizeof *dictionary->slots, error))
        return dictionary;
    dictionary_close(dictionary);
    return NULL;
}

void dictionary_close(struct dictionary *dictionary)
{
    if (dictionary == NULL)
        return;
    for (size_t i = 0; i < dictionary->count; i++)
        free(dictionary->texts[i]);
    free(dictionary->texts);
    free(dictionary->slots);
    pthread_mutex_destroy(&dictionary->lock);
    free(dictionary);
}

/* FNV-1a (Fowler, Noll, Vo), 64 bits. */
static uint64_t hash_of(const char *text)
{
    uint64_t hash = 14695981039346656037u;
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    return hash ^ hash >> 32;
}

static size_t slot_of(const struct dictionary *dictionary, const char *text)
{
    size_t slot = hash_of(text) & (dictionary->slot_count - 1);
    while (dictionary->slots[slot] != 0
           && strcmp(dictionary->texts[dictionary->slots[slot] - 1], text) != 0)
        slot = (slot + 1) & (dictionary->slot_count - 1);
    return slot;
}

static bool double_slots(struct dictionary *dictionary, struct error *error)
{
    uint32_t *old = dictionary->slots;
    size_t old_count = dictionary->slot_count;
    if (!array_new(&dictionary->slots, old_count * 2, sizeof *dictionary->slots, error)) {
        dictionary->slots = old;
        return false;
    }
    dictionary->slot_count = old_count * 2;
    for (size_t i = 0; i < dictionary->count; i++)
        dictionary->slots[slot_of(dictionary, dictionary->texts[i])] = (uint32_t)i + 1;
    free(old);
    return true;
}

static bool add(uint32_t *number, struct dictionary *dictionary, const char *text,
                struct error *error)
{
    struct capacity capacity = {dictionary->capacity, sizeof *dictionary->texts};
    if (dictionary->count >= UINT32_MAX - 1)
        return error_set(error, ERROR_DATA, "more than 4 billion different words in one column");
    if (dictionary->count * 2 >= dictionary->slot_count && !double_slots(dictionary, error))
        return false;
    if (!array_reserve(&dictionary->texts, &capacity, dictionary->count + 1, error))
        return false;
    dictionary->capacity = capacity.held;
    char *copy = text_copy(text, strlen(text), error);
    if (copy == NULL)
        return false;
    size_t slot = slot_of(dictionary, text);
    dictionary->texts[dictionary->count++] = copy;
    dictionary->slots[slot] = (uint32_t)dictionary->count;
    *number = (uint32_t)dictionary->count - 1;
    return true;
}

bool dictionary_number(uint32_t *number, struct dictionary *dictionary, const char *text,
                       struct error *error)
{
    bool done = true;
    pthread_mutex_lock(&dictionary->lock);
    uint32_t held = dictionary->slots[slot_of(dictionary, text)];
    if (held != 0)
        *number = held - 1;
    else
        done = add(number, dictionary, text, error);
    pthread_mutex_unlock(&dictionary->lock);
    return done;
}

size_t dictionary_count(struct dictionary *dictionary)
{
    pthread_mutex_lock(&dictionary->lock);
    size_t count = dictionary->count;
    pthread_mutex_unlock(&dictionary->lock);
    return count;
}

const char *dictionary_text(struct dictionary *dictionary, uint32_t number)
{
    pthread_mutex_lock(&dictionary->lock);
    const char *text = dictionary->texts[number];
    pthread_mutex_unlock(&dictionary->lock);
    return text;
}
