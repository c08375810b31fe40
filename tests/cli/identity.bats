#!/usr/bin/env bats
# plein clusters --compare-with: clusters keep the numbers of the earlier ones on the same ground.

setup_file() {
    cd "$BATS_TEST_DIRNAME/../.."
    python3 - "$BATS_FILE_TMPDIR" <<'PY'
import random, sys
# Blocks of incidents 5 m apart, in Beverwijk: x, y of a corner in metres from 105500,500900, then width and height.
EARLIER = {"stays": (0, 0, 100, 40), "left": (200, 0, 60, 40), "right": (300, 0, 50, 40), "whole": (0, 150, 160, 30),
           "leaves": (300, 150, 40, 40)}
NOW = {"stays": (10, 0, 100, 40), "joined": (200, 0, 150, 40), "west": (0, 150, 70, 30), "east": (100, 150, 60, 30),
       "comes": (300, 300, 30, 40)}
def write(path, blocks):
    rows = [(105500 + x + dx, 500900 + y + dy) for x, y, w, h in blocks.values()
            for dx in range(0, w + 1, 5) for dy in range(0, h + 1, 5)]
    random.Random(4).shuffle(rows)
    with open(path, "w") as out:
        out.write("id,x,y,category\n")
        out.writelines(f"{n},{x},{y},litter\n" for n, (x, y) in enumerate(rows))
write(sys.argv[1] + "/earlier.csv", EARLIER)
write(sys.argv[1] + "/now.csv", NOW)
PY
}

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
    PLEIN=${PLEIN:-$PWD/build/plein}
    scratch=$BATS_TEST_TMPDIR
    made=$BATS_FILE_TMPDIR
    boundaries=data/europaplein/gemeenten.shp
    study="--study data/europaplein/plein.ini --quiet"
    find="--radius 12 --min-points 4 --per none --quiet"
    [ -s "$made/earlier.geojson" ] ||
        "$PLEIN" clusters --boundaries $boundaries --incidents "$made/earlier.csv" $find -o "$made/earlier.geojson"
}

compare() { # options...
    "$PLEIN" clusters --boundaries $boundaries --incidents "$made/now.csv" $find --compare-with "$made/earlier.geojson" "$@"
}

# Expects an exit status and one line on standard error that matches.
refuses() { # status pattern arguments...
    local wanted=$1 pattern=$2 status=0
    shift 2
    "$PLEIN" "$@" >"$scratch/out" 2>"$scratch/err" || status=$?
    echo "plein $*: $status, not $wanted, or not '$pattern':"
    cat "$scratch/err"
    [ "$status" -eq "$wanted" ]
    [ "$(wc -l <"$scratch/err")" -eq 1 ]
    grep -q -- "$pattern" "$scratch/err"
    [ ! -s "$scratch/out" ]
}

@test "there are three more columns, and only then" {
    agreed=cluster,jurisdiction_code,jurisdiction,domain,incidents,core,x,y,reach_m,area_ha,first,last,category
    [ "$(compare --format csv | head -n 1)" = "$agreed,earlier,change,into" ]
    [ "$("$PLEIN" clusters $study --format csv | head -n 1)" = "$agreed" ]
    "$PLEIN" clusters $study --format json >"$scratch/json"
    [ "$(grep -c '"change"' "$scratch/json")" -eq 0 ]
}

@test "each cluster keeps a number, and each change has its word" {
    "$PLEIN" clusters --boundaries $boundaries --incidents "$made/earlier.csv" $find --format csv >"$scratch/earlier"
    compare --format csv >"$scratch/now"
    python3 - "$scratch" <<'PY'
import csv, sys
read = lambda name: list(csv.DictReader(open(f"{sys.argv[1]}/{name}")))
place = lambda r: (round(float(r["x"])) - 105500, round(float(r["y"])) - 500900)
was = {place(r): r["cluster"] for r in read("earlier")}
stays, left, right, whole, leaves = (was[p] for p in ((50, 20), (230, 20), (325, 20), (80, 165), (320, 170)))
assert sorted([stays, left, right, whole, leaves]) == list("12345")
rows = read("now")
now = {place(r): r for r in rows if r["cluster"]}
told = lambda p: tuple(now[p][c] for c in ("cluster", "earlier", "change", "into"))
assert told((60, 20)) == (stays, stays, "same", "")
assert told((275, 20)) == (left, left, "merged", "")
assert told((35, 165)) == (whole, whole, "split", "")
assert told((130, 165)) == (told((130, 165))[0], whole, "split", "")
assert told((315, 320)) == (told((315, 320))[0], "", "new", "")
assert sorted([told((130, 165))[0], told((315, 320))[0]]) == ["6", "7"]
rest = [r for r in rows if not r["cluster"]]
assert [(r["earlier"], r["change"], r["into"]) for r in rest] == sorted([(right, "merged", left), (leaves, "gone", "")])
assert all(r[c] == "" for r in rest for c in r if c not in ("earlier", "change", "into"))
assert rows[-len(rest):] == rest
sizes = [int(r["incidents"]) for r in rows if r["cluster"]]
assert sizes == sorted(sizes, reverse=True)
PY
}

