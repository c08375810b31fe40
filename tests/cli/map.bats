#!/usr/bin/env bats
# plein map: a PNG with its world file and its reference system.

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
    PLEIN=${PLEIN:-$PWD/build/plein}
    study="--study data/europaplein/plein.ini --quiet"
    scratch=$BATS_TEST_TMPDIR
}

# Holds a PNG against its checksums; prints width and height.
png() { # file
    python3 - "$1" <<'PY'
import struct, sys, zlib
data = open(sys.argv[1], "rb").read()
assert data[:8] == b"\x89PNG\r\n\x1a\n"
at, kinds, pixels = 8, [], b""
while at < len(data):
    size, kind = struct.unpack(">I4s", data[at:at + 8])
    body = data[at + 8:at + 8 + size]
    assert struct.unpack(">I", data[at + 8 + size:at + 12 + size])[0] == zlib.crc32(kind + body), kind
    kinds.append(kind)
    if kind == b"IHDR":
        width, height = struct.unpack(">II", body[:8])
    if kind == b"IDAT":
        pixels += body
    at += 12 + size
assert kinds[-1] == b"IEND" and b"iTXt" in kinds, kinds
assert b"tIME" not in kinds
raw = zlib.decompress(pixels)
assert len(set(raw[i:i + 3] for i in range(0, len(raw) - 3, 997))) > 20, "a map of one colour"
print(width, height)
PY
}

@test "it writes a PNG, a world file and a reference system" {
    "$PLEIN" map $study -o "$scratch/a.png"
    read -r width height < <(png "$scratch/a.png")
    [ "$width" -gt 500 ] && [ "$height" -gt 400 ]
    [ "$(ls "$scratch" | paste -sd' ')" = "a.pgw a.png a.png.aux.xml" ]
    awk 'NR == 1 {ok = $1 > 0; step = $1} NR == 2 || NR == 3 {ok = ok && $1 == 0} NR == 4 {ok = ok && $1 == -step}
         NR == 5 {ok = ok && $1 > 90000 && $1 < 120000} NR == 6 {ok = ok && $1 > 480000 && $1 < 520000}
         END {exit !(ok && NR == 6)}' "$scratch/a.pgw"
    python3 -c 'import sys, xml.etree.ElementTree as e; assert "RD New" in e.parse(sys.argv[1]).getroot().find("SRS").text' "$scratch/a.png.aux.xml"
}

@test "one and two threads write the same bytes" {
    for threads in 1 2; do
        mkdir "$scratch/$threads"
        "$PLEIN" map $study --threads $threads -o "$scratch/$threads/a.png"
    done
    diff -r "$scratch/1" "$scratch/2"
}

@test "shuffled rows give the same map" {
    mkdir "$scratch/1" "$scratch/2"
    tests/cli/shuffled-study "$scratch/study"
    "$PLEIN" map $study -o "$scratch/1/a.png"
    "$PLEIN" map --quiet --study "$scratch/study/plein.ini" -o "$scratch/2/a.png"
    diff -r "$scratch/1" "$scratch/2"
}

@test "the time, the locale and the time zone leave no trace" {
    mkdir "$scratch/a" "$scratch/b"
    LC_ALL=C TZ=UTC "$PLEIN" map $study -o "$scratch/a/a.png"
    LC_ALL=nl_NL.UTF-8 TZ=Asia/Tokyo "$PLEIN" map $study -o "$scratch/b/a.png"
    diff -r "$scratch/a" "$scratch/b"
}

@test "a failed run leaves the old map" {
    echo old >"$scratch/a.png"
    status=0
    "$PLEIN" map $study --incidents "$scratch/no.csv" -o "$scratch/a.png" 2>/dev/null || status=$?
    [ "$status" -eq 66 ]
    [ "$(cat "$scratch/a.png")" = old ]
    [ "$(ls -A "$scratch")" = a.png ]
}

