/* What a cluster's place is called: the named square, park, water or street that it lies on. */
#include "engine/report/toponym.h"

#include <string.h>

static double distance_m(const struct map_feature *feature, const struct cluster *cluster)
{
    if (feature->is_area && shape_holds(feature->shape, cluster->x, cluster->y))
        return 0;
    return shape_line_distance(feature->shape, cluster->x, cluster->y);
}

/* Squares name a place best; what covers the ground comes next, a street last. */
enum rank { RANK_SQUARE, RANK_COVER, RANK_STREET, RANKS };

static enum rank rank_of(enum map_kind kind)
{
    if (kind == MAP_SQUARE)
        return RANK_SQUARE;
    if (kind == MAP_GREEN || kind == MAP_WATER)
        return RANK_COVER;
    return kind == MAP_STREET || kind == MAP_MAIN_STREET ? RANK_STREET : RANKS;
}

static const char *nearest_of(const struct toponyms *toponyms, enum rank rank,
                              const struct cluster *cluster, double within_m)
{
    const char *name = NULL;
    double least_m = within_m;
    for (size_t i = 0; i < toponyms->count; i++) {
        const struct map_feature *feature = &toponyms->features[i];
        if (rank_of(feature->kind) != rank || !map_has(feature->name))
            continue;
        double away_m = distance_m(feature, cluster);
        if (away_m < least_m
            || (away_m == least_m && (name == NULL || strcmp(feature->name, name) < 0))) {
            name = feature->name;
            least_m = away_m;
        }
    }
    return name;
}

const char *toponym_of(const struct toponyms *toponyms, const struct cluster *cluster)
{
    const double within_m[RANKS] = {
        [RANK_SQUARE] = cluster->reach_m, [RANK_COVER] = 0, [RANK_STREET] = cluster->reach_m};
    const char *name = NULL;
    for (int rank = 0; name == NULL && rank < RANKS; rank++)
        name = nearest_of(toponyms, (enum rank)rank, cluster, within_m[rank]);
    return name;
}

static bool is_given(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (names[i] != NULL && strcmp(names[i], name) == 0)
            return true;
    return false;
}

void toponyms_give(const char **names, const struct toponyms *toponyms,
                   const struct cluster *clusters, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        names[i] = toponym_of(toponyms, &clusters[i]);
        if (names[i] != NULL && is_given(names, i, names[i]))
            names[i] = NULL;
    }
}
