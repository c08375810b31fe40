/* Every option of plein in one table: the command line, the study file and the help all read it. */
#include "engine/study/options.h"

#include "engine/core/files.h"
#include "engine/core/numbers.h"
#include "engine/core/text.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

static const char *const FORMATS[] = {"", "table", "csv", "json", "geojson", NULL};
static const char *const RASTERS[] = {"", "asc", "geotiff", NULL};
static const char *const EXPORTS[] = {"", "gpkg", "geojson", "shp", "csv", "xlsx", "geotiff", NULL};
static const char *const KERNELS[] = {
    "quartic", "gaussian", "epanechnikov", "triangular", "triweight", "uniform", NULL};
static const char *const EDGES[] = {"none", "uniform", "diggle", NULL};
static const char *const SANDBOXES[] = {"auto", "on", "off", NULL};
static const char *const SERIES[] = {"",        "domain", "category", "source",  "year",
                                     "quarter", "month",  "weekday",  "daypart", NULL};
static const char *const UNITS[] = {"ha", "km2", NULL};

#define AT(member) offsetof(struct options, member)
#define TEXT(member) OPTION_TEXT, AT(member), 0, 0, NULL
#define PATH(member) OPTION_PATH, AT(member), 0, 0, NULL
#define WORDS(member) OPTION_WORDS, AT(member), 0, 0, NULL
#define PATHS(member) OPTION_PATHS, AT(member), 0, 0, NULL
#define FLAG(member) OPTION_FLAG, AT(member), 0, 0, NULL
#define NUMBER(member, least, most) OPTION_NUMBER, AT(member), least, most, NULL
#define WHOLE(member, least, most) OPTION_WHOLE, AT(member), least, most, NULL
#define CHOICE(member, names) OPTION_CHOICE, AT(member), 0, 0, names

enum {
    IN = OPTIONS_INPUT,
    SELECT = OPTIONS_SELECTION,
    OUT = OPTIONS_OUTPUT,
    ALL = OPTIONS_GENERAL,
    QUERY = OPTIONS_QUERY,
    CLUSTERS = OPTIONS_CLUSTERS,
    DENSITY = OPTIONS_DENSITY,
    MAP = OPTIONS_MAP,
    BORDER = OPTIONS_BORDER,
    PRIORITIES = OPTIONS_PRIORITIES,
    HANDOVER = OPTIONS_HANDOVER,
    EXPORT = OPTIONS_EXPORT,
};

