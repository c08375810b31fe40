/* libzip's functions, from a library that is loaded when one is first needed. Only files called
 * zip* include this. */
#ifndef PLEIN_FORMATS_ZIP_LIBRARY_H
#define PLEIN_FORMATS_ZIP_LIBRARY_H

#include "engine/core/late.h"

#include <zip.h>

/* A function that is used is listed here and named below. */
/* clang-format off */
#define ZIP_FUNCTIONS(F) \
    F(zip_close) F(zip_discard) F(zip_error_fini) F(zip_error_init) F(zip_error_strerror) \
    F(zip_fclose) F(zip_file_add) F(zip_file_get_external_attributes) F(zip_file_set_dostime) \
    F(zip_file_set_external_attributes) F(zip_fopen_index) F(zip_fread) F(zip_get_error) \
    F(zip_get_num_entries) F(zip_open_from_source) F(zip_set_file_compression) \
    F(zip_source_buffer) F(zip_source_buffer_create) F(zip_source_close) F(zip_source_file_create) \
    F(zip_source_free) F(zip_source_keep) F(zip_source_open) F(zip_source_read) F(zip_stat_index)
/* clang-format on */

struct zip_late {
    ZIP_FUNCTIONS(LATE_MEMBER)
};

/* Filled by zip_library_load, before which no function below may be called. */
extern struct zip_late zip_late;
bool zip_library_load(struct error *error);

#define zip_close zip_late.zip_close
#define zip_discard zip_late.zip_discard
#define zip_error_fini zip_late.zip_error_fini
#define zip_error_init zip_late.zip_error_init
#define zip_error_strerror zip_late.zip_error_strerror
#define zip_fclose zip_late.zip_fclose
#define zip_file_add zip_late.zip_file_add
#define zip_file_get_external_attributes zip_late.zip_file_get_external_attributes
#define zip_file_set_dostime zip_late.zip_file_set_dostime
#define zip_file_set_external_attributes zip_late.zip_file_set_external_attributes
#define zip_fopen_index zip_late.zip_fopen_index
#define zip_fread zip_late.zip_fread
#define zip_get_error zip_late.zip_get_error
#define zip_get_num_entries zip_late.zip_get_num_entries
#define zip_open_from_source zip_late.zip_open_from_source
#define zip_set_file_compression zip_late.zip_set_file_compression
#define zip_source_buffer zip_late.zip_source_buffer
#define zip_source_buffer_create zip_late.zip_source_buffer_create
#define zip_source_close zip_late.zip_source_close
#define zip_source_file_create zip_late.zip_source_file_create
#define zip_source_free zip_late.zip_source_free
#define zip_source_keep zip_late.zip_source_keep
#define zip_source_open zip_late.zip_source_open
#define zip_source_read zip_late.zip_source_read
#define zip_stat_index zip_late.zip_stat_index

#endif
