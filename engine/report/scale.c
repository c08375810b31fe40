/* The scale of colours that a map is drawn with: chosen from its density, said, or another map's.
 */
#include "engine/report/scale.h"

#include "engine/core/numbers.h"
#include "engine/draw/png.h"
#include "engine/report/wording.h"

#include <string.h>

enum { LEAST = 2, MOST = 7 }; /* more classes than seven nobody can tell apart */

static const struct {
    const char *name;
    enum class_method method;
    bool smooth;
    const char *words; /* of the method line; NULL: there is nothing to say */
} METHODS[] = {
    {"round", CLASSES_ROUND, false, NULL},
    {"equal", CLASSES_EQUAL, false, N_(" Classes: of equal width.")},
    {"quantile", CLASSES_QUANTILE, false, N_(" Classes: of equal area (quantiles).")},
    {"jenks", CLASSES_JENKS, false, N_(" Classes: natural breaks (Jenks).")},
    {"geometric", CLASSES_GEOMETRIC, false, N_(" Classes: by equal ratios (geometric).")},
    {"continuous", CLASSES_ROUND, true, NULL},
};
enum { METHOD_COUNT = sizeof METHODS / sizeof *METHODS };

static const char *unit_of(const struct options *options)
{
    return options->unit == UNIT_KM2 ? "per km2" : "per ha";
}

/* ---- --classes ---- */

static bool refuse_classes(const char *given, struct error *error)
{
    return error_set(error, ERROR_USAGE,
                     "--classes %s: say round, equal, quantile, jenks, geometric or continuous, "
                     "with a number of classes as jenks:7, or limits as 5,10,20,40",
                     given);
}

/* Numbers with `separator` between them. */
static bool read_limits(struct classes *classes, const char *list, char separator)
{
    double limits[MOST];
    size_t count = 0;
    for (const char *at = list; at != NULL; count++) {
        const char *end = strchr(at, separator);
        if (count == MOST || !number_parse(&limits[count], at, end ? end : at + strlen(at)))
            return false;
        at = end ? end + 1 : NULL;
    }
    return classes_set(classes, limits, count, NULL);
}

static bool read_count(size_t *count, const char *colon)
{
    int64_t whole;
    if (colon == NULL)
        return true;
    if (!number_parse_whole(&whole, colon + 1, colon + strlen(colon)) || whole < LEAST
        || whole > MOST)
        return false;
    *count = (size_t)whole;
    return true;
}

/* The method that is named up to a colon; METHOD_COUNT: none. */
static size_t method_of(const char *given)
{
    size_t length = strcspn(given, ":"), i = 0;
    while (i < METHOD_COUNT
           && (strlen(METHODS[i].name) != length || strncmp(METHODS[i].name, given, length) != 0))
        i++;
    return i;
}

static bool by_method(struct classes *classes, const struct raster *density, size_t count,
                      const char *given, struct error *error)
{
    const char manual[] = "manual:";
    bool named = strncmp(given, manual, sizeof manual - 1) == 0;
    size_t method = method_of(given);
    if (method == METHOD_COUNT)
        return read_limits(classes, named ? given + sizeof manual - 1 : given, ',')
               || refuse_classes(given, error);
    if (!read_count(&count, strchr(given, ':')))
        return error_set(error, ERROR_USAGE, "--classes %s: %d to %d classes can be told apart",
                         given, LEAST, MOST);
    if (!classes_by(classes, density, METHODS[method].method, count, error))
        return false;
    classes->smooth = METHODS[method].smooth;
    return true;
}

/* ---- --scale ---- */

/* "5 10 20 40 80 per ha", and ", continuous" behind it. */
static bool read_note(struct classes *classes, const char *note, const char *path,
                      const struct options *options, struct error *error)
{
    const char *per = strstr(note, " per ");
    struct text limits = {0};
    if (per == NULL)
        return error_set(error, ERROR_DATA, "%s: its scale '%s' cannot be read", path, note);
    const char *unit = unit_of(options);
    if (strncmp(per + 1, unit, strlen(unit)) != 0)
        return error_set(error, ERROR_USAGE, "%s: its scale is %s, this map is %s", path, per + 1,
                         unit);
    bool smooth = strcmp(per + 1 + strlen(unit), ", continuous") == 0;
    text_add(&limits, "%.*s", (int)(per - note), note);
    bool done = text_check(&limits, error);
    if (done && !read_limits(classes, limits.bytes, ' '))
        done = error_set(error, ERROR_DATA, "%s: its scale '%s' cannot be read", path, note);
    classes->smooth = smooth;
    text_free(&limits);
    return done;
}

static bool of_map(struct classes *classes, const char *path, const struct options *options,
                   struct error *error)
{
    struct png_picture picture = {0};
    const char *note = NULL;
    const size_t key = sizeof SCALE_NOTE; /* with the line end behind it */
    if (!png_read(&picture, path, error))
        return false;
    for (size_t i = 0; i < picture.text_count; i++)
        if (strncmp(picture.texts[i], SCALE_NOTE "\n", key) == 0)
            note = picture.texts[i] + key;
    bool done = note != NULL ? read_note(classes, note, path, options, error)
                             : error_set(error, ERROR_DATA,
                                         "%s: no scale is in it; name a PNG that plein map or "
                                         "plein border has drawn",
                                         path);
    png_picture_free(&picture);
    return done;
}

bool scale_choose(struct classes *classes, const struct raster *density, const struct style *style,
                  const struct options *options, struct error *error)
{
    size_t count = (size_t)style->heat.classes;
    if (options->scale != NULL && options->classes != NULL)
        return error_set(error, ERROR_USAGE,
                         "--classes and --scale do not go together: the other map has its limits");
    if (options->scale != NULL)
        return of_map(classes, options->scale, options, error);
    if (options->classes != NULL)
        return by_method(classes, density, count, options->classes, error);
    return classes_choose(classes, density, count, error);
}

void scale_tell(struct text *text, const struct classes *classes, const struct options *options)
{
    char number[NUMBER_TEXT];
    for (size_t i = 0; i < classes->count; i++)
        text_add(text, "%s ", number_format_exact(number, classes->limits[i]));
    text_add(text, "%s%s", unit_of(options), classes->smooth ? ", continuous" : "");
}

void scale_words(struct text *text, const struct options *options)
{
    size_t method = options->classes != NULL ? method_of(options->classes) : METHOD_COUNT;
    if (method < METHOD_COUNT && METHODS[method].words != NULL)
        text_add(text, "%s", _(METHODS[method].words));
}