/* A table reads as a table. */
/* clang-format off */
static const struct option_spec TABLE[] = {
    {"study", 0, NULL, "FILE", N_("take inputs and defaults from this study file (./plein.ini when it is there)"), IN, PATH(study)},
    {"boundaries", 0, "study", "FILE", N_("the jurisdictions: a shapefile, GeoPackage or GeoJSON; FILE:LAYER chooses a layer"), IN, PATH(boundaries)},
    {"boundaries-crs", 0, "study", "CRS", N_("reference system of the boundaries, such as EPSG:28992, when they name none"), IN, TEXT(boundaries_crs)},
    {"boundaries-name", 0, "study", "FIELD", N_("the field that holds the names"), IN, TEXT(boundaries_name)},
    {"boundaries-code", 0, "study", "FIELD", N_("the field that holds the codes"), IN, TEXT(boundaries_code)},
    {"districts", 0, "study", "FILE", N_("a finer layer of areas that nests in the boundaries, such as wijken or buurten"), IN, PATH(districts)},
    {"districts-crs", 0, "study", "CRS", N_("reference system of the districts, when they name none"), IN, TEXT(districts_crs)},
    {"incidents", 0, "study", "[SOURCE=]FILE", N_("incidents as CSV, GeoPackage, GeoJSON, XLSX or a shapefile of points, also in gzip or zip, or a neighbour's handover; FILE:LAYER chooses a layer or sheet; - is standard input; repeatable, the sources add up"), IN, PATHS(incidents)},
    {"columns", 0, "study", "x=FIELD,...", N_("which columns serve: id, lon, lat, x, y, category, occurred_at, reported_at, source, weight, reported_to, responsible; occurred_at=DATE+TIME joins two, category=:litter is a constant"), IN, TEXT(columns)},
    {"incidents-crs", 0, "study", "CRS", N_("reference system of x and y columns"), IN, TEXT(incidents_crs)},
    {"crs", 0, "study", "CRS", N_("the study's reference system; else chosen from the boundaries"), IN, TEXT(crs)},
    {"vocabulary", 0, "study", "FILE", N_("categories and domains, CSV source;reported;category;domain;also"), IN, PATH(vocabulary)},
    {"timezone", 0, "study", "ZONE", N_("for stamps with Z or an offset, such as Europe/Amsterdam"), IN, TEXT(timezone)},
    {"location-accuracy", 0, "study", "M", N_("how well places are known, in metres: the width of the border band (10)"), IN, NUMBER(location_accuracy_m, 0, 100000)},
    {"gap", 0, "study", "M", N_("a place in no jurisdiction and within this of two goes to the nearer (1)"), IN, NUMBER(gap_m, 0, 1000)},
    {"strict", 0, "study", NULL, N_("any skipped row is an error"), IN, FLAG(strict)},
    {"to", 0, "handover", "NAME", N_("who gets the package: the neighbour, by name or code; --until is the last day of a period here"), HANDOVER, TEXT(handover.receiver)},
    {"until", 0, "handover", "DATE", N_("up to and including this day"), HANDOVER, TEXT(to)},
    {"depth", 0, "handover", "M", N_("how far from the neighbour's ground squares are published, in metres (500)"), HANDOVER, NUMBER(handover.depth_m, 1, 100000)},
    {"sign", 0, NULL, "KEY", N_("sign the package with this secret key, into FILE.minisig"), HANDOVER, PATH(handover.sign)},
    {"key", 0, "handover", "KEY", N_("the sender's public key, to verify with"), HANDOVER, PATH(handover.key)},
    {"previous", 0, NULL, "OLD.zip", N_("an earlier package that the neighbour has: what the two would tell together is not published; repeatable"), HANDOVER, PATHS(handover.previous)},
    {"totals", 0, NULL, "FILE", N_("totals that the neighbour has from elsewhere, CSV square,domain,quarter,incidents (or low,high), empty for all: what the package would tell beside them is not published; repeatable"), HANDOVER, PATHS(handover.totals)},
    {"agreement", 0, NULL, "TEXT", N_("the agreement under which --rows may be handed over; it stands in the package"), HANDOVER, TEXT(handover.agreement)},
    {"purpose", 0, "handover", "TEXT", N_("what the package is for"), HANDOVER, TEXT(handover.purpose)},
    {"legal-basis", 0, "handover", "TEXT", N_("on what legal basis it is shared"), HANDOVER, TEXT(handover.legal_basis)},
    {"retention", 0, "handover", "TEXT", N_("how long it may be kept"), HANDOVER, TEXT(handover.retention)},
    {"contact", 0, "handover", "TEXT", N_("whom to ask"), HANDOVER, TEXT(handover.contact)},
    {"jurisdiction", 0, "study", "NAME", N_("only this jurisdiction, by name or code; repeatable"), SELECT, WORDS(jurisdictions)},
    {"domain", 0, "study", "D", N_("only this primary domain: social, physical, safety, unmapped; repeatable"), SELECT, WORDS(domains)},
    {"domain-any", 0, "study", "D", N_("the same, secondary domains too; repeatable"), SELECT, WORDS(domains_any)},
    {"category", 0, "study", "C", N_("only this category; repeatable"), SELECT, WORDS(categories)},
    {"source", 0, "study", "S", N_("only this source; repeatable"), SELECT, WORDS(sources)},
    {"from", 0, "study", "DATE", N_("from this day on, as 2024-05-31"), SELECT, TEXT(from)},
    {"to", 0, "study", "DATE", N_("up to and including this day"), SELECT, TEXT(to)},
    {"phase", 0, "study", "NAME", N_("the days of this phase of the opgave"), SELECT, TEXT(phase)},
    {"hours", 0, "study", "HH-HH", N_("only these hours, such as 18-06"), SELECT, TEXT(hours)},
    {"days", 0, "study", "DD-DD", N_("only these weekdays, such as mo-fr or sa,su"), SELECT, TEXT(days)},
    {"within", 0, "study", "XMIN,YMIN,XMAX,YMAX", N_("only in this box, in the study's metres"), SELECT, TEXT(within)},
    {"around", 0, "study", "X,Y,M", N_("only within M metres of this place, in the study's metres or in degrees"), SELECT, TEXT(around)}, {"by", 0, NULL, "KEYS", N_("count by any of jurisdiction, district, band, reported_to, responsible, domain, category, source, year, month, weekday, hour, square (jurisdiction)"), QUERY, TEXT(by)},
    {"per", 0, "study", "KEYS", N_("clusters per jurisdiction, domain, category, source, or none (jurisdiction,domain)"), CLUSTERS | EXPORT, TEXT(per)},
    {"radius", 0, "study", "M", N_("how far a neighbour may lie, in metres (35)"), CLUSTERS | MAP | BORDER | HANDOVER | EXPORT, NUMBER(radius_m, 0.001, 100000)},
    {"min-points", 0, "study", "N", N_("a core point has so many within the radius, itself included (10)"), CLUSTERS | MAP | BORDER | HANDOVER | EXPORT, WHOLE(min_points, 1, 1e9)},
    {"members", 0, NULL, "FILE", N_("write id,cluster,core of every selected incident to this CSV file"), CLUSTERS, PATH(members)},
    {"compare-with", 0, "study", "FILE", N_("give clusters the numbers of the earlier ones on the same ground, and tell what changed; FILE is what plein clusters --format geojson wrote"), CLUSTERS, PATH(compare_with)},
    {"kernel", 0, "study", "KERNEL", N_("quartic, gaussian, epanechnikov, triangular, triweight or uniform (quartic)"), DENSITY | MAP | BORDER | EXPORT, CHOICE(kernel, KERNELS)},
    {"bandwidth", 0, "study", "M", N_("of the kernel, in metres on the ground (100)"), DENSITY | MAP | BORDER | EXPORT, NUMBER(bandwidth_m, 0.001, 1e6)},
    {"cell", 0, "study", "M", N_("side of a raster cell in metres (bandwidth/10, coarser above 4 million cells)"), DENSITY | MAP | BORDER | EXPORT, NUMBER(cell_m, 1e-6, 1e6)},
    {"extent", 0, "study", "XMIN,YMIN,XMAX,YMAX", N_("the raster's box, in the study's metres (that of the selected jurisdictions)"), DENSITY | BORDER | EXPORT, TEXT(extent)},
    {"edge", 0, "study", "CORRECTION", N_("none, uniform or diggle (none)"), DENSITY | EXPORT, CHOICE(edge, EDGES)},
    {"unit", 0, "study", "UNIT", N_("per ha or per km2 (ha)"), DENSITY | EXPORT, CHOICE(unit, UNITS)},
    {"per-year", 0, "study", NULL, N_("divide by the length of the period in years"), DENSITY | EXPORT, FLAG(per_year)},
    {"priorities", 0, "study", "FILE", N_("what councils say that they will act on, CSV jurisdiction;category;priority;source;from;to"), PRIORITIES | BORDER, PATH(priorities)},
    {"least-share", 0, "priorities", "SHARE", N_("a category is a load from this share of a jurisdiction's incidents on, such as 0.2 (1 divided by the number of categories)"), PRIORITIES | BORDER, NUMBER(least_share, 0, 1)},
    {"least-incidents", 0, "priorities", "N", N_("and from so many incidents on (10)"), PRIORITIES | BORDER, WHOLE(least_incidents, 1, 1e9)},
    {"min-count", 0, "privacy", "N", N_("blank a place whose kernel support holds fewer incidents (5); withhold a count below it (10 in a handover)"), DENSITY | MAP | BORDER | HANDOVER | EXPORT, WHOLE(min_count, 1, 1e6)},
    {"sensitive", 0, "privacy", NULL, N_("allow organised crime to be drawn and clustered on its own; in a handover, to be among the --rows, when it stands on the command line"), CLUSTERS | DENSITY | MAP | BORDER | EXPORT | HANDOVER, FLAG(sensitive)},
    {"frame", 0, "map", "XMIN,YMIN,XMAX,YMAX", N_("the ground shown, in the study's metres (where the clusters are)"), MAP | BORDER | HANDOVER, TEXT(frame)},
    {"no-clusters", 0, "map", NULL, N_("draw no clusters: incidents are counted as they are read and not kept, so that there may be any number of them"), MAP, FLAG(no_clusters)},
    {"small-multiples", 0, "map", "KEY", N_("one sheet of small maps on one scale, one for each domain, category, source, year, quarter, month, weekday or daypart"), MAP, CHOICE(small_multiples, SERIES)},
    {"zoom", 0, "map", NULL, N_("three sheets on one scale, FILE-1, FILE-2 and FILE-3: the jurisdictions, the neighbourhood and the place of the foremost cluster, each with the frame of the next"), MAP, FLAG(zoom)},
    {"with", 0, "map", "WHAT", N_("under the map: hours (a table of the hours of the week), months (a line per month, with the measures and the phases of the opgave), or both: hours,months"), MAP, TEXT(with)},
    {"measures", 0, "study", "FILE", N_("what was done, CSV date;until;name;partner;domain;jurisdiction;x;y;radius_m (only date and name are needed; without until it still lasts): marked among the months, and on the map where it has a place"), MAP, PATH(measures)},
    {"title", 0, "map", "TEXT", N_("the map's title; else the main finding"), MAP | BORDER | HANDOVER, TEXT(title)},
    {"page", 0, "map", "PAGE", N_("slide, a1 to a6 (lying; a4-portrait stands), or width x height: 297x210 in mm, 11x8.5in, 960x540pt, 1920x1080px (the style's own page)"), MAP | BORDER, TEXT(page)},
    {"dpi", 0, "map", "N", N_("pixels to an inch (the style's own; 200 on a page of paper, and for the heat in a PDF or SVG)"), MAP | BORDER, NUMBER(dpi, 18, 2400)},
    {"alt", 0, NULL, NULL, N_("write the map's alternative text beside it too, as FILE.txt"), MAP | BORDER, FLAG(alt)},
    {"georeferenced", 0, NULL, NULL, N_("write the picture beside it as a GeoTIFF too, FILE.tif"), MAP, FLAG(georeferenced)},
    {"style", 0, "map", "NAME|FILE", N_("a style of the folder styles/, or a style file (meeting)"), MAP | BORDER | HANDOVER, TEXT(style)},
    {"classes", 0, "map", "METHOD[:N]", N_("limits between classes of colour: round, equal, quantile, jenks, geometric or continuous, in N classes, or limits of your own such as 5,10,20,40 (round)"), MAP | BORDER, TEXT(classes)},
    {"scale", 0, "map", "MAP.png", N_("keep the limits of this map, so that the two can be compared"), MAP | BORDER, PATH(scale)},
    {"points", 0, "map", NULL, N_("draw single incidents as dots, for a map that stays in the house: only with --min-count 1 said as well"), MAP, FLAG(points)},
    {"contours", 0, "map", NULL, N_("draw lines of equal density along the limits of the classes"), MAP, FLAG(contours)},
    {"base", 0, "map", "FILE:STYLE", N_("a base layer: a shapefile as street, building, water, green or square; repeatable"), MAP | BORDER | HANDOVER, PATHS(base)},
    {"between", 0, "study", "NAME,NAME", N_("the border between these two jurisdictions, by name or code (every shared border in the selection)"), BORDER, TEXT(between)},
    {"rasters", 0, NULL, "DIR", N_("write the grids there: each side alone, together, what each misses, and what each would guess"), BORDER, PATH(rasters)},
    {"format", 0, NULL, "FORMAT", N_("table, csv, json or geojson; else by the extension of -o"), OUT, CHOICE(format, FORMATS)},
    {"format", 0, NULL, "FORMAT", N_("asc or geotiff; else by the extension of -o: .tif is a GeoTIFF"), DENSITY, CHOICE(raster_format, RASTERS)},
    {"format", 0, NULL, "FORMAT", N_("gpkg, geojson, shp, csv, xlsx or geotiff; else by the extension of -o"), EXPORT, CHOICE(export_format, EXPORTS)},
    {"layer", 0, NULL, "LAYER", N_("incidents, clusters, jurisdictions or density; repeatable (gpkg and xlsx: the first three; geotiff: density; else incidents)"), EXPORT, WORDS(layers)},
    {"rows", 0, NULL, NULL, N_("incidents one by one: in an export with place and time, in place of counts by square of 100 m; in a handover by square and quarter, beside the counts, and with --agreement alone"), EXPORT | HANDOVER, FLAG(rows)},
    {"output", 'o', NULL, "FILE", N_("write there instead of on standard output"), OUT | DENSITY | MAP | EXPORT | HANDOVER, PATH(output)},
    {"excel", 0, "study", NULL, N_("CSV with ; and decimal commas"), OUT | EXPORT, FLAG(excel)},
    {"lang", 0, "map", "nl|en", N_("language of prose, tables and maps"), ALL, TEXT(language)},
    {"threads", 0, "study", "N", N_("how many threads work (as many as there are processors)"), ALL, WHOLE(threads, 1, 64)},
    {"sandbox", 0, NULL, "MODE", N_("on: the command runs in a process that can start no program, open no connection and write only beside its output; off; auto: where a package of others is verified or merged (auto)"), ALL, CHOICE(sandbox, SANDBOXES)},
    {"quiet", 0, NULL, NULL, N_("no remarks on standard error"), ALL, FLAG(quiet)}, {"name", 0, "opgave", "TEXT", N_("the shared task's name"), 0, TEXT(opgave.name)},
    {"goal", 0, "opgave", "TEXT", N_("its goal"), 0, TEXT(opgave.goal)},
    {"lead", 0, "opgave", "TEXT", N_("who leads"), 0, TEXT(opgave.lead)},
    {"partners", 0, "opgave", "TEXT", N_("who take part"), 0, TEXT(opgave.partners)},
    {"share", 0, "lead", "PART", N_("the share of a cluster from which on evidence can point to one side (0.6)"), 0, NUMBER(lead_share, 0.5, 1)},
    {"min_incidents", 0, "lead", "N", N_("clusters of fewer incidents tell nothing about a lead (20)"), 0, WHOLE(lead_min_incidents, 1, 1e6)},
    {"phase", 0, "opgave", "NAME FROM TO", N_("a phase with its first and last day; repeatable"), 0, WORDS(opgave.phases)},
    {0},
};
/* clang-format on */

