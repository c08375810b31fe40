/* Reference systems: which texts are let in, and that the fast way to a place is the right one. */
#include "tests/cases.h"

#include "engine/space/crs_text.h"
#include "engine/space/lattice.h"
#include "engine/space/netherlands.h"
#include "engine/space/projection.h"

#include <fcntl.h>
#include <math.h>
#include <proj.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char real[512]; /* the folder of real files */
static bool has_grid;

static uint64_t draw(uint64_t *seed) /* splitmix64 */
{
    uint64_t z = (*seed += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static double between(uint64_t *seed, double low, double high)
{
    return low + (high - low) * (double)(draw(seed) >> 11) / 9007199254740992.0;
}

static const char *esri_rd_new =
    "PROJCS[\"RD_New\",GEOGCS[\"GCS_Amersfoort\",DATUM[\"D_Amersfoort\",SPHEROID[\"Bessel_1841\","
    "6377397.155,299.1528128]],PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]],"
    "PROJECTION[\"Double_Stereographic\"],PARAMETER[\"False_Easting\",155000.0],PARAMETER["
    "\"False_Northing\",463000.0],PARAMETER[\"Central_Meridian\",5.38763888888889],PARAMETER["
    "\"Scale_Factor\",0.9999079],PARAMETER[\"Latitude_Of_Origin\",52.1561605555556],UNIT[\"Meter\","
    "1.0]]";

static struct projection *opened(const char *from, const char *to)
{
    struct error error = {0};
    struct projection *projection = projection_open(from, to, &error);
    if (!projection)
        fail_msg("%s to %s: %s", from, to, error.message);
    return projection;
}

static void with_grid(bool wanted)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/rdnaptrans:/usr/share/proj", real);
    setenv("PROJ_DATA", wanted ? path : "/usr/share/proj", 1);
}

/* True when a test that needs the grid must be left out, which it says. */
static bool lacks_grid(void)
{
    if (!has_grid)
        fprintf(stderr, "SKIPPED: %s/rdnaptrans/nl_nsgi_rdtrans2018.tif is missing\n", real);
    with_grid(has_grid);
    return !has_grid;
}

/* ---- the text ---- */

static void a_text_that_names_a_file_or_an_address_is_refused(void **state)
{
    (void)state;
    static const char *const refused[] = {
        "",
        " \n",
        "/etc/passwd",
        "@/etc/passwd",
        "file.prj",
        "http://www.opengis.net/def/crs/EPSG/0/28992",
        "https://example.org/x.wkt",
        "+init=epsg:28992",
        "epsg:28992 +nadgrids=x",
        "+proj=longlat +nadgrids=/tmp/x.gsb",
        "+proj=longlat +nadgrids=@null,/tmp/x.gsb",
        "+proj=longlat +nadgrids=@nul",
        "+proj=utm +zone=32 +geoidgrids=x.gtx",
        "+proj=hgridshift +grids=x.tif",
        "+proj=pipeline +step +proj=utm",
        "+proj=utm +zone=/32",
        "proj=utm zone=32",
        "+proj=utm +file=x",
        "{\"type\":\"ProjectedCRS\"}",
        "GEOGCS",
        "GEOGCS[\"x\"",
        "GEOGCS[\"x\"]]",
        "CONVERSION[\"x\"]",
        "COORDINATEOPERATION[\"x\"]",
        "GEOGCS[\"x\",EXTENSION[\"PROJ4\",\"+proj=longlat +nadgrids=/tmp/x.gsb\"]]",
        "GEOGCS[\"x\",extension[\"PROJ4\",\"+proj=longlat +nadgrids=/tmp/x.gsb\"]]",
        "BOUNDCRS[SOURCECRS[GEOGCRS[\"x\"]],PARAMETERFILE[\"f\",\"x.gsb\"]]",
        "EPSG:",
        "EPSG:28992 x",
        "EPSG:28992;DROP",
        "FOO:1",
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct error error = {0};
        char *clean = crs_text_clean(refused[i], &error);
        if (clean)
            fail_msg("'%s' was let in", refused[i]);
        assert_int_equal(error.kind, ERROR_DATA);
        struct projection *projection = projection_open(refused[i], "EPSG:4326", &error);
        assert_null(projection);
    }
}

static void a_text_nested_without_end_is_refused(void **state)
{
    (void)state;
    enum { DEPTH = 5000 };
    char *text = malloc(9 * DEPTH + 1);
    assert_non_null(text);
    for (size_t i = 0; i < DEPTH; i++)
        memcpy(text + 7 * i, "GEOGCS[", 7);
    memset(text + 7 * DEPTH, ']', DEPTH);
    text[8 * DEPTH] = '\0';
    struct error error = {0};
    assert_null(crs_text_clean(text, &error));
    assert_int_equal(error.kind, ERROR_DATA);
    free(text);
}

static void a_well_known_system_is_known_without_a_database(void **state)
{
    (void)state;
    static const struct {
        const char *text, *code;
    } cases[] = {
        {"EPSG:28992", "EPSG:28992"},
        {"epsg:25833", "EPSG:25833"},
        {"\xEF\xBB\xBF EPSG:32633\r\n", "EPSG:32633"},
        {"OGC:CRS84", "EPSG:4326"},
        {"urn:ogc:def:crs:EPSG::28992", "EPSG:28992"},
        {"urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"},
        {"EPSG:27700", ""},
        {"EPSG:32661", ""},
        {"+proj=longlat", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error = {0};
        char code[CRS_CODE_SIZE], *clean = crs_text_clean(cases[i].text, &error);
        assert_non_null(clean);
        crs_text_code(code, clean);
        assert_string_equal(code, cases[i].code);
        array_free(&clean);
    }
    char code[CRS_CODE_SIZE];
    crs_text_code(code, esri_rd_new);
    assert_string_equal(code, "EPSG:28992");
}

static void wkt_of_a_well_known_system_is_known_in_both_kinds(void **state)
{
    (void)state;
    static const int known[] = {4326, 4258, 28992, 25831, 25832, 25833, 32631, 32633, 32616, 32719};
    PJ_CONTEXT *context = proj_context_create();
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        char name[32], code[CRS_CODE_SIZE];
        snprintf(name, sizeof name, "EPSG:%d", known[i]);
        PJ *crs = proj_create(context, name);
        assert_non_null(crs);
        PJ_WKT_TYPE kinds[] = {PJ_WKT1_GDAL, PJ_WKT1_ESRI};
        for (int k = 0; k < 2; k++) {
            const char *wkt = proj_as_wkt(context, crs, kinds[k], NULL);
            crs_text_code(code, wkt);
            if (strcmp(code, name) != 0)
                fail_msg("%s was taken for '%s'", wkt, code);
        }
        proj_destroy(crs);
    }
    proj_context_destroy(context);
}

static void a_system_that_is_nearly_a_well_known_one_is_not_taken_for_it(void **state)
{
    (void)state;
    static const char *const changes[][2] = {
        {"155000.0", "155000.5"},
        {"463000.0", "0.0"},
        {"0.9999079", "0.9999"},
        {"5.38763888888889", "5.387638"},
        {"\"Meter\",1.0", "\"Foot\",0.3048"},
        {"6377397.155", "6377397.0"},
        {"Double_Stereographic", "Stereographic"},
        {"\"Greenwich\",0.0", "\"Paris\",2.33"},
        {"299.1528128]", "299.1528128],TOWGS84[1,2,3,4,5,6,7]"},
        {"D_Amersfoort", "D_Other"},
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        char text[2048], code[CRS_CODE_SIZE];
        const char *at = strstr(esri_rd_new, changes[i][0]);
        assert_non_null(at);
        snprintf(text, sizeof text, "%.*s%s%s", (int)(at - esri_rd_new), esri_rd_new, changes[i][1],
                 at + strlen(changes[i][0]));
        crs_text_code(code, text);
        if (code[0])
            fail_msg("%s was taken for %s", text, code);
    }
}

static void wkt_that_is_cut_off_anywhere_is_refused_or_read(void **state)
{
    (void)state;
    for (size_t length = 0; length < strlen(esri_rd_new); length++) {
        char text[2048], code[CRS_CODE_SIZE];
        snprintf(text, sizeof text, "%.*s", (int)length, esri_rd_new);
        crs_text_code(code, text);
        assert_string_equal(code, "");
        struct error error = {0};
        assert_null(crs_text_clean(text, &error));
    }
}

/* ---- the same system ---- */

static void the_same_system_gives_the_same_bits(void **state)
{
    (void)state;
    static const char bound[] =
        "+proj=sterea +lat_0=52.1561605555556 +lon_0=5.38763888888889 +k=0.9999079 +x_0=155000 "
        "+y_0=463000 +ellps=bessel +towgs84=565.417,50.3319,465.552,-0.398957,0.343988,-1.8774,"
        "4.0725 +units=m +no_defs";
    static const char *const pairs[][2] = {
        {"EPSG:28992", "EPSG:28992"},
        {"EPSG:7415", "EPSG:28992"},
        {"EPSG:28992+5709", "EPSG:28992"},
        {"EPSG:4326", "EPSG:4258"},
        {"OGC:CRS84", "EPSG:4326"},
        {"EPSG:4979", "EPSG:4326"},
        {"EPSG:27700", "EPSG:27700"},
        {"ESRI:102110", "EPSG:2154"},
        {"+proj=utm +zone=32 +datum=WGS84 +units=m +no_defs", "EPSG:32632"},
        {bound, bound},
    };
    for (size_t i = 0; i <= sizeof pairs / sizeof *pairs; i++) {
        bool last = i == sizeof pairs / sizeof *pairs;
        struct projection *projection =
            opened(last ? esri_rd_new : pairs[i][0], last ? "EPSG:28992" : pairs[i][1]);
        double x[] = {4.666051234567891, 1e300}, y[] = {52.501739999999998, -0.0};
        assert_true(projection_points(projection, x, y, 2, NULL));
        if (x[0] != 4.666051234567891 || y[0] != 52.501739999999998 || x[1] != 1e300)
            fail_msg("pair %zu is not taken as the same", i);
        assert_true(signbit(y[1]));
        assert_true(projection_accuracy_m(projection) == 0);
        projection_close(projection);
    }
}

static void read_text(char *text, size_t size, const char *path)
{
    FILE *file = fopen(path, "rb");
    size_t length = file ? fread(text, 1, size - 1, file) : 0;
    text[length] = '\0';
    if (file)
        fclose(file);
}

static void every_prj_file_at_hand_is_read(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"boundaries/ijmond_2017.prj", "EPSG:28992"},
        {"boundaries/chicago_police_districts.prj", "EPSG:4326"},
        {"boundaries/berlin/lor_plr.prj", "EPSG:25833"},
        {"boundaries/lancashire_districts.prj", "EPSG:4326"},
        {"basemap/delft/delft-streets.prj", "EPSG:28992"},
        {"hostile/gdal_autotest_shp/Stacks.prj", "EPSG:2278"},
        {"hostile/gdal_autotest_shp/CoHI_GCS12.prj", "EPSG:4269"},
        {"hostile/gdal_autotest_shp/prjwithutf8bom.prj", "EPSG:4269"},
        {"hostile/gdal_autotest_shp/testshp/poly.PRJ", "EPSG:27700"},
        {"hostile/gdal_autotest_shp/poly_golden/poly.prj", "EPSG:27700"},
        {"hostile/r_sf_shape/nc.prj", "EPSG:4267"},
        {"hostile/r_sf_shape/olinda1.prj", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char path[1024], text[8192];
        snprintf(path, sizeof path, "%s/%s", real, cases[i][0]);
        read_text(text, sizeof text, path);
        if (text[0] == '\0') {
            fprintf(stderr, "SKIPPED: %s is missing\n", path);
            skip();
        }
        struct crs_facts facts;
        struct error error = {0};
        if (!crs_describe(&facts, text, 0, 0, &error))
            fail_msg("%s: %s", path, error.message);
        assert_string_equal(facts.authority, cases[i][1]);
        projection_close(opened(text, "EPSG:4326"));
    }
}

