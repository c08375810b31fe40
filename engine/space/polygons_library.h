/* GEOS's functions, from a library that is loaded when one is first needed. Only files called
 * polygons* include this. */
#ifndef PLEIN_SPACE_POLYGONS_LIBRARY_H
#define PLEIN_SPACE_POLYGONS_LIBRARY_H

#include "engine/core/late.h"

#include <geos_c.h>

/* A function that is used is listed here and named below. */
/* clang-format off */
#define GEOS_FUNCTIONS(F) \
    F(GEOSArea_r) F(GEOSBoundary_r) F(GEOSBufferWithStyle_r) F(GEOSBuffer_r) F(GEOSConcaveHull_r) \
    F(GEOSContext_setErrorMessageHandler_r) F(GEOSContext_setNoticeMessageHandler_r) \
    F(GEOSConvexHull_r) F(GEOSCoordSeq_copyFromArrays_r) F(GEOSCoordSeq_copyToArrays_r) \
    F(GEOSCoordSeq_create_r) F(GEOSCoordSeq_getSize_r) F(GEOSCoordSeq_setXY_r) \
    F(GEOSDelaunayTriangulation_r) F(GEOSDifference_r) F(GEOSDistanceWithin_r) F(GEOSFree_r) \
    F(GEOSGeomGetX_r) F(GEOSGeomGetY_r) F(GEOSGeomTypeId_r) F(GEOSGeom_clone_r) \
    F(GEOSGeom_createCollection_r) F(GEOSGeom_createLineString_r) F(GEOSGeom_createLinearRing_r) \
    F(GEOSGeom_createPointFromXY_r) F(GEOSGeom_createPoint_r) F(GEOSGeom_createPolygon_r) \
    F(GEOSGeom_destroy_r) F(GEOSGeom_getCoordSeq_r) F(GEOSGeom_getDimensions_r) \
    F(GEOSGeom_getXMax_r) F(GEOSGeom_getXMin_r) F(GEOSGeom_getYMax_r) F(GEOSGeom_getYMin_r) \
    F(GEOSGeom_setPrecision_r) F(GEOSGetExteriorRing_r) F(GEOSGetGeometryN_r) \
    F(GEOSGetInteriorRingN_r) F(GEOSGetNumGeometries_r) F(GEOSGetNumInteriorRings_r) \
    F(GEOSIntersection_r) F(GEOSLength_r) F(GEOSLineMerge_r) F(GEOSMakeValidParams_create_r) \
    F(GEOSMakeValidParams_destroy_r) F(GEOSMakeValidParams_setMethod_r) \
    F(GEOSMakeValidWithParams_r) F(GEOSPrepare_r) F(GEOSPreparedDistanceWithin_r) \
    F(GEOSPreparedGeom_destroy_r) F(GEOSPreparedIntersects_r) F(GEOSSTRtree_create_r) \
    F(GEOSSTRtree_destroy_r) F(GEOSSTRtree_insert_r) F(GEOSSTRtree_query_r) F(GEOSSimplify_r) \
    F(GEOSUnaryUnion_r) F(GEOSUnion_r) F(GEOS_finish_r) F(GEOS_init_r) F(GEOSisEmpty_r) \
    F(GEOSisValidDetail_r) F(GEOSisValid_r)
/* clang-format on */

struct geos_late {
    GEOS_FUNCTIONS(LATE_MEMBER)
};

/* Filled by polygons_library_load, before which no function below may be called. */
extern struct geos_late geos_late;
bool polygons_library_load(struct error *error);

