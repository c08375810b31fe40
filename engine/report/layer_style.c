/* The styles that a desktop GIS opens an exported layer with: QGIS's own, and SLD for others. */
#include "engine/report/layer_style.h"

#include "engine/core/numbers.h"
#include "engine/core/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CLASSES_MOST = 5 };

/* Red, green, blue; light to dark, so that more is darker in print too (ColorBrewer's OrRd). */
struct colour {
    int red, green, blue;
};
static const struct colour RAMP[CLASSES_MOST] = {
    {254, 240, 217}, {253, 204, 138}, {252, 141, 89}, {227, 74, 51}, {179, 0, 0}};
static const struct colour DARK = {60, 60, 60}, WHITE = {255, 255, 255}, RED = {179, 0, 0};

/* One symbol and what it is for: a class of numbers, a word, or all features. */
struct rule {
    double low, high; /* of a class, low not included but in the first one */
    const char *word; /* of a category; NULL: none */
    struct colour fill, line;
    int opacity; /* of the fill, percent */
    double width_mm;
};

struct style {
    struct rule rules[CLASSES_MOST];
    int count;
    const char *by;    /* the column that decides; NULL: one rule for all */
    const char *label; /* the column that is written; NULL: none */
    bool points, classed;
};

/* ---- which rules ---- */

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return left < right ? -1 : left > right;
}

static bool sorted_values(double **values, size_t *count, const struct layer *layer, size_t column,
                          struct error *error)
{
    *count = 0;
    if (!array_new_raw(values, layer->row_count, sizeof **values, error))
        return false;
    for (size_t i = 0; i < layer->row_count; i++)
        if (isfinite(layer->columns[column].numbers[i]))
            (*values)[(*count)++] = layer->columns[column].numbers[i];
    qsort(*values, *count, sizeof **values, by_value);
    return true;
}

/* Classes of about as many features, fewer where values are equal. */
static bool make_classes(struct style *style, const struct layer *layer, size_t column,
                         struct error *error)
{
    double *values;
    size_t count;
    if (!sorted_values(&values, &count, layer, column, error))
        return false;
    style->classed = true;
    double low = count > 0 ? values[0] : 0;
    for (size_t c = 1; c <= CLASSES_MOST; c++) {
        double high = count > 0 ? values[(count * c + CLASSES_MOST - 1) / CLASSES_MOST - 1] : 0;
        if (style->count > 0 && high == low)
            continue;
        style->rules[style->count] =
            (struct rule){low, high, NULL, RAMP[style->count], RAMP[style->count], 80, 0.0};
        style->count++;
        low = high;
    }
    array_free(&values);
    return true;
}

static void one_rule(struct style *style, struct rule rule)
{
    style->rules[0] = rule;
    style->count = 1;
}

/* Okabe and Ito's colours, which most people can tell apart. */
static void rules_by_domain(struct style *style)
{
    static const struct rule rules[] = {
        {0, 0, "social", {0, 114, 178}, {255, 255, 255}, 100, 0.2},
        {0, 0, "physical", {0, 158, 115}, {255, 255, 255}, 100, 0.2},
        {0, 0, "safety", {213, 94, 0}, {255, 255, 255}, 100, 0.2},
        {0, 0, "unmapped", {128, 128, 128}, {255, 255, 255}, 100, 0.2},
    };
    style->count = sizeof rules / sizeof *rules;
    memcpy(style->rules, rules, sizeof rules);
    style->points = true;
    style->by = "domain";
}

static size_t column_called(const struct layer *layer, const char *name)
{
    size_t c = 0;
    while (c + 1 < layer->column_count && strcmp(layer->columns[c].name, name) != 0)
        c++;
    return c;
}

static bool choose(struct style *style, const struct layer *layer, struct error *error)
{
    if (layer->geometry == LAYER_POINTS)
        rules_by_domain(style);
    else if (strcmp(layer->name, "jurisdictions") == 0) {
        one_rule(style, (struct rule){0, 0, NULL, WHITE, DARK, 0, 0.6});
        style->label = "jurisdiction";
    } else if (strcmp(layer->name, "clusters") == 0) {
        one_rule(style, (struct rule){0, 0, NULL, RED, RED, 20, 0.5});
        style->label = "incidents";
    } else {
        style->by = strcmp(layer->name, "density") == 0 ? "density" : "incidents";
        return make_classes(style, layer, column_called(layer, style->by), error);
    }
    return true;
}

/* ---- QGIS ---- */

