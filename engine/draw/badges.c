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

/* Where badges are wanted: a middle, and the way from it to the best place. */
struct aim {
    double x, y, dx, dy;
};

/* How far a place is turned from the way that is wanted, 0 to 2. */
static double turn_from(const struct aim *aim, double x, double y)
{
    double dx = x - aim->x, dy = y - aim->y,
           length = vector_length(dx, dy) * vector_length(aim->dx, aim->dy);
    return length > 0 ? 1 - (dx * aim->dx + dy * aim->dy) / length : 2;
}

static void sort_places(struct places *places, const struct aim *aim)
{
    for (size_t i = 1; i < places->count; i++)
        for (size_t j = i; j > 0; j--) {
            if (turn_from(aim, places->x[j], places->y[j])
                >= turn_from(aim, places->x[j - 1], places->y[j - 1]))
                break;
            double swap = places->x[j];
            places->x[j] = places->x[j - 1];
            places->x[j - 1] = swap;
            swap = places->y[j];
            places->y[j] = places->y[j - 1];
            places->y[j - 1] = swap;
        }
}

/* Upper left first; on an outline that the border cuts, away from the border first. */
static void find_places(struct places *places, const struct ground *ground,
                        const struct trace *trace)
{
    places->count = 0;
    if (trace->part_count == 0)
        return;
    struct along ring = {trace, 0};
    struct aim aim = {.dx = -1, .dy = -1};
    double length = trace_length(trace, 0), x, y, own_x = 0, own_y = 0;
    for (int i = 0; i < SPOTS; i++) {
        along_at(&x, &y, &ring, length * i / SPOTS);
        aim.x += x / SPOTS;
        aim.y += y / SPOTS;
        if (!ground_has_data(ground, x, y))
            continue;
        own_x += x;
        own_y += y;
        places->x[places->count] = x;
        places->y[places->count++] = y;
    }
    if (places->count > 0 && places->count < SPOTS) {
        aim.dx = own_x / (double)places->count - aim.x;
        aim.dy = own_y / (double)places->count - aim.y;
    }
    sort_places(places, &aim);
}

static struct label_box badge_box(const struct places *places, size_t at, double radius)
{
    return (struct label_box){places->x[at], places->y[at], radius + 1.5, radius + 1.5, 0};
}

static bool draw_badge(struct ground *ground, const struct label_box *box, size_t number,
                       struct error *error)
{
    bool other = ground->small && (!ground->finding || ground->finding->number != number);
    const struct style *style = ground->kit.style;
    struct disc disc = {box->half_width - 1.5,
                        other ? style->colour.badge_other : style->colour.badge, number};
    furniture_disc(&ground->kit, (struct spot){.x = box->x, .y = box->y}, &disc);
    return labels_take(&ground->labels, box, LABEL_TEXT, error);
}

/* A badge without a name: off the border where that can be, else on it, since a row of the table
 * must be found on the map. */
static bool draw_alone(struct ground *ground, const struct map_cluster *cluster, double radius,
                       struct error *error)
{
    struct places places;
    find_places(&places, ground, &ground->outlines[cluster - ground->sheet->clusters]);
    for (size_t i = 0; i < 2 * places.count; i++) {
        struct label_box box = badge_box(&places, i % places.count, radius);
        if (labels_fits_among(&ground->labels, &box, i < places.count ? LABEL_LINE : LABEL_TEXT))
            return draw_badge(ground, &box, cluster->number, error);
    }
    return true;
}

/* On a small outline a badge is smaller, or it would hide what it is about. */
static double badge_radius(const struct ground *ground, const struct map_cluster *cluster,
                           double usual)
{
    const struct trace *trace = &ground->outlines[cluster - ground->sheet->clusters];
    double unit = ground->kit.unit, high = fmax(trace->bottom - trace->top, 0);
    return fmin(usual * unit, fmax(0.22 * high, 6 * unit));
}

