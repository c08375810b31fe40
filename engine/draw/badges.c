/* Numbers on the outlines of clusters, and the name of the first. */
#include "engine/draw/badges.h"

#include "engine/draw/name.h"

#include <math.h>

enum { SPOTS = 48, SIDES = 6 };

/* Places for a badge on an outline, the best first. */
struct places {
    double x[SPOTS], y[SPOTS];
    size_t count;
};

/* How far a direction from the middle is from upper left, 0 to 2. */
static double turn_from_upper_left(double dx, double dy)
{
    double length = hypot(dx, dy);
    return length > 0 ? 1 + (dx + dy) / length * 0.70710678118654752 : 2;
}

static void sort_places(struct places *places, double x, double y)
{
    for (size_t i = 1; i < places->count; i++)
        for (size_t j = i; j > 0; j--) {
            double here = turn_from_upper_left(places->x[j] - x, places->y[j] - y);
            double before = turn_from_upper_left(places->x[j - 1] - x, places->y[j - 1] - y);
            if (here >= before)
                break;
            double swap = places->x[j];
            places->x[j] = places->x[j - 1];
            places->x[j - 1] = swap;
            swap = places->y[j];
            places->y[j] = places->y[j - 1];
            places->y[j - 1] = swap;
        }
}

static void find_places(struct places *places, const struct trace *trace)
{
    places->count = 0;
    if (trace->part_count == 0)
        return;
    struct along ring = {trace, 0};
    double length = trace_length(trace, 0), x = 0, y = 0;
    for (int i = 0; i < SPOTS; i++) {
        along_at(&places->x[i], &places->y[i], &ring, length * i / SPOTS);
        x += places->x[i] / SPOTS;
        y += places->y[i] / SPOTS;
        places->count++;
    }
    sort_places(places, x, y);
}

static struct label_box badge_box(const struct places *places, size_t at, double radius)
{
    return (struct label_box){places->x[at], places->y[at], radius + 1.5, radius + 1.5, 0};
}

static bool draw_badge(struct ground *ground, const struct label_box *box, size_t number,
                       struct error *error)
{
    furniture_badge(&ground->kit, (struct spot){.x = box->x, .y = box->y}, box->half_width - 1.5,
                    number);
    return labels_take(&ground->labels, box, LABEL_TEXT, error);
}

/* A badge without a name: off the border where that can be, else on it, since a row of the table
 * must be found on the map. */
static bool draw_alone(struct ground *ground, const struct map_cluster *cluster, double radius,
                       struct error *error)
{
    struct places places;
    find_places(&places, &ground->outlines[cluster - ground->sheet->clusters]);
    for (size_t i = 0; i < 2 * places.count; i++) {
        struct label_box box = badge_box(&places, i % places.count, radius);
        if (labels_fits_among(&ground->labels, &box, i < places.count ? LABEL_LINE : LABEL_TEXT))
            return draw_badge(ground, &box, cluster->number, error);
    }
    return true;
}

/* Where the name may stand beside its badge: left, right, above or below. */
static void boxes_beside(struct label_box boxes[SIDES], const struct name *name,
                         const struct label_box *badge, double gap)
{
    struct label_box middle = name_box(name, badge->x, badge->y, 0);
    double wide = badge->half_width + middle.half_width + gap;
    double high = badge->half_height + middle.half_height;
    static const double steps[SIDES][2] = {{-1, 0},   {1, 0},    {-0.6, -1},
                                           {0.6, -1}, {-0.6, 1}, {0, 1}};
    for (int i = 0; i < SIDES; i++) {
        boxes[i] = middle;
        boxes[i].x += steps[i][0] * wide;
        boxes[i].y += steps[i][1] * high;
        if (steps[i][1] == 0)
            boxes[i].y -= 1.2; /* capitals stand on the middle of the badge, as the eye takes it */
    }
}

/* The first place where both the badge and its name fit. */
static bool draw_together(struct ground *ground, const struct map_cluster *cluster,
                          struct error *error)
{
    struct places found, *places = &found;
    find_places(places, &ground->outlines[cluster - ground->sheet->clusters]);
    struct kit *kit = &ground->kit;
    double radius = 11 * kit->unit;
    struct letters letters =
        kit_letters(FACE_BOLD, kit_size(kit, kit->style->type.cluster, 7), kit->style->colour.ink);
    letters.halo = 1.8 * kit->unit;
    letters.halo_colour = colour_fade(kit->style->colour.paper, 0.92);
    struct name name = name_make(ground, &letters, cluster->name ? cluster->name : "");
    for (size_t i = 0; i < SIDES * places->count && map_has(name.text); i++) {
        /* The side first: beside the badge the name is read with it, above it is a title. */
        struct label_box badge = badge_box(places, i % places->count, radius), beside[SIDES];
        size_t side = i / places->count;
        boxes_beside(beside, &name, &badge, 1 * kit->unit);
        if (!labels_fits_among(&ground->labels, &badge, LABEL_LINE)
            || !labels_fits(&ground->labels, &beside[side]))
            continue;
        name_draw(ground, &name, &beside[side]);
        return draw_badge(ground, &badge, cluster->number, error)
               && labels_take(&ground->labels, &beside[side], LABEL_TEXT, error);
    }
    return draw_alone(ground, cluster, radius, error);
}

bool badges_draw_finding(struct ground *ground, struct error *error)
{
    const struct map_cluster *finding = ground_finding(ground->sheet);
    return !finding || draw_together(ground, finding, error);
}

bool badges_draw_others(struct ground *ground, struct error *error)
{
    const struct map_sheet *sheet = ground->sheet;
    const struct map_cluster *finding = ground_finding(sheet);
    bool done = true;
    for (size_t i = 0; done && i < sheet->cluster_count; i++)
        if (sheet->clusters[i].listed && &sheet->clusters[i] != finding)
            done = draw_alone(ground, &sheet->clusters[i], 8 * ground->kit.unit, error);
    return done;
}
