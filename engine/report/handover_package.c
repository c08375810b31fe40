/* The package for the neighbour: one zip with tables, a map, what they mean and what they may be
 * used for. */
#include "engine/report/handover_package.h"

#include "engine/core/files.h"
#include "engine/core/stage.h"
#include "engine/formats/json.h"
#include "engine/formats/seal.h"
#include "engine/formats/xlsx_write.h"
#include "engine/formats/zip_write.h"
#include "engine/report/handover_letter.h"
#include "engine/report/handover_map.h"
#include "engine/report/handover_tables.h"

#include <stdlib.h>
#include <string.h>

enum { MANIFEST, README, SQUARES, GEOJSON, CLUSTERS, MAP, WORKBOOK, ROWS, FILES };
static const char *const NAMES[FILES] = {
    [MANIFEST] = "datapackage.json", [README] = "README.txt",     [SQUARES] = "squares.csv",
    [GEOJSON] = "squares.geojson",   [CLUSTERS] = "clusters.csv", [MAP] = "map.png",
    [WORKBOOK] = "table.xlsx",       [ROWS] = "incidents.csv",
};
enum { TABLE_BYTES_MOST = 16 << 20 }; /* as plein reads tables */

struct package {
    const struct handover *handover;
    const char *path;
    struct text texts[FILES]; /* the map's too: bytes */
};

/* Incidents one by one are in it under an agreement alone. */
static bool has(const struct package *package, int file)
{
    return file != ROWS || package->handover->options.agreement != NULL;
}

static const struct jurisdiction *side(const struct handover *handover, size_t jurisdiction)
{
    return &handover->study->boundaries.jurisdictions.items[jurisdiction];
}

/* ---- the tables ---- */

typedef bool fill_sheet(struct sheet *sheet, const struct handover *handover, struct error *error);

static bool add_table(struct package *package, int file, fill_sheet *fill, struct error *error)
{
    struct sheet sheet = {0};
    bool done = fill(&sheet, package->handover, error);
    if (done)
        sheet_write(&package->texts[file], &sheet, SHEET_CSV);
    sheet_free(&sheet);
    return done;
}

static bool add_rows(struct package *package, struct error *error)
{
    if (!has(package, ROWS))
        return true;
    return add_table(package, ROWS, handover_rows, error)
           && (package->texts[ROWS].length <= TABLE_BYTES_MOST
               || error_set(error, ERROR_DATA,
                            "%zu incidents one by one are more than a package holds (16 MB); a "
                            "smaller --depth or --until would do",
                            package->handover->row_count));
}

/* ---- what is written into a file first ---- */

typedef bool write_file(const struct handover *handover, const char *path, struct error *error);

/* On a stage that is never emptied. It stands beside the package, so that nothing of it lies where
 * others look, unless that goes into a pipe. */
static bool add_file(struct package *package, int number, write_file *write, struct error *error)
{
    struct stage stage;
    struct file_bytes file = {0};
    bool beside = output_is_replaced(package->path);
    bool done = stage_open(&stage, beside ? package->path : "/tmp/plein", error)
                && write(package->handover, stage.path, error)
                && file_read(&file, stage.path, 0, error);
    if (done)
        text_add_bytes(&package->texts[number], file.bytes, file.size);
    file_free(&file);
    stage_close(&stage, false, done ? NULL : error);
    return done;
}

static bool write_map(const struct handover *handover, const char *path, struct error *error)
{
    return handover_map_write(handover, NULL, path, error);
}

static bool set_cells(struct layer *layer, const struct sheet *sheet, size_t column,
                      struct error *error)
{
    bool is_text = sheet->columns[column].kind == SHEET_TEXT;
    if (!layer_add_column(layer, sheet->columns[column].name, is_text ? LAYER_TEXT : LAYER_WHOLE,
                          error))
        return false;
    for (size_t r = 0; r < sheet->row_count; r++) {
        const char *cell = sheet->cells[r * sheet->column_count + column];
        if (cell == NULL || cell[0] == '\0')
            continue;
        if (!is_text)
            layer->columns[column].numbers[r] = (double)strtol(cell, NULL, 10);
        else if (!layer_set_text(layer, column, r, cell, error))
            return false;
    }
    return true;
}

static bool layer_of(struct layer *layer, const char *name, const struct sheet *sheet,
                     struct error *error)
{
    if (!layer_new(layer, name, LAYER_PLAIN, sheet->row_count, error))
        return false;
    for (size_t c = 0; c < sheet->column_count; c++)
        if (!set_cells(layer, sheet, c, error))
            return false;
    return true;
}