@test "the members have the same numbers" {
    compare --members "$scratch/members" --format csv >"$scratch/csv"
    python3 - "$scratch" <<'PY'
import collections, csv, sys
read = lambda name: list(csv.DictReader(open(f"{sys.argv[1]}/{name}")))
sizes = collections.Counter(m["cluster"] for m in read("members"))
del sizes["0"]
assert sizes == {r["cluster"]: int(r["incidents"]) for r in read("csv") if r["cluster"]}
PY
}

@test "json and geojson tell the same, and draw where the earlier ones were" {
    for format in csv json geojson; do compare --format $format >"$scratch/$format"; done
    python3 - "$scratch" "$made/earlier.geojson" <<'PY'
import csv, json, sys
rows = list(csv.DictReader(open(sys.argv[1] + "/csv")))
objects = json.load(open(sys.argv[1] + "/json"))
collection = json.load(open(sys.argv[1] + "/geojson"))
assert collection["highest_cluster"] == 7
earlier = {f["properties"]["cluster"]: f["geometry"] for f in json.load(open(sys.argv[2]))["features"]}
features = collection["features"]
assert len(rows) == len(objects) == len(features) == 7
def points(geometry):
    if geometry["type"] == "Polygon":
        return {tuple(p) for ring in geometry["coordinates"] for p in ring}
    return {tuple(p) for polygon in geometry["coordinates"] for ring in polygon for p in ring}
for row, one, feature in zip(rows, objects, features):
    assert feature["properties"] == one
    for name in ("cluster", "earlier", "into", "incidents"):
        assert one[name] == (int(row[name]) if row[name] else None), (name, one)
    assert one["change"] == row["change"]
    if one["cluster"] is None:
        assert one["sources"] == one["jurisdictions"] == []
        before, after = points(earlier[one["earlier"]]), points(feature["geometry"])
        for lon, lat in after:
            assert min(abs(lon - a) + abs(lat - b) for a, b in before) < 3e-7
PY
}

@test "compared with itself, everything is the same" {
    for per in none jurisdiction,domain jurisdiction domain category source; do
        "$PLEIN" clusters $study --per $per -o "$scratch/a.geojson"
        "$PLEIN" clusters $study --per $per --format csv >"$scratch/alone"
        "$PLEIN" clusters $study --per $per --format csv --compare-with "$scratch/a.geojson" >"$scratch/compared"
        [ "$(wc -l <"$scratch/alone")" -gt 5 ]
        cut -d, -f1-13 "$scratch/compared" | cmp - "$scratch/alone"
        [ "$(tail -n +2 "$scratch/compared" | awk -F, '$14 != $1 || $15 != "same" || $16 != ""' | wc -l)" -eq 0 ]
    done
}

@test "clusters of another jurisdiction or domain are others, whatever the ground" {
    "$PLEIN" clusters $study --domain social -o "$scratch/social.geojson"
    "$PLEIN" clusters $study --domain physical --format csv --compare-with "$scratch/social.geojson" >"$scratch/csv"
    [ "$(awk -F, '$15 == "new"' "$scratch/csv" | wc -l)" -gt 3 ]
    [ "$(awk -F, '$15 == "gone"' "$scratch/csv" | wc -l)" -gt 3 ]
    [ "$(awk -F, 'NR > 1 && $15 != "new" && $15 != "gone"' "$scratch/csv" | wc -l)" -eq 0 ]
    awk -F, '$15 == "gone" && ($4 != "social" || $3 == "")  {exit 1}' "$scratch/csv"
}

