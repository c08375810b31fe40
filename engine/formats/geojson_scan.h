/* Walks through JSON of any size in a window of bounded size: where values begin and end. What is
 * within them, cJSON tells. */
#ifndef PLEIN_FORMATS_GEOJSON_SCAN_H
#define PLEIN_FORMATS_GEOJSON_SCAN_H

#include "engine/core/text.h"
#include "engine/formats/input.h"

struct geojson_scan {
    struct input *input;
    char *buffer;
    size_t capacity;
    const char *at, *end; /* read and not yet passed */
    const char *keep;     /* from here on all stays in the window; NULL: nothing has to */
    size_t keep_most;     /* unless it is more than this: then keep becomes NULL */
    uint64_t offset;      /* of the buffer's first byte in the input */
    const char *counted;  /* lines are counted up to here */
    size_t line;
    bool ended;
    bool is_checked;      /* the bytes are looked through for what is no UTF-8 ... */
    size_t unchecked;     /* ... but for so many at the end, of a character that goes on */
    struct error failure; /* of reading */
};

void geojson_scan_close(struct geojson_scan *scan);
/* Goes on from a place of the input, which begins this line. */
bool geojson_scan_seek(struct geojson_scan *scan, uint64_t offset, size_t line,
                       struct error *error);

/* The line of a place that is in the window. */
size_t geojson_scan_line(struct geojson_scan *scan, const char *place);
/* Tells what stands at a place where something else should: false. */
bool geojson_scan_fails(struct geojson_scan *scan, const char *place, struct error *error);

enum { GEOJSON_END = -1 };
/* The next byte, GEOJSON_END when there is none; and the next that is no blank. */
int geojson_scan_peek(struct geojson_scan *scan);
int geojson_scan_blanks(struct geojson_scan *scan);
/* Passes over blanks and this byte. */
bool geojson_scan_expect(struct geojson_scan *scan, char byte, struct error *error);
/* Passes over a value. ERROR_DATA: brackets more than 100 deep, or the file ends. */
bool geojson_scan_value(struct geojson_scan *scan, struct error *error);

/* In an object whose { was passed, *first: before its first member. Fills *name with the next
 * member's, as it stands in the file, and stops at its value; *there is false behind the }. */
bool geojson_scan_member(bool *there, struct text *name, struct geojson_scan *scan, bool *first,
                         struct error *error);
/* The same in a list whose [ was passed: stops at the next item. */
bool geojson_scan_item(bool *there, struct geojson_scan *scan, bool *first, struct error *error);

#endif
