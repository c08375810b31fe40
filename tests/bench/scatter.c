/* Invented places of incidents, seeded: crowded around spots, the same on every machine. */
#include "tests/bench/scatter.h"

#include <stdbool.h>

enum { METRE = 1000 };

static const int64_t west = (int64_t)SCATTER_WEST * METRE, south = (int64_t)SCATTER_SOUTH * METRE,
                     wide = (int64_t)SCATTER_WIDE * METRE, high = (int64_t)SCATTER_HIGH * METRE;

struct place scatter_in_the_box(int64_t x_metres, int64_t y_metres)
{
    return (struct place){west + x_metres * METRE, south + y_metres * METRE};
}

static struct scatter_spot random_spot(struct chance *chance)
{
    int64_t x = chance_between(chance, 0, SCATTER_WIDE);
    int64_t y = chance_between(chance, 0, SCATTER_HIGH);
    return (struct scatter_spot){scatter_in_the_box(x, y), chance_between(chance, 25, 260) * METRE};
}

void scatter_begin(struct scatter *scatter, uint64_t seed)
{
    scatter->chance.state = seed;
    for (int i = 0; i < SCATTER_SPOTS; i++)
        scatter->spots[i] = random_spot(&scatter->chance);
}

/* Four sixteenths of one draw make a bell that is good enough, twelve times as fast. */
static int64_t quick_bell(struct chance *chance, int64_t spread)
{
    uint64_t draw = chance_next(chance);
    int64_t sum =
        (int64_t)((draw & 0xFFFF) + (draw >> 16 & 0xFFFF) + (draw >> 32 & 0xFFFF) + (draw >> 48))
        - 2 * 65535;
    return sum * spread / 37837; /* the sum's own deviation */
}

static bool in_box(struct place place)
{
    return place.x >= west && place.y >= south && place.x <= west + wide && place.y <= south + high;
}

/* Low numbers are the busier spots. */
struct place scatter_next(struct scatter *scatter)
{
    struct chance *chance = &scatter->chance;
    for (;;) {
        int64_t x = chance_between(chance, 0, wide), y = chance_between(chance, 0, high);
        struct place place = {west + x, south + y};
        uint64_t draw = chance_next(chance), a = draw & 0xFFFF, b = draw >> 16 & 0xFFFF;
        if (draw >> 32 & 7) {
            const struct scatter_spot *spot = &scatter->spots[(a * b >> 16) * SCATTER_SPOTS >> 16];
            place.x = spot->middle.x + quick_bell(chance, spot->spread);
            place.y = spot->middle.y + quick_bell(chance, spot->spread);
        }
        if (in_box(place))
            return place;
    }
}
