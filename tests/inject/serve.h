/* Forks a run at the points that are asked for, so that not each fault costs a run from the start.
 */
#ifndef PLEIN_INJECT_SERVE_H
#define PLEIN_INJECT_SERVE_H

#include <stdbool.h>

/* What is asked in PLEIN_INJECT_SERVE=KIND:FIRST:ASK:ANSWER:FOLDER: the kind of point (memory or
 * call), the number of the first that is wanted, the descriptors to ask on and be answered on, and
 * the folder of the outputs. False when nothing is. */
bool serve_open(bool *calls);
/* At each point. In the run that serves: asks, if this one is wanted, and forks a child for each
 * fault that comes as an answer; NULL. In such a child: the fault, as in PLEIN_INJECT. */
const char *serve_at(long number);
/* Where such a child leaves its report; NULL in others. */
const char *serve_report(void);

/* Makes a call of the system that the filter looks away from: the result, or the error below 0. */
long inject_call(int number, const long arguments[5]);

#endif
