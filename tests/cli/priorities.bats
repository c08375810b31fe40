#!/usr/bin/env bats
# plein priorities: what councils say that they will act on, against what is reported.

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
    PLEIN=${PLEIN:-$PWD/build/plein}
    study="--study data/europaplein/plein.ini --quiet"
    scratch=$BATS_TEST_TMPDIR
}

priorities() { # options...
    "$PLEIN" priorities $study --format csv "$@"
}

# A list of priorities, a row an argument.
list() {
    printf 'jurisdiction;category;priority;source;from;to\n' >"$scratch/list.csv"
    printf '%s\n' "$@" >>"$scratch/list.csv"
}

refuses() { # status pattern arguments...
    local wanted=$1 pattern=$2 status=0
    shift 2
    "$PLEIN" priorities "$@" >"$scratch/out" 2>"$scratch/err" || status=$?
    echo "plein priorities $*: $status, not $wanted, or not '$pattern':"
    cat "$scratch/err"
    [ "$status" -eq "$wanted" ]
    [ "$(wc -l <"$scratch/err")" -eq 1 ]
    grep -q -- "$pattern" "$scratch/err"
    [ ! -s "$scratch/out" ]
}

@test "the sample's councils leave what the other one wants" {
    priorities >"$scratch/csv"
    [ "$(head -n 1 "$scratch/csv")" = "jurisdiction_code,jurisdiction,category,priority,source,from,to,incidents,share,verdict" ]
    python3 - "$scratch/csv" <<'PY'
import csv, sys
told = {(r["jurisdiction"], r["category"]): r["verdict"] for r in csv.DictReader(open(sys.argv[1], encoding="utf-8"))}
assert told == {
    ("Beverwijk", "litter"): "priority with load", ("Beverwijk", "loitering"): "load without priority",
    ("Beverwijk", "traffic"): "load without priority", ("Beverwijk", "dealing"): "priority without load",
    ("Beverwijk", "Digitale oplichting"): "priority without load", ("Heemskerk", "loitering"): "priority with load",
    ("Heemskerk", "litter"): "load without priority", ("Heemskerk", "traffic"): "priority without load",
    ("Heemskerk", "organised-crime"): "priority without load"}, told
PY
}

@test "counts are the query's, and shares are of each jurisdiction's incidents" {
    priorities --from 2024-01-01 --days fr-su >"$scratch/csv"
    "$PLEIN" query $study --from 2024-01-01 --days fr-su --by jurisdiction,category --format csv >"$scratch/query"
    python3 - "$scratch" <<'PY'
import collections, csv, sys
read = lambda name: list(csv.DictReader(open(f"{sys.argv[1]}/{name}", encoding="utf-8")))
counts, totals = collections.Counter(), collections.Counter()
for r in read("query"):
    counts[r["jurisdiction"], r["category"]] += int(r["incidents"])
    totals[r["jurisdiction"]] += int(r["incidents"])
rows = read("csv")
assert len(rows) > 5
known = {"dealing", "litter", "loitering", "neglect", "organised-crime", "traffic"}
for r in rows:
    n, total = counts[r["jurisdiction"], r["category"]], totals[r["jurisdiction"]]
    assert int(r["incidents"]) == n and abs(float(r["share"]) - n / total) < 5e-5 + 1e-9, r
    assert ("with load" in r["verdict"] or r["verdict"].startswith("load")) == (n * len(known) >= total and n >= 10), r
    assert r["verdict"].endswith("without priority") == (r["priority"] == ""), r
sizes = [(r["jurisdiction_code"], -int(r["incidents"])) for r in rows]
assert sizes == sorted(sizes)
PY
}

@test "what counts as a load is an option, a key of the study file, and told" {
    [ "$(priorities --least-share 0.99 | grep -c 'load without priority')" -eq 0 ]
    priorities --least-share 0.1 | grep '^GM0375,Beverwijk,dealing' | grep -q 'priority with load$'
    priorities --least-share 0.1 --least-incidents 338 | grep '^GM0375,Beverwijk,dealing' | grep -q 'priority without load$'
    sed "s#= \(.*=\)\{0,1\}\([a-z]*\.\(shp\|csv\)\)#= \1$PWD/data/europaplein/\2#" data/europaplein/plein.ini >"$scratch/a.ini"
    printf '\n[priorities]\nleast-share = 0.1\nleast-incidents = 338\n' >>"$scratch/a.ini"
    "$PLEIN" priorities --study "$scratch/a.ini" --quiet --format csv >"$scratch/csv"
    priorities --least-share 0.1 --least-incidents 338 | cmp - "$scratch/csv"
    "$PLEIN" priorities --study data/europaplein/plein.ini --lang en 2>&1 >/dev/null |
        grep -q "a load from 16.7 % of a jurisdiction's incidents (an even share of 6 categories) and 10 incidents on"
    "$PLEIN" priorities --study data/europaplein/plein.ini --lang en --least-share 0.25 2>&1 >/dev/null |
        grep -q "a load from 25.0 % of a jurisdiction's incidents and 10 incidents on"
}

@test "a priority counts in its own time" {
    priorities | grep -c 'Schoon Heemskerk' && false
    [ "$(priorities --from 2022-12-31 | grep -c 'Schoon Heemskerk')" -eq 1 ]
    [ "$(priorities --from 2023-01-01 --to 2023-12-31 | grep -c 'Uitvoeringsplan')" -eq 0 ]
    priorities --to 2023-12-31 | grep '^GM0375,Beverwijk,litter' | grep -q 'load without priority$'
    "$PLEIN" priorities --study data/europaplein/plein.ini --lang en 2>&1 >/dev/null |
        grep -q '^plein: prioriteiten.csv:5: this priority is not in force in the period, and left out$'
}

