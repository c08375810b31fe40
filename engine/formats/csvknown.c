/* Exports that are known by their columns, and what has to be known about them. */
#include "engine/formats/csvknown.h"

#include "engine/core/text.h"

#include <string.h>

enum { TELLING = 5 };

/* Columns, folded, that all have to be there; the first that fits is meant. */
static const struct {
    enum csv_known known;
    const char *columns[TELLING];
} EXPORTS[] = {
    {CSV_POLICE_UK, {"month", "reportedby", "fallswithin", "lsoacode", "crimetype"}},
    {CSV_SIGNALEN, {"signaluuid", "incidentdatestart", "createdat", "lat", "lng"}},
    {CSV_SIGNALEN_ALONE, {"signaluuid", "incidentdatestart", "createdat", "locationid", NULL}},
};

static int find(const struct csv_header *header, const char *wanted)
{
    char folded[64];
    for (size_t i = 0; i < header->count; i++) {
        text_fold(folded, sizeof folded, header->names[i]);
        if (strcmp(folded, wanted) == 0)
            return (int)i;
    }
    return -1;
}

enum csv_known csv_known(const struct csv_header *header)
{
    for (size_t e = 0; e < sizeof EXPORTS / sizeof *EXPORTS; e++) {
        bool all = true;
        for (int c = 0; all && c < TELLING && EXPORTS[e].columns[c] != NULL; c++)
            all = find(header, EXPORTS[e].columns[c]) >= 0;
        if (all)
            return EXPORTS[e].known;
    }
    return CSV_UNKNOWN;
}

void csv_known_roles(struct csv_roles *roles, const struct csv_header *header)
{
    if (csv_known(header) == CSV_POLICE_UK && roles->columns[ROLE_SOURCE] < 0
        && roles->constants[ROLE_SOURCE] == NULL)
        roles->columns[ROLE_SOURCE] = find(header, "reportedby");
}

void csv_known_note(const struct csv_header *header, struct notes *notes)
{
    switch (csv_known(header)) {
    case CSV_POLICE_UK:
        notes_add(notes,
                  "%s: is of police.uk: places are moved to a point in the street, so compare no "
                  "houses, and of times the month is known",
                  header->path);
        return;
    case CSV_SIGNALEN:
        notes_add(notes, "%s: is an export of Signalen", header->path);
        return;
    case CSV_SIGNALEN_ALONE:
    case CSV_UNKNOWN:
        return;
    }
}
