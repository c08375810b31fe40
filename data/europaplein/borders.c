/* The schematic gemeenten: five areas that share their borders to the millimetre. */
#include "borders.h"

#include "chance.h"
#include "layer.h"

#include <stddef.h>

/* Where borders meet, and how they run between: corner points in metres of RD New, chosen by eye
 * and rounded, so that the areas lie where the real ones do and have nothing of their lines. */
enum { MOST_CORNERS = 18, MOST_PLACES = 4096 };

struct course {
    int wind; /* how far its middle may stray, in thousandths of a stretch's length */
    int count;
    int32_t corners[MOST_CORNERS][2];
};

enum course_name {
    HEEMSKERK_BEVERWIJK,
    HEEMSKERK_COAST,
    HEEMSKERK_CASTRICUM,
    HEEMSKERK_UITGEEST,
    HEEMSKERK_EAST,
    BEVERWIJK_COAST,
    BEVERWIJK_VELSEN,
    BEVERWIJK_EAST,
    CASTRICUM_OUTSIDE,
    CASTRICUM_UITGEEST,
    UITGEEST_EAST,
    VELSEN_OUTSIDE,
    COURSE_COUNT
};

static const struct course COURSES[COURSE_COUNT] = {
    [HEEMSKERK_BEVERWIJK] = {110,
                             16,
                             {{100600, 501600},
                              {101500, 501350},
                              {102300, 501150},
                              {103500, 501450},
                              {104600, 501550},
                              {105300, 501400},
                              {105700, 501640},
                              {0, 0},
                              {1, 0},
                              {2, 0},
                              {106520, 501220},
                              {106900, 500880},
                              {107450, 500720},
                              {107950, 500580},
                              {108100, 500230},
                              {108880, 500080}}},
    [HEEMSKERK_COAST] = {25, 3, {{101480, 505080}, {101050, 503200}, {100600, 501600}}},
    [HEEMSKERK_CASTRICUM] = {80,
                             5,
                             {{108100, 504570},
                              {106900, 504850},
                              {105300, 505080},
                              {103300, 505020},
                              {101480, 505080}}},
    [HEEMSKERK_UITGEEST] = {110,
                            7,
                            {{109720, 501010},
                             {108700, 501600},
                             {108900, 502450},
                             {108050, 502500},
                             {107750, 503300},
                             {107800, 503900},
                             {108100, 504570}}},
    [HEEMSKERK_EAST] = {90, 3, {{108880, 500080}, {109300, 500780}, {109720, 501010}}},
    [BEVERWIJK_COAST] = {25, 2, {{100600, 501600}, {100880, 500200}}},
    [BEVERWIJK_VELSEN] = {90,
                          8,
                          {{100880, 500200},
                           {102400, 499820},
                           {104300, 499320},
                           {105150, 499060},
                           {106050, 498120},
                           {105700, 497400},
                           {106200, 497000},
                           {106580, 496680}}},
    [BEVERWIJK_EAST] = {90,
                        6,
                        {{106580, 496680},
                         {107250, 497500},
                         {108150, 498400},
                         {108300, 499050},
                         {108700, 499600},
                         {108880, 500080}}},
    [CASTRICUM_OUTSIDE] = {80,
                           10,
                           {{101480, 505080},
                            {102300, 509850},
                            {105350, 510850},
                            {106500, 511650},
                            {107400, 510750},
                            {109700, 510500},
                            {112250, 511700},
                            {111600, 509400},
                            {113900, 507900},
                            {113630, 505330}}},
    [CASTRICUM_UITGEEST] = {90,
                            7,
                            {{113630, 505330},
                             {112500, 505650},
                             {110800, 506420},
                             {109700, 506480},
                             {109000, 507050},
                             {108050, 506300},
                             {108100, 504570}}},
    [UITGEEST_EAST] = {90,
                       6,
                       {{113630, 505330},
                        {113950, 503700},
                        {111700, 503700},
                        {111900, 502750},
                        {110700, 501300},
                        {109720, 501010}}},
    [VELSEN_OUTSIDE] = {70,
                        10,
                        {{100880, 500200},
                         {99000, 498300},
                         {97000, 497400},
                         {100400, 494400},
                         {103200, 493050},
                         {103500, 491850},
                         {104600, 492900},
                         {106900, 492500},
                         {109700, 494150},
                         {106580, 496680}}},
};

/* The points that fix the border at the plaza, lon/lat 4.66605 52.50174, 4.66691 52.50105 and
 * 4.66833 52.49992, in millimetres of RD New by `cs2cs EPSG:4258 EPSG:28992` with the RDNAPTRANS
 * grid. The table above names them by number. */
