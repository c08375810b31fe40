#!/usr/bin/env bats
# plein locate on the sample study: one row per incident, in the order read.

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
    PLEIN=${PLEIN:-$PWD/build/plein}
    study="--study data/europaplein/plein.ini --quiet"
    scratch=$BATS_TEST_TMPDIR
    boundaries=data/europaplein/gemeenten.shp
}

locate() { # options...
    "$PLEIN" locate $study --format csv "$@"
}

@test "the columns are the agreed ones" {
    [ "$(locate | head -n 1)" = "id,x,y,jurisdiction_code,jurisdiction,border_m,category,domain,source,occurred_at" ]
}

@test "there are as many rows as the query's total" {
    rows=$(locate | python3 -c 'import csv, sys; print(sum(1 for _ in csv.reader(sys.stdin)) - 1)')
    [ "$rows" -eq "$("$PLEIN" query $study --format csv | sed -n 's/^,total,//p')" ]
    rows=$(locate --domain safety --from 2024-01-01 | tail -n +2 | wc -l)
    [ "$rows" -eq "$("$PLEIN" query $study --domain safety --from 2024-01-01 --format csv | sed -n 's/^,total,//p')" ]
}

@test "rows stand in the order of the files" {
    locate --source politie | cut -d, -f1 | tail -n +2 >"$scratch/located"
    tail -n +2 data/europaplein/politie.csv | cut -d, -f1 | cmp - "$scratch/located"
}

@test "x and y have three decimals, or are empty without a place" {
    locate | python3 -c '
import csv, re, sys
without = outside = 0
for row in csv.DictReader(sys.stdin):
    if row["x"] == "":
        assert row["y"] == row["jurisdiction_code"] == row["jurisdiction"] == row["border_m"] == "", row
        without += 1
        continue
    assert re.fullmatch(r"-?\d+\.\d{3}", row["x"]) and re.fullmatch(r"-?\d+\.\d{3}", row["y"]), row
    if row["jurisdiction_code"] == "":
        assert row["jurisdiction"] == row["border_m"] == "", row
        outside += 1
    else:
        assert re.fullmatch(r"\d+\.\d+", row["border_m"]), row
print(without, outside)' >"$scratch/counts"
    "$PLEIN" query $study --format csv |
        awk -F, '$2 == "(no place)" {none = $3} $2 == "(outside)" {out = $3} END {print none, out}' | diff - "$scratch/counts"
}

@test "coordinates in the study's system come out as they went in" {
    printf 'id,x,y\na,105700.1234,501066.0004\nb,106156.0005,502647.25\n' >"$scratch/in.csv"
    "$PLEIN" locate --boundaries $boundaries --incidents "$scratch/in.csv" --format csv --quiet >"$scratch/csv"
    grep -q '^a,105700.123,501066.000,GM0375,Beverwijk,' "$scratch/csv"
    grep -q '^b,106156.00[01],502647.250,GM0396,Heemskerk,' "$scratch/csv"
}

@test "without an id column the row's number serves" {
    printf 'x,y,category\n105700,501066,litter\n,,litter\n106156,502647,litter\n' >"$scratch/in.csv"
    "$PLEIN" locate --boundaries $boundaries --incidents "$scratch/in.csv" --format csv --quiet | cut -d, -f1 | paste -sd' ' >"$scratch/ids"
    [ "$(cat "$scratch/ids")" = "id 1 2 3" ]
}

@test "one and two threads write the same bytes" {
    for format in csv json; do
        "$PLEIN" locate $study --format $format --threads 1 >"$scratch/one"
        "$PLEIN" locate $study --format $format --threads 2 >"$scratch/two"
        cmp "$scratch/one" "$scratch/two"
    done
}

@test "csv and json are the same in Dutch and English" {
    for format in csv json; do
        "$PLEIN" locate $study --format $format --lang nl >"$scratch/nl"
        "$PLEIN" locate $study --format $format --lang en >"$scratch/en"
        cmp "$scratch/nl" "$scratch/en"
    done
}

@test "the json parses and tells what the csv tells" {
    locate >"$scratch/csv"
    "$PLEIN" locate $study --format json >"$scratch/json"
    python3 - "$scratch" <<'PY'
import csv, json, sys
rows = list(csv.DictReader(open(sys.argv[1] + "/csv", encoding="utf-8")))
objects = json.load(open(sys.argv[1] + "/json", encoding="utf-8"))
assert len(rows) == len(objects) > 5000, (len(rows), len(objects))
for row, item in zip(rows, objects):
    assert list(row) == list(item), item
    for key in row:
        if key in ("x", "y", "border_m"):
            assert (item[key] is None) == (row[key] == ""), (row, item)
            assert item[key] is None or float(row[key]) == item[key], (row, item)
        else:
            assert (item[key] or "") == row[key], (row, item)
PY
}

