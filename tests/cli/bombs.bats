#!/usr/bin/env bats
# A sample of what `make bombs` does: what is small and asks for a great deal is done, or refused soon.

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
    PLEIN=${PLEIN:-$PWD/build/plein}
    scratch=$BATS_TEST_TMPDIR
}

@test "small bombs are done or refused in 5 s and 512 MB, in a sentence with the file" {
    [ -z "$PLEIN_SANITIZED" ] || skip "a sanitizer takes memory of its own"
    python3 -c 'import sqlite3' || skip "this python3 has no sqlite3"
    tests/torture/bombs.py "$(dirname "$PLEIN")" "$scratch" small
}

@test "a gzip file that is packed far closer than any real one is refused, and no sooner than 64 MB" {
    python3 - "$scratch" <<'PY'
import gzip, sys
for name, size in ("bomb", 80 << 20), ("close", 60 << 20):
    with gzip.open(f"{sys.argv[1]}/{name}.csv.gz", "wb", compresslevel=1) as out:
        out.write(b"x,y\n" + (b" " * 1023 + b"\n") * (size >> 10))
PY
    run "$PLEIN" check --incidents "$scratch/bomb.csv.gz" --incidents-crs EPSG:28992 --lang en
    [ "$status" -eq 65 ]
    [[ "$output" == *"bomb.csv.gz: the gzip file is packed far closer than any real file, and is not read"* ]]
    "$PLEIN" check --incidents "$scratch/close.csv.gz" --incidents-crs EPSG:28992 --lang en
}

@test "a zip of very many tables is told in a line, and what is left out shows" {
    python3 - "$scratch/many.zip" <<'PY'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as out:
    for i in range(300):
        out.writestr(f"{i}.csv", "x,y\n")
PY
    run "$PLEIN" check --incidents "$scratch/many.zip" --lang en
    [ "$status" -eq 65 ]
    [[ "$output" == *"several files (0.csv, 1.csv, "*", ...); name one"* ]]
    [ ${#output} -lt 600 ]
}

@test "a polygon that is refused is told by its file, number and name" {
    python3 - "$scratch/star.geojson" <<'PY'
import json, math, sys
ring = [[4.6 + 0.01 * math.cos(2 * math.pi * i * 999 / 2000), 52.5 + 0.01 * math.sin(2 * math.pi * i * 999 / 2000)] for i in range(2000)]
square = [[4.5, 52.4], [4.51, 52.4], [4.51, 52.41], [4.5, 52.41], [4.5, 52.4]]
area = lambda name, ring: {"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
json.dump({"type": "FeatureCollection", "features": [area("plein", square), area("ster", ring + ring[:1])]}, open(sys.argv[1], "w"))
PY
    run "$PLEIN" check --boundaries "$scratch/star.geojson" --lang en
    [ "$status" -eq 65 ]
    [[ "$output" == *"star.geojson: record 2 (ster): a polygon of 2001 corners crosses itself too often to be repaired; "* ]]
}
