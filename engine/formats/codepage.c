/* Which encoding the texts of a .dbf are in, and turning them into UTF-8. */
#include "engine/formats/codepage.h"

#include "engine/core/text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Language drivers of dBASE and FoxPro with their code pages (as listed by ESRI and in GDAL's and
 * shapelib's documentation). */
static const struct language {
    uint8_t byte;
    uint16_t page;
} LANGUAGES[] = {
    {0x01, 437},   {0x02, 850},   {0x03, 1252},  {0x04, 10000}, {0x08, 865},  {0x09, 437},
    {0x0A, 850},   {0x0B, 437},   {0x0D, 437},   {0x0E, 850},   {0x0F, 437},  {0x10, 850},
    {0x11, 437},   {0x12, 850},   {0x13, 932},   {0x14, 850},   {0x15, 437},  {0x16, 850},
    {0x17, 865},   {0x18, 437},   {0x19, 437},   {0x1A, 850},   {0x1B, 437},  {0x1C, 863},
    {0x1D, 850},   {0x1F, 852},   {0x22, 852},   {0x23, 852},   {0x24, 860},  {0x25, 850},
    {0x26, 866},   {0x37, 850},   {0x40, 852},   {0x4D, 936},   {0x4E, 949},  {0x4F, 950},
    {0x50, 874},   {0x58, 1252},  {0x59, 1252},  {0x64, 852},   {0x65, 866},  {0x66, 865},
    {0x67, 861},   {0x6A, 737},   {0x6B, 857},   {0x6C, 863},   {0x78, 950},  {0x79, 949},
    {0x7A, 936},   {0x7B, 932},   {0x7C, 874},   {0x86, 737},   {0x87, 852},  {0x88, 857},
    {0x96, 10007}, {0x97, 10029}, {0x98, 10006}, {0xC8, 1250},  {0xC9, 1251}, {0xCA, 1254},
    {0xCB, 1253},  {0xCC, 1257},
};

static void name_page(struct codepage *codepage, long page)
{
    const char *name = page == 65001                    ? "UTF-8"
                       : page == 10000                  ? "MACINTOSH"
                       : page == 10006                  ? "MACGREEK"
                       : page == 10007                  ? "MAC-CYRILLIC"
                       : page == 10029                  ? "MACCENTRALEUROPE"
                       : page == 20127 || page == 28591 ? "ISO-8859-1"
                                                        : NULL;
    if (name != NULL)
        snprintf(codepage->encoding, sizeof codepage->encoding, "%s", name);
    else if (page > 28591 && page <= 28606)
        snprintf(codepage->encoding, sizeof codepage->encoding, "ISO-8859-%ld", page - 28590);
    else
        snprintf(codepage->encoding, sizeof codepage->encoding, "CP%ld", page);
}

void codepage_from_language(struct codepage *codepage, uint8_t language)
{
    *codepage = (struct codepage){0};
    for (size_t i = 0; i < sizeof LANGUAGES / sizeof LANGUAGES[0]; i++)
        if (LANGUAGES[i].byte == language)
            name_page(codepage, LANGUAGES[i].page);
}

/* "8859-1", "88591", "ISO 8859-15" and "ISO885915": the digits behind 8859. */
static bool from_iso(struct codepage *codepage, const char *folded)
{
    const char *digits = strncmp(folded, "iso8859", 7) == 0 ? folded + 7
                         : strncmp(folded, "8859", 4) == 0  ? folded + 4
                                                            : NULL;
    if (digits == NULL || !isdigit((unsigned char)*digits))
        return false;
    snprintf(codepage->encoding, sizeof codepage->encoding, "ISO-8859-%.2s", digits);
    return true;
}

/* The number in "1252", "CP1252", "ANSI 1251", "OEM 850", "windows-1252", 0 when it is none. */
static long page_number(const char *folded)
{
    static const char *const PREFIXES[] = {"ansi", "oem", "cp", "windows", "ibm", "ms", "dos", ""};
    for (size_t i = 0; i < sizeof PREFIXES / sizeof PREFIXES[0]; i++) {
        size_t skip = strlen(PREFIXES[i]);
        if (strncmp(folded, PREFIXES[i], skip) != 0 || !isdigit((unsigned char)folded[skip]))
            continue;
        char *end;
        long page = strtol(folded + skip, &end, 10);
        return *end == '\0' && page < 100000 ? page : 0;
    }
    return 0;
}

bool codepage_from_text(struct codepage *codepage, const char *bytes, size_t length)
{
    char name[32], folded[32];
    const char *begin = bytes, *end = bytes + length;
    *codepage = (struct codepage){0};
    if (length >= 3 && memcmp(begin, "\xEF\xBB\xBF", 3) == 0)
        begin += 3;
    const char *line = memchr(begin, '\n', (size_t)(end - begin));
    end = line != NULL ? line : end;
    text_trim(&begin, &end);
    snprintf(name, sizeof name, "%.*s", end - begin < 31 ? (int)(end - begin) : 31, begin);
    text_fold(folded, sizeof folded, name);
    long page = page_number(folded);
    if (strncmp(folded, "ldid", 4) == 0 && isdigit((unsigned char)folded[4])) {
        codepage_from_language(codepage, (uint8_t)strtol(folded + 4, NULL, 10));
        return true;
    }
    if (strcmp(folded, "utf8") == 0)
        name_page(codepage, 65001);
    else if (page > 0 && !from_iso(codepage, folded))
        name_page(codepage, page);
    else if (page == 0 && !from_iso(codepage, folded))
        snprintf(codepage->encoding, sizeof codepage->encoding, "%s", name);
    if (codepage->encoding[0] != '\0' && text_encoding_has_ascii(codepage->encoding))
        return true;
    *codepage = (struct codepage){0};
    return false;
}

size_t utf8_without_cut_tail(const char *bytes, size_t length)
{
    size_t tail = 1;
    while (tail < 4 && tail < length && ((unsigned char)bytes[length - tail] & 0xC0) == 0x80)
        tail++;
    if (length < tail)
        return length;
    unsigned char lead = (unsigned char)bytes[length - tail];
    size_t whole = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1;
    return whole > tail && text_is_utf8(bytes, length - tail) ? length - tail : length;
}

static bool is_ascii(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)bytes[i] >= 0x80)
            return false;
    return true;
}

static char *decode(const struct codepage *codepage, const char *bytes, size_t length,
                    struct error *error)
{
    if (is_ascii(bytes, length))
        return text_copy(bytes, length, error);
    if (codepage->encoding[0] == '\0' || strcmp(codepage->encoding, "CP1252") == 0)
        return text_from_cp1252(bytes, length, error);
    if (strcmp(codepage->encoding, "UTF-8") == 0)
        length = utf8_without_cut_tail(bytes, length);
    return text_from_encoding(bytes, length, codepage->encoding, error);
}

char *codepage_decode(const struct codepage *codepage, const char *bytes, size_t length,
                      struct error *error)
{
    const char *nul = length > 0 ? memchr(bytes, '\0', length) : NULL;
    char *text = decode(codepage, bytes, nul != NULL ? (size_t)(nul - bytes) : length, error);
    if (text == NULL)
        return NULL;
    for (char *c = text; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            *c = ' '; /* names go to terminals and tables */
    const char *begin = text, *end = text + strlen(text);
    text_trim(&begin, &end);
    size_t kept = (size_t)(end - begin);
    memmove(text, begin, kept);
    text[kept] = '\0';
    return text;
}