@test "shuffled rows give the same rows after sorting" {
    sorted_locate() { # file
        "$PLEIN" locate --boundaries $boundaries --incidents "politie=$1" --format csv --quiet | LC_ALL=C sort
    }
    sorted_locate data/europaplein/politie.csv >"$scratch/straight"
    for seed in 1 2; do
        python3 - $seed "$scratch/mixed.csv" <<'PY'
import random, sys
rows = open("data/europaplein/politie.csv", encoding="utf-8").readlines()
body = rows[1:]
random.Random(int(sys.argv[1])).shuffle(body)
assert body != rows[1:]
open(sys.argv[2], "w", encoding="utf-8").writelines(rows[:1] + body)
PY
        sorted_locate "$scratch/mixed.csv" >"$scratch/shuffled"
        cmp "$scratch/straight" "$scratch/shuffled" || { echo "seed $seed"; false; }
    done
}

@test "-o takes standard input's incidents as it takes a file's" {
    "$PLEIN" locate --boundaries $boundaries --incidents politie=data/europaplein/politie.csv -o "$scratch/file.csv" --quiet
    "$PLEIN" locate --boundaries $boundaries --incidents politie=- -o "$scratch/stdin.csv" --quiet <data/europaplein/politie.csv
    cmp "$scratch/file.csv" "$scratch/stdin.csv"
    cat data/europaplein/politie.csv |
        "$PLEIN" locate --boundaries $boundaries --incidents politie=- --format csv --quiet | cmp - "$scratch/file.csv"
}

@test "a run that fails leaves the old file and nothing beside it" {
    mkdir "$scratch/out"
    echo old >"$scratch/out/a.csv"
    printf 'id,x,y\na,105700,501066\nb,oops,501066\n' >"$scratch/bad.csv"
    run "$PLEIN" locate --boundaries $boundaries --incidents "$scratch/bad.csv" --strict -o "$scratch/out/a.csv"
    [ "$status" -eq 65 ]
    [ "$(cat "$scratch/out/a.csv")" = old ]
    [ "$(ls -A "$scratch/out")" = a.csv ]
}

@test "a cell with a quote and a delimiter is quoted" {
    printf 'id,x,y,category\n"a,""b""",105700,501066,litter\n' >"$scratch/in.csv"
    "$PLEIN" locate --boundaries $boundaries --incidents "$scratch/in.csv" --format csv --quiet |
        python3 -c 'import csv, sys; rows = list(csv.reader(sys.stdin)); assert rows[1][0] == "a,\"b\"", rows; assert len(rows[1]) == 10'
}

@test "free text and columns that are not needed never come out" {
    locate >"$scratch/csv"
    [ "$(grep -c 'afgehandeld\|team N' "$scratch/csv")" -eq 0 ]
    [ -s "$scratch/csv" ]
}

@test "border_m is the distance to the other jurisdiction" {
    cat >"$scratch/square.py" <<'PY'
import struct, sys
def shp(path, rings):
    records = b""
    offsets = []
    for n, ring in enumerate(rings, 1):
        xs, ys = [p[0] for p in ring], [p[1] for p in ring]
        body = struct.pack("<i4d2ii", 5, min(xs), min(ys), max(xs), max(ys), 1, len(ring), 0)
        body += b"".join(struct.pack("<2d", *p) for p in ring)
        offsets.append((50 + len(records) // 2, len(body) // 2))
        records += struct.pack(">2i", n, len(body) // 2) + body
    def head(size):
        return struct.pack(">7i", 9994, 0, 0, 0, 0, 0, size // 2) + struct.pack("<2i8d", 1000, 5, 100000, 500000, 100200, 500100, 0, 0, 0, 0)
    open(path + ".shp", "wb").write(head(100 + len(records)) + records)
    open(path + ".shx", "wb").write(head(100 + 8 * len(offsets)) + b"".join(struct.pack(">2i", *o) for o in offsets))
    rows = [b" A1   West ", b" B2   Oost "]
    fields = b"".join(struct.pack("<11scIBB14x", name, b"C", 0, length, 0) for name, length in ((b"GM_CODE", 5), (b"GM_NAAM", 5)))
    open(path + ".dbf", "wb").write(struct.pack("<4BIHH20x", 3, 124, 1, 1, len(rows), 32 + len(fields) + 1, 11) + fields + b"\r" + b"".join(rows) + b"\x1a")
def square(x, y):
    return [(x, y), (x, y + 100), (x + 100, y + 100), (x + 100, y), (x, y)]
shp(sys.argv[1], [square(100000, 500000), square(100100, 500000)])
PY
    python3 "$scratch/square.py" "$scratch/squares"
    printf 'id,x,y\nwest,100090,500050\nline,100100,500050\noost,100100.001,500050\naway,100300,500050\n' >"$scratch/in.csv"
    "$PLEIN" locate --boundaries "$scratch/squares.shp" --boundaries-crs EPSG:28992 --incidents "$scratch/in.csv" --format csv --quiet >"$scratch/csv"
    cat "$scratch/csv"
    grep -q '^west,100090.000,500050.000,A1,West,10\.0*,' "$scratch/csv"
    grep -q '^line,100100.000,500050.000,A1,West,0\(\.0*\)\?,' "$scratch/csv"
    grep -q '^oost,100100.001,500050.000,B2,Oost,0\.001,' "$scratch/csv"
    grep -q '^away,100300.000,500050.000,,,,' "$scratch/csv"
}
