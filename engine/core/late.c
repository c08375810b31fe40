/* Loads a shared library when it is first needed. */
#include "engine/core/late.h"

#include <dlfcn.h>
#include <string.h>

static bool load(struct late_library *library, struct error *error)
{
    typedef void function(void);
    char *slot = library->table;
    void *handle = dlopen(library->file, RTLD_LAZY | RTLD_LOCAL);
    if (handle == NULL)
        return error_set(error, ERROR_SETTINGS,
                         "%s cannot be loaded (%s); install its package again", library->file,
                         dlerror());
    for (size_t i = 0; library->names[i] != NULL; i++, slot += sizeof(function *)) {
        void *address = dlsym(handle, library->names[i]);
        if (address == NULL)
            return error_set(error, ERROR_SETTINGS,
                             "%s has no %s; plein was built with another version of it",
                             library->file, library->names[i]);
        memcpy(slot, &address, sizeof address);
    }
    return true;
}

bool late_load(struct late_library *library, struct error *error)
{
    pthread_mutex_lock(&library->lock);
    library->loaded = library->loaded || load(library, error);
    bool loaded = library->loaded;
    pthread_mutex_unlock(&library->lock);
    return loaded;
}
