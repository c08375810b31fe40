#!/usr/bin/env bats
# Incidents in other formats than delimited text give the same study, byte for byte.

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
    PLEIN=${PLEIN:-$PWD/build/plein}
    scratch=$BATS_TEST_TMPDIR
    cp data/europaplein/politie.csv "$scratch/politie.csv"
}

locate() { # file [options]
    local file=$1
    shift
    "$PLEIN" locate --boundaries data/europaplein/gemeenten.shp --incidents "politie=$file" --quiet --format csv "$@"
}

same_as_csv() { # file
    locate "$scratch/politie.csv" >"$scratch/a"
    locate "$1" >"$scratch/b"
    [ "$(wc -l <"$scratch/a")" -gt 1800 ]
    cmp "$scratch/a" "$scratch/b"
}

# Writes politie.geojson; python code may change `collection` before.
make_geojson() {
    python3 - "$scratch" "${1:-pass}" <<'EOF'
import csv, json, sys
features = []
for row in csv.DictReader(open(sys.argv[1] + "/politie.csv", encoding="utf-8-sig")):
    lon, lat = row.pop("longitude"), row.pop("latitude")
    features.append({"type": "Feature", "properties": row,
                     "geometry": {"type": "Point", "coordinates": [float(lon), float(lat)]} if lon else None})
collection = {"type": "FeatureCollection", "features": features}
exec(sys.argv[2])
json.dump(collection, open(sys.argv[1] + "/politie.geojson", "w"))
EOF
}

@test "a gzip file is read as what is in it" {
    gzip -kn "$scratch/politie.csv"
    same_as_csv "$scratch/politie.csv.gz"
    # Whatever it is called.
    mv "$scratch/politie.csv.gz" "$scratch/x"
    same_as_csv "$scratch/x"
}

@test "gzip files one behind another are one" {
    head -n 1000 "$scratch/politie.csv" | gzip -n >"$scratch/two.gz"
    tail -n +1001 "$scratch/politie.csv" | gzip -n >>"$scratch/two.gz"
    same_as_csv "$scratch/two.gz"
}

@test "a gzip file that was cut short or damaged is refused, not half read" {
    gzip -kn "$scratch/politie.csv"
    head -c 20000 "$scratch/politie.csv.gz" >"$scratch/cut.gz"
    run locate "$scratch/cut.gz"
    [ "$status" -eq 65 ]
    [[ "$output" == *"cut.gz: "* ]]
    python3 - "$scratch" <<'EOF'
import sys
data = bytearray(open(sys.argv[1] + "/politie.csv.gz", "rb").read())
data[len(data) // 2] ^= 0xFF
open(sys.argv[1] + "/bad.gz", "wb").write(data)
EOF
    run locate "$scratch/bad.gz"
    [ "$status" -eq 65 ]
    head -c 100000 /dev/zero | gzip -n >"$scratch/zeros.gz"
    run locate "$scratch/zeros.gz"
    [ "$status" -eq 65 ]
}

@test "a gzip bomb ends in an error, not in memory" {
    [ -z "${PLEIN_SANITIZED:-}" ] || skip "a sanitizer needs more room than the limit here"
    head -c 300000000 /dev/zero | tr '\0' 'x' | gzip -1n >"$scratch/bomb.gz"
    run bash -c "ulimit -v 2000000; '$PLEIN' query --boundaries data/europaplein/gemeenten.shp --incidents '$scratch/bomb.gz' --quiet"
    [ "$status" -eq 65 ]
}

@test "a zip with one table is read, and one with several says which" {
    python3 -m zipfile -c "$scratch/one.zip" "$scratch/politie.csv"
    same_as_csv "$scratch/one.zip"
    python3 -m zipfile -c "$scratch/two.zip" "$scratch/politie.csv" data/europaplein/boa.csv
    run locate "$scratch/two.zip"
    [ "$status" -eq 65 ]
    [[ "$output" == *"two.zip: "*"politie.csv, boa.csv"* ]]
}

@test "a member of a zip is chosen by its name, which then is the source's" {
    (cd data/europaplein && python3 -m zipfile -c "$scratch/two.zip" politie.csv boa.csv)
    "$PLEIN" locate --boundaries data/europaplein/gemeenten.shp --incidents "$scratch/politie.csv" --quiet --format csv >"$scratch/a"
    "$PLEIN" locate --boundaries data/europaplein/gemeenten.shp --incidents "$scratch/two.zip:politie.csv" --quiet --format csv >"$scratch/b"
    cmp "$scratch/a" "$scratch/b"
    run locate "$scratch/two.zip:brandweer.csv"
    [ "$status" -eq 65 ]
}

@test "a zip bomb is refused before it is unpacked" {
    python3 - "$scratch" <<'EOF'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1] + "/bomb.zip", "w", zipfile.ZIP_DEFLATED) as bomb:
    bomb.writestr("a.csv", b"id,lon,lat\n" + b"x" * 100000000)
