/* The sentences of a border sheet: its finding, its verdicts and the rule behind them. */
#ifndef PLEIN_REPORT_BORDER_WORDS_H
#define PLEIN_REPORT_BORDER_WORDS_H

#include "engine/core/text.h"
#include "engine/study/findings.h"

/* What the words are about. */
struct border_telling {
    const struct findings *findings;
    const struct finding *finding;
    const char *names[SIDES];
    const char
        *place; /* what the foremost cluster on the border is called; NULL: its number serves */
};

/* The cluster that the sheet is about: the largest on the border, NULL when none crosses it. */
const struct border_cluster *border_words_subject(const struct border *border);

/* "Samen staat Europaplein op 1; apart bij Heemskerk op plaats 3 en bij Beverwijk op 2" */
void border_words_title(struct text *text, const struct border_telling *telling);
/* "cluster 1", or the place's name as it stands */
void border_words_place(struct text *text, const char *place, int32_t number);
/* "wijst naar Beverwijk", "gedeeld", "niet te zeggen" */
void border_words_verdict(struct text *text, const struct border_telling *telling,
                          const struct sides *sides);
/* "180 reported to Beverwijk lie in Heemskerk", of side 1 and side 0 when `lies` is 0; nothing when
 * there are none. */
void border_words_elsewhere(struct text *text, const struct border_telling *telling,
                            enum holder_role role, int lies);
/* The lines below the sheet: how blind share and strips are meant, and the rule for a lead. */
void border_words_method(struct text *text, const struct border_telling *telling);
void border_words_rule(struct text *text, const struct border_telling *telling);
/* What sharing is worth: how wrong each side is that makes up for its neighbour by edge correction.
 * Nothing where that is not known. */
void border_words_guess(struct text *text, const struct border_telling *telling);

#endif
