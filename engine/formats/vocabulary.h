/* The vocabulary: from a source's categories to plein's categories and domains. */
#ifndef PLEIN_FORMATS_VOCABULARY_H
#define PLEIN_FORMATS_VOCABULARY_H

#include "engine/core/incidents.h"

struct vocabulary_entry {
    char *source, *reported, *category; /* an empty source means any */
    char *key; /* what entries are sorted by: reported and source, folded */
    enum domain domain;
    uint8_t also;  /* bit per secondary domain */
    int line;      /* of the file */
    bool implicit; /* stands in no row of its own: a category as its own reported word */
};
/* Zeroed is empty: everything is unmapped. */
struct vocabulary {
    struct vocabulary_entry *entries; /* sorted for vocabulary_find */
    size_t count;
};

enum {
    VOCABULARY_WORD = 256
}; /* a longer word, in bytes, is refused in the table and never found */

/* CSV `source;reported;category;domain;also` (any of the delimiters, with or without a BOM; the
 * columns in any order; without a source column a row is for any source, without `also` it has no
 * secondary domains; `also` lists domains parted by blanks, + or ,). Of reported and category one
 * may be empty: it is then what the other is. ERROR_SETTINGS with file and line: an unknown domain,
 * a missing column, one reported category twice for one source with another meaning. */
bool vocabulary_read(struct vocabulary *vocabulary, const char *path, struct error *error);
void vocabulary_free(struct vocabulary *vocabulary);
/* The entry for a source's category, without regard to case and surrounding blanks: first the
 * source's own, then any source's; a category that is itself one of plein's (the category column)
 * is found too, with the domains of its first row. NULL: unmapped. */
const struct vocabulary_entry *vocabulary_find(const struct vocabulary *vocabulary,
                                               const char *source, const char *reported);

/* "social", "physical", "safety", "unmapped". */
const char *domain_name(enum domain domain);
/* Reads a domain's name, English or Dutch, without case. */
bool domain_parse(enum domain *domain, const char *text);

#endif
