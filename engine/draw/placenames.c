/* Names of water, green, squares and streets, and of jurisdictions in the middle of their ground.
 */
#include "engine/draw/placenames.h"

#include "engine/draw/name.h"

#include <math.h>

enum { LATTICE = 21, SEATS_MOST = 64, TIMES_MOST = 2 };

static bool trace_holds_box(const struct trace *trace, const struct label_box *box)
{
    double corners[8];
    label_box_corners(corners, box);
    for (int i = 0; i < 4; i++)
        if (!trace_holds(trace, corners[2 * i], corners[2 * i + 1]))
            return false;
    return trace_holds(trace, box->x, box->y);
}

static struct box visible_box(const struct ground *ground, const struct trace *trace)
{
    struct box frame = ground->labels.frame, box = box_empty();
    for (size_t i = 0; i < trace->point_count; i++)
        box_add(&box, fmin(fmax(trace->x[i], frame.x_min), frame.x_max),
                fmin(fmax(trace->y[i], frame.y_min), frame.y_max));
    return box;
}

bool placenames_draw_within(struct ground *ground, const struct name *name,
                            const struct trace *trace, struct error *error)
{
    struct box box = visible_box(ground, trace);
    struct label_box best = {0};
    double nearest = INFINITY;
    for (int i = 0; i < LATTICE * LATTICE && !box_is_empty(box); i++) {
        double u = (i % LATTICE + 0.5) / LATTICE, v = ((int)(i / LATTICE) + 0.5) / LATTICE;
        double off =
            vector_length((u - 0.5) * (box.x_max - box.x_min), (v - 0.5) * (box.y_max - box.y_min));
        struct label_box label = name_box(name, box.x_min + u * (box.x_max - box.x_min),
                                          box.y_min + v * (box.y_max - box.y_min), 0);
        if (off < nearest && trace_holds_box(trace, &label)
            && labels_fits(&ground->labels, &label)) {
            nearest = off;
            best = label;
        }
    }
    if (isinf(nearest))
        return true;
    name_draw(ground, name, &best);
    return labels_take(&ground->labels, &best, LABEL_TEXT, error);
}

bool placenames_draw_aside(struct ground *ground, const struct name *name,
                           const struct trace *trace, struct error *error)
{
    static const double corners[4][2] = {{-1, -1}, {1, 1}, {1, -1}, {-1, 1}};
    double pad = 1.2 * name->cap;
    double wide = ground->view.width / 2 - pad - name->width / 2,
           high = ground->view.height / 2 - pad - name->cap / 2;
    for (int i = 0; i < 4; i++) {
        struct label_box box =
            name_box(name, ground->view.x + ground->view.width / 2 + corners[i][0] * wide,
                     ground->view.y + ground->view.height / 2 + corners[i][1] * high, 0);
        if (!trace_holds_box(trace, &box) || !labels_fits_among(&ground->labels, &box, LABEL_LINE))
            continue;
        name_draw(ground, name, &box);
        return labels_take(&ground->labels, &box, LABEL_TEXT, error);
    }
    return placenames_draw_within(ground, name, trace, error);
}

/* What no capital fits into need not be laid out, and there may be very many. */
static bool is_too_low(const struct ground *ground, const struct trace *trace, double size)
{
    struct box box = visible_box(ground, trace);
    return box_is_empty(box) || box.y_max - box.y_min < 0.5 * size;
}

bool placenames_draw_areas(const bool *named, struct ground *ground, struct error *error)
{
    const struct kit *kit = &ground->kit;
    bool many = ground->sheet->area_count > 4, done = true;
    for (size_t i = 0; done && i < ground->sheet->area_count; i++) {
        const struct map_area *area = &ground->sheet->areas[i];
        if (named[i] || !map_has(area->name))
            continue;
        const struct style *style = kit->style;
        double size = ground->small ? style->type.small_jurisdiction
                                    : style->type.jurisdiction * (many ? 0.72 : 1);
        struct letters letters = kit_letters(FACE_BOLD, kit_size(kit, size, 7),
                                             kit->style->side[ground_side(area)].name);
        letters.spacing = ground->small
                              ? style->type.small_jurisdiction_spacing * kit->k
                              : style->type.jurisdiction_spacing * kit->k * (many ? 0.3 : 1);
        letters.halo = 1.6 * kit->unit;
        letters.halo_colour = colour_fade(kit->style->colour.paper, 0.85);
        if (is_too_low(ground, &ground->areas[i], letters.size))
            continue;
        char text[NAME_LONGEST];
        name_capitals(text, area->name);
        struct name name = name_make(ground, &letters, text);
        done = placenames_draw_within(ground, &name, &ground->areas[i], error);
    }
    return done;
}

