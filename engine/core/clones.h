/* Marks functions of which the compiler makes one more for each kind of wide processor; the one
 * that fits is chosen at run time. */
#ifndef PLEIN_CORE_CLONES_H
#define PLEIN_CORE_CLONES_H

#include <limits.h> /* tells of the C library */

/* To stand before a function's name. All of them do the same operations in the same order, so that
 * their bits are the same. Empty where it can't be had: on other processors, with a C library that
 * chooses nothing at run time, and under a sanitizer, which would not be ready when it is done. */
#define WIDE_CLONES
#if defined(__x86_64__) && defined(__GLIBC__) && defined(__has_attribute)
#if __has_attribute(target_clones) && !defined(__SANITIZE_ADDRESS__)                               \
    && !defined(__SANITIZE_THREAD__)
#if defined(__has_feature)
#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)                          \
    && !__has_feature(memory_sanitizer)
#define PLEIN_HAS_CLONES
#endif
#else
#define PLEIN_HAS_CLONES
#endif
#endif
#endif

#ifdef PLEIN_HAS_CLONES
#undef WIDE_CLONES
#define WIDE_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#endif

#endif
