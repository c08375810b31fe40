#!/usr/bin/env bats
# GeoPackages are read as what is in them, whoever made them, and stay as they are.

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

# Writes politie.gpkg by SQLite alone; python code may change things: `srs` of the layer, `told` of the geometries, and
# `db` at the end.
make_package() { # before [after]
    rm -f "$scratch/politie.gpkg"
    python3 - "$scratch" "${1:-pass}" "${2:-pass}" <<'EOF'
import csv, sqlite3, struct, sys
db = sqlite3.connect(sys.argv[1] + "/politie.gpkg")
srs, told, order = 4326, None, "<"
def blob(x, y):
    flags = 1 if order == "<" else 0
    return b"GP\0" + bytes([flags]) + struct.pack(order + "i", srs if told is None else told) + bytes([flags]) + struct.pack(order + "Idd", 1, x, y)
exec(sys.argv[2])
db.executescript("""
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT, organization_coordsys_id INTEGER, definition TEXT);
INSERT INTO gpkg_spatial_ref_sys VALUES ('WGS 84', 4326, 'EPSG', 4326, ''), ('RD', 28992, 'EPSG', 28992, ''), ('?', -1, 'NONE', -1, 'undefined');
CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, identifier TEXT, srs_id INTEGER);
CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER, z INTEGER, m INTEGER);
""")
rows = list(csv.DictReader(open(sys.argv[1] + "/politie.csv", encoding="utf-8-sig")))
names = [n for n in rows[0] if n not in ("longitude", "latitude")]
db.execute("CREATE TABLE meldingen (fid INTEGER PRIMARY KEY, geom BLOB, %s)" % ", ".join('"%s" TEXT' % n for n in names))
db.execute("INSERT INTO gpkg_contents VALUES ('meldingen', 'features', 'meldingen', ?)", (srs,))
db.execute("INSERT INTO gpkg_geometry_columns VALUES ('meldingen', 'geom', 'POINT', ?, 0, 0)", (srs,))
for row in rows:
    place = blob(float(row["longitude"]), float(row["latitude"])) if row["longitude"] else None
    db.execute("INSERT INTO meldingen VALUES (NULL, ?%s)" % (", ?" * len(names)), [place] + [row[n] for n in names])
exec(sys.argv[3])
db.commit()
EOF
}

same_as_csv() { # file
    locate "$scratch/politie.csv" >"$scratch/a"
    locate "$1" >"$scratch/b"
    [ "$(wc -l <"$scratch/a")" -gt 1800 ]
    cmp "$scratch/a" "$scratch/b"
}

@test "points of a GeoPackage are incidents, in either order of bytes" {
    make_package
    same_as_csv "$scratch/politie.gpkg"
    same_as_csv "$scratch/politie.gpkg:meldingen"
    make_package 'order = ">"'
    same_as_csv "$scratch/politie.gpkg"
}

@test "a GeoPackage that is packed is read too" {
    make_package
    gzip -n -c "$scratch/politie.gpkg" >"$scratch/politie.gz"
    same_as_csv "$scratch/politie.gz"
    (cd "$scratch" && python3 -m zipfile -c politie.zip politie.gpkg)
    same_as_csv "$scratch/politie.zip"
    same_as_csv "$scratch/politie.zip:politie.gpkg:meldingen"
}

@test "reading leaves a GeoPackage and its folder as they are" {
    make_package pass 'db.execute("PRAGMA journal_mode=WAL"); db.commit()'
    rm -f "$scratch"/politie.gpkg-*
    mkdir "$scratch/here" && mv "$scratch/politie.gpkg" "$scratch/here/"
    sha256sum "$scratch/here/politie.gpkg" >"$scratch/sum"
    chmod a-w "$scratch/here" "$scratch/here/politie.gpkg"
    same_as_csv "$scratch/here/politie.gpkg"
    sha256sum -c "$scratch/sum"
    [ "$(ls "$scratch/here")" = "politie.gpkg" ]
    chmod u+w "$scratch/here"
}

@test "the geometries' own reference system counts, and a contradiction is said" {
    make_package 'srs = 28992; told = 4326'
    run locate "$scratch/politie.gpkg"
    [ "$status" -eq 0 ]
    same_as_csv "$scratch/politie.gpkg"
    run "$PLEIN" query --boundaries data/europaplein/gemeenten.shp --incidents "$scratch/politie.gpkg" --lang en
    [[ "$output" == *"srs_id 4326, its table says 28992"* ]]
    # Nothing told: as a table of x and y.
    make_package 'srs = -1'
    same_as_csv "$scratch/politie.gpkg"
    make_package pass 'db.execute("UPDATE meldingen SET geom = ? WHERE fid = 9", (b"GP\0\1" + struct.pack("<iBIdd", 28992, 1, 1, 106000, 502000),))'
    run locate "$scratch/politie.gpkg"
    [ "$status" -eq 65 ]
    [[ "$output" == *"row 9 is in another reference system"* || "$output" == *"9 "*"28992"* ]]
}

