/* The vocabulary: from a source's categories to plein's categories and domains. */
#include "engine/formats/vocabulary.h"

#include "engine/core/text.h"
#include "engine/formats/table.h"

#include <stdlib.h>
#include <string.h>

/* The separator of the two halves of a key: no word holds it but to play tricks. */
static const char KEY_GLUE = '\x1f';
enum { KEY_SIZE = 4 * VOCABULARY_WORD + 2 };

const char *domain_name(enum domain domain)
{
    static const char *const names[DOMAIN_COUNT] = {"social", "physical", "safety", "unmapped"};
    return names[domain];
}

bool domain_parse(enum domain *domain, const char *text)
{
    static const struct {
        const char *name;
        enum domain domain;
    } dutch[] = {{"sociaal", DOMAIN_SOCIAL},
                 {"fysiek", DOMAIN_PHYSICAL},
                 {"veiligheid", DOMAIN_SAFETY},
                 {"niet ingedeeld", DOMAIN_UNMAPPED}};
    for (size_t i = 0; i < DOMAIN_COUNT; i++)
        if (text_equal(text, dutch[i].name) || text_equal(text, domain_name(dutch[i].domain))) {
            *domain = dutch[i].domain;
            return true;
        }
    return false;
}

/* The bytes of the UTF-8 character at `text` (a byte that begins none counts as one). */
static size_t character_length(const char *text)
{
    size_t length = 1;
    if ((unsigned char)text[0] >= 0xC0)
        while (length < 4 && ((unsigned char)text[length] & 0xC0) == 0x80)
            length++;
    return length;
}

/* Writes one character in lower case; what has no case stays as it is. */
static size_t fold_character(char *key, const char *text, size_t length)
{
    char character[5] = {0}, folded[9];
    if ((unsigned char)text[0] < 0x80) { /* nearly all of them */
        *key = text[0] >= 'A' && text[0] <= 'Z' ? (char)(text[0] - 'A' + 'a') : text[0];
        return 1;
    }
    memcpy(character, text, length);
    text_fold(folded, sizeof folded, character);
    size_t written = strlen(folded);
    if (written == 0) {
        memcpy(key, text, length);
        return length;
    }
    memcpy(key, folded, written);
    return written;
}

/* Writes a word in lower case, without blanks around it: two words have one key when they differ in
 * nothing else. A word that is too long has none. */
static bool fold_word(char **key, const char *word)
{
    const char *begin = word, *end = word + strlen(word);
    text_trim(&begin, &end);
    if (end - begin >= VOCABULARY_WORD)
        return false;
    while (begin < end) {
        size_t length = character_length(begin);
        *key += fold_character(*key, begin, length);
        begin += length;
    }
    return true;
}

static bool make_key(char key[KEY_SIZE], const char *source, const char *reported)
{
    char *at = key;
    if (!fold_word(&at, reported))
        return false;
    *at++ = KEY_GLUE;
    if (!fold_word(&at, source))
        return false;
    *at = '\0';
    return true;
}

static void free_entry(struct vocabulary_entry *entry)
{
    array_free(&entry->source);
    array_free(&entry->reported);
    array_free(&entry->category);
    array_free(&entry->key);
}

void vocabulary_free(struct vocabulary *vocabulary)
{
    for (size_t i = 0; i < vocabulary->count; i++)
        free_entry(&vocabulary->entries[i]);
    array_free(&vocabulary->entries);
    *vocabulary = (struct vocabulary){0};
}

enum column { COLUMN_OF_SOURCE, COLUMN_REPORTED, COLUMN_OF_CATEGORY, COLUMN_DOMAIN, COLUMN_ALSO };
enum { COLUMNS = 5 };
static const char *const COLUMN_NAMES[COLUMNS] = {"source", "reported", "category", "domain",
                                                  "also"};

/* A table being turned into entries. */
struct reading {
    struct vocabulary *vocabulary;
    const struct table *table;
    const char *path;
    int columns[COLUMNS]; /* -1: the table has none */
};

static bool cell_is(const char *cell, const char *name)
{
    char folded[VOCABULARY_WORD];
    text_fold(folded, sizeof folded, cell);
    return strcmp(folded, name) == 0;
}