_Static_assert(sizeof TABLE / sizeof *TABLE <= OPTIONS_MOST, "options.given holds all options");

const struct option_spec *options_table(void)
{
    return TABLE;
}

const struct option_spec *options_find(const char *name)
{
    for (const struct option_spec *spec = TABLE; spec->name != NULL; spec++)
        if (spec->groups != 0 && strcmp(spec->name, name) == 0)
            return spec;
    return NULL;
}

static const struct option_spec *find_setting(const char *section, const char *key)
{
    for (const struct option_spec *spec = TABLE; spec->name != NULL; spec++)
        if (spec->section != NULL && strcmp(spec->section, section) == 0
            && strcmp(spec->name, key) == 0)
            return spec;
    return NULL;
}

bool options_new(struct options *options, struct error *error)
{
    (void)error;
    *options = (struct options){
        .location_accuracy_m = 10,
        .gap_m = 1,
        .radius_m = 35,
        .min_points = 10,
        .bandwidth_m = 100,
        .min_count = 5,
        .lead_share = 0.6,
        .handover.depth_m = 500,
        .lead_min_incidents = 20,
        .least_incidents = 10,
    };
    return true;
}

static void *place_of(struct options *options, const struct option_spec *spec)
{
    return (char *)options + spec->offset;
}

