/* PNG files: written from rows of pixels, and read back to be compared. */
#include "engine/draw/png.h"

#include "engine/core/files.h"
#include "engine/draw/pngcolours.h"
#include "engine/draw/pngpack.h"

#include <png.h>

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_LONGEST = 79, SIDE_MOST = 100000 };

/* libpng leaves by longjmp, so everything that must outlive a jump stands here and not in
 * registers. */
struct session {
    png_structp png;
    png_infop info;
    struct output output;
    FILE *input;
    struct pngpack *pack;
    png_bytepp rows;
    char message[200];
};

static void on_error(png_structp png, png_const_charp message)
{
    struct session *session = png_get_error_ptr(png);
    snprintf(session->message, sizeof session->message, "%s", message);
    longjmp(png_jmpbuf(png), 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
    (void)png;
    (void)message;
}

static void put_bytes(png_structp png, png_bytep bytes, size_t length)
{
    if (fwrite(bytes, 1, length, png_get_io_ptr(png)) != length)
        png_error(png, "the file cannot be written");
}

static void flush_nothing(png_structp png)
{
    (void)png; /* output_commit flushes, once */
}

static void take_bytes(png_structp png, png_bytep bytes, size_t length)
{
    if (fread(bytes, 1, length, png_get_io_ptr(png)) != length)
        png_error(png, "the file ends too early");
}

static bool check_note(const struct png_note *note, struct error *error)
{
    size_t length = strlen(note->key);
    bool good = length >= 1 && length <= KEY_LONGEST && note->key[0] != ' '
                && note->key[length - 1] != ' ' && strstr(note->key, "  ") == NULL;
    for (size_t i = 0; good && i < length; i++)
        good = note->key[i] >= ' ' && note->key[i] <= '~';
    return good
           || error_set(error, ERROR_INTERNAL, "'%s' cannot be the key of a text in a PNG",
                        note->key);
}

static void put_notes(struct session *session, const struct png_options *options)
{
    for (size_t i = 0; i < options->note_count; i++) {
        char key[KEY_LONGEST + 1], nothing[1] = "";
        snprintf(key, sizeof key, "%s", options->notes[i].key);
        png_text text = {.compression = PNG_ITXT_COMPRESSION_NONE,
                         .key = key,
                         .text = (png_charp)(uintptr_t)options->notes[i].text,
                         .itxt_length = strlen(options->notes[i].text),
                         .lang = nothing,
                         .lang_key = nothing};
        png_set_text(session->png, session->info, &text, 1);
    }
}

static void put_head(struct session *session, const struct png_options *options)
{
    const double metre_inches = 1 / 0.0254;
    if (options->dpi > 0) {
        png_uint_32 per_metre = (png_uint_32)(options->dpi * metre_inches + 0.5);
        png_set_pHYs(session->png, session->info, per_metre, per_metre, PNG_RESOLUTION_METER);
    }
    put_notes(session, options);
}

/* What is written. */
struct content {
    struct pngpack_rows rows;
    const uint32_t *palette;
    size_t palette_count; /* 0: true colour */
};

static void put_palette(struct session *session, const struct content *content)
{
    png_color colours[PNG_COLOURS_MOST] = {{0}};
    png_byte alphas[PNG_COLOURS_MOST];
    size_t translucent = 0; /* colours up to the last one that is */
    for (size_t i = 0; i < content->palette_count; i++) {
        uint32_t colour = content->palette[i];
        colours[i] =
            (png_color){(png_byte)(colour >> 16), (png_byte)(colour >> 8), (png_byte)colour};
        alphas[i] = (png_byte)(colour >> 24);
        translucent = alphas[i] < 255 ? i + 1 : translucent;
    }
    png_set_PLTE(session->png, session->info, colours, (int)content->palette_count);
    if (translucent > 0)
        png_set_tRNS(session->png, session->info, alphas, (int)translucent, NULL);
}

/* libpng packs rows one after another; ours come packed, and it puts them into the file. */
static void put_rows(struct session *session)
{
    struct pngpack_piece piece;
    struct error error = {0};
    do {
        if (!pngpack_next(&piece, session->pack, &error))
            png_error(session->png, error.message);
        if (piece.length > 0)
            png_write_chunk(session->png, (png_const_bytep) "IDAT", piece.bytes, piece.length);
    } while (piece.length > 0);
    png_write_chunk(session->png, (png_const_bytep) "IEND", NULL, 0);
}

static int colour_type(const struct content *content)
{
    if (content->palette_count > 0)
        return PNG_COLOR_TYPE_PALETTE;
    return content->rows.kind == PNGPACK_VEIL ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB;
}

static bool put_all(struct session *session, const struct content *content,
                    const struct png_options *options)
{
    if (setjmp(png_jmpbuf(session->png)))
        return false;
    png_set_write_fn(session->png, session->output.stream, put_bytes, flush_nothing);
    png_set_IHDR(session->png, session->info, content->rows.width, content->rows.height, 8,
                 colour_type(content), PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    put_head(session, options);
    if (content->palette_count > 0)
        put_palette(session, content);
    png_write_info(session->png, session->info);
    put_rows(session);
    return true;
}

static bool open_session(struct session *session, const struct content *content, const char *path,
                         struct error *error)
{
    session->pack = pngpack_open(&content->rows, error);
    if (session->pack == NULL || !output_open(&session->output, path, error))
        return false;
    session->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, session, on_error, on_warning);
    session->info = session->png ? png_create_info_struct(session->png) : NULL;
    return session->info
           || error_set(error, ERROR_INTERNAL, "there is no memory left to write a PNG");
}

static bool write_content(const char *path, const struct content *content,
                          const struct png_options *options, struct error *error)
{
    for (size_t i = 0; i < options->note_count; i++)
        if (!check_note(&options->notes[i], error))
            return false;
    struct session session = {0};
    bool done = open_session(&session, content, path, error);
    if (done && !put_all(&session, content, options))
        done = error_set(error, ERROR_CANNOT_WRITE, "%s: the picture cannot be written: %s", path,
                         session.message);
    png_destroy_write_struct(&session.png, &session.info);
    pngpack_close(session.pack);
    done = done && output_commit(&session.output, error);
    output_abandon(&session.output);
    return done;
}

static bool check_size(uint32_t width, uint32_t height, struct error *error)
{
    if (width >= 1 && height >= 1 && width <= SIDE_MOST && height <= SIDE_MOST)
        return true;
    return error_set(error, ERROR_USAGE,
                     "a picture of %u by %u pixels cannot be written; take 1 to %d on each side",
                     width, height, SIDE_MOST);
}

/* Few colours take a byte a pixel instead of three. */
bool png_write(const char *path, const struct png_pixels *pixels, const struct png_options *options,
               struct error *error)
{
    struct png_colours colours = {0};
    struct content content = {.rows = {.bytes = pixels->bytes,
                                       .stride = pixels->stride,
                                       .width = pixels->width,
                                       .height = pixels->height,
                                       .kind = pixels->has_alpha ? PNGPACK_VEIL : PNGPACK_COLOURS,
                                       .thread_count = options->thread_count}};
    if (!check_size(pixels->width, pixels->height, error)
        || (!pixels->has_alpha && !png_colours_find(&colours, &content.rows, error)))
        return false;
    if (colours.count > 0) {
        content.palette = colours.palette;
        content.palette_count = colours.count;
        content.rows.bytes = colours.indexes;
        content.rows.stride = pixels->width;
        content.rows.kind = PNGPACK_INDEXES;
    }
    bool done = write_content(path, &content, options, error);
    png_colours_free(&colours);
    return done;
}

bool png_write_indexed(const char *path, const struct png_indexed *image,
                       const struct png_options *options, struct error *error)
{
    if (image->palette_count < 1 || image->palette_count > PNG_COLOURS_MOST)
        return error_set(error, ERROR_INTERNAL, "a palette holds 1 to %d colours, not %zu",
                         PNG_COLOURS_MOST, image->palette_count);
    const struct content content = {.rows = {.bytes = image->indexes,
                                             .stride = image->width,
                                             .width = image->width,
                                             .height = image->height,
                                             .kind = PNGPACK_RAMP,
                                             .thread_count = options->thread_count},
                                    .palette = image->palette,
                                    .palette_count = image->palette_count};
    return check_size(image->width, image->height, error)
           && write_content(path, &content, options, error);
}

static void take_notes(struct png_picture *picture, struct session *session)
{
    png_textp texts = NULL;
    int count = 0;
    png_get_text(session->png, session->info, &texts, &count);
    if (count <= 0 || !array_new(&picture->texts, (size_t)count, sizeof *picture->texts, NULL))
        return;
    for (int i = 0; i < count; i++) {
        size_t size = strlen(texts[i].key) + strlen(texts[i].text) + 2;
        char *line;
        if (!array_new(&line, size, 1, NULL))
            return;
        snprintf(line, size, "%s\n%s", texts[i].key, texts[i].text);
        picture->texts[picture->text_count++] = line;
    }
}

static void check_pixels(struct session *session, const struct png_picture *picture)
{
    const double most = 1e8;
    if ((double)picture->width * picture->height > most)
        png_error(session->png, "it has more than 100 million pixels");
}

static bool take_all(struct png_picture *picture, struct session *session, struct error *error)
{
    if (setjmp(png_jmpbuf(session->png)))
        return false;
    png_set_read_fn(session->png, session->input, take_bytes);
    png_set_user_limits(session->png, SIDE_MOST, SIDE_MOST);
    png_set_chunk_malloc_max(session->png, 1 << 24);
    png_read_info(session->png, session->info);
    picture->width = png_get_image_width(session->png, session->info);
    picture->height = png_get_image_height(session->png, session->info);
    check_pixels(session, picture);
    picture->dpi = png_get_x_pixels_per_meter(session->png, session->info) * 0.0254;
    png_set_expand(session->png);
    png_set_strip_16(session->png);
    png_set_gray_to_rgb(session->png);
    png_set_add_alpha(session->png, 255, PNG_FILLER_AFTER);
    png_set_interlace_handling(session->png);
    png_read_update_info(session->png, session->info);
    size_t stride = (size_t)picture->width * 4;
    if (!array_new(&picture->rgba, picture->height * stride, 1, error)
        || !array_new(&session->rows, picture->height, sizeof *session->rows, error))
        png_error(session->png, "there is no memory left");
    for (uint32_t row = 0; row < picture->height; row++)
        session->rows[row] = picture->rgba + row * stride;
    png_read_image(session->png, session->rows);
    png_read_end(session->png, session->info);
    take_notes(picture, session);
    return true;
}

static uint32_t big_endian(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* Walks the chunks before libpng sees any: it takes memory for as much as one says that it is long,
 * whatever limit was set. What stands before the first is left to it. */
static bool check_chunks(FILE *input, const char *path, struct error *error)
{
    enum { SIGNATURE = 8, HEAD = 8, CHECKSUM = 4 };
    uint8_t head[HEAD];
    long size = fseek(input, 0, SEEK_END) == 0 ? ftell(input) : -1;
    for (long at = SIGNATURE; at + HEAD <= size;) {
        if (fseek(input, at, SEEK_SET) != 0 || fread(head, 1, HEAD, input) != HEAD)
            break;
        long left = size - at - HEAD, length = (long)big_endian(head);
        if (length > left)
            return error_set(error, ERROR_DATA,
                             "%s: this picture cannot be read: from byte %ld on it is to go on for "
                             "%ld bytes, and has %ld",
                             path, at + 1, length, left);
        at += HEAD + length + CHECKSUM;
    }
    rewind(input);
    return true;
}

static FILE *open_picture(const char *path, struct error *error)
{
    int descriptor = file_open_regular(path, error);
    FILE *input = descriptor >= 0 ? fdopen(descriptor, "rb") : NULL;
    if (input == NULL && descriptor >= 0)
        error_set(error, ERROR_INTERNAL, "there is no memory left to read a PNG");
    if (input != NULL && !check_chunks(input, path, error)) {
        fclose(input);
        return NULL;
    }
    return input;
}

bool png_read(struct png_picture *picture, const char *path, struct error *error)
{
    *picture = (struct png_picture){0};
    struct session session = {.input = open_picture(path, error)};
    if (!session.input)
        return false;
    session.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &session, on_error, on_warning);
    session.info = session.png ? png_create_info_struct(session.png) : NULL;
    bool done = session.info != NULL;
    if (!done)
        error_set(error, ERROR_INTERNAL, "there is no memory left to read a PNG");
    else if (!take_all(picture, &session, error))
        done = error_set(error, ERROR_DATA, "%s: this picture cannot be read: %s", path,
                         session.message);
    png_destroy_read_struct(&session.png, &session.info, NULL);
    array_free(&session.rows);
    fclose(session.input);
    if (!done)
        png_picture_free(picture);
    return done;
}

void png_picture_free(struct png_picture *picture)
{
    for (size_t i = 0; i < picture->text_count; i++)
        array_free(&picture->texts[i]);
    array_free(&picture->texts);
    array_free(&picture->rgba);
    *picture = (struct png_picture){0};
}
