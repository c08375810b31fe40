/* Places on the ground in whole millimetres of RD New, and where they lie in degrees. */
#ifndef EUROPAPLEIN_GROUND_H
#define EUROPAPLEIN_GROUND_H

#include <stdint.h>

/* Millimetres of RD New; or, where it is said, billionths of a degree, x being the longitude. */
struct place {
    int64_t x, y;
};

/* Longitude and latitude (ETRS89) in billionths of a degree. A polynomial of second degree in
 * kilometres from the plaza, fitted with least squares to PROJ's EPSG:28992 to EPSG:4258 with the
 * RDNAPTRANS grid: within 9 km of the plaza less than 3 cm off. */
static inline struct place ground_degrees(struct place ground)
{
    enum { KM = 1000000 };
    const int64_t square = (int64_t)KM * KM;
    int64_t x = ground.x - 106090000, y = ground.y - 501727000;
    return (struct place){4666905280 + (14725919 * x - 146558 * y) / KM
                              + (35 * x * x + 2998 * x * y - 37 * y * y) / square,
                          52501050439 + (89433 * x + 8986757 * y) / KM
                              + (-913 * x * x + 23 * x * y - 8 * y * y) / square};
}

#endif
