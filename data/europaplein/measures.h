/* What was done about it. */
#ifndef EUROPAPLEIN_MEASURES_H
#define EUROPAPLEIN_MEASURES_H

/* Writes FOLDER/maatregelen.csv. */
void measures_write(const char *folder);

#endif
