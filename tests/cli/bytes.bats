#!/usr/bin/env bats
# The same bytes with 1, 2 and 8 threads, with and without the instructions of wider processors, and with the rows in
# any order: over the sample study, and over a file that is read in many pieces.

setup_file() {
    cd "$BATS_TEST_DIRNAME/../.."
    tests/cli/shuffled-study "$BATS_FILE_TMPDIR/shuffled"
    python3 - "$BATS_FILE_TMPDIR" <<'PY'
import random, sys
draw = random.Random(3)
spots = [(4.60 + draw.random() * 0.12, 52.46 + draw.random() * 0.06) for _ in range(40)]
rows = []
for n in range(60000):
    lon, lat = draw.choice(spots)
    wide = 0.02 if n % 5 == 0 else 0.002
    rows.append(f"{n},{lon + draw.gauss(0, wide):.7f},{lat + draw.gauss(0, wide):.6f},"
                f"{draw.choice(['litter', 'dealing', 'traffic', 'noise'])},"
                f"2024-{1 + n % 12:02}-{1 + n % 28:02}T{n % 24:02}:{n % 60:02}:00\n")
for name in "many", "mixed":
    with open(f"{sys.argv[1]}/{name}.csv", "w") as file:
        file.write("id,lon,lat,category,occurred_at\n")
        file.writelines(rows)
    draw.shuffle(rows)
PY
}

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
    PLEIN=${PLEIN:-$PWD/build/plein}
    plain=$(dirname "$PLEIN")/plain/plein
    scratch=$BATS_TEST_TMPDIR
    made=$BATS_FILE_TMPDIR
    # A sanitizer looks at what code does: fewer runs are enough for it.
    other=2
    [ -z "${PLEIN_SANITIZED:-}" ] || other=
}

# `locate` keeps the order of the rows, and numbers those of a file without ids.
sorted() {
    cut -d, -f2- | LC_ALL=C sort
}

# Everything that the commands write, into a folder.
write_all() { # folder program order options...
    local into=$1 program=$2 order=$3
    shift 3
    mkdir "$into"
    "$program" query "$@" --quiet --format csv --by jurisdiction,domain,category,source,year,month,weekday,hour >"$into/query.csv"
    "$program" query "$@" --quiet --format json --by jurisdiction --domain social --hours 18-06 >"$into/query.json"
    "$program" locate "$@" --quiet | $order >"$into/locate.csv"
    "$program" clusters "$@" --quiet --format csv >"$into/clusters.csv"
    "$program" clusters "$@" --quiet --format geojson --per none >"$into/clusters.geojson"
    "$program" density "$@" --quiet --extent 105000,501000,107000,503000 -o "$into/few.asc"
    "$program" density "$@" --quiet --bandwidth 1500 --cell 15 --min-count 9 -o "$into/many.asc"
    "$program" density "$@" --quiet --kernel gaussian --edge diggle --extent 105000,501000,106000,502000 -o "$into/edge.asc"
    "$program" map "$@" --quiet -o "$into/map.png"
    "$program" map "$@" --quiet --no-clusters --style print -o "$into/density.png"
}

all_alike() { # program options...
    local program=$1
    shift
    for threads in 1 $other 8; do
        write_all "$scratch/$threads" "$program" cat --threads $threads "$@"
        [ $threads -eq 1 ] || diff -rq "$scratch/1" "$scratch/$threads"
    done
}

@test "the sample study, with any number of threads" {
    all_alike "$PLEIN" --study data/europaplein/plein.ini
}

@test "many rows, with any number of threads" {
    all_alike "$PLEIN" --boundaries data/europaplein/gemeenten.shp --incidents "$made/many.csv"
}

@test "both, without the instructions of wider processors" {
    [ -x "$plain" ] || skip "$plain is not there; make plain builds it"
    for inputs in "--study data/europaplein/plein.ini" "--boundaries data/europaplein/gemeenten.shp --incidents $made/many.csv"; do
        write_all "$scratch/wide" "$PLEIN" cat $inputs
        write_all "$scratch/plain" "$plain" cat $inputs
        diff -rq "$scratch/wide" "$scratch/plain"
        rm -r "$scratch/wide" "$scratch/plain"
    done
}

@test "both, with the rows in another order" {
    [ -z "${PLEIN_SANITIZED:-}" ] || skip "a sanitizer has seen these runs"
    write_all "$scratch/1" "$PLEIN" sorted --study data/europaplein/plein.ini
    write_all "$scratch/2" "$PLEIN" sorted --study "$made/shuffled/plein.ini"
    diff -rq "$scratch/1" "$scratch/2"
    mkdir "$scratch/a" "$scratch/b"
    cp "$made/many.csv" "$scratch/a/rows.csv"
    cp "$made/mixed.csv" "$scratch/b/rows.csv"
    write_all "$scratch/3" "$PLEIN" sorted --boundaries data/europaplein/gemeenten.shp --incidents "$scratch/a/rows.csv"
    write_all "$scratch/4" "$PLEIN" sorted --boundaries data/europaplein/gemeenten.shp --incidents "$scratch/b/rows.csv"
    diff -rq "$scratch/3" "$scratch/4"
}
