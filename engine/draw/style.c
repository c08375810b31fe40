/* How a map looks: colours, sizes and line widths, read from an INI file. */
#include "engine/draw/style.h"

#include "engine/core/files.h"
#include "engine/core/numbers.h"
#include "engine/core/settings.h"
#include "engine/core/text.h"

#include <assert.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define KIND_NUMBER "number"
#define KIND_WHOLE "whole number"
#define KIND_COLOUR "colour"
#define KIND_SWITCH "yes or no"
#define KIND_RAMP "file.cpt"

/* A key, where its value goes, and what it is when nobody says. */
struct entry {
    struct style_key key;
    size_t offset;
    const char *usual;
};

/* clang-format off */
static const struct entry entries[] = {
    {{"page", "width", KIND_NUMBER, "width of the page in points (1/72 inch)", 200, 6000}, offsetof(struct style, page.width), "960"},
    {{"page", "height", KIND_NUMBER, "height of the page in points", 200, 6000}, offsetof(struct style, page.height), "540"},
    {{"page", "dpi", KIND_NUMBER, "pixels to an inch", 36, 600}, offsetof(struct style, page.dpi), "144"},
    {{"page", "margin", KIND_NUMBER, "white edge round the sheet in points", 8, 100}, offsetof(struct style, page.margin), "24"},
    {{"page", "gap", KIND_NUMBER, "white between the map and the column beside it", 4, 100}, offsetof(struct style, page.gap), "18"},
    {{"page", "furniture", KIND_NUMBER, "size of badges, keys, rows and the small map", 0.4, 2}, offsetof(struct style, page.furniture), "1"},
    {{"type", "title", KIND_NUMBER, "the finding, above the map", 4, 72}, offsetof(struct style, type.title), "20.5"},
    {{"type", "subtitle", KIND_NUMBER, "number, period and selection", 4, 72}, offsetof(struct style, type.subtitle), "11.5"},
    {{"type", "head", KIND_NUMBER, "heads of the blocks", 4, 72}, offsetof(struct style, type.head), "12"},
    {{"type", "block_head", KIND_NUMBER, "heads of the blocks under several maps", 4, 72}, offsetof(struct style, type.block_head), "11"},
    {{"type", "map_title", KIND_NUMBER, "titles of several maps on one sheet", 4, 72}, offsetof(struct style, type.map_title), "13"},
    {{"type", "jurisdiction", KIND_NUMBER, "names along the border", 4, 72}, offsetof(struct style, type.jurisdiction), "13"},
    {{"type", "jurisdiction_spacing", KIND_NUMBER, "added between the letters of those names", 0, 10}, offsetof(struct style, type.jurisdiction_spacing), "1.6"},
    {{"type", "small_jurisdiction", KIND_NUMBER, "names along the border on one of several maps", 4, 72}, offsetof(struct style, type.small_jurisdiction), "7.6"},
    {{"type", "small_jurisdiction_spacing", KIND_NUMBER, "added between the letters of those names", 0, 10}, offsetof(struct style, type.small_jurisdiction_spacing), "0.6"},
    {{"type", "cluster", KIND_NUMBER, "name of the first cluster on the map", 4, 72}, offsetof(struct style, type.cluster), "11"},
    {{"type", "small_cluster", KIND_NUMBER, "the same on one of several maps", 4, 72}, offsetof(struct style, type.small_cluster), "9.5"},
    {{"type", "row_name", KIND_NUMBER, "name in the table", 4, 72}, offsetof(struct style, type.row_name), "11"},
    {{"type", "row_count", KIND_NUMBER, "count in the table", 4, 72}, offsetof(struct style, type.row_count), "14"},
    {{"type", "row_detail", KIND_NUMBER, "third line in the table", 4, 72}, offsetof(struct style, type.row_detail), "9.4"},
    {{"type", "bar", KIND_NUMBER, "figures in the share bars", 4, 72}, offsetof(struct style, type.bar), "8.6"},
    {{"type", "figure", KIND_NUMBER, "figures and keys of the legend", 4, 72}, offsetof(struct style, type.figure), "9.5"},
    {{"type", "note", KIND_NUMBER, "heads of columns, and the sentence beside the inset", 4, 72}, offsetof(struct style, type.note), "9.4"},
    {{"type", "street", KIND_NUMBER, "names of streets, water and green", 4, 72}, offsetof(struct style, type.street), "7.5"},
    {{"type", "scale", KIND_NUMBER, "scale bar", 4, 72}, offsetof(struct style, type.scale), "8"},
    {{"type", "foot", KIND_NUMBER, "source, method and privacy", 4, 72}, offsetof(struct style, type.foot), "8"},
    {{"colours", "paper", KIND_COLOUR, "the sheet", 0, 0}, offsetof(struct style, colour.paper), "#FFFFFF"},
    {{"colours", "ink", KIND_COLOUR, "texts", 0, 0}, offsetof(struct style, colour.ink), "#1E1E1E"},
    {{"colours", "muted", KIND_COLOUR, "lesser texts", 0, 0}, offsetof(struct style, colour.muted), "#55534F"},
    {{"colours", "land", KIND_COLOUR, "ground without anything, and the class below the lowest limit", 0, 0}, offsetof(struct style, colour.land), "#F4F2ED"},
    {{"colours", "outside", KIND_COLOUR, "laid over ground outside every jurisdiction", 0, 0}, offsetof(struct style, colour.outside), "#E9E8E5E0"},
    {{"colours", "no_data", KIND_COLOUR, "laid over ground of which nothing is known", 0, 0}, offsetof(struct style, colour.no_data), "#E9E8E5E0"},
    {{"colours", "no_data_hatch", KIND_COLOUR, "lines on that ground", 0, 0}, offsetof(struct style, colour.no_data_hatch), "#8A878099"},
    {{"colours", "building", KIND_COLOUR, "buildings", 0, 0}, offsetof(struct style, colour.building), "#E6E2DA"},
    {{"colours", "street", KIND_COLOUR, "streets", 0, 0}, offsetof(struct style, colour.street), "#FFFFFF"},
    {{"colours", "street_edge", KIND_COLOUR, "edge of a street", 0, 0}, offsetof(struct style, colour.street_edge), "#DDD8CF"},
    {{"colours", "main_street_edge", KIND_COLOUR, "edge of a main street", 0, 0}, offsetof(struct style, colour.main_street_edge), "#D3CDC2"},
    {{"colours", "water", KIND_COLOUR, "water", 0, 0}, offsetof(struct style, colour.water), "#C9D8E0"},
    {{"colours", "green", KIND_COLOUR, "parks and other green", 0, 0}, offsetof(struct style, colour.green), "#DDE5D3"},
    {{"colours", "square", KIND_COLOUR, "squares", 0, 0}, offsetof(struct style, colour.square), "#FBFAF7"},
    {{"colours", "water_text", KIND_COLOUR, "names of water", 0, 0}, offsetof(struct style, colour.water_text), "#3E6275"},
    {{"colours", "green_text", KIND_COLOUR, "names of green", 0, 0}, offsetof(struct style, colour.green_text), "#4C6138"},
    {{"colours", "street_text", KIND_COLOUR, "names of streets", 0, 0}, offsetof(struct style, colour.street_text), "#6E6A62"},
    {{"colours", "border", KIND_COLOUR, "the shared border", 0, 0}, offsetof(struct style, colour.border), "#111111"},
    {{"colours", "casing", KIND_COLOUR, "light edge of border and outlines", 0, 0}, offsetof(struct style, colour.casing), "#FFFFFFE6"},
    {{"colours", "outline", KIND_COLOUR, "outline of a cluster in the table", 0, 0}, offsetof(struct style, colour.outline), "#111111"},
    {{"colours", "outline_unlisted", KIND_COLOUR, "outline of any other cluster", 0, 0}, offsetof(struct style, colour.outline_unlisted), "#55534F"},
    {{"colours", "outer_border", KIND_COLOUR, "border with ground outside the study", 0, 0}, offsetof(struct style, colour.outer_border), "#8A8780"},
    {{"colours", "frame", KIND_COLOUR, "frame of a map", 0, 0}, offsetof(struct style, colour.frame), "#A9A59D"},
    {{"colours", "rule", KIND_COLOUR, "thin rules", 0, 0}, offsetof(struct style, colour.rule), "#C9C5BD"},
    {{"colours", "badge", KIND_COLOUR, "disc behind a number", 0, 0}, offsetof(struct style, colour.badge), "#1E1E1E"},
    {{"colours", "badge_text", KIND_COLOUR, "number on the disc", 0, 0}, offsetof(struct style, colour.badge_text), "#FFFFFF"},
    {{"colours", "badge_other", KIND_COLOUR, "disc behind the other numbers on one of several maps", 0, 0}, offsetof(struct style, colour.badge_other), "#55534F"},
    {{"colours", "row", KIND_COLOUR, "ground of the first row of the table", 0, 0}, offsetof(struct style, colour.row), "#F4F2ED"},
    {{"colours", "track", KIND_COLOUR, "what a share bar leaves open", 0, 0}, offsetof(struct style, colour.track), "#E9E7E2"},
    {{"colours", "measure", KIND_COLOUR, "while a measure lasts, behind the lines per month", 0, 0}, offsetof(struct style, colour.measure), "#EFEFEF"},
    {{"colours", "hatch", KIND_COLOUR, "hatching: too few to show", 0, 0}, offsetof(struct style, colour.hatch), "#4A4A4A"},
    {{"colours", "hatch_edge", KIND_COLOUR, "edge of the hatching", 0, 0}, offsetof(struct style, colour.hatch_edge), "#8A8A8A"},
    {{"colours", "hatch_ground", KIND_COLOUR, "ground of the hatching", 0, 0}, offsetof(struct style, colour.hatch_ground), "#FFFFFF"},
    {{"sides", "first_bar", KIND_COLOUR, "share bar of the first jurisdiction", 0, 0}, offsetof(struct style, side[0].bar), "#0E4F86"},
    {{"sides", "first_bar_text", KIND_COLOUR, "text on that bar", 0, 0}, offsetof(struct style, side[0].bar_text), "#FFFFFF"},
    {{"sides", "first_name", KIND_COLOUR, "its name along the border", 0, 0}, offsetof(struct style, side[0].name), "#0E4F86"},
    {{"sides", "first_wash", KIND_COLOUR, "its ground on the small map", 0, 0}, offsetof(struct style, side[0].wash), "#E3EAF1"},
    {{"sides", "first_edge", KIND_SWITCH, "draw an edge round that bar", 0, 0}, offsetof(struct style, side[0].edge), "no"},
    {{"sides", "second_bar", KIND_COLOUR, "share bar of the second jurisdiction", 0, 0}, offsetof(struct style, side[1].bar), "#DBB37C"},
    {{"sides", "second_bar_text", KIND_COLOUR, "text on that bar", 0, 0}, offsetof(struct style, side[1].bar_text), "#3A2705"},
    {{"sides", "second_name", KIND_COLOUR, "its name along the border", 0, 0}, offsetof(struct style, side[1].name), "#684507"},
    {{"sides", "second_wash", KIND_COLOUR, "its ground on the small map", 0, 0}, offsetof(struct style, side[1].wash), "#F6ECDB"},
    {{"sides", "second_edge", KIND_SWITCH, "draw an edge round that bar", 0, 0}, offsetof(struct style, side[1].edge), "no"},
    {{"sides", "third_bar", KIND_COLOUR, "share bar of the third jurisdiction", 0, 0}, offsetof(struct style, side[2].bar), "#4F8A5B"},
    {{"sides", "third_bar_text", KIND_COLOUR, "text on that bar", 0, 0}, offsetof(struct style, side[2].bar_text), "#FFFFFF"},
    {{"sides", "third_name", KIND_COLOUR, "its name along the border", 0, 0}, offsetof(struct style, side[2].name), "#35653F"},
    {{"sides", "third_wash", KIND_COLOUR, "its ground on the small map", 0, 0}, offsetof(struct style, side[2].wash), "#E4EEE6"},
    {{"sides", "third_edge", KIND_SWITCH, "draw an edge round that bar", 0, 0}, offsetof(struct style, side[2].edge), "no"},
    {{"sides", "further_bar", KIND_COLOUR, "share bar of the further jurisdiction", 0, 0}, offsetof(struct style, side[3].bar), "#8A8A8A"},
    {{"sides", "further_bar_text", KIND_COLOUR, "text on that bar", 0, 0}, offsetof(struct style, side[3].bar_text), "#FFFFFF"},
    {{"sides", "further_name", KIND_COLOUR, "its name along the border", 0, 0}, offsetof(struct style, side[3].name), "#55534F"},
    {{"sides", "further_wash", KIND_COLOUR, "its ground on the small map", 0, 0}, offsetof(struct style, side[3].wash), "#ECECEC"},
    {{"sides", "further_edge", KIND_SWITCH, "draw an edge round that bar", 0, 0}, offsetof(struct style, side[3].edge), "no"},
    {{"lines", "border", KIND_NUMBER, "shared border", 0, 10}, offsetof(struct style, line.border), "2.8"},
    {{"lines", "border_inset", KIND_NUMBER, "the same on the small map", 0, 10}, offsetof(struct style, line.border_inset), "1.3"},
    {{"lines", "border_small", KIND_NUMBER, "the same on one of several maps", 0, 10}, offsetof(struct style, line.border_small), "2.4"},
    {{"lines", "border_casing", KIND_NUMBER, "how much wider its light edge is", 0, 20}, offsetof(struct style, line.border_casing), "3.2"},
    {{"lines", "casing_ground_m", KIND_NUMBER, "least width of that edge in metres on the ground", 0, 500}, offsetof(struct style, line.casing_ground_m), "20"},
    {{"lines", "cluster_first", KIND_NUMBER, "outline of the first cluster", 0, 10}, offsetof(struct style, line.cluster_first), "2"},
    {{"lines", "cluster", KIND_NUMBER, "outlines of the others in the table", 0, 10}, offsetof(struct style, line.cluster), "1.2"},
    {{"lines", "cluster_unlisted", KIND_NUMBER, "outlines of the rest", 0, 10}, offsetof(struct style, line.cluster_unlisted), "0.9"},
    {{"lines", "cluster_casing", KIND_NUMBER, "light edge of outlines", 0, 20}, offsetof(struct style, line.cluster_casing), "3.4"},
    {{"lines", "outer_border", KIND_NUMBER, "border with ground outside the study", 0, 10}, offsetof(struct style, line.outer_border), "0.9"},
    {{"lines", "contour", KIND_NUMBER, "lines of equal density", 0, 10}, offsetof(struct style, line.contour), "0.6"},
    {{"lines", "frame", KIND_NUMBER, "frame of a map", 0, 10}, offsetof(struct style, line.frame), "0.75"},
    {{"lines", "rule", KIND_NUMBER, "thin rules", 0, 10}, offsetof(struct style, line.rule), "0.5"},
    {{"lines", "rule_strong", KIND_NUMBER, "rules above and below the table", 0, 10}, offsetof(struct style, line.rule_strong), "0.8"},
    {{"layers", "sheet", KIND_SWITCH, "no: the heat alone on a transparent page, to be laid over another map", 0, 0}, offsetof(struct style, layers.sheet), "yes"},
    {{"layers", "buildings", KIND_SWITCH, "draw buildings", 0, 0}, offsetof(struct style, layers.buildings), "yes"},
    {{"layers", "streets", KIND_SWITCH, "draw streets", 0, 0}, offsetof(struct style, layers.streets), "yes"},
    {{"layers", "names", KIND_SWITCH, "name streets, water and green", 0, 0}, offsetof(struct style, layers.names), "yes"},
    {{"heat", "building_shade", KIND_NUMBER, "black laid over the heat where a building stands", 0, 1}, offsetof(struct style, heat.building_shade), "0.075"},
    {{"heat", "street_light", KIND_NUMBER, "white laid over the heat where a street runs", 0, 1}, offsetof(struct style, heat.street_light), "0.3"},
    {{"heat", "square_light", KIND_NUMBER, "white line over the heat round a square", 0, 1}, offsetof(struct style, heat.square_light), "0.75"},
    {{"heat", "classes", KIND_WHOLE, "number of coloured classes", 2, 7}, offsetof(struct style, heat.classes), "5"},
    {{"heat", "ramp", KIND_RAMP, "file beside the style: colours for up to five classes", 0, 0}, offsetof(struct style, heat.ramp), "meeting-5.cpt"},
    {{"heat", "ramp_more", KIND_RAMP, "the same for six or seven classes", 0, 0}, offsetof(struct style, heat.ramp_more), "meeting-7.cpt"},
    {{"heat", "diverging", KIND_RAMP, "colours for differences", 0, 0}, offsetof(struct style, heat.diverging), "diverging-7.cpt"},
};
/* clang-format on */

