/* Finds the fields that hold the names and the codes of areas among the fields of a table. */
#include "engine/formats/fields.h"

#include "engine/core/text.h"

#include <stdlib.h>
#include <string.h>

enum { DBF_NAME = 10 }; /* letters that a .dbf keeps of a field's name */

/* All folded: lower case, letters and digits only. Earlier ones are better. */
static const char *const NAMES[] = {"gmnaam",      "gemeentenaam",  "statnaam",     "gemeente",
                                    "gemnaam",     "wknaam",        "wijknaam",     "bunaam",
                                    "buurtnaam",   "naam",          "name",         "gen",
                                    "gebiedsnaam", "wijk",          "buurt",        "district",
                                    "distname",    "neighbourhood", "neighborhood", "municipality",
                                    "borough",     "ward",          "stadsdeel",    "bezirk",
                                    "ortsteil",    "nom",           "nombre",       "nome",
                                    "namn",        "navn",          "nimi",         NULL};
static const char *const NAME_SUFFIXES[] = {"naam", "name", "nam", "nm", "nom", NULL};
static const char *const NAME_PREFIXES[] = {"nm", "nom", "naam", "name", NULL};

static const char *const CODES[] = {
    "gmcode", "gemeentecode", "statcode", "gemcode", "wkcode", "wijkcode", "bucode", "buurtcode",
    "code",   "gmid",         "cbscode",  "ags",     "ars",    "rs",       "geoid",  "fips",
    "nutsid", "lauid",        "gisco",    "insee",   "kode",   "cod",      NULL};
static const char *const CODE_SUFFIXES[] = {"code", "id", "cd", "kode", "nr", NULL};
static const char *const CODE_PREFIXES[] = {"cd", "cod", "code", "gid", NULL};
/* Often no more than the row's number. */
static const char *const ROW_NUMBERS[] = {"id",  "objectid", "fid",   "ogcfid", "gid",
                                          "oid", "recno",    "rowid", NULL};

void fields_free_column(char ***values, size_t count)
{
    for (size_t i = 0; *values != NULL && i < count; i++)
        array_free(&(*values)[i]);
    array_free(values);
}

void field_choice_free(struct field_choice *choice)
{
    fields_free_column(&choice->names, choice->row_count);
    fields_free_column(&choice->codes, choice->row_count);
    *choice = (struct field_choice){.name = FIELD_NONE, .code = FIELD_NONE};
}

static bool in_list(const char *folded, const char *const *list)
{
    for (; *list != NULL; list++)
        if (strcmp(folded, *list) == 0)
            return true;
    return false;
}

static bool matches(const char *folded, const char *wanted)
{
    size_t length = strlen(folded);
    return strcmp(folded, wanted) == 0
           || (length == DBF_NAME && strncmp(folded, wanted, DBF_NAME) == 0);
}

static bool ends_in(const char *folded, const char *suffix)
{
    size_t length = strlen(folded), tail = strlen(suffix);
    return length > tail && strcmp(folded + length - tail, suffix) == 0;
}

/* A suffix or prefix counts when the name parts it off ("PLR_ID", not "Androd"), or when it is long
 * enough to be a word of its own ("wijkcode"). */
static bool parted_suffix(const char *name, const char *folded, const char *suffix)
{
    size_t length = strlen(name), tail = strlen(suffix);
    if (!ends_in(folded, suffix) || length <= tail)
        return false;
    unsigned char before = (unsigned char)name[length - tail - 1];
    bool parted = before == '_' || before == '-' || before == ' ' || before == '.'
                  || (before >= '0' && before <= '9');
    return parted || tail >= 4;
}

static bool parted_prefix(const char *name, const char *prefix)
{
    char head[16] = "", folded[16];
    size_t length = strlen(prefix);
    if (strlen(name) <= length + 1 || name[length] != '_')
        return false;
    memcpy(head, name, length);
    text_fold(folded, sizeof folded, head);
    return strcmp(folded, prefix) == 0;
}

