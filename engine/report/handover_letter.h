/* The letter that goes with a package for the neighbour: what is in it and what it may be used for.
 */
#ifndef PLEIN_REPORT_HANDOVER_LETTER_H
#define PLEIN_REPORT_HANDOVER_LETTER_H

#include "engine/core/text.h"
#include "engine/study/handover_model.h"

/* README.txt, in Dutch and in English always, whoever opens it. */
void handover_letter(struct text *text, const struct handover *handover);

#endif