@test "--incidents-crs goes before what the file says, with a word about it" {
    make_package 'srs = 28992'
    run "$PLEIN" query --boundaries data/europaplein/gemeenten.shp --incidents "$scratch/politie.gpkg" --lang en --incidents-crs EPSG:4258
    [ "$status" -eq 0 ]
    [[ "$output" == *"politie.gpkg: says that it is in EPSG:28992, and --incidents-crs says EPSG:4258"* ]]
}

@test "of several layers the one with points is taken, and names are told when none is clear" {
    make_package pass 'db.execute("CREATE TABLE vlakken (fid INTEGER PRIMARY KEY, geom BLOB)"); db.execute("INSERT INTO gpkg_contents VALUES (?, ?, ?, 4326)", ("vlakken", "features", "")); db.execute("INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, 4326, 0, 0)", ("vlakken", "geom", "POLYGON"))'
    same_as_csv "$scratch/politie.gpkg"
    make_package pass 'db.execute("CREATE TABLE meer (fid INTEGER PRIMARY KEY, geom BLOB)"); db.execute("INSERT INTO gpkg_contents VALUES (?, ?, ?, 4326)", ("meer", "features", "")); db.execute("INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, 4326, 0, 0)", ("meer", "geom", "POINT"))'
    run locate "$scratch/politie.gpkg" --lang en
    [ "$status" -eq 65 ]
    [[ "$output" == *"there are: meer, meldingen"* ]]
    same_as_csv "$scratch/politie.gpkg:meldingen"
    run locate "$scratch/politie.gpkg:nergens" --lang en
    [ "$status" -eq 65 ]
    [[ "$output" == *"there are: meer, meldingen"* ]]
}

@test "what is damaged or hostile is refused" {
    make_package
    head -c 30000 "$scratch/politie.gpkg" >"$scratch/cut.gpkg"
    run locate "$scratch/cut.gpkg"
    [ "$status" -eq 65 ]
    printf 'SQLite format 3\0' >"$scratch/head.gpkg"
    run locate "$scratch/head.gpkg"
    [ "$status" -eq 65 ]
    make_package pass 'db.execute("UPDATE meldingen SET geom = x\"4750000100001020\" WHERE fid = 3".replace(chr(34), chr(39)))'
    run locate "$scratch/politie.gpkg"
    [ "$status" -eq 65 ]
    make_package pass 'db.execute("DROP TABLE gpkg_contents")'
    run locate "$scratch/politie.gpkg" --lang en
    [ "$status" -eq 65 ]
    [[ "$output" == *"no whole GeoPackage"* ]]
    # A view that has no end.
    make_package pass 'db.execute("DROP TABLE meldingen"); db.execute("CREATE VIEW meldingen AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS fid, NULL AS geom FROM n WHERE i < 0")'
    run timeout 60 "$PLEIN" locate --boundaries data/europaplein/gemeenten.shp --incidents "$scratch/politie.gpkg" --quiet
    [ "$status" -eq 65 ]
    # And one that gives rows all the while.
    make_package pass 'db.execute("DROP TABLE meldingen"); db.execute("CREATE VIEW meldingen AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS fid, NULL AS geom FROM n")'
    run timeout 60 "$PLEIN" locate --boundaries data/europaplein/gemeenten.shp --incidents "$scratch/politie.gpkg" --lang en
    [ "$status" -eq 65 ]
    [[ "$output" == *"more rows than it has bytes"* ]]
    gzip -nc "$scratch/politie.gpkg" >"$scratch/endless.gz"
    run timeout 60 "$PLEIN" locate --boundaries data/europaplein/gemeenten.shp --incidents "$scratch/endless.gz" --lang en
    [ "$status" -eq 65 ]
    [[ "$output" == *"more rows than it has bytes"* ]]
}

@test "what cannot be read is told by its row" {
    make_package pass 'db.execute("ALTER TABLE meldingen ADD COLUMN weight TEXT DEFAULT 1"); db.execute("UPDATE meldingen SET weight = ? WHERE fid = 1500", ("veel",)); db.execute("UPDATE meldingen SET category = char(97, 10, 98) WHERE fid = 7")'
    run "$PLEIN" query --boundaries data/europaplein/gemeenten.shp --incidents "$scratch/politie.gpkg" --strict
    [ "$status" -eq 65 ]
    [[ "$output" == *"politie.gpkg:1500: "* ]]
}