/* What a candidate has to be, beside being called right. */
struct test {
    const struct fields *fields;
    char **names;  /* a code must mean one of these; NULL: no matter */
    char **values; /* the column under test, and the found one afterwards */
};

/* Neither empty nor, among several rows, the same in all of them. */
static bool tells_apart(char *const *values, size_t count)
{
    bool any = false, differ = count < 2;
    for (size_t i = 0; i < count; i++) {
        any = any || values[i][0] != '\0';
        differ = differ || strcmp(values[i], values[0]) != 0;
    }
    return any && differ;
}

struct pair {
    const char *code, *name;
};

static int compare_pairs(const void *a, const void *b)
{
    const struct pair *first = a, *second = b;
    int order = strcmp(first->code, second->code);
    return order != 0 ? order : strcmp(first->name, second->name);
}

static bool make_pairs(struct pair **pairs, char *const *codes, char *const *names, size_t count,
                       struct error *error)
{
    if (!array_new(pairs, count, sizeof **pairs, error))
        return false;
    for (size_t i = 0; i < count; i++)
        (*pairs)[i] = (struct pair){codes[i], names != NULL ? names[i] : ""};
    qsort(*pairs, count, sizeof **pairs, compare_pairs);
    return true;
}

/* Records with one code become one jurisdiction, so a code that stands for two names is none of
 * theirs (the province's, say). */
static bool means_one_name(bool *answer, const struct test *test, struct error *error)
{
    struct pair *pairs;
    size_t count = test->fields->row_count;
    *answer = true;
    if (test->names == NULL)
        return true;
    if (!make_pairs(&pairs, test->values, test->names, count, error))
        return false;
    for (size_t i = 1; i < count && *answer; i++)
        *answer = pairs[i].code[0] == '\0' || strcmp(pairs[i - 1].code, pairs[i].code) != 0
                  || strcmp(pairs[i - 1].name, pairs[i].name) == 0;
    array_free(&pairs);
    return true;
}

static bool all_differ(bool *answer, char *const *values, size_t count, struct error *error)
{
    struct pair *pairs;
    *answer = count > 0;
    if (!make_pairs(&pairs, values, NULL, count, error))
        return false;
    for (size_t i = 0; i < count && *answer; i++)
        *answer = pairs[i].code[0] != '\0' && (i == 0 || compare_pairs(&pairs[i - 1], &pairs[i]));
    array_free(&pairs);
    return true;
}

/* Reads the column and keeps it in test->values when it serves. */
static bool try_field(bool *serves, struct test *test, size_t field, struct error *error)
{
    const struct fields *fields = test->fields;
    if (!fields->column(&test->values, fields->table, field, error))
        return false;
    *serves = tells_apart(test->values, fields->row_count);
    if (*serves && !means_one_name(serves, test, error))
        return false;
    if (!*serves)
        fields_free_column(&test->values, fields->row_count);
    return true;
}

/* A way to be called right: how well `name` fits, 1 the best, 0 not at all. */
typedef int fit(const char *name, const char *folded, bool is_text);

static int fit_list(const char *folded, const char *const *list)
{
    for (int i = 0; list[i] != NULL; i++)
        if (matches(folded, list[i]))
            return i + 1;
    return 0;
}

/* Of NAME_1 and NAME_2 the deeper level is the areas' own: 0 for the deepest. */
static int depth_rank(const char *name)
{
    char last = name[strlen(name) - 1];
    return last >= '0' && last <= '9' ? '9' - last : 0;
}

static int fit_affixes(const char *name, const char *folded, const char *const *suffixes,
                       const char *const *prefixes)
{
    int rank = 1;
    for (; *suffixes != NULL; suffixes++, rank++)
        if (parted_suffix(name, folded, *suffixes))
            return rank;
    for (; *prefixes != NULL; prefixes++, rank += 10)
        if (parted_prefix(name, *prefixes))
            return rank + depth_rank(name);
    return 0;
}

