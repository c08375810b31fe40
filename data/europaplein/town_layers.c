/* Writes the town's streets, buildings, green, water and squares as layers. */
#include "town.h"

#include <stddef.h>
#include <string.h>

enum {
    METRE = 1000,
    MOST_PLACES = 512,
    BEND = 40 * METRE, /* a long edge gets a place this often, to follow the bent grid */
    FAR = 2600 * METRE,
};

struct path {
    struct place places[MOST_PLACES];
    int count;
};

static void path_to(struct path *path, int64_t u, int64_t v)
{
    if (path->count < MOST_PLACES)
        path->places[path->count++] = town_ground(u, v);
}

static void close_path(struct path *path)
{
    path->places[path->count++] = path->places[0];
}

/* A rectangle of the grid. */
struct rectangle {
    int64_t u_min, v_min, u_max, v_max;
};

static int steps_for(int64_t length)
{
    return (int)(length / BEND) + 1;
}

/* Goes round with cut corners, bending with the ground. */
static struct path rectangle_path(const struct rectangle *r, int64_t cut)
{
    struct path path = {.count = 0};
    int64_t wide = r->u_max - r->u_min - 2 * cut, high = r->v_max - r->v_min - 2 * cut;
    int across = steps_for(wide), up = steps_for(high);
    for (int k = 0; k <= across; k++)
        path_to(&path, r->u_min + cut + wide * k / across, r->v_min);
    for (int k = cut > 0 ? 0 : 1; k <= up; k++)
        path_to(&path, r->u_max, r->v_min + cut + high * k / up);
    for (int k = cut > 0 ? 0 : 1; k <= across; k++)
        path_to(&path, r->u_max - cut - wide * k / across, r->v_max);
    for (int k = cut > 0 ? 0 : 1; k <= up - (cut > 0 ? 0 : 1); k++)
        path_to(&path, r->u_min, r->v_max - cut - high * k / up);
    close_path(&path);
    return path;
}

/* Names of no place in particular. */
static const char *const FIRST[] = {
    "Linden", "Beuken", "Esdoorn", "Iepen",    "Wilgen",  "Populieren", "Kastanje",  "Berken",
    "Duin",   "Helm",   "Zand",    "Schelpen", "Meeuwen", "Kieviten",   "Leeuwerik", "Zwaluwen",
    "Merel",  "Haven",  "Molen",   "Polder",   "Vaart",   "Sluis",      "Akker",     "Weide",
    "Klaver", "Koren",  "Tarwe",   "Haver",    "Gerst",   "Anjer",      "Tulpen",    "Narcissen",
    "Violen", "Rozen",  "Vlier",   "Hazelaar", "Kers",    "Appel",      "Peren",     "Pruimen",
};
static const char *const SECOND[] = {"straat", "laan", "weg", "pad", "hof"};
enum { FIRSTS = sizeof FIRST / sizeof FIRST[0], SECONDS = 5 };

/* The number of a name decides on it; 7 is prime to FIRSTS * SECONDS, so none comes twice. */
static void name_street(char name[40], int number)
{
    int at = number * 7 % (FIRSTS * SECONDS);
    snprintf(name, 40, "%s%s", FIRST[at % FIRSTS], SECOND[at / FIRSTS]);
}

struct streets {
    struct layer layer;
    struct chance chance;
    int count;
};

/* One grid line of streets, either way. */
struct street_line {
    const struct town *town;
    int along_u; /* the line has one v and runs along u */
    int index;
    int is_main;
    const char *name; /* NULL: names by number */
};

static int is_street(const struct street_line *line, int edge)
{
    const struct town *town = line->town;
    return line->along_u ? town->along_u[edge][line->index] : town->along_v[line->index][edge];
}

/* Adds the places from crossing `edge` to the next one; the first place only on a new path. */
static void add_edge(struct path *path, const struct street_line *line, int edge)
{
    const struct town *town = line->town;
    const int64_t *lines = line->along_u ? town->u : town->v;
    int64_t across = line->along_u ? town->v[line->index] : town->u[line->index];
    int64_t length = lines[edge + 1] - lines[edge];
    int steps = steps_for(length);
    for (int k = path->count > 0 ? 1 : 0; k <= steps; k++) {
        int64_t at = lines[edge] + length * k / steps;
        path_to(path, line->along_u ? at : across, line->along_u ? across : at);
    }
}

static void write_street(struct streets *streets, const struct street_line *line, struct path *path)
{
    char name[40];
    if (path->count < 2)
        return;
    if (line->name != NULL)
        snprintf(name, sizeof name, "%s", line->name);
    else
        name_street(name, streets->count++);
    layer_add(&streets->layer, path->places, path->count,
              (const char *const[]){name, line->is_main ? "hoofdweg" : "straat"});
    path->count = 0;
}

