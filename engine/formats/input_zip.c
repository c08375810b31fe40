/* Which member of a zip is meant: the only one that may hold a table or a map, or one by its name.
 */
#include "engine/formats/input_zip.h"

#include "engine/core/text.h"

#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

static bool ends_with(const char *name, const char *extension)
{
    size_t length = strlen(name), tail = strlen(extension);
    return length > tail && strcasecmp(name + length - tail, extension) == 0;
}

static bool ends_in_any(const char *name, const char *const *extensions)
{
    for (; *extensions != NULL; extensions++)
        if (ends_with(name, *extensions))
            return true;
    return false;
}

/* Folders, what macOS and mapping programs put beside a file, and what is there to be read by
 * people. */
static bool is_aside(const char *name)
{
    static const char *const ASIDE[] = {"/",    ".shx", ".dbf",  ".prj", ".cpg",  ".sbn",
                                        ".sbx", ".qix", ".fix",  ".qmd", ".qml",  ".sld",
                                        ".xml", ".pdf", ".html", ".md",  ".csvt", ".png",
                                        ".jpg", ".lyr", ".qgz",  ".ini", ".docx", NULL};
    const char *base = text_file_name(name);
    return strncmp(name, "__MACOSX/", 9) == 0 || base[0] == '.' || ends_in_any(name, ASIDE);
}

static bool is_candidate(const char *name, bool for_shapes, bool texts)
{
    static const char *const TABLES[] = {".csv", ".tsv", ".tab", ".xlsx", NULL};
    if (is_aside(name) || (for_shapes && ends_in_any(name, TABLES)))
        return false;
    return ends_with(name, ".txt") ? texts : true;
}

/* The one member that may be meant; SIZE_MAX, with their names, when there are none or several. */
static size_t only_candidate(const struct zip_archive *archive, bool for_shapes, bool texts,
                             struct text *names)
{
    enum { LISTED = 200 };
    size_t found = SIZE_MAX, count = 0;
    for (size_t i = 0; i < zip_archive_count(archive); i++) {
        const char *name = zip_archive_name(archive, i);
        if (!is_candidate(name, for_shapes, texts))
            continue;
        found = i;
        if (names->length < LISTED)
            text_add(names, "%s%s", count > 0 ? ", " : "", name);
        count++;
    }
    if (names->length >= LISTED)
        text_add(names, ", ...");
    return count == 1 ? found : SIZE_MAX;
}

size_t input_zip_choose(const struct zip_archive *archive, const char *path, bool for_shapes,
                        struct error *error)
{
    struct text names = {0};
    size_t found = only_candidate(archive, for_shapes, false, &names);
    if (found == SIZE_MAX && names.length == 0)
        found = only_candidate(archive, for_shapes, true, &names);
    if (found == SIZE_MAX && names.length == 0)
        error_set(error, ERROR_DATA,
                  for_shapes ? N_("%s: there is no map in this zip")
                             : N_("%s: there is no table in this zip"),
                  path);
    else if (found == SIZE_MAX)
        error_set(
            error, ERROR_DATA,
            "%s: the zip holds several files (%.600s); name one of them behind a colon, as in "
            "%s:NAME",
            path, names.bytes, text_file_name(path));
    text_free(&names);
    return found;
}

size_t input_zip_named(size_t *length, const struct zip_archive *archive, const char *wanted)
{
    for (size_t i = 0; i < zip_archive_count(archive); i++) {
        const char *name = zip_archive_name(archive, i), *base = text_file_name(name);
        for (int form = 0; form < 2; form++, name = base) {
            *length = strlen(name);
            if (*length > 0 && strncasecmp(wanted, name, *length) == 0
                && (wanted[*length] == '\0' || wanted[*length] == ':'))
                return i;
        }
    }
    return SIZE_MAX;
}

bool input_zip_is_workbook(const struct zip_archive *archive)
{
    return zip_archive_find(archive, "[Content_Types].xml") != SIZE_MAX
           && zip_archive_find(archive, "xl/workbook.xml") != SIZE_MAX;
}

bool input_zip_is_opendocument(const struct zip_archive *archive)
{
    return zip_archive_find(archive, "content.xml") != SIZE_MAX
           && zip_archive_find(archive, "mimetype") == 0;
}

/* A pipe is not opened: it can be only once. */
static bool begins_as_zip(const char *path)
{
    struct error ignored = {0};
    struct stat facts;
    char head[4];
    bool regular = stat(path, &facts) == 0 && S_ISREG(facts.st_mode);
    int file = regular ? file_open_regular(path, &ignored) : -1;
    bool is_zip = file >= 0 && read(file, head, sizeof head) == (ssize_t)sizeof head
                  && memcmp(head, "PK\3\4", sizeof head) == 0;
    if (file >= 0)
        close(file);
    return is_zip;
}

bool input_zip_is_handover(const char *path)
{
    struct error ignored = {0};
    struct zip_archive *archive =
        begins_as_zip(path) ? zip_archive_open(path, NULL, &ignored) : NULL;
    bool is_one = archive != NULL && zip_archive_find(archive, "datapackage.json") != SIZE_MAX
                  && zip_archive_find(archive, "squares.csv") != SIZE_MAX;
    zip_archive_close(archive);
    return is_one;
}
