/* Jurisdictions, and the shapes of base layers, from the rows of a map's layer. */
#include "engine/formats/areas.h"

#include "engine/formats/fields.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The rows as a table, of which a column is read when it is a candidate. */
struct sheet {
    struct features *features;
    const char **names;
    bool *is_text;
    size_t row_count;
};

static void sheet_free(struct sheet *sheet)
{
    array_free(&sheet->names);
    array_free(&sheet->is_text);
}

static bool next_cells(bool *there, const struct features *features, struct error *error)
{
    const struct features_format *format = features->format;
    return (format->next_cells != NULL ? format->next_cells : format->next)(there, features->state,
                                                                            error);
}

static bool count_rows(struct sheet *sheet, struct error *error)
{
    struct features *features = sheet->features;
    bool there = true, done = true;
    while (done && there) {
        done = next_cells(&there, features, error);
        sheet->row_count += done && there;
    }
    return done && features->format->rewind(features->state, error);
}

static bool sheet_make(struct sheet *sheet, struct error *error)
{
    const struct features *features = sheet->features;
    if (!array_new(&sheet->names, features->count, sizeof *sheet->names, error)
        || !array_new(&sheet->is_text, features->count, sizeof *sheet->is_text, error))
        return false;
    for (size_t i = 0; i < features->count; i++) {
        sheet->names[i] = features->columns[i].name;
        sheet->is_text[i] = features->columns[i].is_text;
    }
    return count_rows(sheet, error);
}

static bool read_value(char **value, const struct features *features, size_t field,
                       struct error *error)
{
    struct text cell = {0};
    text_add_bytes(&cell, "", 0);
    bool done =
        features->format->cell(&cell, features->state, field, error) && text_check(&cell, error);
    const char *begin = cell.bytes, *end = done ? cell.bytes + cell.length : NULL;
    if (done)
        text_trim(&begin, &end);
    *value = done ? text_copy(begin, (size_t)(end - begin), error) : NULL;
    text_free(&cell);
    return *value != NULL;
}

static bool read_column(char ***values, const void *table, size_t field, struct error *error)
{
    const struct sheet *sheet = table;
    const struct features *features = sheet->features;
    bool there = true;
    *values = NULL;
    bool done = array_new(values, sheet->row_count, sizeof **values, error)
                && features->format->rewind(features->state, error);
    size_t row = 0;
    for (; done && row < sheet->row_count; row++) {
        done = next_cells(&there, features, error)
               && (there ? read_value(&(*values)[row], features, field, error)
                         : ((*values)[row] = text_copy("", 0, error)) != NULL);
    }
    if (!done)
        fields_free_column(values, sheet->row_count);
    return done;
}

static bool choose(struct field_choice *choice, const struct sheet *sheet,
                   const struct boundary_options *options, struct error *error)
{
    const struct fields fields = {.path = sheet->features->path,
                                  .names = sheet->names,
                                  .is_text = sheet->is_text,
                                  .count = sheet->features->count,
                                  .row_count = sheet->row_count,
                                  .column = read_column,
                                  .table = sheet};
    return fields_choose(choice, &fields, options->name_field, options->code_field, error)
           && sheet->features->format->rewind(sheet->features->state, error);
}

/* ---- items ---- */

static bool take(char **value, char **column, size_t row, const char *otherwise,
                 struct error *error)
{
    bool there = column != NULL && column[row] != NULL && column[row][0] != '\0';
    *value = there ? column[row] : text_copy(otherwise, strlen(otherwise), error);
    if (there)
        column[row] = NULL;
    return *value != NULL;
}

/* Takes the shape over. */
static bool add_item(struct jurisdictions *into, struct shape *shape, struct field_choice *choice,
                     const char *fallback, size_t row, struct error *error)
{
    struct jurisdiction item = {.shape = *shape};
    *shape = (struct shape){0};
    bool done = take(&item.code, choice->codes, row, "", error)
                && take(&item.name, choice->names, row,
                        fallback != NULL && item.code[0] != '\0' ? item.code
                        : fallback != NULL                       ? fallback
                                                                 : "",
                        error);
    if (done)
        return jurisdictions_add(into, &item, error);
    jurisdiction_free(&item);
    return false;
}

/* Rows that are passed over. */
struct passed {
    size_t empty, others;
};

/* A record without a name goes by its code, and without either by its number; in a base layer
 * neither is needed. */
struct adding {
    struct features *features;
    struct field_choice *choice;
    bool lines; /* are wanted too, and names are not needed */
    struct passed passed;
};

static bool add_row(struct jurisdictions *into, struct adding *adding, size_t row,
                    struct error *error)
{
    struct features *features = adding->features;
    enum features_shape kind;
    struct shape shape;
    char number[24];
    if (!features->format->shape(&shape, &kind, features->state, error))
        return false;
    bool wanted = kind == FEATURES_POLYGONS || (adding->lines && kind == FEATURES_LINES);
    bool done = true;
    snprintf(number, sizeof number, "%zu", row + 1);
    adding->passed.others += !wanted && kind != FEATURES_NOTHING;
    adding->passed.empty += kind == FEATURES_NOTHING || (wanted && shape.ring_count == 0);
    if (wanted && shape.ring_count > 0)
        done = add_item(into, &shape, adding->choice, adding->lines ? NULL : number, row, error);
    shape_free(&shape);
    return done;
}

