/* Loads a shared library when it is first needed: what PROJ, GEOS and pango bring along takes
 * longer to load than most questions take to answer. */
#ifndef PLEIN_CORE_LATE_H
#define PLEIN_CORE_LATE_H

#include "engine/core/base.h"

#include <pthread.h>

/* A library and the functions that are wanted of it. Once loaded it stays, as if it had been linked
 * with: this and the table below it are the one state that plein keeps. */
struct late_library {
    const char *file;         /* as the dynamic linker looks for it: "libproj.so.25" */
    const char *const *names; /* NULL ends them */
    void *table;              /* a struct of pointers to functions in the order of the names */
    pthread_mutex_t lock;
    bool loaded;
};

/* Fills the table unless that is done. ERROR_SETTINGS when the library or a function of it is not
 * there. Threads may call at one time. */
bool late_load(struct late_library *library, struct error *error);

/* For the X-macro that lists a library's functions: F(name) for each. */
#define LATE_MEMBER(name) __typeof__(name) *(name);
#define LATE_NAME(name) #name,

#endif
