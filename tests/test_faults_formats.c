/* What the readers of files do when memory, or a call of the system, fails. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/core/text.h"
#include "engine/formats/geopackage_write.h"
#include "engine/formats/json_read.h"
#include "engine/formats/measures.h"
#include "engine/formats/priorities.h"
#include "engine/formats/shapefile_write.h"
#include "engine/formats/source.h"
#include "engine/formats/vocabulary.h"
#include "engine/formats/xlsx_write.h"
#include "engine/formats/zip_read.h"
#include "engine/space/crs_text.h"
#include "engine/study/handover_read.h"
#include "engine/study/options.h"
#include "tests/faults.h"
#include "tests/layers.h"

#include <zlib.h>

/* ---- files ---- */

static const char INCIDENTS[] =
    "nr;lengtegraad;breedtegraad;categorie;datum;tijd;gemeld op;bron;aantal;ontvanger\r\n"
    "a1;4,6601;52,4901;\"hinder; geluid\";31-01-2024;23:59;2024-02-01;politie;2;boa\r\n"
    "a2;4,6602;52,4902;zwerfvuil;1-2-2024;;2024-02-01 08:00;gemeente;1;gemeente\r\n"
    ";;;\"over \"\"tuin\"\"\";;;;caf\xE9;1;boa\r\n"
    "a4;x;52,4904;hinder;30-02-2024;9:30;;politie;1;\r\n";

static const char AREAS[] =
    "{\"type\": \"FeatureCollection\", \"name\": \"gemeenten\", \"features\": [\n"
    "{\"type\": \"Feature\", \"properties\": {\"gm_code\": \"GM0396\", \"gm_naam\": \"Heemskerk\"},"
    " \"geometry\": {\"type\": \"Polygon\", \"coordinates\":"
    " [[[4.6,52.5],[4.7,52.5],[4.7,52.6],[4.6,52.5]]]}},\n"
    "{\"type\": \"Feature\", \"properties\": {\"gm_code\": \"GM0375\", \"gm_naam\": \"Beverwijk\","
    " \"note\": {\"a\": [1, \"x\"]}}, \"geometry\": {\"type\": \"MultiPolygon\", \"coordinates\":"
    " [[[[4.6,52.4],[4.7,52.4],[4.7,52.5],[4.6,52.4]]]]}},\n"
    "{\"type\": \"Feature\", \"properties\": {\"gm_code\": \"GM0453\", \"gm_naam\": null},"
    " \"geometry\": null}]}\n";

static const char POINTS[] =
    "{\"type\": \"FeatureCollection\", \"features\": [\n"
    "{\"type\": \"Feature\", \"id\": 7, \"properties\": {\"category\": \"litter\", \"occurred_at\":"
    " \"2024-01-31T23:59:00\"}, \"geometry\": {\"type\": \"Point\", \"coordinates\": [4.6, "
    "52.5]}},\n"
    "{\"type\": \"Feature\", \"id\": 8, \"properties\": {\"category\": \"caf\\u00e9\", \"source\":"
    " \"boa\"}, \"geometry\": null}]}\n";