void words_free(struct words *words)
{
    for (size_t i = 0; i < words->count; i++)
        free(words->items[i]);
    free(words->items);
    *words = (struct words){0};
}

bool words_add(struct words *words, const char *text, struct error *error)
{
    struct capacity capacity = {words->capacity, sizeof *words->items};
    if (!array_reserve(&words->items, &capacity, words->count + 1, error))
        return false;
    words->capacity = capacity.held;
    words->items[words->count] = text_copy(text, strlen(text), error);
    if (words->items[words->count] == NULL)
        return false;
    words->count++;
    return true;
}

void options_free(struct options *options)
{
    words_free(&options->operands);
    for (const struct option_spec *spec = TABLE; spec->name != NULL; spec++) {
        switch (spec->kind) {
        case OPTION_TEXT:
        case OPTION_PATH:
            array_free(place_of(options, spec));
            break;
        case OPTION_WORDS:
        case OPTION_PATHS:
            words_free(place_of(options, spec));
            break;
        case OPTION_FLAG:
        case OPTION_NUMBER:
        case OPTION_WHOLE:
        case OPTION_CHOICE:
            break;
        }
    }
    *options = (struct options){0};
}

static bool set_text(char **place, const char *value, struct error *error)
{
    free(*place);
    *place = text_copy(value, strlen(value), error);
    return *place != NULL;
}

