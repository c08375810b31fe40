/* A small map of what each of two sides misses: on its ground, the density of all but its own. */
#include "engine/draw/missedmap.h"

#include "engine/draw/name.h"
#include "engine/draw/names.h"
#include "engine/draw/page.h"
#include "engine/draw/placenames.h"
#include "engine/draw/topography.h"

#include <math.h>

/* Everything that goes on while the map is drawn. */
struct making {
    const struct block *block;
    const struct missed_map *missed;
    const struct missed_on_sheet *sheet;
    struct colour colours[2 * MISSED_LIMITS_MOST + 1]; /* from the first side's most to the second's
                                                        */
    struct classes classes;                            /* those limits that are drawn */
    bool withheld;
    struct ground ground;
    struct map_sheet shown;
    struct style style; /* without buildings: they would be too small to be more than noise */
};

static struct colour class_colour(const struct making *making, size_t side, size_t rank)
{
    return making
        ->colours[side == 0 ? making->classes.count - 1 - rank : making->classes.count + 1 + rank];
}

/* Whether the side misses something at a place. */
static bool is_missed_at(const struct making *making, size_t side, double x, double y)
{
    const struct raster *density = making->missed->density[side];
    return density && density->values && raster_at(density, x, y) >= making->classes.limits[0]
           && shape_holds(making->sheet->base->areas[making->sheet->sides[side]].shape, x, y);
}

/* Where something is missed, on a lattice over the sheet's ground; empty when nothing is. */
static struct box missed_box(const struct making *making, const struct view *whole)
{
    enum { ACROSS = 72, DOWN = 54 };
    struct box box = box_empty(), ground = whole->ground;
    double wide = (ground.x_max - ground.x_min) / ACROSS,
           high = (ground.y_max - ground.y_min) / DOWN;
    for (int i = 0; i < ACROSS * DOWN; i++) {
        double x = ground.x_min + (i % ACROSS + 0.5) * wide;
        double y = ground.y_min + ((int)(i / ACROSS) + 0.5) * high;
        if (is_missed_at(making, 0, x, y) || is_missed_at(making, 1, x, y)) {
            box_add(&box, x - wide, y - high);
            box_add(&box, x + wide, y + high);
        }
    }
    return box;
}

/* Keeps a stretch of `length` within the whole one where it can. */
static void keep_within(double *low, double *high, const double whole[2])
{
    double over = fmax(*high - whole[1], 0), under = fmax(whole[0] - *low, 0);
    if (over > 0 && under > 0)
        return;
    *low += under - over;
    *high += under - over;
}

/* The ground around what is missed, in the frame's shape and not smaller than a third of the
 * sheet's: then it is still seen to be the same place. */
static struct view fit_ground(const struct making *making, const double frame[4])
{
    const double least_part = 1 / 3.0, around = 0.12;
    struct view whole = view_fit(making->sheet->base->ground, frame);
    struct box box = missed_box(making, &whole);
    if (box_is_empty(box))
        return whole;
    double wide = (box.x_max - box.x_min) * around, high = (box.y_max - box.y_min) * around;
    struct view view = view_fit(
        (struct box){box.x_min - wide, box.y_min - high, box.x_max + wide, box.y_max + high},
        frame);
    double grow = fmax((whole.ground.x_max - whole.ground.x_min) * least_part
                           / (view.ground.x_max - view.ground.x_min),
                       1);
    double x = (view.ground.x_min + view.ground.x_max) / 2,
           y = (view.ground.y_min + view.ground.y_max) / 2;
    double half_x = (view.ground.x_max - view.ground.x_min) / 2 * grow,
           half_y = (view.ground.y_max - view.ground.y_min) / 2 * grow;
    struct box ground = {x - half_x, y - half_y, x + half_x, y + half_y};
    keep_within(&ground.x_min, &ground.x_max, (double[2]){whole.ground.x_min, whole.ground.x_max});
    keep_within(&ground.y_min, &ground.y_max, (double[2]){whole.ground.y_min, whole.ground.y_max});
    return view_fit(ground, frame);
}

/* What one side misses, on its own ground. */
static bool draw_side(struct making *making, size_t side, struct error *error)
{
    struct ground *ground = &making->ground;
    const struct missed_map *missed = making->missed;
    struct colour colours[MISSED_LIMITS_MOST];
    if (!missed->density[side] || !missed->density[side]->values)
        return true;
    for (size_t i = 0; i < making->classes.count; i++)
        colours[i] = class_colour(making, side, i);
    const struct map_sheet *base = making->sheet->base;
    struct heat_source source = {.density = missed->density[side],
                                 .support = missed->support[side],
                                 .least_support = base->least_support,
                                 .classes = &making->classes,
                                 .colours = colours,
                                 .no_data = ground->kit.style->colour.outside,
                                 .view = &ground->view,
                                 .pixels_per_point = canvas_scale(ground->kit.canvas),
                                 .thread_count = ground->kit.thread_count};
    ground->own = &making->shown.areas[making->sheet->sides[side]];
    bool done = heat_read(&ground->heat, &source, error) && ground_hatch(ground, error)
                && ground_heat(ground, error) && ground_withheld(ground, error);
    making->withheld = making->withheld || ground->heat.has_withheld;
    heat_free(&ground->heat);
    array_free(&ground->hatch);
    ground->own = NULL;
    return done;
}

