/* Makes seeded files to measure with: clustered incidents of any number, and areas of many corners.
 *
 *     generate incidents ROWS SEED FILE.csv      (- is standard output)
 *     generate areas2|areas400 rd|wgs84 SEED FILE (without .shp)
 */
#include "tests/bench/scatter.h"

#include "data/europaplein/layer.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { METRE = 1000, WIDE = SCATTER_WIDE, HIGH = SCATTER_HIGH };

static char *put_number(char *at, uint64_t number, int least_digits)
{
    char digits[24];
    int count = 0;
    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0 || count < least_digits);
    while (count > 0)
        *at++ = digits[--count];
    return at;
}

static char *put_text(char *at, const char *text)
{
    size_t length = strlen(text);
    memcpy(at, text, length);
    return at + length;
}

static char *put_degrees(char *at, int64_t billionths)
{
    uint64_t number = (uint64_t)(billionths + 50) / 100;
    at = put_number(at, number / 10000000, 1);
    *at++ = '.';
    return put_number(at, number % 10000000, 7);
}

/* A second of 2023 or 2024; no month has more than 28 days here, which nobody will miss. */
static char *put_time(char *at, uint64_t draw)
{
    at = put_number(at, 2023 + draw % 2, 4);
    *at++ = '-';
    at = put_number(at, 1 + (draw >> 8) % 12, 2);
    *at++ = '-';
    at = put_number(at, 1 + (draw >> 16) % 28, 2);
    *at++ = 'T';
    at = put_number(at, (draw >> 24) % 24, 2);
    *at++ = ':';
    at = put_number(at, (draw >> 32) % 60, 2);
    *at++ = ':';
    return put_number(at, (draw >> 40) % 60, 2);
}

static char *put_row(char *at, uint64_t id, struct scatter *scatter)
{
    static const char *const categories[16] = {
        "loitering", "litter",    "traffic", "loitering",      "dealing", "litter",
        "neglect",   "loitering", "litter",  "traffic",        "dealing", "loitering",
        "traffic",   "neglect",   "litter",  "organised-crime"};
    struct place degrees = ground_degrees(scatter_next(scatter));
    uint64_t draw = chance_next(&scatter->chance);
    at = put_number(at, id, 1);
    *at++ = ',';
    at = put_degrees(at, degrees.x);
    *at++ = ',';
    at = put_degrees(at, degrees.y);
    *at++ = ',';
    at = put_text(at, categories[draw >> 60]);
    *at++ = ',';
    at = put_time(at, draw);
    *at++ = '\n';
    return at;
}

static bool write_incidents(uint64_t rows, uint64_t seed, FILE *file)
{
    enum { BUFFER = 1 << 20, LONGEST_ROW = 128 };
    static char buffer[BUFFER];
    struct scatter scatter;
    char *at = put_text(buffer, "id,lon,lat,category,occurred_at\n");
    scatter_begin(&scatter, seed);
    for (uint64_t id = 1; id <= rows; id++) {
        at = put_row(at, id, &scatter);
        if (at - buffer > BUFFER - LONGEST_ROW) {
            fwrite(buffer, 1, (size_t)(at - buffer), file);
            at = buffer;
        }
    }
    fwrite(buffer, 1, (size_t)(at - buffer), file);
    return fflush(file) == 0 && !ferror(file);
}

/* Fills what lies between two ends: the middle strays to a side, and so on for each half. */
static void wind(struct place *line, int first, int last, struct chance *chance)
{
    int middle = (first + last) / 2;
    if (middle == first)
        return;
    int64_t dx = line[last].x - line[first].x, dy = line[last].y - line[first].y;
    int64_t aside = chance_between(chance, -90, 90), along = middle - first, all = last - first;
    line[middle].x = line[first].x + dx * along / all - dy * aside / 1000;
    line[middle].y = line[first].y + dy * along / all + dx * aside / 1000;
    wind(line, first, middle, chance);
    wind(line, middle, last, chance);
}

struct areas {
    struct layer layer;
    uint64_t seed;
    bool degrees;
    int number;
};

static void add_area(struct areas *areas, struct place *ring, int count)
{
    char code[16], name[16];
    for (int i = 0; areas->degrees && i < count; i++)
        ring[i] = ground_degrees(ring[i]);
    snprintf(code, sizeof code, "A%03d", areas->number);
    snprintf(name, sizeof name, "area %d", areas->number++);
    layer_add(&areas->layer, ring, count, (const char *const[]){code, name});
}

