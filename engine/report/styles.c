/* The style that a map is drawn in: one of the folder styles/, or a file of the user's. */
#include "engine/report/styles.h"

#include "engine/core/files.h"
#include "engine/core/text.h"

#include <stdlib.h>
#include <string.h>

bool styles_choose(struct style *style, const struct options *options, struct error *error)
{
    const char *name = options->style;
    style_default(style);
    if (name == NULL)
        return true;
    if (strchr(name, '/') != NULL || strchr(name, '.') != NULL)
        return style_read(style, name, error);
    struct text shipped = {0};
    text_add(&shipped, "styles/%s.ini", name);
    char *path = text_check(&shipped, error) ? file_shipped(shipped.bytes, error) : NULL;
    bool done = path != NULL && style_read(style, path, error);
    free(path);
    text_free(&shipped);
    return done;
}

bool styles_choose_sheet(struct style *style, const struct options *options, struct error *error)
{
    return styles_choose(style, options, error)
           && (style->layers.sheet
               || error_set(error, ERROR_USAGE,
                            "--style %s draws the heat alone, which is for plein map; here a sheet "
                            "is drawn",
                            options->style));
}