static bool find_columns(struct reading *reading, struct error *error)
{
    const struct table *table = reading->table;
    for (size_t i = 0; i < COLUMNS; i++) {
        reading->columns[i] = -1;
        for (size_t c = 0; c < table->column_count && reading->columns[i] < 0; c++)
            if (table->row_count > 0 && cell_is(table->rows[0][c], COLUMN_NAMES[i]))
                reading->columns[i] = (int)c;
        bool may_lack = i == COLUMN_OF_SOURCE || i == COLUMN_ALSO;
        if (reading->columns[i] < 0 && !may_lack)
            return error_set(error, ERROR_SETTINGS,
                             "%s:1: a vocabulary needs a column '%s'; its first line is "
                             "source;reported;category;domain;also",
                             reading->path, COLUMN_NAMES[i]);
    }
    return true;
}

static const char *cell(const struct reading *reading, size_t row, enum column column)
{
    int at = reading->columns[column];
    return at < 0 ? "" : reading->table->rows[row][at];
}

static bool is_blank(const char *text)
{
    const char *begin = text, *end = text + strlen(text);
    text_trim(&begin, &end);
    return begin == end;
}

static bool copy_trimmed(char **into, const char *text, struct error *error)
{
    const char *begin = text, *end = text + strlen(text);
    text_trim(&begin, &end);
    *into = text_copy(begin, (size_t)(end - begin), error);
    return *into != NULL;
}

static bool parse_word(enum domain *domain, const char *begin, const char *end)
{
    char word[32];
    text_trim(&begin, &end);
    size_t length = (size_t)(end - begin);
    if (length >= sizeof word)
        return false;
    memcpy(word, begin, length);
    word[length] = '\0';
    return domain_parse(domain, word);
}

/* Reads "social", "social safety", "social+safety": bits of secondary domains. */
static bool parse_also(uint8_t *also, const char *text)
{
    static const char PARTED_BY[] = " \t\r\n+,";
    for (;;) {
        enum domain domain;
        text += strspn(text, PARTED_BY);
        if (*text == '\0')
            return true;
        const char *end = text + strcspn(text, PARTED_BY);
        if (!parse_word(&domain, text, end) || domain == DOMAIN_UNMAPPED)
            return false;
        *also = (uint8_t)(*also | 1U << domain);
        text = end;
    }
}

static bool no_domain(const struct reading *reading, size_t row, const char *text,
                      struct error *error)
{
    return error_set(error, ERROR_SETTINGS,
                     "%s:%zu: '%.200s' is no domain; write social, physical or safety",
                     reading->path, reading->table->lines[row], text);
}

static bool read_domains(struct vocabulary_entry *entry, const struct reading *reading, size_t row,
                         struct error *error)
{
    const char *domain = cell(reading, row, COLUMN_DOMAIN);
    const char *also = cell(reading, row, COLUMN_ALSO);
    if (!parse_word(&entry->domain, domain, domain + strlen(domain)))
        return no_domain(reading, row, domain, error);
    if (!parse_also(&entry->also, also))
        return no_domain(reading, row, also, error);
    entry->also = (uint8_t)(entry->also & ~(1U << entry->domain));
    return true;
}

/* Gives an entry copies of its three words, which are known to fit, and its key. */
static bool fill_words(struct vocabulary_entry *entry, const char *const words[3],
                       struct error *error)
{
    char key[KEY_SIZE];
    return make_key(key, words[0], words[1]) && copy_trimmed(&entry->source, words[0], error)
           && copy_trimmed(&entry->reported, words[1], error)
           && copy_trimmed(&entry->category, words[2], error)
           && (entry->key = text_copy(key, strlen(key), error)) != NULL;
}

static bool words_fit(const char *const words[3])
{
    char key[KEY_SIZE];
    return make_key(key, words[0], words[1]) && make_key(key, "", words[2]);
}

static bool fill_entry(struct vocabulary_entry *entry, const struct reading *reading, size_t row,
                       struct error *error)
{
    const char *source = cell(reading, row, COLUMN_OF_SOURCE);
    const char *reported = cell(reading, row, COLUMN_REPORTED);
    const char *category = cell(reading, row, COLUMN_OF_CATEGORY);
    const char *words[3] = {source, is_blank(reported) ? category : reported,
                            is_blank(category) ? reported : category};
    entry->line = (int)reading->table->lines[row];
    if (is_blank(words[1]))
        return error_set(error, ERROR_SETTINGS,
                         "%s:%d: this row names no category; fill in reported and category",
                         reading->path, entry->line);
    if (!words_fit(words))
        return error_set(error, ERROR_SETTINGS,
                         "%s:%d: a word here has more than %d bytes; shorten it", reading->path,
                         entry->line, VOCABULARY_WORD - 1);
    return read_domains(entry, reading, row, error) && fill_words(entry, words, error);
}

