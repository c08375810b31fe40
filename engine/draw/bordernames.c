/* Names of jurisdictions along their shared border, one on each side. */
#include "engine/draw/bordernames.h"

#include "engine/draw/name.h"

#include <math.h>
#include <stdlib.h>

/* The names of a border's first and second area. */
struct pair {
    struct name name[2];
    const struct trace *border;
};

/* One of the two while a place is sought. */
struct side {
    const struct name *name;
    struct along along;
    int number; /* 0 above, 1 below */
};

/* A stretch of border that could carry the names. */
struct stretch {
    struct seat seat;
    size_t part;
    double at; /* distance of its middle along the part */
    double cost;
};

struct stretches {
    struct stretch *items;
    size_t count, capacity;
};

static struct name area_name(const struct ground *ground, size_t area, double scale)
{
    const struct kit *kit = &ground->kit;
    const struct map_area *of = &ground->sheet->areas[area];
    char capitals[NAME_LONGEST];
    name_capitals(capitals, of->name ? of->name : "");
    const struct style *style = kit->style;
    double size = ground->small ? style->type.small_jurisdiction : style->type.jurisdiction;
    struct letters letters =
        kit_letters(FACE_BOLD, kit_size(kit, size * scale, 7), style->side[ground_side(of)].name);
    letters.spacing =
        (ground->small ? style->type.small_jurisdiction_spacing : style->type.jurisdiction_spacing)
        * kit->k * scale;
    letters.halo = 2 * kit->unit;
    letters.halo_colour = colour_fade(kit->style->colour.paper, 0.92);
    return name_make(ground, &letters, capitals);
}

static void finding_middle(double *x, double *y, const struct ground *ground)
{
    const struct map_cluster *finding = ground->finding;
    *x = ground->view.x + ground->view.width / 2;
    *y = ground->view.y + ground->view.height / 2;
    if (!finding || !finding->outline || finding->outline->point_count == 0)
        return;
    struct box box = shape_box(finding->outline);
    *x = view_x(&ground->view, (box.x_min + box.x_max) / 2);
    *y = view_y(&ground->view, (box.y_min + box.y_max) / 2);
}

static int compare_stretches(const void *left, const void *right)
{
    const struct stretch *a = left, *b = right;
    if (a->cost != b->cost)
        return a->cost < b->cost ? -1 : 1;
    if (a->part != b->part)
        return a->part < b->part ? -1 : 1;
    return (a->at > b->at) - (a->at < b->at);
}

static bool list_part(struct stretches *stretches, const struct ground *ground,
                      const struct along *along, const struct pair *pair)
{
    double width = fmax(pair->name[0].width, pair->name[1].width) + 6;
    double length = trace_length(along->trace, along->part);
    double step = fmax(5, length / 400), focus_x, focus_y;
    finding_middle(&focus_x, &focus_y, ground);
    for (double from = 0; from + width <= length; from += step) {
        struct capacity capacity = {stretches->capacity, sizeof *stretches->items};
        if (!array_reserve(&stretches->items, &capacity, stretches->count + 1, NULL))
            return false;
        stretches->capacity = capacity.held;
        struct seat seat = seat_between(along, from, from + width);
        double bulge = seat.below - seat.above;
        double cost = 6 * bulge + 0.25 * vector_length(seat.x - focus_x, seat.y - focus_y);
        stretches->items[stretches->count++] =
            (struct stretch){seat, along->part, from + width / 2, cost};
    }
    return true;
}

/* The box of the name above (0) or below (1) whose middle is at `at` along the border: some points
 * off the worst bulge on its side. */
static struct label_box side_box(const struct ground *ground, const struct name *name,
                                 const struct seat *seat, int side)
{
    const double off = 7 * ground->kit.unit;
    double half = name->cap / 2;
    double across = side == 0 ? seat->above - off - half : seat->below + off + half;
    return name_box(name, seat->x - across * sin(seat->angle), seat->y + across * cos(seat->angle),
                    seat->angle);
}

/* Finds room for one name at the stretch or a little along from it: the two need not stand exactly
 * opposite one another. */
