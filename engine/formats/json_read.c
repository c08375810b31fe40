/* Reads what a small JSON document says, by the names of its members. */
#include "engine/formats/json_read.h"

#include <cjson/cJSON.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* cJSON nests at most CJSON_NESTING_LIMIT (1000) deep by itself. */
struct json {
    cJSON *root;
};

struct json *json_open(const char *name, const char *bytes, size_t size, struct error *error)
{
    struct json *json = NULL;
    const char *stopped = bytes;
    if (!array_new(&json, 1, sizeof *json, error))
        return NULL;
    json->root = cJSON_ParseWithLengthOpts(bytes, size + 1, &stopped, true); /* with its NUL */
    if (json->root != NULL)
        return json;
    error_set(error, ERROR_DATA, "%s: is no JSON from byte %zu on", name,
              stopped != NULL ? (size_t)(stopped - bytes) + 1 : 1);
    array_free(&json);
    return NULL;
}

void json_close(struct json *json)
{
    if (json != NULL)
        cJSON_Delete(json->root);
    free(json);
}

static const cJSON *member_of(const cJSON *item, const char *name)
{
    char *end;
    long number = strtol(name, &end, 10);
    if (cJSON_IsArray(item))
        return *end == '\0' && number >= 0 && number < cJSON_GetArraySize(item)
                   ? cJSON_GetArrayItem(item, (int)number)
                   : NULL;
    return cJSON_GetObjectItemCaseSensitive(item, name);
}

static const cJSON *find(const struct json *json, const char *where)
{
    const cJSON *item = json->root;
    char name[64];
    while (item != NULL && *where != '\0') {
        size_t length = strcspn(where, ".");
        if (length >= sizeof name)
            return NULL;
        memcpy(name, where, length);
        name[length] = '\0';
        item = member_of(item, name);
        where += length + (where[length] == '.' ? 1 : 0);
    }
    return item;
}

const char *json_text_at(const struct json *json, const char *where)
{
    return cJSON_GetStringValue(find(json, where));
}

double json_number_at(const struct json *json, const char *where)
{
    const cJSON *item = find(json, where);
    return item != NULL && cJSON_IsNumber(item) ? item->valuedouble : NAN;
}

bool json_true_at(const struct json *json, const char *where)
{
    return cJSON_IsTrue(find(json, where));
}

size_t json_count_at(const struct json *json, const char *where)
{
    const cJSON *item = find(json, where);
    return cJSON_IsArray(item) ? (size_t)cJSON_GetArraySize(item) : 0;
}