enum { ENTRIES = sizeof entries / sizeof *entries };

static bool is_kind(const struct entry *entry, const char *kind)
{
    return strcmp(entry->key.kind, kind) == 0;
}

static bool take_number(void *field, const struct entry *entry, const char *value)
{
    double number;
    if (!number_parse(&number, value, value + strlen(value))
        || !(number >= entry->key.least && number <= entry->key.most))
        return false;
    if (is_kind(entry, KIND_NUMBER)) {
        *(double *)field = number;
        return true;
    }
    *(int *)field = (int)number;
    return (double)(int)number == number;
}

static bool take_switch(bool *field, const char *value)
{
    bool on = text_equal(value, "yes") || text_equal(value, "on") || text_equal(value, "true");
    bool off = text_equal(value, "no") || text_equal(value, "off") || text_equal(value, "false");
    if (on || off)
        *field = on;
    return on || off;
}

/* Everything but a ramp; false when the value is not of the entry's kind. */
static bool take_plain(struct style *style, const struct entry *entry, const char *value)
{
    void *field = (char *)style + entry->offset;
    if (is_kind(entry, KIND_COLOUR))
        return colour_parse(field, value);
    if (is_kind(entry, KIND_SWITCH))
        return take_switch(field, value);
    return take_number(field, entry, value);
}