@test "polygons and multipolygons, in any order of the features, give the same bytes" {
    compare --format geojson >"$scratch/straight"
    python3 - "$made/earlier.geojson" "$scratch" <<'PY'
import json, random, sys
made = json.load(open(sys.argv[1]))
def remade(shape, name, seed):
    features = json.loads(json.dumps(made["features"]))
    random.Random(seed).shuffle(features)
    for feature in features:
        feature["geometry"] = shape(feature["geometry"])
    with open(f"{sys.argv[2]}/{name}.geojson", "w") as out:
        json.dump({"features": features, "type": "FeatureCollection"}, out, indent=2 if seed else None)
def polygon(g):
    return g if g["type"] == "Polygon" else {"type": "Polygon", "coordinates": g["coordinates"][0]}
def several(g):
    return g if g["type"] == "MultiPolygon" else {"type": "MultiPolygon", "coordinates": [g["coordinates"]]}
remade(polygon, "polygon", 0)
remade(several, "several", 1)
PY
    for name in polygon several; do
        compare --compare-with "$scratch/$name.geojson" --format geojson | cmp - "$scratch/straight"
    done
    for threads in 1 2 8; do
        compare --threads $threads --format geojson | cmp - "$scratch/straight"
    done
}

@test "a number that is gone is not given again" {
    compare -o "$scratch/now.geojson"
    "$PLEIN" clusters --boundaries $boundaries --incidents "$made/now.csv" $find --min-points 10000 \
        --compare-with "$scratch/now.geojson" -o "$scratch/none.geojson"
    "$PLEIN" clusters --boundaries $boundaries --incidents "$made/now.csv" $find --min-points 10000 \
        --compare-with "$scratch/none.geojson" -o "$scratch/still.geojson"
    compare --compare-with "$scratch/still.geojson" --format csv >"$scratch/csv"
    [ "$(tail -n +2 "$scratch/csv" | cut -d, -f1 | paste -sd' ')" = "8 9 10 11 12" ]
    [ "$(tail -n +2 "$scratch/csv" | cut -d, -f15 | sort -u)" = new ]
}

@test "a study may name the file it is compared with" {
    cp "$made/earlier.geojson" "$scratch"
    cp data/europaplein/gemeenten.* "$made/now.csv" "$scratch"
    printf '[study]\nboundaries = gemeenten.shp\nincidents = now.csv\nper = none\nradius = 12\nmin-points = 4\ncompare-with = earlier.geojson\n' >"$scratch/a.ini"
    compare --format csv >"$scratch/csv"
    "$PLEIN" clusters --study "$scratch/a.ini" --quiet --format csv | cmp - "$scratch/csv"
    "$PLEIN" clusters --study "$scratch/a.ini" --format csv --lang en 2>&1 >/dev/null |
        grep -q 'compared with earlier.geojson: 1 clusters are the same, 1 new, 1 merged, 2 split; 1 of its 5 are gone'
}

@test "csv, json and geojson are the same in Dutch; the table has Dutch words" {
    for format in csv json geojson; do
        compare --format $format --lang nl >"$scratch/nl"
        compare --format $format --lang en | cmp - "$scratch/nl"
    done
    compare --lang en --format table >"$scratch/en"
    for word in new gone same merged split; do grep -qw $word "$scratch/en"; done
    [ -e data/locale/nl.po ] || skip "no Dutch catalogue"
    compare --lang nl --format table >"$scratch/nl"
    for word in nieuw weg gebleven samengegaan gesplitst; do grep -qw $word "$scratch/nl"; done
}

