/* The measures that belong on a map: read, held against the selection, put in order and numbered.
 */
#include "engine/report/measure_list.h"

#include "engine/report/wording.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The jurisdiction of that name or code; NULL when there is none. */
static const struct jurisdiction *find_jurisdiction(const struct study *study, const char *word)
{
    const struct jurisdictions *jurisdictions = &study->boundaries.jurisdictions;
    for (size_t i = 0; i < jurisdictions->count; i++)
        if (selection_is_called(&jurisdictions->items[i], word))
            return &jurisdictions->items[i];
    return NULL;
}

static bool check(const struct measure *measure, const struct study *study, struct error *error)
{
    enum domain domain;
    if (measure->jurisdiction[0] != '\0' && find_jurisdiction(study, measure->jurisdiction) == NULL)
        return error_set(error, ERROR_DATA,
                         "%s:%zu: there is no jurisdiction '%s' in the boundaries; name one of "
                         "theirs, or leave it empty for all",
                         study->options->measures, measure->line, measure->jurisdiction);
    if (measure->domain[0] != '\0' && !domain_parse(&domain, measure->domain))
        return error_set(error, ERROR_DATA,
                         "%s:%zu: there is no domain '%s'; write social, physical or safety, or "
                         "leave it empty for all",
                         study->options->measures, measure->line, measure->domain);
    return true;
}

/* As --around takes a place: degrees when both look so, else the study's metres. */
static bool project(struct measure *measure, struct study *study, struct error *error)
{
    bool degrees = fabs(measure->x) <= 180 && fabs(measure->y) <= 90;
    return !degrees || study_from_degrees(study, &measure->x, &measure->y, error);
}

bool measure_list_read(struct measure_list *list, struct study *study, struct error *error)
{
    bool done = measures_read(&list->all, study->options->measures, error);
    for (size_t i = 0; done && i < list->all.count; i++)
        done =
            check(&list->all.items[i], study, error) && project(&list->all.items[i], study, error);
    return done;
}

static bool concerns(const struct measure *measure, const struct study *study)
{
    const struct selection *selection = &study->selection;
    uint8_t domains = (uint8_t)(selection->domains | selection->domains_any);
    enum domain domain;
    if (measure->jurisdiction[0] != '\0' && selection->owner_in != NULL) {
        const struct jurisdiction *owner = find_jurisdiction(study, measure->jurisdiction);
        if (!selection->owner_in[owner - study->boundaries.jurisdictions.items])
            return false;
    }
    return measure->domain[0] == '\0' || domains == 0 || !domain_parse(&domain, measure->domain)
           || (domains >> domain & 1) != 0;
}

static int compare_numbers(double a, double b)
{
    return isnan(a) || isnan(b) ? isnan(a) - isnan(b) : (a > b) - (a < b);
}

/* Equal ones look alike, so that the order of the rows shows nowhere. */
static int compare(const void *left, const void *right)
{
    const struct measure *a = *(const struct measure *const *)left,
                         *b = *(const struct measure *const *)right;
    if (a->first_day != b->first_day)
        return a->first_day < b->first_day ? -1 : 1;
    if (a->last_day != b->last_day)
        return a->last_day < b->last_day ? -1 : 1;
    int order = strcmp(a->name, b->name);
    if (order == 0)
        order = compare_numbers(a->x, b->x);
    if (order == 0)
        order = compare_numbers(a->y, b->y);
    return order != 0 ? order : compare_numbers(a->radius_m, b->radius_m);
}

static void give_names(struct measure_list *list)
{
    bool numbered = list->count > 1 || (list->count == 1 && !isnan(list->shown[0]->x));
    for (size_t i = 0; i < list->count; i++) {
        if (numbered)
            text_add(&list->numbers[i], _("M%zu"), i + 1);
        text_add(&list->names[i], "%s%s%s", numbered ? list->numbers[i].bytes : "",
                 numbered ? " " : "", list->shown[i]->name);
    }
}

static bool check_names(const struct measure_list *list, struct error *error)
{
    for (size_t i = 0; i < list->count; i++)
        if (!text_check(&list->names[i], error) || !text_check(&list->numbers[i], error))
            return false;
    return true;
}

bool measure_list_select(struct measure_list *list, struct study *study, struct days days,
                         struct error *error)
{
    if (!array_new(&list->shown, list->all.count, sizeof *list->shown, error)
        || !array_new(&list->names, list->all.count, sizeof *list->names, error)
        || !array_new(&list->numbers, list->all.count, sizeof *list->numbers, error))
        return false;
    for (size_t i = 0; i < list->all.count; i++) {
        const struct measure *measure = &list->all.items[i];
        if (measure->first_day <= days.last && measure->last_day >= days.first
            && concerns(measure, study))
            list->shown[list->count++] = measure;
    }
    qsort(list->shown, list->count, sizeof *list->shown, compare);
    give_names(list);
    return check_names(list, error)
           && (list->count == list->all.count
               || notes_add(&study->notes,
                            "%zu of the %zu measures lie outside the period or the selection",
                            list->all.count - list->count, list->all.count));
}

void measure_list_free(struct measure_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        text_free(&list->names[i]);
        text_free(&list->numbers[i]);
    }
    array_free(&list->shown);
    array_free(&list->names);
    array_free(&list->numbers);
    measures_free(&list->all);
    *list = (struct measure_list){0};
}
