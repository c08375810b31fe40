#!/usr/bin/env bats
# plein border: what each side sees alone, what both see together, and what each misses.

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
    PLEIN=${PLEIN:-$PWD/build/plein}
    study="--study data/europaplein/plein.ini --quiet"
    scratch=$BATS_TEST_TMPDIR
    real=${PLEIN_REAL:-../shared/real}
}

border() { # options...
    "$PLEIN" border $study --between Heemskerk,Beverwijk "$@"
}

# The value of one row: topic, cluster, jurisdiction, key.
value() { # file topic cluster jurisdiction key [column]
    python3 -c '
import csv, sys
path, topic, cluster, name, key = sys.argv[1:6]
print(next(r[sys.argv[6] if len(sys.argv) > 6 else "value"] for r in csv.DictReader(open(path, encoding="utf-8"))
           if (r["topic"], r["cluster"], r["jurisdiction"], r["key"]) == (topic, cluster, name, key)))' "$@"
}

need_real() { # file
    [ -e "$real/$1" ] || { echo "SKIPPED: $real/$1 is not there; set PLEIN_REAL" >&2; skip "$real/$1 is not there"; }
}

@test "the plaza ranks first together, and lower with each side alone" {
    border --format csv >"$scratch/csv"
    [ "$(head -n 1 "$scratch/csv")" = "between,topic,cluster,jurisdiction_code,jurisdiction,key,value,low,high,text" ]
    [ "$(value "$scratch/csv" cluster 1 "" crosses)" = 1 ]
    [ "$(value "$scratch/csv" side 1 Heemskerk rank)" -gt 1 ]
    [ "$(value "$scratch/csv" side 1 Beverwijk rank)" -gt 1 ]
    incidents=$(value "$scratch/csv" cluster 1 "" incidents)
    [ $(($(value "$scratch/csv" side 1 Heemskerk incidents) + $(value "$scratch/csv" side 1 Beverwijk incidents))) -eq "$incidents" ]
    [ "$(value "$scratch/csv" lead 1 "" verdict text)" = shared ]
}

@test "what one side cannot see at a hotspot, the other can" {
    border --format csv >"$scratch/csv"
    python3 - "$(value "$scratch/csv" side 1 Heemskerk blind)" "$(value "$scratch/csv" side 1 Beverwijk blind)" <<'PY'
import sys
first, second = map(float, sys.argv[1:])
assert 0.3 < first < 0.7 and abs(first + second - 1) < 2e-6, (first, second)
PY
}

