/* Reads the one shapefile in a zip, as portals deliver them. */
#include "engine/formats/zipped_shapefile.h"

#include "engine/core/text.h"
#include "engine/formats/zip_read.h"

#include <string.h>
#include <strings.h>

static bool ends_with(const char *name, const char *extension)
{
    size_t length = strlen(name), tail = strlen(extension);
    return length > tail && strcasecmp(name + length - tail, extension) == 0;
}

/* The copy that macOS puts beside each file is none. */
static bool is_shape(const struct zip_member *member)
{
    return ends_with(member->name, ".shp") && strncmp(member->name, "__MACOSX/", 9) != 0;
}

static const struct zip_member *find_shape(const struct zip_contents *contents, const char *path,
                                           struct error *error)
{
    const struct zip_member *found = NULL;
    struct text names = {0};
    size_t count = 0;
    for (size_t i = 0; i < contents->count; i++)
        if (is_shape(&contents->members[i])) {
            found = &contents->members[i];
            text_add(&names, "%s%s", count++ > 0 ? ", " : "", found->name);
        }
    if (count == 0)
        error_set(error, ERROR_DATA, "%s: there is no shapefile in this zip", path);
    if (count > 1)
        error_set(error, ERROR_DATA,
                  "%s: the zip holds %zu shapefiles (%.200s); unpack the one that is meant", path,
                  count, names.bytes != NULL ? names.bytes : "");
    text_free(&names);
    return count == 1 ? found : NULL;
}

/* "map/wijken.shp" and ".dbf": the member of that name, whatever its letters' case. */
static struct file_bytes part_of(const struct zip_contents *contents, const char *shape,
                                 const char *extension)
{
    size_t stem = strlen(shape) - 4;
    for (size_t i = 0; i < contents->count; i++) {
        const struct zip_member *member = &contents->members[i];
        if (strncasecmp(member->name, shape, stem) == 0
            && strcasecmp(member->name + stem, extension) == 0)
            return (struct file_bytes){(char *)member->bytes, member->size};
    }
    return (struct file_bytes){0};
}

bool zipped_shapefile_read(struct jurisdictions *into, const char *path,
                           const struct boundary_options *options, struct error *error)
{
    static const struct zip_limits limits = {
        .members = 200, .bytes = (size_t)1 << 30, .folders = true};
    struct zip_contents contents;
    *into = (struct jurisdictions){0};
    if (!zip_read(&contents, path, &limits, error))
        return false;
    const struct zip_member *shape = find_shape(&contents, path, error);
    bool done = shape != NULL;
    if (done) {
        struct shapefile_parts parts = {.path = path,
                                        .shp = part_of(&contents, shape->name, ".shp"),
                                        .shx = part_of(&contents, shape->name, ".shx"),
                                        .dbf = part_of(&contents, shape->name, ".dbf"),
                                        .prj = part_of(&contents, shape->name, ".prj"),
                                        .cpg = part_of(&contents, shape->name, ".cpg")};
        done = shapefile_read_parts(into, &parts, options, error);
    }
    zip_contents_free(&contents);
    return done;
}