/* West and east of one winding border; 5,000 corners each. */
static void write_two(struct areas *areas)
{
    enum { BORDER = 4998, MARGIN = 100 };
    static struct place border[BORDER], ring[BORDER + 3];
    struct chance chance = {areas->seed};
    border[0] = scatter_in_the_box(WIDE / 2, -MARGIN);
    border[BORDER - 1] = scatter_in_the_box(WIDE / 2, HIGH + MARGIN);
    wind(border, 0, BORDER - 1, &chance);
    for (int east = 0; east < 2; east++) {
        int64_t side = east ? WIDE + MARGIN : -MARGIN;
        memcpy(ring, border, sizeof border);
        ring[BORDER] = scatter_in_the_box(side, HIGH + MARGIN);
        ring[BORDER + 1] = scatter_in_the_box(side, -MARGIN);
        ring[BORDER + 2] = border[0];
        add_area(areas, ring, BORDER + 3);
    }
}

enum { ACROSS = 20, STEPS = 250 };

/* Corner (i, j) of the grid of areas, strayed a little. */
static struct place grid_corner(const struct areas *areas, int i, int j)
{
    struct chance chance = {areas->seed ^ (uint64_t)(1000 + i * 64 + j) * 0xD1B54A32D192ED03u};
    int64_t x = WIDE * i / ACROSS, y = HIGH * j / ACROSS;
    x += i == 0 ? -100 : i == ACROSS ? 100 : chance_between(&chance, -60, 60);
    y += j == 0 ? -100 : j == ACROSS ? 100 : chance_between(&chance, -50, 50);
    return scatter_in_the_box(x, y);
}

/* The line from corner (i, j) north or east; the same whichever neighbour asks. */
static void grid_line(struct place line[STEPS + 1], const struct areas *areas, int i, int j,
                      int north)
{
    uint64_t number = (uint64_t)(i * 64 + j) * 2 + (uint64_t)north;
    struct chance chance = {areas->seed ^ (number + 1) * 0x9E3779B97F4A7C15u};
    line[0] = grid_corner(areas, i, j);
    line[STEPS] = grid_corner(areas, i + !north, j + north);
    wind(line, 0, STEPS, &chance);
}

/* A grid of 20 by 20 with winding borders; 1,000 corners each. */
static void write_four_hundred(struct areas *areas)
{
    static struct place ring[4 * STEPS + 1], line[STEPS + 1];
    for (int i = 0; i < ACROSS; i++)
        for (int j = 0; j < ACROSS; j++) {
            const int sides[4][3] = {{i, j, 0}, {i + 1, j, 1}, {i, j + 1, 0}, {i, j, 1}};
            for (int side = 0; side < 4; side++) {
                grid_line(line, areas, sides[side][0], sides[side][1], sides[side][2]);
                for (int k = 0; k < STEPS; k++)
                    ring[side * STEPS + k] = line[side < 2 ? k : STEPS - k];
            }
            ring[4 * STEPS] = ring[0];
            add_area(areas, ring, 4 * STEPS + 1);
        }
}

static void write_areas(const char *kind, bool degrees, uint64_t seed, const char *path)
{
    static const struct layer_field fields[] = {{"CODE", 8}, {"NAME", 16}};
    struct areas areas = {.layer = {.kind = LAYER_POLYGONS,
                                    .fields = fields,
                                    .field_count = 2,
                                    .units = degrees ? 1000000000 : METRE},
                          .seed = seed,
                          .degrees = degrees,
                          .number = 1};
    char folder[1024];
    const char *slash = strrchr(path, '/');
    snprintf(folder, sizeof folder, "%.*s", slash != NULL ? (int)(slash - path) : 1,
             slash != NULL ? path : ".");
    layer_open(&areas.layer, folder, slash != NULL ? slash + 1 : path,
               degrees ? LAYER_WGS84 : LAYER_RD_NEW);
    if (strcmp(kind, "areas2") == 0)
        write_two(&areas);
    else
        write_four_hundred(&areas);
    layer_close(&areas.layer);
}

static int use(void)
{
    fputs("use: generate incidents ROWS SEED FILE.csv\n"
          "     generate areas2|areas400 rd|wgs84 SEED FILE\n",
          stderr);
    return 2;
}

static int make_incidents(uint64_t rows, uint64_t seed, const char *path)
{
    FILE *file = strcmp(path, "-") == 0 ? stdout : fopen(path, "wb");
    if (file == NULL || !write_incidents(rows, seed, file)
        || (file != stdout && fclose(file) != 0)) {
        perror(path);
        return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 5)
        return use();
    uint64_t seed = strtoull(argv[3], NULL, 10);
    if (strcmp(argv[1], "incidents") == 0)
        return make_incidents(strtoull(argv[2], NULL, 10), seed, argv[4]);
    if (strcmp(argv[1], "areas2") != 0 && strcmp(argv[1], "areas400") != 0)
        return use();
    write_areas(argv[1], strcmp(argv[2], "wgs84") == 0, seed, argv[4]);
    return 0;
}
