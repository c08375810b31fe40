/* Cairo's, pango's and fontconfig's functions, from a library that is loaded when one is first
 * needed. Only files called canvas* include this. */
#ifndef PLEIN_DRAW_CANVAS_LIBRARY_H
#define PLEIN_DRAW_CANVAS_LIBRARY_H

#include "engine/core/late.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>

/* What pangocairo and the libraries below it have; a function is listed here and named below. */
/* clang-format off */
#define CANVAS_FUNCTIONS(F) \
    F(FcConfigAppFontAddFile) F(FcConfigCreate) F(FcConfigDestroy) F(FcConfigSetCurrent) \
    F(cairo_append_path) F(cairo_arc) F(cairo_clip) F(cairo_close_path) F(cairo_copy_path) F(cairo_copy_path_flat) F(cairo_create) F(cairo_destroy) F(cairo_fill) \
    F(cairo_fill_preserve) F(cairo_font_options_create) F(cairo_font_options_destroy) \
    F(cairo_font_options_set_antialias) F(cairo_font_options_set_hint_metrics) \
    F(cairo_font_options_set_hint_style) F(cairo_get_matrix) F(cairo_get_source) F(cairo_identity_matrix) \
    F(cairo_image_surface_create) F(cairo_image_surface_create_for_data) \
    F(cairo_image_surface_get_data) F(cairo_image_surface_get_stride) F(cairo_line_to) \
    F(cairo_mask) F(cairo_matrix_init_scale) F(cairo_matrix_translate) F(cairo_move_to) \
    F(cairo_new_path) F(cairo_new_sub_path) F(cairo_paint) F(cairo_paint_with_alpha) F(cairo_path_destroy) F(cairo_path_extents) \
    F(cairo_pattern_create_for_surface) F(cairo_pattern_destroy) F(cairo_pattern_set_filter) \
    F(cairo_pattern_set_matrix) F(cairo_pdf_surface_create_for_stream) \
    F(cairo_pdf_surface_set_metadata) F(cairo_pop_group) F(cairo_pop_group_to_source) \
    F(cairo_push_group) F(cairo_rectangle) F(cairo_restore) F(cairo_rotate) F(cairo_save) \
    F(cairo_scale) F(cairo_scaled_font_status) F(cairo_set_antialias) F(cairo_set_dash) F(cairo_set_fill_rule) \
    F(cairo_set_line_cap) F(cairo_set_line_join) F(cairo_set_line_width) F(cairo_set_matrix) \
    F(cairo_set_operator) F(cairo_set_scaled_font) F(cairo_set_source) F(cairo_set_source_rgb) \
    F(cairo_set_source_rgba) F(cairo_set_source_surface) F(cairo_show_text_glyphs) F(cairo_status) \
    F(cairo_status_to_string) F(cairo_stroke_preserve) F(cairo_surface_destroy) \
    F(cairo_surface_finish) F(cairo_surface_flush) F(cairo_surface_mark_dirty) \
    F(cairo_surface_set_device_offset) F(cairo_surface_set_fallback_resolution) \
    F(cairo_surface_status) F(cairo_svg_surface_create_for_stream) F(cairo_translate) \
    F(g_file_test) F(g_log_set_writer_func) F(g_object_unref) F(g_snprintf) \
    F(g_type_check_instance_cast) F(pango_attr_allow_breaks_new) F(pango_attr_letter_spacing_new) F(pango_attr_list_insert) \
    F(pango_attr_list_new) F(pango_attr_list_unref) F(pango_cairo_context_set_font_options) \
    F(pango_cairo_context_set_resolution) F(pango_cairo_font_get_scaled_font) \
    F(pango_cairo_font_map_new_for_font_type) F(pango_cairo_layout_line_path) \
    F(pango_cairo_show_layout_line) F(pango_context_set_language) \
    F(pango_context_set_round_glyph_positions) F(pango_fc_font_map_get_type) \
    F(pango_fc_font_map_set_config) F(pango_font_description_free) F(pango_font_description_new) \
    F(pango_font_description_set_absolute_size) F(pango_font_description_set_family_static) \
    F(pango_font_description_set_stretch) F(pango_font_description_set_style) \
    F(pango_font_description_set_weight) F(pango_font_map_create_context) \
    F(pango_language_from_string) F(pango_layout_get_extents) F(pango_layout_get_line_count) \
    F(pango_layout_get_line_readonly) F(pango_layout_get_text) F(pango_layout_line_get_extents) \
    F(pango_layout_new) F(pango_layout_set_attributes) F(pango_layout_set_auto_dir) \
    F(pango_layout_set_ellipsize) F(pango_layout_set_font_description) F(pango_layout_set_height) \
    F(pango_layout_set_single_paragraph_mode) F(pango_layout_set_text) F(pango_layout_set_width) \
    F(pango_layout_set_wrap)