static void set_ramp(struct ramp *ramp, const int colours[][3], size_t count)
{
    ramp->count = count;
    for (size_t i = 0; i < count; i++)
        ramp->low[i] = ramp->high[i] =
            colour_from_bytes(colours[i][0], colours[i][1], colours[i][2]);
}

void style_default(struct style *style)
{
    static const int five[5][3] = {
        {254, 228, 188}, {238, 152, 98}, {206, 67, 73}, {111, 41, 107}, {55, 0, 53}};
    static const int seven[7][3] = {{254, 228, 188}, {243, 179, 124}, {230, 125, 83}, {206, 67, 73},
                                    {144, 47, 105},  {93, 25, 89},    {55, 0, 53}};
    static const int diverging[7][3] = {{14, 79, 134},   {76, 132, 188},  {155, 190, 227},
                                        {241, 240, 237}, {219, 179, 124}, {165, 118, 46},
                                        {104, 69, 7}};
    *style = (struct style){0};
    for (size_t i = 0; i < ENTRIES; i++)
        if (!is_kind(&entries[i], KIND_RAMP)) {
            bool taken = take_plain(style, &entries[i], entries[i].usual);
            assert(taken);
            (void)taken;
        }
    set_ramp(&style->heat.ramp, five, 5);
    set_ramp(&style->heat.ramp_more, seven, 7);
    set_ramp(&style->heat.diverging, diverging, 7);
}

