/* Where a picture lies: the world file and the reference system beside a PNG. */
#include "engine/report/world.h"

#include "engine/core/files.h"
#include "engine/core/text.h"

#include <stdlib.h>
#include <string.h>

static bool write_text(const char *path, const struct text *text, struct error *error)
{
    struct output output;
    if (!text_check(text, error) || !output_open(&output, path, error))
        return false;
    fwrite(text->bytes, 1, text->length, output.stream);
    return output_commit(&output, error);
}

static bool write_world_file(const char *png_path, const struct world *world, struct error *error)
{
    struct text path = {0}, text = {0};
    const char *dot = strrchr(text_file_name(png_path), '.');
    text_add_bytes(&path, png_path, dot != NULL ? (size_t)(dot - png_path) : strlen(png_path));
    text_add(&path, ".pgw");
    text_add(&text, "%.9f\n0\n0\n%.9f\n%.6f\n%.6f\n", world->metres_per_pixel,
             -world->metres_per_pixel, world->x, world->y);
    bool done = text_check(&path, error) && write_text(path.bytes, &text, error);
    text_free(&path);
    text_free(&text);
    return done;
}

static void add_escaped(struct text *text, const char *plain)
{
    for (; *plain != '\0'; plain++)
        if (*plain == '&')
            text_add(text, "&amp;");
        else if (*plain == '<')
            text_add(text, "&lt;");
        else
            text_add_bytes(text, plain, 1);
}

static bool write_system(const char *png_path, const char *wkt, struct error *error)
{
    struct text path = {0}, text = {0};
    text_add(&path, "%s.aux.xml", png_path);
    text_add(&text, "<PAMDataset>\n  <SRS>");
    add_escaped(&text, wkt);
    text_add(&text, "</SRS>\n</PAMDataset>\n");
    bool done = text_check(&path, error) && write_text(path.bytes, &text, error);
    text_free(&path);
    text_free(&text);
    return done;
}

bool world_write(const char *png_path, const struct world *world, const char *wkt,
                 struct error *error)
{
    if (!output_is_replaced(png_path))
        return true;
    return write_world_file(png_path, world, error) && write_system(png_path, wkt, error);
}