/* ---- RD New ---- */

/* RDNAPTRANS2018, NSGI's own values. */
static void four_points_of_nsgi_are_right_to_a_millimetre(void **state)
{
    (void)state;
    static const double points[4][4] = {
        {52.509907244, 5.391183935, 155270.1632, 502469.2174},
        {51.728601274, 4.712120126, 108360.8790, 415757.2745},
        {51.187862790, 6.520765755, 234248.3373, 355998.4071},
        {51.149169947, 5.633175394, 172211.3267, 351107.6323},
    };
    if (lacks_grid())
        skip();
    struct projection *projection = opened("EPSG:4326", "EPSG:28992");
    assert_string_equal(projection_method(projection),
                        "ETRS89 to RD New with nl_nsgi_rdtrans2018.tif");
    assert_true(projection_accuracy_m(projection) == 0.001);
    for (int i = 0; i < 4; i++) {
        double x = points[i][1], y = points[i][0];
        assert_true(projection_points(projection, &x, &y, 1, NULL));
        assert_true(hypot(x - points[i][2], y - points[i][3]) < 0.001);
    }
    projection_close(projection);
}

/* The farthest that any of NSGI's points on land is off, and how many there were. */
static double worst_of_nsgi(const struct projection *projection, size_t *count)
{
    char path[1024], line[256];
    snprintf(path, sizeof path, "%s/rdnaptrans/z001_odd_lines.txt", real);
    FILE *file = fopen(path, "r");
    double worst = 0;
    *count = 0;
    while (file && fgets(line, sizeof line, file)) {
        double lat, lon, height, right_x, right_y;
        if (sscanf(line, "%*s %lf %lf %lf %lf %lf", &lat, &lon, &height, &right_x, &right_y) != 5
            || lat < 50.75 || lat > 53.7 || lon < 3.2 || lon > 7.22)
            continue;
        double x = lon, y = lat;
        assert_true(projection_points(projection, &x, &y, 1, NULL));
        worst = fmax(worst, hypot(x - right_x, y - right_y));
        *count += 1;
    }
    if (file)
        fclose(file);
    return worst;
}

