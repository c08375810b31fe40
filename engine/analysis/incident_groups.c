/* Points by group, those of each group side by side. */
#include "engine/analysis/incident_groups.h"

#include "engine/core/parallel.h"
#include "engine/space/radix.h"

#include <string.h>

enum { TABLE_ANYHOW = 1 << 16, TABLE_A_POINT = 4, CHUNK_LEAST = 1 << 16, BLOCK = 1024 };

/* Groups are ranked by their numbers. */
struct dealing {
    struct grouped_points from; /* the points only until they are dealt */
    struct incident_groups *into;
    bool has_table;
    uint32_t *table; /* of ranks, by group, when there are not too many numbers */
    uint32_t *ranks; /* of each point, when there are */
    size_t chunk_count;
    size_t *next; /* of each chunk, by rank: how many points, then where the next one goes, at last
                     where those of the next chunk begin */
    struct parallel_job job;
};

static size_t count_of(const struct dealing *dealing)
{
    return dealing->from.points.points.count;
}

/* ---- ranks ---- */

static uint32_t rank_of(const struct dealing *dealing, size_t i)
{
    return dealing->has_table ? dealing->table[dealing->from.groups[i]] : dealing->ranks[i];
}

static bool new_groups(struct dealing *dealing, size_t count, struct error *error)
{
    dealing->into->count = count;
    return array_new(&dealing->into->items, count, sizeof *dealing->into->items, error);
}

/* The table has a place for every number below `size`. */
static bool rank_by_table(struct dealing *dealing, size_t size, struct error *error)
{
    const uint32_t *groups = dealing->from.groups;
    uint32_t *table = dealing->table;
    size_t found = 0;
    if (size == 0 || table == NULL) /* no points, no groups */
        return new_groups(dealing, 0, error);
    for (size_t i = 0; i < count_of(dealing); i++)
        table[groups[i]] = 1;
    for (size_t g = 0; g < size; g++)
        found += table[g];
    if (!new_groups(dealing, found, error))
        return false;
    found = 0;
    for (size_t g = 0; g < size; g++)
        if (table[g] != 0) {
            dealing->into->items[found].number = (uint32_t)g;
            table[g] = (uint32_t)found++;
        }
    return true;
}

static bool rank_by_order(struct dealing *dealing, struct keyed *order, struct error *error)
{
    const uint32_t *groups = dealing->from.groups;
    size_t count = count_of(dealing), found = 0;
    for (size_t i = 0; i < count; i++)
        order[i] = (struct keyed){groups[i], i};
    if (!radix_sort(order, count, error))
        return false;
    for (size_t i = 0; i < count; i++)
        found += i == 0 || order[i].key != order[i - 1].key;
    if (!new_groups(dealing, found, error))
        return false;
    found = 0;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || order[i].key != order[i - 1].key)
            dealing->into->items[found++].number = (uint32_t)order[i].key;
        dealing->ranks[order[i].carried] = (uint32_t)found - 1;
    }
    return true;
}

static bool rank_groups(struct dealing *dealing, struct error *error)
{
    const uint32_t *groups = dealing->from.groups;
    size_t count = count_of(dealing), size = 0;
    struct keyed *order;
    for (size_t i = 0; i < count; i++)
        size = groups[i] >= size ? (size_t)groups[i] + 1 : size;
    dealing->has_table = size <= TABLE_ANYHOW + TABLE_A_POINT * count;
    if (dealing->has_table)
        return array_new(&dealing->table, size, sizeof *dealing->table, error)
               && rank_by_table(dealing, size, error);
    bool done = array_new_raw(&order, count, sizeof *order, error)
                && array_new_raw(&dealing->ranks, count, sizeof *dealing->ranks, error)
                && rank_by_order(dealing, order, error);
    array_free(&order);
    return done;
}

/* ---- dealing ---- */

static size_t chunk_begin(const struct dealing *dealing, size_t chunk)
{
    return count_of(dealing) / dealing->chunk_count * chunk
           + count_of(dealing) % dealing->chunk_count * chunk / dealing->chunk_count;
}

static bool count_chunk(void *state, size_t chunk, int worker, struct error *error)
{
    struct dealing *dealing = state;
    size_t *counts = dealing->next + chunk * dealing->into->count;
    (void)worker, (void)error;
    for (size_t i = chunk_begin(dealing, chunk); i < chunk_begin(dealing, chunk + 1); i++)
        counts[rank_of(dealing, i)]++;
    return true;
}

static bool deal_chunk(void *state, size_t chunk, int worker, struct error *error)
{
    struct dealing *dealing = state;
    const struct weighted_points *from = &dealing->from.points;
    size_t *next = dealing->next + chunk * dealing->into->count;
    size_t end = chunk_begin(dealing, chunk + 1);
    (void)worker, (void)error;
    for (size_t i = chunk_begin(dealing, chunk); i < end; i++) {
        uint32_t rank = rank_of(dealing, i);
        struct incident_group *group = &dealing->into->items[rank];
        size_t to = next[rank]++;
        group->x[to] = from->points.x[i];
        group->y[to] = from->points.y[i];
        if (from->weights != NULL)
            group->weights[to] = from->weights[i];
    }
    return true;
}

