/* Opens reference systems in PROJ: silently, without network, and only from texts that name no
 * file. */
#include "engine/space/projection_systems.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ENOUGH_CONFIDENCE = 70 }; /* of 100: the name differs, the definition is the same */

static void say_nothing(void *state, int level, const char *message)
{
    (void)state;
    (void)level;
    (void)message;
}

PJ_CONTEXT *systems_context(struct error *error)
{
    if (!projection_library_load(error))
        return NULL;
    PJ_CONTEXT *context = proj_context_create();
    if (!context) {
        error_set(error, ERROR_INTERNAL, "PROJ could not be started");
        return NULL;
    }
    proj_log_func(context, NULL, say_nothing);
    proj_context_set_enable_network(context, 0);
    return context;
}

PJ_CONTEXT *systems_context_shut(struct error *error)
{
    PJ_CONTEXT *context = systems_context(error);
    /* SQLite has no file system of this name, so PROJ, which would open its database for any
     * pipeline, goes without. */
    if (context)
        proj_context_set_sqlite3_vfs_name(context, "plein-none");
    return context;
}

bool systems_ensure(PJ_CONTEXT **context, struct error *error)
{
    if (!*context)
        *context = systems_context(error);
    return *context != NULL;
}

void systems_context_close(PJ_CONTEXT *context)
{
    if (context) /* PROJ would take NULL for its shared one */
        proj_context_destroy(context);
}

void systems_drop(PJ *object)
{
    if (object)
        proj_destroy(object);
}

bool system_is_geographic(const PJ *crs)
{
    PJ_TYPE type = proj_get_type(crs);
    return type == PJ_TYPE_GEOGRAPHIC_2D_CRS || type == PJ_TYPE_GEOGRAPHIC_3D_CRS;
}

static bool is_same(PJ_CONTEXT *context, const PJ *a, const PJ *b)
{
    return proj_is_equivalent_to_with_ctx(context, a, b,
                                          PJ_COMP_EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS)
           != 0;
}

static void copy_code(char *code, const PJ *crs)
{
    const char *authority = proj_get_id_auth_name(crs, 0);
    const char *number = proj_get_id_code(crs, 0);
    if (!authority || !number || strlen(authority) + strlen(number) + 2 > CRS_CODE_SIZE
        || snprintf(code, CRS_CODE_SIZE, "%s:%s", authority, number) < 0)
        code[0] = '\0';
}

void system_identify(char *code, PJ_CONTEXT *context, const PJ *crs)
{
    int *confidence = NULL;
    PJ_OBJ_LIST *entries = proj_identify(context, crs, "EPSG", NULL, &confidence);
    int count = entries ? proj_list_get_count(entries) : 0;
    code[0] = '\0';
    for (int i = 0; i < count && code[0] == '\0'; i++) {
        if (confidence[i] < ENOUGH_CONFIDENCE)
            break; /* the most confident come first */
        PJ *entry = proj_list_get(context, entries, i);
        if (entry && is_same(context, crs, entry))
            copy_code(code, entry);
        proj_destroy(entry);
    }
    proj_list_destroy(entries);
    proj_int_list_destroy(confidence);
}

void system_base_code(char *code, PJ_CONTEXT *context, const struct system *system)
{
    PJ *base = proj_crs_get_geodetic_crs(context, system->crs);
    code[0] = '\0';
    if (!base)
        return;
    system_identify(code, context, base);
    proj_destroy(base);
}

static bool is_crs(const PJ *crs)
{
    PJ_TYPE type = proj_get_type(crs);
    return system_is_geographic(crs) || type == PJ_TYPE_PROJECTED_CRS || type == PJ_TYPE_BOUND_CRS;
}

/* Takes over `crs` and gives the part of it that lies flat. */
static PJ *flat(PJ_CONTEXT *context, PJ *crs)
{
    PJ *inner = NULL;
    PJ_TYPE type = crs ? proj_get_type(crs) : PJ_TYPE_UNKNOWN;
    if (type == PJ_TYPE_COMPOUND_CRS)
        inner = proj_crs_get_sub_crs(context, crs, 0);
    else if (type == PJ_TYPE_GEOGRAPHIC_3D_CRS)
        inner = proj_crs_demote_to_2D(context, NULL, crs);
    else
        return crs;
    proj_destroy(crs);
    return inner;
}

/* A datum shift bound to a system that EPSG knows (TOWGS84) adds nothing to what PROJ knows of it,
 * and would make two texts of one system differ. */
static PJ *unbound(PJ_CONTEXT *context, PJ *crs)
{
    if (!crs || proj_get_type(crs) != PJ_TYPE_BOUND_CRS)
        return crs;
    PJ *inner = proj_get_source_crs(context, crs);
    char code[CRS_CODE_SIZE] = "";
    if (inner)
        system_identify(code, context, inner);
    if (code[0] == '\0') {
        proj_destroy(inner);
        return crs;
    }
    proj_destroy(crs);
    return inner;
}

/* A compound system may hold a bound one, and that one a system with heights. */
static PJ *horizontal(PJ_CONTEXT *context, PJ *crs)
{
    return flat(context, unbound(context, flat(context, crs)));
}