@test "what is no file of clusters is told, with its place" {
    try() { # status pattern
        refuses "$1" "$2" clusters --boundaries $boundaries --incidents "$made/now.csv" $find --lang en \
            --compare-with "$scratch/x.geojson"
    }
    cluster() { # properties [geometry]
        local ring='[[4.66,52.5],[4.67,52.5],[4.67,52.51],[4.66,52.5]]'
        printf '{"type":"FeatureCollection","features":[\n{"type":"Feature","properties":{%s},"geometry":%s}]}' \
            "$1" "${2:-{\"type\":\"Polygon\",\"coordinates\":[$ring]\}}" >"$scratch/x.geojson"
    }
    try 66 "x.geojson"
    "$PLEIN" clusters $study --format csv -o "$scratch/x.geojson"
    try 65 "x.geojson:1: this is no JSON: 'cluster,jurisdiction_co"
    "$PLEIN" clusters $study --format json -o "$scratch/x.geojson"
    try 65 "x.geojson: JSON, but no GeoJSON FeatureCollection"
    cp $boundaries "$scratch/x.geojson"
    try 65 "x.geojson: no text in UTF-8"
    cluster '"GM_NAAM": "Heemskerk"'
    try 65 "x.geojson:2: feature 1 is no cluster; name a file that plein clusters"
    for number in 0 -1 1.5 1e999 2000000000 '"1"' true '[]'; do
        cluster "\"cluster\": $number"
        try 65 "x.geojson:2: a cluster's number is no whole number from 1 to"
    done
    cluster '"cluster": 1, "domain": "social"'
    try 2 "x.geojson:2: .* the same --per"
    cluster '"cluster": 1' null
    try 65 "x.geojson:2: feature 1: its geometry is no Polygon"
    cluster '"cluster": 1' '{"type":"Polygon","coordinates":[[[105700,501066],[105700,501166],[105800,501066],[105700,501066]]]}'
    try 65 "x.geojson:2: feature 1: 105700, 501066 is no longitude and latitude"
    cluster '"cluster": 1' '{"type":"Polygon","coordinates":[[[4.66,52.5],[4.67,52.5],[4.67,52.51],[4.66,52.51]]]}'
    try 65 "x.geojson:2: feature 1: a ring does not end where it begins"
    head -c 700 "$made/earlier.geojson" >"$scratch/x.geojson"
    try 65 "x.geojson:2: the file ends in the middle"
    sed 's/"cluster": 2/"cluster": 4/' "$made/earlier.geojson" >"$scratch/x.geojson"
    try 65 "x.geojson:5: cluster 4 stands on line 3 already"
    printf '{"type":"FeatureCollection","features":[]}' >"$scratch/x.geojson"
    compare --compare-with "$scratch/x.geojson" --format csv >"$scratch/csv"
    [ "$(tail -n +2 "$scratch/csv" | cut -d, -f1,15 | paste -sd' ')" = "1,new 2,new 3,new 4,new 5,new" ]
}

@test "a cluster at the other end of the world is gone, not near" {
    printf '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"cluster":1},"geometry":{"type":"Polygon","coordinates":[[[-1.5,53],[-1.4,53],[-1.4,53.1],[-1.5,53]]]}}]}' >"$scratch/x.geojson"
    compare --compare-with "$scratch/x.geojson" --format csv | tail -n 1 | grep -q ',1,gone,$'
}

@test "another radius or minimum than the earlier ones' is told, and an older file's silence is not" {
    told() { # file options...
        "$PLEIN" clusters --boundaries $boundaries --incidents "$made/now.csv" --per none --lang en --compare-with "$1" "${@:2}" 2>&1 >/dev/null
    }
    python3 -c '
import json, sys
found = json.load(open(sys.argv[1], encoding="utf-8"))
assert (found.pop("radius_m"), found.pop("min_points")) == (12, 4)
json.dump(found, open(sys.argv[2], "w", encoding="utf-8"))' "$made/earlier.geojson" "$scratch/older.geojson"
    told "$made/earlier.geojson" --radius 12 --min-points 4 >"$scratch/same"
    [ "$(grep -c 'compared with' "$scratch/same")" -eq 1 ]
    [ "$(grep -c 'were found with' "$scratch/same")" -eq 0 ]
    told "$made/earlier.geojson" --radius 12.5 --min-points 4 >"$scratch/radius"
    grep -q 'in earlier.geojson were found with --radius 12, those of now with 12.5' "$scratch/radius"
    [ "$(grep -c 'were found with' "$scratch/radius")" -eq 1 ]
    told "$made/earlier.geojson" --radius 12 --min-points 5 | grep -q 'were found with --min-points 4, those of now with 5'
    [ "$(told "$scratch/older.geojson" --radius 20 --min-points 9 | grep -c 'were found with')" -eq 0 ]
    "$PLEIN" clusters --boundaries $boundaries --incidents "$made/now.csv" --per none --quiet --radius 12.5 --min-points 5 --format geojson \
        --compare-with "$made/earlier.geojson" | head -n 1 | grep -q '"radius_m": 12.5, "min_points": 5,'
}