static bool make_room(struct dealing *dealing, struct error *error)
{
    bool weighted = dealing->from.points.weights != NULL;
    for (size_t g = 0; g < dealing->into->count; g++) {
        struct incident_group *group = &dealing->into->items[g];
        size_t at = 0;
        for (size_t c = 0; c < dealing->chunk_count; c++) {
            size_t *next = &dealing->next[c * dealing->into->count + g], count = *next;
            *next = at;
            at += count;
        }
        if (!array_new_raw(&group->x, at, sizeof *group->x, error)
            || !array_new_raw(&group->y, at, sizeof *group->y, error)
            || (weighted && !array_new_raw(&group->weights, at, sizeof *group->weights, error)))
            return false;
        group->points = (struct weighted_points){{group->x, group->y, at}, group->weights};
    }
    return true;
}

/* Few chunks, so that their counts take no more memory than the points. */
static size_t chunks_of(const struct dealing *dealing)
{
    size_t chunks = (size_t)parallel_threads(dealing->from.thread_count);
    size_t most = count_of(dealing) / (CHUNK_LEAST + dealing->into->count) + 1;
    return chunks < most ? chunks : most;
}

static bool deal(struct dealing *dealing, struct error *error)
{
    if (!rank_groups(dealing, error))
        return false;
    dealing->chunk_count = chunks_of(dealing);
    dealing->job = (struct parallel_job){count_chunk, dealing, dealing->chunk_count,
                                         dealing->from.thread_count};
    if (!array_new(&dealing->next, dealing->chunk_count * dealing->into->count,
                   sizeof *dealing->next, error)
        || !parallel_for(&dealing->job, error) || !make_room(dealing, error))
        return false;
    dealing->job.work = deal_chunk;
    return parallel_for(&dealing->job, error);
}

static bool take_all(struct dealing *dealing, struct error *error)
{
    if (!new_groups(dealing, count_of(dealing) > 0 ? 1 : 0, error))
        return false;
    if (dealing->into->count > 0)
        dealing->into->items[0].points = dealing->from.points;
    return true;
}

static void dealing_free(struct dealing *dealing)
{
    if (dealing == NULL)
        return;
    array_free(&dealing->table);
    array_free(&dealing->ranks);
    array_free(&dealing->next);
    array_free(&dealing);
}

bool incident_groups_new(struct incident_groups *groups, const struct grouped_points *from,
                         struct error *error)
{
    struct dealing all = {.from = *from, .into = groups};
    *groups = (struct incident_groups){.point_count = from->points.points.count};
    if (from->groups == NULL)
        return take_all(&all, error);
    bool done = array_new(&groups->dealing, 1, sizeof *groups->dealing, error);
    if (done) {
        *groups->dealing = all;
        done = deal(groups->dealing, error);
    }
    if (!done)
        incident_groups_free(groups);
    return done;
}

void incident_group_forget_points(struct incident_group *group)
{
    array_free(&group->x);
    array_free(&group->y);
    array_free(&group->weights);
    group->points = (struct weighted_points){{NULL, NULL, group->points.points.count}, NULL};
}

void incident_groups_free(struct incident_groups *groups)
{
    for (size_t g = 0; groups->items != NULL && g < groups->count; g++)
        incident_group_forget_points(&groups->items[g]);
    array_free(&groups->items);
    dealing_free(groups->dealing);
    *groups = (struct incident_groups){0};
}

/* ---- visits ---- */

struct visiting {
    const struct incident_groups *groups;
    incident_groups_visit *visit;
    void *state;
};

/* In one group every point is where it stood. */
static bool visit_one_group(void *state, size_t chunk, int worker, struct error *error)
{
    const struct visiting *visiting = state;
    const uint32_t groups[BLOCK] = {0};
    uint32_t places[BLOCK];
    size_t count = visiting->groups->point_count, end = (chunk + 1) * CHUNK_LEAST;
    (void)worker, (void)error;
    for (size_t first = chunk * CHUNK_LEAST; first < end && first < count; first += BLOCK) {
        struct dealt dealt = {first, count - first < BLOCK ? count - first : BLOCK, groups, places};
        for (size_t i = 0; i < BLOCK; i++)
            places[i] = (uint32_t)(first + i);
        visiting->visit(visiting->state, &dealt);
    }
    return true;
}

static bool visit_chunk(void *state, size_t chunk, int worker, struct error *error)
{
    const struct visiting *visiting = state;
    const struct dealing *dealing = visiting->groups->dealing;
    uint32_t groups[BLOCK], places[BLOCK];
    size_t *next, group_count = visiting->groups->count, end = chunk_begin(dealing, chunk + 1);
    (void)worker;
    if (!array_new(&next, group_count, sizeof *next, error))
        return false;
    if (chunk > 0)
        memcpy(next, dealing->next + (chunk - 1) * group_count, group_count * sizeof *next);
    for (size_t first = chunk_begin(dealing, chunk); first < end; first += BLOCK) {
        struct dealt dealt = {first, end - first < BLOCK ? end - first : BLOCK, groups, places};
        for (size_t i = 0; i < dealt.count; i++) {
            groups[i] = rank_of(dealing, first + i);
            places[i] = (uint32_t)next[groups[i]]++;
        }
        visiting->visit(visiting->state, &dealt);
    }
    array_free(&next);
    return true;
}

bool incident_groups_visit_all(const struct incident_groups *groups, incident_groups_visit *visit,
                               void *state, int thread_count, struct error *error)
{
    struct visiting visiting = {groups, visit, state};
    struct parallel_job job = {visit_one_group, &visiting, groups->point_count / CHUNK_LEAST + 1,
                               thread_count};
    if (groups->dealing != NULL) {
        job.work = visit_chunk;
        job.chunk_count = groups->dealing->chunk_count;
    }
    return parallel_for(&job, error);
}
