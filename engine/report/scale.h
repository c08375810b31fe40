/* The scale of colours that a map is drawn with: chosen from its density, said, or another map's.
 */
#ifndef PLEIN_REPORT_SCALE_H
#define PLEIN_REPORT_SCALE_H

#include "engine/core/text.h"
#include "engine/draw/classbreaks.h"
#include "engine/draw/style.h"
#include "engine/study/options.h"

/* The note in a PNG that holds its scale. */
#define SCALE_NOTE "Scale"

/* Takes --scale, --classes or, without both, round limits over the density in as many classes as
 * the style has. ERROR_USAGE: no such method, limits that do not rise, both options, a map of
 * another unit; ERROR_DATA: a file that is no map of plein. */
bool scale_choose(struct classes *classes, const struct raster *density, const struct style *style,
                  const struct options *options, struct error *error);
/* Appends what scale_choose reads from a map: "5 10 20 40 80 per ha". */
void scale_tell(struct text *text, const struct classes *classes, const struct options *options);

/* Appends a sentence on how the limits were chosen; nothing for round ones. */
void scale_words(struct text *text, const struct options *options);

#endif
