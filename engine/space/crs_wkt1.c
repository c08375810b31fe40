/* Reads the plain WKT 1 of a .prj file into its numbers. */
#include "engine/space/crs_wkt1.h"

#include "engine/core/base.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 6, LONGEST_NUMBER = 31 };

struct reader {
    const char *at;
    struct crs_wkt1 *into;
};

/* One KEYWORD["name", number, number, ...] whose children have been read. */
struct node {
    char keyword[24], name[64];
    double numbers[2];
    int number_count;
    char direction[8]; /* of an AXIS: the bare word behind the name */
};

static void skip_blanks(struct reader *reader)
{
    reader->at += strspn(reader->at, " \t\r\n");
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool read_word(struct reader *reader, char *word, size_t size)
{
    size_t length = 0;
    while (is_letter(*reader->at) || is_digit(*reader->at) || *reader->at == '_') {
        if (length + 1 >= size)
            return false;
        char c = *reader->at++;
        word[length++] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    word[length] = '\0';
    return length > 0;
}

static bool read_name(struct reader *reader, char *name, size_t size)
{
    size_t length = 0;
    for (reader->at++; *reader->at != '"'; reader->at++) {
        char c = *reader->at;
        if (c == '\0' || length + 1 >= size)
            return false;
        if (c >= 'A' && c <= 'Z')
            name[length++] = (char)(c - 'A' + 'a');
        else if (is_letter(c) || is_digit(c) || (unsigned char)c >= 0x80)
            name[length++] = c;
    }
    reader->at++;
    name[length] = '\0';
    return true;
}

/* By hand, since strtod goes by the locale's decimal sign. A last digit that differs from strtod's
 * is far within the tolerance of the comparison. */
static bool read_number(struct reader *reader, double *number)
{
    const char *at = reader->at, *begin = at;
    bool negative = *at == '-';
    at += *at == '-' || *at == '+';
    double value = 0, place = 1;
    bool behind_point = false, any = false;
    for (; is_digit(*at) || (*at == '.' && !behind_point); at++) {
        if (at - begin > LONGEST_NUMBER)
            return false;
        if (*at == '.') {
            behind_point = true;
            continue;
        }
        any = true;
        value = value * 10 + (*at - '0');
        place *= behind_point ? 10 : 1;
    }
    if (!any || *at == 'e' || *at == 'E')
        return false;
    *number = (negative ? -value : value) / place;
    reader->at = at;
    return true;
}

static bool take_parameter(struct crs_wkt1 *into, const struct node *node)
{
    static const char *const names[CRS_WKT1_PARAMETERS] = {
        "falseeasting", "falsenorthing", "centralmeridian", "scalefactor", "latitudeoforigin",
    };
    for (int i = 0; i < CRS_WKT1_PARAMETERS; i++)
        if (strcmp(node->name, names[i]) == 0 && isnan(into->parameters[i])
            && node->number_count == 1) {
            into->parameters[i] = node->numbers[0];
            return true;
        }
    return false;
}

static bool take_axis(const struct node *node)
{
    return strcmp(node->direction, "EAST") == 0 || strcmp(node->direction, "NORTH") == 0;
}

/* The unit inside GEOGCS is an angle, the one of PROJCS a length. */
static bool take_unit(struct crs_wkt1 *into, const struct node *node, const char *parent)
{
    double *unit = strcmp(parent, "GEOGCS") == 0 ? &into->angle_unit : &into->length_unit;
    *unit = node->numbers[0];
    return node->number_count == 1;
}

static bool take_spheroid(struct crs_wkt1 *into, const struct node *node)
{
    into->semi_major = node->numbers[0];
    into->flattening = node->numbers[1];
    return node->number_count == 2;
}

static bool take_name(char *name, const struct node *node)
{
    memcpy(name, node->name, sizeof node->name);
    return true;
}

static bool take(struct crs_wkt1 *into, const struct node *node, const char *parent)
{
    if (strcmp(node->keyword, "PROJCS") == 0 || strcmp(node->keyword, "GEOGCS") == 0)
        return true;
    if (strcmp(node->keyword, "DATUM") == 0)
        return take_name(into->datum, node);
    if (strcmp(node->keyword, "PROJECTION") == 0)
        return take_name(into->projection, node);
    if (strcmp(node->keyword, "SPHEROID") == 0)
        return take_spheroid(into, node);
    if (strcmp(node->keyword, "PRIMEM") == 0) {
        into->meridian = node->numbers[0];
        return node->number_count == 1;
    }
    if (strcmp(node->keyword, "UNIT") == 0)
        return take_unit(into, node, parent);
    if (strcmp(node->keyword, "PARAMETER") == 0)
        return take_parameter(into, node);
    if (strcmp(node->keyword, "AXIS") == 0)
        return take_axis(node);
    return strcmp(node->keyword, "AUTHORITY") == 0;
}

static bool read_node(struct reader *reader, const char *parent, int depth);

static bool read_item(struct reader *reader, struct node *node, int depth)
{
    skip_blanks(reader);
    if (*reader->at == '"') {
        char ignored[64];
        bool first = node->name[0] == '\0';
        return read_name(reader, first ? node->name : ignored, sizeof ignored);
    }
    if (is_digit(*reader->at) || *reader->at == '-' || *reader->at == '+' || *reader->at == '.')
        return node->number_count < 2 && read_number(reader, &node->numbers[node->number_count++]);
    size_t word =
        strspn(reader->at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789");
    const char *behind = reader->at + word;
    behind += strspn(behind, " \t\r\n");
    if (*behind == '[' || *behind == '(')
        return read_node(reader, node->keyword, depth + 1);
    return read_word(reader, node->direction, sizeof node->direction);
}

static bool read_node(struct reader *reader, const char *parent, int depth)
{
    struct node node = {0};
    skip_blanks(reader);
    if (depth > DEEPEST || !read_word(reader, node.keyword, sizeof node.keyword))
        return false;
    skip_blanks(reader);
    if (*reader->at != '[' && *reader->at != '(')
        return false;
    char closing = *reader->at == '[' ? ']' : ')';
    do {
        reader->at++;
        if (!read_item(reader, &node, depth))
            return false;
        skip_blanks(reader);
    } while (*reader->at == ',');
    if (*reader->at != closing)
        return false;
    reader->at++;
    return take(reader->into, &node, parent);
}

bool crs_wkt1_read(struct crs_wkt1 *into, const char *text)
{
    *into = (struct crs_wkt1){0};
    for (int i = 0; i < CRS_WKT1_PARAMETERS; i++)
        into->parameters[i] = NAN;
    into->projected = strncmp(text, "PROJCS", 6) == 0;
    if (!into->projected && strncmp(text, "GEOGCS", 6) != 0)
        return false;
    struct reader reader = {text, into};
    return read_node(&reader, "", 0) && *reader.at == '\0' && into->datum[0] != '\0';
}
