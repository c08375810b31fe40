/* The phases of the opgave: names with their first and last day. */
#include "engine/study/phases.h"

#include "engine/core/dates.h"
#include "engine/core/text.h"

#include <string.h>

/* The last word of begin..end; NULL when there is none. */
static const char *last_word(const char *begin, const char *end)
{
    const char *word = end;
    while (word > begin && word[-1] != ' ' && word[-1] != '\t')
        word--;
    return word > begin && word < end ? word : NULL;
}

static bool read_day(moment *day, const char *begin, const char *end, const char *phase,
                     struct error *error)
{
    const struct date_style style = {0};
    if (date_parse(day, begin, end, &style) && *day != MOMENT_UNKNOWN)
        return true;
    return error_set(error, ERROR_SETTINGS, "phase '%s': '%.*s' is no date; write 2024-05-31",
                     phase, (int)(end - begin), begin);
}

/* As much of a name as there is room for, cut between letters, which have three bytes at most
 * behind their first. */
static void copy_name(char name[PHASE_NAME], const char *begin, const char *end)
{
    size_t length = (size_t)(end - begin);
    if (length > PHASE_NAME - 1) {
        length = PHASE_NAME - 1;
        while (length > PHASE_NAME - 4 && ((unsigned char)begin[length] & 0xC0) == 0x80)
            length--;
    }
    memcpy(name, begin, length);
    name[length] = '\0';
}

bool phase_parse(struct phase *phase, const char *text, struct error *error)
{
    const char *begin = text, *end = text + strlen(text);
    moment first, last;
    text_trim(&begin, &end);
    const char *to = last_word(begin, end), *name_end = to, *to_end = end;
    text_trim(&begin, &name_end);
    const char *from = to != NULL ? last_word(begin, name_end) : NULL, *from_end = name_end;
    name_end = from;
    if (from != NULL)
        text_trim(&begin, &name_end);
    if (from == NULL || name_end == begin)
        return error_set(error, ERROR_SETTINGS,
                         "phase '%s': write NAME FROM TO, such as autumn 2024-09-01 2024-11-30",
                         text);
    if (!read_day(&first, from, from_end, text, error) || !read_day(&last, to, to_end, text, error))
        return false;
    copy_name(phase->name, begin, name_end);
    phase->first_day = moment_first_day(first);
    phase->last_day = moment_last_day(last);
    return phase->first_day <= phase->last_day
           || error_set(error, ERROR_SETTINGS,
                        "phase '%s' ends before it begins; turn the dates round", text);
}
