/* Colours: reading them, and how far apart people see them. */
#include "engine/draw/colour.h"

#include <math.h>
#include <string.h>

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool colour_parse(struct colour *colour, const char *text)
{
    size_t length = strlen(text);
    if (text[0] != '#' || (length != 7 && length != 9))
        return false;
    double parts[4] = {0, 0, 0, 1};
    for (size_t i = 0; 2 * i + 2 < length; i++) {
        int high = hex_digit(text[2 * i + 1]), low = hex_digit(text[2 * i + 2]);
        if (high < 0 || low < 0)
            return false;
        parts[i] = (high * 16 + low) / 255.0;
    }
    *colour = (struct colour){parts[0], parts[1], parts[2], parts[3]};
    return true;
}

struct colour colour_from_bytes(int red, int green, int blue)
{
    return (struct colour){red / 255.0, green / 255.0, blue / 255.0, 1};
}

struct colour colour_fade(struct colour colour, double alpha)
{
    colour.alpha *= alpha;
    return colour;
}

static uint32_t to_byte(double part)
{
    return (uint32_t)(fmin(fmax(part, 0), 1) * 255 + 0.5);
}

uint32_t colour_pixel(struct colour colour)
{
    double alpha = colour.alpha;
    return to_byte(alpha) << 24 | to_byte(colour.red * alpha) << 16
           | to_byte(colour.green * alpha) << 8 | to_byte(colour.blue * alpha);
}

static double to_linear(double part)
{
    return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4);
}

static double from_linear(double part)
{
    part = fmin(fmax(part, 0), 1);
    return part <= 0.0031308 ? part * 12.92 : 1.055 * pow(part, 1 / 2.4) - 0.055;
}

/* out = matrix * in */
static void multiply(double out[3], const double matrix[3][3], const double in[3])
{
    for (int row = 0; row < 3; row++)
        out[row] = matrix[row][0] * in[0] + matrix[row][1] * in[1] + matrix[row][2] * in[2];
}

static void linear_parts(double linear[3], struct colour colour)
{
    linear[0] = to_linear(colour.red);
    linear[1] = to_linear(colour.green);
    linear[2] = to_linear(colour.blue);
}

struct lab colour_oklab(struct colour colour)
{
    static const double to_cones[3][3] = {{0.4122214708, 0.5363325363, 0.0514459929},
                                          {0.2119034982, 0.6806995451, 0.1073969566},
                                          {0.0883024619, 0.2817188376, 0.6299787005}};
    static const double to_lab[3][3] = {{0.2104542553, 0.7936177850, -0.0040720468},
                                        {1.9779984951, -2.4285922050, 0.4505937099},
                                        {0.0259040371, 0.7827717662, -0.8086757660}};
    double linear[3], cones[3], lab[3];
    linear_parts(linear, colour);
    multiply(cones, to_cones, linear);
    for (int i = 0; i < 3; i++)
        cones[i] = cbrt(cones[i]);
    multiply(lab, to_lab, cones);
    return (struct lab){lab[0], lab[1], lab[2]};
}

struct colour colour_from_oklab(struct lab lab)
{
    static const double to_cones[3][3] = {{1, 0.3963377774, 0.2158037573},
                                          {1, -0.1055613458, -0.0638541728},
                                          {1, -0.0894841775, -1.2914855480}};
    static const double to_linear_rgb[3][3] = {{4.0767416621, -3.3077115913, 0.2309699292},
                                               {-1.2684380046, 2.6097574011, -0.3413193965},
                                               {-0.0041960863, -0.7034186147, 1.7076147010}};
    double cones[3], linear[3];
    multiply(cones, to_cones, (const double[3]){lab.l, lab.a, lab.b});
    for (int i = 0; i < 3; i++)
        cones[i] = cones[i] * cones[i] * cones[i];
    multiply(linear, to_linear_rgb, cones);
    return (struct colour){from_linear(linear[0]), from_linear(linear[1]), from_linear(linear[2]),
                           1};
}

static double cielab_root(double t)
{
    const double small = 216.0 / 24389, slope = 24389.0 / 27;
    return t > small ? cbrt(t) : (slope * t + 16) / 116;
}