/* What is said of a side, or where that does not fit its name alone, on its ground. */
static bool draw_words(struct making *making, size_t side, struct error *error)
{
    struct ground *ground = &making->ground;
    const struct trace *area = &ground->areas[making->sheet->sides[side]];
    struct block_side look = block_side(making->block, side);
    struct letters letters = block_coloured(making->block, FACE_CONDENSED_BOLD,
                                            ground->kit.style->type.bar * 0.88, look.name);
    letters.halo = 1.6 * ground->kit.unit;
    letters.halo_colour = colour_fade(ground->kit.style->colour.paper, 0.9);
    const char *const texts[2] = {making->missed->missed_by[side], look.name_text};
    size_t taken = ground->labels.count;
    bool done = true;
    for (int i = 0; done && i < 2 && ground->labels.count == taken; i++) {
        if (!map_has(texts[i]))
            continue;
        struct letters fitting = fit_whole(
            making->block, &(struct fit_text){letters, ground->view.width * 0.9, texts[i]}, 6);
        struct name name = name_make(ground, &fitting, texts[i]);
        done = placenames_draw_aside(ground, &name, area, error);
    }
    return done;
}

static bool draw_map(struct making *making, struct error *error)
{
    struct ground *ground = &making->ground;
    return ground_open(ground, error) && ground_land(ground, error)
           && topography_draw(ground, error) && draw_side(making, 0, error)
           && draw_side(making, 1, error) && ground_outside(ground, error)
           && ground_outer_borders(ground, error) && ground_borders(ground, error)
           && names_begin(ground, error) && draw_words(making, 0, error)
           && draw_words(making, 1, error) && ground_frame(ground, error);
}

/* A figure on the limit between two boxes. */
static void draw_limit(const struct making *making, double x, double y, double limit)
{
    const struct block *block = making->block;
    char text[FIGURE_TEXT];
    struct letters letters = block_ink(block, FACE_REGULAR, block->kit.style->type.scale * 0.98);
    kit_figure(text, limit, block->texts);
    block_text(block, (struct spot){.x = x, .y = y + letters.size, .align = ALIGN_CENTRE}, &letters,
               text);
}

/* Boxes from the first side's most to the second's, and figures on the limits. */
static void draw_scale(const struct making *making, double y)
{
    const struct block *block = making->block;
    const struct kit *kit = &block->kit;
    size_t count = 2 * making->classes.count + 1;
    double step = block->width / (double)count, high = 7 * kit->unit;
    for (size_t i = 0; i < count; i++)
        canvas_rectangle(kit->canvas, making->colours[i],
                         (double[4]){block->x + step * (double)i, y, step + 0.2, high});
    canvas_add_rectangle(kit->canvas, (double[4]){block->x, y, block->width, high});
    canvas_stroke(kit->canvas, &(struct pen){.colour = kit->style->colour.frame,
                                             .width = kit->style->line.frame * kit->k,
                                             .mitred = true});
    for (size_t i = 0; i < making->classes.count; i++) {
        double limit = making->classes.limits[i], below = y + high + 1.5 * kit->unit;
        draw_limit(making, block->x + step * (double)(making->classes.count - i), below, limit);
        draw_limit(making, block->x + step * (double)(making->classes.count + 1 + i), below, limit);
    }
}

static void set_up(struct making *making)
{
    const struct map_sheet *base = making->sheet->base;
    making->classes = making->missed->classes;
    if (making->classes.count > MISSED_LIMITS_MOST)
        making->classes.count = MISSED_LIMITS_MOST;
    ramp_classes(making->colours, 2 * making->classes.count + 1,
                 &making->block->kit.style->heat.diverging);
    making->style = *making->block->kit.style;
    making->style.layers.buildings = false;
    /* What is missed lies along the border: a line as thick as on the large maps would hide it. */
    making->style.line.border_small *= 0.75;
    making->style.line.border_casing *= 0.6;
    making->style.line.casing_ground_m = 0;
    making->shown = *base;
    making->shown.density = making->shown.support = NULL;
    making->shown.cluster_count = 0;
    making->ground = (struct ground){.kit = making->block->kit, .sheet = &making->shown};
    making->ground.kit.style = &making->style;
    making->ground.small = true;
}

bool missedmap_draw(bool *withheld, const struct block *block, const struct missed_on_sheet *what,
                    struct error *error)
{
    const double scale_high = 20, least_map = 24;
    struct block rest = block_begin(block, &what->missed->head);
    double k = rest.kit.unit, high = rest.height - scale_high * k;
    struct making making = {.block = &rest, .missed = what->missed, .sheet = what};
    if (what->missed->classes.count == 0 || high < least_map * k)
        return true;
    set_up(&making);
    double frame[4] = {rest.x, rest.y, rest.width, high};
    page_snap(frame, canvas_scale(rest.kit.canvas));
    making.ground.view = fit_ground(&making, frame);
    bool done = draw_map(&making, error);
    if (done)
        draw_scale(&making, frame[1] + frame[3] + 4 * k);
    *withheld = *withheld || making.withheld;
    ground_close(&making.ground);
    return done;
}