static bool set_number(void *place, const struct option_spec *spec, const char *value,
                       struct error *error)
{
    double number;
    const char *end = value + strlen(value);
    int64_t whole = 0;
    bool read = spec->kind == OPTION_WHOLE ? number_parse_whole(&whole, value, end)
                                           : number_parse(&number, value, end);
    if (read && spec->kind == OPTION_WHOLE)
        number = (double)whole;
    if (!read || number < spec->least || number > spec->most)
        return error_set(error, ERROR_USAGE, "--%s: '%s' is no number from %g to %g", spec->name,
                         value, spec->least, spec->most);
    if (spec->kind == OPTION_WHOLE)
        memcpy(place, &(int){(int)whole}, sizeof(int));
    else
        memcpy(place, &number, sizeof number);
    return true;
}

static bool set_choice(void *place, const struct option_spec *spec, const char *value,
                       struct error *error)
{
    struct text names = {0};
    for (int i = 0; spec->choices[i] != NULL; i++) {
        if (text_equal(spec->choices[i], value)) {
            memcpy(place, &i, sizeof i);
            text_free(&names);
            return value[0] != '\0'
                   || error_set(error, ERROR_USAGE, "--%s: nothing given", spec->name);
        }
        if (spec->choices[i][0] != '\0')
            text_add(&names, "%s%s", names.length > 0 ? ", " : "", spec->choices[i]);
    }
    error_set(error, ERROR_USAGE, "--%s: '%s' is none of %s", spec->name, value,
              names.failed ? "" : names.bytes);
    text_free(&names);
    return false;
}

