/* What the layers of an export share: columns, squares, and which categories may leave. */
#ifndef PLEIN_REPORT_EXPORT_COMMON_H
#define PLEIN_REPORT_EXPORT_COMMON_H

#include "engine/core/layer.h"
#include "engine/study/gather.h"

/* The columns that all layers need of what was gathered. */
enum { EXPORT_COLUMNS = COLUMN_CATEGORY | COLUMN_SOURCE | COLUMN_TIME };

/* The study whose incidents were gathered; what is left out goes into its notes. */
struct export_source {
    struct study *study;
    const struct gathered *gathered;
};

uint32_t export_weight(const struct gathered *gathered, size_t i);

/* What is known of each category, by its number. */
struct export_categories {
    bool *withheld; /* organised crime, which leaves as counts per jurisdiction only */
    bool *known;    /* the vocabulary has it; another is as it was reported, and may be any text */
    uint32_t *rank; /* by text */
    size_t count;
};

/* Everything is released by export_categories_free, also on failure. */
bool export_categories_look(struct export_categories *categories, const struct export_source *from,
                            struct error *error);
void export_categories_free(struct export_categories *categories);
/* Tells how many incidents are in no layer of incidents. */
void export_note_withheld(const struct export_source *from,
                          const struct export_categories *categories);
/* The place of each word in the order of their texts: numbers hang on the order of the rows. */
bool export_rank_words(uint32_t **ranks, struct dictionary *dictionary, struct error *error);

/* Adds columns of these names, kinds and decimals. */
bool export_add_columns(struct layer *layer, const struct layer_column *columns, size_t count,
                        struct error *error);
#define EXPORT_ADD_COLUMNS(layer, columns, error)                                                  \
    export_add_columns(layer, columns, sizeof(columns) / sizeof *(columns), error)

/* A square by its south-western corner. */
bool export_square_shape(struct shape *shape, double x, double y, double side_m,
                         struct error *error);

#endif