@test "--frame is where the picture lies" {
    "$PLEIN" map $study --frame 105000,501000,107000,503000 -o "$scratch/a.png"
    png "$scratch/a.png"
    awk 'NR == 1 {step = $1} NR == 5 {x = $1} NR == 6 {y = $1} END {exit !(step > 0.5 && step < 10 && x < 106000 && y > 502000)}' "$scratch/a.pgw"
}

@test "a map of a selection without incidents is still a map, or says why not" {
    status=0
    "$PLEIN" map $study --from 2031-01-01 -o "$scratch/a.png" 2>"$scratch/err" || status=$?
    case $status in
    0) png "$scratch/a.png" ;;
    2 | 65) [ -s "$scratch/err" ] ;;
    *) false ;;
    esac
}

@test "no person, address or folder is in the metadata" {
    "$PLEIN" map $study -o "$scratch/a.png"
    [ "$(grep -ac "europaplein/\|$PWD" "$scratch/a.png")" -eq 0 ]
}

# The scale that the PNG says it has.
scale_of() { # file
    python3 - "$1" <<'PY'
import sys
data = open(sys.argv[1], "rb").read()
at = data.index(b"iTXtScale\0")
print(data[at + 4:at + 4 + int.from_bytes(data[at - 4:at], "big")].rsplit(b"\0", 1)[1].decode())
PY
}

@test "--classes chooses how limits are made, and the map says so" {
    for method in equal quantile jenks geometric; do
        "$PLEIN" map $study --classes $method:6 -o "$scratch/$method.png"
        read -r -a limits < <(scale_of "$scratch/$method.png")
        [ "${#limits[@]}" -eq 8 ]
        [ "${limits[0]}" = "$first" ] || [ -z "$first" ]
        first=${limits[0]}
        printf '%s\n' "${limits[@]:0:6}" | sort -gc
    done
    "$PLEIN" map $study --classes 5,10,20 -o "$scratch/a.png"
    [ "$(scale_of "$scratch/a.png")" = "5 10 20 per ha" ]
    "$PLEIN" map $study --classes continuous -o "$scratch/c.png"
    [[ "$(scale_of "$scratch/c.png")" == *" per ha, continuous" ]]
    ! cmp -s "$scratch/a.png" "$scratch/c.png"
    for wrong in foo jenks:1 jenks:8 jenks:x 5,5 0,1 5,,6 1,2,3,4,5,6,7,8 ""; do
        run "$PLEIN" map $study --classes "$wrong" -o "$scratch/x.png"
        echo "$wrong: $status $output"
        [ "$status" -eq 2 ]
        [ "${#lines[@]}" -eq 1 ]
    done
    [ ! -e "$scratch/x.png" ]
}

@test "--scale keeps the limits of another map, also of one with fewer incidents" {
    "$PLEIN" map $study --from 2024-01-01 -o "$scratch/a.png"
    "$PLEIN" map $study --from 2024-01-01 --to 2024-01-31 -o "$scratch/alone.png"
    "$PLEIN" map $study --from 2024-01-01 --to 2024-01-31 --scale "$scratch/a.png" -o "$scratch/b.png"
    [ "$(scale_of "$scratch/a.png")" = "$(scale_of "$scratch/b.png")" ]
    [ "$(scale_of "$scratch/alone.png")" != "$(scale_of "$scratch/b.png")" ]
    "$PLEIN" map $study --classes continuous -o "$scratch/c.png"
    "$PLEIN" map $study --scale "$scratch/c.png" -o "$scratch/d.png"
    cmp "$scratch/c.png" "$scratch/d.png"
    run "$PLEIN" map $study --lang en --scale tests/golden/meeting.png -o "$scratch/x.png"
    [ "$status" -eq 65 ]
    [[ "$output" == *"no scale is in it"* ]]
    run "$PLEIN" map $study --scale "$scratch/none.png" -o "$scratch/x.png"
    [ "$status" -eq 66 ]
    run "$PLEIN" map $study --scale "$scratch/a.png" --classes equal -o "$scratch/x.png"
    [ "$status" -eq 2 ]
    [ ! -e "$scratch/x.png" ]
}

