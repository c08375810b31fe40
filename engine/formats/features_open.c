/* Opens the reader that a file's content asks for. */
#include "engine/formats/features_open.h"

#include "engine/formats/geojson_features.h"
#include "engine/formats/geopackage_read.h"
#include "engine/formats/ogr2ogr.h"
#include "engine/formats/shapefile_points.h"
#include "engine/formats/xlsx_read.h"

bool features_open(struct features *into, struct input *input, const struct features_wish *wish,
                   struct error *error)
{
    switch (input->kind) {
    case INPUT_JSON:
        return geojson_features(into, input, error);
    case INPUT_SQLITE:
        return geopackage_read(into, input, wish, error);
    case INPUT_SHAPEFILE:
        return shapefile_points(into, input, wish, error);
    case INPUT_XLSX:
        return xlsx_read(into, input, wish, error);
    case INPUT_FOREIGN:
        return ogr2ogr_open(into, input, wish, error);
    case INPUT_TEXT:
        break;
    }
    return error_set(error, ERROR_DATA, "%s: this is text, and no map", input->shown);
}
