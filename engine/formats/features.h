/* The rows of a table or of a map's layer, one at a time, whatever format they stand in. */
#ifndef PLEIN_FORMATS_FEATURES_H
#define PLEIN_FORMATS_FEATURES_H

#include "engine/core/geometry.h"
#include "engine/core/text.h"
#include "engine/formats/input.h"

enum features_shape { FEATURES_NOTHING, FEATURES_POINT, FEATURES_LINES, FEATURES_POLYGONS };
enum features_place {
    FEATURES_NO_PLACE, /* a table; its columns may tell places */
    FEATURES_DEGREES,  /* longitude and latitude, WGS 84 */
    FEATURES_XY,       /* in features->crs */
};

/* What a format does; each but `rewind` and `close` speaks of the current row. */
struct features_format {
    bool (*next)(bool *there, void *state, struct error *error);
    /* The same for a row of which cells alone are wanted, where that is less work; else NULL. */
    bool (*next_cells)(bool *there, void *state, struct error *error);
    /* The next row again is the first one. */
    bool (*rewind)(void *state, struct error *error);
    /* The number that the row has for people; NULL: they are counted from 1. */
    size_t (*number)(const void *state);
    /* Adds the column's value as text: UTF-8, numbers so that they come back as the same double,
     * nothing where there is none. */
    bool (*cell)(struct text *into, void *state, size_t column, struct error *error);
    /* *there is false when it has no place. NULL for tables. ERROR_DATA: another geometry. */
    bool (*point)(double place[2], bool *there, void *state, struct error *error);
    /* Rings (closed) or lines; nothing is put in *shape for points and for rows without any. NULL
     * for what is read as incidents alone. */
    bool (*shape)(struct shape *shape, enum features_shape *kind, void *state, struct error *error);
    void (*close)(void *state);
};

struct features_column {
    char *name; /* UTF-8 */
    bool is_text;
};

/* Zeroed is closed. */
struct features {
    const struct features_format *format;
    void *state;
    const char *path; /* for messages; of the input */
    struct features_column *columns;
    size_t count, capacity;
    enum features_place place;
    char *crs;     /* "EPSG:28992", WKT; NULL: none is told */
    int names_cut; /* names of this many bytes may have been cut off; 0: none is */
};

struct features_wish {
    enum input_use use;
    struct notes *notes; /* NULL: not wanted */
};

/* ERROR_DATA: more than 2,000 columns. */
bool features_add_column(struct features *features, const char *name, bool is_text,
                         struct error *error);
/* The system of a WKT text or a name such as urn:ogc:def:crs:EPSG::28992: "EPSG:n" where that is
 * told, else as it is. The caller frees it. */
char *features_crs(const char *text, struct error *error);
/* Sets crs and place by such a text: WGS 84 in degrees is FEATURES_DEGREES. */
bool features_take_crs(struct features *features, const char *text, struct error *error);
/* Adds a double so that it comes back the same, without an exponent; nothing for NaN. */
void features_add_number(struct text *into, double value);
/* Adds bytes, up to a NUL among them, as UTF-8. */
bool features_add_text(struct text *into, const char *bytes, size_t length, struct error *error);
void features_close(struct features *features);

#endif
