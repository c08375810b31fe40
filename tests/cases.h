/* How many random cases a test tries that holds a fast path against its slow one: few in `make
 * check`, a million in `make bench`, which sets PLEIN_CASES. */
#ifndef PLEIN_TESTS_CASES_H
#define PLEIN_TESTS_CASES_H

#include <stdint.h>
#include <stdlib.h>

/* A quarter of the usual under a sanitizer, which looks at what code does, not for rare cases. */
static inline uint64_t cases_looked(uint64_t usual)
{
    return getenv("PLEIN_SANITIZED") != NULL ? (usual + 3) / 4 : usual;
}

/* Rounds of `each` cases: as many as make PLEIN_CASES, and never fewer than cases_looked. */
static inline uint64_t cases_rounds(uint64_t usual, uint64_t each)
{
    const char *wanted = getenv("PLEIN_CASES");
    uint64_t rounds = wanted != NULL ? strtoull(wanted, NULL, 10) / each + 1 : 0;
    uint64_t least = cases_looked(usual);
    return rounds > least ? rounds : least;
}

#endif