static PJ *create(PJ_CONTEXT *context, const char *text, struct error *error)
{
    char *typed = NULL;
    if (text[0] == '+') { /* without a type, PROJ takes it as an operation */
        static const char type[] = " +type=crs";
        if (!array_new(&typed, strlen(text) + sizeof type, 1, error))
            return NULL;
        memcpy(typed, text, strlen(text));
        memcpy(typed + strlen(text), type, sizeof type);
    }
    PJ *crs = horizontal(context, proj_create(context, typed ? typed : text));
    array_free(&typed);
    if (crs && is_crs(crs))
        return crs;
    bool known = crs != NULL;
    proj_destroy(crs);
    if (!proj_context_get_database_path(context))
        error_set(error, ERROR_SETTINGS,
                  "PROJ does not find its database proj.db, which '%.60s' needs; install proj-data "
                  "or set PROJ_DATA",
                  text);
    else if (known)
        error_set(error, ERROR_DATA,
                  "'%.60s' is neither a map projection nor longitude and latitude; write a code "
                  "such as EPSG:28992",
                  text);
    else
        error_set(error, ERROR_DATA,
                  "'%.60s' is no reference system that PROJ knows; write a code such as EPSG:28992",
                  text);
    return NULL;
}

/* EPSG's own entry in place of a text that means the same, so that PROJ finds its operations. */
static void prefer_entry(struct system *system, PJ_CONTEXT *context)
{
    system_identify(system->code, context, system->crs);
    if (system->code[0] == '\0') {
        if (system->text[0] != '+' && !strpbrk(system->text, "[("))
            copy_code(system->code, system->crs);
        return;
    }
    PJ *entry = proj_create(context, system->code);
    if (!entry)
        return;
    proj_destroy(system->crs);
    system->crs = entry;
}

bool system_open(struct system *system, PJ_CONTEXT **context, const char *text, struct error *error)
{
    *system = (struct system){.text = crs_text_clean(text, error)};
    if (!system->text)
        return false;
    crs_text_code(system->code, system->text);
    if (system->code[0] != '\0')
        return true;
    system->crs = systems_ensure(context, error) ? create(*context, system->text, error) : NULL;
    if (!system->crs)
        return false;
    prefer_entry(system, *context);
    return true;
}

bool system_load(struct system *system, PJ_CONTEXT **context, struct error *error)
{
    if (!system->crs && systems_ensure(context, error))
        system->crs = create(*context, system->code, error);
    return system->crs != NULL;
}

void system_close(struct system *system)
{
    systems_drop(system->crs);
    array_free(&system->text);
    *system = (struct system){0};
}

PJ *systems_operation(PJ_CONTEXT *context, const PJ *from, const PJ *to, struct error *error)
{
    PJ *as_stated = proj_create_crs_to_crs_from_pj(context, from, to, NULL, NULL);
    PJ *operation = as_stated ? proj_normalize_for_visualization(context, as_stated) : NULL;
    proj_destroy(as_stated);
    if (!operation) {
        const char *from_name = proj_get_name(from), *to_name = proj_get_name(to);
        error_set(error, ERROR_DATA,
                  "PROJ knows no way from '%s' to '%s'; choose another reference system",
                  from_name ? from_name : "?", to_name ? to_name : "?");
    }
    return operation;
}

static bool is_plain_path(const char *path)
{
    bool rooted = path[0] == '/' || strncmp(path, "./", 2) == 0 || strncmp(path, "../", 3) == 0;
    return rooted
           && strspn(path, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-")
                  == strlen(path);
}

static bool is_in(char *path, size_t size, const char *folder, const char *name)
{
    size_t length = strcspn(folder, ":");
    int written = snprintf(path, size, "%.*s/%s", (int)length, folder, name);
    return length > 0 && written > 0 && (size_t)written < size && access(path, R_OK) == 0;
}

/* Looks in folders with ':' between them; *has_proj becomes true where PROJ's own data lie. */
static bool search(char *path, size_t size, const char *folders, const char *name, bool *has_proj)
{
    while (folders && *folders) {
        *has_proj = *has_proj || is_in(path, size, folders, "proj.db");
        if (is_in(path, size, folders, name))
            return true;
        folders += strcspn(folders, ":");
        folders += *folders == ':';
    }
    return false;
}

/* Where PROJ puts what it fetches for a user. */
static void own_folder(char *folder, size_t size)
{
    const char *own = getenv("PROJ_USER_WRITABLE_DIRECTORY"), *data = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    if (own && *own)
        snprintf(folder, size, "%s", own);
    else if (data && *data)
        snprintf(folder, size, "%s/proj", data);
    else
        snprintf(folder, size, "%s/.local/share/proj", home ? home : "");
}

/* proj_info() would tell the path, but gives text that another thread may free, and PROJ would have
 * to be loaded. */
bool systems_grid_path(char *path, size_t size, const char *name)
{
    bool has_proj = false;
    char own[1024];
    own_folder(own, sizeof own);
    bool found = search(path, size, own, name, &has_proj)
                 || search(path, size, getenv("PROJ_DATA"), name, &has_proj)
                 || search(path, size, getenv("PROJ_LIB"), name, &has_proj)
                 || search(path, size, "/usr/local/share/proj:/usr/share/proj", name, &has_proj);
    if (!found || !is_plain_path(path))
        snprintf(path, size, "%s", name);
    return found || !has_proj;
}
