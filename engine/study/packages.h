/* Packages of neighbours among the incidents: what their squares tell of the selection, beside the
 * points. */
#ifndef PLEIN_STUDY_PACKAGES_H
#define PLEIN_STUDY_PACKAGES_H

#include "engine/analysis/disclosure_audit.h"
#include "engine/analysis/square_density.h"
#include "engine/study/handover_model.h"
#include "engine/core/incidents.h"
#include "engine/study/options.h"

/* Why a package takes no part in what was asked. */
enum package_absence {
    PACKAGE_PRESENT,
    PACKAGE_NOT_ASKED,   /* another jurisdiction or source is selected, or all of its ground lies
                            elsewhere */
    PACKAGE_CANNOT_TELL, /* a selection by category, hour or weekday, which squares do not know */
};

/* Zeroed is empty. */
struct source_package {
    const char *given; /* the options' own: "beverwijk=folder/overdracht.zip" */
    char *file;        /* without folders */
    char *source;      /* the name given or made from the file's */
    bool is_read;
    struct handover handover;
    struct disclosure_span *spans; /* of each cell: what all that is published leaves open */
    int32_t owner;                 /* the sender's jurisdiction; OUTSIDE without boundaries */
    char sender[128];
    uint32_t source_number;
    enum package_absence absence;
    bool *selected[DISCLOSURE_AXES]; /* per node of the axis; NULL: all, and what is of no domain or
                                        quarter too */
    size_t part_quarters;            /* in the period for a part alone, and so left out */
    size_t own; /* incidents of the study's own files in the sender's ground, by the last run */
};

struct packages {
    struct source_package *items;
    size_t count;
};

/* Lists those incidents files whose content is a package. */
bool packages_find(struct packages *packages, const struct words *incidents, struct error *error);
bool packages_has(const struct packages *packages, const char *given);
void packages_free(struct packages *packages);

/* Whether any takes part in what was asked. */
bool packages_take_part(const struct packages *packages);
/* Counts own incidents in the senders' ground, batch by batch. */
void packages_begin(struct packages *packages);
void packages_count_own(struct packages *packages, const struct incidents *batch);

/* A part of a package: of each axis one node, or those of a list, or all. */
#define PACKAGE_ANY SIZE_MAX
struct package_part {
    size_t node[DISCLOSURE_AXES];       /* PACKAGE_ANY: see among */
    const bool *among[DISCLOSURE_AXES]; /* per node; NULL: all */
};
/* The selected part, of which one axis or another may then be narrowed. */
struct package_part package_selected(const struct source_package *package);
size_t package_nodes(const struct source_package *package, int axis); /* without that of all */
bool package_is_selected(const struct source_package *package, int axis, size_t node);

/* How many incidents a part has. */
struct package_count {
    size_t incidents;            /* as published; 0 where nothing is */
    struct disclosure_span span; /* the true count lies in it, see package_count */
    size_t published, withheld;  /* cells */
};
/* By interval propagation over the whole table, in which a square that is withheld is taken to have
 * fewer than k incidents. It may have more where one source has nearly all of them, which a package
 * does not tell apart. Time O(nodes of the axes that are listed). */
void package_count_add(struct package_count *to, const struct package_count *from);
struct package_count package_count(const struct source_package *package,
                                   const struct package_part *part);
/* Those selected squares of the packages that take part of which a count is known; of one sender's
 * when `owner` is not OUTSIDE. */
struct square_list {
    struct counted_square *items;
    size_t count, capacity;
};
bool packages_list(struct square_list *list, const struct packages *packages, int32_t owner,
                   struct error *error);
/* Of one square, in the selection; the square itself is package->handover.pieces.items[piece]. */
struct package_count package_square(const struct source_package *package, size_t piece);
/* Of a quarter's number, year * 4 + 0 .. 3: days since 1970. */
int64_t package_first_day(int32_t quarter);
/* All selected squares of the packages that take part, in metres. */
bool packages_boxes(struct box **boxes, size_t *count, const struct packages *packages,
                    struct error *error);
/* Days. */
struct period {
    bool known;
    int64_t first, last;
};
/* The period, and the selected quarters of the packages that take part. */
struct period packages_period(struct period period, const struct packages *packages);

#endif
