/* PROJ's functions, from a library that is loaded when one is first needed. Only files called
 * projection* include this. */
#ifndef PLEIN_SPACE_PROJECTION_LIBRARY_H
#define PLEIN_SPACE_PROJECTION_LIBRARY_H

#include "engine/core/late.h"

#include <proj.h>
#include <proj_experimental.h>

/* A function that is used is listed here and named below. */
/* clang-format off */
#define PROJ_FUNCTIONS(F) \
    F(proj_as_wkt) F(proj_clone) F(proj_context_create) F(proj_context_destroy) \
    F(proj_context_get_database_path) F(proj_context_get_user_writable_directory) \
    F(proj_context_set_enable_network) F(proj_context_set_sqlite3_vfs_name) F(proj_coord) \
    F(proj_coordoperation_get_accuracy) F(proj_coordoperation_get_method_info) F(proj_create) \
    F(proj_create_crs_to_crs_from_pj) F(proj_create_operation_factory_context) \
    F(proj_create_operations) F(proj_crs_demote_to_2D) F(proj_crs_get_coordinate_system) \
    F(proj_crs_get_coordoperation) F(proj_crs_get_geodetic_crs) F(proj_crs_get_sub_crs) \
    F(proj_cs_get_axis_info) F(proj_degree_input) F(proj_destroy) \
    F(proj_ellipsoid_get_parameters) F(proj_errno_reset) F(proj_get_area_of_use) \
    F(proj_get_ellipsoid) F(proj_get_id_auth_name) F(proj_get_id_code) F(proj_get_name) \
    F(proj_get_source_crs) F(proj_get_type) F(proj_identify) F(proj_int_list_destroy) \
    F(proj_is_equivalent_to_with_ctx) F(proj_list_destroy) F(proj_list_get) \
    F(proj_list_get_count) F(proj_log_func) F(proj_normalize_for_visualization) \
    F(proj_operation_factory_context_destroy) \
    F(proj_operation_factory_context_set_grid_availability_use) \
    F(proj_operation_factory_context_set_spatial_criterion) F(proj_trans)
/* clang-format on */

struct proj_late {
    PROJ_FUNCTIONS(LATE_MEMBER)
};

/* Filled by projection_library_load, before which no function below may be called. */
extern struct proj_late proj_late;
bool projection_library_load(struct error *error);

#define proj_as_wkt proj_late.proj_as_wkt
#define proj_clone proj_late.proj_clone
#define proj_context_create proj_late.proj_context_create
#define proj_context_destroy proj_late.proj_context_destroy
#define proj_context_get_database_path proj_late.proj_context_get_database_path
#define proj_context_get_user_writable_directory proj_late.proj_context_get_user_writable_directory
#define proj_context_set_enable_network proj_late.proj_context_set_enable_network
#define proj_context_set_sqlite3_vfs_name proj_late.proj_context_set_sqlite3_vfs_name
#define proj_coord proj_late.proj_coord
#define proj_coordoperation_get_accuracy proj_late.proj_coordoperation_get_accuracy
#define proj_coordoperation_get_method_info proj_late.proj_coordoperation_get_method_info
#define proj_create proj_late.proj_create
#define proj_create_crs_to_crs_from_pj proj_late.proj_create_crs_to_crs_from_pj
#define proj_create_operation_factory_context proj_late.proj_create_operation_factory_context
#define proj_create_operations proj_late.proj_create_operations
#define proj_crs_demote_to_2D proj_late.proj_crs_demote_to_2D
#define proj_crs_get_coordinate_system proj_late.proj_crs_get_coordinate_system
#define proj_crs_get_coordoperation proj_late.proj_crs_get_coordoperation
#define proj_crs_get_geodetic_crs proj_late.proj_crs_get_geodetic_crs
#define proj_crs_get_sub_crs proj_late.proj_crs_get_sub_crs
#define proj_cs_get_axis_info proj_late.proj_cs_get_axis_info
#define proj_degree_input proj_late.proj_degree_input
#define proj_destroy proj_late.proj_destroy
#define proj_ellipsoid_get_parameters proj_late.proj_ellipsoid_get_parameters
#define proj_errno_reset proj_late.proj_errno_reset
#define proj_get_area_of_use proj_late.proj_get_area_of_use
#define proj_get_ellipsoid proj_late.proj_get_ellipsoid
#define proj_get_id_auth_name proj_late.proj_get_id_auth_name
#define proj_get_id_code proj_late.proj_get_id_code
#define proj_get_name proj_late.proj_get_name
#define proj_get_source_crs proj_late.proj_get_source_crs
#define proj_get_type proj_late.proj_get_type
#define proj_identify proj_late.proj_identify
#define proj_int_list_destroy proj_late.proj_int_list_destroy
#define proj_is_equivalent_to_with_ctx proj_late.proj_is_equivalent_to_with_ctx
#define proj_list_destroy proj_late.proj_list_destroy
#define proj_list_get proj_late.proj_list_get
#define proj_list_get_count proj_late.proj_list_get_count
#define proj_log_func proj_late.proj_log_func
#define proj_normalize_for_visualization proj_late.proj_normalize_for_visualization
#define proj_operation_factory_context_destroy proj_late.proj_operation_factory_context_destroy
#define proj_operation_factory_context_set_grid_availability_use                                   \
    proj_late.proj_operation_factory_context_set_grid_availability_use
#define proj_operation_factory_context_set_spatial_criterion                                       \
    proj_late.proj_operation_factory_context_set_spatial_criterion
#define proj_trans proj_late.proj_trans

#endif