@test "what is not selected is not called without load" {
    [ "$(priorities --domain physical | grep -c 'Heemskerk.*Veiligheidsplan')" -eq 0 ]
    [ "$(priorities --domain physical | cut -d, -f3 | sort -u | paste -sd' ')" = "category litter" ]
    [ "$(priorities --domain-any social --jurisdiction Heemskerk | grep -c 'loitering')" -eq 1 ]
    [ "$(priorities --category traffic | tail -n +2 | cut -d, -f2,3 | paste -sd' ')" = "Beverwijk,traffic Heemskerk,traffic" ]
    [ "$(priorities --jurisdiction Heemskerk | tail -n +2 | cut -d, -f2 | sort -u)" = Heemskerk ]
}

@test "of a jurisdiction that the list does not name nothing is said" {
    list 'GM0396;litter;clean;;;'
    priorities --priorities "$scratch/list.csv" | tail -n +2 | cut -d, -f1 | sort -u | cmp - <(echo GM0396)
    "$PLEIN" priorities --study data/europaplein/plein.ini --lang en --priorities "$scratch/list.csv" 2>&1 >/dev/null |
        grep -q 'list.csv: 4 jurisdictions are not named there'
    list 'Uitgeest;neglect;tidy;;;' # two incidents
    [ "$(priorities --priorities "$scratch/list.csv" --from 1999-01-01 --to 1999-12-31 | tail -n +2)" = "GM0450,Uitgeest,neglect,tidy,,,,0,,priority without load" ]
}

@test "names, codes and a source's own words will do, in any order of the rows" {
    list 'Heemskerk;hangjongeren;a;plan;2023;2024' 'GM0375;LITTER;b;;;' 'velsen;litter;c;x;2023;' 'velsen;litter;d;y;2023;'
    priorities --priorities "$scratch/list.csv" >"$scratch/csv"
    [ "$(grep -c '^GM0453,Velsen,litter,[cd],[xy],2023-01-01,,39,' "$scratch/csv")" -eq 2 ]
    grep -q '^GM0396,Heemskerk,loitering,a,plan,2023-01-01,2024-12-31,1022,0.3068,priority with load$' "$scratch/csv"
    list 'velsen;litter;d;y;2023;' 'GM0375;LITTER;b;;;' 'velsen;litter;c;x;2023;' 'Heemskerk;hangjongeren;a;plan;2023;2024'
    priorities --priorities "$scratch/list.csv" | cmp - "$scratch/csv"
    priorities --priorities "$scratch/list.csv" --threads 1 | cmp - "$scratch/csv"
}

@test "shuffled incidents give the same bytes" {
    python3 - "$scratch" <<'PY'
import random, sys
rows = open("data/europaplein/politie.csv", encoding="utf-8").readlines()
body = rows[1:]
random.Random(3).shuffle(body)
open(sys.argv[1] + "/mixed.csv", "w", encoding="utf-8").writelines(rows[:1] + body)
PY
    for file in "$scratch/mixed.csv" data/europaplein/politie.csv; do
        "$PLEIN" priorities --boundaries data/europaplein/gemeenten.shp --incidents politie=$file \
            --priorities data/europaplein/prioriteiten.csv --quiet --format json >>"$scratch/$(basename "$file").json"
    done
    cmp "$scratch/mixed.csv.json" "$scratch/politie.csv.json"
}

@test "csv and json are the same in Dutch; the table has Dutch words" {
    for format in csv json; do
        "$PLEIN" priorities $study --format $format --lang nl >"$scratch/nl"
        "$PLEIN" priorities $study --format $format --lang en | cmp - "$scratch/nl"
    done
    "$PLEIN" priorities $study --lang en | grep -q 'load without priority'
    [ -e data/locale/nl.po ] || skip "no Dutch catalogue"
    "$PLEIN" priorities $study --lang nl | grep -q 'veel gemeld, maar geen prioriteit'
}

@test "what is wrong with a list is told with its line" {
    en="--study data/europaplein/plein.ini --lang en"
    try() { # status pattern
        refuses "$1" "$2" $en --priorities "$scratch/list.csv"
    }
    list 'Heemskerk;litter;a;;;' 'Heemskrk;litter;a;;;'
    try 78 "list.csv:3: there is no jurisdiction 'Heemskrk' in the boundaries; did you mean 'Heemskerk'?"
    list 'Amsterdam;litter;a;;;'
    try 78 "list.csv:2: there is no jurisdiction 'Amsterdam'"
    list 'Heemskerk;zwerfafval;a;x;2023;2024' 'Velsen;litter;a;x;;' 'GM0396;litter;b;x;2024-06;'
    try 78 "list.csv:4: this priority stands on line 2 already"
    list 'Heemskerk;litter;a;x;2023;' 'Heemskerk;litter;b;y;2023;' 'Heemskerk;litter;c;x;2023-06;'
    try 78 "list.csv:4: this priority stands on line 2 already"
    list 'Heemskerk;litter;a;;soon;'
    try 78 "list.csv:2: 'soon' is no date"
    list 'Heemskerk;litter;;;;'
    try 78 "list.csv:2: the column 'priority' is empty"
    refuses 66 "no.csv" $en --priorities "$scratch/no.csv"
    refuses 2 "say --priorities FILE" --boundaries data/europaplein/gemeenten.shp --incidents data/europaplein/politie.csv --lang en
    refuses 2 "least-share" $en --least-share 2
    list 'Heemskerk;litter;a;x;2023;2023' 'Heemskerk;litter;b;x;2024;2024'
    [ "$(priorities --priorities "$scratch/list.csv" | grep -c '^GM0396,Heemskerk,litter,[ab],x,')" -eq 2 ]
}
