/* What a map says of the packages that take part: in its subtitle, source, method and legend. */
#ifndef PLEIN_REPORT_PACKAGE_WORDS_H
#define PLEIN_REPORT_PACKAGE_WORDS_H

#include "engine/core/text.h"
#include "engine/study/packages.h"

/* Each adds nothing when none takes part. */

/* "aantallen per vak (Beverwijk, vanaf 10)" */
void package_words_key(struct text *text, const struct packages *packages);
/* " plus tussen 1.728 en 1.732 in vakken van Beverwijk" */
void package_words_counts(struct text *text, const struct packages *packages);
/* "; vakken van Beverwijk: aantallen, afgerond op vijf (overdracht.zip)" */
void package_words_source(struct text *text, const struct packages *packages);
/* " Clusters zijn van meldingen alleen, niet van vakken." */
void package_words_method(struct text *text, const struct packages *packages);

#endif
