/* The same incidents as three organisations would hand them over. */
#ifndef EUROPAPLEIN_DIALECTS_H
#define EUROPAPLEIN_DIALECTS_H

#include "reports.h"

/* Writes FOLDER/politie.csv, gemeente.csv and boa.csv, with the flaws that such files have. */
void dialects_write(const struct report *reports, const char *folder);

#endif
