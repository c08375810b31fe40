/* Tests what a cluster's place is called. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/report/toponym.h"

/* A square of ground, or with `line` its southern side alone. */
static struct shape ground(double x, double y, double side, bool line)
{
    struct shape shape;
    const double corners[5][2] = {
        {x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}, {x, y}};
    assert_true(shape_new(&shape, line ? 2 : 5, 1, NULL));
    for (size_t i = 0; i < shape.point_count; i++) {
        shape.x[i] = corners[i][0];
        shape.y[i] = corners[i][1];
    }
    shape.ring_starts[1] = shape.point_count;
    return shape;
}

struct town {
    struct shape shapes[5];
    struct map_feature features[5];
};

static void town_new(struct town *town)
{
    const struct {
        enum map_kind kind;
        const char *name;
        double x, y, side;
    } places[5] = {{MAP_STREET, "Lange Weg", 0, 90, 1000},
                   {MAP_GREEN, "Zuiderpark", 300, 0, 400},
                   {MAP_SQUARE, "Europaplein", 80, 80, 40},
                   {MAP_BUILDING, "Stadhuis", 90, 90, 20},
                   {MAP_SQUARE, "", 500, 80, 40}};
    for (int i = 0; i < 5; i++) {
        bool line = places[i].kind == MAP_STREET;
        town->shapes[i] = ground(places[i].x, places[i].y, places[i].side, line);
        town->features[i] =
            (struct map_feature){places[i].kind, &town->shapes[i], !line, places[i].name, 0};
    }
}

static void town_free(struct town *town)
{
    for (int i = 0; i < 5; i++)
        shape_free(&town->shapes[i]);
}

static void a_square_names_a_place_before_a_park_and_a_park_before_a_street(void **state)
{
    (void)state;
    struct town town;
    town_new(&town);
    const struct toponyms all = {town.features, 5};
    const struct {
        double x, y, reach_m;
        const char *name;
    } cases[] = {
        {100, 100, 50, "Europaplein"},  {140, 100, 21, "Europaplein"}, /* 20 m from the square */
        {140, 100, 19, "Lange Weg"},  /* out of the square's reach, 10 m from the street */
        {520, 100, 10, "Zuiderpark"}, /* the square there has no name */
        {295, 200, 300, "Europaplein"}, {295, 200, 5, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cluster cluster = {.x = cases[i].x, .y = cases[i].y, .reach_m = cases[i].reach_m};
        const char *name = toponym_of(&all, &cluster);
        if (cases[i].name == NULL)
            assert_null(name);
        else
            assert_string_equal(name, cases[i].name);
    }
    town_free(&town);
}

static void no_name_is_given_twice(void **state)
{
    (void)state;
    struct town town;
    town_new(&town);
    const struct cluster clusters[3] = {{.x = 100, .y = 100, .reach_m = 50},
                                        {.x = 130, .y = 100, .reach_m = 50},
                                        {.x = 400, .y = 100, .reach_m = 50}};
    const char *names[3];
    toponyms_give(names, &(struct toponyms){town.features, 5}, clusters, 3);
    assert_string_equal(names[0], "Europaplein");
    assert_null(names[1]);
    assert_string_equal(names[2], "Zuiderpark");
    toponyms_give(names, &(struct toponyms){0}, clusters, 3);
    assert_null(names[0]);
    town_free(&town);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_square_names_a_place_before_a_park_and_a_park_before_a_street),
        cmocka_unit_test(no_name_is_given_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