static void add_property(struct text *text, const char *key, const char *value)
{
    text_add(text, "<prop k=\"%s\" v=\"%s\"/>", key, value);
}

static void add_colour_property(struct text *text, const char *key, struct colour colour,
                                int opacity)
{
    text_add(text, "<prop k=\"%s\" v=\"%d,%d,%d,%d\"/>", key, colour.red, colour.green, colour.blue,
             (opacity * 255 + 50) / 100);
}

static void add_millimetres(struct text *text, const char *key, double millimetres)
{
    char number[NUMBER_TEXT];
    text_add(text, "<prop k=\"%s\" v=\"%s\"/>", key, number_format(number, millimetres, 2));
}

static void add_symbol(struct text *text, const struct style *style, int number)
{
    const struct rule *rule = &style->rules[number];
    text_add(text,
             "<symbol type=\"%s\" name=\"%d\" alpha=\"1\" clip_to_extent=\"1\" force_rhr=\"0\">"
             "<layer class=\"%s\" enabled=\"1\" locked=\"0\" pass=\"0\">",
             style->points ? "marker" : "fill", number,
             style->points ? "SimpleMarker" : "SimpleFill");
    add_colour_property(text, "color", rule->fill, rule->opacity);
    add_colour_property(text, "outline_color", rule->line, 100);
    add_property(text, "outline_style", rule->width_mm > 0 ? "solid" : "no");
    add_millimetres(text, "outline_width", rule->width_mm);
    add_property(text, "outline_width_unit", "MM");
    if (style->points) {
        add_property(text, "name", "circle");
        add_property(text, "size", "2");
        add_property(text, "size_unit", "MM");
    } else
        add_property(text, "style", "solid");
    text_add(text, "</layer></symbol>");
}

static void add_classes(struct text *text, const struct style *style)
{
    char low[NUMBER_TEXT], high[NUMBER_TEXT];
    text_add(text, style->classed ? "<ranges>" : "<categories>");
    for (int r = 0; r < style->count; r++) {
        const struct rule *rule = &style->rules[r];
        if (!style->classed) {
            text_add(text,
                     "<category render=\"true\" symbol=\"%d\" value=\"%s\" label=\"%s\" "
                     "type=\"string\"/>",
                     r, rule->word, rule->word);
            continue;
        }
        number_format_exact(low, rule->low);
        number_format_exact(high, rule->high);
        text_add(text,
                 "<range render=\"true\" symbol=\"%d\" lower=\"%s\" upper=\"%s\" "
                 "label=\"%s – %s\"/>",
                 r, low, high, low, high);
    }
    text_add(text, style->classed ? "</ranges>" : "</categories>");
}

static void add_label(struct text *text, const char *column)
{
    text_add(
        text,
        "<labeling type=\"simple\"><settings calloutType=\"simple\">"
        "<text-style fieldName=\"%s\" isExpression=\"0\" fontSize=\"9\" fontSizeUnit=\"Point\" "
        "textColor=\"40,40,40,255\" namedStyle=\"\">"
        "<text-buffer bufferDraw=\"1\" bufferSize=\"0.8\" bufferSizeUnits=\"MM\" "
        "bufferColor=\"255,255,255,255\"/></text-style>"
        "<placement placement=\"1\" centroidInside=\"1\"/>"
        "<rendering drawLabels=\"1\" obstacle=\"1\"/></settings></labeling>",
        column);
}

static void add_qml(struct text *text, const struct style *style)
{
    const char *type = style->by == NULL ? "singleSymbol"
                       : style->classed  ? "graduatedSymbol"
                                         : "categorizedSymbol";
    text_add(text,
             "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
             "<qgis version=\"3.22.0\" styleCategories=\"Symbology|Labeling\" "
             "labelsEnabled=\"%d\">\n<renderer-v2 type=\"%s\" symbollevels=\"0\" "
             "enableorderby=\"0\" forceraster=\"0\"",
             style->label != NULL, type);
    if (style->by != NULL)
        text_add(text, " attr=\"%s\"%s", style->by,
                 style->classed ? " graduatedMethod=\"GraduatedColor\"" : "");
    text_add(text, ">");
    if (style->by != NULL)
        add_classes(text, style);
    text_add(text, "<symbols>");
    for (int r = 0; r < style->count; r++)
        add_symbol(text, style, r);
    text_add(text, "</symbols></renderer-v2>\n");
    if (style->label != NULL)
        add_label(text, style->label);
    text_add(text, "</qgis>\n");
}