@test "a path that begins with two slashes, or has signs of a URI in it, is a path" {
    make_package
    same_as_csv "/$scratch/politie.gpkg"
    mv "$scratch/politie.gpkg" "$scratch/a?b#c%41.gpkg"
    same_as_csv "$scratch/a?b#c%41.gpkg"
}

# Layers as CBS and Kadaster deliver them: several records a gemeente, water among them.
make_areas() {
    python3 - "$scratch" <<'EOF'
import sqlite3, struct, sys
db = sqlite3.connect(sys.argv[1] + "/wijkenbuurten.gpkg")
db.executescript("""
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT, organization_coordsys_id INTEGER, definition TEXT);
INSERT INTO gpkg_spatial_ref_sys VALUES ('RD', 28992, 'EPSG', 28992, '');
CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, identifier TEXT, srs_id INTEGER);
CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER, z INTEGER, m INTEGER);
""")
def box(west, east, south=500000, north=504000):
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    polygon = struct.pack("<BII", 1, 3, 1) + struct.pack("<I", 5) + b"".join(struct.pack("<dd", *p) for p in ring)
    return b"GP\0\3" + struct.pack("<i4d", 28992, west, east, south, north) + struct.pack("<BII", 1, 6, 1) + polygon
def layer(name, columns, rows):
    db.execute("CREATE TABLE %s (fid INTEGER PRIMARY KEY, geom BLOB, %s)" % (name, ", ".join(columns)))
    db.execute("INSERT INTO gpkg_contents VALUES (?, 'features', ?, 28992)", (name, name))
    db.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'MULTIPOLYGON', 28992, 0, 0)", (name,))
    for row in rows:
        db.execute("INSERT INTO %s VALUES (NULL%s)" % (name, ", ?" * len(row)), row)
columns = ["gemeentecode TEXT", "gemeentenaam TEXT", "water TEXT", "aantal_inwoners INTEGER"]
layer("buurten", ["buurtcode TEXT", "buurtnaam TEXT", "gemeentecode TEXT"],
      [(box(105000, 106000), "BU03750101", "Oosterwijk", "GM0375"), (box(106000, 108000), "BU03960101", "Centrum", "GM0396")])
layer("gemeenten", columns,
      [(box(104000, 106000), "GM0375", "Beverwijk", "NEE", 42000), (box(103000, 104000), "GM0375", "Beverwijk", "JA", -99999999),
       (box(106000, 108000), "GM0396", "Heemskerk", "NEE", 39000)])
db.commit()
open(sys.argv[1] + "/drie.csv", "w").write("id,x,y\na,103500,502000\nb,105500,502000\nc,107000,502000\nd,1000,502000\n")
EOF
}

@test "several records a gemeente are one jurisdiction, water and all" {
    make_areas
    run "$PLEIN" query --boundaries "$scratch/wijkenbuurten.gpkg" --incidents "$scratch/drie.csv" --format csv --lang en
    [ "$status" -eq 0 ]
    [[ "$output" == *"'gemeenten' is read"* ]]
    [[ "$output" == *"names come from the field gemeentenaam, codes from gemeentecode"* ]]
    [[ "$output" == *"GM0375,Beverwijk,2"* ]]
    [[ "$output" == *"GM0396,Heemskerk,1"* ]]
    run "$PLEIN" query --boundaries "$scratch/wijkenbuurten.gpkg:gemeenten" --districts "$scratch/wijkenbuurten.gpkg:buurten" --by jurisdiction,district --incidents "$scratch/drie.csv" --format csv --quiet
    [ "$status" -eq 0 ]
    [[ "$output" == *"Centrum"* ]]
    run "$PLEIN" query --boundaries "$scratch/wijkenbuurten.gpkg:wijken" --incidents "$scratch/drie.csv" --lang en --quiet
    [ "$status" -eq 65 ]
    [[ "$output" == *"there are: buurten, gemeenten"* ]]
}

@test "a base layer may be a GeoPackage or GeoJSON" {
    command -v ogr2ogr >/dev/null || skip "ogr2ogr makes the layers"
    ogr2ogr -f GPKG "$scratch/straten.gpkg" data/europaplein/straten.shp
    ogr2ogr -f GeoJSON "$scratch/straten.geojson" data/europaplein/straten.shp -lco RFC7946=NO -lco COORDINATE_PRECISION=15
    for base in data/europaplein/straten.shp "$scratch/straten.gpkg" "$scratch/straten.geojson"; do
        "$PLEIN" map --boundaries data/europaplein/gemeenten.shp --incidents "$scratch/politie.csv" --base "$base:street" -o "$scratch/$(basename "$base").png" --quiet
    done
    tests/tools/same-pixels "$scratch/straten.shp.png" "$scratch/straten.gpkg.png"
    tests/tools/same-pixels "$scratch/straten.shp.png" "$scratch/straten.geojson.png"
}
