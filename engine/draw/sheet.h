/* All that a sheet with one map shows, as plain shapes, numbers and texts. */
#ifndef PLEIN_DRAW_SHEET_H
#define PLEIN_DRAW_SHEET_H

#include "engine/core/raster.h"
#include "engine/draw/classes.h"

/* Everything here belongs to the caller and outlives the drawing. Texts are UTF-8 in the sheet's
 * language; NULL and "" are the same, and leave out what they would label. */

/* Zero means the style's own page. */
struct map_page {
    double width, height; /* points */
    double dpi;
};

/* By how much the frame of a map on a page is wider than it is high: as a rule, and the least and
 * the most that its words may make of it. What is drawn must reach as far. */
struct map_shapes {
    double usual, least, most;
};

/* What a sheet is written as. */
enum map_file { MAP_PNG, MAP_PDF, MAP_SVG };

struct map_texts {
    const char *title, *subtitle;
    const char *legend_head; /* "Meldingen per hectare" */
    const char *unit_note;   /* "1 ha = 100 × 100 m" */
    const char *and_more;    /* behind the highest limit: "en meer" */
    const char *border;      /* key of the shared border: "gemeentegrens" */
    const char *cluster;     /* key of an outline: "cluster (10 of meer meldingen)" */
    const char *withheld;    /* key of the hatching: "te weinig om te tonen" */
    const char *point;       /* key of a dot: "melding" */
    const char *squares;     /* key of the squares: "aantallen per vak (Beverwijk, vanaf 10)" */
    const char *outside;     /* key of ground outside every area: "buiten het gebied" */
    const char *table_head;  /* "De vijf grootste clusters" */
    const char *const *table_heads; /* the same for 0, 1, 2 ... rows, as many as are listed: fewer
                                       may be shown; NULL: the one above serves */
    const char *share_head;         /* "aandeel per gemeente" */
    const char *count_head;         /* "meldingen" */
    const char *across;             /* behind the name of a cluster on a border: "over de grens" */
    const char *others;             /* the part of a share bar that is nobody's named: "overig" */
    const char *aside;              /* the sentence beside the small map */
    const char *foot[3];            /* source, method, privacy */
    const char *folio;   /* at the right end of the last of those lines: "blad 1 van 1" */
    const char *percent; /* behind a share: " %" or "%" */
    const char *north;   /* "N" */
    char decimal;        /* ',' or '.'; 0 means '.' */
    char thousands;      /* '.', ',' or ' '; 0: none */
};

/* A jurisdiction. `side` is 0 for the first, 1 for the second and so on: it chooses the colour. */
struct map_area {
    const struct shape *shape;
    const char *name;
    size_t side;
};

/* The line that two areas share; its parts may be in any order and direction. */
struct map_border {
    const struct shape *line;
    size_t first, second; /* indexes into the areas */
};

enum map_kind {
    MAP_WATER,
    MAP_GREEN,
    MAP_SQUARE,
    MAP_BUILDING,
    MAP_STREET,
    MAP_MAIN_STREET,
};
enum { MAP_KINDS = 6 };

/* Something on the ground beneath the heat. */
struct map_feature {
    enum map_kind kind;
    const struct shape *shape;
    bool is_area;     /* rings to fill; else lines */
    const char *name; /* NULL or "": none */
    double width_m;   /* of a line; 0: the usual of its kind */
};

struct map_share {
    size_t area;  /* index into the areas */
    double share; /* 0 to 1 */
};

struct map_cluster {
    const struct shape *outline;
    size_t number;      /* on the badge */
    const char *name;   /* "" when none is known */
    const char *count;  /* as it is to be read: "1.234" */
    const char *detail; /* "veiligheid 46 % · vr en za, 20–24 uur" */
    const struct map_share *shares;
    size_t share_count;
    bool across; /* lies on a shared border */
    bool listed; /* has a badge and a row; the first listed one is the finding */
};

/* Single incidents, metres. Equal sets in one order give equal pictures. */
struct map_points {
    const double *x, *y;
    size_t count;
};

/* A place that the sheet refers to, metres. */
struct map_marker {
    double x, y;
    double radius_m;  /* 0: no circle */
    const char *name; /* beside it: "M1" */
};

struct map_times; /* see timestrip.h */

struct map_sheet {
    struct map_page page;
    struct map_texts texts;
    /* The ground to show, metres; it is widened to the shape of the frame. */
    struct box ground;
    const struct raster *density; /* NULL: none. NaN is no data */
    /* How many incidents stand behind each value, on any raster over the same ground; NULL: all
     * values may be shown. Nothing is coloured where it is below `least_support`, and what would
     * have been coloured there is hatched. */
    const struct raster *support;
    double least_support;
    /* Patches smaller than these, in square metres, are left white; 0: none are. */
    double smallest_hatched_m2, smallest_coloured_m2;
    struct classes classes;
    bool contours; /* lines along the limits of the classes */
    const struct map_area *areas;
    size_t area_count;
    const struct map_border *borders;
    size_t border_count;
    const struct map_feature *features;
    size_t feature_count;
    const struct box *squares; /* of which counts are known, and no places: a light grid */
    size_t square_count;
    const struct map_cluster *clusters; /* by number */
    size_t cluster_count;
    struct map_points points; /* single incidents that may be shown */
    const struct map_marker *markers;
    size_t marker_count;
    const struct map_times *times; /* the strip under the map; NULL: none */
    struct box inset_ground;       /* what the small map shows; empty or zeroed: no small map */
    struct box next_ground; /* what the next sheet of a series shows; zeroed: there is none */
    const char *next_name;  /* beside its frame: "blad 2" */
};

/* Whether a text is there. */
static inline bool map_has(const char *text)
{
    return text != NULL && text[0] != '\0';
}

#endif
