/* A study of square towns, made of files in a folder: A, B east of it, N far north and E far east.
 * The border of A and B goes through the middle of squares of 100 m. */
#ifndef PLEIN_TESTS_TOWNS_H
#define PLEIN_TESTS_TOWNS_H

#include "engine/study/study.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct towns {
    char folder[40], boundaries[64], incidents[64];
    struct options options;
    struct study study;
};

enum { TOWN_X = 103000, TOWN_Y = 502000, TOWN_M = 1050 };

static void towns_square(FILE *file, const char *name, int x, int y)
{
    fprintf(file,
            "{\"type\":\"Feature\",\"properties\":{\"code\":\"%s\",\"name\":\"%s-stad\"},"
            "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[%d,%d],[%d,%d],[%d,%d],[%d,%d],"
            "[%d,%d]]]}}",
            name, name, x, y, x + TOWN_M, y, x + TOWN_M, y + TOWN_M, x, y + TOWN_M, x, y);
}

/* The rows of a CSV with the columns x,y,category,occurred_at,source,weight; metres from A's
 * corner. */
static void towns_write(struct towns *towns, const char *rows)
{
    FILE *file = fopen(towns->incidents, "w");
    assert_non_null(file);
    fprintf(file, "x,y,category,occurred_at,source,weight\n%s", rows);
    assert_int_equal(fclose(file), 0);
}

/* The first so many of them. */
static void towns_make(struct towns *towns, int count)
{
    static const int EAST[] = {0, 1, 0, 5}, NORTH[] = {0, 0, 5, 0};
    memset(towns, 0, sizeof *towns);
    snprintf(towns->folder, sizeof towns->folder, "/tmp/plein-towns-XXXXXX");
    assert_non_null(mkdtemp(towns->folder));
    snprintf(towns->boundaries, sizeof towns->boundaries, "%s/towns.geojson", towns->folder);
    snprintf(towns->incidents, sizeof towns->incidents, "%s/a.csv", towns->folder);
    FILE *file = fopen(towns->boundaries, "w");
    assert_non_null(file);
    fputs("{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":"
          "\"urn:ogc:def:crs:EPSG::28992\"}},\"features\":[",
          file);
    for (int t = 0; t < count; t++) {
        const char name[] = {"ABNE"[t], '\0'};
        fputs(t > 0 ? "," : "", file);
        towns_square(file, name, TOWN_X + EAST[t] * TOWN_M, TOWN_Y + NORTH[t] * TOWN_M);
    }
    fputs("]}", file);
    assert_int_equal(fclose(file), 0);
}

static void towns_set(struct towns *towns, const char *name, const char *value)
{
    struct error error = {0};
    if (!options_set(&towns->options, options_find(name), value, &error))
        fail_msg("%s", error.message);
}

/* Of one sender's incidents, or of all. */
static void towns_open(struct towns *towns, const char *sender)
{
    struct error error = {0};
    assert_true(options_new(&towns->options, NULL));
    towns_set(towns, "boundaries", towns->boundaries);
    towns_set(towns, "incidents", towns->incidents);
    towns_set(towns, "incidents-crs", "EPSG:28992");
    towns_set(towns, "vocabulary", "data/vocabulary.csv");
    towns_set(towns, "threads", "1");
    if (sender != NULL)
        towns_set(towns, "jurisdiction", sender);
    if (!study_open(&towns->study, &towns->options, &error))
        fail_msg("%s", error.message);
}

static void towns_close(struct towns *towns)
{
    study_close(&towns->study);
    options_free(&towns->options);
}

static void towns_remove(struct towns *towns)
{
    unlink(towns->boundaries);
    unlink(towns->incidents);
    rmdir(towns->folder);
}

#endif