static bool find_side(struct label_box *box, const struct ground *ground,
                      const struct stretch *stretch, const struct side *side)
{
    static const double shifts[] = {0, -8, 8, -16, 16, -24, 24, -34, 34};
    double half = side->name->width / 2 + 2;
    double length = trace_length(side->along.trace, side->along.part);
    for (size_t i = 0; i < sizeof shifts / sizeof *shifts; i++) {
        double at = stretch->at + shifts[i] * ground->kit.unit;
        if (at < half || at > length - half)
            continue;
        struct seat seat = seat_between(&side->along, at - half, at + half);
        /* Round a corner the text would turn its back on the other one. */
        if (fabs(seat.angle - stretch->seat.angle) > 0.5)
            continue;
        *box = side_box(ground, side->name, &seat, side->number);
        /* The heat is asked first: its answer costs less. */
        const size_t pale = 1;
        if (!name_is_on_heat(ground, box, pale + 1) && labels_fits(&ground->labels, box))
            return true;
    }
    return false;
}

/* Which of the pair lies above the seat: the one that holds more of the places there. */
static bool second_is_above(const struct ground *ground, const struct map_border *border,
                            const struct seat *seat)
{
    static const double distances[3] = {3, 8, 16};
    int first = 0, second = 0;
    for (int i = 0; i < 3; i++)
        for (int side = 0; side < 2; side++) {
            double across = side == 0 ? seat->above - distances[i] : seat->below + distances[i];
            double x = seat->x - across * sin(seat->angle);
            double y = seat->y + across * cos(seat->angle);
            int sign = side == 0 ? 1 : -1;
            first += trace_holds(&ground->areas[border->first], x, y) ? sign : 0;
            second += trace_holds(&ground->areas[border->second], x, y) ? sign : 0;
        }
    return second > first;
}

static struct pair make_pair(const struct ground *ground, size_t index, double scale)
{
    const struct map_border *border = &ground->sheet->borders[index];
    return (struct pair){
        {area_name(ground, border->first, scale), area_name(ground, border->second, scale)},
        &ground->borders[index]};
}

enum { PAIRS_MOST = 8 };

/* Where the names of one border would come. */
struct plan {
    struct pair pair;
    struct label_box boxes[PAIRS_MOST][2]; /* above, below */
    bool turned[PAIRS_MOST];               /* the second area's name is the one above */
    struct stretch at[PAIRS_MOST];
    size_t count;
};

static bool far_from_all(const struct stretch *stretch, const struct plan *plan)
{
    const double apart = 280; /* so that hardly more than 400 points go unnamed */
    for (size_t i = 0; i < plan->count; i++) {
        const struct stretch *other = &plan->at[i];
        if (vector_length(stretch->seat.x - other->seat.x, stretch->seat.y - other->seat.y) < apart
            || (stretch->part == other->part && fabs(stretch->at - other->at) < apart))
            return false;
    }
    return true;
}

/* Adds the stretch to the plan when both names fit there; false when memory is out. */
static bool try_stretch(struct plan *plan, struct ground *ground, const struct stretch *stretch,
                        bool turned)
{
    struct label_box *boxes = plan->boxes[plan->count];
    for (int number = 0; number < 2; number++) {
        struct side side = {&plan->pair.name[turned ? 1 - number : number],
                            {plan->pair.border, stretch->part},
                            number};
        if (!find_side(&boxes[number], ground, stretch, &side))
            return true;
    }
    plan->turned[plan->count] = turned;
    plan->at[plan->count++] = *stretch;
    return labels_take(&ground->labels, &boxes[0], LABEL_TEXT, NULL)
           && labels_take(&ground->labels, &boxes[1], LABEL_TEXT, NULL);
}

/* Leaves the labels as they were. A plan whose first place costs `cost_most` or more is no use to
 * the caller: it stays empty. */
