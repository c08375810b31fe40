/* Lines of equal density on a map, along the limits of its classes. */
#ifndef PLEIN_DRAW_ISOLINES_H
#define PLEIN_DRAW_ISOLINES_H

#include "engine/draw/furniture.h"
#include "engine/draw/view.h"

/* Makes an array of CLASSES_MOST traces, one for each limit, the caller's to free also after a
 * failure: joined, and without round patches that the heat leaves white. */
bool isolines_trace(struct trace **traces, const struct map_sheet *sheet, const struct view *view,
                    struct error *error);
/* Draws each in what stands off the colours that it parts: the paper's on dark ones, else the
 * ink's. */
void isolines_draw(const struct kit *kit, const struct trace *traces,
                   const struct classes *classes);

#endif
