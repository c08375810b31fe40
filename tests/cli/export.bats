#!/usr/bin/env bats
# plein export: GeoPackage, GeoJSON, shapefile, CSV, XLSX and GeoTIFF for other programs.

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
    PLEIN=${PLEIN:-$PWD/build/plein}
    study="--study data/europaplein/plein.ini --quiet"
    boundaries=data/europaplein/gemeenten.shp
    scratch=$BATS_TEST_TMPDIR
}

needs() { # program of which package
    command -v "$1" >/dev/null || skip "$1 is not installed ($2)"
}

@test "the extension chooses the format, and --format does without one" {
    for file in a.gpkg a.geojson a.shp a.csv a.xlsx a.tif; do
        "$PLEIN" export $study -o "$scratch/$file"
        [ -s "$scratch/$file" ]
    done
    "$PLEIN" export $study --format csv >"$scratch/standard.csv"
    cmp "$scratch/a.csv" "$scratch/standard.csv"
    [ -s "$scratch/a.prj" ] && [ -s "$scratch/a.dbf" ] && [ -s "$scratch/a.shx" ] && [ -s "$scratch/a.cpg" ]
    [ -z "$(ls -A "$scratch" | grep plein-)" ]
}

@test "wrong use is told: no format, no such layer, several layers where one fits, no file" {
    for wrong in "" "-o $scratch/x.xyz" "-o $scratch/x.csv --layer streets" \
        "-o $scratch/x.csv --layer incidents --layer clusters" "-o $scratch/x.tif --layer clusters" \
        "--format gpkg" "--format xlsx" "--format shp" "-o $scratch/x.csv --category organised-crime"; do
        run "$PLEIN" export $study $wrong
        [ "$status" -eq 2 ]
    done
}

@test "what must be written here and there is refused on a link to a pipe, which stays" {
    ln -s /proc/self/fd/1 "$scratch/link"
    for format in gpkg xlsx; do
        run bash -c "set -o pipefail; '$PLEIN' export $study --format $format -o '$scratch/link' | cat"
        [ "$status" -eq 2 ]
    done
    [ -L "$scratch/link" ]
}

@test "exporting twice, and with 1, 2 and 8 threads, gives the same bytes; shuffled rows too" {
    for file in x.gpkg x.geojson x.shp x.csv x.xlsx x.tif; do
        for run in 1 1 2 8 shuffled; do
            mkdir -p "$scratch/$run"
            if [ $run = shuffled ]; then
                head -1 data/europaplein/politie.csv >"$scratch/politie.csv"
                tail -n +2 data/europaplein/politie.csv | sort -t, -k4,4 -k1,1r >>"$scratch/politie.csv"
                options="--incidents politie=$scratch/politie.csv"
            else
                options="--incidents politie=data/europaplein/politie.csv --threads $run"
            fi
            for rows in "" --rows; do
                "$PLEIN" export --boundaries $boundaries $options --quiet $rows -o "$scratch/$run/$rows$file"
            done
            (cd "$scratch/$run" && sha256sum -- * >../sums.$run)
            [ ! -e "$scratch/sums" ] || cmp "$scratch/sums" "$scratch/sums.$run"
            cp "$scratch/sums.$run" "$scratch/sums"
        done
        rm "$scratch/sums" # the next format adds files
    done
}

@test "SOURCE_DATE_EPOCH and the language change times and remarks, not the features" {
    LANGUAGE=nl "$PLEIN" export $study --lang nl -o "$scratch/a.gpkg"
    "$PLEIN" export $study --lang en -o "$scratch/b.gpkg"
    cmp "$scratch/a.gpkg" "$scratch/b.gpkg"
    SOURCE_DATE_EPOCH=1700000000 "$PLEIN" export $study -o "$scratch/c.gpkg"
    grep -qa '2023-11-14T22:13:20.000Z' "$scratch/c.gpkg"
}

@test "clusters are those of plein clusters" {
    "$PLEIN" clusters $study --format csv -o "$scratch/a.csv"
    "$PLEIN" export $study --layer clusters -o "$scratch/b.csv"
    tr -d '\r' <"$scratch/b.csv" | cmp - "$scratch/a.csv"
}