@test "incidents and the border band are those of query and locate" {
    border --format csv >"$scratch/csv"
    "$PLEIN" query $study --format csv >"$scratch/query"
    "$PLEIN" locate $study --format csv >"$scratch/locate"
    for name in Heemskerk Beverwijk; do
        [ "$(value "$scratch/csv" incidents "" $name total)" -eq "$(sed -n "s/^[^,]*,$name,//p" "$scratch/query")" ]
        near=$(python3 -c '
import csv, sys
print(sum(1 for r in csv.DictReader(open(sys.argv[1], encoding="utf-8"))
          if r["jurisdiction"] == sys.argv[2] and r["border_m"] and float(r["border_m"]) < 10))' "$scratch/locate" $name)
        [ "$(value "$scratch/csv" incidents "" $name in_border_band)" -eq "$near" ]
    done
}

@test "the json tells what the csv tells, and the table what both tell" {
    border --format csv >"$scratch/csv"
    border --format json >"$scratch/json"
    border --lang en >"$scratch/table"
    python3 - "$scratch" <<'PY'
import csv, json, sys
rows = list(csv.DictReader(open(sys.argv[1] + "/csv", encoding="utf-8")))
objects = json.load(open(sys.argv[1] + "/json", encoding="utf-8"))
assert len(rows) == len(objects) > 100
for row, item in zip(rows, objects):
    for key, text in row.items():
        told = item[key]
        assert (told is None and text == "") or told == text or float(told) == float(text), (row, item)
table = open(sys.argv[1] + "/table", encoding="utf-8").read()
assert "across the border" in table and "shared" in table, table
PY
}

@test "the sides stand in the order asked, and swapped they are the same, swapped" {
    border --format csv >"$scratch/a"
    "$PLEIN" border $study --between GM0375,GM0396 --format csv >"$scratch/b"
    python3 - "$scratch/a" "$scratch/b" <<'PY'
import csv, sys
def rows(path):
    found = list(csv.DictReader(open(path, encoding="utf-8")))
    order = found[0]["between"]
    return order, sorted(tuple(list(r.values())[1:]) for r in found)
(one, a), (two, b) = rows(sys.argv[1]), rows(sys.argv[2])
assert one.split(",") == two.split(",")[::-1], (one, two)
assert a == b, [pair for pair in zip(a, b) if pair[0] != pair[1]][:3]
PY
}

@test "threads, the order of rows and of files change no byte" {
    border --format csv >"$scratch/csv"
    border --format csv --threads 1 | cmp - "$scratch/csv"
    tests/cli/shuffled-study "$scratch/shuffled"
    "$PLEIN" border --quiet --study "$scratch/shuffled/plein.ini" --between Heemskerk,Beverwijk --format csv | cmp - "$scratch/csv"
    here=data/europaplein
    "$PLEIN" border --quiet --priorities $here/prioriteiten.csv --boundaries $here/gemeenten.shp --incidents boa=$here/boa.csv --incidents gemeente=$here/gemeente.csv \
        --incidents politie=$here/politie.csv --between Heemskerk,Beverwijk --format csv | cmp - "$scratch/csv"
}

@test "alone and alone is together, in every cell" {
    border --rasters "$scratch/grids" >/dev/null
    [ "$(ls "$scratch/grids" | paste -sd' ')" = "alone-GM0375.asc alone-GM0396.asc guess-error.asc missed.asc together.asc" ]
    python3 - "$scratch/grids" <<'PY'
import sys
def grid(name):
    lines = open(f"{sys.argv[1]}/{name}.asc").read().split("\n")
    return [float(v) for line in lines[6:] for v in line.split()]
a, b, both = grid("alone-GM0375"), grid("alone-GM0396"), grid("together")
assert len(a) == len(b) == len(both) > 10000 and max(both) > 50
assert all(abs(x + y - z) <= 1e-6 * max(1, z) for x, y, z in zip(a, b, both))
missed = grid("missed")
assert min(v for v in missed if v != -9999) < -10 and max(missed) > 10
PY
}

@test "without --between every shared border has its line" {
    "$PLEIN" border $study --format csv >"$scratch/csv"
    cut -d'"' -f2 "$scratch/csv" | grep GM | sort -u >"$scratch/pairs"
    [ "$(wc -l <"$scratch/pairs")" -ge 4 ]
    "$PLEIN" border $study --jurisdiction Heemskerk --jurisdiction Beverwijk --format csv | cut -d'"' -f2 | grep GM | sort -u >"$scratch/two"
    [ "$(cat "$scratch/two")" = "GM0375,GM0396" ]
}

@test "a name that is none's, one twice, and two that do not meet are refused" {
    for between in Heemskerk,Beverwijck Heemskerk Heemskerk,Heemskerk Heemskerk,Velsen; do
        status=0
        "$PLEIN" border $study --between $between >"$scratch/out" 2>"$scratch/err" || status=$?
        cat "$scratch/err"
        [ "$status" -eq 2 ]
        [ ! -s "$scratch/out" ]
        [ "$(wc -l <"$scratch/err")" -eq 1 ]
    done
    "$PLEIN" border $study --lang en --between Heemskerk,Beverwijck 2>"$scratch/err" || true
    grep -q "did you mean 'Beverwijk'" "$scratch/err"
}

@test "the sheet is a picture, the same for every order of the rows" {
    mkdir "$scratch/1" "$scratch/2"
    border -o "$scratch/1/grens.png"
    tests/cli/shuffled-study "$scratch/shuffled"
    "$PLEIN" border --quiet --study "$scratch/shuffled/plein.ini" --between Heemskerk,Beverwijk --threads 1 -o "$scratch/2/grens.png"
    diff -r "$scratch/1" "$scratch/2"
    [ "$(stat -c %s "$scratch/1/grens.png")" -gt 30000 ]
}

@test "the rule for a lead is the councils' own" {
    mkdir "$scratch/study"
    cp data/europaplein/*.csv data/europaplein/gemeenten.* "$scratch/study"
    printf '[study]\nboundaries = gemeenten.shp\nincidents = politie=politie.csv\nbetween = Heemskerk,Beverwijk\n[lead]\nshare = 0.5\nmin_incidents = 100000\n' >"$scratch/study/plein.ini"
    "$PLEIN" border --quiet --study "$scratch/study/plein.ini" --format csv >"$scratch/csv"
    [ "$(value "$scratch/csv" lead 1 "" verdict text)" = cannot-tell ]
}

@test "the real plaza's border is measured" {
    need_real boundaries/ijmond_2017.shp
    "$PLEIN" border --quiet --boundaries "$real/boundaries/ijmond_2017.shp" --incidents data/europaplein/politie.csv \
        --between Heemskerk,Beverwijk --format csv >"$scratch/csv"
    [ "$(value "$scratch/csv" quality "" "" overlap_m2)" -eq 2663 ]
}

@test "where incidents lie is set against to whom they were reported, and adds up" {
    border --format csv >"$scratch/csv"
    "$PLEIN" query $study --by jurisdiction,reported_to --format csv >"$scratch/query"
    python3 - "$scratch" <<'PY'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1] + "/csv", encoding="utf-8")))
query = list(csv.DictReader(open(sys.argv[1] + "/query", encoding="utf-8")))
for name in ("Heemskerk", "Beverwijk"):
    here = {r["key"]: int(r["value"]) for r in rows if (r["topic"], r["jurisdiction"]) == ("reported", name)}
    counted = {r["reported_to_code"] or r["reported_to"]: int(r["incidents"]) for r in query if r["jurisdiction"] == name}
    assert here == counted, (here, counted)
    assert len(here) >= 4 and here["(unknown)"] > 0 and here["regionaal meldpunt"] > 0
    total = next(int(r["value"]) for r in rows if (r["topic"], r["jurisdiction"], r["key"]) == ("incidents", name, "total"))
    assert sum(here.values()) == total, (here, total)
    known = total - here.pop("(unknown)")
    shares = {r["key"]: r for r in rows if (r["topic"], r["jurisdiction"]) == ("reported-share", name)}
    assert shares.keys() == here.keys()
    for key, count in here.items():
        share = float(shares[key]["value"])
        assert abs(share - count / known) < 1e-6 and float(shares[key]["low"]) < share < float(shares[key]["high"])
assert not any(r["topic"].startswith("responsible") for r in rows)
PY
    border --lang en | grep -q '53 reported to Beverwijk lie in Heemskerk; others: 16; not known: 1,897$'
    border --lang nl | grep -q '53 meldingen bij Beverwijk liggen in Heemskerk; anderen: 16; niet bekend: 1.897$'
}

@test "who is responsible is set against where it lies, whichever file tells" {
    printf 'id;x;y;verantwoordelijk\n1;105700;501066;gm0396\n2;105700;501066;Beverwijk\n3;106547.889;502208.258;Heemskerk\n' >"$scratch/told.csv"
    printf 'id;x;y;weight\n4;105700;501066;7\n' >"$scratch/silent.csv"
    for files in "--incidents $scratch/told.csv --incidents $scratch/silent.csv" "--incidents $scratch/silent.csv --incidents $scratch/told.csv"; do
        "$PLEIN" border --quiet --boundaries data/europaplein/gemeenten.shp $files --between GM0396,GM0375 --format csv >"$scratch/csv"
        [ "$(value "$scratch/csv" responsible "" Beverwijk GM0396)" -eq 1 ]
        [ "$(value "$scratch/csv" responsible "" Beverwijk "(unknown)")" -eq 7 ]
        [ "$(value "$scratch/csv" responsible "" Heemskerk GM0375)" -eq 0 ]
        [ "$(value "$scratch/csv" responsible-share "" Beverwijk GM0375)" = 0.500000 ]
        "$PLEIN" border --quiet --boundaries data/europaplein/gemeenten.shp $files --between GM0396,GM0375 --lang en |
            grep -q '1 that Heemskerk is responsible for lies in Beverwijk; not known: 7$'
    done
}
