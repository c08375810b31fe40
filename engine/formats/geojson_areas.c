/* Reads jurisdictions from the polygons of a GeoJSON file. */
#include "engine/formats/geojson_areas.h"

#include "engine/core/text.h"
#include "engine/formats/fields.h"
#include "engine/formats/geojson.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The properties of all features, as a table. */
struct sheet {
    const char *path;
    char **names;
    bool *is_text;
    size_t count, capacity, row_count;
};

static void sheet_free(struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->count; i++)
        array_free(&sheet->names[i]);
    array_free(&sheet->names);
    array_free(&sheet->is_text);
}

static bool add_field(struct sheet *sheet, const struct geojson *geojson, const char *name,
                      struct error *error)
{
    struct capacity names = {sheet->capacity, sizeof *sheet->names};
    struct capacity texts = {sheet->capacity, sizeof *sheet->is_text};
    size_t at = 0;
    while (at < sheet->count && strcmp(sheet->names[at], name) != 0)
        at++;
    if (at == sheet->count) {
        if (!array_reserve(&sheet->names, &names, at + 1, error)
            || !array_reserve(&sheet->is_text, &texts, at + 1, error))
            return false;
        sheet->capacity = names.held;
        sheet->is_text[at] = false;
        sheet->names[at] = text_copy(name, strlen(name), error);
        if (sheet->names[at] == NULL)
            return false;
        sheet->count++;
    }
    sheet->is_text[at] = sheet->is_text[at] || geojson_text(geojson, name) != NULL;
    return true;
}

static bool list_fields(struct sheet *sheet, struct error *error)
{
    struct geojson *geojson = geojson_open(sheet->path, error);
    bool there = true, done = geojson != NULL;
    while (done && there) {
        done = geojson_next(&there, geojson, error);
        size_t count = done && there ? geojson_property_count(geojson) : 0;
        sheet->row_count += done && there;
        for (size_t i = 0; done && i < count; i++)
            done = add_field(sheet, geojson, geojson_property_name(geojson, i), error);
    }
    geojson_close(geojson);
    return done;
}

/* Reads the file once more for one property: few are asked for. */
static bool read_column(char ***values, const void *table, size_t field, struct error *error)
{
    const struct sheet *sheet = table;
    struct geojson *geojson = geojson_open(sheet->path, error);
    bool there = true, done = geojson != NULL;
    size_t row = 0;
    *values = NULL;
    done = done && array_new(values, sheet->row_count, sizeof **values, error);
    while (done && there && row < sheet->row_count) {
        struct text value = {0};
        done = geojson_next(&there, geojson, error);
        if (!done || !there)
            break;
        geojson_print(&value, geojson, sheet->names[field]);
        done = text_check(&value, error);
        (*values)[row++] = done && value.bytes != NULL ? value.bytes : text_copy("", 0, error);
        done = done && (*values)[row - 1] != NULL;
    }
    geojson_close(geojson);
    if (!done)
        fields_free_column(values, sheet->row_count);
    return done;
}

static bool choose(struct field_choice *choice, const struct sheet *sheet,
                   const struct boundary_options *options, struct error *error)
{
    const struct fields fields = {.path = sheet->path,
                                  .names = (const char *const *)sheet->names,
                                  .is_text = sheet->is_text,
                                  .count = sheet->count,
                                  .row_count = sheet->row_count,
                                  .column = read_column,
                                  .table = sheet};
    return fields_choose(choice, &fields, options->name_field, options->code_field, error);
}

static bool take(char **value, char **column, size_t row, const char *otherwise,
                 struct error *error)
{
    bool there = column != NULL && column[row] != NULL && column[row][0] != '\0';
    *value = there ? column[row] : text_copy(otherwise, strlen(otherwise), error);
    if (there)
        column[row] = NULL;
    return *value != NULL;
}

/* A record without a name goes by its code, and without either by its number. */
static bool add_area(struct jurisdictions *into, const struct geojson *geojson,
                     struct field_choice *choice, struct error *error)
{
    struct jurisdiction item = {0};
    size_t row = geojson_number(geojson) - 1;
    char number[24];
    snprintf(number, sizeof number, "%zu", row + 1);
    bool done =
        geojson_shape(&item.shape, geojson, error)
        && take(&item.code, choice->codes, row, "", error)
        && take(&item.name, choice->names, row, item.code[0] != '\0' ? item.code : number, error);
    if (done)
        return jurisdictions_add(into, &item, error);
    jurisdiction_free(&item);
    return false;
}

static bool read_areas(struct jurisdictions *into, const struct sheet *sheet,
                       struct field_choice *choice, struct notes *notes, struct error *error)
{
    struct geojson *geojson = geojson_open(sheet->path, error);
    bool there = true, done = geojson != NULL;
    size_t empty = 0;
    while (done && there) {
        done = geojson_next(&there, geojson, error);
        if (!done || !there)
            break;
        bool none = !geojson_has_geometry(geojson);
        empty += none;
        done = none || add_area(into, geojson, choice, error);
    }
    geojson_close(geojson);
    if (done && empty > 0 && notes != NULL)
        notes_add(notes, "%s: features without a geometry, which are left out: %zu", sheet->path,
                  empty);
    return done
           && (into->count > 0
               || error_set(error, ERROR_DATA, "%s: there is no polygon in it", sheet->path));
}

/* Which fields served, for the notes and for whoever asks. */
static bool tell_fields(struct jurisdictions *into, const struct sheet *sheet,
                        const struct field_choice *choice, struct notes *notes, struct error *error)
{
    const char *name = choice->name != FIELD_NONE ? sheet->names[choice->name] : NULL;
    const char *code = choice->code != FIELD_NONE ? sheet->names[choice->code] : NULL;
    if (name != NULL && (into->name_field = text_copy(name, strlen(name), error)) == NULL)
        return false;
    if (code != NULL && (into->code_field = text_copy(code, strlen(code), error)) == NULL)
        return false;
    if (notes != NULL && name != NULL && code != NULL)
        notes_add(notes, "%s: names come from the field %s, codes from %s", sheet->path, name,
                  code);
    else if (notes != NULL && name != NULL)
        notes_add(notes, "%s: names come from the field %s", sheet->path, name);
    return true;
}

bool geojson_read_areas(struct jurisdictions *into, const char *path,
                        const struct boundary_options *options, struct error *error)
{
    static const char DEGREES[] = "EPSG:4326";
    struct sheet sheet = {.path = path};
    struct field_choice choice = {.name = FIELD_NONE, .code = FIELD_NONE};
    *into = (struct jurisdictions){0};
    into->crs = text_copy(DEGREES, strlen(DEGREES), error);
    bool done = into->crs != NULL && list_fields(&sheet, error)
                && choose(&choice, &sheet, options, error)
                && tell_fields(into, &sheet, &choice, options->notes, error)
                && read_areas(into, &sheet, &choice, options->notes, error);
    field_choice_free(&choice);
    sheet_free(&sheet);
    if (!done)
        jurisdictions_free(into);
    return done;
}
