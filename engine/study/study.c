/* A study: boundaries, incidents and vocabulary in one reference system, located and classified. */
#include "engine/study/study.h"

#include "engine/core/files.h"
#include "engine/core/zone.h"
#include "engine/formats/source.h"
#include "engine/study/districts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool study_from_degrees(void *state, double *x, double *y, struct error *error)
{
    struct study *study = state;
    if (study->from_degrees == NULL)
        study->from_degrees = projection_open("EPSG:4326", study->boundaries.crs, error);
    return study->from_degrees != NULL && projection_points(study->from_degrees, x, y, 1, error);
}

static bool read_vocabulary(struct study *study, struct error *error)
{
    if (study->options->vocabulary != NULL)
        return vocabulary_read(&study->vocabulary, study->options->vocabulary, error);
    char *path = file_shipped("data/vocabulary.csv", error);
    bool done = path != NULL && vocabulary_read(&study->vocabulary, path, error);
    free(path);
    return done;
}

static bool open_assignment(struct study *study, struct error *error)
{
    const struct assignment_options options = {.grid = study->boundaries.grid,
                                               .gap_m = study->options->gap_m,
                                               .thread_count = study->options->threads};
    study->assignment = assignment_open(&study->boundaries.jurisdictions, &options, error);
    return study->assignment != NULL;
}

static bool read_boundaries(struct study *study, struct error *error)
{
    study->has_boundaries = study->options->boundaries != NULL;
    if (!study->has_boundaries) {
        study->boundaries.grid = (struct grid){.unit_mm = 1};
        return true;
    }
    return boundaries_read(&study->boundaries, study->options, &study->notes, error)
           && open_assignment(study, error);
}

bool study_need_districts(struct study *study, struct error *error)
{
    const struct assignment_options options = {.grid = study->boundaries.grid,
                                               .gap_m = study->options->gap_m};
    if (study->district_assignment != NULL)
        return true;
    if (study->options->districts == NULL)
        return error_set(error, ERROR_USAGE, "no districts are named; say --districts FILE");
    if (!districts_read(&study->districts, &study->boundaries, study->options, &study->notes,
                        error))
        return false;
    study->district_assignment = assignment_open(&study->districts.jurisdictions, &options, error);
    return study->district_assignment != NULL;
}

/* Dutch stamps with an offset are turned into Dutch time; elsewhere the zone must be named. */
static bool open_zone(struct study *study, struct error *error)
{
    const char *name = study->options->timezone;
    bool dutch = study->boundaries.crs != NULL && strstr(study->boundaries.crs, "28992") != NULL;
    if (name == NULL && !dutch)
        return true;
    study->zone = zone_open(name != NULL ? name : "Europe/Amsterdam", name != NULL ? error : NULL);
    return study->zone != NULL || name == NULL;
}

bool study_open(struct study *study, const struct options *options, struct error *error)
{
    *study = (struct study){.options = options};
    study->categories = dictionary_open(error);
    study->sources = study->categories != NULL ? dictionary_open(error) : NULL;
    bool done = study->sources != NULL
                && holders_open(&study->holders, &study->boundaries.jurisdictions, error)
                && read_boundaries(study, error) && read_vocabulary(study, error)
                && open_zone(study, error)
                && packages_find(&study->packages, &options->incidents, error);
    const struct selection_place place = {study->boundaries.grid, study_from_degrees, study};
    done = done
           && selection_read(&study->selection, options, &study->boundaries.jurisdictions, &place,
                             error);
    if (!done)
        study_close(study);
    return done;
}

void study_forget_files(struct study *study)
{
    for (size_t i = 0; i < study->file_count; i++) {
        free(study->files[i].file);
        free(study->files[i].source);
    }
    array_free(&study->files);
    study->file_count = 0;
}

void study_close(struct study *study)
{
    study_forget_files(study);
    packages_free(&study->packages);
    projection_close(study->from_degrees);
    selection_free(&study->selection);
    zone_close(study->zone);
    dictionary_close(study->categories);
    dictionary_close(study->sources);
    holders_close(&study->holders);
    vocabulary_free(&study->vocabulary);
    assignment_close(study->assignment);
    assignment_close(study->district_assignment);
    boundaries_free(&study->districts);
    boundaries_free(&study->boundaries);
    notes_free(&study->notes);
    *study = (struct study){0};
}

bool study_reads_once(const struct study *study)
{
    const struct words *incidents = &study->options->incidents;
    for (size_t i = 0; i < incidents->count; i++)
        if (strcmp(source_path(incidents->items[i]), "-") == 0)
            return true;
    return false;
}

double study_border_band_m(const struct study *study)
{
    double width = study->options->location_accuracy_m;
    for (size_t i = 0; i < study->file_count; i++)
        width = fmax(width, study->files[i].accuracy_m);
    return fmax(width, study->boundaries.findings.accuracy_m);
}

bool study_band_grew(struct study *study, double counted_m)
{
    double band_m = study_border_band_m(study);
    if (band_m <= counted_m)
        return false;
    if (!study_reads_once(study))
        return true;
    notes_add(
        &study->notes,
        "standard input is read once: the border band is counted %g m wide, though places are "
        "good to %g m; say --location-accuracy %g",
        counted_m, band_m, band_m);
    return false;
}
