/* Looks text over before it is cut into rows: how many there are, and what asks for care. */
#ifndef PLEIN_FORMATS_CSVSURVEY_H
#define PLEIN_FORMATS_CSVSURVEY_H

#include "engine/formats/csvquotes.h"
#include "engine/formats/csvscan.h"

/* What has been seen of a text so far. */
struct csv_survey {
    size_t lines, blanks;               /* line ends, and those of lines that are empty */
    size_t quoted_lines, quoted_blanks; /* of them within quotes, unless there were odd quotes */
    bool has_nul, has_quotes, has_odd_quotes;
    uint64_t ends, returns; /* of the last characters, in the highest bits */
    struct csv_quote_carry carry;
};

/* What texts are looked over by. */
struct csv_surveyor {
    struct csv_dialect dialect;
    bool wide; /* with the instructions of SIMD_WIDE */
};

/* Nothing has been seen, and a row begins. */
struct csv_survey csv_survey_start(void);
/* Goes on with the text from `begin` up to `end`. */
void csv_survey_add(struct csv_survey *survey, const struct csv_surveyor *by, const char *begin,
                    const char *end);

#endif