/* clang-format on */

struct canvas_late {
    CANVAS_FUNCTIONS(LATE_MEMBER)
};

/* Filled by canvas_library_load, before which no function below may be called. */
extern struct canvas_late canvas_late;
bool canvas_library_load(struct error *error);

#define FcConfigAppFontAddFile canvas_late.FcConfigAppFontAddFile
#define FcConfigCreate canvas_late.FcConfigCreate
#define FcConfigDestroy canvas_late.FcConfigDestroy
#define FcConfigSetCurrent canvas_late.FcConfigSetCurrent
#define cairo_append_path canvas_late.cairo_append_path
#define cairo_arc canvas_late.cairo_arc
#define cairo_clip canvas_late.cairo_clip
#define cairo_close_path canvas_late.cairo_close_path
#define cairo_copy_path canvas_late.cairo_copy_path
#define cairo_copy_path_flat canvas_late.cairo_copy_path_flat
#define cairo_create canvas_late.cairo_create
#define cairo_destroy canvas_late.cairo_destroy
#define cairo_fill canvas_late.cairo_fill
#define cairo_fill_preserve canvas_late.cairo_fill_preserve
#define cairo_font_options_create canvas_late.cairo_font_options_create
#define cairo_font_options_destroy canvas_late.cairo_font_options_destroy
#define cairo_font_options_set_antialias canvas_late.cairo_font_options_set_antialias
#define cairo_font_options_set_hint_metrics canvas_late.cairo_font_options_set_hint_metrics
#define cairo_font_options_set_hint_style canvas_late.cairo_font_options_set_hint_style
#define cairo_get_matrix canvas_late.cairo_get_matrix
#define cairo_get_source canvas_late.cairo_get_source
#define cairo_identity_matrix canvas_late.cairo_identity_matrix
#define cairo_image_surface_create canvas_late.cairo_image_surface_create
#define cairo_image_surface_create_for_data canvas_late.cairo_image_surface_create_for_data
#define cairo_image_surface_get_data canvas_late.cairo_image_surface_get_data
#define cairo_image_surface_get_stride canvas_late.cairo_image_surface_get_stride
#define cairo_line_to canvas_late.cairo_line_to
#define cairo_mask canvas_late.cairo_mask
#define cairo_matrix_init_scale canvas_late.cairo_matrix_init_scale
#define cairo_matrix_translate canvas_late.cairo_matrix_translate
#define cairo_move_to canvas_late.cairo_move_to
#define cairo_new_path canvas_late.cairo_new_path
#define cairo_new_sub_path canvas_late.cairo_new_sub_path
#define cairo_paint canvas_late.cairo_paint
#define cairo_paint_with_alpha canvas_late.cairo_paint_with_alpha
#define cairo_path_destroy canvas_late.cairo_path_destroy
#define cairo_path_extents canvas_late.cairo_path_extents
#define cairo_pattern_create_for_surface canvas_late.cairo_pattern_create_for_surface
#define cairo_pattern_destroy canvas_late.cairo_pattern_destroy
#define cairo_pattern_set_filter canvas_late.cairo_pattern_set_filter
#define cairo_pattern_set_matrix canvas_late.cairo_pattern_set_matrix
#define cairo_pdf_surface_create_for_stream canvas_late.cairo_pdf_surface_create_for_stream
#define cairo_pdf_surface_set_metadata canvas_late.cairo_pdf_surface_set_metadata
#define cairo_pop_group canvas_late.cairo_pop_group
#define cairo_pop_group_to_source canvas_late.cairo_pop_group_to_source
#define cairo_push_group canvas_late.cairo_push_group
#define cairo_rectangle canvas_late.cairo_rectangle
#define cairo_restore canvas_late.cairo_restore
#define cairo_rotate canvas_late.cairo_rotate
#define cairo_save canvas_late.cairo_save
#define cairo_scale canvas_late.cairo_scale
#define cairo_scaled_font_status canvas_late.cairo_scaled_font_status
#define cairo_set_antialias canvas_late.cairo_set_antialias
#define cairo_set_dash canvas_late.cairo_set_dash
#define cairo_set_fill_rule canvas_late.cairo_set_fill_rule
#define cairo_set_line_cap canvas_late.cairo_set_line_cap
#define cairo_set_line_join canvas_late.cairo_set_line_join
#define cairo_set_line_width canvas_late.cairo_set_line_width
#define cairo_set_matrix canvas_late.cairo_set_matrix
#define cairo_set_operator canvas_late.cairo_set_operator
#define cairo_set_source canvas_late.cairo_set_source
#define cairo_set_source_rgb canvas_late.cairo_set_source_rgb
#define cairo_set_source_rgba canvas_late.cairo_set_source_rgba
#define cairo_set_source_surface canvas_late.cairo_set_source_surface
#define cairo_status canvas_late.cairo_status
#define cairo_status_to_string canvas_late.cairo_status_to_string
#define cairo_stroke_preserve canvas_late.cairo_stroke_preserve
#define cairo_surface_destroy canvas_late.cairo_surface_destroy
#define cairo_surface_finish canvas_late.cairo_surface_finish
#define cairo_surface_flush canvas_late.cairo_surface_flush
#define cairo_surface_mark_dirty canvas_late.cairo_surface_mark_dirty
#define cairo_surface_set_device_offset canvas_late.cairo_surface_set_device_offset
#define cairo_surface_set_fallback_resolution canvas_late.cairo_surface_set_fallback_resolution
#define cairo_surface_status canvas_late.cairo_surface_status
#define cairo_svg_surface_create_for_stream canvas_late.cairo_svg_surface_create_for_stream
#define cairo_translate canvas_late.cairo_translate
#define g_file_test canvas_late.g_file_test
#define g_log_set_writer_func canvas_late.g_log_set_writer_func
#define g_object_unref canvas_late.g_object_unref
#define g_snprintf canvas_late.g_snprintf
#define g_type_check_instance_cast canvas_late.g_type_check_instance_cast
#define pango_attr_allow_breaks_new canvas_late.pango_attr_allow_breaks_new
#define pango_attr_letter_spacing_new canvas_late.pango_attr_letter_spacing_new
#define pango_attr_list_insert canvas_late.pango_attr_list_insert
#define pango_attr_list_new canvas_late.pango_attr_list_new
#define pango_attr_list_unref canvas_late.pango_attr_list_unref
#define pango_cairo_context_set_font_options canvas_late.pango_cairo_context_set_font_options
#define pango_cairo_context_set_resolution canvas_late.pango_cairo_context_set_resolution
#define pango_cairo_font_get_scaled_font canvas_late.pango_cairo_font_get_scaled_font
#define pango_cairo_font_map_new_for_font_type canvas_late.pango_cairo_font_map_new_for_font_type
#define pango_cairo_layout_line_path canvas_late.pango_cairo_layout_line_path
#define pango_cairo_show_layout_line canvas_late.pango_cairo_show_layout_line
#define pango_context_set_language canvas_late.pango_context_set_language
#define pango_context_set_round_glyph_positions canvas_late.pango_context_set_round_glyph_positions
#define pango_fc_font_map_get_type canvas_late.pango_fc_font_map_get_type
#define pango_fc_font_map_set_config canvas_late.pango_fc_font_map_set_config
#define pango_font_description_free canvas_late.pango_font_description_free
#define pango_font_description_new canvas_late.pango_font_description_new
#define pango_font_description_set_absolute_size                                                   \
    canvas_late.pango_font_description_set_absolute_size