static const struct entry *find_entry(const struct setting *setting)
{
    for (size_t i = 0; i < ENTRIES; i++)
        if (strcmp(entries[i].key.section, setting->section) == 0
            && strcmp(entries[i].key.name, setting->key) == 0)
            return &entries[i];
    return NULL;
}

/* The names that could have been meant: keys of the section, or the sections when it is none. */
static bool list_names(const char *names[ENTRIES + 1], const char *section)
{
    size_t count = 0;
    for (size_t i = 0; i < ENTRIES; i++)
        if (strcmp(entries[i].key.section, section) == 0)
            names[count++] = entries[i].key.name;
    bool known = count > 0;
    for (size_t i = 0; i < ENTRIES && !known; i++)
        if (count == 0 || strcmp(names[count - 1], entries[i].key.section) != 0)
            names[count++] = entries[i].key.section;
    names[count] = NULL;
    return known;
}

static bool refuse_key(const struct settings *settings, const struct setting *setting,
                       struct error *error)
{
    const char *names[ENTRIES + 1];
    bool section_known = list_names(names, setting->section);
    const char *word = section_known ? setting->key : setting->section;
    const char *near = settings_nearest(word, names);
    if (!section_known && near)
        return error_set(error, ERROR_SETTINGS,
                         "%s:%d: there is no section [%s]; did you mean [%s]?", settings->path,
                         setting->section_line, word, near);
    if (!section_known)
        return error_set(error, ERROR_SETTINGS,
                         "%s:%d: there is no section [%s]; styles/README.md lists them all",
                         settings->path, setting->section_line, word);
    if (near)
        return error_set(error, ERROR_SETTINGS, "%s:%d: there is no key '%s'; did you mean '%s'?",
                         settings->path, setting->line, word, near);
    return error_set(error, ERROR_SETTINGS,
                     "%s:%d: there is no key '%s'; styles/README.md lists them all", settings->path,
                     setting->line, word);
}

