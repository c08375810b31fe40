/* Errors, notes, memory and growing arrays: what every room stands on. */
#ifndef PLEIN_CORE_BASE_H
#define PLEIN_CORE_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A kind of error is its exit status, so that nobody keeps a second table. */
enum error_kind {
    ERROR_NONE = 0,
    ERROR_USAGE = 2,
    ERROR_DATA = 65,
    ERROR_NO_INPUT = 66,
    ERROR_INTERNAL = 70,
    ERROR_CANNOT_WRITE = 73,
    ERROR_SETTINGS = 78,
};

struct error {
    enum error_kind kind;
    char message[1024];
};

#define PRINTF_LIKE(format_at, first_at) __attribute__((format(printf, format_at, first_at)))

/* Marks a text that is translated where it is shown. */
#define N_(text) text

/* Fills *error and returns false, so that a failing step reads `return error_set(...)`. The format
 * is looked up in the message catalogue of the language in force. A NULL error is fine. */
bool error_set(struct error *error, enum error_kind kind, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* Puts the file that an error is about before its message; returns false. */
bool error_about(struct error *error, const char *file);

/* A part of a message, marked by N_, in the language in force. */
const char *message_part(const char *text) __attribute__((format_arg(1)));

/* Things the user should know that stop nothing: each one line, in the order they were found.
 * A zeroed struct is empty; equal lines are kept once. */
struct notes {
    char **lines;
    size_t count, capacity;
    bool lost; /* there was no memory for one */
};
bool notes_add(struct notes *notes, const char *format, ...) PRINTF_LIKE(2, 3);
/* False with ERROR_INTERNAL when one was lost: for what lists them. */
bool notes_check(const struct notes *notes, struct error *error);
void notes_free(struct notes *notes);

/* Sets *array (a pointer to any object pointer) to `count` zeroed elements; a zero count gives a
 * pointer that may be freed and not read. Fails with ERROR_INTERNAL when the size overflows or
 * memory is out. */
bool array_new(void *array, size_t count, size_t size, struct error *error);

/* The same without zeroing, for arrays that are written before they are read. */
bool array_new_raw(void *array, size_t count, size_t size, struct error *error);

/* What an array that grows knows of itself. */
struct capacity {
    size_t held; /* elements there is room for */
    size_t size; /* bytes of one element */
};

/* Makes room for `needed` elements by doubling; what stands in the array stays. On failure the
 * array is as it was. */
bool array_reserve(void *array, struct capacity *capacity, size_t needed, struct error *error);

/* Frees *array and makes it NULL. */
void array_free(void *array);

/* A copy of `length` bytes with a NUL behind it; the caller frees it. NULL and an error when memory
 * is out. */
char *text_copy(const char *bytes, size_t length, struct error *error);

#endif
