/* What a handover publishes, as tables: squares and the clusters that they make. */
#include "engine/report/handover_tables.h"

#include "engine/core/text.h"
#include "engine/formats/json.h"
#include "engine/formats/vocabulary.h"
#include "engine/space/projection.h"

static const struct sheet_column SQUARE_COLUMNS[HANDOVER_SQUARE_COLUMNS] = {
    {"square", "square", SHEET_TEXT},
    {"size_m", "size_m", SHEET_NUMBER},
    {"x", "x", SHEET_NUMBER},
    {"y", "y", SHEET_NUMBER},
    {"domain", "domain", SHEET_TEXT},
    {"quarter", "quarter", SHEET_TEXT},
    {"incidents", "incidents", SHEET_NUMBER},
};
enum { SQUARE, SIZE, X, Y, DOMAIN, QUARTER, INCIDENTS };

static const struct sheet_column CLUSTER_COLUMNS[HANDOVER_CLUSTER_COLUMNS] = {
    {"cluster", "cluster", SHEET_NUMBER},
    {"square", "square", SHEET_TEXT},
    {"size_m", "size_m", SHEET_NUMBER},
    {"incidents", "incidents", SHEET_NUMBER},
};

static const struct sheet_column ROW_COLUMNS[HANDOVER_ROW_COLUMNS] = {
    {"square", "square", SHEET_TEXT},
    {"x", "x", SHEET_NUMBER},
    {"y", "y", SHEET_NUMBER},
    {"domain", "domain", SHEET_TEXT},
    {"category", "category", SHEET_TEXT},
    {"quarter", "quarter", SHEET_TEXT},
    {"source", "source", SHEET_TEXT},
    {"weight", "weight", SHEET_NUMBER},
};

static bool set_square(struct sheet *sheet, const struct square *square, struct error *error)
{
    char name[SQUARE_NAME];
    square_name(name, square);
    return sheet_set(sheet, SQUARE, name, error)
           && sheet_set_number(sheet, SIZE, (double)square->size * SQUARE_M, 0, error)
           && sheet_set_number(sheet, X, (double)square->east * SQUARE_M, 0, error)
           && sheet_set_number(sheet, Y, (double)square->north * SQUARE_M, 0, error);
}

/* A node of each axis, and the piece that the square's node stands for: none for all of them. */
struct place {
    size_t domain, square, quarter;
    const struct square *piece;
};

static bool add_cell(struct sheet *sheet, const struct handover *handover,
                     const struct place *place, struct error *error)
{
    const struct disclosure *table = &handover->table;
    size_t cell = handover_cell(handover, place->domain, place->square, place->quarter);
    char quarter[HANDOVER_QUARTER] = "";
    if (table->states[cell] == CELL_ABSENT || table->states[cell] == CELL_GUARDED)
        return true;
    if (place->quarter < handover->quarter_count)
        handover_quarter(quarter, handover->first_quarter + (int32_t)place->quarter);
    return sheet_add_row(sheet, error)
           && (place->piece == NULL || set_square(sheet, place->piece, error))
           && (place->domain == handover_all(handover, 0)
               || sheet_set(sheet, DOMAIN, domain_name((enum domain)place->domain), error))
           && sheet_set(sheet, QUARTER, quarter, error)
           && (table->states[cell] != CELL_PUBLISHED
               || sheet_set_number(sheet, INCIDENTS, table->rounded[cell], 0, error));
}

static bool is_all_withheld(const struct handover *handover, size_t square)
{
    for (size_t d = 0; d < handover->table.axes[0].node_count; d++)
        for (size_t q = 0; q < handover->table.axes[2].node_count; q++)
            if (handover->table.states[handover_cell(handover, d, square, q)] == CELL_PUBLISHED)
                return false;
    return true;
}

/* The totals first, in each direction; of a square of which nothing is published its total alone.
 */
static bool add_square(struct sheet *sheet, const struct handover *handover,
                       const struct place *square, struct error *error)
{
    size_t domains = handover->table.axes[0].node_count;
    size_t quarters = handover->table.axes[2].node_count;
    for (size_t d = domains; d-- > 0;)
        for (size_t n = 0; n < quarters; n++) {
            struct place place = *square;
            place.domain = (d + 1) % domains == 0 ? domains - 1 : domains - 2 - d;
            place.quarter = n == 0 ? quarters - 1 : n - 1;
            if (!add_cell(sheet, handover, &place, error))
                return false;
            if (is_all_withheld(handover, place.square))
                return true;
        }
    return true;
}

bool handover_squares(struct sheet *sheet, const struct handover *handover, struct error *error)
{
    *sheet = (struct sheet){.columns = SQUARE_COLUMNS, .column_count = HANDOVER_SQUARE_COLUMNS};
    struct place place = {.square = handover_all(handover, 1)};
    if (handover->pieces.count > 1 && !add_square(sheet, handover, &place, error))
        return false;
    for (size_t p = 0; p < handover->pieces.count; p++) {
        place = (struct place){.square = handover->node_of_piece[p],
                               .piece = &handover->pieces.items[p]};
        if (!add_square(sheet, handover, &place, error))
            return false;
    }
    return true;
}