static bool refuse_value(const struct settings *settings, const struct setting *setting,
                         struct error *error)
{
    const struct entry *entry = find_entry(setting);
    if (is_kind(entry, KIND_COLOUR))
        return error_set(error, ERROR_SETTINGS,
                         "%s:%d: '%s' is no colour; write #RRGGBB or #RRGGBBAA", settings->path,
                         setting->line, setting->value);
    if (is_kind(entry, KIND_SWITCH))
        return error_set(error, ERROR_SETTINGS, "%s:%d: '%s' is neither yes nor no", settings->path,
                         setting->line, setting->value);
    if (is_kind(entry, KIND_WHOLE))
        return error_set(error, ERROR_SETTINGS,
                         "%s:%d: '%s' does not do for %s; write a whole number from %g to %g",
                         settings->path, setting->line, setting->value, setting->key,
                         entry->key.least, entry->key.most);
    return error_set(error, ERROR_SETTINGS,
                     "%s:%d: '%s' does not do for %s; write a number from %g to %g", settings->path,
                     setting->line, setting->value, setting->key, entry->key.least,
                     entry->key.most);
}

static bool take_ramp(struct ramp *ramp, const struct settings *settings,
                      const struct setting *setting, struct error *error)
{
    char *path = file_beside(settings->path, setting->value, error);
    bool done = path != NULL && ramp_read(ramp, path, error);
    array_free(&path);
    /* The style is what is wrong when it names a file that is not there. */
    if (!done && error && error->kind == ERROR_NO_INPUT)
        return error_set(error, ERROR_SETTINGS, "%s:%d: there is no ramp '%s' beside this file",
                         settings->path, setting->line, setting->value);
    return done;
}

