/* The squares of packages on a border sheet: what of it they take part in, and what is said. */
#include "engine/report/border_squares.h"

#include "engine/report/wording.h"

static bool find_of(struct border_squares *squares, int which, struct error *error)
{
    const struct packages *all = &squares->study->packages;
    struct packages *own = &squares->packages[which];
    if (!array_new(&own->items, all->count, sizeof *own->items, error))
        return false;
    for (size_t i = 0; i < all->count; i++)
        for (int side = 0; side < SIDES; side++)
            if (all->items[i].absence == PACKAGE_PRESENT
                && (which == BORDER_SQUARES_BOTH || side == which)
                && all->items[i].owner == (int32_t)squares->finding->owners[side])
                own->items[own->count++] = all->items[i];
    return packages_boxes(&squares->boxes[which], &squares->counts[which], own, error);
}

bool border_squares_find(struct border_squares *squares, const struct finding *finding,
                         const struct study *study, struct error *error)
{
    *squares = (struct border_squares){.study = study, .finding = finding};
    for (int which = 0; which <= SIDES; which++)
        if (!find_of(squares, which, error))
            return false;
    return true;
}

void border_squares_free(struct border_squares *squares)
{
    for (int which = 0; which <= SIDES; which++) {
        array_free(&squares->packages[which].items);
        array_free(&squares->boxes[which]);
    }
}

bool border_squares_are_there(const struct border_squares *squares)
{
    return squares->packages[BORDER_SQUARES_BOTH].count > 0;
}

bool border_squares_support(struct raster *support, const struct border_squares *squares, int which,
                            struct error *error)
{
    const struct options *options = squares->study->options;
    const struct density_options density = {.kernel = (enum kernel)options->kernel,
                                            .bandwidth_m = options->bandwidth_m,
                                            .thread_count = options->threads};
    struct square_list list = {0};
    bool done = packages_list(&list, &squares->packages[which], OUTSIDE, error);
    const struct counted_squares counted = {list.items, list.count};
    done = done
           && (list.count == 0
               || square_density_add(support, &counted, &squares->study->boundaries.grid, &density,
                                     true, error));
    array_free(&list.items);
    return done;
}

void border_squares_count(struct text *text, const struct border_squares *squares, int which)
{
    struct package_count count = {0};
    size_t own = 0;
    for (int side = 0; side < SIDES; side++)
        if (which == BORDER_SQUARES_BOTH || side == which) {
            own += squares->finding->border.incidents[side];
            package_count_add(&count, &squares->finding->squares[side].count);
        }
    const struct wording_figure least = wording_figure(own + (size_t)count.span.low);
    const struct wording_figure most = wording_figure(own + (size_t)count.span.high);
    if (count.span.high >= DISCLOSURE_NO_END)
        text_add(text, _("%s incidents or more"), least.text);
    else if (count.span.low == count.span.high)
        text_add(text, _("%s incidents"), least.text);
    else
        text_add(text, _("%s–%s incidents"), least.text, most.text);
}

const struct border_cluster *border_squares_subject(const struct border *border)
{
    const double least = 0.1;
    for (size_t i = 0; i < border->together.count; i++)
        if (border->clusters[i].blind[0] >= least && border->clusters[i].blind[1] >= least)
            return &border->clusters[i];
    return NULL;
}