static int fit_name(const char *name, const char *folded, bool is_text)
{
    enum { AFTER_LIST = 1000 };
    if (!is_text || name[strlen(name) - 1] == '_') /* "NAME_" is a number that Arc/Info left */
        return 0;
    int rank = fit_list(folded, NAMES);
    if (rank > 0)
        return rank;
    rank = fit_affixes(name, folded, NAME_SUFFIXES, NAME_PREFIXES);
    return rank > 0 ? AFTER_LIST + rank : 0;
}

static int fit_code(const char *name, const char *folded, bool is_text)
{
    enum { AFTER_LIST = 1000 };
    (void)is_text;
    if (name[strlen(name) - 1] == '_' || in_list(folded, ROW_NUMBERS))
        return 0;
    int rank = fit_list(folded, CODES);
    if (rank > 0)
        return rank;
    rank = fit_affixes(name, folded, CODE_SUFFIXES, CODE_PREFIXES);
    return rank > 0 ? AFTER_LIST + rank : 0;
}

static int fit_row_number(const char *name, const char *folded, bool is_text)
{
    (void)name, (void)is_text;
    return fit_list(folded, ROW_NUMBERS);
}

/* A row number in text is more likely a code ("E06000008" under "objectid"). */
static int fit_text_row_number(const char *name, const char *folded, bool is_text)
{
    return is_text ? fit_row_number(name, folded, is_text) : 0;
}

static int rank_of(const struct fields *fields, size_t field, fit *how)
{
    char folded[64];
    text_fold(folded, sizeof folded, fields->names[field]);
    return folded[0] != '\0' ? how(fields->names[field], folded, fields->is_text[field]) : 0;
}

/* Sets *field to the best-called one that serves, its column in test->values, or FIELD_NONE. Of two
 * called equally well the first is taken. */
static bool find_field(int *field, struct test *test, fit *how, struct error *error)
{
    const struct fields *fields = test->fields;
    int done = 0; /* ranks up to here were tried */
    for (*field = FIELD_NONE; *field == FIELD_NONE;) {
        int next = 0;
        for (size_t i = 0; i < fields->count; i++) {
            int rank = rank_of(fields, i, how);
            if (rank > done && (next == 0 || rank < next))
                next = rank;
        }
        if (next == 0)
            return true;
        for (size_t i = 0; i < fields->count && *field == FIELD_NONE; i++) {
            bool serves = false;
            if (rank_of(fields, i, how) == next && !try_field(&serves, test, i, error))
                return false;
            if (serves)
                *field = (int)i;
        }
        done = next;
    }
    return true;
}

/* What the name field's own name has before "name": "plr" of PLR_NAME. False when it is nothing. */
static bool stem_of(char *stem, size_t size, const char *name)
{
    text_fold(stem, size, name);
    for (const char *const *suffix = NAME_SUFFIXES; *suffix != NULL; suffix++)
        if (ends_in(stem, *suffix)) {
            stem[strlen(stem) - strlen(*suffix)] = '\0';
            return true;
        }
    return false;
}

/* The code that is called after the name: PLR_ID beside PLR_NAME, statcode beside statnaam. It need
 * not mean one name, for some spell a name in two ways. */
static bool find_partner(int *code, struct test *test, int name, struct error *error)
{
    char stem[64], folded[64];
    const struct fields *fields = test->fields;
    *code = FIELD_NONE;
    if (name == FIELD_NONE || !stem_of(stem, sizeof stem, fields->names[name]))
        return true;
    size_t length = strlen(stem);
    for (const char *const *suffix = CODE_SUFFIXES; *suffix != NULL; suffix++)
        for (size_t i = 0; i < fields->count && *code == FIELD_NONE; i++) {
            bool serves = false;
            text_fold(folded, sizeof folded, fields->names[i]);
            bool partner =
                strncmp(folded, stem, length) == 0 && strcmp(folded + length, *suffix) == 0;
            if (partner && !in_list(folded, ROW_NUMBERS) && !try_field(&serves, test, i, error))
                return false;
            if (serves)
                *code = (int)i;
        }
    return true;
}

