/* Feeds what reads workbooks as incidents arbitrary files, and workbooks of arbitrary parts: what
 * does not begin as a zip does are the parts, with a NUL behind each. */
#include "tests/fuzz/features_input.h"
#include "tests/fuzz/zip_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const NAMES[] = {"[Content_Types].xml",
                                        "xl/workbook.xml",
                                        "xl/_rels/workbook.xml.rels",
                                        "xl/sharedStrings.xml",
                                        "xl/styles.xml",
                                        "xl/worksheets/sheet1.xml",
                                        NULL};
    if (size > 0 && data[0] == 'P')
        return read_as(data, size, INPUT_XLSX);
    write_zip_of(NAMES, data, size);
    return read_written(INPUT_XLSX);
}
