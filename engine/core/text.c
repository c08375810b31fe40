/* Words and encodings: comparing, folding, and turning foreign bytes into UTF-8; and a text that
 * grows. */
#include "engine/core/text.h"

#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char REPLACEMENT[] = "\xEF\xBF\xBD"; /* U+FFFD in UTF-8 */

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

void text_add_bytes(struct text *text, const char *bytes, size_t length)
{
    if (!make_room(text, length))
        return;
    if (length > 0)
        memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = '\0';
}

void text_add(struct text *text, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    if (length < 0)
        text->failed = true;
    else if (make_room(text, (size_t)length)) {
        vsnprintf(text->bytes + text->length, (size_t)length + 1, format, again);
        text->length += (size_t)length;
    }
    va_end(again);
    va_end(arguments);
}

void text_free(struct text *text)
{
    free(text->bytes);
    *text = (struct text){0};
}

const char *text_part(struct text *text, const struct text *part)
{
    text->failed = text->failed || part->failed;
    return part->bytes != NULL ? part->bytes : "";
}

bool text_check(const struct text *text, struct error *error)
{
    return !text->failed || error_set(error, ERROR_INTERNAL, "out of memory");
}

/* The length of the well-formed sequence at `bytes` (Unicode 15, table 3-7), 0 when it is none. */
static size_t utf8_length(const unsigned char *bytes, size_t left)
{
    unsigned char a = bytes[0];
    if (a < 0x80)
        return 1;
    if (a < 0xC2 || a > 0xF4)
        return 0;
    size_t length = a < 0xE0 ? 2 : a < 0xF0 ? 3 : 4;
    if (left < length)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((bytes[i] & 0xC0) != 0x80)
            return 0;
    bool overlong = (a == 0xE0 && bytes[1] < 0xA0) || (a == 0xF0 && bytes[1] < 0x90);
    bool beyond = (a == 0xED && bytes[1] > 0x9F) || (a == 0xF4 && bytes[1] > 0x8F);
    return overlong || beyond ? 0 : length;
}

bool text_is_utf8(const char *bytes, size_t length)
{
    const unsigned char *at = (const unsigned char *)bytes, *end = at + length;
    while (at < end) {
        size_t step = utf8_length(at, (size_t)(end - at));
        if (step == 0)
            return false;
        at += step;
    }
    return true;
}

/* Windows-1252 where it differs from ISO 8859-1; 0 marks its five holes (WHATWG Encoding,
 * index-windows-1252). */
static const uint16_t CP1252_HIGH[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

/* In UTF-8, its length; U+FFFD for the code 0. */
static size_t encode(char utf8[3], unsigned code)
{
    if (code == 0)
        code = 0xFFFD;
    utf8[0] = (char)code;
    if (code < 0x80)
        return 1;
    utf8[1] = (char)(0x80 | (code & 0x3F));
    utf8[0] = (char)(0xC0 | code >> 6);
    if (code < 0x800)
        return 2;
    utf8[0] = (char)(0xE0 | code >> 12);
    utf8[1] = (char)(0x80 | (code >> 6 & 0x3F));
    utf8[2] = (char)(0x80 | (code & 0x3F));
    return 3;
}

static void add_code_point(struct text *text, unsigned code)
{
    char utf8[3];
    text_add_bytes(text, utf8, encode(utf8, code));
}

/* Hands the text's bytes over to the caller, or frees them and sets the error. */
static char *take_bytes(struct text *text, struct error *error)
{
    if (text_check(text, error))
        return text->bytes;
    text_free(text);
    return NULL;
}

char *text_from_cp1252(const char *bytes, size_t length, struct error *error)
{
    struct text text = {0};
    text_add_bytes(&text, "", 0);
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        add_code_point(&text, byte >= 0x80 && byte < 0xA0 ? CP1252_HIGH[byte - 0x80] : byte);
    }
    return take_bytes(&text, error);
}

char *text_from_encoding(const char *bytes, size_t length, const char *encoding,
                         struct error *error)
{
    iconv_t converter = iconv_open("UTF-8", encoding);
    struct text text = {0};
    char *in = (char *)bytes; /* iconv's signature; it does not write there */
    if (converter == (iconv_t)-1) {
        error_set(error, ERROR_DATA,
                  "'%s' is no encoding that is known here; write UTF-8 or 1252 in the .cpg",
                  encoding);
        return NULL;
    }
    text_add_bytes(&text, "", 0);
    while (length > 0 && !text.failed) {
        char piece[512], *out = piece;
        size_t room = sizeof piece;
        size_t result = iconv(converter, &in, &length, &out, &room);
        text_add_bytes(&text, piece, sizeof piece - room);
        if (result == (size_t)-1 && errno != E2BIG) { /* a byte that is not of this encoding */
            text_add_bytes(&text, REPLACEMENT, 3);
            in++;
            length--;
        }
    }
    iconv_close(converter);
    return take_bytes(&text, error);
}

bool text_encoding_has_ascii(const char *encoding)
{
    static const char ASCII[] = "AZaz09_ -";
    char as_read[sizeof ASCII], as_utf8[sizeof ASCII] = "";
    char *in = memcpy(as_read, ASCII, sizeof ASCII), *out = as_utf8;
    size_t length = sizeof ASCII - 1, room = sizeof as_utf8 - 1;
    iconv_t converter = iconv_open("UTF-8", encoding);
    if (converter == (iconv_t)-1)
        return false;
    iconv(converter, &in, &length, &out, &room);
    iconv_close(converter);
    return strcmp(as_utf8, ASCII) == 0;
}

