/* The sentences on a map: its finding, what it is of, how it was made, and what each cluster is. */
#ifndef PLEIN_REPORT_SENTENCES_H
#define PLEIN_REPORT_SENTENCES_H

#include "engine/core/text.h"
#include "engine/report/scene.h"

/* What the sentences are about. */
struct telling {
    const struct gathered *gathered;
    const struct clusters *clusters; /* NULL: the sheet shows none */
    const struct scene *scene;
    const struct packages *packages; /* whose squares are shown too; NULL: none */
    size_t in_band;                  /* incidents within the border band */
    double band_m;
    double cell_m;
};

void sentences_title(struct text *text, const struct telling *telling);
void sentences_subtitle(struct text *text, const struct telling *telling);
void sentences_period(struct text *text, const struct telling *telling);
void sentences_aside(struct text *text, const struct telling *telling, size_t listed);
void sentences_source(struct text *text, const struct telling *telling);
void sentences_method(struct text *text, const struct telling *telling);
void sentences_privacy(struct text *text, const struct telling *telling);
/* "veiligheid 46 % · vr en za, 20–24 uur" */
void sentences_cluster(struct text *text, const struct telling *telling, size_t index);
/* "Het grootste cluster", "De vijf grootste clusters" */
const char *sentences_table_head(size_t listed, const struct telling *telling);

#endif
