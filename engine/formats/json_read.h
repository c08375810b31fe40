/* Reads what a small JSON document says, by the names of its members. */
#ifndef PLEIN_FORMATS_JSON_READ_H
#define PLEIN_FORMATS_JSON_READ_H

#include "engine/core/base.h"

struct json; /* a document in memory */

/* A NUL must stand behind the last byte. ERROR_DATA with the name and the byte at which it is no
 * JSON, or nests too deeply. */
struct json *json_open(const char *name, const char *bytes, size_t size, struct error *error);
void json_close(struct json *json); /* NULL is fine */

/* "sender.name", or "resources.2.path" for the third of a list. NULL where it is not, or is no
 * text; the text is the document's. */
const char *json_text_at(const struct json *json, const char *where);
/* NaN where it is not, or is no number. */
double json_number_at(const struct json *json, const char *where);
/* Whether it stands there as true. */
bool json_true_at(const struct json *json, const char *where);
/* How many there are in a list; 0 where it is none. */
size_t json_count_at(const struct json *json, const char *where);

#endif
