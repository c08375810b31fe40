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
