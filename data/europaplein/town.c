/* Plans an invented town around the plaza on a bent grid of streets. */
#include "town.h"

#include <string.h>

/* The plaza's middle: the second of the border's fixed points (see borders.c). */
static const struct place PLAZA = {106090316, 501726949};

enum {
    METRE = 1000,
    RADIUS = 1250, /* metres: where the town ends, more or less */
};

/* A smooth wave of height 1000 that passes through 0 at 0, made of parabolas. */
static int64_t wave(int64_t t, int64_t period)
{
    int64_t half = period / 2, at = t % period;
    if (at < 0)
        at += period;
    int64_t in_half = at < half ? at : at - half;
    int64_t height = in_half * (half - in_half) / (half * half / 4000);
    return at < half ? height : -height;
}

/* The axes are turned by 3-4-5, so that v runs along the border at the plaza. */
struct place town_ground(int64_t u, int64_t v)
{
    int64_t bent_u = u + 62 * wave(v, 2700 * METRE), bent_v = v + 48 * wave(u, 2100 * METRE);
    return (struct place){PLAZA.x + (4 * bent_u - 3 * bent_v) / 5,
                          PLAZA.y + (3 * bent_u + 4 * bent_v) / 5};
}

/* Lines on both sides of the plaza, whose own two stand at -beside and beside. */
static int plan_lines(int64_t *lines, struct chance *chance, int beside, int step)
{
    enum { SIDE = TOWN_LINES / 2 - 2 };
    int64_t up[SIDE], down[SIDE];
    int count = 0, most = 0;
    for (int64_t at = beside; most < SIDE && at < 1700; most++, at += step)
        ;
    for (int i = 0; i < most; i++) {
        int64_t wobble = i == 0 ? 0 : chance_between(chance, -step / 5, step / 5);
        up[i] = beside + i * step + wobble;
        wobble = i == 0 ? 0 : chance_between(chance, -step / 5, step / 5);
        down[i] = -beside - i * step + wobble;
    }
    for (int i = most - 1; i >= 0; i--)
        lines[count++] = down[i] * METRE;
    for (int i = 0; i < most; i++)
        lines[count++] = up[i] * METRE;
    return count;
}

static int is_in_town(struct chance *chance, int64_t u, int64_t v)
{
    int64_t x = u / METRE, y = v / METRE, edge = RADIUS + chance_between(chance, -60, 60);
    return x * x + y * y * 9 / 10 < edge * edge;
}

/* Index of the last line at or below `at`. */
static int line_at(const int64_t *lines, int count, int64_t at)
{
    int index = 0;
    while (index + 1 < count && lines[index + 1] <= at)
        index++;
    return index;
}

struct ground_use {
    int u, v;         /* metres: a place in its south-western block */
    int wide, high;   /* blocks */
    enum block block; /* what they are */
};

static const struct ground_use USES[] = {
    {0, 0, 1, 1, BLOCK_SQUARE},       {650, 100, 1, 1, BLOCK_SQUARE},
    {-690, -250, 1, 1, BLOCK_SQUARE}, {470, 620, 2, 2, BLOCK_PARK},
    {250, -520, 2, 1, BLOCK_PARK},    {-350, 420, 2, 1, BLOCK_PARK},
    {-1070, 300, 2, 2, BLOCK_PARK},   {-950, -800, 1, 2, BLOCK_PARK},
    {900, -300, 2, 1, BLOCK_PARK},    {-420, -600, 1, 1, BLOCK_HALLS},
    {760, 100, 1, 1, BLOCK_HALLS},    {560, 100, 1, 1, BLOCK_HALLS},
    {-800, -420, 2, 1, BLOCK_HALLS},  {100, 120, 1, 1, BLOCK_HALLS},
    {-200, -130, 1, 1, BLOCK_HALLS},
};

