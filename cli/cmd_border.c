/* plein border: alone and together, what each side sees and what it misses. */
#include "cli/command.h"

#include "engine/core/files.h"
#include "engine/formats/asciigrid.h"
#include "engine/report/border_picture.h"
#include "engine/report/border_report.h"
#include "engine/report/pages.h"
#include "engine/study/packages_join.h"

#include <ctype.h>
#include <string.h>

static bool is_picture(const char *path)
{
    enum map_file file;
    return path != NULL && strrchr(text_file_name(path), '.') != NULL && pages_file(&file, path);
}

/* "alone-GM0375.asc": by code, else by name, of which only letters and figures are taken. */
static void name_grid(struct text *path, const char *folder, const char *what, const char *key)
{
    text_add(path, "%s/%s", folder, what);
    for (; key != NULL && *key != '\0'; key++)
        text_add(path, "%c", isalnum((unsigned char)*key) ? *key : '-');
    text_add(path, ".asc");
}

static bool write_grid(const char *folder, const char *what, const char *key,
                       const struct raster *raster, struct error *error)
{
    struct text path = {0};
    name_grid(&path, folder, what, key);
    bool done = text_check(&path, error) && asciigrid_write(raster, path.bytes, 0, error);
    text_free(&path);
    return done;
}

static bool write_grids(const struct findings *findings, const char *folder, struct error *error)
{
    const struct finding *finding = &findings->items[0];
    const struct border_surfaces *surfaces = &finding->border.surfaces;
    const struct jurisdiction *items = findings->gathered.study->boundaries.jurisdictions.items;
    if (findings->count > 1)
        return error_set(error, ERROR_USAGE,
                         "--rasters: %zu borders are in the selection; name one with --between",
                         findings->count);
    if (!file_make_folder(folder, error))
        return false;
    for (int side = 0; side < SIDES; side++)
        if (!write_grid(folder, "alone-", jurisdiction_key(&items[finding->owners[side]]),
                        &surfaces->alone[side], error))
            return false;
    return write_grid(folder, "together", NULL, &surfaces->together, error)
           && write_grid(folder, "missed", NULL, &surfaces->missed, error)
           && write_grid(folder, "guess-error", NULL, &surfaces->guess_error, error);
}

static bool write_answer(const struct findings *findings, const struct options *options,
                         struct error *error)
{
    struct sheet sheet = {0};
    struct sheet_column columns[BORDER_COLUMNS];
    bool done = command_format(options) == FORMAT_TABLE
                    ? border_report_table(&sheet, columns, findings, error)
                    : border_report_rows(&sheet, findings, error);
    done = done && command_write_sheet(options, &sheet, error);
    sheet_free(&sheet);
    return done;
}

static bool answer(struct findings *findings, const struct options *options, struct error *error)
{
    if (options->rasters != NULL && !write_grids(findings, options->rasters, error))
        return false;
    if (!is_picture(options->output))
        return write_answer(findings, options, error);
    return border_picture_write(findings, findings_foremost(findings), options->output, error);
}

/* What squares give a part in, and what is of incidents alone. */
static void remark(struct study *study)
{
    packages_remark_density(study);
    if (packages_take_part(&study->packages))
        notes_add(&study->notes,
                  "squares take part in what comes of densities: the strips and the blind spots; "
                  "clusters are of incidents alone, and where a side has squares its place in the "
                  "list, its border band, shares and the lead are left out");
    command_remarks(study);
}

bool cmd_border(const struct options *options, int *status, struct error *error)
{
    struct study study = {0};
    /* A table of several borders shows no guesses; a picture looks at the foremost border anew. */
    struct findings findings = {.brief = command_format(options) == FORMAT_TABLE};
    (void)status;
    if (options->format == FORMAT_GEOJSON)
        return error_set(error, ERROR_USAGE,
                         "a border is told as table, csv or json; clusters come as "
                         "geojson from plein clusters");
    bool done = gather_allowed(options, error) && command_study(&study, options, error)
                && findings_read(&findings, &study, error) && answer(&findings, options, error);
    if (done)
        remark(&study);
    findings_free(&findings);
    study_close(&study);
    return done;
}