static void put_bytes(const char *name, const char *bytes, size_t size)
{
    FILE *file = fopen(in_folder(name), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void put(const char *name, const char *text)
{
    put_bytes(name, text, strlen(text));
}

static void put_gzip(const char *name, const char *text)
{
    gzFile file = gzopen(in_folder(name), "wb");
    assert_int_equal(gzwrite(file, text, (unsigned)strlen(text)), strlen(text));
    assert_int_equal(gzclose(file), Z_OK);
}

/* Packs files of the folder, the names end with NULL. */
static void put_zip(const char *zip, const char *const *names)
{
    struct zip_member members[8];
    struct file_bytes files[8];
    struct error error = {0};
    size_t count = 0;
    for (; names[count] != NULL; count++) {
        must(file_read(&files[count], in_folder(names[count]), 0, &error), &error);
        members[count] = (struct zip_member){names[count], files[count].bytes, files[count].size};
    }
    must(zip_write(in_folder(zip), members, count, &error), &error);
    for (size_t i = 0; i < count; i++)
        file_free(&files[i]);
}

static void put_sheet(const char *name)
{
    static const char *const NAMES[] = {"id", "lon", "lat", "category", "occurred_at"};
    static const enum layer_kind KINDS[] = {LAYER_TEXT, LAYER_REAL, LAYER_REAL, LAYER_TEXT,
                                            LAYER_MOMENT};
    struct error error = {0};
    struct layer layer;
    must(layer_new(&layer, "incidents", LAYER_PLAIN, 3, &error), &error);
    for (size_t i = 0; i < 5; i++)
        must(layer_add_column(&layer, NAMES[i], KINDS[i], &error), &error);
    layer.columns[1].decimals = layer.columns[2].decimals = 4;
    for (size_t row = 0; row < 3; row++) {
        must(layer_set_text(&layer, 0, row, row == 0 ? "a" : "b", &error), &error);
        layer.columns[1].numbers[row] = 4.6 + 0.01 * (double)row;
        layer.columns[2].numbers[row] = 52.4 + 0.01 * (double)row;
        must(layer_set_text(&layer, 3, row, "zwerfvuil", &error), &error);
        layer.columns[4].moments[row] = moment_at(2024, 1, 31, 12, PRECISION_SECOND);
    }
    must(xlsx_write(in_folder(name), &layer, 1, &error), &error);
    layer_free(&layer);
}

static int make_files(void **state)
{
    struct error error = {0};
    struct layer layers[2];
    if (make_folder(state) != 0)
        return -1;
    put("incidents.csv", INCIDENTS);
    put("areas.geojson", AREAS);
    put("points.geojson", POINTS);
    put_gzip("incidents.csv.gz", INCIDENTS);
    points_layer(&layers[0], ROWS);
    areas_layer(&layers[1]);
    must(shapefile_write(in_folder("points.shp"), &layers[0], &RD, &error)
             && shapefile_write(in_folder("areas.shp"), &layers[1], &RD, &error)
             && geopackage_write(in_folder("both.gpkg"),
                                 &(struct geopackage_content){layers, 2, &RD}, &error),
         &error);
    layer_free(&layers[0]);
    layer_free(&layers[1]);
    put_sheet("incidents.xlsx");
    put_zip("areas.zip", (const char *[]){"areas.shp", "areas.shx", "areas.dbf", "areas.prj",
                                          "areas.cpg", NULL});
    put_zip("points.zip", (const char *[]){"points.shp", "points.shx", "points.dbf", "points.prj",
                                           "points.cpg", NULL});
    put_zip("both.zip", (const char *[]){"both.gpkg", "points.geojson", NULL});
    put_zip("incidents.zip", (const char *[]){"incidents.csv", NULL});
    return 0;
}

/* ---- readers ---- */

static const char *file; /* which is read */

static double sum_of(const struct shape *shape)
{
    double sum = 0;
    for (size_t i = 0; i < shape->point_count; i++)
        sum += shape->x[i] * (double)(i + 1) + shape->y[i];
    return sum;
}

static void tell_areas(struct jurisdictions *areas)
{
    tell("%s:", areas->crs != NULL ? areas->crs : "");
    for (size_t i = 0; i < areas->count; i++)
        tell(" %s|%s|%zu|%.3f", areas->items[i].code, areas->items[i].name,
             areas->items[i].shape.ring_count, sum_of(&areas->items[i].shape));
    jurisdictions_free(areas);
}

/* A note that memory cannot hold is left out, and nothing else. */
static bool read_areas(struct error *error)
{
    struct notes notes = {0};
    struct jurisdictions areas = {0};
    const struct boundary_options options = {.notes = &notes};
    bool done = source_read_boundaries(&areas, in_folder(file), &options, error);
    tell_areas(&areas);
    notes_free(&notes);
    return done;
}

static bool read_shapes(struct error *error)
{
    struct notes notes = {0};
    struct jurisdictions shapes = {0};
    bool done = source_read_shapes(&shapes, in_folder(file), &notes, error);
    tell_areas(&shapes);
    notes_free(&notes);
    return done;
}

enum {
    ALL = COLUMN_ID | COLUMN_CATEGORY | COLUMN_TIME | COLUMN_SOURCE | COLUMN_WEIGHT
          | COLUMN_REPORTED_TO | COLUMN_RESPONSIBLE
};

static void tell_incidents(const struct incidents *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        tell("%u %.4f %.4f %s %lld %u", batch->row[i], batch->x[i], batch->y[i],
             batch->reported_names[batch->reported[i]], (long long)batch->when[i],
             batch->weight[i]);
        if (batch->source_count > 0)
            tell(" %s", batch->source_names[batch->source[i]]);
        tell(" %.*s\n", (int)(batch->id.starts[i + 1] - batch->id.starts[i]),
             batch->id.bytes + batch->id.starts[i]);
    }
    for (int p = 0; p < ROW_PROBLEMS; p++)
        tell("%zu %s;", batch->report.counts[p], batch->report.examples[p]);
}

static bool read_slices(struct csv *csv, struct error *error)
{
    struct incidents batch = {0};
    bool done = incidents_new(&batch, ALL, error);
    for (size_t count = 1; done && count > 0;) {
        done = csv_next(csv, &count, error);
        for (size_t i = 0; done && i < count; i++) {
            incidents_clear(&batch);
            done = csv_parse(&batch, csv, i, error);
            if (done)
                tell_incidents(&batch);
        }
    }
    incidents_free(&batch);
    return done;
}

static bool read_incidents(struct error *error)
{
    struct notes notes = {0};
    const struct csv_options options = {
        .wanted = ALL, .notes = &notes, .thread_count = 1, .window_bytes = 4096};
    struct csv *csv = csv_open(in_folder(file), &options, error);
    bool done = csv != NULL && read_slices(csv, error);
    if (done && csv_crs(csv) != NULL)
        tell("in %s\n", csv_crs(csv));
    csv_close(csv);
    notes_free(&notes);
    return done;
}

/* What is read through a program that is not there. */
static bool read_foreign(struct error *error)
{
    bool none = !read_areas(error) && strstr(error->message, "not installed") != NULL;
    if (none)
        tell("not installed");
    return none;
}

static bool read_vocabulary(struct error *error)
{
    struct vocabulary words = {0};
    bool done = vocabulary_read(&words, in_folder(file), error);
    for (size_t i = 0; done && i < words.count; i++)
        tell("%s|%s|%s %d %d\n", words.entries[i].source, words.entries[i].reported,
             words.entries[i].category, words.entries[i].domain, words.entries[i].also);
    vocabulary_free(&words);
    return done;
}

static bool read_measures(struct error *error)
{
    struct measures measures = {0};
    bool done = measures_read(&measures, in_folder(file), error);
    for (size_t i = 0; done && i < measures.count; i++)
        tell("%s|%s %lld %.1f\n", measures.items[i].name, measures.items[i].partner,
             (long long)measures.items[i].last_day, measures.items[i].radius_m);
    measures_free(&measures);
    return done;
}

static bool read_priorities(struct error *error)
{
    struct priorities priorities = {0};
    bool done = priorities_read(&priorities, in_folder(file), error);
    for (size_t i = 0; done && i < priorities.count; i++)
        tell("%s|%s|%s|%s %lld\n", priorities.items[i].jurisdiction, priorities.items[i].category,
             priorities.items[i].priority, priorities.items[i].source,
             (long long)priorities.items[i].last_day);
    priorities_free(&priorities);
    return done;
}

static bool read_zip(struct error *error)
{
    static const struct zip_limits LIMITS = {.members = 10, .bytes = 1 << 20};
    struct zip_contents contents = {0};
    bool done = zip_read(&contents, in_folder(file), &LIMITS, error);
    for (size_t i = 0; done && i < contents.count; i++)
        tell("%s %zu\n", contents.members[i].name, contents.members[i].size);
    zip_contents_free(&contents);
    return done;
}

static bool read_study(struct error *error)
{
    struct options options = {0};
    bool done =
        options_new(&options, error) && options_read_study(&options, in_folder(file), error);
    if (done)
        tell("%s %zu %s %.0f %s", text_file_name(options.boundaries), options.incidents.count,
             text_file_name(options.incidents.items[1]), options.radius_m, options.opgave.name);
    options_free(&options);
    return done;
}

static bool read_system(struct error *error)
{
    static const char *const SYSTEMS[] = {"\xEF\xBB\xBF urn:ogc:def:crs:EPSG::28992 ",
                                          "+proj=utm +zone=31 +datum=WGS84", NULL};
    for (int i = 0; i < 3; i++) {
        char *clean = crs_text_clean(SYSTEMS[i] != NULL ? SYSTEMS[i] : RD.wkt, error);
        if (clean == NULL)
            return false;
        tell("%s\n", clean);
        free(clean);
    }
    return true;
}

static bool read_document(struct error *error)
{
    static const char TEXT[] = "{\"sender\": {\"name\": \"Heemskerk\"}, \"k\": [1, 2]}";
    struct json *json = json_open("manifest.json", TEXT, strlen(TEXT), error);
    if (json == NULL)
        return false;
    tell("%s %zu", json_text_at(json, "sender.name"), json_count_at(json, "k"));
    json_close(json);
    return true;
}

static bool read_handover(struct error *error)
{
    static const char TABLE[] = "square,size_m,x,y,domain,quarter,incidents\n"
                                "E1057N5016,100,105700,501600,,,10\n"
                                "E1057N5016,100,105700,501600,social,,10\n"
                                "E1055N5010,500,105500,501000,,2024-Q2,15\n";
    const struct handover_facts facts = {.name = "squares.csv",
                                         .crs = "EPSG:28992",
                                         .least = 10,
                                         .least_per_ha = 26,
                                         .depth_m = 500,
                                         .first_quarter = 2024 * 4,
                                         .quarter_count = 4};
    struct handover handover = {0};
    bool done = handover_read(&handover, TABLE, strlen(TABLE), &facts, error);
    handover_free(&handover);
    return done;
}

/* ---- what is held ---- */

static void hold(const struct work *work, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct work one = *work;
        file = one.name = names[i];
        try_faults(&one, &(struct fault_plan){.kind = FAULT_MEMORY}); /* once takes long enough */
        try_faults(&one, &(struct fault_plan){.kind = FAULT_CALL, .why = EIO});
    }
}

