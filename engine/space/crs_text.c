/* Lets through only texts of reference systems that make PROJ open nothing, and recognises the
 * systems that most files are in. */
#include "engine/space/crs_text.h"

#include "engine/space/crs_wkt1.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_TEXT = 65536, DEEPEST_WKT = 24, LONGEST_WORD = 40 };

static const char letters_and_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* strncasecmp goes by the locale, and a Turkish one has another I. */
static bool begins(const char *text, const char *word, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (upper(text[i]) != upper(word[i]) || text[i] == '\0')
            return false;
    return true;
}

static bool is_one_of(const char *word, size_t length, const char *const *list)
{
    for (; *list; list++)
        if (strlen(*list) == length && begins(word, *list, length))
            return true;
    return false;
}

/* "EPSG:28992", "ESRI:102110", "OGC:CRS84", "EPSG:28992+5709". */
static bool is_code(const char *text)
{
    static const char *const authorities[] = {"EPSG", "ESRI", "OGC", "IGNF", "IAU_2015", NULL};
    const char *colon = strchr(text, ':');
    if (!colon || !is_one_of(text, (size_t)(colon - text), authorities))
        return false;
    size_t length = strspn(colon + 1, letters_and_digits);
    if (length == 0)
        return false;
    const char *rest = colon + 1 + length;
    if (*rest == '+')
        rest += 1 + strspn(rest + 1, "0123456789");
    return *rest == '\0' && rest - colon <= LONGEST_WORD;
}

/* The parameters of a PROJ string that hold a number or a name, never a file. */
static bool is_plain_parameter(const char *key, size_t length)
{
    static const char *const plain[] = {
        "proj",    "lat_0",   "lat_1",  "lat_2",   "lat_ts", "lon_0",  "lon_1", "lon_2",
        "lonc",    "alpha",   "gamma",  "k",       "k_0",    "x_0",    "y_0",   "ellps",
        "datum",   "a",       "b",      "f",       "rf",     "R",      "es",    "units",
        "pm",      "zone",    "south",  "axis",    "type",   "over",   "title", "to_meter",
        "towgs84", "no_defs", "wktext", "no_uoff", "no_rot", "approx", "h",     "nadgrids",
        "sweep",   "tilt",    "azi",    "vunits",  NULL};
    return is_one_of(key, length, plain);
}

/* One word of a PROJ string, its "+" and what follows it left out. */
static bool is_plain_word(const char *word, size_t length)
{
    const char *equals = memchr(word, '=', length);
    size_t key = equals ? (size_t)(equals - word) : length;
    if (!is_plain_parameter(word, key))
        return false;
    if (key == strlen("nadgrids") && begins(word, "nadgrids", key))
        return length == strlen("nadgrids=@null") && strncmp(word + key, "=@null", 6) == 0;
    if (length >= strlen("proj=pipeline") && begins(word, "proj=pipeline", 13))
        return false;
    for (const char *at = word + key; at < word + length; at++)
        if (*at == '\0' || (!strchr(letters_and_digits, *at) && !strchr("=_.,+-", *at)))
            return false;
    return true;
}

static bool is_proj_string(const char *text, size_t length)
{
    const char *end = text + length;
    bool named = false;
    while (text < end) {
        size_t blanks = strspn(text, " \t\r\n");
        if (blanks >= (size_t)(end - text))
            break;
        text += blanks;
        size_t word = strcspn(text, " \t\r\n");
        if (word > (size_t)(end - text))
            word = (size_t)(end - text);
        if (*text != '+' || !is_plain_word(text + 1, word - 1))
            return false;
        named = named || strncmp(text, "+proj=", 6) == 0;
        text += word;
    }
    return named;
}

static bool holds(const char *text, const char *word)
{
    for (size_t length = strlen(word); *text; text++)
        if (begins(text, word, length))
            return true;
    return false;
}

/* EXTENSION["PROJ4","+proj=..."] is a PROJ string in disguise. */
static bool extensions_are_plain(const char *text)
{
    for (; *text; text++) {
        if (!begins(text, "EXTENSION", 9))
            continue;
        const char *quote = text;
        for (int i = 0; i < 3 && quote; i++)
            quote = strchr(i ? quote + 1 : quote, '"');
        const char *end = quote ? strchr(quote + 1, '"') : NULL;
        if (!end || !is_proj_string(quote + 1, (size_t)(end - quote - 1)))
            return false;
        text = end;
    }
    return true;
}

