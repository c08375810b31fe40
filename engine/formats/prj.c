/* Reads the reference system that stands beside a shapefile (.prj). */
#include "engine/formats/prj.h"

#include "engine/core/text.h"

#include <stdlib.h>
#include <string.h>

/* Roots of a WKT definition (OGC 01-009 and 18-010) that can place a map. */
static const char *const ROOTS[] = {"PROJCS",   "GEOGCS",        "PROJCRS",  "PROJECTEDCRS",
                                    "GEOGCRS",  "GEOGRAPHICCRS", "GEODCRS",  "GEODETICCRS",
                                    "COMPD_CS", "COMPOUNDCRS",   "BOUNDCRS", "DERIVEDPROJCRS",
                                    "FITTED_CS"};

static bool has_root(const char *text, size_t length)
{
    for (size_t i = 0; i < sizeof ROOTS / sizeof ROOTS[0]; i++)
        if (strlen(ROOTS[i]) == length && strncmp(ROOTS[i], text, length) == 0)
            return true;
    return false;
}

/* Walks from the first bracket to the one that closes it; NULL when none does. */
static const char *closing_bracket(const char *text)
{
    int depth = 0;
    bool quoted = false;
    for (; *text != '\0'; text++) {
        if (*text == '"')
            quoted = !quoted;
        if (quoted)
            continue;
        if (*text == '[' || *text == '(')
            depth++;
        if ((*text == ']' || *text == ')') && --depth == 0)
            return text;
    }
    return NULL;
}

bool prj_is_wkt(const char *text)
{
    enum { DEEPEST = 64 * 1024 };
    size_t keyword = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"), length = strlen(text);
    if (length > DEEPEST || !has_root(text, keyword))
        return false;
    for (const char *c = text; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 && strchr("\t\r\n", *c) == NULL)
            return false;
    const char *open = text + keyword + strspn(text + keyword, " \t\r\n");
    if (*open != '[' && *open != '(')
        return false;
    const char *close = closing_bracket(open);
    return close != NULL && close[1] == '\0';
}

static char *trimmed_utf8(const struct file_bytes *prj, struct error *error)
{
    const char *begin = prj->bytes, *end = prj->bytes + prj->size;
    if (prj->size >= 3 && memcmp(begin, "\xEF\xBB\xBF", 3) == 0)
        begin += 3;
    const char *nul = memchr(begin, '\0', (size_t)(end - begin));
    if (nul != NULL && nul + 1 < end)
        end = begin; /* a binary file */
    else if (nul != NULL)
        end = nul;
    text_trim(&begin, &end);
    size_t length = (size_t)(end - begin);
    return text_is_utf8(begin, length) ? text_copy(begin, length, error)
                                       : text_from_cp1252(begin, length, error);
}

char *prj_text(const struct file_bytes *prj, const char *path, struct error *error)
{
    if (prj->bytes == NULL) {
        error_set(error, ERROR_DATA,
                  "%s: there is no .prj, so its reference system is not known; name it with "
                  "--boundaries-crs, like EPSG:28992",
                  path);
        return NULL;
    }
    char *text = trimmed_utf8(prj, error);
    if (text == NULL || prj_is_wkt(text))
        return text;
    free(text);
    error_set(error, ERROR_DATA,
              "%s: its .prj holds no reference system in WKT; name it with --boundaries-crs, like "
              "EPSG:28992",
              path);
    return NULL;
}
