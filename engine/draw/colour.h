/* Colours: reading them, and how far apart people see them. */
#ifndef PLEIN_DRAW_COLOUR_H
#define PLEIN_DRAW_COLOUR_H

#include "engine/core/base.h"

/* sRGB, each part 0 to 1, not premultiplied. */
struct colour {
    double red, green, blue, alpha;
};

/* A lightness (0 to 1 in OKLab, 0 to 100 in CIELAB) and two opponent axes. */
struct lab {
    double l, a, b;
};

/* Ways of seeing; the last three lack one kind of cone. */
enum vision { VISION_NORMAL, VISION_DEUTERANOPE, VISION_PROTANOPE, VISION_TRITANOPE };
enum { VISIONS = 4 };

/* Reads "#RRGGBB" or "#RRGGBBAA"; false, and *colour untouched, for anything else. */
bool colour_parse(struct colour *colour, const char *text);
struct colour colour_from_bytes(int red, int green, int blue);
/* The same colour, `alpha` times as opaque. */
struct colour colour_fade(struct colour colour, double alpha);
/* Alpha, red, green, blue from the highest byte down, premultiplied: a pixel of an image. */
uint32_t colour_pixel(struct colour colour);

/* Ottosson (2020), "A perceptual color space for image processing". */
struct lab colour_oklab(struct colour colour);
struct colour colour_from_oklab(struct lab lab);
/* CIE 1976 under D65. */
struct lab colour_cielab(struct colour colour);
/* CIEDE2000 (Sharma, Wu and Dalal 2005), with all weights 1: about 1 is just seen. */
double colour_difference(struct colour a, struct colour b);
double colour_difference_lab(struct lab a, struct lab b);
/* What somebody with that vision sees instead (Machado, Oliveira and Fernandes 2009, severity 1).
 */
struct colour colour_seen(struct colour colour, enum vision vision);

#endif