EOF
    run locate "$scratch/bomb.zip" --lang en
    [ "$status" -eq 65 ]
    [[ "$output" == *"'a.csv' is packed far closer than any real file"* ]]
    head -c 5000 "$scratch/bomb.zip" >"$scratch/cut.zip"
    run locate "$scratch/cut.zip"
    [ "$status" -eq 65 ]
}

@test "a sequence of features is read as the collection, with separators and without" {
    make_geojson
    python3 - "$scratch" <<'EOF'
import json, sys
features = json.load(open(sys.argv[1] + "/politie.geojson"))["features"]
open(sys.argv[1] + "/lines.geojsonl", "w").write("".join(json.dumps(f) + "\n" for f in features))
open(sys.argv[1] + "/rs.geojsons", "w").write("".join("\x1e" + json.dumps(f, indent=1) + "\n" for f in features))
EOF
    same_as_csv "$scratch/lines.geojsonl"
    same_as_csv "$scratch/rs.geojsons"
    head -c 5000 "$scratch/rs.geojsons" >"$scratch/cut"
    run locate "$scratch/cut"
    [ "$status" -eq 65 ]
}

@test "GeoJSON larger than the window is the same in the same memory" {
    make_geojson 'collection["features"] = [dict(f, properties=dict(f["properties"], filling="é" * 300)) for f in features]'
    same_as_csv "$scratch/politie.geojson"
    gzip -n "$scratch/politie.geojson"
    same_as_csv "$scratch/politie.geojson.gz"
}

@test "an old crs member is believed" {
    make_geojson 'collection["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4326"}}'
    same_as_csv "$scratch/politie.geojson"
    cat >"$scratch/rd.geojson" <<'EOF'
{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"id": "a"}, "geometry": {"type": "Point", "coordinates": [104940.885, 501621.694]}}],
 "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}}
EOF
    locate "$scratch/rd.geojson" | grep -q '^a,104940.885,501621.694,GM0396,'
    sed 's/EPSG::28992/EPSG::999999/' "$scratch/rd.geojson" >"$scratch/no.geojson"
    run locate "$scratch/no.geojson"
    [ "$status" -eq 65 ]
}

@test "points in GeoJSON are incidents, and one without a place has none" {
    make_geojson
    same_as_csv "$scratch/politie.geojson"
    make_geojson 'collection["features"].append({"type": "Feature", "properties": {"id": "nowhere", "category": "litter"}, "geometry": None})'
    locate "$scratch/politie.geojson" | tail -n 1 | grep -q '^nowhere,,,'
}

@test "GeoJSON that holds something else is refused with the feature's number" {
    make_geojson 'collection["features"][7]["geometry"] = {"type": "LineString", "coordinates": [[4, 52], [5, 52]]}'
    run locate "$scratch/politie.geojson"
    [ "$status" -eq 65 ]
    [[ "$output" == *"feature 8 is LineString"* || "$output" == *"8 is LineString"* ]]
    head -c 5000 "$scratch/politie.geojson" >"$scratch/cut.geojson"
    run locate "$scratch/cut.geojson"
    [ "$status" -eq 65 ]
    printf '{"type": "FeatureCollection", "features": [%s' "$(head -c 100000 /dev/zero | tr '\0' '[')" >"$scratch/deep.geojson"
    run locate "$scratch/deep.geojson"
    [ "$status" -eq 65 ]
}

