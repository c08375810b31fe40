/* Three sheets of a study that come nearer: the jurisdictions, the neighbourhood, the place. */
#ifndef PLEIN_REPORT_ZOOM_PICTURE_H
#define PLEIN_REPORT_ZOOM_PICTURE_H

#include "engine/study/study.h"

/* Draws kaart-1.png, kaart-2.png and kaart-3.png for kaart.png, with what stands beside each: all
 * of them, or none. ERROR_DATA when there is no cluster to come near to. */
bool zoom_picture_write(struct study *study, const char *path, struct error *error);

#endif
