/* Which cluster of now is which earlier one, by the ground that they share. */
#include "engine/analysis/identity.h"

#include <math.h>
#include <stdlib.h>

/* Two clusters that share enough to be one. */
struct link {
    size_t earlier, now;
    double area_m2;
    int32_t number; /* of the earlier one */
};

struct matching {
    const struct identity_input *input;
    struct identity *identity;
    struct link *links; /* the most ground first */
    size_t link_count;
    size_t *heirs; /* of each earlier cluster whose number is carried on: who does */
};

const char *identity_change_name(enum identity_change change)
{
    static const char *const names[IDENTITY_CHANGES] = {N_("new"), N_("same"), N_("merged"),
                                                        N_("split"), N_("gone")};
    return names[change];
}

static bool is_enough(const struct identity_input *input, const struct identity_ground *ground)
{
    double smaller = fmin(input->earlier_m2[ground->earlier], input->now_m2[ground->now]);
    return ground->area_m2 > 0 && ground->area_m2 >= IDENTITY_LEAST_SHARE * smaller;
}

static int by_falling_ground(const void *left, const void *right)
{
    const struct link *a = left, *b = right;
    if (a->area_m2 != b->area_m2)
        return a->area_m2 > b->area_m2 ? -1 : 1;
    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    return a->now < b->now ? -1 : a->now > b->now;
}

static bool make_links(struct matching *matching, struct error *error)
{
    const struct identity_input *input = matching->input;
    if (!array_new(&matching->links, input->shared_count, sizeof *matching->links, error))
        return false;
    for (size_t s = 0; s < input->shared_count; s++) {
        const struct identity_ground *ground = &input->shared[s];
        if (is_enough(input, ground))
            matching->links[matching->link_count++] = (struct link){
                ground->earlier, ground->now, ground->area_m2, input->numbers[ground->earlier]};
    }
    if (matching->link_count > 1)
        qsort(matching->links, matching->link_count, sizeof *matching->links, by_falling_ground);
    return true;
}

/* The most ground first; a number goes to one cluster, and a cluster gets one. */
static void carry_numbers_on(struct matching *matching)
{
    for (size_t l = 0; l < matching->link_count; l++) {
        const struct link *link = &matching->links[l];
        struct identity_now *now = &matching->identity->now[link->now];
        struct identity_earlier *earlier = &matching->identity->earlier[link->earlier];
        if (now->number != 0 || earlier->into != 0)
            continue;
        *now = (struct identity_now){link->number, link->number, IDENTITY_SAME};
        *earlier = (struct identity_earlier){link->number, IDENTITY_SAME};
        matching->heirs[link->earlier] = link->now;
    }
}

static bool number_the_new(struct matching *matching, struct error *error)
{
    const struct identity_input *input = matching->input;
    int32_t highest = input->highest;
    for (size_t e = 0; e < input->earlier_count; e++)
        highest = input->numbers[e] > highest ? input->numbers[e] : highest;
    for (size_t n = 0; n < input->now_count; n++) {
        if (matching->identity->now[n].number != 0)
            continue;
        if (highest == INT32_MAX)
            return error_set(error, ERROR_DATA,
                             "no number is left for a new cluster; number the earlier ones lower");
        matching->identity->now[n].number = ++highest;
    }
    matching->identity->highest = highest;
    return true;
}

/* A link has at least one number that is carried on, for else it would have been taken. So whoever
 * is without one fell off from, or was taken in by, one that has: the one it shares most with. */
static void tell_splits(struct matching *matching)
{
    struct identity *identity = matching->identity;
    for (size_t l = 0; l < matching->link_count; l++) {
        const struct link *link = &matching->links[l];
        struct identity_now *now = &identity->now[link->now];
        if (now->earlier != 0)
            continue;
        now->earlier = link->number;
        now->change = IDENTITY_SPLIT;
        identity->now[matching->heirs[link->earlier]].change = IDENTITY_SPLIT;
    }
}

static void tell_merges(struct matching *matching)
{
    struct identity *identity = matching->identity;
    for (size_t l = 0; l < matching->link_count; l++) {
        const struct link *link = &matching->links[l];
        struct identity_earlier *earlier = &identity->earlier[link->earlier];
        struct identity_now *now = &identity->now[link->now];
        if (earlier->into != 0)
            continue;
        *earlier = (struct identity_earlier){now->number, IDENTITY_MERGED};
        now->change = IDENTITY_MERGED;
    }
}

static bool match(struct matching *matching, struct error *error)
{
    const struct identity_input *input = matching->input;
    struct identity *identity = matching->identity;
    if (!array_new(&identity->now, input->now_count, sizeof *identity->now, error)
        || !array_new(&identity->earlier, input->earlier_count, sizeof *identity->earlier, error)
        || !array_new(&matching->heirs, input->earlier_count, sizeof *matching->heirs, error)
        || !make_links(matching, error))
        return false;
    for (size_t e = 0; e < input->earlier_count; e++)
        identity->earlier[e].change = IDENTITY_GONE;
    carry_numbers_on(matching);
    if (!number_the_new(matching, error))
        return false;
    tell_splits(matching);
    tell_merges(matching);
    return true;
}

bool identity_match(struct identity *identity, const struct identity_input *input,
                    struct error *error)
{
    struct matching matching = {.input = input, .identity = identity};
    *identity = (struct identity){0};
    bool done = match(&matching, error);
    array_free(&matching.links);
    array_free(&matching.heirs);
    if (!done)
        identity_free(identity);
    return done;
}

void identity_free(struct identity *identity)
{
    array_free(&identity->now);
    array_free(&identity->earlier);
    *identity = (struct identity){0};
}
