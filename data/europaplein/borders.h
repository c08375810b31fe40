/* The schematic gemeenten: five areas that share their borders to the millimetre. */
#ifndef EUROPAPLEIN_BORDERS_H
#define EUROPAPLEIN_BORDERS_H

/* Writes FOLDER/gemeenten.shp and what belongs to it. */
void borders_write(const char *folder);

#endif
