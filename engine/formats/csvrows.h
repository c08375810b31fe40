/* Turns the rows of a slice into incidents. */
#ifndef PLEIN_FORMATS_CSVROWS_H
#define PLEIN_FORMATS_CSVROWS_H

#include "engine/formats/csvfields.h"
#include "engine/formats/csvwindow.h"

/* Fills an empty batch from one of its window's slices. Several threads may do so at one time. */
bool csv_rows_parse(struct incidents *batch, const struct csv_reading *reading, size_t slice,
                    struct error *error);

#endif
