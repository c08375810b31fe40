/* The spatial index of a layer, packed at once instead of being grown row by row. */
#include "engine/formats/geopackage_index.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What SQLite's rtree module makes of pages of 4096 bytes and four 32-bit coordinates. */
enum { NODE_CELLS = 51, CELL_BYTES = 24, HEAD_BYTES = 4, NODE_BYTES = 1228, LEVELS = 8, ROOT = 1 };

/* A row, or a node: its number, and what it covers. */
struct entry {
    int64_t number;
    float box[4]; /* x_min, x_max, y_min, y_max */
};

struct packing {
    const struct geopackage *to;
    const struct layer *layer;
    struct entry *entries; /* of the level under way */
    size_t count;
    int64_t *leaf_of; /* per row */
    sqlite3_stmt *node, *parent, *row;
    int64_t next; /* number of a node */
};

/* ---- entries in order ---- */

static float rounded_down(double value)
{
    float rounded = (float)value;
    return rounded > value ? nextafterf(rounded, -INFINITY) : rounded;
}

static float rounded_up(double value)
{
    float rounded = (float)value;
    return rounded < value ? nextafterf(rounded, INFINITY) : rounded;
}

static void list_rows(struct packing *packing)
{
    for (size_t i = 0; i < packing->layer->row_count; i++) {
        struct box box = layer_box(packing->layer, i);
        if (box_is_empty(box))
            continue;
        packing->entries[packing->count++] =
            (struct entry){(int64_t)i + 1,
                           {rounded_down(box.x_min), rounded_up(box.x_max), rounded_down(box.y_min),
                            rounded_up(box.y_max)}};
    }
}