static void the_points_of_nsgi_on_land_are_right_with_and_without_grid(void **state)
{
    (void)state;
    if (lacks_grid())
        skip();
    size_t count;
    struct projection *projection = opened("OGC:CRS84", esri_rd_new);
    double worst = worst_of_nsgi(projection, &count);
    assert_true(count > 2000 && worst < 0.001);
    projection_close(projection);
    with_grid(false);
    projection = opened("EPSG:4326", "EPSG:28992");
    assert_string_equal(projection_method(projection),
                        "ETRS89 to RD New without the correction grid");
    assert_true(projection_accuracy_m(projection) == 0.25);
    worst = worst_of_nsgi(projection, &count);
    assert_true(count > 2000 && worst < 0.25);
    projection_close(projection);
}

static void a_point_off_the_grid_goes_without_it_and_is_counted(void **state)
{
    (void)state;
    if (lacks_grid())
        skip();
    struct projection *gridded = opened("EPSG:4326", "EPSG:28992");
    with_grid(false);
    struct projection *plain = opened("EPSG:4326", "EPSG:28992");
    double x[] = {-0.12, 5, 5, 9, NAN}, y[] = {51.5, 52, 49.9, 53, 52};
    double plain_x[5], plain_y[5];
    memcpy(plain_x, x, sizeof x);
    memcpy(plain_y, y, sizeof y);
    assert_true(projection_points(gridded, x, y, 5, NULL));
    assert_true(projection_points_exact(plain, plain_x, plain_y, 5, NULL));
    assert_int_equal(projection_without_grid(gridded), 3);
    assert_int_equal(projection_without_grid(plain), 0);
    for (int i = 0; i < 4; i++)
        if (i != 1)
            assert_true(x[i] == plain_x[i] && y[i] == plain_y[i]);
    assert_true(x[1] != plain_x[1]);
    projection_close(gridded);
    projection_close(plain);
}

static void a_grid_that_goes_away_is_an_error_and_no_shift_left_out(void **state)
{
    (void)state;
    if (lacks_grid())
        skip();
    char folder[] = "/tmp/plein grid XXXXXX", from[1024], to[1024];
    assert_non_null(mkdtemp(folder));
    snprintf(from, sizeof from, "%s/rdnaptrans/nl_nsgi_rdtrans2018.tif", real);
    char *grid = realpath(from, NULL);
    assert_non_null(grid);
    snprintf(from, sizeof from, "%s/nl_nsgi_rdtrans2018.tif", folder);
    assert_int_equal(symlink(grid, from), 0);
    free(grid);
    snprintf(to, sizeof to, "%s:/usr/share/proj", folder);
    setenv("PROJ_DATA", to, 1);
    struct projection *gone = opened("EPSG:4326", "EPSG:28992");
    assert_non_null(strstr(projection_method(gone), "with nl_nsgi"));
    unlink(from);
    rmdir(folder);
    double x = 5, y = 52;
    struct error error = {0};
    assert_false(projection_points_exact(gone, &x, &y, 1, &error));
    assert_int_equal(error.kind, ERROR_INTERNAL);
    struct projection *later = opened("EPSG:4326", "EPSG:28992");
    assert_non_null(strstr(projection_method(later), "without"));
    projection_close(gone);
    projection_close(later);
}

static void a_way_round_by_etrs89_gives_the_same_place(void **state)
{
    (void)state;
    if (lacks_grid())
        skip();
    static const char *const ways[] = {"EPSG:25831", "EPSG:32632", "EPSG:3035", "EPSG:3857"};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct projection *out = opened("EPSG:4326", ways[i]), *in = opened(ways[i], "EPSG:28992"),
                          *straight = opened("EPSG:4326", "EPSG:28992"),
                          *back = opened("EPSG:28992", ways[i]);
        double x = 4.66605, y = 52.50174, straight_x = x, straight_y = y;
        assert_true(projection_points_exact(out, &x, &y, 1, NULL));
        double way_x = x, way_y = y;
        assert_true(projection_points_exact(in, &x, &y, 1, NULL));
        assert_true(projection_points_exact(straight, &straight_x, &straight_y, 1, NULL));
        /* PROJ's inverse of the equal area projection is 0.3 mm off its forward. */
        assert_true(hypot(x - straight_x, y - straight_y) < (i == 2 ? 5e-4 : 1e-5));
        assert_true(projection_points(back, &x, &y, 1, NULL));
        assert_true(hypot(x - way_x, y - way_y) < 5e-4);
        projection_close(out);
        projection_close(in);
        projection_close(straight);
        projection_close(back);
    }
}

static void a_datum_s_own_degrees_need_no_way_round(void **state)
{
    (void)state;
    struct projection *projection = opened("EPSG:4289", "EPSG:28992");
    double x = 5.38763888888889, y = 52.1561605555556;
    assert_true(projection_points_exact(projection, &x, &y, 1, NULL));
    assert_true(hypot(x - 155000, y - 463000) < 1e-6);
    assert_true(projection_accuracy_m(projection) == 0);
    projection_close(projection);
}

/* ---- against PROJ's database ---- */

/* What PROJ chooses first from its database, grids only where they are installed. */
struct database_choice {
    PJ_CONTEXT *context;
    PJ *operation; /* x is east */
    double accuracy_m;
    char grid[64]; /* "" without one */
};

