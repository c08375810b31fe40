/* Opens what users name, by its content and never by its extension. */
#include "engine/formats/source.h"

#include "engine/core/text.h"
#include "engine/formats/areas.h"
#include "engine/formats/features_open.h"

#include <string.h>

/* The parts of a shapefile that lie in a zip. */
static struct shapefile_parts parts_of(const struct input *input)
{
    return (struct shapefile_parts){.path = input->shown,
                                    .shp = input->bytes,
                                    .shx = input->parts[INPUT_SHX],
                                    .dbf = input->parts[INPUT_DBF],
                                    .prj = input->parts[INPUT_PRJ],
                                    .cpg = input->parts[INPUT_CPG]};
}

static bool read_shapefile(struct jurisdictions *into, const struct input *input,
                           const struct boundary_options *options, struct error *error)
{
    struct shapefile_parts parts = parts_of(input);
    return input->is_plain ? shapefile_read(into, input->path, options, error)
                           : shapefile_read_parts(into, &parts, options, error);
}

/* What cannot be told may be a shapefile whose first bytes are damaged. */
static bool is_for_shapelib(const struct input *input)
{
    return input->kind == INPUT_SHAPEFILE || (input->kind == INPUT_TEXT && input->is_plain);
}

static bool read_areas(struct jurisdictions *into, struct input *input,
                       const struct boundary_options *options, struct error *error)
{
    const struct features_wish wish = {INPUT_FOR_SHAPES, options->notes};
    struct features features = {0};
    if (is_for_shapelib(input))
        return read_shapefile(into, input, options, error);
    bool done = features_open(&features, input, &wish, error)
                && areas_read(into, &features, options, error);
    features_close(&features);
    return done;
}

bool source_read_boundaries(struct jurisdictions *into, const char *path,
                            const struct boundary_options *options, struct error *error)
{
    struct input input;
    *into = (struct jurisdictions){0};
    bool done = input_open(&input, path, INPUT_FOR_SHAPES, error)
                && read_areas(into, &input, options, error);
    input_close(&input);
    return done;
}

static bool read_shapes(struct jurisdictions *into, struct input *input, struct notes *notes,
                        struct error *error)
{
    const struct features_wish wish = {INPUT_FOR_SHAPES, notes};
    struct features features = {0};
    if (is_for_shapelib(input)) {
        struct shapefile_parts parts = parts_of(input);
        return input->is_plain ? shapefile_read_shapes(into, input->path, notes, error)
                               : shapefile_read_shapes_parts(into, &parts, notes, error);
    }
    bool done = features_open(&features, input, &wish, error)
                && areas_read_shapes(into, &features, notes, error);
    features_close(&features);
    return done;
}

bool source_read_shapes(struct jurisdictions *into, const char *path, struct notes *notes,
                        struct error *error)
{
    struct input input;
    *into = (struct jurisdictions){0};
    bool done = input_open(&input, path, INPUT_FOR_SHAPES, error)
                && read_shapes(into, &input, notes, error);
    input_close(&input);
    return done;
}

size_t source_name_length(const char *incidents)
{
    size_t word = strcspn(incidents, "=./");
    return incidents[word] == '=' ? word : 0;
}

const char *source_path(const char *incidents)
{
    size_t length = source_name_length(incidents);
    return length > 0 || incidents[0] == '=' ? incidents + length + 1 : incidents;
}

/* Without its extension, or the two of "politie.csv.gz". */
static size_t bare_length(const char *file, size_t length)
{
    if (length > 3 && strncmp(file + length - 3, ".gz", 3) == 0)
        length -= 3;
    for (size_t i = length; i-- > 1;)
        if (file[i] == '.')
            return i;
    return length;
}

/* Of FILE:layer the file is meant, and of FILE.zip:politie.csv the member. */
static char *bare_name(const char *path, struct error *error)
{
    const char *file = text_file_name(path), *colon = strrchr(file, ':');
    size_t length = strlen(file);
    if (colon != NULL && colon > file && !file_exists(path)) {
        if (strchr(colon, '.') != NULL)
            file = colon + 1;
        length = strchr(colon, '.') != NULL ? strlen(file) : (size_t)(colon - file);
    }
    return text_copy(file, bare_length(file, length), error);
}

char *source_name(const char *incidents, struct error *error)
{
    size_t length = source_name_length(incidents);
    const char *file = text_file_name(source_path(incidents));
    if (length > 0)
        return text_copy(incidents, length, error);
    if (strcmp(file, "-") == 0)
        return text_copy("stdin", 5, error);
    return bare_name(source_path(incidents), error);
}
