/* A list of priorities: what a council says that it will act on, and since when. */
#include "engine/formats/priorities.h"

#include "engine/formats/listing.h"

enum column {
    COLUMN_JURISDICTION,
    COLUMN_OF_CATEGORY,
    COLUMN_PRIORITY,
    COLUMN_OF_SOURCE,
    COLUMN_FROM,
    COLUMN_TO
};
enum { COLUMNS = 6, REQUIRED = COLUMN_PRIORITY + 1 };

/* Folded as text_fold does: letters and digits alone. */
static const char *const COLUMN_NAMES[COLUMNS][LISTING_NAMES] = {
    {"jurisdiction", "gemeente", "gebied"},
    {"category", "categorie", NULL},
    {"priority", "prioriteit", NULL},
    {"source", "bron", NULL},
    {"from", "van", "vanaf"},
    {"to", "tm", "totenmet"},
};

static const struct listing_kind PRIORITIES = {
    .what = N_("priorities"),
    .header = "jurisdiction;category;priority;source;from;to",
    .names = COLUMN_NAMES,
    .column_count = COLUMNS,
    .required = REQUIRED,
    .fault = ERROR_SETTINGS,
};

static bool read_period(struct priority *priority, const struct listing *list, size_t row,
                        struct error *error)
{
    moment from, to;
    if (!listing_date(&from, list, row, COLUMN_FROM, error)
        || !listing_date(&to, list, row, COLUMN_TO, error))
        return false;
    priority->first_day = from == MOMENT_UNKNOWN ? INT64_MIN : moment_first_day(from);
    priority->last_day = to == MOMENT_UNKNOWN ? INT64_MAX : moment_last_day(to);
    if (priority->first_day > priority->last_day)
        return error_set(error, ERROR_SETTINGS,
                         "%s:%zu: the priority ends before it begins; turn the dates round",
                         list->path, priority->line);
    return true;
}

static bool read_row(struct priority *priority, const struct listing *list, size_t row,
                     struct error *error)
{
    priority->line = list->table.lines[row];
    return listing_copy(&priority->jurisdiction, list, row, COLUMN_JURISDICTION, error)
           && listing_copy(&priority->category, list, row, COLUMN_OF_CATEGORY, error)
           && listing_copy(&priority->priority, list, row, COLUMN_PRIORITY, error)
           && listing_copy(&priority->source, list, row, COLUMN_OF_SOURCE, error)
           && read_period(priority, list, row, error);
}

static bool read_rows(struct priorities *priorities, const struct listing *list,
                      struct error *error)
{
    if (!array_new(&priorities->items, list->table.row_count, sizeof *priorities->items, error))
        return false;
    for (size_t row = 1; row < list->table.row_count; row++)
        if (!listing_row_is_blank(list, row)
            && !read_row(&priorities->items[priorities->count++], list, row, error))
            return false;
    return true;
}

bool priorities_read(struct priorities *priorities, const char *path, struct error *error)
{
    struct listing list;
    *priorities = (struct priorities){0};
    bool done =
        listing_open(&list, path, &PRIORITIES, error) && read_rows(priorities, &list, error);
    listing_close(&list);
    if (!done)
        priorities_free(priorities);
    return done;
}

void priorities_free(struct priorities *priorities)
{
    for (size_t i = 0; i < priorities->count; i++) {
        array_free(&priorities->items[i].jurisdiction);
        array_free(&priorities->items[i].category);
        array_free(&priorities->items[i].priority);
        array_free(&priorities->items[i].source);
    }
    array_free(&priorities->items);
    *priorities = (struct priorities){0};
}