static void choose_from_database(struct database_choice *choice, const char *from, const char *to)
{
    PJ_CONTEXT *context = proj_context_create();
    proj_context_set_enable_network(context, 0);
    PJ *source = proj_create(context, from), *target = proj_create(context, to);
    PJ_OPERATION_FACTORY_CONTEXT *factory = proj_create_operation_factory_context(context, NULL);
    proj_operation_factory_context_set_spatial_criterion(
        context, factory, PROJ_SPATIAL_CRITERION_PARTIAL_INTERSECTION);
    proj_operation_factory_context_set_grid_availability_use(
        context, factory, PROJ_GRID_AVAILABILITY_DISCARD_OPERATION_IF_MISSING_GRID);
    PJ_OBJ_LIST *list = proj_create_operations(context, source, target, factory);
    assert_true(list && proj_list_get_count(list) > 0);
    PJ *first = proj_list_get(context, list, 0);
    const char *grid = NULL;
    if (proj_coordoperation_get_grid_used_count(context, first) > 0)
        proj_coordoperation_get_grid_used(context, first, 0, &grid, NULL, NULL, NULL, NULL, NULL,
                                          NULL);
    *choice = (struct database_choice){
        .context = context,
        .accuracy_m = proj_get_type(first) == PJ_TYPE_CONVERSION
                          ? 0 /* on one datum there is nothing to be off, and PROJ says -1 */
                          : proj_coordoperation_get_accuracy(context, first),
        .operation = proj_normalize_for_visualization(context, first),
    };
    snprintf(choice->grid, sizeof choice->grid, "%s", grid ? grid : "");
    proj_destroy(first);
    proj_list_destroy(list);
    proj_operation_factory_context_destroy(factory);
    proj_destroy(source);
    proj_destroy(target);
}

static void close_choice(struct database_choice *choice)
{
    proj_destroy(choice->operation);
    proj_context_destroy(choice->context);
}

/* How far a projection is from the database's choice, there and, from where that leads, back; in
 * metres. */
static double worst_against(const struct database_choice *choice,
                            const struct projection *const ways[2], struct box box)
{
    uint64_t seed = 7;
    double worst = 0;
    for (int k = 0; k < 1000; k++) {
        double x = between(&seed, box.x_min, box.x_max);
        double y = between(&seed, box.y_min, box.y_max);
        PJ_COORD right = proj_trans(choice->operation, PJ_FWD, proj_coord(x, y, 0, 0));
        double back_x = right.xy.x, back_y = right.xy.y;
        assert_true(projection_points_exact(ways[0], &x, &y, 1, NULL));
        assert_true(projection_points_exact(ways[1], &back_x, &back_y, 1, NULL));
        PJ_COORD back =
            proj_trans(choice->operation, PJ_INV, proj_coord(right.xy.x, right.xy.y, 0, 0));
        double there = hypot(x - right.xy.x, y - right.xy.y);
        double again = 111320 * hypot(back_x - back.xy.x, back_y - back.xy.y);
        if (isnan(there) || isnan(again))
            fail_msg("%.17g %.17g: no place", right.xy.x, right.xy.y);
        worst = fmax(worst, fmax(there, again));
    }
    return worst;
}