/* Reads one code point and steps over it; a byte that is no UTF-8 counts as itself. */
static unsigned next_code_point(const char **at)
{
    const unsigned char *bytes = (const unsigned char *)*at;
    size_t length = utf8_length(bytes, strnlen(*at, 4));
    *at += length > 0 ? length : 1;
    switch (length) {
    case 2:
        return (bytes[0] & 0x1Fu) << 6 | (bytes[1] & 0x3Fu);
    case 3:
        return (bytes[0] & 0x0Fu) << 12 | (bytes[1] & 0x3Fu) << 6 | (bytes[2] & 0x3Fu);
    case 4:
        return (bytes[0] & 0x07u) << 18 | (bytes[1] & 0x3Fu) << 12 | (bytes[2] & 0x3Fu) << 6
               | (bytes[3] & 0x3Fu);
    default:
        return bytes[0];
    }
}

/* Lower case for ASCII, Latin-1 and Latin Extended-A: what names of Europe's places are written in.
 * Independent of the locale, so that no Turkish setting changes an "I". */
static unsigned lower(unsigned code)
{
    if ((code >= 'A' && code <= 'Z') || (code >= 0xC0 && code <= 0xDE && code != 0xD7))
        return code + 0x20;
    if (code == 0x178)
        return 0xFF;
    bool pairs_even = (code >= 0x100 && code <= 0x137) || (code >= 0x14A && code <= 0x177);
    bool pairs_odd = (code >= 0x139 && code <= 0x148) || (code >= 0x179 && code <= 0x17E);
    if (code == 0x130 || code == 0x131 || code == 0x138)
        return code;
    if ((pairs_even && code % 2 == 0) || (pairs_odd && code % 2 == 1))
        return code + 1;
    return code;
}

bool text_equal(const char *a, const char *b)
{
    while (*a != '\0' && *b != '\0')
        if (lower(next_code_point(&a)) != lower(next_code_point(&b)))
            return false;
    return *a == *b;
}

/* It takes no memory: without any, a column would not be found, and nothing would say so. */
void text_fold(char *folded, size_t size, const char *name)
{
    size_t length = 0;
    while (*name != '\0' && length + 1 < size) {
        char utf8[3];
        unsigned code = lower(next_code_point(&name));
        bool keep = (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') || code >= 0xC0;
        size_t more = keep && code < 0x10000 ? encode(utf8, code) : 0;
        for (size_t i = 0; i < more && length + 1 < size; i++)
            folded[length++] = utf8[i];
    }
    folded[length] = '\0';
}

size_t text_distance(const char *a, const char *b)
{
    enum { MOST = 64 }; /* words longer than this are not worth a suggestion */
    size_t row[MOST + 1], n = strlen(a), m = strlen(b);
    if (n > MOST || m > MOST)
        return MOST;
    for (size_t j = 0; j <= m; j++)
        row[j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t change =
                diagonal + (lower((unsigned char)a[i - 1]) != lower((unsigned char)b[j - 1]));
            size_t gap = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = change < gap ? change : gap;
        }
    }
    return row[m];
}

static bool blank_at_start(const char *at, const char *end, size_t *length)
{
    *length = 1;
    if (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n')
        return true;
    *length = 2; /* NO-BREAK SPACE, which spreadsheets leave behind */
    return end - at >= 2 && (unsigned char)at[0] == 0xC2 && (unsigned char)at[1] == 0xA0;
}

void text_trim(const char **begin, const char **end)
{
    size_t length;
    while (*begin < *end && blank_at_start(*begin, *end, &length))
        *begin += length;
    while (*begin < *end) {
        if (blank_at_start(*end - 1, *end, &length) && length == 1)
            *end -= 1;
        else if (*end - *begin >= 2 && blank_at_start(*end - 2, *end, &length) && length == 2)
            *end -= 2;
        else
            break;
    }
}

/* Passes over all blanks here; false where there are none. */
static bool pass_blanks(const char **at)
{
    size_t length;
    const char *begin = *at;
    while (**at != '\0' && blank_at_start(*at, *at + strnlen(*at, 2), &length))
        *at += length;
    return *at != begin;
}

void text_squeeze(char *text)
{
    const char *from = text;
    char *to = text;
    while (*from != '\0') {
        bool parted = pass_blanks(&from) && to != text;
        if (*from == '\0')
            break;
        if (parted)
            *to++ = ' ';
        *to++ = *from++;
    }
    *to = '\0';
}

static unsigned next_of_words(const char **at)
{
    bool parted = pass_blanks(at);
    if (**at == '\0')
        return '\0';
    return parted ? ' ' : lower(next_code_point(at));
}

bool text_equal_words(const char *a, const char *b)
{
    unsigned character = 0;
    pass_blanks(&a);
    pass_blanks(&b);
    do {
        character = next_of_words(&a);
        if (character != next_of_words(&b))
            return false;
    } while (character != '\0');
    return true;
}

bool text_is_missing(const char *begin, const char *end)
{
    static const char *const WORDS[] = {"NA", "NaN", "NULL", "None", "n/a", "\\N"};
    text_trim(&begin, &end);
    size_t length = (size_t)(end - begin);
    if (length == 0)
        return true;
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
        char word[8] = "";
        if (length >= sizeof word || strlen(WORDS[i]) != length)
            continue;
        memcpy(word, begin, length);
        if (text_equal(word, WORDS[i]))
            return true;
    }
    return false;
}

const char *text_file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}