@test "polygons in GeoJSON are boundaries, with names and codes from the usual properties" {
    python3 - "$scratch" <<'EOF'
import json, sys
def box(west, east, **properties):
    ring = [[west, 52.4], [east, 52.4], [east, 52.6], [west, 52.6], [west, 52.4]]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}
features = [box(4.5, 4.6, statcode="GM0001", statnaam="Westdorp, het", inwoners=5),
            box(4.6, 4.7, statcode="GM0002", statnaam="Oostdorp", inwoners=7),
            {"type": "Feature", "properties": {"statcode": "GM0003", "statnaam": "Nergens"}, "geometry": None}]
json.dump({"type": "FeatureCollection", "features": features}, open(sys.argv[1] + "/dorpen.geojson", "w"))
open(sys.argv[1] + "/drie.csv", "w").write("id,lon,lat\na,4.55,52.5\nb,4.65,52.5\nc,4.66,52.5\nd,5,52\n")
EOF
    run "$PLEIN" query --boundaries "$scratch/dorpen.geojson" --incidents "$scratch/drie.csv" --format csv --lang en
    [ "$status" -eq 0 ]
    [[ "$output" == *"features without a geometry, which are left out: 1"* ]]
    [[ "$output" == *"names come from the field statnaam, codes from statcode"* ]]
    [[ "$output" == *'GM0001,"Westdorp, het",1'* ]]
    [[ "$output" == *"GM0002,Oostdorp,2"* ]]
    [[ "$output" == *"(outside),1"* ]]
    run "$PLEIN" query --boundaries "$scratch/dorpen.geojson" --boundaries-name inwoners --incidents "$scratch/drie.csv" --format csv --quiet
    [[ "$output" == *"GM0001,5,1"* ]]
    run "$PLEIN" query --boundaries "$scratch/dorpen.geojson" --boundaries-name naam2 --incidents "$scratch/drie.csv" --quiet --lang en
    [ "$status" -eq 65 ]
    [[ "$output" == *"naam2"*"statnaam"* ]]
}

@test "a zipped shapefile is read as the shapefile" {
    (cd data/europaplein && python3 -m zipfile -c "$scratch/gemeenten.zip" gemeenten.shp gemeenten.shx gemeenten.dbf gemeenten.prj gemeenten.cpg)
    "$PLEIN" query --boundaries data/europaplein/gemeenten.shp --incidents "$scratch/politie.csv" --quiet >"$scratch/a"
    "$PLEIN" query --boundaries "$scratch/gemeenten.zip" --incidents "$scratch/politie.csv" --quiet >"$scratch/b"
    cmp "$scratch/a" "$scratch/b"
    python3 -m zipfile -c "$scratch/folder.zip" data/europaplein/
    run "$PLEIN" query --boundaries "$scratch/folder.zip" --incidents "$scratch/politie.csv" --quiet --lang en
    [ "$status" -eq 65 ]
    [[ "$output" == *"several files ("*"gemeenten.shp"* ]]
    "$PLEIN" query --boundaries "$scratch/folder.zip:gemeenten.shp" --incidents "$scratch/politie.csv" --quiet >"$scratch/c"
    cmp "$scratch/a" "$scratch/c"
    python3 -m zipfile -c "$scratch/none.zip" "$scratch/politie.csv"
    run "$PLEIN" query --boundaries "$scratch/none.zip" --incidents "$scratch/politie.csv" --quiet --lang en
    [ "$status" -eq 65 ]
    [[ "$output" == *"there is no map in this zip"* ]]
}