@test "jurisdictions have the counts of plein query, organised crime among them" {
    "$PLEIN" export $study --layer jurisdictions -o "$scratch/j.csv"
    "$PLEIN" query $study --by jurisdiction,category --format csv -o "$scratch/q.csv"
    python3 - "$scratch/j.csv" "$scratch/q.csv" <<'PY'
import csv, sys
areas = {r["jurisdiction_code"]: r for r in csv.DictReader(open(sys.argv[1], newline=""))}
total = {code: 0 for code in areas}
for row in csv.DictReader(open(sys.argv[2])):
    if row["jurisdiction_code"]:
        area, column = areas[row["jurisdiction_code"]], row["category"].replace("-", "_")
        if column in area:
            assert area[column] == row["incidents"], (row, area)
        total[row["jurisdiction_code"]] += int(row["incidents"])
for code, area in areas.items():
    assert int(area["incidents"]) == total[code]
    assert sum(int(area[d]) for d in ("social", "physical", "safety", "unmapped")) == total[code]
assert sum(int(a["organised_crime"]) for a in areas.values()) > 0
PY
}

@test "squares have enough incidents, and none of their counts can be worked out" {
    "$PLEIN" export $study --min-count 1 -o "$scratch/all.csv"
    "$PLEIN" export $study -o "$scratch/a.csv"
    python3 - "$scratch/all.csv" "$scratch/a.csv" <<'PY'
import csv, sys
true, shown = ({r["square"]: r for r in csv.DictReader(open(p, newline=""))} for p in sys.argv[1:])
domains = ("social", "physical", "safety", "unmapped")
assert set(shown) == {s for s, r in true.items() if int(r["incidents"]) >= 5}
for square, row in shown.items():
    hidden = [d for d in domains if row[d] == ""]
    for d in domains:
        assert row[d] in ("", true[square][d])
        assert row[d] != "" or int(true[square][d]) > 0
        assert row[d] in ("", "0") or int(row[d]) >= 5, (square, d)
    left = int(row["incidents"]) - sum(int(row[d]) for d in domains if row[d])
    assert not hidden or (len(hidden) >= 2 and left >= 5), (square, row)
PY
}

@test "rows are those of plein locate without id, organised crime and what is outside" {
    "$PLEIN" export $study --rows -o "$scratch/r.csv"
    "$PLEIN" locate $study --format csv -o "$scratch/l.csv"
    python3 - "$scratch/r.csv" "$scratch/l.csv" <<'PY'
import csv, sys
keys = "x y jurisdiction_code jurisdiction border_m category domain source occurred_at".split()
rows = [tuple(r[k] for k in keys) for r in csv.DictReader(open(sys.argv[1], newline=""))]
located = [r for r in csv.DictReader(open(sys.argv[2])) if r["jurisdiction"] and r["category"] != "organised-crime"]
for r in located:
    if r["domain"] == "unmapped":
        r["category"] = ""
assert sorted(rows) == sorted(tuple(r[k] for k in keys) for r in located)
assert [(float(r[0]), float(r[1])) for r in rows] == sorted((float(r[0]), float(r[1])) for r in rows)
PY
    "$PLEIN" export $study --rows --sensitive -o "$scratch/s.csv"
    grep -q organised-crime "$scratch/s.csv"
    run grep organised-crime "$scratch/r.csv"
    [ "$status" -eq 1 ]
}

@test "the density is blank where few incidents lie, unless --min-count 1 is said" {
    "$PLEIN" export $study --extent 105000,501000,107000,503000 -o "$scratch/a.tif"
    "$PLEIN" density $study --extent 105000,501000,107000,503000 --min-count 5 -o "$scratch/b.tif"
    cmp "$scratch/a.tif" "$scratch/b.tif"
    "$PLEIN" export $study --extent 105000,501000,107000,503000 --min-count 1 -o "$scratch/c.tif"
    "$PLEIN" density $study --extent 105000,501000,107000,503000 -o "$scratch/d.tif"
    cmp "$scratch/c.tif" "$scratch/d.tif"
}

