/* Places on the map that something of the sheet refers to, such as where a measure was taken. */
#include "engine/draw/markers.h"

enum { SPOTS = 8 };

/* Points before the kit's unit. */
static const double half_square = 3, edge = 1.2, tag_pad = 2.2;

static void draw_circle(const struct ground *ground, const struct map_marker *marker, double x,
                        double y)
{
    const struct kit *kit = &ground->kit;
    double radius = marker->radius_m * ground->view.scale;
    if (!(radius > half_square * kit->unit))
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

/* Beside the square: right, left, above, below, and then askew. */
static void list_boxes(struct label_box boxes[SPOTS], const struct kit *kit, const char *text,
                       struct spot at)
{
    static const double ways[SPOTS][2] = {{1, 0},  {-1, 0},  {0, -1}, {0, 1},
                                          {1, -1}, {-1, -1}, {1, 1},  {-1, 1}};
    struct letters letters = tag_letters(kit);
    double k = kit->unit, half = canvas_text_width(kit->canvas, &letters, text) / 2 + tag_pad * k;
    double high = canvas_cap_height(letters.size) / 2 + tag_pad * k;
    double off = (half_square + edge + 1.5) * k;
    for (int i = 0; i < SPOTS; i++)
        boxes[i] = (struct label_box){at.x + ways[i][0] * (off + half),
                                      at.y + ways[i][1] * (off + high), half, high, 0};
}

/* A tag may lie within an outline, where no name does, but not on a text or on the border. */
static bool place_tag(struct ground *ground, const char *text, struct spot at, struct error *error)
{
    struct label_box boxes[SPOTS];
    if (!map_has(text))
        return true;
    list_boxes(boxes, &ground->kit, text, at);
    for (int i = 0; i < 2 * SPOTS; i++) {
        const struct label_box *box = &boxes[i % SPOTS];
        if (!labels_fits_among(&ground->labels, box, i < SPOTS ? LABEL_LINE : LABEL_TEXT))
            continue;
        draw_tag(&ground->kit, box, text);
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
    const struct map_sheet *sheet = ground->sheet;
    (void)error;
    for (size_t i = 0; i < sheet->marker_count; i++)
        draw_circle(ground, &sheet->markers[i], view_x(&ground->view, sheet->markers[i].x),
                    view_y(&ground->view, sheet->markers[i].y));
    return true;
}

bool markers_draw(struct ground *ground, struct error *error)
{
    const struct map_sheet *sheet = ground->sheet;
    const double half = (half_square + edge) * ground->kit.unit;
    bool done = true;
    for (size_t i = 0; done && i < sheet->marker_count; i++) {
        double x = view_x(&ground->view, sheet->markers[i].x);
        double y = view_y(&ground->view, sheet->markers[i].y);
        struct label_box box = {x, y, half, half, 0};
        if (!is_shown(ground, &sheet->markers[i]))
            continue;
        draw_square(&ground->kit, x, y);
        done = labels_take(&ground->labels, &box, LABEL_TEXT, error);
    }
    for (size_t i = 0; done && i < sheet->marker_count; i++)
        if (is_shown(ground, &sheet->markers[i]))
            done = place_tag(ground, sheet->markers[i].name,
                             (struct spot){.x = view_x(&ground->view, sheet->markers[i].x),
                                           .y = view_y(&ground->view, sheet->markers[i].y)},
                             error);
    return done;
}