static bool nesting_is_bounded(const char *text)
{
    int depth = 0;
    bool quoted = false;
    for (; *text; text++) {
        quoted = quoted != (*text == '"');
        if (quoted)
            continue;
        depth += (*text == '[' || *text == '(') - (*text == ']' || *text == ')');
        if (depth < 0 || depth > DEEPEST_WKT)
            return false;
    }
    return depth == 0 && !quoted;
}

static bool is_wkt(const char *text)
{
    static const char *const systems[] = {
        "PROJCS",  "GEOGCS",        "COMPD_CS",       "PROJCRS",     "PROJECTEDCRS", "GEOGCRS",
        "GEODCRS", "GEOGRAPHICCRS", "GEODETICCRS",    "COMPOUNDCRS", "BOUNDCRS",     "LOCAL_CS",
        "ENGCRS",  "GEOCCS",        "ENGINEERINGCRS", "VERT_CS",     "VERTCRS",      NULL};
    size_t length = strcspn(text, " \t\r\n[(");
    const char *behind = text + length + strspn(text + length, " \t\r\n");
    return is_one_of(text, length, systems) && (*behind == '[' || *behind == '(');
}

/* What could make PROJ open a file: grids of a PROJ string or of a transformation. */
static bool wkt_is_plain(const char *text)
{
    return nesting_is_bounded(text) && !holds(text, "PARAMETERFILE") && !holds(text, "://")
           && !holds(text, "+init") && !holds(text, "+grids") && !holds(text, "+geoidgrids")
           && extensions_are_plain(text);
}