#define pango_font_description_set_family_static                                                   \
    canvas_late.pango_font_description_set_family_static
#define pango_font_description_set_stretch canvas_late.pango_font_description_set_stretch
#define pango_font_description_set_style canvas_late.pango_font_description_set_style
#define pango_font_description_set_weight canvas_late.pango_font_description_set_weight
#define pango_font_map_create_context canvas_late.pango_font_map_create_context
#define pango_language_from_string canvas_late.pango_language_from_string
#define pango_layout_get_extents canvas_late.pango_layout_get_extents
#define pango_layout_get_line_count canvas_late.pango_layout_get_line_count
#define pango_layout_get_line_readonly canvas_late.pango_layout_get_line_readonly
#define pango_layout_new canvas_late.pango_layout_new
#define pango_layout_set_attributes canvas_late.pango_layout_set_attributes
#define pango_layout_set_auto_dir canvas_late.pango_layout_set_auto_dir
#define pango_layout_set_ellipsize canvas_late.pango_layout_set_ellipsize
#define pango_layout_set_font_description canvas_late.pango_layout_set_font_description
#define pango_layout_set_height canvas_late.pango_layout_set_height
#define pango_layout_set_single_paragraph_mode canvas_late.pango_layout_set_single_paragraph_mode
#define pango_layout_set_text canvas_late.pango_layout_set_text
#define pango_layout_set_width canvas_late.pango_layout_set_width
#define pango_layout_set_wrap canvas_late.pango_layout_set_wrap
#define cairo_set_scaled_font canvas_late.cairo_set_scaled_font
#define cairo_show_text_glyphs canvas_late.cairo_show_text_glyphs
#define pango_cairo_font_get_scaled_font canvas_late.pango_cairo_font_get_scaled_font
#define pango_layout_get_text canvas_late.pango_layout_get_text
#define pango_layout_line_get_extents canvas_late.pango_layout_line_get_extents

#endif
