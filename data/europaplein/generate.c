/* Makes the sample study's files: `generate FOLDER`. Whole numbers only, so that every machine
 * writes the same bytes; no record is about anything that happened. */
#include "borders.h"
#include "councils.h"
#include "dialects.h"
#include "measures.h"
#include "reports.h"
#include "town.h"

int main(int argc, char **argv)
{
    static struct town town;
    static struct report reports[REPORT_COUNT];
    if (argc != 2) {
        fputs("use: generate FOLDER\n", stderr);
        return 2;
    }
    borders_write(argv[1]);
    town_plan(&town);
    town_write(&town, argv[1]);
    reports_make(reports, &town);
    dialects_write(reports, argv[1]);
    councils_write(argv[1]);
    measures_write(argv[1]);
    return 0;
}