/* The same category as a word that any source may use. */
static bool fill_implicit(struct vocabulary_entry *entry, const struct vocabulary_entry *from,
                          struct error *error)
{
    const char *words[3] = {"", from->category, from->category};
    entry->domain = from->domain;
    entry->also = from->also;
    entry->line = from->line;
    entry->implicit = true;
    return fill_words(entry, words, error);
}

static bool row_is_blank(const struct table *table, size_t row)
{
    for (size_t c = 0; c < table->column_count; c++)
        if (!is_blank(table->rows[row][c]))
            return false;
    return true;
}

static bool read_rows(const struct reading *reading, struct error *error)
{
    struct vocabulary *vocabulary = reading->vocabulary;
    for (size_t row = 1; row < reading->table->row_count; row++) {
        if (row_is_blank(reading->table, row))
            continue;
        struct vocabulary_entry *entry = &vocabulary->entries[vocabulary->count];
        vocabulary->count += 2; /* counted before they are filled, so that they are freed */
        if (!fill_entry(entry, reading, row, error) || !fill_implicit(entry + 1, entry, error))
            return false;
    }
    return true;
}

/* By key; of one key those with a row of their own first, in the file's order. */
static int compare_entries(const void *left, const void *right)
{
    const struct vocabulary_entry *a = left, *b = right;
    int order = strcmp(a->key, b->key);
    if (order == 0)
        order = (int)a->implicit - (int)b->implicit;
    return order != 0 ? order : (a->line > b->line) - (a->line < b->line);
}

static bool same_meaning(const struct vocabulary_entry *a, const struct vocabulary_entry *b)
{
    return a->domain == b->domain && a->also == b->also && text_equal(a->category, b->category);
}

/* Sorts, and leaves one entry a key. */
static bool settle(struct vocabulary *vocabulary, const char *path, struct error *error)
{
    size_t kept = 0, count = vocabulary->count;
    struct vocabulary_entry *entries = vocabulary->entries, *last = NULL;
    if (count > 0)
        qsort(entries, count, sizeof *entries, compare_entries);
    for (size_t i = 0; i < count; i++) {
        struct vocabulary_entry *entry = &entries[i];
        bool again = last != NULL && strcmp(last->key, entry->key) == 0;
        if (again && !entry->implicit && !same_meaning(last, entry))
            return error_set(error, ERROR_SETTINGS,
                             "%s:%d: '%s' has another meaning on line %d; keep one of the two",
                             path, entry->line, entry->reported, last->line);
        if (again) {
            free_entry(entry);
            continue;
        }
        struct vocabulary_entry moved = *entry;
        *entry = (struct vocabulary_entry){0};
        entries[kept] = moved;
        last = &entries[kept++];
    }
    vocabulary->count = kept;
    return true;
}

bool vocabulary_read(struct vocabulary *vocabulary, const char *path, struct error *error)
{
    struct table table = {0};
    struct reading reading = {.vocabulary = vocabulary, .table = &table, .path = path};
    *vocabulary = (struct vocabulary){0};
    bool done =
        table_read(&table, path, error) && find_columns(&reading, error)
        && array_new(&vocabulary->entries, 2 * table.row_count, sizeof *vocabulary->entries, error)
        && read_rows(&reading, error) && settle(vocabulary, path, error);
    table_free(&table);
    if (!done)
        vocabulary_free(vocabulary);
    return done;
}

static const struct vocabulary_entry *find_key(const struct vocabulary *vocabulary, const char *key)
{
    size_t low = 0, high = vocabulary->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(vocabulary->entries[middle].key, key);
        if (order == 0)
            return &vocabulary->entries[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct vocabulary_entry *vocabulary_find(const struct vocabulary *vocabulary,
                                               const char *source, const char *reported)
{
    char key[KEY_SIZE];
    const struct vocabulary_entry *entry = NULL;
    if (make_key(key, source, reported))
        entry = find_key(vocabulary, key);
    if (entry == NULL && make_key(key, "", reported))
        entry = find_key(vocabulary, key);
    return entry;
}
