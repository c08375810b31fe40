#!/usr/bin/env bats
# Pages and kinds of file: what a PDF, SVG, GeoTIFF and text beside a map say, and how large they are.

bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
    PLEIN=${PLEIN:-$PWD/build/plein}
    scratch=$BATS_TEST_TMPDIR
    study=data/europaplein/plein.ini
    unset SOURCE_DATE_EPOCH
    export LSAN_OPTIONS=suppressions=$PWD/tests/tools/cairo.supp:print_suppressions=0
}

map() { # options...
    "$PLEIN" map --quiet --study "$study" --lang nl "$@"
}

border() { # options...
    "$PLEIN" border --quiet --study "$study" --lang nl --between Heemskerk,Beverwijk "$@"
}

# The iTXt chunk of that name.
note() { # file key
    python3 - "$1" "$2" <<'PY'
import struct, sys
data, at = open(sys.argv[1], "rb").read(), 8
while at < len(data):
    size, kind = struct.unpack(">I4s", data[at:at + 8])
    body = data[at + 8:at + 8 + size]
    if kind == b"iTXt" and body.split(b"\0", 1)[0].decode() == sys.argv[2]:
        print(body.split(b"\0", 1)[1].split(b"\0", 4)[-1].decode())
    at += 12 + size
PY
}

# Width and height in pixels, and pixels to a metre.
measures() { # file
    python3 - "$1" <<'PY'
import struct, sys
data = open(sys.argv[1], "rb").read()
at = data.index(b"pHYs") + 4
print(*struct.unpack(">II", data[16:24]), struct.unpack(">I", data[at:at + 4])[0])
PY
}

@test "the words of a PDF can be looked for, also those that are turned and spaced" {
    command -v pdftotext >/dev/null || skip "NOT TESTED: pdftotext is not installed"
    map -o "$scratch/k.pdf"
    pdftotext "$scratch/k.pdf" "$scratch/k.txt"
    for words in "knipt de grootste hotspot in tweeën" "1 januari 2023 t/m 31 december 2024" HEEMSKERK Narcissenstraat \
        "De vijf grootste clusters" "minder dan 5 meldingen"; do
        grep -q "$words" "$scratch/k.txt"
    done
    border -o "$scratch/g.pdf"
    pdftotext "$scratch/g.pdf" "$scratch/g.txt"
    grep -q "Plaats in elke lijst" "$scratch/g.txt"
    grep -q "BEVERWIJK" "$scratch/g.txt"
}

@test "a PDF has the page's size, a title, and no time unless one is given" {
    command -v pdfinfo >/dev/null || skip "NOT TESTED: pdfinfo is not installed"
    map -o "$scratch/k.pdf" --page a4
    pdfinfo "$scratch/k.pdf" >"$scratch/info"
    grep -q "^Page size: *841.89 x 595.276 pts (A4)" "$scratch/info"
    grep -q "^Title: *De grens van" "$scratch/info"
    [ "$(grep -c Date "$scratch/info")" -eq 0 ]
    SOURCE_DATE_EPOCH=1700000000 map -o "$scratch/k.pdf"
    TZ=UTC pdfinfo "$scratch/k.pdf" | grep -q "CreationDate: *Tue Nov 14 22:13:20 2023"
}

@test "one text describes the map in PNG, SVG and beside them, in the map's language" {
    for command in map border; do
        $command -o "$scratch/$command.png" --alt
        $command -o "$scratch/$command.svg"
        note "$scratch/$command.png" Description >"$scratch/note"
        diff "$scratch/note" "$scratch/$command.txt"
        sed -n 's|^<desc>\(.*\)</desc>$|\1|p' "$scratch/$command.svg" | diff - "$scratch/$command.txt"
        grep -q "995 meldingen" "$scratch/$command.txt"
        [ "$(grep -c "incident\|cluster are\|place" "$scratch/$command.txt")" -eq 0 ]
        [ "$(wc -l <"$scratch/$command.txt")" -eq 1 ]
    done
    "$PLEIN" map --quiet --study "$study" --lang en -o "$scratch/en.png" --alt
    grep -q "The largest clusters are Europaplein (995 incidents: 51% Beverwijk, 49% Heemskerk)" "$scratch/en.txt"
}