struct lab colour_cielab(struct colour colour)
{
    static const double to_xyz[3][3] = {{0.4124564, 0.3575761, 0.1804375},
                                        {0.2126729, 0.7151522, 0.0721750},
                                        {0.0193339, 0.1191920, 0.9503041}};
    static const double white[3] = {0.95047, 1, 1.08883};
    double linear[3], xyz[3];
    linear_parts(linear, colour);
    multiply(xyz, to_xyz, linear);
    for (int i = 0; i < 3; i++)
        xyz[i] = cielab_root(xyz[i] / white[i]);
    return (struct lab){116 * xyz[1] - 16, 500 * (xyz[0] - xyz[1]), 200 * (xyz[1] - xyz[2])};
}

static const double degree = 3.14159265358979323846 / 180;

static double hue_degrees(double a, double b)
{
    if (a == 0 && b == 0)
        return 0;
    double hue = atan2(b, a) / degree;
    return hue < 0 ? hue + 360 : hue;
}

/* A lightness, a chroma and a hue in degrees, with the a axis stretched as CIEDE2000 wants. */
struct lch {
    double l, c, h;
};

static struct lch stretched(struct lab lab, double stretch)
{
    double a = lab.a * stretch;
    return (struct lch){lab.l, hypot(a, lab.b), hue_degrees(a, lab.b)};
}

static double hue_step(struct lch one, struct lch two)
{
    if (one.c * two.c == 0)
        return 0;
    double step = two.h - one.h;
    if (step > 180)
        return step - 360;
    return step < -180 ? step + 360 : step;
}

static double mean_hue(struct lch one, struct lch two)
{
    double sum = one.h + two.h;
    if (one.c * two.c == 0)
        return sum;
    if (fabs(one.h - two.h) <= 180)
        return sum / 2;
    return sum < 360 ? (sum + 360) / 2 : (sum - 360) / 2;
}

static double seventh_power_share(double chroma)
{
    double seventh = pow(chroma, 7);
    return sqrt(seventh / (seventh + pow(25, 7)));
}

double colour_difference_lab(struct lab a, struct lab b)
{
    double mean_chroma = (hypot(a.a, a.b) + hypot(b.a, b.b)) / 2;
    double stretch = 1 + 0.5 * (1 - seventh_power_share(mean_chroma));
    struct lch one = stretched(a, stretch), two = stretched(b, stretch);
    double lightness = two.l - one.l, chroma = two.c - one.c;
    double hue = 2 * sqrt(one.c * two.c) * sin(hue_step(one, two) / 2 * degree);
    double l = (one.l + two.l) / 2 - 50, c = (one.c + two.c) / 2, h = mean_hue(one, two);
    double t = 1 - 0.17 * cos((h - 30) * degree) + 0.24 * cos(2 * h * degree)
               + 0.32 * cos((3 * h + 6) * degree) - 0.20 * cos((4 * h - 63) * degree);
    double turn = 30 * exp(-((h - 275) / 25) * ((h - 275) / 25));
    double rotation = -2 * seventh_power_share(c) * sin(2 * turn * degree);
    lightness /= 1 + 0.015 * l * l / sqrt(20 + l * l);
    chroma /= 1 + 0.045 * c;
    hue /= 1 + 0.015 * c * t;
    return sqrt(lightness * lightness + chroma * chroma + hue * hue + rotation * chroma * hue);
}

double colour_difference(struct colour a, struct colour b)
{
    return colour_difference_lab(colour_cielab(a), colour_cielab(b));
}

struct colour colour_seen(struct colour colour, enum vision vision)
{
    static const double matrices[VISIONS][3][3] = {
        [VISION_NORMAL] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
        [VISION_DEUTERANOPE] = {{0.367322, 0.860646, -0.227968},
                                {0.280085, 0.672501, 0.047413},
                                {-0.011820, 0.042940, 0.968881}},
        [VISION_PROTANOPE] = {{0.152286, 1.052583, -0.204868},
                              {0.114503, 0.786281, 0.099216},
                              {-0.003882, -0.048116, 1.051998}},
        [VISION_TRITANOPE] = {{1.255528, -0.076749, -0.178779},
                              {-0.078411, 0.930809, 0.147602},
                              {0.004733, 0.691367, 0.303900}},
    };
    double linear[3], seen[3];
    linear_parts(linear, colour);
    multiply(seen, matrices[vision], linear);
    return (struct colour){from_linear(seen[0]), from_linear(seen[1]), from_linear(seen[2]),
                           colour.alpha};
}