/* A line is one street as long as it is a through road; others end at a gap, and at some
 * crossings. */
static void write_line(struct streets *streets, const struct street_line *line)
{
    int crossings = line->along_u ? line->town->u_count : line->town->v_count, edges = 0;
    struct path path = {.count = 0};
    for (int edge = 0; edge + 1 < crossings; edge++) {
        int ends = !line->is_main && edges >= 6 && chance_happens(&streets->chance, 12);
        if (!is_street(line, edge) || ends) {
            write_street(streets, line, &path);
            edges = 0;
        }
        if (is_street(line, edge)) {
            add_edge(&path, line, edge);
            edges++;
        }
    }
    write_street(streets, line, &path);
}

static const char *main_name(int along_u, int *number)
{
    static const char *const names[2][3] = {{"Stationsweg", "Grensweg", "Duinweg"},
                                            {"Zuiderweg", "Europaweg", "Marktlaan"}};
    return names[along_u][(*number)++];
}

/* Through roads have a layer of their own, so that a map can draw them wider. */
static void write_streets(struct streets *streets, const struct town *town, int main_roads)
{
    for (int along_u = 0; along_u < 2; along_u++) {
        int lines = along_u ? town->v_count : town->u_count, mains = 0;
        for (int index = 0; index < lines; index++) {
            int is_main = along_u ? town->v_main[index] : town->u_main[index];
            const char *name = is_main ? main_name(along_u, &mains) : NULL;
            if (is_main == main_roads)
                write_line(streets, &(struct street_line){town, along_u, index, is_main, name});
        }
    }
}

static void write_roads(const struct town *town, const char *folder)
{
    static const struct layer_field fields[] = {{"NAAM", 40}, {"KLASSE", 10}};
    for (int main_roads = 0; main_roads < 2; main_roads++) {
        struct streets streets = {
            .layer = {.kind = LAYER_LINES, .fields = fields, .field_count = 2, .units = METRE},
            .chance = {7}};
        layer_open(&streets.layer, folder, main_roads ? "hoofdwegen" : "straten", LAYER_RD_NEW);
        write_streets(&streets, town, main_roads);
        layer_close(&streets.layer);
    }
}

static struct rectangle block_rectangle(const struct town *town, int i, int j)
{
    enum { KERB = 8 * METRE, QUAY = 22 * METRE };
    return (struct rectangle){town->u[i] + (i == town->canal ? QUAY : KERB), town->v[j] + KERB,
                              town->u[i + 1] - (i + 1 == town->canal ? QUAY : KERB),
                              town->v[j + 1] - KERB};
}

struct buildings {
    struct layer layer;
    struct chance chance;
};

static void write_building(struct buildings *buildings, const struct rectangle *r, const char *kind)
{
    struct path path = {.count = 0};
    path_to(&path, r->u_min, r->v_min);
    path_to(&path, r->u_max, r->v_min);
    path_to(&path, r->u_max, r->v_max);
    path_to(&path, r->u_min, r->v_max);
    close_path(&path);
    layer_add(&buildings->layer, path.places, path.count, (const char *const[]){kind});
}

/* A row of houses along one side of a block, in pieces. */
static void write_row(struct buildings *buildings, const struct rectangle *row)
{
    for (int64_t v = row->v_min; row->v_max - v >= 18 * METRE;) {
        int64_t end = v + chance_between(&buildings->chance, 30, 62) * METRE;
        if (row->v_max - end < 18 * METRE)
            end = row->v_max;
        int64_t set_back = chance_between(&buildings->chance, 0, 2) * METRE;
        write_building(buildings,
                       &(struct rectangle){row->u_min + set_back, v, row->u_max + set_back, end},
                       "woningen");
        v = end + 7 * METRE;
    }
}

static void write_houses(struct buildings *buildings, const struct rectangle *block)
{
    int64_t deep = chance_between(&buildings->chance, 9, 11) * METRE;
    struct rectangle row = *block;
    row.u_min += 2 * METRE;
    row.u_max = row.u_min + deep;
    write_row(buildings, &row);
    row.u_max = block->u_max - 4 * METRE;
    row.u_min = row.u_max - deep;
    write_row(buildings, &row);
}

