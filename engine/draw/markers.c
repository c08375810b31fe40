/* Places on the map that something of the sheet refers to, such as where a measure was taken. */
#include "engine/draw/markers.h"

enum { SPOTS = 8 };

/* Points before the kit's unit. */
static const double half_square = 3, edge = 1.2, tag_pad = 2.2, least_radius = 7;

/* Of the circle on the page; 0 when it would be no larger than the square that then stands there.
 */
static double radius_of(const struct ground *ground, const struct map_marker *marker)
{
    double radius = marker->radius_m * ground->view.scale;
    return radius > least_radius * ground->kit.unit ? radius : 0;
}

static void draw_circle(const struct ground *ground, const struct map_marker *marker)
{
    const struct kit *kit = &ground->kit;
    double x = view_x(&ground->view, marker->x), y = view_y(&ground->view, marker->y);
    double radius = radius_of(ground, marker);
    if (!(radius > 0))
        return;
    canvas_save(kit->canvas);
    view_clip(kit->canvas, &ground->view);
    canvas_add_circle(kit->canvas, x, y, radius);
    canvas_stroke_keep(
        kit->canvas, &(struct pen){.colour = kit->style->colour.casing, .width = 2.8 * kit->unit});
    canvas_stroke(kit->canvas, &(struct pen){.colour = kit->style->colour.ink,
                                             .width = 1 * kit->unit,
                                             .dash = 3.2 * kit->unit,
                                             .gap = 2.2 * kit->unit,
                                             .flat = true});
    canvas_restore(kit->canvas);
}

static void draw_square(const struct kit *kit, double x, double y)
{
    double half = half_square * kit->unit, out = half + edge * kit->unit;
    canvas_rectangle(kit->canvas, kit->style->colour.paper,
                     (double[4]){x - out, y - out, 2 * out, 2 * out});
    canvas_rectangle(kit->canvas, kit->style->colour.ink,
                     (double[4]){x - half, y - half, 2 * half, 2 * half});
}

static struct letters tag_letters(const struct kit *kit)
{
    return kit_letters(FACE_BOLD, kit_size(kit, kit->style->type.scale, 5.5),
                       kit->style->colour.ink);
}

/* Dark on light with an edge, so that it is no cluster's badge. */
static void draw_tag(const struct kit *kit, const struct label_box *box, const char *text)
{
    struct letters letters = tag_letters(kit);
    const double frame[4] = {box->x - box->half_width, box->y - box->half_height,
                             2 * box->half_width, 2 * box->half_height};
    canvas_rectangle(kit->canvas, kit->style->colour.paper, frame);
    canvas_add_rectangle(kit->canvas, frame);
    canvas_stroke(
        kit->canvas,
        &(struct pen){.colour = kit->style->colour.ink, .width = 0.8 * kit->unit, .mitred = true});
    canvas_text(kit->canvas,
                (struct spot){.x = box->x,
                              .y = box->y + canvas_cap_height(letters.size) / 2,
                              .align = ALIGN_CENTRE},
                &letters, text);
}

/* Ways from a place, the best first: unit vectors, so that a circle is met on its line. */
static const double ways[SPOTS][2] = {{1, 0},           {-1, 0},           {0, -1},
                                      {0, 1},           {0.7071, -0.7071}, {-0.7071, -0.7071},
                                      {0.7071, 0.7071}, {-0.7071, 0.7071}};

static struct label_box tag_box(const struct kit *kit, const char *text)
{
    struct letters letters = tag_letters(kit);
    return (struct label_box){
        .half_width = canvas_text_width(kit->canvas, &letters, text) / 2 + tag_pad * kit->unit,
        .half_height = canvas_cap_height(letters.size) / 2 + tag_pad * kit->unit};
}

/* Where the tag may stand: on the circle, which leaves what is in it to be seen, or beside the
 * square. */
static void list_boxes(struct label_box boxes[SPOTS], const struct ground *ground,
                       const struct map_marker *marker)
{
    const struct kit *kit = &ground->kit;
    double radius = radius_of(ground, marker);
    double off = (half_square + edge + 1.5) * kit->unit;
    struct label_box box = tag_box(kit, marker->name);
    for (int i = 0; i < SPOTS; i++) {
        double wide = radius > 0 ? radius : off + box.half_width;
        double high = radius > 0 ? radius : off + box.half_height;
        boxes[i] = box;
        boxes[i].x = view_x(&ground->view, marker->x) + ways[i][0] * wide;
        boxes[i].y = view_y(&ground->view, marker->y) + ways[i][1] * high;
    }
}

/* A tag may lie within an outline, where no name does, but not on a text or on the border. */
static bool place_tag(struct ground *ground, const struct map_marker *marker, struct error *error)
{
    struct label_box boxes[SPOTS];
    if (!map_has(marker->name))
        return true;
    list_boxes(boxes, ground, marker);
    for (int i = 0; i < 3 * SPOTS; i++) {
        const struct label_box *box = &boxes[i % SPOTS];
        bool fits = i < SPOTS ? labels_fits(&ground->labels, box)
                              : labels_fits_among(&ground->labels, box,
                                                  i < 2 * SPOTS ? LABEL_LINE : LABEL_TEXT);
        if (!fits)
            continue;
        draw_tag(&ground->kit, box, marker->name);
        return labels_take(&ground->labels, box, LABEL_TEXT, error);
    }
    return true;
}

static bool is_shown(const struct ground *ground, const struct map_marker *marker)
{
    const struct box *box = &ground->view.ground;
    return marker->x >= box->x_min && marker->x <= box->x_max && marker->y >= box->y_min
           && marker->y <= box->y_max;
}

bool markers_circles(struct ground *ground, struct error *error)
{
    (void)error;
    for (size_t i = 0; i < ground->sheet->marker_count; i++)
        draw_circle(ground, &ground->sheet->markers[i]);
    return true;
}

bool markers_draw(struct ground *ground, struct error *error)
{
    const struct map_sheet *sheet = ground->sheet;
    const double half = (half_square + edge) * ground->kit.unit;
    bool done = true;
    for (size_t i = 0; done && i < sheet->marker_count; i++) {
        const struct map_marker *marker = &sheet->markers[i];
        struct label_box box = {view_x(&ground->view, marker->x), view_y(&ground->view, marker->y),
                                half, half, 0};
        if (!is_shown(ground, marker) || radius_of(ground, marker) > 0)
            continue;
        draw_square(&ground->kit, box.x, box.y);
        done = labels_take(&ground->labels, &box, LABEL_TEXT, error);
    }
    for (size_t i = 0; done && i < sheet->marker_count; i++)
        if (is_shown(ground, &sheet->markers[i]))
            done = place_tag(ground, &sheet->markers[i], error);
    return done;
}
