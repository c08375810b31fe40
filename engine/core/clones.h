/* Marks functions of which the compiler makes one more for each kind of wide processor; the one
 * that fits is chosen when the program starts. */
#ifndef PLEIN_CORE_CLONES_H
#define PLEIN_CORE_CLONES_H

#include <limits.h> /* tells of the C library */

/* Stands before `static` and a function's type. All of them do the same operations in the same
 * order, so that their bits are the same. Empty where it can't be had: on other processors, with a
 * C library that chooses nothing, under a sanitizer, which would not be ready when it is done, and
 * with clang, which (14) lets no two files have one of the same name. PLEIN_PLAIN leaves it empty
 * too: a test holds the bytes of such a build against those of any other. */
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__GNUC__) && !defined(__clang__)          \
    && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(PLEIN_PLAIN)
#define WIDE_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define WIDE_CLONES
#endif

#endif
