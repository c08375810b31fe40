/* Colour ramps from GMT's .cpt files. */
#include "engine/draw/ramp.h"

#include "engine/core/files.h"
#include "engine/core/numbers.h"

#include <math.h>
#include <string.h>

enum { FIELDS_MOST = 16 };

/* One line cut into fields at blanks and slashes. */
struct fields {
    const char *begin[FIELDS_MOST], *end[FIELDS_MOST];
    size_t count;
};

static bool is_gap(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '/';
}

static void cut(struct fields *fields, const char *line, const char *end)
{
    fields->count = 0;
    while (line < end && fields->count < FIELDS_MOST) {
        while (line < end && is_gap(*line))
            line++;
        if (line == end || *line == ';')
            return; /* a label stands behind a semicolon */
        fields->begin[fields->count] = line;
        while (line < end && !is_gap(*line))
            line++;
        fields->end[fields->count++] = line;
    }
}

static bool read_number(double *number, const struct fields *fields, size_t *at)
{
    if (*at >= fields->count || !number_parse(number, fields->begin[*at], fields->end[*at]))
        return false;
    ++*at;
    return isfinite(*number);
}

static bool read_hex(struct colour *colour, const struct fields *fields, size_t *at)
{
    char text[8];
    size_t length = (size_t)(fields->end[*at] - fields->begin[*at]);
    if (length != 7)
        return false;
    memcpy(text, fields->begin[*at], length);
    text[length] = '\0';
    ++*at;
    return colour_parse(colour, text);
}

static bool read_colour(struct colour *colour, const struct fields *fields, size_t *at)
{
    if (*at < fields->count && *fields->begin[*at] == '#')
        return read_hex(colour, fields, at);
    double parts[3];
    for (int i = 0; i < 3; i++)
        if (!read_number(&parts[i], fields, at) || parts[i] < 0 || parts[i] > 255)
            return false;
    *colour = (struct colour){parts[0] / 255, parts[1] / 255, parts[2] / 255, 1};
    return true;
}

static bool read_slice(struct ramp *ramp, const struct fields *fields, double *last)
{
    double from, to;
    size_t at = 0;
    struct colour low, high;
    if (!read_number(&from, fields, &at) || !read_colour(&low, fields, &at)
        || !read_number(&to, fields, &at) || !read_colour(&high, fields, &at))
        return false;
    if (!(from < to) || (ramp->count > 0 && from < *last))
        return false;
    ramp->low[ramp->count] = low;
    ramp->high[ramp->count++] = high;
    *last = to;
    return true;
}

static bool is_remark(const struct fields *fields)
{
    if (fields->count == 0 || (*fields->begin[0] == '#'))
        return true;
    return fields->end[0] - fields->begin[0] == 1 && strchr("BFN", *fields->begin[0]) != NULL;
}

/* GMT writes `# COLOR_MODEL = HSV` (also CMYK) when the numbers are not red, green and blue. */
static bool is_other_model(const char *line, const char *end)
{
    static const char mark[] = "COLOR_MODEL";
    const size_t length = sizeof mark - 1;
    for (; (size_t)(end - line) > length; line++)
        if (memcmp(line, mark, length) == 0)
            return memchr(line + length, 'R', (size_t)(end - line) - length) == NULL;
    return false;
}

bool ramp_parse(struct ramp *ramp, const char *bytes, const char *name, struct error *error)
{
    *ramp = (struct ramp){0};
    double last = 0;
    size_t line_number = 1;
    for (const char *line = bytes; *line; line_number++) {
        const char *end = line + strcspn(line, "\n");
        struct fields fields;
        cut(&fields, line, end);
        if (*line == '#' && is_other_model(line, end))
            return error_set(error, ERROR_SETTINGS,
                             "%s:%zu: only RGB ramps are read; write it in RGB", name, line_number);
        if (!is_remark(&fields)) {
            if (ramp->count == RAMP_MOST)
                return error_set(error, ERROR_SETTINGS, "%s:%zu: a ramp has at most %d slices",
                                 name, line_number, RAMP_MOST);
            if (!read_slice(ramp, &fields, &last))
                return error_set(error, ERROR_SETTINGS,
                                 "%s:%zu: this is no slice; write `from R/G/B to R/G/B`, rising",
                                 name, line_number);
        }
        line = *end ? end + 1 : end;
    }
    if (ramp->count == 0)
        return error_set(error, ERROR_SETTINGS,
                         "%s: there is no colour in this ramp; write lines `from R/G/B to R/G/B`",
                         name);
    return true;
}

bool ramp_read(struct ramp *ramp, const char *path, struct error *error)
{
    const size_t most = 1 << 20;
    struct file_bytes file = {0};
    bool done = file_read(&file, path, most, error) && ramp_parse(ramp, file.bytes, path, error);
    file_free(&file);
    return done;
}

static bool same(struct colour a, struct colour b)
{
    return a.red == b.red && a.green == b.green && a.blue == b.blue;
}

static bool has_plain_slices(const struct ramp *ramp)
{
    for (size_t i = 0; i < ramp->count; i++)
        if (!same(ramp->low[i], ramp->high[i]))
            return false;
    return true;
}

static struct colour between(struct colour low, struct colour high, double share)
{
    struct lab a = colour_oklab(low), b = colour_oklab(high);
    return colour_from_oklab((struct lab){a.l + (b.l - a.l) * share, a.a + (b.a - a.a) * share,
                                          a.b + (b.b - a.b) * share});
}

void ramp_classes(struct colour *colours, size_t count, const struct ramp *ramp)
{
    bool plain = has_plain_slices(ramp);
    for (size_t i = 0; i < count; i++) {
        double share = count > 1 ? (double)i / (double)(count - 1) : 0.5;
        /* Plain slices are steps between their colours, others span their own two ends. */
        double at = share * (double)(plain ? ramp->count - 1 : ramp->count);
        size_t slice = (size_t)fmin(floor(at), (double)(ramp->count - 1));
        size_t next = plain && slice + 1 < ramp->count ? slice + 1 : slice;
        colours[i] = plain && ramp->count == count
                         ? ramp->low[i]
                         : between(ramp->low[slice], ramp->high[next], at - (double)slice);
    }
}
