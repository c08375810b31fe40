/* A study: boundaries, incidents and vocabulary in one reference system, located and classified. */
#ifndef PLEIN_STUDY_STUDY_H
#define PLEIN_STUDY_STUDY_H

#include "engine/formats/csv.h"
#include "engine/formats/vocabulary.h"
#include "engine/space/assign.h"
#include "engine/space/projection.h"
#include "engine/study/boundaries.h"
#include "engine/study/holders.h"
#include "engine/study/packages.h"
#include "engine/study/selection.h"

/* What is known of one incidents file once it was read. */
struct source_facts {
    const char *given; /* the options' own: "SOURCE=folder/FILE" */
    char *file;        /* without folders; "-" for standard input */
    char *source;      /* the name given or made from the file's; NULL: a column names it */
    struct row_report report;
    bool from_degrees;
    char method[160];  /* of the projection, "" when there was none */
    double accuracy_m; /* 0: exact, or not stated */
    bool accuracy_is_stated;
    size_t without_grid; /* places that the correction grid did not cover */
    struct source_known {
        size_t categories, sources, holders;
    } known; /* different ones in the study by the end of this file */
    struct csv_facts {
        char delimiter;
        bool decimal_comma, is_utf8;
        bool has_rows;     /* the file is no text: the three above say nothing */
        char columns[512]; /* "lon = longitude, lat = latitude, ..." */
    } csv;
};

struct study {
    const struct options *options;
    bool has_boundaries;
    struct boundaries boundaries;
    struct assignment *assignment;
    struct boundaries districts; /* empty unless they are wanted */
    struct assignment *district_assignment;
    struct vocabulary vocabulary;
    struct dictionary *categories, *sources;
    struct holders holders;
    struct zone *zone;
    struct selection selection;
    struct notes notes;
    struct source_facts *files;
    size_t file_count;
    struct packages packages; /* of neighbours, among the incidents, but for what is in them */
    struct projection *from_degrees; /* degrees to the study's system; opened when first needed */
};

/* Reads the boundaries, the vocabulary and the selection; incidents are read by stages_run, and the
 * packages among them, which are told here, by packages_read (report/). The options stay the
 * caller's and must outlive the study. Without boundaries (check alone) places stay as they are. */
bool study_open(struct study *study, const struct options *options, struct error *error);
void study_close(struct study *study);
/* Empties study->files, which the next run fills again. */
void study_forget_files(struct study *study);

/* Reads the districts, unless that is done: for who counts by them. ERROR_USAGE when none are
 * named.
 */
bool study_need_districts(struct study *study, struct error *error);

/* Whether an incidents file is standard input, which cannot be read a second time. */
bool study_reads_once(const struct study *study);

/* The width of the border band: the location accuracy, or the projection's when that is worse. */
double study_border_band_m(const struct study *study);
/* How well places are known shows when their file is opened, so a count may have begun with a
 * narrower band: whether it has to be made once more, with the one of now. When it cannot, that is
 * noted. */
bool study_band_grew(struct study *study, double counted_m);
/* Degrees to the study's metres, in place. */
bool study_from_degrees(void *study, double *x, double *y, struct error *error);

#endif
