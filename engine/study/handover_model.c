/* A handover: its squares, its period, and its table by domain, square and quarter. */
#include "engine/study/handover_model.h"

#include <stdio.h>

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

bool handover_quarter_parse(int32_t *quarter, const char *text)
{
    int year, part, taken = 0;
    if (sscanf(text, "%4d-Q%1d%n", &year, &part, &taken) != 2 || text[taken] != '\0' || part < 1
        || part > 4)
        return false;
    *quarter = year * 4 + part - 1;
    return true;
}