/* The two tables as sheets of a workbook. */
static bool write_workbook(const struct handover *handover, const char *path, struct error *error)
{
    struct sheet squares = {0}, clusters = {0};
    struct layer layers[2] = {0};
    bool done =
        handover_squares(&squares, handover, error) && handover_clusters(&clusters, handover, error)
        && layer_of(&layers[0], "squares", &squares, error)
        && layer_of(&layers[1], "clusters", &clusters, error) && xlsx_write(path, layers, 2, error);
    layer_free(&layers[0]);
    layer_free(&layers[1]);
    sheet_free(&squares);
    sheet_free(&clusters);
    return done;
}

/* ---- the manifest ---- */

static void add_key(struct text *text, const char *key, const char *value)
{
    text_add(text, ",\n  \"%s\": ", key);
    if (value == NULL)
        text_add(text, "null");
    else
        json_string(text, value);
}

static void add_party(struct text *text, const char *key, const struct jurisdiction *party)
{
    text_add(text, ",\n  \"%s\": {\"code\": ", key);
    json_string(text, party->code);
    text_add(text, ", \"name\": ");
    json_string(text, party->name);
    text_add(text, "}");
}

static size_t count_cells(const struct handover *handover, enum disclosure_state state)
{
    size_t count = 0;
    for (size_t i = 0; i < handover->table.cell_count; i++)
        count += handover->table.states[i] == state;
    return count;
}

static void add_rules(struct text *text, const struct handover *handover)
{
    text_add(text,
             ",\n  \"disclosure\": {\"rules\": \"%s\", \"least\": %u, \"rounded_to\": %d, "
             "\"dominance_percent\": 95, \"cells_published\": %zu, \"cells_withheld\": %zu}",
             HANDOVER_RULES, handover->options.least, DISCLOSURE_ROUNDED_TO,
             count_cells(handover, CELL_PUBLISHED), count_cells(handover, CELL_WITHHELD));
}

static void add_period(struct text *text, const struct handover *handover)
{
    char first[HANDOVER_QUARTER], last[HANDOVER_QUARTER];
    if (handover->quarter_count == 0) {
        text_add(text, ",\n  \"quarters\": null");
        return;
    }
    handover_quarter(first, handover->first_quarter);
    handover_quarter(last, handover->first_quarter + (int32_t)handover->quarter_count - 1);
    text_add(text, ",\n  \"quarters\": {\"first\": \"%s\", \"last\": \"%s\"}", first, last);
}

struct field {
    const char *name, *type, *description;
};
static const struct field SQUARE_FIELDS[] = {
    {"square", "string", "name of the square by its south-western corner; empty: the whole strip"},
    {"size_m", "integer", "side in metres"},
    {"x", "number", "south-western corner in metres of the reference system"},
    {"y", "number", "south-western corner in metres of the reference system"},
    {"domain", "string", "social, physical or safety; empty: all, those of no domain too"},
    {"quarter", "string", "quarter of the year; empty: all, those without a date too"},
    {"incidents", "integer", "rounded to fives; empty: withheld"},
    {NULL, NULL, NULL},
};
static const struct field CLUSTER_FIELDS[] = {
    {"cluster", "integer", "squares with one number hang together; 1 has most incidents"},
    {"square", "string", "name of the square by its south-western corner"},
    {"size_m", "integer", "side in metres"},
    {"incidents", "integer", "as in squares.csv"},
    {NULL, NULL, NULL},
};

static const struct field ROW_FIELDS[] = {
    {"square", "string", "name of the square of 100 m by its south-western corner"},
    {"x", "number", "centre of the square in metres of the reference system"},
    {"y", "number", "centre of the square in metres of the reference system"},
    {"domain", "string", "social, physical, safety or unmapped"},
    {"category", "string", "empty: one that the sender's vocabulary lacks"},
    {"quarter", "string", "quarter of the year, no closer; empty: without a date"},
    {"source", "string", "who had the report"},
    {"weight", "integer", "how many incidents the row stands for"},
    {NULL, NULL, NULL},
};

static void add_schema(struct text *text, const struct field *fields)
{
    text_add(text, ", \"schema\": {\"fields\": [");
    for (size_t i = 0; fields[i].name != NULL; i++) {
        text_add(text, "%s\n      {\"name\": \"%s\", \"type\": \"%s\", \"description\": ",
                 i > 0 ? "," : "", fields[i].name, fields[i].type);
        json_string(text, fields[i].description);
        text_add(text, "}");
    }
    text_add(text, "], \"missingValues\": [\"\"]}");
}

