#!/usr/bin/env bats
# plein density: incidents per hectare, as an ESRI ASCII grid or a GeoTIFF.

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
    PLEIN=${PLEIN:-$PWD/build/plein}
    study="--study data/europaplein/plein.ini --quiet"
    boundaries=data/europaplein/gemeenten.shp
    scratch=$BATS_TEST_TMPDIR
    printf 'id,x,y\na,105700,501066\n' >"$scratch/one.csv"
    one="--boundaries $boundaries --incidents $scratch/one.csv --quiet"
}

@test "the header is that of an ASCII grid, and the rows are as many" {
    "$PLEIN" density $study --extent 105000,501000,106004,502000 --cell 10 -o "$scratch/a.asc"
    head -n 6 "$scratch/a.asc" | tr 'A-Z' 'a-z' | awk '{print $1, $2 + 0}' >"$scratch/head"
    printf '%s\n' "ncols 101" "nrows 100" "xllcorner 105000" "yllcorner 501000" "cellsize 10" "nodata_value -9999" | diff - "$scratch/head"
    tail -n +7 "$scratch/a.asc" | awk 'NF != 101 {exit 1} END {exit NR != 100}'
}

@test "the default cell is a tenth of the bandwidth, over the box of the jurisdictions" {
    "$PLEIN" density $study --jurisdiction Heemskerk --bandwidth 200 -o "$scratch/a.asc"
    grep -qi '^cellsize *20$' "$scratch/a.asc"
    "$PLEIN" density $study --jurisdiction Heemskerk --bandwidth 200 --from 2024-12-01 -o "$scratch/b.asc"
    head -n 6 "$scratch/a.asc" >"$scratch/a.head"
    head -n 6 "$scratch/b.asc" | cmp - "$scratch/a.head"
}

@test "every kernel's integral is the number of incidents" {
    for kernel in quartic epanechnikov triangular triweight uniform gaussian; do
        "$PLEIN" density $one --kernel $kernel --bandwidth 100 --cell 5 --extent 104700,500066,106700,502066 -o "$scratch/a.asc"
        python3 - "$scratch/a.asc" $kernel <<'PY'
import sys
lines = open(sys.argv[1]).read().split("\n")
cell = float(lines[4].split()[1])
total = sum(float(v) for line in lines[6:] for v in line.split()) * cell * cell / 10000
assert abs(total - 1) < 0.01, (sys.argv[2], total)
PY
    done
}

@test "a quartic's value is the formula's at the cell's centre" {
    "$PLEIN" density $one --bandwidth 100 --cell 10 --extent 105600,500966,105800,501166 -o "$scratch/a.asc"
    python3 - "$scratch/a.asc" <<'PY'
import math, sys
lines = open(sys.argv[1]).read().split("\n")
values = [[float(v) for v in line.split()] for line in lines[6:] if line]
assert len(values) == 20
for row, line in enumerate(values):
    for column, value in enumerate(line):
        x, y = 105600 + 10 * column + 5, 501166 - 10 * row - 5
        q = 1 - ((x - 105700) ** 2 + (y - 501066) ** 2) / 1e4
        wanted = 3 / (math.pi * 1e4) * q * q * 1e4 if q > 0 else 0
        assert abs(value - wanted) <= 1e-5 * max(wanted, 1e-3), (x, y, value, wanted)
PY
}

@test "--unit km2 is a hundred times per hectare" {
    for unit in ha km2; do
        "$PLEIN" density $one --unit $unit --extent 105600,500966,105800,501166 -o "$scratch/$unit.asc"
    done
    python3 - "$scratch" <<'PY'
import sys
read = lambda name: [float(v) for line in open(f"{sys.argv[1]}/{name}.asc").read().split("\n")[6:] for v in line.split()]
ha, km2 = read("ha"), read("km2")
assert max(ha) > 0 and all(abs(100 * a - b) <= 1e-5 * b + 1e-9 for a, b in zip(ha, km2))
PY
}

@test "one and two threads write the same bytes" {
    for edge in none uniform diggle; do
        for threads in 1 2; do
            "$PLEIN" density $study --edge $edge --extent 105000,501000,107000,503000 --threads $threads -o "$scratch/$threads.asc"
        done
        cmp "$scratch/1.asc" "$scratch/2.asc"
    done
}

@test "shuffled rows and any language give the same bytes" {
    python3 - "$scratch/mixed.csv" <<'PY'
import random, sys
rows = open("data/europaplein/politie.csv", encoding="utf-8").readlines()
body = rows[1:]
random.Random(1).shuffle(body)
open(sys.argv[1], "w", encoding="utf-8").writelines(rows[:1] + body)
PY
    asked="--boundaries $boundaries --extent 105000,501000,107000,503000 --quiet"
    "$PLEIN" density $asked --incidents data/europaplein/politie.csv --lang en -o "$scratch/a.asc"
    "$PLEIN" density $asked --incidents "$scratch/mixed.csv" --lang nl -o "$scratch/b.asc"
    cmp "$scratch/a.asc" "$scratch/b.asc"
}

