/* Writes the few things that JSON needs: strings with their escapes. */
#include "engine/formats/json.h"

#include "engine/core/numbers.h"

#include <math.h>
#include <string.h>

void json_string(struct text *text, const char *utf8)
{
    text_add_bytes(text, "\"", 1);
    for (; *utf8 != '\0'; utf8++) {
        unsigned char byte = (unsigned char)*utf8;
        if (byte == '"' || byte == '\\')
            text_add(text, "\\%c", byte);
        else if (byte < 0x20)
            text_add(text, "\\u%04x", byte);
        else
            text_add_bytes(text, utf8, 1);
    }
    text_add_bytes(text, "\"", 1);
}

void json_number(struct text *text, double value, int decimals)
{
    char number[NUMBER_TEXT];
    if (!isfinite(value)) {
        text_add_bytes(text, "null", 4);
        return;
    }
    number_format(number, value, decimals);
    size_t length = strlen(number);
    if (strchr(number, '.') != NULL && strchr(number, 'e') == NULL) {
        while (number[length - 1] == '0')
            length--;
        length -= number[length - 1] == '.';
    }
    text_add_bytes(text, number, length);
}