static bool add_rows(struct jurisdictions *into, struct adding *adding, size_t row_count,
                     struct error *error)
{
    struct features *features = adding->features;
    bool there = true;
    for (size_t row = 0; row < row_count && there; row++)
        if (!features->format->next(&there, features->state, error)
            || (there && !add_row(into, adding, row, error)))
            return false;
    return true;
}

static void note_passed(const struct adding *adding, struct notes *notes)
{
    const char *path = adding->features->path;
    if (notes == NULL)
        return;
    if (adding->passed.empty > 0)
        notes_add(notes, "%s: features without a geometry, which are left out: %zu", path,
                  adding->passed.empty);
    if (adding->passed.others > 0 && adding->lines)
        notes_add(notes, "%s: records that are neither lines nor polygons and are left out: %zu",
                  path, adding->passed.others);
    else if (adding->passed.others > 0)
        notes_add(notes, "%s: records that are no polygons and are left out: %zu", path,
                  adding->passed.others);
}

/* Which fields served, for the notes and for whoever asks. */
static bool tell_fields(struct jurisdictions *into, const struct sheet *sheet,
                        const struct field_choice *choice, struct notes *notes, struct error *error)
{
    const char *path = sheet->features->path;
    const char *name = choice->name != FIELD_NONE ? sheet->names[choice->name] : NULL;
    const char *code = choice->code != FIELD_NONE ? sheet->names[choice->code] : NULL;
    if (name != NULL && (into->name_field = text_copy(name, strlen(name), error)) == NULL)
        return false;
    if (code != NULL && (into->code_field = text_copy(code, strlen(code), error)) == NULL)
        return false;
    if (notes == NULL)
        return true;
    if (name != NULL && code != NULL)
        notes_add(notes, "%s: names come from the field %s, codes from %s", path, name, code);
    else if (name != NULL)
        notes_add(notes, "%s: names come from the field %s; no field holds codes", path, name);
    else
        notes_add(notes,
                  "%s: no field holds names; the records are named by number (--boundaries-name "
                  "names a field)",
                  path);
    return true;
}

/* ---- the reference system ---- */

static bool take_crs(struct jurisdictions *into, const struct features *features,
                     const struct boundary_options *options, struct error *error)
{
    const char *own = features->crs, *asked = options->crs;
    bool differ = own != NULL && asked != NULL && !text_equal(own, asked);
    const char *crs = features->place == FEATURES_DEGREES || asked == NULL ? own : asked;
    if (differ && options->notes != NULL)
        notes_add(options->notes,
                  "%s: says that it is in %.60s, and --boundaries-crs says %s; it is read as the "
                  "%s says",
                  features->path, own, asked, message_part(crs == own ? N_("file") : N_("option")));
    if (crs == NULL)
        return error_set(error, ERROR_DATA,
                         "%s: does not tell its reference system; name it with --boundaries-crs, "
                         "like EPSG:28992",
                         features->path);
    into->crs = text_copy(crs, strlen(crs), error);
    return into->crs != NULL;
}

static bool check_maps(const struct features *features, struct error *error)
{
    return features->format->shape != NULL
           || error_set(error, ERROR_DATA,
                        "%s: this is a table, and no map; boundaries are polygons", features->path);
}

bool areas_read(struct jurisdictions *into, struct features *features,
                const struct boundary_options *options, struct error *error)
{
    struct sheet sheet = {.features = features};
    struct field_choice choice = {.name = FIELD_NONE, .code = FIELD_NONE};
    struct adding adding = {.features = features, .choice = &choice};
    *into = (struct jurisdictions){0};
    bool done = check_maps(features, error) && take_crs(into, features, options, error)
                && sheet_make(&sheet, error) && choose(&choice, &sheet, options, error)
                && tell_fields(into, &sheet, &choice, options->notes, error)
                && add_rows(into, &adding, sheet.row_count, error);
    if (done) {
        note_passed(&adding, options->notes);
        done = into->count > 0
               || error_set(error, ERROR_DATA, "%s: there is no polygon in it", features->path);
    }
    field_choice_free(&choice);
    sheet_free(&sheet);
    if (!done)
        jurisdictions_free(into);
    return done;
}

/* The names of a base layer are welcome and not needed. */
static bool choose_names(struct field_choice *choice, const struct sheet *sheet,
                         struct error *error)
{
    const struct boundary_options any = {0};
    if (!choose(choice, sheet, &any, error))
        return false;
    fields_free_column(&choice->codes, choice->row_count);
    return true;
}

bool areas_read_shapes(struct jurisdictions *into, struct features *features, struct notes *notes,
                       struct error *error)
{
    struct sheet sheet = {.features = features};
    struct field_choice choice = {.name = FIELD_NONE, .code = FIELD_NONE};
    struct adding adding = {.features = features, .choice = &choice, .lines = true};
    *into = (struct jurisdictions){0};
    bool done = check_maps(features, error) && sheet_make(&sheet, error)
                && choose_names(&choice, &sheet, error)
                && add_rows(into, &adding, sheet.row_count, error);
    if (done && features->crs != NULL)
        done = (into->crs = text_copy(features->crs, strlen(features->crs), error)) != NULL;
    else if (done && notes != NULL)
        notes_add(notes, "%s: its reference system is not known", features->path);
    if (done)
        note_passed(&adding, notes);
    field_choice_free(&choice);
    sheet_free(&sheet);
    if (!done)
        jurisdictions_free(into);
    return done;
}
