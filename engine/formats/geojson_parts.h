/* What the files called geojson* know of a file that is being read; nobody else includes this. */
#ifndef PLEIN_FORMATS_GEOJSON_PARTS_H
#define PLEIN_FORMATS_GEOJSON_PARTS_H

#include "engine/formats/geojson_scan.h"

#include <cjson/cJSON.h>

enum { GEOJSON_MEMBERS = 32 }; /* beside the features, that are kept */

/* A member of the collection, as it stands in the file. */
struct geojson_member {
    char *name, *value;
    size_t line;
};

/* A property that occurs. */
struct geojson_column {
    char *raw, *name; /* as it stands in the file, and as it is meant */
    size_t length;    /* of raw */
    bool is_text;     /* in at least one feature */
};

struct geojson {
    struct input *input, own;
    struct geojson_scan scan;
    struct geojson_member members[GEOJSON_MEMBERS];
    size_t member_count;
    struct geojson_column *columns;
    size_t column_count, column_capacity;
    size_t feature_count;
    bool is_lenient; /* sequences and other systems than WGS 84 are read too */
    bool is_sequence, has_features, has_ids, has_geometries;
    bool in_degrees;
    char *crs;      /* NULL in degrees */
    uint64_t start; /* of the first feature, or what is before it */
    size_t start_line;
    bool is_first, is_done;
    struct text name; /* of a member */
    size_t line, number;
    cJSON *feature;
    const cJSON *last; /* property that was asked for; NULL: none */
};

/* In geojson_survey.c. All is looked through once, from where the scan stands: then the members,
 * the columns, the number of features and the system are known. `name` has bytes from the start. */
bool geojson_survey(struct geojson *geojson, struct text *name, struct error *error);
/* The next byte behind blanks and the separators that RFC 8142 puts before each text. */
int geojson_next_text(struct geojson_scan *scan);
bool geojson_is_called(const struct text *name, const char *wanted);

#endif