@test "a picture and its text are one set: without room for the one the other stays as it was" {
    for command in map border; do
        echo old >"$scratch/$command.png"
        mkdir "$scratch/$command.txt"
        run $command -o "$scratch/$command.png" --alt
        [ "$status" -eq 73 ]
        [ "$(cat "$scratch/$command.png")" = old ]
        [ "$(ls -A "$scratch" | grep -c plein)" -eq 0 ]
    done
}

@test "the same bytes with any threads, time zone and locale" {
    for kind in pdf svg png; do
        TZ=Asia/Tokyo LC_ALL=C map --threads 1 -o "$scratch/a.$kind" --page a5
        TZ=America/New_York LC_ALL=C.UTF-8 map --threads 8 -o "$scratch/b.$kind" --page a5
        cmp "$scratch/a.$kind" "$scratch/b.$kind"
    done
}

@test "pages have their pixels, and say how large these are" {
    map -o "$scratch/a.png" --page slide
    [ "$(measures "$scratch/a.png")" = "1920 1080 5669" ]
    map -o "$scratch/a.png" --page 1920x1080px
    [ "$(measures "$scratch/a.png")" = "1920 1080 5669" ]
    map -o "$scratch/a.png" --page a4
    [ "$(measures "$scratch/a.png")" = "2339 1654 7874" ]
    map -o "$scratch/a.png" --page A6-portrait --dpi 72
    [ "$(measures "$scratch/a.png")" = "298 420 2835" ]
    map -o "$scratch/a.png" --page 200x100mm --dpi 254
    [ "$(measures "$scratch/a.png")" = "2000 1000 10000" ]
    border -o "$scratch/a.png" --page 20x10cm --dpi 127
    [ "$(measures "$scratch/a.png")" = "1000 500 5000" ]
}

@test "a page that is none and a file of another kind are told" {
    for page in a9 100 100x 0x100 -5x10 100x100furlong 10x10 9000x9000 a4-sideways; do
        run --separate-stderr map -o "$scratch/no.png" --page "$page"
        [ "$status" -eq 2 ]
        [[ $stderr == *--page* ]]
        [ ! -e "$scratch/no.png" ]
    done
    run --separate-stderr map -o "$scratch/no.jpg"
    [ "$status" -eq 2 ]
    [[ $stderr == *"no.jpg"*".png, .pdf"* ]]
    [ ! -e "$scratch/no.jpg" ]
    run --separate-stderr map -o - --georeferenced
    [ "$status" -eq 2 ]
}

@test "a map too small for its words is refused, and leaves nothing" {
    run --separate-stderr map -o "$scratch/no.pdf" --page 40x30
    [ "$status" -eq 2 ]
    [[ $stderr == *--page* ]]
    [ ! -e "$scratch/no.pdf" ]
}

@test "the GeoTIFF and the PNG lie where the world file says, on the metre" {
    command -v gdalinfo >/dev/null || skip "NOT TESTED: gdalinfo is not installed"
    map -o "$scratch/k.png" --georeferenced --dpi 72
    for file in k.png k.tif; do
        gdalinfo -json "$scratch/$file" >"$scratch/$file.json"
    done
    python3 - "$scratch" <<'PY'
import json, sys
folder = sys.argv[1]
step, _, _, _, x, y = (float(line) for line in open(folder + "/k.pgw"))
for name in ("k.png", "k.tif"):
    told = json.load(open(f"{folder}/{name}.json"))
    width, height = told["size"]
    wanted = {"upperLeft": (x - step / 2, y + step / 2),
              "lowerRight": (x - step / 2 + width * step, y + step / 2 - height * step)}
    for corner, place in wanted.items():
        for got, want in zip(told["cornerCoordinates"][corner], place):
            assert abs(got - want) < 0.01, (name, corner, got, want)
    assert 'ID["EPSG",28992]' in told["coordinateSystem"]["wkt"], name
PY
}
