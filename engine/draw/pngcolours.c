/* Turns a picture of few colours into indexes and a palette. */
#include "engine/draw/pngcolours.h"

#include <string.h>

/* Open addressing in a table so large that most colours stand where they are looked for first. */
enum { SLOTS = 2048, FREE = -1 };

struct table {
    uint32_t colours[SLOTS];
    int16_t numbers[SLOTS];
};

static size_t slot_of(const struct table *table, uint32_t colour)
{
    size_t slot = (colour * 0x9E3779B1u) >> 21;
    while (table->numbers[slot] != FREE && table->colours[slot] != colour)
        slot = (slot + 1) % SLOTS;
    return slot;
}

/* The colour's number; FREE when the palette is full. */
static int number_of(struct png_colours *colours, struct table *table, uint32_t colour)
{
    size_t slot = slot_of(table, colour);
    if (table->numbers[slot] == FREE && colours->count < PNG_COLOURS_MOST) {
        table->colours[slot] = colour;
        table->numbers[slot] = (int16_t)colours->count;
        colours->palette[colours->count++] = colour;
    }
    return table->numbers[slot];
}

/* Most pixels have the colour of the one before. */
static bool take_row(struct png_colours *colours, struct table *table,
                     const struct pngpack_rows *rows, size_t row)
{
    const uint8_t *bytes = rows->bytes + row * rows->stride;
    uint8_t *indexes = colours->indexes + row * rows->width;
    uint32_t last = 0;
    int number = FREE;
    for (size_t i = 0; i < rows->width; i++) {
        uint32_t colour = 0xFF000000u | (uint32_t)bytes[4 * i + 2] << 16
                          | (uint32_t)bytes[4 * i + 1] << 8 | bytes[4 * i];
        if (colour != last)
            number = number_of(colours, table, colour);
        if (number == FREE)
            return false;
        last = colour;
        indexes[i] = (uint8_t)number;
    }
    return true;
}

bool png_colours_find(struct png_colours *colours, const struct pngpack_rows *rows,
                      struct error *error)
{
    struct table table;
    memset(table.numbers, 0xFF, sizeof table.numbers);
    *colours = (struct png_colours){0};
    if (!array_new_raw(&colours->indexes, (size_t)rows->width * rows->height, 1, error))
        return false;
    for (size_t row = 0; row < rows->height; row++)
        if (!take_row(colours, &table, rows, row)) {
            png_colours_free(colours);
            break;
        }
    return true;
}

void png_colours_free(struct png_colours *colours)
{
    array_free(&colours->indexes);
    *colours = (struct png_colours){0};
}