static const struct place AT_THE_PLAZA[3] = {
    {106032687, 501804303}, {106090316, 501726949}, {106185486, 501600262}};

static struct place corner(const struct course *course, int index)
{
    const int32_t *at = course->corners[index];
    if (at[1] == 0)
        return AT_THE_PLAZA[at[0]];
    return (struct place){at[0] * INT64_C(1000), at[1] * INT64_C(1000)};
}

struct trace {
    struct place places[MOST_PLACES];
    int count;
};

struct stretch {
    struct place from, to;
    int wind;
};

static int64_t length_about(struct place from, struct place to)
{
    int64_t dx = from.x < to.x ? to.x - from.x : from.x - to.x;
    int64_t dy = from.y < to.y ? to.y - from.y : from.y - to.y;
    return dx > dy ? dx + dy / 2 : dy + dx / 2;
}

/* Adds what lies between the ends and the far end: the middle strays to a side, and so on for each
 * half (midpoint displacement), down to some 60 metres. */
static void add_stretch(struct trace *trace, struct chance *chance, struct stretch stretch)
{
    if (length_about(stretch.from, stretch.to) < 60000) {
        trace->places[trace->count++] = stretch.to;
        return;
    }
    int64_t aside = chance_between(chance, -stretch.wind, stretch.wind);
    int64_t dx = stretch.to.x - stretch.from.x, dy = stretch.to.y - stretch.from.y;
    struct place middle = {stretch.from.x + dx / 2 - dy * aside / 1000,
                           stretch.from.y + dy / 2 + dx * aside / 1000};
    add_stretch(trace, chance, (struct stretch){stretch.from, middle, stretch.wind});
    add_stretch(trace, chance, (struct stretch){middle, stretch.to, stretch.wind});
}

static void trace_course(struct trace *trace, const struct course *course, struct chance *chance)
{
    trace->count = 0;
    trace->places[trace->count++] = corner(course, 0);
    for (int i = 0; i + 1 < course->count; i++) {
        struct place from = corner(course, i), to = corner(course, i + 1);
        /* between two short stretches nothing strays far: there the border is known */
        int wind = length_about(from, to) < 300000 ? course->wind / 4 : course->wind;
        add_stretch(trace, chance, (struct stretch){from, to, wind});
    }
}

/* Which courses go round an area, in order; ~course is run backwards. */
struct area {
    const char *code, *name;
    int count;
    int courses[6];
};

static const struct area AREAS[] = {
    {"GM0375",
     "Beverwijk",
     4,
     {HEEMSKERK_BEVERWIJK, ~BEVERWIJK_EAST, ~BEVERWIJK_VELSEN, ~BEVERWIJK_COAST}},
    {"GM0383", "Castricum", 3, {CASTRICUM_OUTSIDE, CASTRICUM_UITGEEST, HEEMSKERK_CASTRICUM}},
    {"GM0396",
     "Heemskerk",
     5,
     {HEEMSKERK_BEVERWIJK, HEEMSKERK_EAST, HEEMSKERK_UITGEEST, HEEMSKERK_CASTRICUM,
      HEEMSKERK_COAST}},
    {"GM0450", "Uitgeest", 3, {UITGEEST_EAST, HEEMSKERK_UITGEEST, ~CASTRICUM_UITGEEST}},
    {"GM0453", "Velsen", 2, {VELSEN_OUTSIDE, ~BEVERWIJK_VELSEN}},
};

static void add_course(struct trace *ring, const struct trace *course, int backwards)
{
    /* the first place is the last one of the course before */
    for (int i = ring->count > 0 ? 1 : 0; i < course->count; i++)
        ring->places[ring->count++] = course->places[backwards ? course->count - 1 - i : i];
}

void borders_write(const char *folder)
{
    static const struct layer_field fields[] = {{"GM_CODE", 6}, {"GM_NAAM", 40}};
    static struct trace traces[COURSE_COUNT], ring;
    struct chance chance = {20230101};
    struct layer layer = {
        .kind = LAYER_POLYGONS, .fields = fields, .field_count = 2, .units = 1000};
    for (int i = 0; i < COURSE_COUNT; i++)
        trace_course(&traces[i], &COURSES[i], &chance);
    layer_open(&layer, folder, "gemeenten", LAYER_RD_NEW);
    for (size_t i = 0; i < sizeof AREAS / sizeof AREAS[0]; i++) {
        const struct area *area = &AREAS[i];
        ring.count = 0;
        for (int j = 0; j < area->count; j++) {
            int course = area->courses[j], backwards = course < 0;
            add_course(&ring, &traces[backwards ? ~course : course], backwards);
        }
        layer_add(&layer, ring.places, ring.count, (const char *const[]){area->code, area->name});
    }
    layer_close(&layer);
}
