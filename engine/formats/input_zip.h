/* Which member of a zip is meant: the only one that may hold a table or a map, or one by its name.
 */
#ifndef PLEIN_FORMATS_INPUT_ZIP_H
#define PLEIN_FORMATS_INPUT_ZIP_H

#include "engine/formats/zip_archive.h"

/* The only member that may be meant; for shapes no table may. SIZE_MAX and ERROR_DATA, with their
 * names, when there are none or several. */
size_t input_zip_choose(const struct zip_archive *archive, const char *path, bool for_shapes,
                        struct error *error);
/* The member that `wanted` names, whole or without its folder, before its end or a colon; *length
 * is how much of it that is. SIZE_MAX: none. */
size_t input_zip_named(size_t *length, const struct zip_archive *archive, const char *wanted);
/* Whether the zip itself is an Excel workbook, or one of OpenDocument's. */
bool input_zip_is_workbook(const struct zip_archive *archive);
bool input_zip_is_opendocument(const struct zip_archive *archive);
/* Whether the file is a zip with the manifest and the table of a handover; false also where it
 * cannot be read, which whoever reads it tells. */
bool input_zip_is_handover(const char *path);

#endif