static bool asked_field(int *field, char ***values, const struct fields *fields, const char *asked,
                        struct error *error)
{
    struct text list = {0};
    for (size_t i = 0; i < fields->count; i++) {
        bool cut = strlen(fields->names[i]) == DBF_NAME && strlen(asked) > DBF_NAME;
        char head[DBF_NAME + 1] = "";
        memcpy(head, asked, strnlen(asked, DBF_NAME));
        if (text_equal(fields->names[i], cut ? head : asked)) {
            *field = (int)i;
            text_free(&list);
            return fields->column(values, fields->table, i, error);
        }
        text_add(&list, "%s%s", i > 0 ? ", " : "", fields->names[i]);
    }
    if (fields->count == 0)
        error_set(error, ERROR_DATA, "%s: there is no field '%s', for there is no table of fields",
                  fields->path, asked);
    else
        error_set(error, ERROR_DATA, "%s: there is no field '%s'; there are: %.700s", fields->path,
                  asked, list.failed ? "..." : list.bytes);
    text_free(&list);
    return false;
}

/* The first text column whose values all differ, the code's own left out. */
static bool find_differing(int *field, struct test *test, int code, struct error *error)
{
    const struct fields *fields = test->fields;
    *field = FIELD_NONE;
    for (size_t i = 0; i < fields->count; i++) {
        bool differ;
        if (!fields->is_text[i] || (int)i == code)
            continue;
        if (!fields->column(&test->values, fields->table, i, error)
            || !all_differ(&differ, test->values, fields->row_count, error))
            return false;
        if (differ) {
            *field = (int)i;
            return true;
        }
        fields_free_column(&test->values, fields->row_count);
    }
    return true;
}

static bool choose_name(struct field_choice *choice, const struct fields *fields, const char *asked,
                        struct error *error)
{
    struct test test = {.fields = fields};
    bool done = asked != NULL ? asked_field(&choice->name, &test.values, fields, asked, error)
                              : find_field(&choice->name, &test, fit_name, error);
    choice->names = test.values;
    return done;
}

static bool choose_code(struct field_choice *choice, const struct fields *fields, const char *asked,
                        struct error *error)
{
    struct test test = {.fields = fields};
    bool done;
    if (asked != NULL) {
        done = asked_field(&choice->code, &test.values, fields, asked, error);
    } else {
        done = find_partner(&choice->code, &test, choice->name, error);
        test.names = choice->names;
        done =
            done
            && (choice->code != FIELD_NONE || find_field(&choice->code, &test, fit_code, error))
            && (choice->code != FIELD_NONE
                || find_field(&choice->code, &test,
                              choice->names != NULL ? fit_text_row_number : fit_row_number, error));
    }
    choice->codes = test.values;
    return done;
}

static bool choose_other_name(struct field_choice *choice, const struct fields *fields,
                              struct error *error)
{
    struct test test = {.fields = fields};
    if (choice->name != FIELD_NONE)
        return true;
    bool done = find_differing(&choice->name, &test, choice->code, error);
    if (done && choice->name == FIELD_NONE && choice->code != FIELD_NONE) {
        choice->name = choice->code;
        done = fields->column(&test.values, fields->table, (size_t)choice->code, error);
    }
    choice->names = test.values;
    return done;
}

bool fields_choose(struct field_choice *choice, const struct fields *fields, const char *name_field,
                   const char *code_field, struct error *error)
{
    *choice = (struct field_choice){
        .name = FIELD_NONE, .code = FIELD_NONE, .row_count = fields->row_count};
    if (choose_name(choice, fields, name_field, error)
        && choose_code(choice, fields, code_field, error)
        && choose_other_name(choice, fields, error))
        return true;
    field_choice_free(choice);
    return false;
}
