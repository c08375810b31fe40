/* Opens what users name, by its content and never by its extension. */
#include "engine/formats/source.h"

#include "engine/core/files.h"
#include "engine/formats/geojson_areas.h"
#include "engine/formats/zipped_shapefile.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct signature {
    const char *bytes;
    size_t length;
    const char *name;
};

static const struct signature SIGNATURES[] = {
    {"SQLite format 3", 15, N_("a GeoPackage or another SQLite file")},
    {"\x1f\x8b", 2, N_("a gzip file")},
    {"%PDF", 4, N_("a PDF")},
};

static bool read_head(char *head, size_t size, const char *path, struct error *error)
{
    struct stat facts;
    memset(head, 0, size);
    if (stat(path, &facts) == 0 && S_ISDIR(facts.st_mode))
        return error_set(error, ERROR_DATA, "%s: this is a folder; name the .shp in it", path);
    int descriptor = file_open_regular(path, error);
    if (descriptor < 0)
        return false;
    ssize_t got = read(descriptor, head, size);
    close(descriptor);
    return got > 0 || error_set(error, ERROR_DATA, "%s: the file is empty", path);
}

static bool is_json(const char *head)
{
    const char *text = strncmp(head, "\xEF\xBB\xBF", 3) == 0 ? head + 3 : head;
    return text[strspn(text, " \t\r\n")] == '{';
}

bool source_read_boundaries(struct jurisdictions *into, const char *path,
                            const struct boundary_options *options, struct error *error)
{
    char head[64 + 1] = "";
    if (!read_head(head, sizeof head - 1, path, error))
        return false;
    for (size_t i = 0; i < sizeof SIGNATURES / sizeof *SIGNATURES; i++)
        if (memcmp(head, SIGNATURES[i].bytes, SIGNATURES[i].length) == 0)
            return error_set(error, ERROR_DATA,
                             "%s: this is %s; boundaries are read from a shapefile or GeoJSON",
                             path, message_part(SIGNATURES[i].name));
    if (memcmp(head, "PK\003\004", 4) == 0)
        return zipped_shapefile_read(into, path, options, error);
    return is_json(head) ? geojson_read_areas(into, path, options, error)
                         : shapefile_read(into, path, options, error);
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