static bool take_setting(struct style *style, const struct settings *settings,
                         const struct setting *setting, struct error *error)
{
    const struct entry *entry = find_entry(setting);
    if (!entry)
        return refuse_key(settings, setting, error);
    if (is_kind(entry, KIND_RAMP)) {
        struct ramp *ramp = (void *)((char *)style + entry->offset);
        return take_ramp(ramp, settings, setting, error);
    }
    return take_plain(style, entry, setting->value) || refuse_value(settings, setting, error);
}

bool style_read(struct style *style, const char *path, struct error *error)
{
    struct settings settings = {0};
    style_default(style);
    bool done = settings_read(&settings, path, error);
    for (size_t i = 0; done && i < settings.count; i++)
        done = take_setting(style, &settings, &settings.items[i], error);
    settings_free(&settings);
    return done;
}

const struct style_key *style_key(size_t index)
{
    return index < ENTRIES ? &entries[index].key : NULL;
}

/* On the way from one class's colour to the next in OKLab. */
static struct colour between(struct colour from, struct colour to, double share)
{
    struct lab a = colour_oklab(from), b = colour_oklab(to);
    return colour_from_oklab((struct lab){a.l + (b.l - a.l) * share, a.a + (b.a - a.a) * share,
                                          a.b + (b.b - a.b) * share});
}

void style_heat_colours(struct colour colours[CLASSES_FINE_MOST], const struct classes *classes,
                        const struct style *style)
{
    struct colour own[CLASSES_MOST];
    size_t count = classes->count, fine = 0;
    ramp_classes(own, count, count > 5 ? &style->heat.ramp_more : &style->heat.ramp);
    for (size_t i = 0; i < count; i++) {
        colours[fine++] = own[i];
        for (size_t step = 1; classes->smooth && i + 1 < count && step < CLASSES_STEPS; step++)
            colours[fine++] = between(own[i], own[i + 1], (double)step / CLASSES_STEPS);
    }
}
