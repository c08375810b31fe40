/* What the layers of an export share: columns, squares, and which categories may leave. */
#include "engine/report/export_common.h"

#include <stdlib.h>
#include <string.h>

uint32_t export_weight(const struct gathered *gathered, size_t i)
{
    return gathered->weight != NULL ? gathered->weight[i] : 1;
}

bool export_add_columns(struct layer *layer, const struct layer_column *columns, size_t count,
                        struct error *error)
{
    for (size_t c = 0; c < count; c++) {
        if (!layer_add_column(layer, columns[c].name, columns[c].kind, error))
            return false;
        layer->columns[c].decimals = columns[c].decimals;
    }
    return true;
}

bool export_square_shape(struct shape *shape, double x, double y, double side_m,
                         struct error *error)
{
    const double xs[] = {0, 1, 1, 0, 0}, ys[] = {0, 0, 1, 1, 0};
    if (!shape_new(shape, 5, 1, error))
        return false;
    for (size_t i = 0; i < 5; i++) {
        shape->x[i] = x + xs[i] * side_m;
        shape->y[i] = y + ys[i] * side_m;
    }
    shape->ring_starts[1] = 5;
    return true;
}

struct named {
    const char *text;
    uint32_t number;
};

static int by_text(const void *a, const void *b)
{
    const struct named *left = a, *right = b;
    return strcmp(left->text, right->text);
}

bool export_rank_words(uint32_t **ranks, struct dictionary *dictionary, struct error *error)
{
    size_t count = dictionary_count(dictionary);
    struct named *words;
    bool done = array_new(&words, count, sizeof *words, error)
                && array_new(ranks, count, sizeof **ranks, error);
    for (size_t i = 0; done && i < count; i++)
        words[i] = (struct named){dictionary_text(dictionary, (uint32_t)i), (uint32_t)i};
    if (done)
        qsort(words, count, sizeof *words, by_text);
    for (size_t i = 0; done && i < count; i++)
        (*ranks)[words[i].number] = (uint32_t)i;
    array_free(&words);
    return done;
}

bool export_categories_look(struct export_categories *categories, const struct export_source *from,
                            struct error *error)
{
    const struct gathered *gathered = from->gathered;
    struct dictionary *words = from->study->categories;
    *categories = (struct export_categories){.count = dictionary_count(words)};
    if (!array_new(&categories->withheld, categories->count, 1, error)
        || !array_new(&categories->known, categories->count, 1, error)
        || !export_rank_words(&categories->rank, words, error))
        return false;
    for (size_t c = 0; c < categories->count; c++)
        categories->withheld[c] =
            !from->study->options->sensitive && gather_is_sensitive(from->study, (uint32_t)c);
    for (size_t i = 0; i < gathered->count; i++)
        if (gathered->domain[i] != DOMAIN_UNMAPPED)
            categories->known[gathered->category[i]] = true;
    return true;
}

void export_categories_free(struct export_categories *categories)
{
    array_free(&categories->withheld);
    array_free(&categories->known);
    array_free(&categories->rank);
}

void export_note_withheld(const struct export_source *from,
                          const struct export_categories *categories)
{
    size_t count = 0;
    for (size_t i = 0; i < from->gathered->count; i++)
        if (categories->withheld[from->gathered->category[i]])
            count += export_weight(from->gathered, i);
    if (count > 0)
        notes_add(&from->study->notes,
                  "organised crime (%zu incidents) is in the counts per jurisdiction only; "
                  "--sensitive puts it among the incidents too",
                  count);
}