@test "no canary of the columns that are not needed is in any output, in any encoding" {
    python3 - "$scratch" <<'PY'
import csv, random, sys
random.seed(5)
with open(sys.argv[1] + "/meldingen.csv", "w", newline="") as f:
    out = csv.writer(f)
    out.writerow("id,x,y,category,occurred_at,description,name,address,telephone".split(","))
    for i in range(1000):
        c = f"KANARIE{i:04d}"
        word = "litter" if i % 10 else f"{c}cat"
        out.writerow([c + "id", round(random.gauss(105700, 60), 3), round(random.gauss(501066, 60), 3), word,
                      "2024-05-31T12:00:00", c + "descr", c + "name", c + "address", c + "tel"])
PY
    for rows in "" --rows; do
        for file in a.gpkg a.geojson a.shp a.csv a.xlsx a.tif; do
            "$PLEIN" export --boundaries $boundaries --incidents "$scratch/meldingen.csv" --quiet $rows -o "$scratch/out$rows.$file"
        done
        for layer in clusters jurisdictions density; do
            "$PLEIN" export --boundaries $boundaries --incidents "$scratch/meldingen.csv" --quiet $rows --per none --layer $layer \
                -o "$scratch/out$rows-$layer.geojson"
        done
    done
    python3 - "$scratch" <<'PY'
import base64, pathlib, sys, zipfile
def parts(path):
    yield path.name, path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as z:
            for n in z.namelist():
                yield f"{path.name}:{n}", z.read(n)
forms = {"utf-8": "KANARIE".encode(), "utf-16-le": "KANARIE".encode("utf-16-le"), "utf-16-be": "KANARIE".encode("utf-16-be"),
         "lower": b"kanarie"}
for shift in range(3): # the middle of its base64, wherever it begins
    forms[f"base64+{shift}"] = base64.b64encode(b"\0" * shift + b"KANARIE")[4:8]
files = [p for p in pathlib.Path(sys.argv[1]).glob("out*")]
assert len(files) == 26, files
for path in files:
    for name, content in parts(path):
        for form, needle in forms.items():
            if form.startswith("base64") and path.suffix in (".tif", ".xlsx", ".gpkg", ".shp"):
                continue # four letters come up by chance in what is not text
            assert needle not in content, (name, form)
PY
}

@test "a text that a spreadsheet would take for a formula is told as text" {
    printf 'id,x,y,category,source,occurred_at\n1,105700,501066,litter,=cmd|A1,2024-05-31\n2,105701,501066,litter,@x,2024-05-31\n' \
        >"$scratch/f.csv"
    "$PLEIN" export --boundaries $boundaries --incidents "$scratch/f.csv" --quiet --rows -o "$scratch/o.csv"
    grep -q ",'=cmd|A1," "$scratch/o.csv"
    grep -q ",'@x," "$scratch/o.csv"
}

# ---- as others read it ----

@test "GDAL finds the system, the extent and the counts of every vector format" {
    needs ogrinfo gdal-bin
    squares=$("$PLEIN" export $study --format csv | tail -n +2 | wc -l)
    for file in a.gpkg a.shp a.geojson; do
        "$PLEIN" export $study -o "$scratch/$file"
        layer=squares
        [ $file = a.shp ] && layer=a
        [ $file = a.geojson ] && layer=a
        ogrinfo -so "$scratch/$file" $layer >"$scratch/info" 2>"$scratch/warnings"
        cat "$scratch/warnings"
        [ ! -s "$scratch/warnings" ]
        grep -qx "Feature Count: $squares" "$scratch/info"
    done
    ogrinfo -so "$scratch/a.gpkg" squares | grep '^Extent' >"$scratch/gpkg.extent"
    ogrinfo -so "$scratch/a.shp" a | grep '^Extent' | cmp - "$scratch/gpkg.extent"
    gdalsrsinfo -e "$scratch/a.shp" | grep -qx 'EPSG:28992'
    ogrinfo -so "$scratch/a.gpkg" squares | grep -q 'ID\["EPSG",28992\]'
    ogrinfo -so "$scratch/a.geojson" a | grep -q 'ID\["EPSG",4326\]'
    # The same places: GeoJSON's corners, brought back to RD, are the shapefile's to a centimetre and the datum's metre.
    ogr2ogr -t_srs EPSG:28992 -f CSV /vsistdout/ "$scratch/a.geojson" -lco GEOMETRY=AS_WKT | head -2 | tail -1 | grep -q POLYGON
}