bool handover_clusters(struct sheet *sheet, const struct handover *handover, struct error *error)
{
    *sheet = (struct sheet){.columns = CLUSTER_COLUMNS, .column_count = HANDOVER_CLUSTER_COLUMNS};
    for (size_t c = 1; c <= handover->clusters.count; c++)
        for (size_t p = 0; p < handover->pieces.count; p++) {
            const struct square *piece = &handover->pieces.items[p];
            char name[SQUARE_NAME];
            if (handover->clusters.cluster_of[p] != c)
                continue;
            square_name(name, piece);
            if (!sheet_add_row(sheet, error) || !sheet_set_number(sheet, 0, (double)c, 0, error)
                || !sheet_set(sheet, 1, name, error)
                || !sheet_set_number(sheet, 2, (double)piece->size * SQUARE_M, 0, error)
                || !sheet_set_number(sheet, 3, handover_of_piece(handover, p), 0, error))
                return false;
        }
    return true;
}

static bool add_row(struct sheet *sheet, const struct handover_row *row, struct error *error)
{
    char name[SQUARE_NAME], quarter[HANDOVER_QUARTER] = "";
    const double middle = SQUARE_M / 2.0;
    square_name(name, &row->square);
    if (row->quarter != HANDOVER_NO_QUARTER)
        handover_quarter(quarter, row->quarter);
    return sheet_add_row(sheet, error) && sheet_set(sheet, 0, name, error)
           && sheet_set_number(sheet, 1, row->square.east * SQUARE_M + middle, 0, error)
           && sheet_set_number(sheet, 2, row->square.north * SQUARE_M + middle, 0, error)
           && sheet_set(sheet, 3, domain_name((enum domain)row->domain), error)
           && sheet_set(sheet, 4, row->category, error) && sheet_set(sheet, 5, quarter, error)
           && sheet_set(sheet, 6, row->source, error)
           && sheet_set_number(sheet, 7, row->weight, 0, error);
}

bool handover_rows(struct sheet *sheet, const struct handover *handover, struct error *error)
{
    *sheet = (struct sheet){.columns = ROW_COLUMNS, .column_count = HANDOVER_ROW_COLUMNS};
    for (size_t i = 0; i < handover->row_count; i++)
        if (!add_row(sheet, &handover->rows[i], error))
            return false;
    return true;
}

/* ---- geojson ---- */

static void add_feature(struct text *text, const struct handover *handover, size_t piece,
                        const double corners[2][5])
{
    const struct square *square = &handover->pieces.items[piece];
    uint32_t incidents = handover_of_piece(handover, piece);
    char name[SQUARE_NAME];
    square_name(name, square);
    text_add(text, "{\"type\": \"Feature\", \"properties\": {\"square\": \"%s\", \"size_m\": %d, ",
             name, (int)square->size * SQUARE_M);
    if (incidents > 0)
        text_add(text, "\"incidents\": %u", incidents);
    else
        text_add(text, "\"incidents\": null");
    text_add(text, "}, \"geometry\": {\"type\": \"Polygon\", \"coordinates\": [[");
    for (int i = 0; i < 5; i++) {
        text_add(text, i > 0 ? ", [" : "[");
        json_number(text, corners[0][i], 7);
        text_add(text, ", ");
        json_number(text, corners[1][i], 7);
        text_add(text, "]");
    }
    text_add(text, "]]}}");
}

static bool add_piece(struct text *text, const struct handover *handover, size_t piece,
                      const struct projection *projection, struct error *error)
{
    const struct square *square = &handover->pieces.items[piece];
    double corners[2][5];
    for (int i = 0; i < 5; i++) { /* counter-clockwise */
        bool east = i == 1 || i == 2, north = i == 2 || i == 3;
        corners[0][i] = (double)(square->east + (east ? square->size : 0)) * SQUARE_M;
        corners[1][i] = (double)(square->north + (north ? square->size : 0)) * SQUARE_M;
    }
    if (!projection_points_exact(projection, corners[0], corners[1], 5, error))
        return false;
    add_feature(text, handover, piece, (const double(*)[5])corners);
    return true;
}

bool handover_geojson(struct text *text, const struct handover *handover, struct error *error)
{
    struct projection *projection = projection_open(handover->crs, "EPSG:4326", error);
    bool done = projection != NULL;
    text_add(text, "{\"type\": \"FeatureCollection\", \"features\": [");
    for (size_t p = 0; done && p < handover->pieces.count; p++) {
        text_add(text, p > 0 ? ",\n  " : "\n  ");
        done = add_piece(text, handover, p, projection, error);
    }
    text_add(text, "\n]}\n");
    projection_close(projection);
    return done;
}