@test "standard output gets what -o gets" {
    "$PLEIN" density $one --extent 105600,500966,105800,501166 -o "$scratch/a.asc"
    "$PLEIN" density $one --extent 105600,500966,105800,501166 | cmp - "$scratch/a.asc"
}

@test "without an edge correction there is no no data, unless --min-count asks" {
    "$PLEIN" density $one --extent 105600,500966,105800,501166 -o "$scratch/a.asc"
    [ "$(tail -n +7 "$scratch/a.asc" | grep -c -- -9999)" -eq 0 ]
    "$PLEIN" density $one --extent 105600,500966,105800,501166 --min-count 2 -o "$scratch/a.asc"
    tail -n +7 "$scratch/a.asc" | tr ' ' '\n' | awk '$1 != "" && $1 != -9999 {exit 1}'
}

@test "a link to a pipe, as /dev/stdout is, is written to and not replaced" {
    ln -s /proc/self/fd/1 "$scratch/link"
    "$PLEIN" density $one --extent 105600,500966,105800,501166 -o "$scratch/link" | cat >"$scratch/piped.asc"
    "$PLEIN" density $one --extent 105600,500966,105800,501166 >"$scratch/a.asc"
    cmp "$scratch/a.asc" "$scratch/piped.asc"
    [ -L "$scratch/link" ]
    [ -z "$(ls -A "$scratch" | grep plein-)" ]
}

needs_gdal() {
    command -v gdalinfo >/dev/null && command -v gdal_translate >/dev/null \
        || skip "GDAL's programs are not installed (gdal-bin)"
}

# The text of both grids as numbers, the GeoTIFF's turned into one by GDAL.
same_values() { # name
    gdal_translate -q -of AAIGrid -co SIGNIFICANT_DIGITS=9 "$scratch/$1.tif" "$scratch/$1-back.asc"
    python3 - "$scratch/$1.asc" "$scratch/$1-back.asc" <<'PY'
import struct, sys
heads, grids = [], []
for path in sys.argv[1:]:
    lines = open(path).read().lower().split("\n")
    heads.append({k: float(v) for k, v in (line.split() for line in lines[:6])})
    grids.append([[float(v) for v in line.split()] for line in lines[6:] if line.strip()])
assert heads[0] == heads[1], heads
assert len(grids[0]) == len(grids[1])
for a, b in zip(*grids):
    for x, y in zip(a, b):
        assert abs(x - y) <= 2e-7 * abs(x) + 1e-12, (x, y)
PY
}

@test "GDAL finds the system, the extent, the cell, no data and the values of the .asc in the GeoTIFF" {
    needs_gdal
    "$PLEIN" density $study --edge uniform -o "$scratch/d.tif"
    "$PLEIN" density $study --edge uniform -o "$scratch/d.asc"
    gdalsrsinfo -e "$scratch/d.tif" | grep -qx 'EPSG:28992'
    gdalinfo "$scratch/d.tif" >"$scratch/d.info"
    grep -q 'Type=Float32' "$scratch/d.info"
    grep -q 'NoData Value=-9999' "$scratch/d.info"
    grep -q 'AREA_OR_POINT=Area' "$scratch/d.info"
    same_values d
}

@test "a GeoTIFF in UTM is told by its code, one in a system of one's own by its WKT" {
    needs_gdal
    degrees="--boundaries $boundaries --incidents data/europaplein/politie.csv --quiet"
    "$PLEIN" density $degrees --crs EPSG:32631 --extent 610000,5815000,612000,5817000 -o "$scratch/u.tif"
    gdalsrsinfo -e "$scratch/u.tif" | grep -qx 'EPSG:32631'
    "$PLEIN" density $degrees --crs "+proj=laea +lat_0=52.5 +lon_0=4.66 +ellps=GRS80 +units=m" \
        --extent -1000,-1000,1000,1000 -o "$scratch/o.tif"
    gdalsrsinfo -o proj4 "$scratch/o.tif" | grep -q 'proj=laea +lat_0=52.5 +lon_0=4.66'
}

@test "--format chooses the GeoTIFF too, on standard output, the same with any number of threads" {
    for threads in 1 2 8; do
        "$PLEIN" density $study --format geotiff --threads $threads >"$scratch/$threads.tif"
    done
    cmp "$scratch/1.tif" "$scratch/2.tif"
    cmp "$scratch/1.tif" "$scratch/8.tif"
    [ "$(head -c 2 "$scratch/1.tif")" = II ]
}