@test "GDAL reads dates as dates and every column of the GeoPackage, without a warning" {
    needs ogrinfo gdal-bin
    "$PLEIN" export $study --rows -o "$scratch/r.gpkg"
    "$PLEIN" export $study --rows -o "$scratch/r.shp"
    ogrinfo -al -q "$scratch/r.gpkg" >/dev/null 2>"$scratch/warnings"
    [ ! -s "$scratch/warnings" ]
    ogrinfo -so "$scratch/r.gpkg" incidents | grep -q '^occurred_at_date: Date'
    ogrinfo -so "$scratch/r.shp" r | grep -q '^occrrd_t_d: Date'
    [ "$(ogrinfo -so "$scratch/r.gpkg" incidents | grep '^Extent')" = "$(ogrinfo -so "$scratch/r.shp" r | grep '^Extent')" ]
    ogr2ogr -f CSV "$scratch/back.csv" "$scratch/r.gpkg" incidents
    "$PLEIN" export $study --rows -o "$scratch/r.csv"
    python3 - "$scratch/back.csv" "$scratch/r.csv" <<'PY'
import csv, sys
back, ours = (list(csv.DictReader(open(p, newline=""))) for p in sys.argv[1:])
assert len(back) == len(ours) > 5000
for a, b in zip(back, ours):
    for key in ("jurisdiction", "category", "domain", "source", "occurred_at"):
        assert a[key] == b[key], (key, a, b)
    assert float(a["x"]) == float(b["x"]) and a["occurred_at_date"].replace("/", "-") == b["occurred_at"][:10]
PY
}

@test "the validator of GDAL finds nothing in any GeoPackage" {
    validator=/usr/lib/python3/dist-packages/osgeo_utils/samples/validate_gpkg.py
    [ -f "$validator" ] || skip "SKIPPED: validate_gpkg.py is not here (apt-get install python3-gdal)"
    "$PLEIN" export $study --layer incidents --layer clusters --layer jurisdictions -o "$scratch/a.gpkg"
    "$PLEIN" export $study --layer density -o "$scratch/d.gpkg"
    "$PLEIN" export $study --rows -o "$scratch/r.gpkg"
    for file in a d r; do
        run python3 "$validator" -k "$scratch/$file.gpkg"
        echo "$output"
        [ "$status" -eq 0 ]
        [ -z "$output" ]
    done
    # It can find something.
    python3 - "$scratch/a.gpkg" <<'PY'
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as file:
    file.execute("UPDATE gpkg_contents SET data_type = 'feature' WHERE table_name = 'clusters'")
PY
    run python3 "$validator" -k "$scratch/a.gpkg"
    [ -n "$output" ]
}

@test "LibreOffice opens the workbook and finds the rows of the CSV" {
    needs soffice libreoffice-calc-nogui
    "$PLEIN" export $study --layer incidents --layer clusters -o "$scratch/a.xlsx"
    "$PLEIN" export $study --layer clusters -o "$scratch/c.csv"
    options='csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1'
    HOME=$scratch timeout 120 soffice --headless --convert-to "$options" --outdir "$scratch" "$scratch/a.xlsx" >/dev/null 2>&1
    python3 - "$scratch/a-clusters.csv" "$scratch/c.csv" <<'PY'
import csv, sys
back, ours = (list(csv.DictReader(open(p, newline=""))) for p in sys.argv[1:])
assert len(back) == len(ours) > 5
for a, b in zip(back, ours):
    assert list(a) == list(b), (list(a), list(b))
    for key in b:
        same = a[key] == b[key] or key in ("first", "last") and a[key].replace(" ", "T")[:16] == b[key][:16]
        assert same or float(a[key]) == float(b[key]), (key, a, b)
PY
}