static void plan_blocks(struct town *town, struct chance *chance)
{
    for (int i = 0; i + 1 < town->u_count; i++)
        for (int j = 0; j + 1 < town->v_count; j++) {
            int64_t u = (town->u[i] + town->u[i + 1]) / 2, v = (town->v[j] + town->v[j + 1]) / 2;
            if (is_in_town(chance, u, v))
                town->blocks[i][j] = chance_happens(chance, 5) ? BLOCK_HALLS : BLOCK_HOUSES;
        }
    for (size_t k = 0; k < sizeof USES / sizeof USES[0]; k++) {
        int i = line_at(town->u, town->u_count, USES[k].u * METRE);
        int j = line_at(town->v, town->v_count, USES[k].v * METRE);
        for (int di = 0; di < USES[k].wide; di++)
            for (int dj = 0; dj < USES[k].high; dj++)
                town->blocks[i + di][j + dj] = USES[k].block;
    }
}

static enum block block_at(const struct town *town, int i, int j)
{
    if (i < 0 || j < 0 || i + 1 >= town->u_count || j + 1 >= town->v_count)
        return BLOCK_NONE;
    return town->blocks[i][j];
}

/* A street lies where a built block is on either side; none runs through a park, and now and then a
 * minor one is left out, so that blocks differ in length. */
static int has_street(struct chance *chance, enum block a, enum block b, int is_main)
{
    int inside_park = a == BLOCK_PARK && b == BLOCK_PARK;
    int left_out = chance_happens(chance, 9);
    int by_square = a == BLOCK_SQUARE || b == BLOCK_SQUARE;
    return (a != BLOCK_NONE || b != BLOCK_NONE) && !inside_park
           && (is_main || by_square || !left_out);
}

static void plan_streets(struct town *town, struct chance *chance)
{
    for (int i = 0; i < town->u_count; i++)
        for (int j = 0; j < town->v_count; j++) {
            enum block here = block_at(town, i, j);
            int over_canal = (i == town->canal || i + 1 == town->canal) && !town->v_main[j];
            town->along_u[i][j] =
                (uint8_t)(has_street(chance, here, block_at(town, i, j - 1), town->v_main[j])
                          && !over_canal && i + 1 < town->u_count);
            town->along_v[i][j] =
                (uint8_t)(has_street(chance, here, block_at(town, i - 1, j), town->u_main[i])
                          && i != town->canal && j + 1 < town->v_count);
        }
}

/* Through roads run on into the country. */
static void plan_main_roads(struct town *town)
{
    for (int j = 0; j < town->v_count; j++)
        for (int i = 0; town->v_main[j] && i + 1 < town->u_count; i++)
            town->along_u[i][j] = 1;
    for (int i = 0; i < town->u_count; i++)
        for (int j = 0; town->u_main[i] && j + 1 < town->v_count; j++)
            town->along_v[i][j] = 1;
}

void town_plan(struct town *town)
{
    struct chance chance = {525010};
    memset(town, 0, sizeof *town);
    town->u_count = plan_lines(town->u, &chance, 70, 104);
    town->v_count = plan_lines(town->v, &chance, 54, 148);
    town->canal = line_at(town->u, town->u_count, -480 * METRE);
    town->u_main[line_at(town->u, town->u_count, 80 * METRE)] = 1;
    town->u_main[line_at(town->u, town->u_count, 900 * METRE)] = 1;
    town->u_main[line_at(town->u, town->u_count, -850 * METRE)] = 1;
    town->v_main[line_at(town->v, town->v_count, -50 * METRE)] = 1;
    town->v_main[line_at(town->v, town->v_count, 560 * METRE)] = 1;
    town->v_main[line_at(town->v, town->v_count, -780 * METRE)] = 1;
    plan_blocks(town, &chance);
    plan_streets(town, &chance);
    plan_main_roads(town);
}

struct place town_somewhere(const struct town *town, struct chance *chance)
{
    for (;;) {
        int i = (int)chance_between(chance, 0, town->u_count - 2);
        int j = (int)chance_between(chance, 0, town->v_count - 2);
        int along_u = chance_happens(chance, 50);
        int64_t u = town->u[i], v = town->v[j];
        int64_t far = (u * u + v * v) / ((int64_t)METRE * METRE);
        if (!(along_u ? town->along_u[i][j] : town->along_v[i][j])
            || chance_between(chance, 0, 2600000) < far)
            continue;
        int64_t beside = chance_between(chance, -9 * METRE, 9 * METRE);
        if (along_u)
            return town_ground(chance_between(chance, u, town->u[i + 1]), v + beside);
        return town_ground(u + beside, chance_between(chance, v, town->v[j + 1]));
    }
}
