/* libgeotiff's and libtiff's functions, from a library that is loaded when one is first needed.
 * Only files called geotiff* include this. */
#ifndef PLEIN_FORMATS_GEOTIFF_LIBRARY_H
#define PLEIN_FORMATS_GEOTIFF_LIBRARY_H

#include "engine/core/late.h"

#include <geotiff/geotiffio.h>
#include <geotiff/xtiffio.h>
#include <tiffio.h>

/* A function that is used is listed here and named below. */
/* clang-format off */
#define GEOTIFF_FUNCTIONS(F) \
    F(GTIFFree) F(GTIFKeySet) F(GTIFNew) F(GTIFWriteKeys) F(TIFFFlush) F(TIFFMergeFieldInfo) \
    F(TIFFSetErrorHandler) F(TIFFSetField) F(TIFFSetWarningHandler) \
    F(TIFFWriteEncodedTile) F(XTIFFClientOpen) F(XTIFFClose)
/* clang-format on */

struct geotiff_late {
    GEOTIFF_FUNCTIONS(LATE_MEMBER)
};

/* Filled by geotiff_library_load, before which no function below may be called. */
extern struct geotiff_late geotiff_late;
bool geotiff_library_load(struct error *error);

#define GTIFFree geotiff_late.GTIFFree
#define GTIFKeySet geotiff_late.GTIFKeySet
#define GTIFNew geotiff_late.GTIFNew
#define GTIFWriteKeys geotiff_late.GTIFWriteKeys
#define TIFFFlush geotiff_late.TIFFFlush
#define TIFFMergeFieldInfo geotiff_late.TIFFMergeFieldInfo
#define TIFFSetField geotiff_late.TIFFSetField
#define TIFFSetErrorHandler geotiff_late.TIFFSetErrorHandler
#define TIFFSetWarningHandler geotiff_late.TIFFSetWarningHandler
#define TIFFWriteEncodedTile geotiff_late.TIFFWriteEncodedTile
#define XTIFFClientOpen geotiff_late.XTIFFClientOpen
#define XTIFFClose geotiff_late.XTIFFClose

#endif