@test "the plain style is heat alone, transparent, and lies where its world file says" {
    "$PLEIN" map $study --style plain -o "$scratch/plain.png"
    "$PLEIN" density $study --extent 105000,500500,107200,502800 --cell 10 -o "$scratch/d.asc"
    python3 - "$scratch/plain.png" "$scratch/plain.pgw" "$scratch/d.asc" <<'PY'
import struct, sys, zlib
data = open(sys.argv[1], "rb").read()
at, packed = 8, b""
while at < len(data):
    size, kind = struct.unpack(">I4s", data[at:at + 8])
    if kind == b"IHDR":
        width, height, depth, colours = struct.unpack(">IIBB", data[at + 8:at + 18])
    if kind == b"IDAT":
        packed += data[at + 8:at + 8 + size]
    at += 12 + size
assert (depth, colours) == (8, 6)
raw, stride = zlib.decompress(packed), 4 * width + 1
assert all(raw[row * stride] == 0 for row in range(height))
alpha = lambda column, row: raw[row * stride + 1 + 4 * column + 3]
step, _, _, down, left, top = map(float, open(sys.argv[2]))
assert down == -step
lines = open(sys.argv[3]).read().split("\n")
columns, rows = int(lines[0].split()[1]), int(lines[1].split()[1])
x0, y0, cell = (float(lines[i].split()[1]) for i in (2, 3, 4))
values = [list(map(float, line.split())) for line in lines[6:6 + rows]]
clear = hot = 0
for row in range(rows):
    for column in range(columns):
        x, y = x0 + (column + .5) * cell, y0 + (rows - row - .5) * cell
        at = alpha(round((x - left) / step), round((top - y) / step))
        if values[row][column] > 60:
            hot += 1
            assert at == 255, (x, y)
        if values[row][column] < 1:
            clear += 1
            assert at == 0, (x, y)
assert hot > 300 and clear > 300, (hot, clear)
PY
    run "$PLEIN" border $study --between Heemskerk,Beverwijk --style plain -o "$scratch/b.png"
    [ "$status" -eq 2 ]
    [ "${#lines[@]}" -eq 1 ]
}

@test "--contours draws lines, the same with any number of threads" {
    for threads in 1 8; do
        "$PLEIN" map $study --contours --threads $threads -o "$scratch/$threads.png"
    done
    cmp "$scratch/1.png" "$scratch/8.png"
    "$PLEIN" map $study -o "$scratch/without.png"
    ! cmp -s "$scratch/1.png" "$scratch/without.png"
}

@test "--points needs --min-count 1 said aloud, and shows no organised crime" {
    for options in "" "--min-count 2" "--min-count 1 --no-clusters"; do
        run "$PLEIN" map $study --points $options -o "$scratch/x.png"
        [ "$status" -eq 2 ]
        [ "${#lines[@]}" -eq 1 ]
    done
    printf '[study]\nboundaries = %s\nincidents = politie=%s\n[privacy]\nmin-count = 1\n[map]\npoints = yes\n' \
        "$PWD/data/europaplein/gemeenten.shp" "$PWD/data/europaplein/politie.csv" >"$scratch/study.ini"
    run "$PLEIN" map --study "$scratch/study.ini" -o "$scratch/x.png"
    [ "$status" -eq 2 ]
    [ ! -e "$scratch/x.png" ]
    study="--study data/europaplein/plein.ini"
    "$PLEIN" map $study --lang en --points --min-count 1 -o "$scratch/a.png" 2>"$scratch/notes"
    grep -q "not for handing on" "$scratch/notes"
    grep -q "85 incidents of organised crime are not shown as dots" "$scratch/notes"
    mkdir "$scratch/1" "$scratch/2"
    awk 'NR == 1 || NR % 2' data/europaplein/politie.csv >"$scratch/1/p.csv"
    { head -n 1 "$scratch/1/p.csv"; tail -n +2 "$scratch/1/p.csv" | shuf --random-source=<(yes); } >"$scratch/2/p.csv"
    for run in 1 2; do
        "$PLEIN" map --boundaries data/europaplein/gemeenten.shp --incidents "politie=$scratch/$run/p.csv" --quiet \
            --points --min-count 1 --threads $run -o "$scratch/$run/a.png"
    done
    cmp "$scratch/1/a.png" "$scratch/2/a.png"
}

