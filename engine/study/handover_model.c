/* A handover: its squares, its period, and its table by domain, square and quarter. */
#include "engine/study/handover_model.h"

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
