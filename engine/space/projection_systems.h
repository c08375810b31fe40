/* Opens reference systems in PROJ: silently, without network, and only from texts that name no
 * file. */
#ifndef PLEIN_SPACE_PROJECTION_SYSTEMS_H
#define PLEIN_SPACE_PROJECTION_SYSTEMS_H

#include "engine/core/base.h"
#include "engine/space/crs_text.h"
#include "engine/space/projection_library.h"

/* One thread's PROJ, which is loaded when the first one is opened (10 ms); the caller destroys it.
 */
PJ_CONTEXT *systems_context(struct error *error);
/* Opens *context when it is NULL. */
bool systems_ensure(PJ_CONTEXT **context, struct error *error);
void systems_context_close(PJ_CONTEXT *context); /* NULL is fine */
void systems_drop(PJ *object);                   /* NULL is fine, also when PROJ is not loaded */
/* One for ready pipelines only, which leaves PROJ's database shut: 1 ms in place of 10. */
PJ_CONTEXT *systems_context_shut(struct error *error);

/* A system on the plane or in degrees; heights are taken off. */
struct system {
    char *text;               /* as it was given, trimmed */
    char code[CRS_CODE_SIZE]; /* "EPSG:28992", or "" when the text matches no entry well enough */
    PJ *crs;                  /* NULL while the code says enough */
};
/* Fills `system`, without PROJ when its text is one of crs_text_code's; else in *context. */
bool system_open(struct system *system, PJ_CONTEXT **context, const char *text,
                 struct error *error);
/* Makes sure that `crs` is there. */
bool system_load(struct system *system, PJ_CONTEXT **context, struct error *error);
void system_close(struct system *system);

/* Writes into code[CRS_CODE_SIZE] the entry that a system matches, or "". */
void system_identify(char *code, PJ_CONTEXT *context, const PJ *crs);
/* The same of the geographic system that a loaded one is based on. */
void system_base_code(char *code, PJ_CONTEXT *context, const struct system *system);
bool system_is_geographic(const PJ *crs);

/* An operation between two systems with x east and y north; NULL and an error when PROJ knows none.
 * Its type is PJ_TYPE_UNKNOWN when PROJ chooses among several by the place. */
PJ *systems_operation(PJ_CONTEXT *context, const PJ *from, const PJ *to, struct error *error);

/* Writes what to call a grid in a PROJ string: its path, since a bare name makes PROJ open its
 * database; or the bare name when the path can't stand there, or PROJ's data lie where only PROJ
 * looks. False when the grid is not there. */
bool systems_grid_path(char *path, size_t size, const char *name);

#endif