static void add_resource(struct text *text, const struct package *package, int file)
{
    static const char *const TYPES[FILES] = {
        [README] = "text/plain",
        [SQUARES] = "text/csv",
        [GEOJSON] = "application/geo+json",
        [CLUSTERS] = "text/csv",
        [MAP] = "image/png",
        [WORKBOOK] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        [ROWS] = "text/csv",
    };
    static const struct field *const FIELDS[FILES] = {
        [SQUARES] = SQUARE_FIELDS, [CLUSTERS] = CLUSTER_FIELDS, [ROWS] = ROW_FIELDS};
    const struct text *bytes = &package->texts[file];
    char hash[SEAL_HASH];
    seal_hash(hash, bytes->bytes, bytes->length);
    text_add(text,
             "%s\n    {\"name\": \"%.*s-%s\", \"path\": \"%s\", \"mediatype\": \"%s\", "
             "\"bytes\": %zu, \"hash\": \"sha256:%s\"",
             file > README ? "," : "", (int)strcspn(NAMES[file], "."), NAMES[file],
             strchr(NAMES[file], '.') + 1, NAMES[file], TYPES[file], bytes->length, hash);
    if (FIELDS[file] != NULL) {
        text_add(text, ", \"profile\": \"tabular-data-resource\", \"encoding\": \"utf-8\"");
        add_schema(text, FIELDS[file]);
    }
    text_add(text, "}");
}

/* Loud, before all else. */
static void add_row_level(struct text *text, const struct handover *handover)
{
    const char *agreement = handover->options.agreement;
    text_add(text, ",\n  \"rowLevel\": %s", agreement != NULL ? "true" : "false");
    if (agreement == NULL)
        return;
    add_key(text, "agreement", agreement);
    text_add(text,
             ",\n  \"rows\": {\"file\": \"%s\", \"count\": %zu, \"place\": \"square of 100 m\", "
             "\"time\": \"quarter\", \"rounded\": false, \"organised_crime\": \"%s\"}",
             NAMES[ROWS], handover->row_count,
             handover->options.sensitive ? "included" : "left out");
}

static void add_manifest(struct package *package)
{
    const struct handover *handover = package->handover;
    const struct options *options = handover->study->options;
    struct text *text = &package->texts[MANIFEST];
    text_add(text, "{\n  \"profile\": \"data-package\",\n  \"name\": \"plein-handover\"");
    add_row_level(text, handover);
    text_add(text, ",\n  \"plein\": \"%s\"", PLEIN_VERSION);
    add_party(text, "sender", side(handover, handover->sender));
    add_party(text, "receiver", side(handover, handover->receiver));
    add_key(text, "purpose", options->handover.purpose);
    add_key(text, "legal_basis", options->handover.legal_basis);
    add_key(text, "retention", options->handover.retention);
    add_key(text, "contact", options->handover.contact);
    add_key(text, "crs", handover->crs);
    add_key(text, "boundaries", text_file_name(options->boundaries));
    text_add(text, ",\n  \"depth_m\": ");
    json_number(text, handover->options.depth_m, 3);
    text_add(text, ",\n  \"cluster_least_per_ha\": ");
    json_number(text, handover->least_per_ha, 0);
    add_period(text, handover);
    add_rules(text, handover);
    add_key(text, "organised_crime", "left out");
    text_add(text, ",\n  \"resources\": [");
    for (int file = README; file < FILES; file++)
        if (has(package, file))
            add_resource(text, package, file);
    text_add(text, "\n  ]\n}\n");
}

/* ---- the zip ---- */

static bool write_zip(const struct package *package, struct error *error)
{
    struct zip_member members[FILES];
    size_t count = 0;
    for (int file = 0; file < FILES; file++) {
        if (!text_check(&package->texts[file], error))
            return false;
        if (has(package, file))
            members[count++] = (struct zip_member){NAMES[file], package->texts[file].bytes,
                                                   package->texts[file].length};
    }
    return zip_write(package->path, members, count, error);
}

bool handover_package_write(const struct handover *handover, const char *path, struct error *error)
{
    struct package package = {.handover = handover, .path = path};
    handover_letter(&package.texts[README], handover);
    bool done = add_table(&package, SQUARES, handover_squares, error)
                && handover_geojson(&package.texts[GEOJSON], handover, error)
                && add_table(&package, CLUSTERS, handover_clusters, error)
                && add_file(&package, MAP, write_map, error)
                && add_file(&package, WORKBOOK, write_workbook, error) && add_rows(&package, error);
    if (done)
        add_manifest(&package);
    done = done && write_zip(&package, error);
    for (int file = 0; file < FILES; file++)
        text_free(&package.texts[file]);
    return done;
}
