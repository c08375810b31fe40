/* Fuzzes what a spreadsheet's number means: the first eight bytes are the number, the rest the
 * format's code. */
#include "engine/core/dates.h"
#include "engine/formats/xlsx_format.h"

#include "tests/fuzz/input_file.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is written as a day or a stamp is one that plein reads. */
static void expect_read(const struct text *text)
{
    moment when;
    if (text->length > 9 && text->bytes[4] == '-'
        && (!date_parse(&when, text->bytes, text->bytes + text->length, &(struct date_style){0})
            || when == MOMENT_UNKNOWN))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    double value;
    if (size < sizeof value)
        return 0;
    memcpy(&value, data, sizeof value);
    if (!isfinite(value)) /* no number of a cell is read as one */
        return 0;
    char *code = text_copy((const char *)data + sizeof value, size - sizeof value, NULL);
    if (code == NULL)
        abort();
    enum xlsx_meaning meaning = xlsx_meaning_of(code);
    for (int since_1904 = 0; since_1904 < 2; since_1904++) {
        struct text text = {0};
        xlsx_add(&text, value, meaning, since_1904);
        if (!text_check(&text, NULL) || text.length == 0 || text.length > 400)
            abort();
        if (meaning == XLSX_DAY || meaning == XLSX_STAMP)
            expect_read(&text);
        text_free(&text);
    }
    (void)xlsx_builtin((unsigned)size);
    array_free(&code);
    return 0;
}