static void write_hall(struct buildings *buildings, const struct rectangle *block)
{
    int64_t wide = (block->u_max - block->u_min) / 8, high = (block->v_max - block->v_min) / 6;
    int64_t parted = block->v_min + high * chance_between(&buildings->chance, 3, 4);
    write_building(buildings,
                   &(struct rectangle){block->u_min + wide, block->v_min + high / 2,
                                       block->u_max - wide, parted - 5 * METRE},
                   "bedrijf");
    write_building(buildings,
                   &(struct rectangle){block->u_min + 2 * wide, parted + 5 * METRE,
                                       block->u_max - wide, block->v_max - high / 2},
                   "bedrijf");
}

static void write_buildings(const struct town *town, const char *folder)
{
    static const struct layer_field fields[] = {{"SOORT", 10}};
    struct buildings buildings = {
        .layer = {.kind = LAYER_POLYGONS, .fields = fields, .field_count = 1, .units = METRE},
        .chance = {11}};
    layer_open(&buildings.layer, folder, "gebouwen", LAYER_RD_NEW);
    for (int i = 0; i + 1 < town->u_count; i++)
        for (int j = 0; j + 1 < town->v_count; j++) {
            struct rectangle block = block_rectangle(town, i, j);
            if (town->blocks[i][j] == BLOCK_HOUSES)
                write_houses(&buildings, &block);
            else if (town->blocks[i][j] == BLOCK_HALLS)
                write_hall(&buildings, &block);
        }
    layer_close(&buildings.layer);
}

static void open_named(struct layer *layer, const char *folder, const char *name)
{
    static const struct layer_field fields[] = {{"NAAM", 40}};
    *layer =
        (struct layer){.kind = LAYER_POLYGONS, .fields = fields, .field_count = 1, .units = METRE};
    layer_open(layer, folder, name, LAYER_RD_NEW);
}

static void write_rectangle(struct layer *layer, const struct rectangle *r, int64_t cut,
                            const char *name)
{
    struct path path = rectangle_path(r, cut);
    layer_add(layer, path.places, path.count, (const char *const[]){name});
}

/* A park is a rectangle of blocks; it is written where its south-western one is met. */
static void write_green(const struct town *town, const char *folder)
{
    static const char *const names[] = {"Duinpark",  "Zuiderpark", "Vaartpark",
                                        "Grenspark", "Sportpark",  "Molenpark"};
    struct layer layer;
    int parks = 0;
    uint8_t seen[TOWN_LINES][TOWN_LINES] = {{0}};
    open_named(&layer, folder, "groen");
    for (int i = 0; i + 1 < town->u_count; i++)
        for (int j = 0; j + 1 < town->v_count; j++) {
            if (town->blocks[i][j] != BLOCK_PARK || seen[i][j])
                continue;
            int wide = 1, high = 1;
            while (town->blocks[i + wide][j] == BLOCK_PARK)
                wide++;
            while (town->blocks[i][j + high] == BLOCK_PARK)
                high++;
            for (int di = 0; di < wide; di++)
                memset(&seen[i + di][j], 1, (size_t)high);
            struct rectangle low = block_rectangle(town, i, j);
            struct rectangle top = block_rectangle(town, i + wide - 1, j + high - 1);
            struct rectangle park = {low.u_min, low.v_min, top.u_max, top.v_max};
            write_rectangle(&layer, &park, 18 * METRE, names[parks++ % 6]);
        }
    layer_close(&layer);
}

static void write_water(const struct town *town, const char *folder)
{
    enum { HALF = 10 * METRE };
    struct layer layer;
    int64_t u = town->u[town->canal];
    open_named(&layer, folder, "water");
    write_rectangle(&layer, &(struct rectangle){u - HALF, -FAR, u + HALF, FAR}, 0, "Grensvaart");
    int64_t pond_u = 520 * METRE, pond_v = 690 * METRE;
    write_rectangle(&layer,
                    &(struct rectangle){pond_u - 26 * METRE, pond_v - 38 * METRE,
                                        pond_u + 26 * METRE, pond_v + 38 * METRE},
                    14 * METRE, "Sportvijver");
    layer_close(&layer);
}

static void write_squares(const struct town *town, const char *folder)
{
    static const char *const names[] = {"Stationsplein", "Europaplein", "Marktplein"};
    struct layer layer;
    int squares = 0;
    open_named(&layer, folder, "pleinen");
    for (int i = 0; i + 1 < town->u_count; i++)
        for (int j = 0; j + 1 < town->v_count; j++)
            if (town->blocks[i][j] == BLOCK_SQUARE) {
                struct rectangle square = block_rectangle(town, i, j);
                write_rectangle(&layer, &square, 9 * METRE, names[squares++]);
            }
    layer_close(&layer);
}

void town_write(const struct town *town, const char *folder)
{
    write_roads(town, folder);
    write_buildings(town, folder);
    write_green(town, folder);
    write_water(town, folder);
    write_squares(town, folder);
}
