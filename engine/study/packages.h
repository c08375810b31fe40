/* Packages of neighbours among the incidents: what their squares tell of the selection, beside the
 * points. */
#ifndef PLEIN_STUDY_PACKAGES_H
#define PLEIN_STUDY_PACKAGES_H

#include "engine/analysis/disclosure_audit.h"
#include "engine/study/handover_model.h"
#include "engine/study/selection.h"

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

/* What a package says of itself. */
struct package_facts {
    const char *sender_code, *sender_name; /* NULL: not told */
};
/* Gives a package its table, which is taken over, also on failure. ERROR_DATA: its reference system
 * is not the study's, or its sender is no jurisdiction of the study. */
bool package_take(struct source_package *package, struct study *study, struct handover *handover,
                  const struct package_facts *facts, struct error *error);

/* Whether any takes part in what was asked. */
bool packages_take_part(const struct packages *packages);
/* Notes for people: what takes part, what is left out and why; or that squares do not count here at
 * all, since they are no incidents. */
void packages_remark(struct study *study);
void packages_pass_over(struct study *study);

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
    struct disclosure_span span; /* the true count lies in it */
    size_t published, withheld;  /* cells */
};
/* By interval propagation over the whole table. A withheld count may be k or more: where one source
 * has nearly all of it, or for the sake of other cells. Time O(nodes of the axes that are listed).
 */
struct package_count package_count(const struct source_package *package,
                                   const struct package_part *part);
/* Of one square, in the selection; the square itself is package->handover.pieces.items[piece]. */
struct package_count package_square(const struct source_package *package, size_t piece);

#endif