#define GEOSArea_r geos_late.GEOSArea_r
#define GEOSBoundary_r geos_late.GEOSBoundary_r
#define GEOSBufferWithStyle_r geos_late.GEOSBufferWithStyle_r
#define GEOSBuffer_r geos_late.GEOSBuffer_r
#define GEOSConcaveHull_r geos_late.GEOSConcaveHull_r
#define GEOSContext_setErrorMessageHandler_r geos_late.GEOSContext_setErrorMessageHandler_r
#define GEOSContext_setNoticeMessageHandler_r geos_late.GEOSContext_setNoticeMessageHandler_r
#define GEOSConvexHull_r geos_late.GEOSConvexHull_r
#define GEOSCoordSeq_copyFromArrays_r geos_late.GEOSCoordSeq_copyFromArrays_r
#define GEOSCoordSeq_copyToArrays_r geos_late.GEOSCoordSeq_copyToArrays_r
#define GEOSCoordSeq_create_r geos_late.GEOSCoordSeq_create_r
#define GEOSCoordSeq_getSize_r geos_late.GEOSCoordSeq_getSize_r
#define GEOSCoordSeq_setXY_r geos_late.GEOSCoordSeq_setXY_r
#define GEOSDelaunayTriangulation_r geos_late.GEOSDelaunayTriangulation_r
#define GEOSDifference_r geos_late.GEOSDifference_r
#define GEOSDistanceWithin_r geos_late.GEOSDistanceWithin_r
#define GEOSFree_r geos_late.GEOSFree_r
#define GEOSGeomGetX_r geos_late.GEOSGeomGetX_r
#define GEOSGeomGetY_r geos_late.GEOSGeomGetY_r
#define GEOSGeomTypeId_r geos_late.GEOSGeomTypeId_r
#define GEOSGeom_clone_r geos_late.GEOSGeom_clone_r
#define GEOSGeom_createCollection_r geos_late.GEOSGeom_createCollection_r
#define GEOSGeom_createLineString_r geos_late.GEOSGeom_createLineString_r
#define GEOSGeom_createLinearRing_r geos_late.GEOSGeom_createLinearRing_r
#define GEOSGeom_createPointFromXY_r geos_late.GEOSGeom_createPointFromXY_r
#define GEOSGeom_createPoint_r geos_late.GEOSGeom_createPoint_r
#define GEOSGeom_createPolygon_r geos_late.GEOSGeom_createPolygon_r
#define GEOSGeom_destroy_r geos_late.GEOSGeom_destroy_r
#define GEOSGeom_getCoordSeq_r geos_late.GEOSGeom_getCoordSeq_r
#define GEOSGeom_getDimensions_r geos_late.GEOSGeom_getDimensions_r
#define GEOSGeom_getXMax_r geos_late.GEOSGeom_getXMax_r
#define GEOSGeom_getXMin_r geos_late.GEOSGeom_getXMin_r
#define GEOSGeom_getYMax_r geos_late.GEOSGeom_getYMax_r
#define GEOSGeom_getYMin_r geos_late.GEOSGeom_getYMin_r
#define GEOSGeom_setPrecision_r geos_late.GEOSGeom_setPrecision_r
#define GEOSGetExteriorRing_r geos_late.GEOSGetExteriorRing_r
#define GEOSGetGeometryN_r geos_late.GEOSGetGeometryN_r
#define GEOSGetInteriorRingN_r geos_late.GEOSGetInteriorRingN_r
#define GEOSGetNumGeometries_r geos_late.GEOSGetNumGeometries_r
#define GEOSGetNumInteriorRings_r geos_late.GEOSGetNumInteriorRings_r
#define GEOSIntersection_r geos_late.GEOSIntersection_r
#define GEOSLength_r geos_late.GEOSLength_r
#define GEOSLineMerge_r geos_late.GEOSLineMerge_r
#define GEOSMakeValidParams_create_r geos_late.GEOSMakeValidParams_create_r
#define GEOSMakeValidParams_destroy_r geos_late.GEOSMakeValidParams_destroy_r
#define GEOSMakeValidParams_setMethod_r geos_late.GEOSMakeValidParams_setMethod_r
#define GEOSMakeValidWithParams_r geos_late.GEOSMakeValidWithParams_r
#define GEOSPrepare_r geos_late.GEOSPrepare_r
#define GEOSPreparedDistanceWithin_r geos_late.GEOSPreparedDistanceWithin_r
#define GEOSPreparedGeom_destroy_r geos_late.GEOSPreparedGeom_destroy_r
#define GEOSPreparedIntersects_r geos_late.GEOSPreparedIntersects_r
#define GEOSSTRtree_create_r geos_late.GEOSSTRtree_create_r
#define GEOSSTRtree_destroy_r geos_late.GEOSSTRtree_destroy_r
#define GEOSSTRtree_insert_r geos_late.GEOSSTRtree_insert_r
#define GEOSSTRtree_query_r geos_late.GEOSSTRtree_query_r
#define GEOSSimplify_r geos_late.GEOSSimplify_r
#define GEOSUnaryUnion_r geos_late.GEOSUnaryUnion_r
#define GEOSUnion_r geos_late.GEOSUnion_r
#define GEOS_finish_r geos_late.GEOS_finish_r
#define GEOS_init_r geos_late.GEOS_init_r
#define GEOSisEmpty_r geos_late.GEOSisEmpty_r
#define GEOSisValidDetail_r geos_late.GEOSisValidDetail_r
#define GEOSisValid_r geos_late.GEOSisValid_r

#endif
