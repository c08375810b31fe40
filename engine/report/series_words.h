/* The words of a series of maps: what each map is of, what the series shows, and what is left out.
 */
#ifndef PLEIN_REPORT_SERIES_WORDS_H
#define PLEIN_REPORT_SERIES_WORDS_H

#include "engine/core/text.h"
#include "engine/study/series.h"

/* What the words are about. */
struct series_telling {
    const struct series *series;
    const struct gathered *gathered;
};

/* Where the highest density of all maps lies, and how the maps differ there. */
struct series_peak {
    bool is_clear;       /* one map has more there than any other, beyond chance */
    size_t value;        /* whose map it is on */
    size_t here, in_all; /* incidents within the bandwidth: of that value, and on all maps */
    const char *place;   /* what the place is called; NULL: it is told by jurisdictions */
    const char *jurisdictions[2]; /* the second is NULL unless it lies on their border */
};

/* The title above a map: "Avond (18–24 uur)", "1e kwartaal 2024", "Maart 2024". */
void series_words_value(struct text *text, const struct series_telling *telling, size_t value);
/* "In de avond ligt de piek bij Europaplein: 412 van de 995 meldingen daar" */
void series_words_title(struct text *text, const struct series_telling *telling,
                        const struct series_peak *peak);
/* How the maps may be compared. */
void series_words_method(struct text *text, const struct series_telling *telling);
/* What is on none of the maps, with its number; nothing where there is nothing. */
void series_words_left_out(struct text *text, const struct series_telling *telling);
/* "Night (0–6 h): 1,234; Morning ..." for who reads instead of looks. */
void series_words_counts(struct text *text, const struct series_telling *telling);

#endif