@test "a base layer whose table is empty is drawn without names, with a word" {
    for part in shp shx prj; do
        cp data/europaplein/straten.$part "$scratch/straten.$part"
    done
    : >"$scratch/straten.dbf"
    run "$PLEIN" map --boundaries data/europaplein/gemeenten.shp --incidents data/europaplein/gemeente.csv --lang en \
        --base "$scratch/straten.shp:street" -o "$scratch/a.png"
    [ "$status" -eq 0 ]
    [[ "$output" == *"straten.shp: it has no table (.dbf) that can be read, so nothing in it is named"* ]]
    [ -s "$scratch/a.png" ]
}

@test "title, numbers and colours are about the two jurisdictions that the largest cluster lies in" {
    python3 - "$scratch" <<'PY'
import json, random, sys
square = lambda x: {"type": "Polygon", "coordinates": [[[x, 500000], [x + 1000, 500000], [x + 1000, 501000], [x, 501000], [x, 500000]]]}
features = [{"type": "Feature", "properties": {"naam": name, "code": name}, "geometry": square(100000 + 1000 * i)}
            for i, name in enumerate(["Aa", "Bee", "Cee"])]
json.dump({"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}},
           "features": features}, open(sys.argv[1] + "/g.geojson", "w"))
chance = random.Random(1)
with open(sys.argv[1] + "/i.csv", "w") as out:
    print("id,x,y,category", file=out)
    for i in range(60):  # one cluster over the border of Aa and Bee
        print(f"a{i},{101000 + chance.uniform(-15, 15):.1f},{500500 + chance.uniform(-15, 15):.1f},litter", file=out)
    for i in range(400):  # and most incidents in Cee, far from one another
        print(f"c{i},{102020 + 48 * (i % 20)},{500020 + 48 * (i // 20)},litter", file=out)
PY
    "$PLEIN" map --boundaries "$scratch/g.geojson" --incidents "$scratch/i.csv" --lang en --quiet -o "$scratch/a.png"
    python3 - "$scratch/a.png" <<'PY'
import sys
data = open(sys.argv[1], "rb").read()
def note(key):
    at = data.index(b"iTXt" + key + b"\0")
    return data[at + 4:at + 4 + int.from_bytes(data[at - 4:at], "big")].rsplit(b"\0", 1)[1].decode()
assert note(b"Title") == "The border of Aa and Bee cuts the largest hotspot in two", note(b"Title")
assert " in Aa, " in note(b"Subtitle") and note(b"Subtitle").endswith(" in Bee"), note(b"Subtitle")
PY
}

@test "a text has no place beside standard output, and small maps have no strip or lines" {
    for options in "--alt" "--georeferenced"; do
        run "$PLEIN" map $study $options -o -
        [ "$status" -eq 2 ]
        [ "${#lines[@]}" -eq 1 ]
    done
    for options in "--with hours" "--contours" "--measures data/europaplein/maatregelen.csv"; do
        run "$PLEIN" map $study --small-multiples month $options -o "$scratch/x.png"
        [ "$status" -eq 2 ]
        [ "${#lines[@]}" -eq 1 ]
    done
    [ ! -e "$scratch/x.png" ]
}

@test "what is wrong on the command line is told in the language that it asks for" {
    run env -u LANG -u LC_ALL "$PLEIN" map $study --dpi 0 --lang nl -o "$scratch/x.png"
    [ "$status" -eq 2 ]
    [[ "$output" == "plein: --dpi: '0' is geen getal van 18 tot 2400" ]]
    run env LANG=nl_NL.UTF-8 "$PLEIN" map $study --dpi 0 --lang=en -o "$scratch/x.png"
    [[ "$output" == "plein: --dpi: '0' is no number from 18 to 2400" ]]
}
