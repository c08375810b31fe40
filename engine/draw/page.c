/* The page of a sheet: its size, its title and subtitle, its source lines, and its way to a file.
 */
#include "engine/draw/page.h"

#include <math.h>
#include <string.h>

static double page_width(const struct map_sheet *sheet, const struct style *style)
{
    return sheet->page.width > 0 ? sheet->page.width : style->page.width;
}

static double page_height(const struct map_sheet *sheet, const struct style *style)
{
    return sheet->page.height > 0 ? sheet->page.height : style->page.height;
}

struct canvas_size page_size(const struct map_sheet *sheet, const struct style *style)
{
    const double most = 1e6;
    double scale = (sheet->page.dpi > 0 ? sheet->page.dpi : style->page.dpi) / 72;
    double width = page_width(sheet, style), height = page_height(sheet, style);
    return (struct canvas_size){.width_px = (int)fmin(width * scale + 0.5, most),
                                .height_px = (int)fmin(height * scale + 0.5, most),
                                .scale = scale,
                                .width = width,
                                .height = height};
}

static bool has_title(const struct map_sheet *sheet)
{
    return map_has(sheet->texts.title);
}

static struct letters title_letters(const struct kit *kit, double size)
{
    return kit_letters(FACE_CONDENSED_BOLD, size, kit->style->colour.ink);
}

/* Smaller by quarter points until it fits on one line, else on two; at the least size it takes as
 * many lines as it needs, since a title never gives way. */
static void fit_title(struct page *page, const struct kit *kit, const struct map_sheet *sheet)
{
    double full = kit_size(kit, kit->style->type.title, 13), width = page->width - 2 * page->margin;
    const double least_one = fmax(full * 0.78, 13), least_two = 13;
    page->title_lines = 1;
    page->title_size = full;
    if (!has_title(sheet))
        return;
    for (double size = full; size >= least_one; size -= 0.25) {
        struct letters letters = title_letters(kit, size);
        page->title_size = size;
        if (canvas_text_width(kit->canvas, &letters, sheet->texts.title) <= width)
            return;
    }
    for (double size = full; size >= least_two; size -= 0.25) {
        struct letters letters = title_letters(kit, size);
        page->title_size = size;
        page->title_lines = canvas_paragraph(kit->canvas, &letters, sheet->texts.title,
                                             &(struct paragraph){.width = width, .measure = true});
        if (page->title_lines <= 2)
            return;
    }
}

static struct letters foot_letters(const struct page *page, const struct kit *kit)
{
    return kit_letters(page->foot_face, page->foot_size, kit->style->colour.muted);
}

/* The width of a source text; the last one leaves room for the folio, which ends its last line. */
static double foot_width(const struct page *page, const struct kit *kit,
                         const struct map_sheet *sheet, int text)
{
    struct letters letters = foot_letters(page, kit);
    double width = page->width - 2 * page->margin;
    for (int later = text + 1; later < 3; later++)
        if (map_has(sheet->texts.foot[later]))
            return width;
    if (!map_has(sheet->texts.folio))
        return width;
    return width - canvas_text_width(kit->canvas, &letters, sheet->texts.folio) - 12 * kit->unit;
}

static int count_foot_lines(const struct page *page, const struct kit *kit,
                            const struct map_sheet *sheet)
{
    struct letters letters = foot_letters(page, kit);
    int lines = 0;
    for (int i = 0; i < 3; i++)
        if (map_has(sheet->texts.foot[i]))
            lines += canvas_paragraph(
                kit->canvas, &letters, sheet->texts.foot[i],
                &(struct paragraph){.width = foot_width(page, kit, sheet, i), .measure = true});
    return lines;
}

/* Regular type when every text fits on its line, else condensed; else lines that run on. */
static void fit_foot(struct page *page, const struct kit *kit, const struct map_sheet *sheet)
{
    int texts = 0;
    for (int i = 0; i < 3; i++)
        texts += map_has(sheet->texts.foot[i]) ? 1 : 0;
    page->foot_size = kit_size(kit, kit->style->type.foot, 6);
    page->foot_face = FACE_REGULAR;
    int lines = count_foot_lines(page, kit, sheet);
    if (lines > texts) {
        page->foot_face = FACE_CONDENSED;
        lines = count_foot_lines(page, kit, sheet);
    }
    /* A little smaller, when that saves the last words from a line of their own. */
    const double full = page->foot_size, least = fmax(full * 0.94, 6);
    while (lines > texts && page->foot_size - 0.1 >= least) {
        page->foot_size -= 0.1;
        lines = count_foot_lines(page, kit, sheet);
    }
    if (lines > texts) {
        page->foot_size = full;
        lines = count_foot_lines(page, kit, sheet);
    }
    page->foot_step = page->foot_size * 1.37;
    double last = page->height - page->margin + 8 * kit->k;
    page->foot_at = last - fmax(lines - 1, 0) * page->foot_step;
}

