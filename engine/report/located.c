/* Located incidents as rows of csv or JSON, one each. */
#include "engine/report/located.h"

#include "engine/core/decimals.h"

#include <math.h>
#include <string.h>

enum { FIELDS = 10 };
static const char *const NAMES[FIELDS] = {
    "id",       "x",      "y",      "jurisdiction_code", "jurisdiction", "border_m",
    "category", "domain", "source", "occurred_at"};

/* A text of a cell. */
struct word {
    const char *bytes;
    size_t length;
};

enum { KNOWN = 64 };

/* Words of a dictionary that were looked up just now: it has a lock. */
struct known_words {
    struct dictionary *dictionary;
    struct word words[KNOWN];
    uint32_t numbers[KNOWN];
};

/* A row under way. */
struct line {
    char *at;
    enum located_kind kind;
    int field;
};

static struct word word_of(const char *text)
{
    return (struct word){text, strlen(text)};
}

static struct word known_word(struct known_words *known, uint32_t number)
{
    size_t slot = number % KNOWN;
    if (known->words[slot].bytes == NULL || known->numbers[slot] != number) {
        known->words[slot] = word_of(dictionary_text(known->dictionary, number));
        known->numbers[slot] = number;
    }
    return known->words[slot];
}

static void put(struct line *line, const char *bytes, size_t length)
{
    memcpy(line->at, bytes, length);
    line->at += length;
}

/* ---- cells ---- */

/* RFC 4180: quoted when it must be. */
static void put_csv(struct line *line, struct word word, char delimiter)
{
    bool plain = true;
    for (size_t i = 0; i < word.length; i++) {
        char byte = word.bytes[i];
        plain = plain && byte != delimiter && byte != '"' && byte != '\n' && byte != '\r';
    }
    if (plain) {
        put(line, word.bytes, word.length);
        return;
    }
    *line->at++ = '"';
    for (size_t i = 0; i < word.length; i++) {
        if (word.bytes[i] == '"')
            *line->at++ = '"';
        *line->at++ = word.bytes[i];
    }
    *line->at++ = '"';
}

static void put_json(struct line *line, struct word word)
{
    static const char HEX[] = "0123456789abcdef";
    *line->at++ = '"';
    for (size_t i = 0; i < word.length; i++) {
        unsigned char byte = (unsigned char)word.bytes[i];
        if (byte < 0x20) {
            put(line, "\\u00", 4);
            *line->at++ = HEX[byte >> 4];
            *line->at++ = HEX[byte & 15];
            continue;
        }
        if (byte == '"' || byte == '\\')
            *line->at++ = '\\';
        *line->at++ = (char)byte;
    }
    *line->at++ = '"';
}

static void begin_cell(struct line *line)
{
    int field = line->field++;
    if (line->kind != LOCATED_JSON) {
        if (field > 0)
            *line->at++ = line->kind == LOCATED_EXCEL ? ';' : ',';
        return;
    }
    put(line, field > 0 ? ", \"" : "\"", field > 0 ? 3 : 1);
    put(line, NAMES[field], strlen(NAMES[field]));
    put(line, "\": ", 3);
}

static void put_word(struct line *line, struct word word)
{
    begin_cell(line);
    if (line->kind == LOCATED_JSON)
        put_json(line, word);
    else
        put_csv(line, word, line->kind == LOCATED_EXCEL ? ';' : ',');
}

static void put_unknown(struct line *line)
{
    begin_cell(line);
    if (line->kind == LOCATED_JSON)
        put(line, "null", 4);
}

/* For a Dutch Excel the point is a comma. */
static void end_number(struct line *line, char *end)
{
    if (line->kind == LOCATED_EXCEL)
        end[-4] = ',';
    line->at = end;
}

/* ---- rows ---- */

/* Metres from whole millimetres, so that nothing is rounded twice. */
static void put_metres(struct line *line, double metres, int32_t units, double origin_m,
                       int unit_mm)
{
    begin_cell(line);
    if (units == GRID_FAR)
        end_number(line, decimals_put_fixed(line->at, metres));
    else
        end_number(line, decimals_put_thousandths(line->at, llround(origin_m * 1000)
                                                                + (int64_t)units * unit_mm));
}

static void put_place(struct line *line, const struct grid *grid, const struct incidents *batch,
                      size_t i)
{
    if (batch->owner[i] == NO_PLACE) {
        put_unknown(line);
        put_unknown(line);
        return;
    }
    put_metres(line, batch->x[i], batch->grid_x[i], grid->origin_x, grid->unit_mm);
    put_metres(line, batch->y[i], batch->grid_y[i], grid->origin_y, grid->unit_mm);
}

