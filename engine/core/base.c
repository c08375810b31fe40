/* Errors, notes, memory and growing arrays: what every room stands on. */
#include "engine/core/base.h"

#include <libintl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* One line, whatever a file put into it: a value that is quoted may hold line ends, and orders to
 * the terminal. */
static void make_plain(char *message)
{
    for (; *message != '\0'; message++)
        if ((unsigned char)*message < ' ' || *message == 0x7F)
            *message = ' ';
}

bool error_set(struct error *error, enum error_kind kind, const char *format, ...)
{
    if (error == NULL)
        return false;
    va_list arguments;
    va_start(arguments, format);
    error->kind = kind;
    vsnprintf(error->message, sizeof error->message, gettext(format), arguments);
    va_end(arguments);
    make_plain(error->message);
    return false;
}

bool error_about(struct error *error, const char *file)
{
    if (error == NULL)
        return false;
    char message[sizeof error->message];
    snprintf(message, sizeof message, "%.500s: %.500s", file, error->message);
    memcpy(error->message, message, sizeof message);
    make_plain(error->message);
    return false;
}

static bool out_of_memory(struct error *error)
{
    return error_set(error, ERROR_INTERNAL, "out of memory");
}

const char *message_part(const char *text)
{
    return gettext(text);
}

static bool notes_hold(const struct notes *notes, const char *line)
{
    for (size_t i = 0; i < notes->count; i++)
        if (strcmp(notes->lines[i], line) == 0)
            return true;
    return false;
}

bool notes_add(struct notes *notes, const char *format, ...)
{
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, gettext(format), arguments);
    va_end(arguments);
    make_plain(line);
    if (notes_hold(notes, line))
        return true;
    struct capacity capacity = {.held = notes->capacity, .size = sizeof *notes->lines};
    char *copy = text_copy(line, strlen(line), NULL);
    if (copy == NULL || !array_reserve(&notes->lines, &capacity, notes->count + 1, NULL)) {
        free(copy);
        notes->lost = true;
        return false;
    }
    notes->capacity = capacity.held;
    notes->lines[notes->count++] = copy;
    return true;
}

bool notes_check(const struct notes *notes, struct error *error)
{
    return !notes->lost || out_of_memory(error);
}

void notes_free(struct notes *notes)
{
    for (size_t i = 0; i < notes->count; i++)
        free(notes->lines[i]);
    free(notes->lines);
    *notes = (struct notes){0};
}

/* Object pointers of any type pass through a void pointer's bytes; memcpy keeps that within the
 * standard. */
static void put_pointer(void *array, void *pointer)
{
    memcpy(array, &pointer, sizeof pointer);
}

static void *get_pointer(const void *array)
{
    void *pointer;
    memcpy(&pointer, array, sizeof pointer);
    return pointer;
}

/* Asks the system for large pages, so that it need not fetch and clear thousands of small ones. */
static void take_large_pages(void *pointer, size_t bytes)
{
#ifdef MADV_HUGEPAGE
    const size_t least = (size_t)8 << 20, page = (size_t)2 << 20;
    uintptr_t begin = ((uintptr_t)pointer + page - 1) & ~(page - 1);
    uintptr_t end = ((uintptr_t)pointer + bytes) & ~(page - 1);
    if (pointer != NULL && bytes >= least)
        (void)madvise((void *)begin, end - begin, MADV_HUGEPAGE); /* if not, then not */
#else
    (void)pointer, (void)bytes;
#endif
}

bool array_new(void *array, size_t count, size_t size, struct error *error)
{
    void *pointer = calloc(count > 0 ? count : 1, size);
    take_large_pages(pointer, count * size);
    put_pointer(array, pointer);
    return pointer != NULL || out_of_memory(error);
}

bool array_new_raw(void *array, size_t count, size_t size, struct error *error)
{
    size_t bytes;
    put_pointer(array, NULL);
    if (__builtin_mul_overflow(count > 0 ? count : 1, size, &bytes))
        return out_of_memory(error);
    put_pointer(array, malloc(bytes));
    return get_pointer(array) != NULL || out_of_memory(error);
}

bool array_reserve(void *array, struct capacity *capacity, size_t needed, struct error *error)
{
    if (needed <= capacity->held)
        return true;
    size_t held = capacity->held > 0 ? capacity->held : 8;
    size_t bytes;
    while (held < needed)
        if (__builtin_mul_overflow(held, 2, &held))
            return out_of_memory(error);
    if (__builtin_mul_overflow(held, capacity->size, &bytes))
        return out_of_memory(error);
    void *grown = realloc(get_pointer(array), bytes);
    if (grown == NULL)
        return out_of_memory(error);
    put_pointer(array, grown);
    capacity->held = held;
    return true;
}

void array_free(void *array)
{
    free(get_pointer(array));
    put_pointer(array, NULL);
}

char *text_copy(const char *bytes, size_t length, struct error *error)
{
    char *copy = malloc(length + 1);
    if (copy == NULL) {
        out_of_memory(error);
        return NULL;
    }
    if (length > 0)
        memcpy(copy, bytes, length);
    copy[length] = '\0';
    return copy;
}