double page_foot_top(const struct page *page, const struct kit *kit)
{
    return page->foot_at - page->foot_size - 6 * kit->k;
}

/* Condensed when it is too wide, then smaller, then on more lines: period and numbers never go. */
static void fit_subtitle(struct page *page, const struct kit *kit, const struct map_sheet *sheet)
{
    double width = page->width - 2 * page->margin,
           full = kit_size(kit, kit->style->type.subtitle, 7);
    const double least = fmax(full * 0.8, 7);
    page->subtitle = kit_letters(FACE_REGULAR, full, kit->style->colour.muted);
    page->subtitle_lines = 0;
    if (!map_has(sheet->texts.subtitle))
        return;
    if (canvas_text_width(kit->canvas, &page->subtitle, sheet->texts.subtitle) > width)
        page->subtitle.face = FACE_CONDENSED;
    while (page->subtitle.size - 0.25 >= least
           && canvas_text_width(kit->canvas, &page->subtitle, sheet->texts.subtitle) > width)
        page->subtitle.size -= 0.25;
    page->subtitle_lines = canvas_paragraph(kit->canvas, &page->subtitle, sheet->texts.subtitle,
                                            &(struct paragraph){.width = width, .measure = true});
}

double page_head_end(const struct page *page)
{
    return page->subtitle_at + fmax(page->subtitle_lines - 1, 0) * page->subtitle.size * 1.25;
}

static void fit_head(struct page *page, const struct kit *kit, const struct map_sheet *sheet)
{
    fit_title(page, kit, sheet);
    fit_subtitle(page, kit, sheet);
    page->title_at = page->margin + page->title_size * 0.87;
    double last = page->title_at + (page->title_lines - 1) * page->title_size * 1.2;
    if (!has_title(sheet))
        last = page->margin - 8 * kit->k;
    page->subtitle_at = last;
    if (map_has(sheet->texts.subtitle))
        page->subtitle_at += kit_size(kit, kit->style->type.subtitle, 7) + 8.5 * kit->k;
}

struct page_room page_room(const struct map_page *page, const struct style *style)
{
    const double least_map = 60;
    const struct map_sheet sheet = {.page = *page};
    struct kit kit = page_kit(NULL, &sheet, style);
    double margin = style->page.margin * fmin(kit.k, 1.2);
    double title = kit_size(&kit, style->type.title, 13);
    double subtitle = kit_size(&kit, style->type.subtitle, 7);
    double foot = kit_size(&kit, style->type.foot, 6) * 1.37;
    double above = margin + title * 0.87 + subtitle + (8.5 + 14) * kit.k;
    double below = margin + (6 - 8) * kit.k + 2 * foot + foot / 1.37;
    struct page_room room = {.width = page_width(&sheet, style) - 2 * margin};
    room.usual = fmax(page_height(&sheet, style) - above - below, least_map);
    room.least = fmax(room.usual - 2.4 * title - 1.25 * subtitle - 6 * foot, least_map);
    return room;
}

bool page_refuse(const struct page *page, struct error *error)
{
    return error_set(error, ERROR_USAGE,
                     "a page of %g by %g points has no room for a map under its texts; take a "
                     "larger --page",
                     page->width, page->height);
}

bool page_fit(struct page *page, const struct kit *kit, const struct map_sheet *sheet,
              struct error *error)
{
    const double least_map = 60;
    *page = (struct page){.width = page_width(sheet, kit->style),
                          .height = page_height(sheet, kit->style),
                          .margin = kit->style->page.margin * fmin(kit->k, 1.2)};
    fit_head(page, kit, sheet);
    fit_foot(page, kit, sheet);
    return page_foot_top(page, kit) - page_head_end(page) >= least_map || page_refuse(page, error);
}