static int compare_middles(const struct entry *a, const struct entry *b, int axis)
{
    double left = (double)a->box[axis] + a->box[axis + 1];
    double right = (double)b->box[axis] + b->box[axis + 1];
    if (left != right)
        return left < right ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

static int by_x(const void *a, const void *b)
{
    return compare_middles(a, b, 0);
}

static int by_y(const void *a, const void *b)
{
    return compare_middles(a, b, 2);
}

/* Upright slices of whole nodes, each then sorted from south to north. */
static void sort_tiles(struct packing *packing)
{
    size_t nodes = (packing->count + NODE_CELLS - 1) / NODE_CELLS;
    size_t slices = (size_t)ceil(sqrt((double)nodes));
    size_t length = slices > 0 ? (nodes + slices - 1) / slices * NODE_CELLS : 1;
    qsort(packing->entries, packing->count, sizeof *packing->entries, by_x);
    for (size_t first = 0; first < packing->count; first += length) {
        size_t left = packing->count - first;
        qsort(packing->entries + first, left < length ? left : length, sizeof *packing->entries,
              by_y);
    }
}

/* ---- nodes ---- */

static void put_big_endian(unsigned char *at, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        at[i] = (unsigned char)(value >> 8 * (bytes - 1 - i));
}

static void put_entry(unsigned char *at, const struct entry *entry)
{
    put_big_endian(at, (uint64_t)entry->number, 8);
    for (int i = 0; i < 4; i++) {
        uint32_t bits;
        memcpy(&bits, &entry->box[i], sizeof bits);
        put_big_endian(at + 8 + 4 * i, bits, 4);
    }
}

static void widen(struct entry *into, const struct entry *by)
{
    for (int i = 0; i < 4; i += 2) {
        into->box[i] = fminf(into->box[i], by->box[i]);
        into->box[i + 1] = fmaxf(into->box[i + 1], by->box[i + 1]);
    }
}

static bool note_parent(struct packing *packing, int64_t child, int64_t node, struct error *error)
{
    sqlite3_bind_int64(packing->parent, 1, child);
    sqlite3_bind_int64(packing->parent, 2, node);
    return geopackage_step(packing->to, packing->parent, error);
}

/* One node over entries first .. end - 1, of which it becomes one. */
static bool put_node(struct packing *packing, struct entry *made, const size_t range[2], int level,
                     struct error *error)
{
    unsigned char bytes[NODE_BYTES] = {0};
    const struct entry *entries = packing->entries;
    *made = entries[range[0]];
    made->number = packing->next;
    put_big_endian(bytes, made->number == ROOT ? (uint64_t)level : 0, 2);
    put_big_endian(bytes + 2, range[1] - range[0], 2);
    for (size_t i = range[0]; i < range[1]; i++) {
        put_entry(bytes + HEAD_BYTES + CELL_BYTES * (i - range[0]), &entries[i]);
        widen(made, &entries[i]);
        if (level == 0)
            packing->leaf_of[entries[i].number - 1] = made->number;
        else if (!note_parent(packing, entries[i].number, made->number, error))
            return false;
    }
    sqlite3_bind_int64(packing->node, 1, made->number);
    sqlite3_bind_blob(packing->node, 2, bytes, sizeof bytes, SQLITE_TRANSIENT);
    return geopackage_step(packing->to, packing->node, error);
}

/* Nodes of about as many entries each take the entries' place; the last level is the root alone. */
static bool put_level(struct packing *packing, int level, struct error *error)
{
    size_t nodes = (packing->count + NODE_CELLS - 1) / NODE_CELLS;
    if (nodes <= 1)
        packing->next = ROOT;
    for (size_t n = 0; n < nodes; n++) {
        const size_t range[2] = {packing->count * n / nodes, packing->count * (n + 1) / nodes};
        struct entry made;
        if (!put_node(packing, &made, range, level, error))
            return false;
        packing->entries[n] = made; /* range[0] >= n: it has been read */
        packing->next++;
    }
    packing->count = nodes;
    return true;
}

static bool put_rows(struct packing *packing, struct error *error)
{
    for (size_t i = 0; i < packing->layer->row_count; i++) {
        if (packing->leaf_of[i] == 0)
            continue;
        sqlite3_bind_int64(packing->row, 1, (int64_t)i + 1);
        sqlite3_bind_int64(packing->row, 2, packing->leaf_of[i]);
        if (!geopackage_step(packing->to, packing->row, error))
            return false;
    }
    return true;
}

static bool pack(struct packing *packing, struct error *error)
{
    list_rows(packing);
    sort_tiles(packing);
    packing->next = ROOT + 1;
    for (int level = 0; packing->count > 0 && level < LEVELS; level++) {
        if (!put_level(packing, level, error))
            return false;
        if (packing->count <= 1)
            break;
    }
    return put_rows(packing, error);
}

static bool fill_index(const struct geopackage *to, const struct layer *layer, struct error *error)
{
    const char *name = layer->name;
    struct packing packing = {.to = to, .layer = layer};
    packing.node = geopackage_prepare(
        to, error, "INSERT OR REPLACE INTO \"rtree_%w_geom_node\" VALUES (?, ?)", name);
    packing.parent =
        geopackage_prepare(to, error, "INSERT INTO \"rtree_%w_geom_parent\" VALUES (?, ?)", name);
    packing.row =
        geopackage_prepare(to, error, "INSERT INTO \"rtree_%w_geom_rowid\" VALUES (?, ?)", name);
    bool done = packing.node != NULL && packing.parent != NULL && packing.row != NULL
                && array_new_raw(&packing.entries, layer->row_count, sizeof *packing.entries, error)
                && array_new(&packing.leaf_of, layer->row_count, sizeof *packing.leaf_of, error)
                && pack(&packing, error);
    sqlite3_finalize(packing.node);
    sqlite3_finalize(packing.parent);
    sqlite3_finalize(packing.row);
    array_free(&packing.entries);
    array_free(&packing.leaf_of);
    return done;
}

/* ---- triggers: as the standard words them (annex F.3), for whoever changes a feature later ----
 */

#define STORE                                                                                      \
    "INSERT OR REPLACE INTO \"rtree_%w_geom\" VALUES (NEW.\"fid\", ST_MinX(NEW.\"geom\"), "        \
    "ST_MaxX(NEW.\"geom\"), ST_MinY(NEW.\"geom\"), ST_MaxY(NEW.\"geom\"));"
#define FORGET "DELETE FROM \"rtree_%w_geom\" WHERE id = OLD.\"fid\";"
#define FILLED "(NEW.\"geom\" NOTNULL AND NOT ST_IsEmpty(NEW.\"geom\"))"
#define EMPTIED "(NEW.\"geom\" ISNULL OR ST_IsEmpty(NEW.\"geom\"))"

static bool add_triggers(const struct geopackage *to, const char *name, struct error *error)
{
    static const char *const bodies[] = {
        "_insert\" AFTER INSERT ON \"%w\" WHEN (new.\"geom\" NOT NULL AND NOT "
        "ST_IsEmpty(NEW.\"geom\")) BEGIN " STORE " END;",
        "_update1\" AFTER UPDATE OF \"geom\" ON \"%w\" WHEN OLD.\"fid\" = NEW.\"fid\" AND " FILLED
        " BEGIN " STORE " END;",
        "_update2\" AFTER UPDATE OF \"geom\" ON \"%w\" WHEN OLD.\"fid\" = NEW.\"fid\" AND " EMPTIED
        " BEGIN " FORGET " END;",
        "_update3\" AFTER UPDATE ON \"%w\" WHEN OLD.\"fid\" != NEW.\"fid\" AND " FILLED
        " BEGIN " FORGET " " STORE " END;",
        "_update4\" AFTER UPDATE ON \"%w\" WHEN OLD.\"fid\" != NEW.\"fid\" AND " EMPTIED
        " BEGIN DELETE FROM \"rtree_%w_geom\" WHERE id IN (OLD.\"fid\", NEW.\"fid\"); END;",
        "_delete\" AFTER DELETE ON \"%w\" WHEN old.\"geom\" NOT NULL BEGIN " FORGET " END;",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct text format = {0};
        text_add(&format, "CREATE TRIGGER \"rtree_%%w_geom%s", bodies[i]);
        bool done = text_check(&format, error)
                    && geopackage_run(to, error, format.bytes, name, name, name, name);
        text_free(&format);
        if (!done)
            return false;
    }
    return true;
}

bool geopackage_index(const struct geopackage *to, const struct layer *layer, struct error *error)
{
    return geopackage_run(to, error,
                          "CREATE VIRTUAL TABLE \"rtree_%w_geom\" USING rtree(id, minx, maxx, "
                          "miny, maxy)",
                          layer->name)
           && fill_index(to, layer, error) && add_triggers(to, layer->name, error)
           && geopackage_run(to, error,
                             "INSERT INTO gpkg_extensions VALUES (%Q, 'geom', 'gpkg_rtree_index', "
                             "'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')",
                             layer->name);
}
