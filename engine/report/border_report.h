/* What was found at borders, as rows of numbers: everything that the border sheet shows. */
#ifndef PLEIN_REPORT_BORDER_REPORT_H
#define PLEIN_REPORT_BORDER_REPORT_H

#include "engine/report/sheet.h"
#include "engine/study/findings.h"

enum { BORDER_COLUMNS = 7 }; /* of a table at most */

/* clang-format off */
/* Fills a zeroed sheet with one row a number, for csv and json: between (the codes of the two
 * sides), topic, cluster (its place in the joint list), jurisdiction_code, jurisdiction, key,
 * value, low, high, text. What is a part of something is 0 to 1, with a 95 % interval where it is
 * a sample's. The keys of each topic:
 *   quality    shared_m, longest_straight_m, vertices_per_km, overlap_m2, gap_m2
 *   incidents  per jurisdiction: total; in_border_band, those that could change hands; and band_m
 *   reported, responsible   per jurisdiction in which they lie, by who has them, when a file tells:
 *              the incidents; key: a jurisdiction's code (else its name), the text that stands
 *              there, or (unknown); text: its name
 *   reported-share, responsible-share   the same as parts of those of which it is known
 *   strip      per jurisdiction: blind, guess_error, guess_bias, incidents (the joint density)
 *   priority   per jurisdiction and category: the share of its incidents; text: how a stated
 *              priority stands to that
 *   cluster    incidents, core, x, y, reach_m, area_ha, crosses (1 or 0); text: first, last
 *   side       per jurisdiction: incidents, share, blind, rank in its own list
 *   alone      per jurisdiction, by rank in its own list: the incidents of each of its clusters
 *              that became part of this one
 *   domain, source   shares of the cluster
 *   lead       text: verdict (points-to, shared, cannot-tell), points_to; runs_same of runs and
 *              quarters_same of quarters; per jurisdiction share_in_runs, lowest to highest
 *   lead-domain, lead-quarter   the same cluster's share per jurisdiction in a domain or quarter */
/* clang-format on */
bool border_report_rows(struct sheet *sheet, const struct findings *findings, struct error *error);

/* The same for people, with titles in the language in force: one line a border when there are
 * several, else one border at length. The sheet's columns are `columns`. */
bool border_report_table(struct sheet *sheet, struct sheet_column columns[BORDER_COLUMNS],
                         const struct findings *findings, struct error *error);

#endif