/* Where the name may stand beside its badge: left, right, above or below. */
static void boxes_beside(struct label_box boxes[SIDES], const struct name *name,
                         const struct label_box *badge, double gap)
{
    struct label_box middle = name_box(name, badge->x, badge->y, 0);
    double wide = badge->half_width + middle.half_width + gap;
    double high = badge->half_height + middle.half_height + 0.01; /* beside it to the last bit */
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

static bool lies_on_data(const struct ground *ground, const struct label_box *box)
{
    double corners[8];
    label_box_corners(corners, box);
    for (int i = 0; i < 4; i++)
        if (!ground_has_data(ground, corners[2 * i], corners[2 * i + 1]))
            return false;
    return true;
}

/* Whether a name lies over ground that belongs to the cluster itself. */
static bool lies_on(const struct trace *outline, const struct label_box *box)
{
    enum { STEPS = 8 };
    for (int i = 0; i <= STEPS; i++)
        for (int j = -1; j <= 1; j++)
            if (trace_holds(outline, box->x + box->half_width * (2.0 * i / STEPS - 1),
                            box->y + box->half_height * j))
                return true;
    return false;
}

/* Where a name may lie: clear of everything, or, where it would go unnamed, over another outline.
 */
static bool name_fits(const struct ground *ground, const struct trace *outline,
                      const struct label_box *box, bool over_others)
{
    if (!lies_on_data(ground, box))
        return false;
    return over_others
               ? labels_fits_among(&ground->labels, box, LABEL_LINE) && !lies_on(outline, box)
               : labels_fits(&ground->labels, box);
}

/* The first place where both the badge and its name fit. */
static bool draw_together(struct ground *ground, const struct map_cluster *cluster,
                          struct error *error)
{
    struct places found, *places = &found;
    const struct trace *outline = &ground->outlines[cluster - ground->sheet->clusters];
    find_places(places, ground, outline);
    struct kit *kit = &ground->kit;
    double radius = badge_radius(ground, cluster, ground->small ? 9.5 : 11);
    double size = ground->small ? kit->style->type.small_cluster : kit->style->type.cluster;
    struct letters letters = kit_letters(FACE_BOLD, kit_size(kit, size, 7), kit->style->colour.ink);
    letters.halo = 1.8 * kit->unit;
    letters.halo_colour = colour_fade(kit->style->colour.paper, 0.92);
    struct name name = name_make(ground, &letters, cluster->name ? cluster->name : "");
    size_t ways = SIDES * places->count;
    for (size_t i = 0; i < 2 * ways && map_has(name.text); i++) {
        /* The side first: beside the badge the name is read with it, above it is a title. */
        struct label_box badge = badge_box(places, i % places->count, radius), beside[SIDES];
        size_t side = i % ways / places->count;
        boxes_beside(beside, &name, &badge, 1 * kit->unit);
        if (!labels_fits_among(&ground->labels, &badge, i < ways ? LABEL_LINE : LABEL_TEXT)
            || !name_fits(ground, outline, &beside[side], i >= ways))
            continue;
        name_draw(ground, &name, &beside[side]);
        return draw_badge(ground, &badge, cluster->number, error)
               && labels_take(&ground->labels, &beside[side], LABEL_TEXT, error);
    }
    return draw_alone(ground, cluster, radius, error);
}

bool badges_draw_finding(struct ground *ground, struct error *error)
{
    const struct map_cluster *finding = ground->finding;
    return !finding || draw_together(ground, finding, error);
}

bool badges_draw_others(struct ground *ground, struct error *error)
{
    const struct map_sheet *sheet = ground->sheet;
    bool done = true;
    for (size_t i = 0; done && i < sheet->cluster_count; i++)
        if (sheet->clusters[i].listed && &sheet->clusters[i] != ground->finding)
            done = draw_alone(ground, &sheet->clusters[i],
                              badge_radius(ground, &sheet->clusters[i], ground->small ? 6.5 : 8),
                              error);
    return done;
}