static bool make_plan(struct plan *plan, struct ground *ground, size_t index,
                      const struct stretches *stretches, double cost_most)
{
    const size_t pairs_most = ground->small ? 1 : PAIRS_MOST;
    size_t taken = ground->labels.count;
    bool done = true;
    for (size_t i = 0; done && i < stretches->count && plan->count < pairs_most; i++) {
        const struct stretch *stretch = &stretches->items[i];
        if (plan->count == 0 && !(stretch->cost < cost_most))
            break; /* they rise */
        if (far_from_all(stretch, plan))
            done = try_stretch(
                plan, ground, stretch,
                second_is_above(ground, &ground->sheet->borders[index], &stretch->seat));
    }
    ground->labels.count = taken;
    return done;
}

static bool follow_plan(const struct plan *plan, struct ground *ground)
{
    for (size_t i = 0; i < plan->count; i++)
        for (int number = 0; number < 2; number++) {
            const struct label_box *box = &plan->boxes[i][number];
            if (!labels_take(&ground->labels, box, LABEL_TEXT, NULL))
                return false;
            name_draw(ground, &plan->pair.name[plan->turned[i] ? 1 - number : number], box);
        }
    return true;
}

/* Each name where it fits best by itself, not opposite the other: on a small map that is better
 * than none. */
static bool place_apart(bool *named, struct ground *ground, size_t index,
                        const struct stretches *stretches)
{
    const struct map_border *border = &ground->sheet->borders[index];
    const double least_scale = 0.8;
    struct pair pair = make_pair(ground, index, least_scale);
    const size_t areas[2] = {border->first, border->second};
    for (int which = 0; which < 2; which++)
        for (size_t i = 0; i < stretches->count && !named[areas[which]]; i++) {
            const struct stretch *stretch = &stretches->items[i];
            bool turned = second_is_above(ground, border, &stretch->seat);
            struct side side = {
                &pair.name[which], {pair.border, stretch->part}, (which == 0) != turned ? 0 : 1};
            struct label_box box;
            if (!find_side(&box, ground, stretch, &side))
                continue;
            if (!labels_take(&ground->labels, &box, LABEL_TEXT, NULL))
                return false;
            name_draw(ground, &pair.name[which], &box);
            named[areas[which]] = true;
        }
    return true;
}

static bool list_stretches(struct stretches *stretches, const struct ground *ground,
                           const struct pair *pair)
{
    stretches->count = 0;
    for (size_t part = 0; part < pair->border->part_count; part++)
        if (!list_part(stretches, ground, &(struct along){pair->border, part}, pair))
            return false;
    if (stretches->count > 0)
        qsort(stretches->items, stretches->count, sizeof *stretches->items, compare_stretches);
    return true;
}

/* In smaller letters when a much better place can be had so. */
static bool name_border(struct plan *best, struct ground *ground, size_t index,
                        struct stretches *stretches)
{
    static const double scales[] = {1, 0.9, 0.8};
    const double much_better = 0.6;
    bool done = true;
    for (size_t i = 0; done && i < sizeof scales / sizeof *scales; i++) {
        struct plan plan = {.pair = make_pair(ground, index, scales[i])};
        double cost_most = best->count > 0 ? much_better * best->at[0].cost : INFINITY;
        done = list_stretches(stretches, ground, &plan.pair)
               && make_plan(&plan, ground, index, stretches, cost_most);
        if (best->count == 0 || plan.count > 0)
            *best = plan;
    }
    return done && follow_plan(best, ground);
}

/* The first and the second side: a small map has room for no more names. */
static bool is_between_sides(const struct ground *ground, const struct map_border *border)
{
    const struct map_area *areas = ground->sheet->areas;
    return areas[border->first].side < 2 && areas[border->second].side < 2;
}

bool bordernames_draw(bool *named, struct ground *ground, struct error *error)
{
    struct stretches stretches = {0};
    bool done = true;
    for (size_t i = 0; done && i < ground->sheet->border_count; i++) {
        const struct map_border *border = &ground->sheet->borders[i];
        struct plan plan = {0};
        if (ground->small && !is_between_sides(ground, border))
            continue;
        done = name_border(&plan, ground, i, &stretches);
        if (plan.count > 0)
            named[border->first] = named[border->second] = true;
        else if (done && ground->small)
            done = place_apart(named, ground, i, &stretches);
    }
    array_free(&stretches.items);
    return done || error_set(error, ERROR_INTERNAL, "there is no memory left to place names");
}