/* ---- SLD 1.0 ---- */

static void add_parameter(struct text *text, const char *name, struct colour colour)
{
    text_add(text, "<CssParameter name=\"%s\">#%02x%02x%02x</CssParameter>", name, colour.red,
             colour.green, colour.blue);
}

static void add_paint(struct text *text, const struct rule *rule)
{
    char width[NUMBER_TEXT];
    if (rule->opacity > 0) {
        text_add(text, "<Fill>");
        add_parameter(text, "fill", rule->fill);
        text_add(text, "<CssParameter name=\"fill-opacity\">%d.%02d</CssParameter></Fill>",
                 rule->opacity / 100, rule->opacity % 100);
    }
    if (rule->width_mm > 0) {
        const double pixel_mm = 0.28; /* as the standard has it */
        text_add(text, "<Stroke>");
        add_parameter(text, "stroke", rule->line);
        text_add(text, "<CssParameter name=\"stroke-width\">%s</CssParameter></Stroke>",
                 number_format(width, rule->width_mm / pixel_mm, 1));
    }
}

static void add_filter(struct text *text, const struct style *style, int number)
{
    const struct rule *rule = &style->rules[number];
    char low[NUMBER_TEXT], high[NUMBER_TEXT];
    text_add(text, "<ogc:Filter>");
    if (!style->classed)
        text_add(text,
                 "<ogc:PropertyIsEqualTo><ogc:PropertyName>%s</ogc:PropertyName><ogc:Literal>%s"
                 "</ogc:Literal></ogc:PropertyIsEqualTo>",
                 style->by, rule->word);
    else
        text_add(text,
                 "<ogc:And><ogc:PropertyIsGreaterThan%s><ogc:PropertyName>%s</ogc:PropertyName>"
                 "<ogc:Literal>%s</ogc:Literal></ogc:PropertyIsGreaterThan%s>"
                 "<ogc:PropertyIsLessThanOrEqualTo><ogc:PropertyName>%s</ogc:PropertyName>"
                 "<ogc:Literal>%s</ogc:Literal></ogc:PropertyIsLessThanOrEqualTo></ogc:And>",
                 number == 0 ? "OrEqualTo" : "", style->by, number_format_exact(low, rule->low),
                 number == 0 ? "OrEqualTo" : "", style->by, number_format_exact(high, rule->high));
    text_add(text, "</ogc:Filter>");
}

static void add_rule(struct text *text, const struct style *style, int number)
{
    const struct rule *rule = &style->rules[number];
    text_add(text, "<Rule>");
    if (style->by != NULL)
        add_filter(text, style, number);
    if (style->points) {
        text_add(text, "<PointSymbolizer><Graphic><Mark><WellKnownName>circle</WellKnownName>");
        add_paint(text, rule);
        text_add(text, "</Mark><Size>7</Size></Graphic></PointSymbolizer>");
    } else {
        text_add(text, "<PolygonSymbolizer>");
        add_paint(text, rule);
        text_add(text, "</PolygonSymbolizer>");
    }
    if (style->label != NULL)
        text_add(text,
                 "<TextSymbolizer><Label><ogc:PropertyName>%s</ogc:PropertyName></Label>"
                 "</TextSymbolizer>",
                 style->label);
    text_add(text, "</Rule>");
}

static void add_sld(struct text *text, const struct style *style, const char *name)
{
    text_add(text,
             "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
             "<StyledLayerDescriptor xmlns=\"http://www.opengis.net/sld\" "
             "xmlns:ogc=\"http://www.opengis.net/ogc\" version=\"1.0.0\"><NamedLayer><Name>%s"
             "</Name><UserStyle><FeatureTypeStyle>",
             name);
    for (int r = 0; r < style->count; r++)
        add_rule(text, style, r);
    text_add(text, "</FeatureTypeStyle></UserStyle></NamedLayer></StyledLayerDescriptor>\n");
}

bool layer_style(struct layer *layer, struct error *error)
{
    struct style style = {0};
    struct text qml = {0}, sld = {0};
    if (!choose(&style, layer, error))
        return false;
    add_qml(&qml, &style);
    add_sld(&sld, &style, layer->name);
    if (!text_check(&qml, error) || !text_check(&sld, error)) {
        text_free(&qml);
        text_free(&sld);
        return false;
    }
    layer->qml = qml.bytes;
    layer->sld = sld.bytes;
    return true;
}