static void a_ready_pipeline_is_what_the_database_gives(void **state)
{
    (void)state;
    /* PROJ knows the grid and the best Helmert for ETRS89 alone; WGS 84 means ETRS89 here. */
    static const struct {
        const char *from, *like, *to;
        bool grid;
        struct box box;
    } cases[] = {
        {"EPSG:4258", "EPSG:4258", "EPSG:28992", true, {3.3, 50.75, 7.2, 53.6}},
        {"EPSG:4258", "EPSG:4258", "EPSG:28992", false, {3.3, 50.75, 7.2, 53.6}},
        {"EPSG:4326", "EPSG:4258", "EPSG:28992", true, {3.3, 50.75, 7.2, 53.6}},
        {"OGC:CRS84", "EPSG:4258", "EPSG:28992", false, {3.3, 50.75, 7.2, 53.6}},
        {"EPSG:4258", "EPSG:4258", "EPSG:25831", false, {0, 40, 6, 70}},
        {"EPSG:4258", "EPSG:4258", "EPSG:25832", false, {6, 40, 12, 70}},
        {"EPSG:4326", "EPSG:4258", "EPSG:25833", false, {12, 40, 18, 70}},
        {"EPSG:4326", "EPSG:4326", "EPSG:32631", false, {0, 0, 6, 80}},
        {"EPSG:4326", "EPSG:4326", "EPSG:32632", false, {6, 0, 12, 80}},
        {"OGC:CRS84", "EPSG:4326", "EPSG:32633", false, {12, 0, 18, 80}},
        {"EPSG:4326", "EPSG:4326", "EPSG:32616", false, {-90, 0, -84, 80}},
        {"EPSG:4326", "EPSG:4326", "EPSG:32756", false, {150, -79, 156, 0}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (cases[i].grid && lacks_grid())
            continue;
        with_grid(cases[i].grid);
        struct database_choice choice;
        choose_from_database(&choice, cases[i].like, cases[i].to);
        struct projection *there = opened(cases[i].from, cases[i].to);
        struct projection *back = opened(cases[i].to, cases[i].from);
        const struct projection *const ways[] = {there, back};
        double worst = worst_against(&choice, ways, cases[i].box);
        if (!(worst < 1e-9)) /* the last bit of eight million metres is a nanometre */
            fail_msg("%s to %s is %g m off", cases[i].from, cases[i].to, worst);
        if (projection_accuracy_m(there) != choice.accuracy_m
            || projection_accuracy_m(back) != choice.accuracy_m)
            fail_msg("%s to %s is said to be good to %g m, not %g", cases[i].from, cases[i].to,
                     projection_accuracy_m(there), choice.accuracy_m);
        assert_string_equal(choice.grid, cases[i].grid ? "nl_nsgi_rdtrans2018.tif" : "");
        assert_int_equal(strstr(projection_method(there), "with nl_nsgi_rdtrans2018.tif") != NULL,
                         cases[i].grid);
        projection_close(there);
        projection_close(back);
        close_choice(&choice);
    }
}

/* What a ready system is said to be, without PROJ, is what PROJ says. */
static void a_ready_system_has_the_name_that_the_database_gives(void **state)
{
    (void)state;
    PJ_CONTEXT *context = proj_context_create();
    int checked = 0;
    for (int number = 4258; number <= 32760; number++) {
        char code[32], known[CRS_CODE_SIZE];
        snprintf(code, sizeof code, "EPSG:%d", number);
        crs_text_code(known, code);
        if (known[0] == '\0')
            continue;
        struct crs_facts facts;
        PJ *crs = proj_create(context, code);
        assert_non_null(crs);
        assert_true(crs_describe(&facts, code, 155000, 463000, NULL));
        assert_string_equal(facts.name, proj_get_name(crs));
        assert_string_equal(facts.authority, code);
        assert_int_equal(facts.kind, proj_get_type(crs) == PJ_TYPE_PROJECTED_CRS ? CRS_PROJECTED
                                                                                 : CRS_GEOGRAPHIC);
        proj_destroy(crs);
        checked++;
    }
    assert_int_equal(checked, 2 + 1 + 11 + 120);
    proj_context_destroy(context);
}

static int databases_open(void)
{
    int count = 0;
    for (int i = 0; i < 256; i++) {
        char link[64], target[1024];
        snprintf(link, sizeof link, "/proc/self/fd/%d", i);
        ssize_t length = readlink(link, target, sizeof target - 1);
        target[length > 0 ? length : 0] = '\0';
        count += strstr(target, "proj.db") != NULL;
    }
    return count;
}

static void a_ready_pair_leaves_the_database_shut(void **state)
{
    (void)state;
    with_grid(has_grid);
    int before = databases_open();
    static const char *const pairs[][2] = {
        {"EPSG:4326", "EPSG:28992"},  {"EPSG:4258", "EPSG:25832"},  {"OGC:CRS84", "EPSG:32631"},
        {"EPSG:28992", "EPSG:4326"},  {"EPSG:25833", "OGC:CRS84"},  {"EPSG:28992", "EPSG:28992"},
        {"EPSG:25831", "EPSG:28992"}, {"EPSG:32632", "EPSG:25832"}, {"EPSG:4326", "EPSG:4258"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct projection *projection = opened(pairs[i][0], pairs[i][1]);
        struct box box = {120000, 480000, 130000, 490000};
        struct crs_facts facts;
        char *chosen = NULL;
        double x = 5, y = 52;
        assert_true(projection_points(projection, &x, &y, 1, NULL));
        assert_true(crs_choose(&chosen, esri_rd_new, box, NULL));
        assert_true(crs_describe(&facts, pairs[i][0], x, y, NULL));
        assert_true(crs_describe(&facts, esri_rd_new, x, y, NULL));
        assert_int_equal(databases_open(), before);
        array_free(&chosen);
        projection_close(projection);
    }
}

/* ---- the lattice ---- */

/* A transform that is quadratic but for a bend at x = 0.53 and a grid that ends at y = 0.7. */
static bool bend(void *state, const struct lattice_batch *batch, struct error *error)
{
    (void)error;
    size_t *calls = state;
    *calls += batch->count;
    for (size_t i = 0; i < batch->count; i++) {
        double x = batch->x[i], y = batch->y[i];
        batch->x[i] = 100 * x * x * y + (x > 0.53 ? 0.05 * (x - 0.53) : 0);
        batch->y[i] = 300 * y * y - x * y;
        batch->off_grid[i] = y > 0.7;
    }
    return true;
}

static const struct lattice_frame ten_by_ten = {
    .column = {0, 10, 0}, .row = {0, 0, 10}, .columns = 10, .rows = 10};

static void a_cell_where_a_patch_does_not_fit_is_left_to_the_transform(void **state)
{
    (void)state;
    size_t calls = 0, off_grid = 0, right_off_grid = 0;
    struct lattice *lattice = lattice_open(&ten_by_ten, bend, &calls, NULL);
    uint64_t seed = 11;
    double worst = 0;
    for (int i = 0; i < 20000; i++) {
        double x = between(&seed, -0.1, 1.1), y = between(&seed, -0.1, 1.1);
        double right_x = x, right_y = y;
        bool flag;
        size_t ignored = 0;
        bend(&ignored, &(struct lattice_batch){&right_x, &right_y, &flag, 1}, NULL);
        bool bent = (x > 0.5 && x < 0.6) || x < 0 || x >= 1 || y < 0 || y >= 1;
        assert_true(
            lattice_points(lattice, &(struct lattice_batch){&x, &y, NULL, 1}, &off_grid, NULL));
        right_off_grid += flag;
        worst = fmax(worst, hypot(x - right_x, y - right_y));
        assert_true(!bent || (x == right_x && y == right_y));
    }
    assert_true(worst < 2e-6 && worst > 0);
    assert_int_equal(off_grid, right_off_grid);
    assert_true(calls < 10000);
    lattice_close(lattice);
}

static void a_point_on_the_frame_s_far_edge_is_outside(void **state)
{
    (void)state;
    size_t calls = 0, off_grid = 0;
    struct lattice *lattice = lattice_open(&ten_by_ten, bend, &calls, NULL);
    double x[] = {1.0, 0.25}, y[] = {0.35, 1.0}, right_x[] = {1.0, 0.25}, right_y[] = {0.35, 1.0};
    bool flags[2];
    bend(&calls, &(struct lattice_batch){right_x, right_y, flags, 2}, NULL);
    assert_true(lattice_points(lattice, &(struct lattice_batch){x, y, NULL, 2}, &off_grid, NULL));
    assert_memory_equal(x, right_x, sizeof x);
    assert_memory_equal(y, right_y, sizeof y);
    lattice_close(lattice);
}

static void a_grid_that_ends_within_a_cell_is_counted_point_by_point(void **state)
{
    (void)state;
    static const struct lattice_frame one = {
        .column = {0, 1, 0}, .row = {0, 0, 1}, .columns = 1, .rows = 1};
    size_t calls = 0, off_grid = 0;
    struct lattice *lattice = lattice_open(&one, bend, &calls, NULL);
    double x[] = {0.1, 0.1, 0.1, 1.0, 0.5}, y[] = {0.69, 0.71, 0.99, 0.5, 1.0};
    assert_true(lattice_points(lattice, &(struct lattice_batch){x, y, NULL, 5}, &off_grid, NULL));
    assert_int_equal(off_grid, 3);
    lattice_close(lattice);
}

struct region {
    const char *to;
    double west, south, east, north;
    bool grid;
};

static const struct region regions[] = {
    {"EPSG:28992", 3.2, 50.7, 7.3, 53.7, true},    {"EPSG:28992", 2.3, 49.8, 8.2, 54.2, true},
    {"EPSG:28992", 3.2, 50.7, 7.3, 53.7, false},   {"EPSG:25833", 13.0, 52.3, 13.8, 52.7, false},
    {"EPSG:32616", -88, 41.6, -87.5, 42.1, false}, {"EPSG:32630", -3.1, 53.4, -2, 54.3, false},
    {"EPSG:32632", 4, -2, 14, 86, false},          {"EPSG:3035", -5, 40, 25, 60, false},
    {"EPSG:27700", -4, 50, 1, 55, false},          {"EPSG:3857", -4, 50, 1, 55, false},
};
enum { REGIONS = sizeof regions / sizeof *regions, SAMPLE = 100000 };

static void draw_region(double *x, double *y, size_t count, const struct region *region)
{
    uint64_t seed = 20240531;
    for (size_t i = 0; i < count; i++) {
        x[i] = between(&seed, region->west, region->east);
        y[i] = between(&seed, region->south, region->north);
    }
}

static double *numbers(size_t count)
{
    double *array = calloc(count, sizeof *array);
    assert_non_null(array);
    return array;
}

static void the_lattice_is_within_a_fifth_of_a_millimetre_of_proj(void **state)
{
    (void)state;
    size_t sample = cases_rounds(SAMPLE, 1);
    double *x = numbers(sample), *y = numbers(sample);
    double *exact_x = numbers(sample), *exact_y = numbers(sample);
    for (int r = 0; r < REGIONS; r++) {
        if (regions[r].grid && lacks_grid())
            continue;
        with_grid(regions[r].grid);
        struct projection *projection = opened("EPSG:4326", regions[r].to);
        size_t count = strcmp(regions[r].to, "EPSG:27700") == 0 ? 5000 : sample;
        draw_region(x, y, count, &regions[r]);
        memcpy(exact_x, x, count * sizeof *x);
        memcpy(exact_y, y, count * sizeof *y);
        assert_true(projection_points(projection, x, y, count, NULL));
        assert_true(projection_points_exact(projection, exact_x, exact_y, count, NULL));
        double worst = 0;
        for (size_t i = 0; i < count; i++) {
            assert_true(isfinite(x[i]) == isfinite(exact_x[i]));
            if (isfinite(x[i]))
                worst = fmax(worst, hypot(x[i] - exact_x[i], y[i] - exact_y[i]));
        }
        printf("# %s: at most %.4f mm from PROJ\n", regions[r].to, 1000 * worst);
        assert_true(worst < 0.0002);
        /* Several operations meet in Britain: no patch may lie across a step. */
        assert_true(worst == 0 || strcmp(regions[r].to, "EPSG:27700") != 0);
        projection_close(projection);
    }
    free(x);
    free(y);
    free(exact_x);
    free(exact_y);
}

static void a_point_alone_has_the_bits_it_has_among_others(void **state)
{
    (void)state;
    enum { COUNT = 3000 };
    double *x = numbers(COUNT), *y = numbers(COUNT);
    double *all_x = numbers(COUNT), *all_y = numbers(COUNT);
    for (int r = 0; r < REGIONS; r++) {
        with_grid(regions[r].grid && has_grid);
        struct projection *together = opened("EPSG:4326", regions[r].to);
        struct projection *apart = opened("EPSG:4326", regions[r].to);
        draw_region(x, y, COUNT, &regions[r]);
        memcpy(all_x, x, COUNT * sizeof *x);
        memcpy(all_y, y, COUNT * sizeof *y);
        assert_true(projection_points(together, all_x, all_y, COUNT, NULL));
        for (size_t i = COUNT; i-- > 0;) {
            assert_true(projection_points(apart, &x[i], &y[i], 1, NULL));
            if (memcmp(&x[i], &all_x[i], sizeof *x) != 0
                || memcmp(&y[i], &all_y[i], sizeof *y) != 0)
                fail_msg("%s: point %zu depends on the others", regions[r].to, i);
        }
        projection_close(together);
        projection_close(apart);
    }
    free(x);
    free(y);
    free(all_x);
    free(all_y);
}

struct share {
    const struct projection *projection;
    double *x, *y;
    size_t count;
};

static void *transform_share(void *state)
{
    struct share *share = state;
    bool done = projection_points(share->projection, share->x, share->y, share->count, NULL);
    return done ? share : NULL;
}

static void threads_share_a_projection(void **state)
{
    (void)state;
    enum { THREADS = 4, EACH = 4000 };
    double *x = numbers(THREADS * EACH), *y = numbers(THREADS * EACH);
    double *alone_x = numbers(EACH), *alone_y = numbers(EACH);
    for (int r = 0; r < REGIONS; r++) {
        with_grid(regions[r].grid && has_grid);
        struct projection *projection = opened("EPSG:4326", regions[r].to);
        struct projection *alone = opened("EPSG:4326", regions[r].to);
        struct share shares[THREADS];
        pthread_t threads[THREADS];
        for (size_t t = 0; t < THREADS; t++) {
            shares[t] = (struct share){projection, x + t * EACH, y + t * EACH, EACH};
            draw_region(shares[t].x, shares[t].y, EACH, &regions[r]);
            assert_int_equal(pthread_create(&threads[t], NULL, transform_share, &shares[t]), 0);
        }
        draw_region(alone_x, alone_y, EACH, &regions[r]);
        assert_true(projection_points(alone, alone_x, alone_y, EACH, NULL));
        for (size_t t = 0; t < THREADS; t++) {
            void *result = NULL;
            pthread_join(threads[t], &result);
            assert_non_null(result);
            assert_memory_equal(shares[t].x, alone_x, EACH * sizeof *x);
            assert_memory_equal(shares[t].y, alone_y, EACH * sizeof *y);
        }
        assert_int_equal(projection_without_grid(projection),
                         THREADS * projection_without_grid(alone));
        projection_close(projection);
        projection_close(alone);
    }
    free(x);
    free(y);
    free(alone_x);
    free(alone_y);
}

static void what_is_no_place_becomes_nan_without_a_word(void **state)
{
    (void)state;
    with_grid(has_grid);
    static const char *const systems[] = {"EPSG:28992", "EPSG:25833", "EPSG:27700", "EPSG:3857",
                                          "EPSG:4258"};
    int spoken[2], screen = dup(STDERR_FILENO);
    assert_int_equal(pipe(spoken), 0);
    dup2(spoken[1], STDERR_FILENO);
    for (size_t i = 0; i < sizeof systems / sizeof *systems; i++) {
        struct projection *projection = opened("EPSG:4326", systems[i]);
        double x[] = {NAN, 5, INFINITY, 5, 5, 1e300, 400, 5, -1e9, 5},
               y[] = {52, NAN, 52, -INFINITY, 95, 52, 52, 90, 1e9, -90};
        assert_true(projection_points(projection, x, y, 10, NULL));
        for (int k = 0; k < 10; k++) {
            assert_true(isnan(x[k]) == isnan(y[k]));
            bool pole = k == 7 || k == 9, same = i == 4 && k > 3;
            assert_true(pole || same || isnan(x[k]));
            assert_false(isinf(x[k]) || isinf(y[k]));
        }
        projection_close(projection);
    }
    struct error error = {0};
    assert_null(projection_open("EPSG:999999", "EPSG:28992", &error));
    assert_int_equal(error.kind, ERROR_DATA);
    assert_null(projection_open("EPSG:5709", "EPSG:28992", &error)); /* a height */
    dup2(screen, STDERR_FILENO);
    close(screen);
    close(spoken[1]);
    char byte;
    assert_int_equal(read(spoken[0], &byte, 1), 0);
    close(spoken[0]);
}

static void no_points_are_no_trouble(void **state)
{
    (void)state;
    struct projection *projection = opened("EPSG:4326", "EPSG:25833");
    assert_true(projection_points(projection, NULL, NULL, 0, NULL));
    projection_close(projection);
    projection_close(NULL);
}

/* ---- what a system is, and which one a study takes ---- */

static void a_system_is_described(void **state)
{
    (void)state;
    static const struct {
        const char *crs;
        double x, y;
        enum crs_kind kind;
        const char *name, *authority;
        bool metres;
        double scale_error; /* by PROJ's own proj_factors where it has them */
    } cases[] = {
        {"EPSG:28992", 155000, 463000, CRS_PROJECTED, "Amersfoort / RD New", "EPSG:28992", true,
         9.21e-5},
        {"EPSG:25833", 500000, 5800000, CRS_PROJECTED, "ETRS89 / UTM zone 33N", "EPSG:25833", true,
         4e-4},
        {"EPSG:3857", 556597, 6800125, CRS_PROJECTED, "WGS 84 / Pseudo-Mercator", "EPSG:3857", true,
         0.6249},
        {"EPSG:3435", 1150000, 1900000, CRS_PROJECTED, "NAD83 / Illinois East (ftUS)", "EPSG:3435",
         false, 6.4e-6},
        {"EPSG:3035", 4321000, 3210000, CRS_PROJECTED, "ETRS89-extended / LAEA Europe", "EPSG:3035",
         true, 0},
        {"EPSG:4326", 5, 52, CRS_GEOGRAPHIC, "WGS 84", "EPSG:4326", false, NAN},
        {"EPSG:4979", 5, 52, CRS_GEOGRAPHIC, "WGS 84", "EPSG:4326", false, NAN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct crs_facts facts;
        assert_true(crs_describe(&facts, cases[i].crs, cases[i].x, cases[i].y, NULL));
        assert_int_equal(facts.kind, cases[i].kind);
        assert_string_equal(facts.name, cases[i].name);
        assert_string_equal(facts.authority, cases[i].authority);
        assert_int_equal(facts.in_metres, cases[i].metres);
        if (isnan(cases[i].scale_error))
            assert_true(isnan(facts.scale_error));
        else if (!(fabs(facts.scale_error - cases[i].scale_error)
                   < 0.02 * cases[i].scale_error + 1e-5))
            fail_msg("%s: %g", cases[i].crs, facts.scale_error);
    }
}

static void a_study_takes_the_right_system(void **state)
{
    (void)state;
    static const char web[] =
        "PROJCS[\"WGS_1984_Web_Mercator_Auxiliary_Sphere\",GEOGCS[\"GCS_WGS_1984\",DATUM["
        "\"D_WGS_1984\",SPHEROID[\"WGS_1984\",6378137.0,298.257223563]],PRIMEM[\"Greenwich\",0.0],"
        "UNIT[\"Degree\",0.0174532925199433]],PROJECTION[\"Mercator_Auxiliary_Sphere\"],PARAMETER["
        "\"False_Easting\",0.0],PARAMETER[\"False_Northing\",0.0],PARAMETER[\"Central_Meridian\","
        "0.0],PARAMETER[\"Standard_Parallel_1\",0.0],PARAMETER[\"Auxiliary_Sphere_Type\",0.0],UNIT["
        "\"Meter\",1.0]]";
    static const struct {
        const char *crs, *chosen;
        double x, y;
    } cases[] = {
        {"EPSG:28992", "EPSG:28992", 108000, 500000},
        {"EPSG:4326", "EPSG:28992", 4.666, 52.501},
        {"EPSG:4258", "EPSG:28992", 6.9, 52.22},
        {"EPSG:4326", "EPSG:32632", 13.4 - 3, 52.5},
        {"EPSG:4326", "EPSG:32616", -87.65, 41.85},
        {"EPSG:4326", "EPSG:32630", -2.6, 53.8},
        {"EPSG:4326", "EPSG:32756", 151.2, -33.9},
        {"EPSG:4326", "EPSG:32660", 180, 10},
        {"EPSG:4326", "EPSG:32632", 6.084, 50.776}, /* Aachen */
        {"EPSG:4326", "EPSG:32631", 4.4, 51.22},    /* Antwerp */
        {"EPSG:25833", "EPSG:25833", 390000, 5820000},
        {"EPSG:25833", "EPSG:28992", -3000000, 6300000}, /* far from its zone */
        {"EPSG:3857", "EPSG:28992", 519400, 6891000},
        {"EPSG:3857", "EPSG:32631", 556597, 1000}, /* true to scale there, and still not taken */
        {web, "EPSG:28992", 519400, 6891000},
        {"EPSG:3435", "EPSG:32616", 1150000, 1900000}, /* feet */
        {"EPSG:27700", "EPSG:27700", 360000, 430000},
        {"EPSG:31370", "EPSG:31370", 152000, 210000},
        {"EPSG:7415", "EPSG:28992", 108000, 500000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct box box = {cases[i].x - 0.01, cases[i].y - 0.01, cases[i].x + 0.01,
                          cases[i].y + 0.01};
        char *chosen = NULL;
        struct error error = {0};
        if (!crs_choose(&chosen, cases[i].crs, box, &error))
            fail_msg("%s: %s", cases[i].crs, error.message);
        if (i == 11)
            assert_string_not_equal(chosen, "EPSG:25833");
        else if (i == 7)
            assert_true(strcmp(chosen, "EPSG:32660") == 0 || strcmp(chosen, "EPSG:32601") == 0);
        else if (strcmp(chosen, cases[i].chosen) != 0)
            fail_msg("%s at %g %g: %s", cases[i].crs, cases[i].x, cases[i].y, chosen);
        array_free(&chosen);
    }
}

static void boundaries_without_a_place_choose_no_system(void **state)
{
    (void)state;
    char *chosen = NULL;
    struct error error = {0};
    assert_false(crs_choose(&chosen, "EPSG:4326", box_empty(), &error));
    assert_int_equal(error.kind, ERROR_DATA);
    struct box metres = {100000, 400000, 110000, 410000};
    assert_false(crs_choose(&chosen, "EPSG:4326", metres, &error));
    assert_null(chosen);
}

static void towns_along_the_border_lie_in_their_own_country(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double lon, lat;
        bool dutch;
    } towns[] = {
        {"Heemskerk", 4.67, 52.51, true},       {"Maastricht", 5.69, 50.85, true},
        {"Vaals", 6.01, 50.77, true},           {"Kerkrade", 6.065, 50.865, true},
        {"Sittard", 5.87, 51.0, true},          {"Venlo", 6.17, 51.37, true},
        {"Roermond", 5.99, 51.19, true},        {"Enschede", 6.9, 52.22, true},
        {"Losser", 7.0, 52.26, true},           {"Dinxperlo", 6.487, 51.865, true},
        {"Winterswijk", 6.72, 51.97, true},     {"Coevorden", 6.74, 52.66, true},
        {"Ter Apel", 7.06, 52.875, true},       {"Bad Nieuweschans", 7.205, 53.18, true},
        {"Delfzijl", 6.92, 53.33, true},        {"Schiermonnikoog", 6.16, 53.48, true},
        {"Den Burg", 4.80, 53.055, true},       {"Vlissingen", 3.57, 51.45, true},
        {"Sluis", 3.386, 51.308, true},         {"Sas van Gent", 3.80, 51.228, true},
        {"Zundert", 4.66, 51.47, true},         {"Roosendaal", 4.46, 51.53, true},
        {"Reusel", 5.165, 51.362, true},        {"Budel", 5.575, 51.272, true},
        {"Weert", 5.71, 51.25, true},           {"Baarle-Nassau", 4.93, 51.445, true},
        {"Gennep", 5.97, 51.70, true},          {"Millingen", 6.045, 51.865, true},
        {"'s-Heerenberg", 6.245, 51.877, true}, {"Denekamp", 7.005, 52.377, true},
        {"Eijsden", 5.71, 50.777, true},        {"Goirle", 5.067, 51.52, true},
        {"Antwerpen", 4.40, 51.22, false},      {"Essen (B)", 4.467, 51.467, false},
        {"Aachen", 6.084, 50.776, false},       {"Essen (D)", 7.01, 51.455, false},
        {"Gronau", 7.03, 52.212, false},        {"Nordhorn", 7.07, 52.435, false},
        {"Kleve", 6.14, 51.79, false},          {"Emmerich", 6.245, 51.832, false},
        {"Bocholt", 6.615, 51.838, false},      {"Heinsberg", 6.096, 51.061, false},
        {"Geilenkirchen", 6.12, 50.967, false}, {"Straelen", 6.266, 51.444, false},
        {"Goch", 6.16, 51.68, false},           {"Emden", 7.206, 53.367, false},
        {"Borkum", 6.67, 53.588, false},        {"Lommel", 5.31, 51.23, false},
        {"Turnhout", 4.945, 51.323, false},     {"Arendonk", 5.083, 51.322, false},
        {"Maaseik", 5.79, 51.098, false},       {"Maasmechelen", 5.695, 50.965, false},
        {"Hamont", 5.548, 51.252, false},       {"Knokke", 3.29, 51.35, false},
        {"Lanaken", 5.647, 50.893, false},      {"Hoogstraten", 4.765, 51.40, false},
        {"Vreden", 6.83, 52.037, false},        {"Emlichheim", 6.85, 52.61, false},
        {"Haren (Ems)", 7.24, 52.79, false},    {"Herzogenrath", 6.095, 50.868, false},
        {"Gangelt", 5.998, 50.992, false},      {"Zelzate", 3.81, 51.20, false},
    };
    for (size_t i = 0; i < sizeof towns / sizeof *towns; i++)
        if (netherlands_hold(towns[i].lon, towns[i].lat) != towns[i].dutch)
            fail_msg("%s lies on the wrong side", towns[i].name);
}

static void wkt_comes_back_as_the_same_system(void **state)
{
    (void)state;
    static const char *const systems[] = {"EPSG:28992", "EPSG:25833", "EPSG:4326", "EPSG:27700",
                                          "EPSG:7415"};
    for (size_t i = 0; i < sizeof systems / sizeof *systems; i++) {
        struct error error = {0};
        char *wkt = crs_wkt(systems[i], &error), *again = crs_wkt(systems[i], &error);
        assert_non_null(wkt);
        assert_string_equal(wkt, again);
        assert_null(strchr(wkt, '\n'));
        struct crs_facts facts;
        assert_true(crs_describe(&facts, wkt, 0, 0, &error));
        assert_string_equal(facts.authority, i == 4 ? "EPSG:28992" : systems[i]);
        array_free(&wkt);
        array_free(&again);
    }
    assert_null(crs_wkt("EPSG:999999", NULL));
}

static int find_real_files(void **state)
{
    (void)state;
    const char *folder = getenv("PLEIN_REAL");
    char path[1024];
    snprintf(real, sizeof real, "%s", folder ? folder : "../shared/real");
    snprintf(path, sizeof path, "%s/rdnaptrans/nl_nsgi_rdtrans2018.tif", real);
    has_grid = access(path, R_OK) == 0;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ready_pair_leaves_the_database_shut),
        cmocka_unit_test(a_text_that_names_a_file_or_an_address_is_refused),
        cmocka_unit_test(a_text_nested_without_end_is_refused),
        cmocka_unit_test(a_well_known_system_is_known_without_a_database),
        cmocka_unit_test(wkt_of_a_well_known_system_is_known_in_both_kinds),
        cmocka_unit_test(a_system_that_is_nearly_a_well_known_one_is_not_taken_for_it),
        cmocka_unit_test(wkt_that_is_cut_off_anywhere_is_refused_or_read),
        cmocka_unit_test(the_same_system_gives_the_same_bits),
        cmocka_unit_test(every_prj_file_at_hand_is_read),
        cmocka_unit_test(four_points_of_nsgi_are_right_to_a_millimetre),
        cmocka_unit_test(the_points_of_nsgi_on_land_are_right_with_and_without_grid),
        cmocka_unit_test(a_point_off_the_grid_goes_without_it_and_is_counted),
        cmocka_unit_test(a_grid_that_goes_away_is_an_error_and_no_shift_left_out),
        cmocka_unit_test(a_way_round_by_etrs89_gives_the_same_place),
        cmocka_unit_test(a_ready_pipeline_is_what_the_database_gives),
        cmocka_unit_test(a_ready_system_has_the_name_that_the_database_gives),
        cmocka_unit_test(a_cell_where_a_patch_does_not_fit_is_left_to_the_transform),
        cmocka_unit_test(a_point_on_the_frame_s_far_edge_is_outside),
        cmocka_unit_test(a_grid_that_ends_within_a_cell_is_counted_point_by_point),
        cmocka_unit_test(a_datum_s_own_degrees_need_no_way_round),
        cmocka_unit_test(the_lattice_is_within_a_fifth_of_a_millimetre_of_proj),
        cmocka_unit_test(a_point_alone_has_the_bits_it_has_among_others),
        cmocka_unit_test(threads_share_a_projection),
        cmocka_unit_test(what_is_no_place_becomes_nan_without_a_word),
        cmocka_unit_test(no_points_are_no_trouble),
        cmocka_unit_test(a_system_is_described),
        cmocka_unit_test(a_study_takes_the_right_system),
        cmocka_unit_test(boundaries_without_a_place_choose_no_system),
        cmocka_unit_test(towns_along_the_border_lie_in_their_own_country),
        cmocka_unit_test(wkt_comes_back_as_the_same_system),
    };
    return cmocka_run_group_tests(tests, find_real_files, NULL);
}