# Writes punten.shp and its parts: the places and times of politie.csv; python code may change `shp`, `shx`, `dbf`.
make_points() {
    python3 - "$scratch" "${1:-pass}" <<'EOF'
import csv, struct, sys
rows = list(csv.DictReader(open(sys.argv[1] + "/politie.csv", encoding="utf-8-sig")))
names = [n for n in rows[0] if n not in ("longitude", "latitude")]
def header(kind, size):
    return struct.pack(">i5ii", 9994, 0, 0, 0, 0, 0, size // 2) + struct.pack("<ii8d", 1000, kind, 0, 0, 0, 0, 0, 0, 0, 0)
records, index, at = b"", b"", 100
for i, row in enumerate(rows):
    content = struct.pack("<idd", 1, float(row["longitude"]), float(row["latitude"])) if row["longitude"] else struct.pack("<i", 0)
    records += struct.pack(">ii", i + 1, len(content) // 2) + content
    index += struct.pack(">ii", at // 2, len(content) // 2)
    at += 8 + len(content)
shp, shx = header(1, 100 + len(records)) + records, header(1, 100 + len(index)) + index
widths = [max(len(r[n].encode()) for r in rows) + 1 for n in names]
fields = b"".join(struct.pack("<11sc4xB15x", n[:10].encode(), b"C", w) for n, w in zip(names, widths))
dbf = struct.pack("<B3BIHH20x", 3, 124, 1, 1, len(rows), 32 + len(fields) + 1, sum(widths) + 1) + fields + b"\r"
dbf += b"".join(b" " + b"".join(r[n].encode().ljust(w) for n, w in zip(names, widths)) for r in rows)
prj = 'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
exec(sys.argv[2])
for name, data in (("shp", shp), ("shx", shx), ("dbf", dbf), ("prj", prj.encode()), ("cpg", b"UTF-8")):
    if data is not None:
        open(sys.argv[1] + "/punten." + name, "wb").write(data)
EOF
}

@test "a point shapefile is read as incidents, its names cut at ten letters" {
    make_points
    head -c 300 "$scratch/punten.dbf" | grep -q occurred_a
    same_as_csv "$scratch/punten.shp"
    (cd "$scratch" && python3 -m zipfile -c punten.zip punten.shp punten.shx punten.dbf punten.prj punten.cpg)
    same_as_csv "$scratch/punten.zip"
}

@test "an index that lies is done without, and so is one that is not there" {
    make_points 'shx = shx[:100] + shx[108:116] + shx[108:]'
    same_as_csv "$scratch/punten.shp"
    make_points 'shx = shx[:-3]'
    same_as_csv "$scratch/punten.shp"
    rm "$scratch/punten.shx"
    same_as_csv "$scratch/punten.shp"
}

@test "a damaged point shapefile is refused with the record's number" {
    make_points 'shp = shp[:-9]; shx = shx[:100]+shx[100:]'
    rm "$scratch/punten.shx"
    run locate "$scratch/punten.shp"
    [ "$status" -eq 65 ]
    [[ "$output" == *"record 18"* || "$output" == *"record 19"* ]]
    make_points 'shp = shp[:90]'
    run locate "$scratch/punten.shp"
    [ "$status" -eq 65 ]
    make_points 'dbf = dbf[:20]'
    run locate "$scratch/punten.shp"
    [ "$status" -eq 65 ]
    make_points 'shp = shp[:108] + struct.pack("<i", 5) + shp[112:]'
    run locate "$scratch/punten.shp"
    [ "$status" -eq 65 ]
    [[ "$output" == *"record 1 "* ]]
    make_points 'shp = shp[:32] + struct.pack("<i", 5) + shp[36:]'
    run locate "$scratch/punten.shp" --lang en
    [ "$status" -eq 65 ]
    [[ "$output" == *"holds areas; incidents are points"* ]]
    # No number is no place.
    make_points 'shp = shp[:112] + struct.pack("<d", float("nan")) + shp[120:]'
    locate "$scratch/punten.shp" | sed -n 2p | grep -q '^P2023-00001,,,'
}

@test "rows that are deleted are no incidents, and a .prj tells the system" {
    make_points 'at = 32 + len(fields) + 1; dbf = dbf[:at] + b"*" + dbf[at + 1:]'
    locate "$scratch/punten.shp" >"$scratch/b"
    locate "$scratch/politie.csv" | sed 2d >"$scratch/a"
    cmp "$scratch/a" "$scratch/b"
    command -v ogr2ogr >/dev/null || skip "ogr2ogr projects the points"
    make_points
    ogr2ogr -t_srs EPSG:32631 "$scratch/utm.shp" "$scratch/punten.shp"
    ogr2ogr -f GPKG -t_srs EPSG:32631 "$scratch/utm.gpkg" "$scratch/punten.shp"
    locate "$scratch/utm.shp" >"$scratch/b"
    locate "$scratch/utm.gpkg" >"$scratch/c"
    cut -d, -f1,4,5 "$scratch/b" >"$scratch/b1"
    cut -d, -f1,4,5 "$scratch/c" >"$scratch/c1"
    locate "$scratch/politie.csv" | cut -d, -f1,4,5 >"$scratch/a1"
    cmp "$scratch/a1" "$scratch/b1"
    cmp "$scratch/a1" "$scratch/c1"
}

@test "a street file of police.uk is known by its columns" {
    cat >"$scratch/street.csv" <<'EOF'
Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context
,2023-01,Politie Noord,Politie Noord,4.65,52.5,On or near Plein,E01012607,Plein 001A,Anti-social behaviour,,
a1,2023-02,Politie Noord,Politie Noord,4.66,52.51,On or near Laan,E01012608,Laan 001B,Drugs,Under investigation,
a2,2023-02,Politie Zuid,Politie Noord,,,No Location,,,Burglary,,
EOF
    "$PLEIN" locate --boundaries data/europaplein/gemeenten.shp --incidents "$scratch/street.csv" --quiet --format csv >"$scratch/b"
    grep -q '^1,.*,nuisance,social,Politie Noord,2023-01$' "$scratch/b"
    grep -q '^a1,.*,dealing,safety,Politie Noord,2023-02$' "$scratch/b"
    grep -q '^a2,,,,,,theft,safety,Politie Zuid,2023-02$' "$scratch/b"
    run "$PLEIN" query --boundaries data/europaplein/gemeenten.shp --incidents "$scratch/street.csv" --lang en
    [[ "$output" == *"street.csv: is of police.uk: places are moved"* ]]
}

@test "an export of Signalen is known by its columns, as CSV and as its map" {
    cat >"$scratch/signalen.csv" <<'EOF'
id,signal_uuid,source,text,incident_date_start,incident_date_end,created_at,location_id,main_slug,sub_slug,lat,lng
17,u1,online,vuil,2024-05-01T10:00:00+00:00,,2024-05-02T11:00:00+00:00,3,afval,veeg-zwerfvuil,52.5,4.65
EOF
    "$PLEIN" locate --boundaries data/europaplein/gemeenten.shp --incidents "$scratch/signalen.csv" --quiet --format csv >"$scratch/b"
    grep -q '^17,.*,litter,physical,online,2024-05-01T12:00:00$' "$scratch/b"
    cut -d, -f1-8 "$scratch/signalen.csv" >"$scratch/signals.csv"
    run locate "$scratch/signals.csv" --lang en
    [ "$status" -eq 65 ]
    [[ "$output" == *"its places are in locations.csv; join the two by location_id"* ]]
    cat >"$scratch/kaart.geojson" <<'EOF'
{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"type": "Point", "coordinates": [4.65, 52.5]},
 "properties": {"id": 17, "created_at": "2024-05-01T10:00:00+00:00", "status": {"state": "m", "state_display": "Gemeld"},
                "category": {"sub": "Veeg- / zwerfvuil", "sub_slug": "veeg-zwerfvuil", "main": "Afval"}}}]}
EOF
    locate "$scratch/kaart.geojson" | grep -q '^17,.*,litter,physical,politie,2024-05-01T12:00:00$'
}

@test "a search that found nothing is no incidents, and an empty zip or gzip in a zip is told as that" {
    echo '{"type": "FeatureCollection", "features": []}' >"$scratch/nothing.geojson"
    run locate "$scratch/nothing.geojson"
    [ "$status" -eq 0 ]
    [ "${#lines[@]}" -eq 1 ]
    python3 - "$scratch" <<'PY'
import gzip, sys, zipfile
zipfile.ZipFile(sys.argv[1] + "/empty.zip", "w").close()
with zipfile.ZipFile(sys.argv[1] + "/twice.zip", "w") as archive:
    archive.writestr("politie.csv.gz", gzip.compress(open(sys.argv[1] + "/politie.csv", "rb").read(), mtime=0))
PY
    run locate "$scratch/empty.zip"
    [ "$status" -eq 65 ]
    [[ "$output" == "plein: "*"empty.zip: there is no table in this zip"* ]]
    run locate "$scratch/twice.zip"
    [ "$status" -eq 65 ]
    [[ "$output" == "plein: "*"twice.zip:politie.csv.gz: this is gzip within a zip; unpack the zip first" ]]
}