static void areas_are_read_whole_or_not(void **state)
{
    static const char *const NAMES[] = {"areas.shp", "areas.zip", "areas.geojson",
                                        "both.zip:both.gpkg:areas"};
    (void)state;
    hold(&(struct work){.run = read_areas}, NAMES, sizeof NAMES / sizeof *NAMES);
}

static void shapes_are_read_whole_or_not(void **state)
{
    static const char *const NAMES[] = {"areas.shp", "areas.geojson"};
    (void)state;
    hold(&(struct work){.run = read_shapes}, NAMES, sizeof NAMES / sizeof *NAMES);
}

static void incidents_are_read_whole_or_not(void **state)
{
    static const char *const NAMES[] = {"incidents.csv",      "incidents.csv.gz", "incidents.xlsx",
                                        "points.geojson",     "points.shp",       "points.zip",
                                        "both.gpkg:incidents"};
    (void)state;
    hold(&(struct work){.run = read_incidents}, NAMES, sizeof NAMES / sizeof *NAMES);
}

static void small_files_are_read_whole_or_not(void **state)
{
    static const struct work WORKS[] = {{.name = "words.csv", .run = read_vocabulary},
                                        {.name = "measures.csv", .run = read_measures},
                                        {.name = "priorities.csv", .run = read_priorities},
                                        {.name = "areas.zip", .run = read_zip},
                                        {.name = "study.ini", .run = read_study},
                                        {.name = "a system", .run = read_system},
                                        {.name = "a document", .run = read_document},
                                        {.name = "a handover", .run = read_handover}};
    (void)state;
    put("words.csv", "source;reported;category;domain;also\npolitie;hinder;noise;social;safety "
                     "physical\n;zwerfvuil;litter;physical;\n;\"\"\"x\"\"\";;safety\n");
    put("measures.csv", "datum;tot;naam;partner;x;y;straal_m\n"
                        "2024-01;2024-02;Lampen;politie;105000;501000;100,5\n2024;;Hek;;;;\n");
    put("priorities.csv", "gemeente,categorie,prioriteit,bron,van,t/m\n"
                          "Heemskerk,hinder,Rust,\"Visie, 2024\",2024,2024-06\n");
    put("study.ini", "[study]\nboundaries = a.shp\nincidents = b.csv\nincidents = c.csv\n"
                     "[opgave]\nname = Plein\n[map]\ntitle = Kaart\n");
    for (size_t i = 0; i < sizeof WORKS / sizeof *WORKS; i++)
        hold(&WORKS[i], &WORKS[i].name, 1);
}

static void what_another_program_is_to_read_is_told(void **state)
{
    static const char *const NAMES[] = {"areas.kml"};
    const char *usual = getenv("PATH");
    (void)state;
    put("areas.kml", "<?xml version=\"1.0\"?><kml xmlns=\"http://www.opengis.net/kml/2.2\"/>");
    setenv("PATH", folder, 1);
    hold(&(struct work){.run = read_foreign}, NAMES, 1);
    setenv("PATH", usual != NULL ? usual : "/bin:/usr/bin", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(areas_are_read_whole_or_not),
        cmocka_unit_test(shapes_are_read_whole_or_not),
        cmocka_unit_test(incidents_are_read_whole_or_not),
        cmocka_unit_test(small_files_are_read_whole_or_not),
        cmocka_unit_test(what_another_program_is_to_read_is_told),
    };
    return cmocka_run_group_tests(tests, make_files, remove_folder);
}
