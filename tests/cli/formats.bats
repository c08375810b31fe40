#!/usr/bin/env bats
# Real incidents, turned into every format that plein reads, give the bytes of the table they came as.

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
    PLEIN=${PLEIN:-$PWD/build/plein}
    scratch=$BATS_TEST_TMPDIR
    real=${PLEIN_REAL:-../shared/real}
}

needs() { # program, package
    command -v "$1" >/dev/null || { echo "SKIPPED: $1 is not here (apt-get install $2)" >&2; skip "$1 is not here"; }
}

needs_real() {
    [ -e "$real/$1" ] || { echo "SKIPPED: $real/$1 is not there; set PLEIN_REAL" >&2; skip "$real/$1 is not there"; }
}

# Writes incidents.geojson: the table's rows with their places, and without the columns that held them.
as_features() { # file, delimiter, encoding, lon, lat
    python3 - "$scratch" "$@" <<'PY'
import csv, gzip, json, sys
scratch, path, delimiter, encoding, lon, lat = sys.argv[1:]
opened = gzip.open(path, "rt", encoding=encoding, newline="") if path.endswith(".gz") else open(path, encoding=encoding, newline="")
rows = list(csv.DictReader(opened, delimiter=delimiter))
kept = []
with open(scratch + "/incidents.csv", "w", newline="", encoding="utf-8") as out:
    table = csv.DictWriter(out, rows[0].keys(), lineterminator="\n")
    table.writeheader()
    for row in rows:
        try:
            place = [float(row[lon].replace(",", ".")), float(row[lat].replace(",", "."))]
        except ValueError:
            continue  # the row of Berlin whose columns are shifted
        table.writerow({**row, lon: repr(place[0]), lat: repr(place[1])})
        kept.append({"type": "Feature", "properties": {k: v for k, v in row.items() if k not in (lon, lat)},
                     "geometry": {"type": "Point", "coordinates": place}})
json.dump({"type": "FeatureCollection", "features": kept}, open(scratch + "/incidents.geojson", "w"))
PY
}

locate() { # file
    "$PLEIN" locate --boundaries "$real/boundaries/$boundaries" --incidents "real=$1" --crs "$crs" --timezone Europe/Berlin --quiet --format csv
}

same_in_every_format() { # rows at least
    locate "$scratch/incidents.csv" >"$scratch/csv.out"
    [ "$(wc -l <"$scratch/csv.out")" -gt "$1" ]
    ogr2ogr -f GPKG "$scratch/incidents.gpkg" "$scratch/incidents.geojson"
    ogr2ogr -f GeoJSONSeq "$scratch/incidents.geojsons" "$scratch/incidents.geojson" -lco COORDINATE_PRECISION=15
    OGR_XLSX_FIELD_TYPES=STRING ogr2ogr -f XLSX "$scratch/incidents.xlsx" "$scratch/incidents.csv" -oo AUTODETECT_TYPE=NO
    ogr2ogr -f "ESRI Shapefile" "$scratch/incidents.shp" "$scratch/incidents.geojson" -lco ENCODING=UTF-8 \
        -oo DATE_AS_STRING=YES 2>/dev/null
    gzip -kn "$scratch/incidents.csv"
    for format in geojson geojsons gpkg xlsx shp csv.gz; do
        locate "$scratch/incidents.$format" >"$scratch/other.out"
        cmp "$scratch/csv.out" "$scratch/other.out" || { echo "$format"; return 1; }
    done
}

@test "Lancashire's reports are the same from seven kinds of file" {
    needs ogr2ogr gdal-bin
    needs_real incidents/lancashire_asb.tab
    boundaries=lancashire_districts.shp crs=EPSG:32630
    as_features "$real/incidents/lancashire_asb.tab" $'\t' utf-8 longitude latitude
    same_in_every_format 56000
}

@test "Berlin's accidents are the same from seven kinds of file" {
    needs ogr2ogr gdal-bin
    needs_real incidents/berlin_strassenverkehrsunfaelle_2019.csv
    boundaries=berlin/lor_bzr.shp crs=EPSG:25833
    as_features "$real/incidents/berlin_strassenverkehrsunfaelle_2019.csv" ';' iso-8859-1 XGCSWGS84 YGCSWGS84
    same_in_every_format 13300
}

@test "Chicago's assaults are the same from seven kinds of file" {
    needs ogr2ogr gdal-bin
    needs_real incidents/chicago_aggravated_assaults.csv.gz
    boundaries=chicago_police_districts.shp crs=EPSG:32616
    as_features "$real/incidents/chicago_aggravated_assaults.csv.gz" , utf-8 longitude latitude
    same_in_every_format 148000
}

@test "the boundaries of IJmond are the same from every kind of file" {
    needs ogr2ogr gdal-bin
    needs_real boundaries/ijmond_detailed.shp
    for set in ijmond_detailed ijmond_2017 ijmond_2022_generalised; do
        shape=$real/boundaries/$set.shp
        ogr2ogr -f GPKG "$scratch/$set.gpkg" "$shape" -nlt PROMOTE_TO_MULTI
        ogr2ogr -f GeoJSON "$scratch/$set.geojson" "$shape" -lco RFC7946=NO -lco COORDINATE_PRECISION=15
        (cd "$real/boundaries" && python3 -m zipfile -c "$scratch/$set.zip" $set.shp $set.shx $set.dbf $set.prj $set.cpg)
        gzip -cn "$scratch/$set.gpkg" >"$scratch/$set.gpkg.gz"
        for boundaries in "$shape" "$scratch/$set.gpkg" "$scratch/$set.geojson" "$scratch/$set.zip" "$scratch/$set.gpkg.gz"; do
            "$PLEIN" locate --boundaries "$boundaries" --incidents politie=data/europaplein/politie.csv \
                --quiet --format csv >"$scratch/out"
            [ -f "$scratch/$set.out" ] || cp "$scratch/out" "$scratch/$set.out"
            cmp "$scratch/$set.out" "$scratch/out" || { echo "$boundaries"; return 1; }
        done
        [ "$(grep -c ',Beverwijk,' "$scratch/out")" -gt 500 ]
    done
}
