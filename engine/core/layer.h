/* Features to be written to a file: rows of typed columns, each with a place or an area. */
#ifndef PLEIN_CORE_LAYER_H
#define PLEIN_CORE_LAYER_H

#include "engine/core/dictionary.h"
#include "engine/core/geometry.h"
#include "engine/core/moments.h"

/* A reference system as files want it told; the texts are owned. Zeroed is empty. */
struct reference {
    char *name, *wkt, *esri_wkt; /* wkt: WKT 1 as GDAL writes it; both on one line */
    int epsg;                    /* 0: no entry of EPSG's */
};
void reference_free(struct reference *reference);

enum layer_geometry { LAYER_PLAIN, LAYER_POINTS, LAYER_POLYGONS, LAYER_MULTIPOLYGONS };
enum layer_kind { LAYER_TEXT, LAYER_WHOLE, LAYER_REAL, LAYER_MOMENT };
enum { LAYER_NAME = 64 };

struct layer_column {
    char name[LAYER_NAME]; /* lower-case letters, digits and _, begins with a letter; unique */
    enum layer_kind kind;
    int decimals;    /* of a REAL */
    uint32_t *words; /* a TEXT's numbers in the layer's dictionary */
    double *numbers; /* a WHOLE's or a REAL's; NaN: not known */
    moment *moments; /* a MOMENT's */
};

/* Zeroed is empty. A shape's shells run counter-clockwise, each before its holes, which run
 * clockwise. */
struct layer {
    const char *name;        /* of the table or sheet; static */
    const char *description; /* a sentence; static */
    enum layer_geometry geometry;
    struct layer_column *columns;
    size_t column_count, column_capacity, row_count;
    double *x, *y;        /* of points */
    struct shape *shapes; /* of polygons */
    struct dictionary *words;
    char *qml, *sld; /* the styles that a desktop GIS opens it with; NULL: none */
};

/* An empty layer of so many rows without columns; geometry arrays are zeroed. */
bool layer_new(struct layer *layer, const char *name, enum layer_geometry geometry,
               size_t row_count, struct error *error);
void layer_free(struct layer *layer);
/* Adds a column of empty texts, unknown numbers or unknown moments. Its name is folded from the
 * given one: what is no letter or digit becomes _, and what is taken gets a number. */
bool layer_add_column(struct layer *layer, const char *name, enum layer_kind kind,
                      struct error *error);
bool layer_set_text(struct layer *layer, size_t column, size_t row, const char *text,
                    struct error *error);
const char *layer_text(const struct layer *layer, size_t column, size_t row);
/* A cell as text, "" when it is not known: numbers with '.', moments as far as they are known. */
enum { LAYER_CELL = 48 };
const char *layer_cell(char buffer[LAYER_CELL], const struct layer *layer, size_t column,
                       size_t row);
bool layer_is_known(const struct layer *layer, size_t column, size_t row);

/* The box of a row's geometry. */
struct box layer_box(const struct layer *layer, size_t row);
/* Whether a ring is the outline of a polygon rather than a hole in the one before it. */
bool layer_is_shell(const struct shape *shape, size_t ring);

/* The time that files say they are made at, in seconds since 1970: SOURCE_DATE_EPOCH, else 1
 * January 1980, so that the same input gives the same bytes. */
int64_t layer_made_at(void);

#endif