static void put_border(struct line *line, double border_m)
{
    if (!isfinite(border_m)) {
        put_unknown(line);
        return;
    }
    begin_cell(line);
    end_number(line, decimals_put_fixed(line->at, border_m));
}

/* What is the same for all rows of a batch. */
struct listing {
    const struct study *study;
    const struct incidents *batch;
    const double *border_m;
    struct known_words categories, sources;
    enum located_kind kind;
};

/* The row's own id, or its number. */
static struct word id_of(const struct incidents *batch, size_t i, char number[DECIMALS_INTEGER])
{
    size_t start = batch->id.starts[i], length = batch->id.starts[i + 1] - start;
    if (length > 0)
        return (struct word){batch->id.bytes + start, length};
    char *end = decimals_put_integer(number, batch->first_row + batch->row[i]);
    return (struct word){number, (size_t)(end - number)};
}

static bool make_room(struct text *text, size_t more)
{
    struct capacity capacity = {text->capacity, 1};
    if (text->failed || !array_reserve(&text->bytes, &capacity, text->length + more + 1, NULL)) {
        text->failed = true;
        return false;
    }
    text->capacity = capacity.held;
    return true;
}

static void begin_row(struct line *line)
{
    if (line->kind == LOCATED_JSON)
        put(line, ",\n  {", 5);
}

static void end_row(struct line *line)
{
    if (line->kind == LOCATED_JSON)
        *line->at++ = '}';
    else if (line->kind == LOCATED_EXCEL)
        put(line, "\r\n", 2);
    else
        *line->at++ = '\n';
}

static void put_row(struct text *text, struct listing *listing, size_t i)
{
    enum { NUMBERS = 3 * DECIMALS_FIXED, FRAME = 256, WORST = 6 }; /* a byte may become \u001f */
    const struct incidents *batch = listing->batch;
    const struct jurisdictions *all = &listing->study->boundaries.jurisdictions;
    const struct jurisdiction *owner = batch->owner[i] >= 0 ? &all->items[batch->owner[i]] : NULL;
    char number[DECIMALS_INTEGER], when[MOMENT_TEXT];
    struct word id = id_of(batch, i, number);
    struct word code = word_of(owner != NULL ? owner->code : "");
    struct word name = word_of(owner != NULL ? owner->name : "");
    struct word category = known_word(&listing->categories, batch->category[i]);
    struct word source = known_word(&listing->sources, batch->source[i]);
    size_t words = id.length + code.length + name.length + category.length + source.length;
    if (!make_room(text, NUMBERS + FRAME + WORST * words))
        return;
    struct line line = {text->bytes + text->length, listing->kind, 0};
    moment_format(when, batch->when[i]);
    begin_row(&line);
    put_word(&line, id);
    put_place(&line, &listing->study->boundaries.grid, batch, i);
    put_word(&line, code);
    put_word(&line, name);
    put_border(&line, listing->border_m[i]);
    put_word(&line, category);
    put_word(&line, word_of(domain_name((enum domain)batch->domain[i])));
    put_word(&line, source);
    put_word(&line, word_of(when));
    end_row(&line);
    text->length = (size_t)(line.at - text->bytes);
    *line.at = '\0';
}

bool located_rows(struct text *text, const struct study *study, const struct incidents *batch,
                  const double *border_m, enum located_kind kind)
{
    struct listing listing = {.study = study,
                              .batch = batch,
                              .border_m = border_m,
                              .categories.dictionary = study->categories,
                              .sources.dictionary = study->sources,
                              .kind = kind};
    for (size_t i = 0; i < batch->count; i++)
        put_row(text, &listing, i);
    return !text->failed;
}

void located_begin(struct text *text, enum located_kind kind)
{
    if (kind == LOCATED_JSON) {
        text_add(text, "[");
        return;
    }
    for (int f = 0; f < FIELDS; f++)
        text_add(text, "%s%s", f == 0 ? "" : kind == LOCATED_EXCEL ? ";" : ",", NAMES[f]);
    text_add(text, kind == LOCATED_EXCEL ? "\r\n" : "\n");
}

void located_end(struct text *text, enum located_kind kind, bool any)
{
    if (kind == LOCATED_JSON)
        text_add(text, any ? "\n]\n" : "]\n");
}
