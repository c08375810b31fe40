/* libxlsxwriter's functions, from a library that is loaded when one is first needed. Only
 * files called xlsx* include this. */
#ifndef PLEIN_FORMATS_XLSX_LIBRARY_H
#define PLEIN_FORMATS_XLSX_LIBRARY_H

#include "engine/core/late.h"

#include <xlsxwriter.h>

/* A function that is used is listed here and named below. */
/* clang-format off */
#define XLSX_FUNCTIONS(F) \
    F(format_set_bold) F(format_set_bottom) F(format_set_num_format) F(workbook_add_format) \
    F(workbook_add_worksheet) F(workbook_close) F(workbook_new_opt) F(workbook_set_properties) \
    F(worksheet_freeze_panes) F(worksheet_set_column) F(worksheet_write_number) \
    F(worksheet_write_string)
/* clang-format on */

struct xlsx_late {
    XLSX_FUNCTIONS(LATE_MEMBER)
};

/* Filled by xlsx_library_load, before which no function below may be called. */
extern struct xlsx_late xlsx_late;
bool xlsx_library_load(struct error *error);

#define format_set_bold xlsx_late.format_set_bold
#define format_set_bottom xlsx_late.format_set_bottom
#define format_set_num_format xlsx_late.format_set_num_format
#define workbook_add_format xlsx_late.workbook_add_format
#define workbook_add_worksheet xlsx_late.workbook_add_worksheet
#define workbook_close xlsx_late.workbook_close
#define workbook_new_opt xlsx_late.workbook_new_opt
#define workbook_set_properties xlsx_late.workbook_set_properties
#define worksheet_freeze_panes xlsx_late.worksheet_freeze_panes
#define worksheet_set_column xlsx_late.worksheet_set_column
#define worksheet_write_number xlsx_late.worksheet_write_number
#define worksheet_write_string xlsx_late.worksheet_write_string

#endif
