/* Every option of plein in one table: the command line, the study file and the help all read it. */
#ifndef PLEIN_STUDY_OPTIONS_H
#define PLEIN_STUDY_OPTIONS_H

#include "engine/analysis/density.h"
#include "engine/core/settings.h"

/* Which commands an option is for, as bits. */
enum option_group {
    OPTIONS_INPUT = 1,
    OPTIONS_SELECTION = 2,
    OPTIONS_OUTPUT = 4,
    OPTIONS_GENERAL = 8,
    OPTIONS_QUERY = 16,
    OPTIONS_CLUSTERS = 32,
    OPTIONS_DENSITY = 64,
    OPTIONS_MAP = 128,
    OPTIONS_BORDER = 256,
    OPTIONS_PRIORITIES = 512,
    OPTIONS_HANDOVER = 1024,
    OPTIONS_EXPORT = 2048,
};

enum output_format { FORMAT_UNSET, FORMAT_TABLE, FORMAT_CSV, FORMAT_JSON, FORMAT_GEOJSON };
enum raster_format { RASTER_UNSET, RASTER_ASCII, RASTER_GEOTIFF };
enum export_format {
    EXPORT_UNSET,
    EXPORT_GPKG,
    EXPORT_GEOJSON,
    EXPORT_SHP,
    EXPORT_CSV,
    EXPORT_XLSX,
    EXPORT_TIFF
};
enum density_unit { UNIT_HECTARE, UNIT_KM2 };

/* A list of texts that are the options' own. */
struct words {
    char **items;
    size_t count, capacity;
};

enum { OPTIONS_MOST = 128 }; /* rows of the table */

/* How far the reading of the incidents is. */
struct progress {
    const char *file; /* without folders */
    size_t rows, bytes;
    size_t size; /* of the file in bytes; 0: not known */
    bool ended;  /* there is no more to tell of this file */
};
/* Is told now and then, by one thread at a time. */
typedef void progress_tell(void *state, const struct progress *progress);

/* All values, with their defaults once options_new was called. Paths are as given, or joined to the
 * folder of the study file that named them. */
struct options {
    bool given[OPTIONS_MOST]; /* by place in the table: whether it was on the command line */
    struct words operands;    /* words that are no option, for commands that take them */
    char *study;
    char *boundaries, *boundaries_crs, *boundaries_name, *boundaries_code;
    char *districts, *districts_crs;
    bool keep_exact; /* for `check`: boundaries are also kept as they were before the grid */
    struct words incidents;
    char *columns, *incidents_crs, *crs, *vocabulary, *timezone;
    double location_accuracy_m, gap_m;
    struct words jurisdictions, domains, domains_any, categories, sources;
    char *from, *to, *phase, *hours, *days, *within, *around;
    int format;        /* enum output_format */
    int raster_format; /* enum raster_format */
    int export_format; /* enum export_format */
    struct words layers;
    bool rows;
    char *output, *language;
    bool zoom;
    bool excel, quiet, strict, sensitive, no_clusters, contours, points;
    int threads;
    int sandbox; /* auto, on, off */
    char *by, *per, *members, *compare_with;
    double radius_m;
    int min_points;
    int kernel, edge, unit; /* enum kernel, edge_correction, density_unit */
    double bandwidth_m, cell_m;
    char *extent;
    bool per_year;
    int min_count;
    char *priorities;
    double least_share; /* 0: an even one */
    int least_incidents;
    int small_multiples; /* enum series_key (study/series.h) */
    char *with, *measures;
    char *title, *style, *frame, *page, *classes, *scale;
    double dpi; /* 0: not given */
    bool alt, georeferenced;
    struct words base;
    char *between, *rasters;
    double lead_share;
    int lead_min_incidents;
    struct {
        char *receiver, *sign, *key, *agreement, *purpose, *legal_basis, *retention, *contact;
        double depth_m;
        struct words previous, totals;
    } handover;
    struct {
        char *name, *goal, *lead, *partners;
        struct words phases; /* "NAME FROM TO" */
    } opgave;
    progress_tell *progress; /* NULL: nobody wants to know */
    void *progress_state;
};

enum option_kind {
    OPTION_FLAG,
    OPTION_TEXT,
    OPTION_PATH,
    OPTION_WORDS,
    OPTION_PATHS,
    OPTION_NUMBER,
    OPTION_WHOLE,
    OPTION_CHOICE
};

struct option_spec {
    const char *name;     /* without the dashes; the study file's key */
    char letter;          /* short option, 0: none */
    const char *section;  /* of the study file, NULL: command line only */
    const char *argument; /* "FILE", NULL for a flag */
    const char *help;     /* one sentence, English; translated where shown */
    unsigned groups;      /* 0: study file only */
    enum option_kind kind;
    size_t offset;              /* in struct options */
    double least, most;         /* of a number */
    const char *const *choices; /* of a choice: NULL at the end */
};

/* The table; ends with a NULL name. */
const struct option_spec *options_table(void);
const struct option_spec *options_find(const char *name);

bool options_new(struct options *options, struct error *error);
void options_free(struct options *options);
/* Reads one value from the command line. ERROR_USAGE: not a number, out of range, no such choice.
 */
bool options_set(struct options *options, const struct option_spec *spec, const char *value,
                 struct error *error);
/* Fills from a study file what the command line left open. ERROR_SETTINGS with file and line; an
 * unknown key names the nearest one that there is. */
bool options_read_study(struct options *options, const char *path, struct error *error);
/* Was it on the command line? */
bool options_was_given(const struct options *options, const char *name);

bool words_add(struct words *words, const char *text, struct error *error);
void words_free(struct words *words);

#endif
