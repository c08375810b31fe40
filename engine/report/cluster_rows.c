/* Clusters as a map shows them: outlines, and for those that are listed a name, a count and words.
 */
#include "engine/report/cluster_rows.h"

#include "engine/report/cluster_report.h"
#include "engine/report/toponym.h"
#include "engine/report/wording.h"

static void add_shares(struct cluster_rows *rows, const struct cluster *cluster,
                       struct map_cluster *row, size_t *used)
{
    row->shares = rows->shares + *used;
    for (size_t s = 0; s < cluster->owners.count; s++)
        rows->shares[(*used)++] = (struct map_share){cluster->owners.items[s].value,
                                                     (double)cluster->owners.items[s].incidents
                                                         / (double)cluster->incidents};
    row->share_count = cluster->owners.count;
}

/* By its place where the base layers name it, else by its main category. */
static void name_row(struct text *name, const char *place, const struct cluster *cluster,
                     const struct study *study)
{
    const char *category = cluster_report_category(cluster, study);
    if (place != NULL) {
        text_add(name, "%s", place);
        return;
    }
    text_add(name, "%s", category[0] != '\0' ? wording_category(category) : _("cluster"));
    if (name->bytes != NULL && name->bytes[0] >= 'a' && name->bytes[0] <= 'z')
        name->bytes[0] = (char)(name->bytes[0] - 'a' + 'A');
}

static void tell_listed(struct cluster_rows *rows, const struct telling *telling,
                        const size_t *listed, size_t listed_count)
{
    const struct toponyms toponyms = {telling->scene->named, telling->scene->named_count};
    struct cluster clusters[CLUSTER_ROWS_LISTED] = {0}; /* borrowed */
    const char *places[CLUSTER_ROWS_LISTED];
    for (size_t row = 0; row < listed_count; row++)
        clusters[row] = telling->clusters->items[listed[row]];
    toponyms_give(places, &toponyms, clusters, listed_count);
    for (size_t row = 0; row < listed_count; row++) {
        size_t i = listed[row];
        sentences_cluster(&rows->words[2 * i + 1], telling, i);
        name_row(&rows->names[i], places[row], &clusters[row], telling->gathered->study);
        rows->items[i].name = rows->names[i].bytes;
        rows->items[i].detail = rows->words[2 * i + 1].bytes;
        rows->items[i].listed = true;
    }
}

static bool allocate(struct cluster_rows *rows, const struct clusters *clusters,
                     struct error *error)
{
    size_t shares = 0, count = clusters->count;
    for (size_t i = 0; i < count; i++)
        shares += clusters->items[i].owners.count;
    if (!array_new(&rows->items, count, sizeof *rows->items, error)
        || !array_new(&rows->shares, shares, sizeof *rows->shares, error)
        || !array_new(&rows->words, 2 * count, sizeof *rows->words, error)
        || !array_new(&rows->names, count, sizeof *rows->names, error))
        return false;
    rows->count = count;
    return true;
}

/* A text that memory was out for would be drawn without its end. */
static bool check_texts(const struct cluster_rows *rows, struct error *error)
{
    bool done = true;
    for (size_t i = 0; done && i < rows->count; i++)
        done = text_check(&rows->names[i], error) && text_check(&rows->words[2 * i], error)
               && text_check(&rows->words[2 * i + 1], error);
    return done;
}

bool cluster_rows_make(struct cluster_rows *rows, const struct telling *telling,
                       const size_t *listed, size_t listed_count, struct error *error)
{
    const struct clusters *clusters = telling->clusters;
    size_t used = 0;
    if (!allocate(rows, clusters, error))
        return false;
    for (size_t i = 0; i < clusters->count; i++) {
        const struct cluster *cluster = &clusters->items[i];
        wording_count(&rows->words[2 * i], cluster->incidents);
        rows->items[i] = (struct map_cluster){.outline = &cluster->outline,
                                              .number = (size_t)cluster->number,
                                              .count = rows->words[2 * i].bytes,
                                              .across = shares_are_parted(&cluster->owners)};
        add_shares(rows, cluster, &rows->items[i], &used);
    }
    tell_listed(rows, telling, listed, listed_count);
    return check_texts(rows, error);
}

void cluster_rows_free(struct cluster_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        text_free(&rows->words[2 * i]);
        text_free(&rows->words[2 * i + 1]);
        text_free(&rows->names[i]);
    }
    array_free(&rows->items);
    array_free(&rows->shares);
    array_free(&rows->words);
    array_free(&rows->names);
    *rows = (struct cluster_rows){0};
}
