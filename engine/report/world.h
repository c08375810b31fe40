/* Where a picture lies: the world file and the reference system beside a PNG. */
#ifndef PLEIN_REPORT_WORLD_H
#define PLEIN_REPORT_WORLD_H

#include "engine/core/base.h"

/* The centre of the upper left pixel and the size of one, metres. */
struct world {
    double x, y, metres_per_pixel;
};
/* Writes FILE.pgw and FILE.png.aux.xml beside FILE.png; nothing for standard output,
 * a pipe or a device. The reference system is WKT. */
bool world_write(const char *png_path, const struct world *world, const char *wkt,
                 struct error *error);

#endif
