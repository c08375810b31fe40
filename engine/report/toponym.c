/* What a cluster's place is called: the named square, park, water or street that it lies on. */
#include "engine/report/toponym.h"

#include <math.h>
#include <string.h>

struct place {
    double x, y;
};

static double distance2_to_segment(struct place place, struct place a, struct place b)
{
    double dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
    double along = length2 > 0 ? ((place.x - a.x) * dx + (place.y - a.y) * dy) / length2 : 0;
    along = fmin(fmax(along, 0), 1);
    double x = a.x + along * dx - place.x, y = a.y + along * dy - place.y;
    return x * x + y * y;
}

static double distance_m(const struct map_feature *feature, struct place place)
{
    const struct shape *shape = feature->shape;
    double nearest2 = INFINITY;
    if (feature->is_area && shape_holds(shape, place.x, place.y))
        return 0;
    for (size_t r = 0; r < shape->ring_count; r++)
        for (size_t i = shape->ring_starts[r]; i + 1 < shape->ring_starts[r + 1]; i++)
            nearest2 = fmin(nearest2,
                            distance2_to_segment(place, (struct place){shape->x[i], shape->y[i]},
                                                 (struct place){shape->x[i + 1], shape->y[i + 1]}));
    return sqrt(nearest2);
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

static const char *nearest_of(const struct toponyms *toponyms, enum rank rank, struct place place,
                              double within_m)
{
    const char *name = NULL;
    double least_m = within_m;
    for (size_t i = 0; i < toponyms->count; i++) {
        const struct map_feature *feature = &toponyms->features[i];
        if (rank_of(feature->kind) != rank || !map_has(feature->name))
            continue;
        double away_m = distance_m(feature, place);
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
    struct place centre = {cluster->x, cluster->y};
    const double within_m[RANKS] = {
        [RANK_SQUARE] = cluster->reach_m, [RANK_COVER] = 0, [RANK_STREET] = cluster->reach_m};
    const char *name = NULL;
    for (int rank = 0; name == NULL && rank < RANKS; rank++)
        name = nearest_of(toponyms, (enum rank)rank, centre, within_m[rank]);
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