static bool set_value(struct options *options, const struct option_spec *spec, const char *value,
                      struct error *error)
{
    void *place = place_of(options, spec);
    switch (spec->kind) {
    case OPTION_FLAG:
        memcpy(place, &(bool){true}, sizeof(bool));
        return true;
    case OPTION_TEXT:
    case OPTION_PATH:
        return set_text(place, value, error);
    case OPTION_WORDS:
    case OPTION_PATHS:
        return words_add(place, value, error);
    case OPTION_NUMBER:
    case OPTION_WHOLE:
        return set_number(place, spec, value, error);
    case OPTION_CHOICE:
        return set_choice(place, spec, value, error);
    }
    return false;
}

bool options_set(struct options *options, const struct option_spec *spec, const char *value,
                 struct error *error)
{
    options->given[spec - TABLE] = true;
    return set_value(options, spec, value, error);
}

/* A source's name stands before the file's: police=a.csv. A first part with a dot or a slash is a
 * path. */
static size_t path_begins(const struct option_spec *spec, const char *value)
{
    if (strcmp(spec->name, "incidents") != 0)
        return 0;
    size_t word = strcspn(value, "=./");
    return value[word] == '=' ? word + 1 : 0;
}

static bool set_beside(struct options *options, const struct option_spec *spec,
                       const struct setting *setting, const char *study, struct error *error)
{
    size_t begins = path_begins(spec, setting->value);
    char *path = strcmp(setting->value + begins, "-") == 0
                     ? text_copy("-", 1, error)
                     : file_beside(study, setting->value + begins, error);
    struct text value = {0};
    text_add_bytes(&value, setting->value, begins);
    text_add(&value, "%s", path != NULL ? path : "");
    bool done =
        path != NULL && text_check(&value, error) && set_value(options, spec, value.bytes, error);
    free(path);
    text_free(&value);
    return done;
}

