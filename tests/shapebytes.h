/* The bytes that a shapefile is made of, for tests that make good and bad ones. */
#ifndef PLEIN_TESTS_SHAPEBYTES_H
#define PLEIN_TESTS_SHAPEBYTES_H

#include "engine/core/text.h"

#include <stdint.h>
#include <string.h>

static inline void put32(struct text *text, uint32_t value, bool big)
{
    char bytes[4];
    for (int i = 0; i < 4; i++)
        bytes[big ? 3 - i : i] = (char)(value >> (8 * i));
    text_add_bytes(text, bytes, 4);
}

static inline void poke32(struct text *text, size_t at, uint32_t value, bool big)
{
    for (int i = 0; i < 4; i++)
        text->bytes[at + (size_t)(big ? 3 - i : i)] = (char)(value >> (8 * i));
}

static inline void put_double(struct text *text, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put32(text, (uint32_t)bits, false);
    put32(text, (uint32_t)(bits >> 32), false);
}

/* Of 100 bytes; its length and box are none. */
static inline void put_header(struct text *text, uint32_t type)
{
    put32(text, 9994, true);
    for (int i = 0; i < 5; i++)
        put32(text, 0, true);
    put32(text, 50, true);
    put32(text, 1000, false);
    put32(text, type, false);
    for (int i = 0; i < 8; i++)
        put_double(text, 0);
}

#endif
