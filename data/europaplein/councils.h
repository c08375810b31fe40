/* What the two councils say that they will act on. */
#ifndef EUROPAPLEIN_COUNCILS_H
#define EUROPAPLEIN_COUNCILS_H

/* Writes FOLDER/prioriteiten.csv. */
void councils_write(const char *folder);

#endif