/* "urn:ogc:def:crs:EPSG::28992", of GeoJSON and GML: authority, version, code. */
static bool code_of_urn(char *code, size_t size, const char *text)
{
    static const char prefix[] = "urn:ogc:def:crs:";
    if (!begins(text, prefix, sizeof prefix - 1))
        return false;
    const char *authority = text + sizeof prefix - 1;
    const char *version = strchr(authority, ':');
    const char *number = version ? strchr(version + 1, ':') : NULL;
    if (!number || version - authority > 8 || strlen(number) > LONGEST_WORD)
        return false;
    int written = snprintf(code, size, "%.*s%s", (int)(version - authority), authority, number);
    return written > 0 && (size_t)written < size;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_allowed(const char *clean)
{
    return is_code(clean) || is_proj_string(clean, strlen(clean))
           || (is_wkt(clean) && wkt_is_plain(clean));
}

char *crs_text_clean(const char *text, struct error *error)
{
    if (strncmp(text, "\xEF\xBB\xBF", 3) == 0)
        text += 3;
    while (is_blank(*text))
        text++;
    size_t length = strlen(text);
    while (length > 0 && is_blank(text[length - 1]))
        length--;
    if (length == 0 || length > LONGEST_TEXT) {
        error_set(error, ERROR_DATA,
                  "a reference system's text of %zu bytes says nothing; write a code such as "
                  "EPSG:28992",
                  length);
        return NULL;
    }
    char code[2 * LONGEST_WORD];
    if (code_of_urn(code, sizeof code, text)) {
        text = code;
        length = strcspn(code, " \t\r\n");
    }
    char *clean = text_copy(text, length, error);
    if (clean && !is_allowed(clean)) {
        error_set(
            error, ERROR_DATA,
            "'%.60s' is no reference system that can be taken as it stands; write a code such "
            "as EPSG:28992, a PROJ string without files, or WKT",
            clean);
        array_free(&clean);
    }
    return clean;
}

static bool near(double a, double b, double tolerance)
{
    return fabs(a - b) <= tolerance; /* false for NaN */
}

static bool is_datum(const struct crs_wkt1 *wkt, const char *name)
{
    const char *datum = wkt->datum;
    size_t length = strlen(name);
    /* ESRI writes D_WGS_1984; the ensembles of later EPSG versions are the same for us. */
    if (datum[0] == 'd' && strncmp(datum + 1, name, length) == 0)
        datum++;
    return strncmp(datum, name, length) == 0
           && (datum[length] == '\0' || strcmp(datum + length, "ensemble") == 0);
}

enum frame { FRAME_OTHER, FRAME_WGS84, FRAME_ETRS89, FRAME_AMERSFOORT };

static enum frame frame_of(const struct crs_wkt1 *wkt)
{
    if (wkt->meridian != 0 || !near(wkt->angle_unit, 0.0174532925199433, 1e-13))
        return FRAME_OTHER;
    bool big = near(wkt->semi_major, 6378137.0, 1e-6);
    if (big && near(wkt->flattening, 298.257223563, 1e-9)
        && (is_datum(wkt, "wgs1984") || is_datum(wkt, "worldgeodeticsystem1984")))
        return FRAME_WGS84;
    if (big && near(wkt->flattening, 298.257222101, 1e-9)
        && (is_datum(wkt, "etrs1989") || is_datum(wkt, "europeanterrestrialreferencesystem1989")))
        return FRAME_ETRS89;
    if (near(wkt->semi_major, 6377397.155, 1e-6) && near(wkt->flattening, 299.1528128, 1e-6)
        && is_datum(wkt, "amersfoort"))
        return FRAME_AMERSFOORT;
    return FRAME_OTHER;
}

static bool is_rd_new(const struct crs_wkt1 *wkt)
{
    const double *parameters = wkt->parameters;
    return (strcmp(wkt->projection, "doublestereographic") == 0
            || strcmp(wkt->projection, "obliquestereographic") == 0)
           && near(parameters[CRS_WKT1_FALSE_EASTING], 155000, 1e-6)
           && near(parameters[CRS_WKT1_FALSE_NORTHING], 463000, 1e-6)
           && near(parameters[CRS_WKT1_CENTRAL_MERIDIAN], 5.387638888889, 1e-10)
           && near(parameters[CRS_WKT1_SCALE_FACTOR], 0.9999079, 1e-12)
           && near(parameters[CRS_WKT1_LATITUDE_OF_ORIGIN], 52.156160555556, 1e-10);
}

/* The zone, negative in the south, or 0. */
static int utm_zone(const struct crs_wkt1 *wkt)
{
    const double *parameters = wkt->parameters;
    double zone = (parameters[CRS_WKT1_CENTRAL_MERIDIAN] + 183) / 6;
    double northing = parameters[CRS_WKT1_FALSE_NORTHING];
    if (strcmp(wkt->projection, "transversemercator") != 0
        || parameters[CRS_WKT1_FALSE_EASTING] != 500000
        || !near(parameters[CRS_WKT1_SCALE_FACTOR], 0.9996, 1e-12)
        || parameters[CRS_WKT1_LATITUDE_OF_ORIGIN] != 0 || !(zone >= 1 && zone <= 60)
        || zone != floor(zone) || (northing != 0 && northing != 10000000))
        return 0;
    return northing == 0 ? (int)zone : -(int)zone;
}

static int epsg_of_wkt(const char *text)
{
    struct crs_wkt1 wkt;
    if (!crs_wkt1_read(&wkt, text))
        return 0;
    enum frame frame = frame_of(&wkt);
    if (!wkt.projected)
        return frame == FRAME_WGS84 ? 4326 : frame == FRAME_ETRS89 ? 4258 : 0;
    if (wkt.length_unit != 1)
        return 0;
    if (frame == FRAME_AMERSFOORT)
        return is_rd_new(&wkt) ? 28992 : 0;
    int zone = utm_zone(&wkt);
    if (frame == FRAME_WGS84 && zone != 0)
        return zone > 0 ? 32600 + zone : 32700 - zone;
    return frame == FRAME_ETRS89 && zone >= 28 && zone <= 38 ? 25800 + zone : 0;
}

static int epsg_of_code(const char *text)
{
    if (strlen(text) == 9 && begins(text, "OGC:CRS84", 9))
        return 4326;
    if (!begins(text, "EPSG:", 5) || strlen(text) > 10
        || strspn(text + 5, "0123456789") != strlen(text + 5))
        return 0;
    int number = (int)strtol(text + 5, NULL, 10);
    bool utm = (number > 32600 && number <= 32660) || (number > 32700 && number <= 32760)
               || (number >= 25828 && number <= 25838);
    return utm || number == 4326 || number == 4258 || number == 28992 ? number : 0;
}

void crs_text_code(char *code, const char *clean)
{
    int number = is_code(clean) ? epsg_of_code(clean) : epsg_of_wkt(clean);
    code[0] = '\0';
    if (number != 0)
        snprintf(code, CRS_CODE_SIZE, "EPSG:%d", number);
}
