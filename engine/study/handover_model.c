/* A handover: its squares, its period, and its table by domain, square and quarter. */
#include "engine/study/handover_model.h"

#include <stdio.h>
#include <stdlib.h>

size_t handover_all(const struct handover *handover, int axis)
{
    return handover->table.axes[axis].node_count - 1;
}

size_t handover_cell(const struct handover *handover, size_t domain, size_t square, size_t quarter)
{
    return disclosure_cell(&handover->table, domain, square, quarter);
}

uint32_t handover_of_piece(const struct handover *handover, size_t piece)
{
    size_t cell =
        handover_cell(handover, handover_all(handover, DOMAIN_AXIS), handover->node_of_piece[piece],
                      handover_all(handover, QUARTER_AXIS));
    return handover->table.states[cell] == CELL_PUBLISHED ? handover->table.rounded[cell] : 0;
}

int32_t handover_quarter_of(moment when)
{
    if (moment_precision(when) < PRECISION_MONTH)
        return HANDOVER_NO_QUARTER;
    struct civil civil = moment_civil(when);
    return civil.year * 4 + (civil.month - 1) / 3;
}

void handover_quarter(char name[HANDOVER_QUARTER], int32_t quarter)
{
    snprintf(name, HANDOVER_QUARTER, "%04d-Q%d", (int)(quarter / 4), (int)(quarter % 4) + 1);
}

/* "2024-Q1", and nothing that only looks like it to sscanf, such as " 202-Q1". */
bool handover_quarter_parse(int32_t *quarter, const char *text)
{
    static const char FORM[] = "0000-Q0";
    for (size_t i = 0; i < sizeof FORM; i++)
        if (FORM[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != FORM[i])
            return false;
    int part = text[6] - '0';
    *quarter = (int32_t)strtol(text, NULL, 10) * 4 + part - 1;
    return part >= 1 && part <= 4;
}