@test "SQLite finds the GeoPackage whole: keys, index, triggers" {
    needs sqlite3 sqlite3
    "$PLEIN" export $study --rows -o "$scratch/r.gpkg"
    [ "$(sqlite3 "$scratch/r.gpkg" 'PRAGMA integrity_check')" = ok ]
    [ -z "$(sqlite3 "$scratch/r.gpkg" 'PRAGMA foreign_key_check')" ]
    for layer in incidents clusters jurisdictions; do
        [ "$(sqlite3 "$scratch/r.gpkg" "SELECT rtreecheck('rtree_${layer}_geom')")" = ok ]
        [ "$(sqlite3 "$scratch/r.gpkg" "SELECT count(*) FROM $layer")" = "$(sqlite3 "$scratch/r.gpkg" "SELECT count(*) FROM rtree_${layer}_geom")" ]
        [ "$(sqlite3 "$scratch/r.gpkg" "SELECT count(*) FROM layer_styles WHERE f_table_name = '$layer' AND useAsDefault")" = 1 ]
    done
    [ "$(sqlite3 "$scratch/r.gpkg" "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'")" = 18 ]
    # Each box of the index holds the box in its feature's header (areas) and is no wider than floats are.
    python3 - "$scratch/r.gpkg" <<'PY'
import sqlite3, struct, sys
db = sqlite3.connect(sys.argv[1])
for layer in ("clusters", "jurisdictions"):
    boxes = {i: struct.unpack("<4d", g[8:40]) for i, g in db.execute(f"SELECT fid, geom FROM {layer}")}
    for i, x0, x1, y0, y1 in db.execute(f"SELECT * FROM rtree_{layer}_geom"):
        a, b, c, d = boxes[i]
        assert 0 <= a - x0 < 0.01 and 0 <= x1 - b < 0.01 and 0 <= c - y0 < 0.07 and 0 <= y1 - d < 0.07
PY
}

@test "a feature that GDAL adds to the GeoPackage is in the index too" {
    needs ogr2ogr gdal-bin
    "$PLEIN" export $study -o "$scratch/a.gpkg"
    before=$(ogrinfo -so "$scratch/a.gpkg" clusters | sed -n 's/Feature Count: //p')
    cp "$scratch/a.gpkg" "$scratch/more.gpkg"
    ogr2ogr -append "$scratch/a.gpkg" "$scratch/more.gpkg" clusters
    ogrinfo -q "$scratch/a.gpkg" -sql "SELECT count(*) AS n FROM rtree_clusters_geom" | grep -q "= $((2 * before))"
}

@test "styles are XML, and classes hold every value" {
    "$PLEIN" export $study --rows --layer incidents --layer jurisdictions --layer clusters --layer density \
        --extent 105000,501000,107000,503000 -o "$scratch/a.gpkg"
    "$PLEIN" export $study -o "$scratch/b.gpkg"
    python3 - "$scratch/a.gpkg" "$scratch/b.gpkg" <<'PY'
import sqlite3, sys
import xml.etree.ElementTree as xml
seen = set()
for path in sys.argv[1:]:
    db = sqlite3.connect(path)
    for name, qml, sld in db.execute("SELECT f_table_name, styleQML, styleSLD FROM layer_styles"):
        seen.add(name)
        root = xml.fromstring(qml.split("\n", 1)[1])
        xml.fromstring(sld.split("\n", 1)[1])
        renderer = root.find("renderer-v2")
        symbols = {s.get("name") for s in renderer.find("symbols")}
        ranges = renderer.findall("ranges/range")
        assert {r.get("symbol") for r in ranges} <= symbols
        if ranges:
            low, high = db.execute(f"SELECT min({renderer.get('attr')}), max({renderer.get('attr')}) FROM {name}").fetchone()
            assert float(ranges[0].get("lower")) <= low and float(ranges[-1].get("upper")) >= high
            for a, b in zip(ranges, ranges[1:]):
                assert a.get("upper") == b.get("lower") and float(a.get("lower")) < float(a.get("upper")) or a is ranges[0]
assert seen == {"incidents", "squares", "jurisdictions", "clusters", "density"}, seen
PY
}

@test "the workbook has real numbers, dates that count, and a header that stays" {
    "$PLEIN" export $study --rows -o "$scratch/a.xlsx"
    "$PLEIN" export $study --rows -o "$scratch/a.csv"
    python3 - "$scratch/a.xlsx" "$scratch/a.csv" <<'PY'
import csv, datetime, re, sys, zipfile
import xml.etree.ElementTree as xml
m = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
with zipfile.ZipFile(sys.argv[1]) as z:
    names = [s.get("name") for s in xml.fromstring(z.read("xl/workbook.xml")).iter(m + "sheet")]
    assert names == ["jurisdictions", "incidents", "clusters"], names
    words = ["".join(t.text or "" for t in s.iter(m + "t")) for s in xml.fromstring(z.read("xl/sharedStrings.xml"))]
    sheet = xml.fromstring(z.read("xl/worksheets/sheet2.xml"))
assert sheet.find(f".//{m}pane").get("ySplit") == "1"
rows = []
for row in sheet.iter(m + "row"):
    cells = {}
    for c in row:
        column = re.match("[A-Z]+", c.get("r"))[0]
        v = c.find(m + "v").text
        cells[column] = words[int(v)] if c.get("t") == "s" else float(v)
    rows.append(cells)
ours = list(csv.DictReader(open(sys.argv[2], newline="")))
assert len(rows) == len(ours) + 1
for cells, row in zip(rows[1:], ours):
    assert cells["A"] == float(row["x"]) and cells.get("F", "") == row["category"]
    if not row["occurred_at"]:
        assert "I" not in cells
        continue
    when = datetime.datetime(1899, 12, 30) + datetime.timedelta(days=cells["I"])
    assert abs(when - datetime.datetime.fromisoformat(row["occurred_at"])) < datetime.timedelta(milliseconds=10)
PY
}