static bool flag_is_off(const struct option_spec *spec, const char *value)
{
    return spec->kind == OPTION_FLAG
           && (text_equal(value, "no") || text_equal(value, "false") || strcmp(value, "0") == 0);
}

static bool unknown_setting(const struct settings *settings, const struct setting *setting,
                            struct error *error)
{
    const char *names[sizeof TABLE / sizeof *TABLE] = {0};
    size_t count = 0;
    for (const struct option_spec *spec = TABLE; spec->name != NULL; spec++)
        if (spec->section != NULL && strcmp(spec->section, setting->section) == 0)
            names[count++] = spec->name;
    const char *nearest = settings_nearest(setting->key, names);
    if (count == 0)
        return error_set(error, ERROR_SETTINGS,
                         "%s:%d: there is no section [%s]; there are [study], [map], [privacy], "
                         "[priorities], [lead], [handover] and [opgave]",
                         settings->path, setting->section_line, setting->section);
    if (nearest == NULL)
        return error_set(error, ERROR_SETTINGS, "%s:%d: there is no setting '%s' in [%s]",
                         settings->path, setting->line, setting->key, setting->section);
    return error_set(error, ERROR_SETTINGS,
                     "%s:%d: there is no setting '%s' in [%s]; did you mean '%s'?", settings->path,
                     setting->line, setting->key, setting->section, nearest);
}

static bool take_setting(struct options *options, const struct settings *settings,
                         const struct setting *setting, struct error *error)
{
    const struct option_spec *spec = find_setting(setting->section, setting->key);
    if (spec == NULL)
        return unknown_setting(settings, setting, error);
    if (options->given[spec - TABLE] || flag_is_off(spec, setting->value))
        return true; /* the command line has said it already */
    bool path = spec->kind == OPTION_PATH || spec->kind == OPTION_PATHS;
    struct error inner = {0};
    if (path ? set_beside(options, spec, setting, settings->path, &inner)
             : set_value(options, spec, setting->value, &inner))
        return true;
    return inner.kind == ERROR_INTERNAL ? error_set(error, inner.kind, "out of memory")
                                        : settings_error(settings, setting, error, inner.message);
}

bool options_read_study(struct options *options, const char *path, struct error *error)
{
    struct settings settings;
    bool done = settings_read(&settings, path, error);
    for (size_t i = 0; done && i < settings.count; i++)
        done = take_setting(options, &settings, &settings.items[i], error);
    settings_free(&settings);
    return done;
}

bool options_was_given(const struct options *options, const char *name)
{
    const struct option_spec *spec = options_find(name);
    return spec != NULL && options->given[spec - TABLE];
}
