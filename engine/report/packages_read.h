/* Reads the packages among a study's incidents, verified as `plein handover verify` does. */
#ifndef PLEIN_REPORT_PACKAGES_READ_H
#define PLEIN_REPORT_PACKAGES_READ_H

#include "engine/study/study.h"

/* For a study that was opened. ERROR_DATA: a package that does not hold to the rules, whose
 * signature is not good where the key is known (--key, or key in the study file), or that does not
 * fit the study (packages.h). */
bool packages_read(struct study *study, struct error *error);

#endif