static struct letters feature_letters(const struct ground *ground, enum map_kind kind)
{
    const struct kit *kit = &ground->kit;
    const struct style *style = kit->style;
    bool natural = kind == MAP_WATER || kind == MAP_GREEN || kind == MAP_SQUARE;
    struct letters letters = kit_letters(
        natural ? FACE_ITALIC : FACE_REGULAR,
        kit_size(kit, style->type.street * (natural ? 1.07 : 1), 5.5), style->colour.street_text);
    if (natural)
        letters.colour = kind == MAP_WATER ? style->colour.water_text : style->colour.green_text;
    letters.spacing = (natural ? 0.2 : 0.4) * kit->unit;
    letters.halo = 1.3 * kit->unit;
    letters.halo_colour = colour_fade(style->colour.paper, 0.85);
    return letters;
}

/* Grey letters cannot be read in the two darkest classes. */
static bool is_hard_to_read(const struct ground *ground, const struct label_box *box)
{
    size_t count = ground->sheet->classes.count;
    return name_is_on_heat(ground, box, count > 1 ? count - 1 : 1);
}

/* Places along a line, from its middle out. */
static size_t list_seats(struct label_box boxes[SEATS_MOST], const struct name *name,
                         const struct along *along)
{
    double length = trace_length(along->trace, along->part);
    double spare = length - name->width, step = fmax(10, spare / (SEATS_MOST - 1));
    const double bulge_most = 1.6;
    size_t count = 0;
    for (int i = 0; i < SEATS_MOST; i++) {
        double from = spare / 2 + step * ((i + 1) / 2) * (i % 2 == 0 ? 1 : -1);
        if (from < 0 || from > spare)
            continue;
        struct seat seat = seat_between(along, from, from + name->width);
        if (seat.below - seat.above <= bulge_most)
            boxes[count++] = name_box(name, seat.x, seat.y, seat.angle);
    }
    return count;
}

/* Along the line, at most twice and well apart. */
static bool place_along(struct ground *ground, const struct name *name, const struct trace *trace,
                        struct error *error)
{
    const double apart = 220 * ground->kit.unit;
    struct label_box drawn[TIMES_MOST], boxes[SEATS_MOST];
    int times = 0;
    for (size_t part = 0; part < trace->part_count; part++) {
        size_t count = list_seats(boxes, name, &(struct along){trace, part});
        for (size_t i = 0; i < count && times < TIMES_MOST; i++) {
            if ((times > 0
                 && vector_length(boxes[i].x - drawn[0].x, boxes[i].y - drawn[0].y) < apart)
                || is_hard_to_read(ground, &boxes[i]) || !labels_fits(&ground->labels, &boxes[i]))
                continue;
            if (!labels_take(&ground->labels, &boxes[i], LABEL_TEXT, error))
                return false;
            name_draw(ground, name, &boxes[i]);
            drawn[times++] = boxes[i];
        }
    }
    return true;
}

static bool draw_kinds(struct ground *ground, const enum map_kind *kinds, size_t kind_count,
                       struct error *error)
{
    bool done = true;
    for (size_t k = 0; k < kind_count; k++)
        for (size_t i = 0; done && i < ground->sheet->feature_count; i++) {
            const struct map_feature *feature = &ground->sheet->features[i];
            if (feature->kind != kinds[k] || !map_has(feature->name))
                continue;
            struct letters letters = feature_letters(ground, feature->kind);
            struct name name = name_make(ground, &letters, feature->name);
            done = feature->is_area
                       ? placenames_draw_within(ground, &name, &ground->features[i], error)
                       : place_along(ground, &name, &ground->features[i], error);
        }
    return done;
}

bool placenames_draw_features(struct ground *ground, struct error *error)
{
    static const enum map_kind order[] = {MAP_WATER, MAP_GREEN, MAP_SQUARE, MAP_MAIN_STREET,
                                          MAP_STREET};
    return !ground->kit.style->layers.names
           || draw_kinds(ground, order, sizeof order / sizeof *order, error);
}
