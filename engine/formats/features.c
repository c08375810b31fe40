/* The rows of a table or of a map's layer, one at a time, whatever format they stand in. */
#include "engine/formats/features.h"

#include "engine/core/numbers.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char DEGREES[] = "EPSG:4326";

bool features_add_column(struct features *features, const char *name, bool is_text,
                         struct error *error)
{
    enum { MOST = 2000 };
    struct capacity capacity = {features->capacity, sizeof *features->columns};
    if (features->count == MOST)
        return error_set(error, ERROR_DATA, "%s: more than %d columns", features->path, (int)MOST);
    if (!array_reserve(&features->columns, &capacity, features->count + 1, error))
        return false;
    features->capacity = capacity.held;
    char *copy = text_copy(name, strlen(name), error);
    if (copy == NULL)
        return false;
    features->columns[features->count++] = (struct features_column){copy, is_text};
    return true;
}

/* The digits that end "urn:ogc:def:crs:EPSG::28992", "EPSG:28992", ".../EPSG/0/28992". */
static const char *epsg_code(const char *text)
{
    const char *end = text + strlen(text), *at = end;
    while (at > text && isdigit((unsigned char)at[-1]))
        at--;
    bool named = strstr(text, "EPSG") != NULL || strstr(text, "epsg") != NULL;
    return named && at < end && end - at < 8 ? at : NULL;
}

static bool is_degrees(const char *text)
{
    if (strcasecmp(text, DEGREES) == 0)
        return true;
    if (strncmp(text, "GEOG", 4) == 0 && strlen(text) < 4096)
        return strstr(text, "TOWGS84") == NULL
               && (strstr(text, "\"WGS_1984\"") != NULL || strstr(text, "\"WGS 84\"") != NULL
                   || strstr(text, "\"WGS84\"") != NULL
                   || strstr(text, "\"World Geodetic System 1984\"") != NULL);
    size_t length = strlen(text);
    return length >= 5 && strcasecmp(text + length - 5, "CRS84") == 0;
}

char *features_crs(const char *text, struct error *error)
{
    char name[32];
    const char *code = strchr(text, '[') == NULL ? epsg_code(text) : NULL;
    if (is_degrees(text))
        return text_copy(DEGREES, strlen(DEGREES), error);
    if (code == NULL)
        return text_copy(text, strlen(text), error);
    snprintf(name, sizeof name, "EPSG:%s", code);
    return text_copy(name, strlen(name), error);
}

bool features_take_crs(struct features *features, const char *text, struct error *error)
{
    free(features->crs);
    features->crs = features_crs(text, error);
    if (features->crs == NULL)
        return false;
    features->place = strcmp(features->crs, DEGREES) == 0 ? FEATURES_DEGREES : FEATURES_XY;
    return true;
}

/* A number of few decimals, as most are: a whole number divided by a power of ten, both exact,
 * gives the double that is nearest to the decimal fraction. False when it has more. */
static bool add_short(struct text *into, double value)
{
    enum { MOST = 10, DIGITS = 24 };
    const double largest = 9007199254740992.0; /* 2^53 */
    char digits[DIGITS + 2], *at = digits + sizeof digits;
    double power = 1, scaled = fabs(value);
    int decimals = 0;
    for (;; decimals++, power *= 10) {
        scaled = rint(fabs(value) * power);
        if (decimals > MOST || scaled >= largest)
            return false;
        if (scaled / power == fabs(value))
            break;
    }
    uint64_t whole = (uint64_t)scaled;
    for (int i = 0; whole > 0 || i <= decimals; i++, whole /= 10) {
        if (i == decimals && i > 0)
            *--at = '.';
        *--at = (char)('0' + whole % 10);
    }
    if (value < 0)
        *--at = '-';
    text_add_bytes(into, at, (size_t)(digits + sizeof digits - at));
    return true;
}

void features_add_number(struct text *into, double value)
{
    char shortest[NUMBER_TEXT];
    if (!isfinite(value) || add_short(into, value))
        return;
    number_format_exact(shortest, value);
    const char *exponent = strpbrk(shortest, "eE"), *point = strchr(shortest, '.');
    if (exponent == NULL) {
        text_add(into, "%s", shortest);
        return;
    }
    int digits = point != NULL ? (int)(exponent - point) - 1 : 0;
    int decimals = digits - (int)strtol(exponent + 1, NULL, 10);
    text_add(into, "%.*f", decimals > 0 ? decimals : 0, value);
}

bool features_add_text(struct text *into, const char *bytes, size_t length, struct error *error)
{
    length = strnlen(bytes, length);
    if (text_is_utf8(bytes, length)) {
        text_add_bytes(into, bytes, length);
        return true;
    }
    char *decoded = text_from_cp1252(bytes, length, error);
    if (decoded == NULL)
        return false;
    text_add(into, "%s", decoded);
    free(decoded);
    return true;
}

void features_close(struct features *features)
{
    if (features->state != NULL)
        features->format->close(features->state);
    for (size_t i = 0; i < features->count; i++)
        free(features->columns[i].name);
    free(features->columns);
    free(features->crs);
    *features = (struct features){0};
}