static void draw_head(const struct page *page, const struct kit *kit, const struct map_sheet *sheet)
{
    double width = page->width - 2 * page->margin;
    struct letters title = title_letters(kit, page->title_size);
    if (has_title(sheet))
        canvas_paragraph(kit->canvas, &title, sheet->texts.title,
                         &(struct paragraph){.x = page->margin,
                                             .y = page->title_at,
                                             .width = width + 0.5,
                                             .leading = page->title_size * 1.2,
                                             .lines_most = page->title_lines});
    if (page->subtitle_lines > 0)
        canvas_paragraph(kit->canvas, &page->subtitle, sheet->texts.subtitle,
                         &(struct paragraph){.x = page->margin,
                                             .y = page->subtitle_at,
                                             .width = width + 0.5,
                                             .leading = page->subtitle.size * 1.25});
}

static void draw_foot(const struct page *page, const struct kit *kit, const struct map_sheet *sheet)
{
    struct letters letters = foot_letters(page, kit);
    struct paragraph paragraph = {
        .x = page->margin, .y = page->foot_at, .leading = page->foot_step};
    for (int i = 0; i < 3; i++) {
        if (!map_has(sheet->texts.foot[i]))
            continue;
        paragraph.width = foot_width(page, kit, sheet, i);
        paragraph.y += page->foot_step
                       * canvas_paragraph(kit->canvas, &letters, sheet->texts.foot[i], &paragraph);
    }
    if (map_has(sheet->texts.folio))
        canvas_text(kit->canvas,
                    (struct spot){.x = page->width - page->margin,
                                  .y = fmax(paragraph.y - page->foot_step, page->foot_at),
                                  .align = ALIGN_RIGHT},
                    &letters, sheet->texts.folio);
}

void page_draw(const struct page *page, const struct kit *kit, const struct map_sheet *sheet)
{
    canvas_rectangle(kit->canvas, kit->style->colour.paper,
                     (double[4]){0, 0, page->width, page->height});
    draw_head(page, kit, sheet);
    draw_foot(page, kit, sheet);
}

void page_snap(double frame[4], double scale)
{
    double right = round((frame[0] + frame[2]) * scale) / scale;
    double bottom = round((frame[1] + frame[3]) * scale) / scale;
    frame[0] = round(frame[0] * scale) / scale;
    frame[1] = round(frame[1] * scale) / scale;
    frame[2] = fmax(right - frame[0], 1 / scale);
    frame[3] = fmax(bottom - frame[1], 1 / scale);
}

struct kit page_kit(struct canvas *canvas, const struct map_sheet *sheet, const struct style *style)
{
    double ratio = page_width(sheet, style) * page_height(sheet, style)
                   / (style->page.width * style->page.height);
    double k = fmin(fmax(sqrt(ratio), 0.75), 1.6);
    return (struct kit){
        .canvas = canvas, .style = style, .k = k, .unit = k * style->page.furniture};
}

struct canvas *page_open(enum map_file file, struct canvas_size size, struct error *error)
{
    if (file == MAP_PNG)
        return canvas_open_image(size, error);
    return canvas_open_vector(file == MAP_PDF ? CANVAS_PDF : CANVAS_SVG, size, error);
}

static const char *find_note(const struct page_notes *notes, const char *key)
{
    for (size_t i = 0; i < notes->count; i++)
        if (strcmp(notes->notes[i].key, key) == 0)
            return notes->notes[i].text;
    return NULL;
}

static bool save_vector(struct canvas *canvas, const char *path, const struct page_notes *notes,
                        struct error *error)
{
    const struct canvas_about about = {.title = find_note(notes, "Title"),
                                       .description = find_note(notes, "Description"),
                                       .language = find_note(notes, "Language")};
    return canvas_write_vector(canvas, path, &about, error);
}

bool page_save(struct canvas *canvas, const char *path, const struct page_notes *notes,
               struct error *error)
{
    if (canvas_is_vector(canvas))
        return save_vector(canvas, path, notes, error);
    if (!canvas_lay_texts(canvas, notes->thread_count, error))
        return false;
    struct canvas_pixels drawn = canvas_pixels(canvas);
    struct png_pixels pixels = {.bytes = drawn.bytes,
                                .stride = drawn.stride,
                                .width = (uint32_t)drawn.width,
                                .height = (uint32_t)drawn.height};
    struct png_options options = {canvas_scale(canvas) * 72, notes->notes, notes->count,
                                  notes->thread_count};
    return png_write(path, &pixels, &options, error);
}
