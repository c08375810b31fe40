/* The jurisdictions of a study: a code, a name and an area each. */
#ifndef PLEIN_CORE_JURISDICTIONS_H
#define PLEIN_CORE_JURISDICTIONS_H

#include "engine/core/geometry.h"

enum { OUTSIDE = -1, NO_PLACE = -2 }; /* instead of an index into jurisdictions->items */

struct jurisdiction {
    char *code, *name; /* UTF-8; never NULL, "" when the file has none; words of a name are parted
                          by one blank */
    struct shape shape;
};

/* As read: one item per record of the file, coordinates as they stand there. In a study: one item
 * per jurisdiction, ordered by code, then name (bytes), in metres on the study's grid. */
struct jurisdictions {
    struct jurisdiction *items;
    size_t count, capacity;
    char *crs; /* the text that names the reference system (WKT of a .prj, "EPSG:..."), NULL: none
                  given */
    char *name_field; /* where names and codes were found; NULL: nowhere */
    char *code_field;
};

/* Takes code, name, its blanks squeezed, and shape over from *item, which is empty afterwards, also
 * on failure. */
bool jurisdictions_add(struct jurisdictions *jurisdictions, struct jurisdiction *item,
                       struct error *error);
void jurisdictions_free(struct jurisdictions *jurisdictions);
void jurisdiction_free(struct jurisdiction *jurisdiction);
struct box jurisdictions_box(const struct jurisdictions *jurisdictions);
/* The key by which two records are one jurisdiction and ties are broken: the code, else the name.
 */
const char *jurisdiction_key(const struct jurisdiction *jurisdiction);
/* Compares as byte strings by key, then name: the order of a study. */
int jurisdiction_compare(const struct jurisdiction *a, const struct jurisdiction *b);

#endif
