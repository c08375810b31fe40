/* Opens a file that a user names: takes off the gzip or zip around it, and tells by its content
 * what it is. */
#ifndef PLEIN_FORMATS_INPUT_H
#define PLEIN_FORMATS_INPUT_H

#include "engine/core/files.h"
#include "engine/formats/input_kind.h"

/* The other files of a shapefile; without bytes: not there. */
enum input_part { INPUT_SHX, INPUT_DBF, INPUT_PRJ, INPUT_CPG };
enum { INPUT_PARTS = 4 };

/* Zeroed is closed. */
struct input {
    enum input_kind kind;
    enum input_foreign foreign;
    char *path;    /* of the file itself */
    char *shown;   /* for messages: the path, and the member of a zip: "map.zip:wijken.shp" */
    char *layer;   /* FILE:layer; NULL: none was named */
    bool is_plain; /* the file itself is what is read, and it can be opened anew */
    struct file_bytes bytes; /* what was in a gzip or zip, when it has to be had whole */
    struct file_bytes parts[INPUT_PARTS]; /* of a shapefile in a zip */
    struct input_source *source;
};

enum input_use { INPUT_FOR_ROWS, INPUT_FOR_SHAPES };

/* `given` is FILE, FILE:layer, FILE.zip:member or FILE.zip:member:layer. For shapes the tables in a
 * zip do not count, so that a map beside them is found. What is no regular file is INPUT_TEXT, and
 * is not looked at. ERROR_NO_INPUT; ERROR_DATA: a folder, a damaged zip or gzip, a zip of several
 * files of which none is named, with their names. */
bool input_open(struct input *input, const char *given, enum input_use use, struct error *error);
/* Any regular file, read as it stands: nothing is taken off. */
bool input_open_raw(struct input *input, const char *path, struct error *error);
void input_close(struct input *input);

/* Reads on; *got is 0 at the end only. */
bool input_read(size_t *got, struct input *input, char *into, size_t size, struct error *error);
/* Reads next from this byte, counted from 0; from anywhere but the start of a gzip it takes
 * unpacking up to there. */
bool input_seek(struct input *input, uint64_t offset, struct error *error);

/* Makes the input the output of a child process: `start` gives a descriptor or -1, `finish` closes
 * it and tells whether all went well; both may be called again and again. Up to 64 MB of output are
 * kept, and the child runs once; of more, it runs each time that the input is read anew. */
struct input_child {
    int (*start)(void *state, struct error *error);
    bool (*finish)(void *state, int descriptor, bool at_end, struct error *error);
    void (*free)(void *state);
    void *state;
};
bool input_attach(struct input *input, const struct input_child *child, struct error *error);

#endif
