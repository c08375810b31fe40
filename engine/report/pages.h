/* The page that a sheet is drawn on, and the kind of file that it becomes, as the options ask. */
#ifndef PLEIN_REPORT_PAGES_H
#define PLEIN_REPORT_PAGES_H

#include "engine/draw/sheet.h"
#include "engine/study/options.h"

/* What the name of a file says; false when it names another kind. "-", a device and a name without
 * an extension are a PNG. */
bool pages_file(enum map_file *file, const char *path);

/* Fills the page from --page and --dpi, and the kind of file from its name. ERROR_USAGE for a page
 * that is none, and for a file of another kind. */
struct pages_choice {
    struct map_page page;
    enum map_file file;
    bool numbered; /* the page is of paper, and has a line at its foot */
};
bool pages_choose(struct pages_choice *choice, const struct options *options, const char *path,
                  struct error *error);

/* The path with another extension in place of its own: "kaart.png" and "txt" give "kaart.txt". The
 * caller frees it. */
char *pages_beside(const char *path, const char *extension, struct error *error);

#endif
