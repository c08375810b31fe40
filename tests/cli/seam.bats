#!/usr/bin/env bats
# A hundred thousand incidents on a line, in a sliver gap and in an overlap: each is one jurisdiction's, everywhere.

# The seam of West and East, in millimetres from 106 km, 500 km: a slanted line that both share for 300 m, then a gap of half
# a metre, then an overlap of four metres. East stands first in the file; West has the lower code.
setup_file() {
    cd "$BATS_TEST_DIRNAME/../.."
    tests/cli/areas "$BATS_FILE_TMPDIR/seam.shp" <<'AREAS'
B2 East 106500,500000 106530,500300 106530.5,500300 106530.5,500600 106528,500600 106528,501000 107000,501000 107000,500000
A1 West 106500,500000 106530,500300 106530,500600 106532,500600 106532,501000 106000,501000 106000,500000
AREAS
    python3 - "$BATS_FILE_TMPDIR" <<'PY'
import random, sys
chance, folder, count = random.Random(20240531), sys.argv[1], 100000
def place(kind):
    """A place of the kind, in millimetres, and whose it is."""
    if kind == 0:
        along = chance.randint(100, 29900)  # 1 mm east for 10 mm north: on the line exactly
        return 500000 + along, 10 * along, "West"
    if kind == 1:
        x = chance.randint(530000, 530500)
        return x, chance.randint(303000, 597000), "West" if x - 530000 <= 530500 - x else "East"
    return chance.randint(528000, 532000), chance.randint(601000, 999000), "West"
with open(folder + "/seam.csv", "w") as rows, open(folder + "/owners", "w") as owners:
    rows.write("id,x,y,category\n")
    for number in range(count):
        x, y, owner = place(number % 3)
        rows.write(f"{number},{106000 + x // 1000}.{x % 1000:03},{500000 + y // 1000}.{y % 1000:03},litter\n")
        owners.write(f"{number},{owner}\n")
PY
}

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
    PLEIN=${PLEIN:-$PWD/build/plein}
    scratch=$BATS_TEST_TMPDIR
    owners=$BATS_FILE_TMPDIR/owners
    seam="--boundaries $BATS_FILE_TMPDIR/seam.shp --incidents $BATS_FILE_TMPDIR/seam.csv --quiet"
    west=$(grep -c West "$owners")
    east=$(grep -c East "$owners")
    [ "$west" -gt 80000 ] && [ "$east" -gt 10000 ] && [ $((west + east)) -eq 100000 ]
}

@test "locate gives each to the one that the rule names" {
    "$PLEIN" locate $seam --format csv | tail -n +2 | cut -d, -f1,5 | cmp - "$owners"
    "$PLEIN" locate $seam --format csv --threads 1 | awk -F, 'NR > 1 && !($6 < 10) {print; bad = 1} END {exit bad}'
}

@test "query counts each once, all of them in the border band" {
    "$PLEIN" query $seam --format csv --by jurisdiction,band >"$scratch/csv"
    diff - "$scratch/csv" <<CSV
jurisdiction_code,jurisdiction,band,incidents
A1,West,in,$west
A1,West,out,0
B2,East,in,$east
B2,East,out,0
,(outside),,0
,(no place),,0
,total,,100000
CSV
    for name in West East; do
        "$PLEIN" query $seam --format csv --jurisdiction $name | grep -qx ",total,$(grep -c $name "$owners")"
    done
}

# Incidents under a raster: its sum times the ground of a cell, in hectares.
mass() { # options...
    "$PLEIN" density $seam --bandwidth 50 --cell 5 --extent 106400,499900,106650,501100 "$@" |
        awk 'NR > 6 {for (i = 1; i <= NF; i++) sum += $i} END {printf "%.3f\n", sum * 25 / 10000}'
}

@test "density spreads each once" {
    python3 - "$(mass)" "$(mass --jurisdiction West)" "$(mass --jurisdiction East)" "$west" "$east" <<'PY'
import sys
together, west, east, west_counted, east_counted = map(float, sys.argv[1:])
assert abs(west / west_counted - 1) < 1e-4 and abs(east / east_counted - 1) < 1e-4, sys.argv
assert abs(together / (west + east) - 1) < 1e-6, sys.argv
PY
}

@test "clusters hold each once" {
    "$PLEIN" clusters $seam --per jurisdiction --min-points 1 --radius 5 --members "$scratch/members" --format csv >"$scratch/csv"
    awk -F, 'NR > 1 {n[$3] += $5} END {print n["West"] + 0, n["East"] + 0}' "$scratch/csv" | grep -qx "$west $east"
    tail -n +2 "$scratch/members" | cut -d, -f1 | cmp - <(cut -d, -f1 "$owners")
    [ "$(awk -F, 'NR > 1 && $2 > 0' "$scratch/members" | wc -l)" -eq 100000 ]
    "$PLEIN" clusters $seam --per none --min-points 1 --radius 5 --format csv | awk -F, 'NR > 1 {n += $5} END {exit n != 100000}'
}

@test "border counts each on one side, in its clusters too" {
    "$PLEIN" border $seam --between West,East --min-points 1 --radius 5 --bandwidth 20 --format csv >"$scratch/csv"
    python3 - "$scratch/csv" "$west" "$east" <<'PY'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8")))
for name, count in (("West", int(sys.argv[2])), ("East", int(sys.argv[3]))):
    def sum_of(topic, key):
        return sum(int(r["value"]) for r in rows if (r["topic"], r["jurisdiction"], r["key"]) == (topic, name, key))
    assert sum_of("incidents", "total") == sum_of("incidents", "in_border_band") == sum_of("side", "incidents") == count, name
    alone = sum(int(r["value"]) for r in rows if (r["topic"], r["jurisdiction"]) == ("alone", name))
    assert alone == count, (name, alone)
assert sum(int(r["value"]) for r in rows if (r["topic"], r["key"]) == ("cluster", "incidents")) == 100000
PY
}
