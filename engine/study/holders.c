/* Who has an incident, as its file tells: a jurisdiction of the boundaries, or somebody else. */
#include "engine/study/holders.h"

#include "engine/core/text.h"

#include <string.h>

const char *holder_role_name(enum holder_role role)
{
    return role == HOLDER_REPORTED_TO ? "reported_to" : "responsible";
}

bool holders_open(struct holders *holders, const struct jurisdictions *jurisdictions,
                  struct error *error)
{
    *holders = (struct holders){.jurisdictions = jurisdictions, .others = dictionary_open(error)};
    return holders->others != NULL;
}

void holders_close(struct holders *holders)
{
    dictionary_close(holders->others);
    *holders = (struct holders){0};
}

/* How many jurisdictions have this code, or this name; *index is one of them. */
static size_t look_up(size_t *index, const struct jurisdictions *jurisdictions, const char *text,
                      bool by_code)
{
    size_t found = 0;
    for (size_t i = 0; i < jurisdictions->count; i++) {
        const struct jurisdiction *item = &jurisdictions->items[i];
        if (by_code ? text_equal(text, item->code) : text_equal_words(text, item->name)) {
            *index = i;
            found++;
        }
    }
    return found;
}

bool holders_number(uint32_t *number, const struct holders *holders, const char *text,
                    struct error *error)
{
    const struct jurisdictions *jurisdictions = holders->jurisdictions;
    size_t index = 0;
    *number = HOLDER_UNKNOWN;
    if (text[0] == '\0')
        return true;
    if (look_up(&index, jurisdictions, text, true) == 1
        || look_up(&index, jurisdictions, text, false) == 1) {
        *number = (uint32_t)index;
        return true;
    }
    if (text_is_missing(text, text + strlen(text)))
        return true;
    if (!dictionary_number(number, holders->others, text, error))
        return false;
    *number += (uint32_t)jurisdictions->count;
    return true;
}

size_t holders_count(const struct holders *holders)
{
    return holders->jurisdictions->count + dictionary_count(holders->others);
}

const struct jurisdiction *holders_jurisdiction(const struct holders *holders, uint32_t number)
{
    return number < holders->jurisdictions->count ? &holders->jurisdictions->items[number] : NULL;
}

const char *holders_name(const struct holders *holders, uint32_t number)
{
    if (number == HOLDER_UNKNOWN)
        return "(unknown)";
    const struct jurisdiction *jurisdiction = holders_jurisdiction(holders, number);
    return jurisdiction != NULL
               ? jurisdiction->name
               : dictionary_text(holders->others, number - (uint32_t)holders->jurisdictions->count);
}

int holders_compare(const struct holders *holders, uint32_t a, uint32_t b)
{
    bool texts = holders_jurisdiction(holders, a) == NULL
                 && holders_jurisdiction(holders, b) == NULL && a != HOLDER_UNKNOWN
                 && b != HOLDER_UNKNOWN;
    if (texts)
        return strcmp(holders_name(holders, a), holders_name(holders, b));
    return (a > b) - (a < b);
}
