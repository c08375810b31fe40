/* The jurisdictions of a study: a code, a name and an area each. */
#include "engine/core/jurisdictions.h"

#include "engine/core/text.h"

#include <string.h>

bool jurisdictions_add(struct jurisdictions *jurisdictions, struct jurisdiction *item,
                       struct error *error)
{
    struct capacity capacity = {jurisdictions->capacity, sizeof *jurisdictions->items};
    if (!array_reserve(&jurisdictions->items, &capacity, jurisdictions->count + 1, error)) {
        jurisdiction_free(item);
        return false;
    }
    jurisdictions->capacity = capacity.held;
    text_squeeze(item->name);
    jurisdictions->items[jurisdictions->count++] = *item;
    *item = (struct jurisdiction){0};
    return true;
}

void jurisdiction_free(struct jurisdiction *jurisdiction)
{
    array_free(&jurisdiction->code);
    array_free(&jurisdiction->name);
    shape_free(&jurisdiction->shape);
}

void jurisdictions_free(struct jurisdictions *jurisdictions)
{
    for (size_t i = 0; i < jurisdictions->count; i++)
        jurisdiction_free(&jurisdictions->items[i]);
    array_free(&jurisdictions->items);
    array_free(&jurisdictions->crs);
    array_free(&jurisdictions->name_field);
    array_free(&jurisdictions->code_field);
    *jurisdictions = (struct jurisdictions){0};
}

struct box jurisdictions_box(const struct jurisdictions *jurisdictions)
{
    struct box box = box_empty();
    for (size_t i = 0; i < jurisdictions->count; i++)
        box = box_union(box, shape_box(&jurisdictions->items[i].shape));
    return box;
}

const char *jurisdiction_key(const struct jurisdiction *jurisdiction)
{
    return jurisdiction->code[0] != '\0' ? jurisdiction->code : jurisdiction->name;
}

int jurisdiction_compare(const struct jurisdiction *a, const struct jurisdiction *b)
{
    int order = strcmp(jurisdiction_key(a), jurisdiction_key(b));
    return order != 0 ? order : strcmp(a->name, b->name);
}
