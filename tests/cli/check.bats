#!/usr/bin/env bats
# plein check tells what is in the files, and whether it can be trusted.

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
    PLEIN=${PLEIN:-$PWD/build/plein}
    study="--study data/europaplein/plein.ini --quiet"
    boundaries=data/europaplein/gemeenten.shp
    scratch=$BATS_TEST_TMPDIR
    real=${PLEIN_REAL:-../shared/real}
}

check() { # options...
    "$PLEIN" check --quiet --format csv --lang en "$@"
}

# The value of one line: subject, item.
value() { # file subject item
    python3 -c '
import csv, sys
print(next(r["value"] for r in csv.DictReader(open(sys.argv[1], encoding="utf-8"))
           if sys.argv[2] in r["subject"] and r["item"].startswith(sys.argv[3])))' "$@"
}

need_real() { # file
    [ -e "$real/$1" ] || { echo "SKIPPED: $real/$1 is not there; set PLEIN_REAL" >&2; skip "$real/$1 is not there"; }
}

bad_rows() { # rows of every kind, of which 5 cannot be read
    printf 'id,x,y,category,occurred_at,weight\n'
    printf 'good,105700,501066,litter,2024-01-01T10:00:00,1\n'
    printf 'word,oops,501066,litter,2024-01-01T10:00:00,1\n'
    printf 'short,105700,501066\n'
    printf 'long,105700,501066,litter,2024-01-01T10:00:00,1,more,and,more\n'
    printf 'half,105700,501066,litter,2024-01-01T10:00:00,1.5\n'
    printf 'none,105700,501066,litter,2024-01-01T10:00:00,0\n'
    printf 'empty,,,litter,2024-01-01T10:00:00,1\n'
    printf 'zero,0,0,litter,2024-01-01T10:00:00,1\n'
    printf 'date,105700,501066,litter,2024-02-31,1\n'
    printf 'odd,105700,501066,nonsense,2024-01-01T10:00:00,1\n'
}

@test "the sample study is read whole" {
    check $study >"$scratch/csv"
    [ "$(head -n 1 "$scratch/csv")" = "subject,item,value,remark" ]
    [ "$(value "$scratch/csv" gemeenten.shp jurisdictions)" -eq 5 ]
    [ "$(value "$scratch/csv" gemeenten.shp "records that were repaired")" -eq 0 ]
    [ "$(value "$scratch/csv" all incidents)" -eq "$("$PLEIN" query $study --format csv | sed -n 's/^,total,//p')" ]
    [ "$(value "$scratch/csv" all outside)" -eq "$("$PLEIN" query $study --format csv | sed -n 's/^,(outside),//p')" ]
    [ "$(value "$scratch/csv" all "without a place")" -eq "$("$PLEIN" query $study --format csv | sed -n 's/^,(no place),//p')" ]
    value "$scratch/csv" all first | grep -q '^2023-01-0'
    value "$scratch/csv" all last | grep -q '^2024-12-3'
}

@test "the dialect and the columns of each file are shown" {
    check $study >"$scratch/csv"
    value "$scratch/csv" politie.csv "written as" | grep -q 'UTF-8, decimal points'
    value "$scratch/csv" gemeente.csv "written as" | grep -q ';, Windows-1252, decimal commas'
    value "$scratch/csv" boa.csv "written as" | grep -q 'tab, UTF-8, decimal commas'
    value "$scratch/csv" politie.csv columns | grep -q 'lon = longitude, lat = latitude'
    value "$scratch/csv" gemeente.csv columns | grep -q 'id = Meldingsnummer, x = X, y = Y, category = Categorie'
    value "$scratch/csv" boa.csv columns | grep -q 'lon = Lengtegraad, lat = Breedtegraad, category = Soort'
}

@test "the border band is what locate puts in it" {
    check $study --location-accuracy 25 >"$scratch/csv"
    counted=$("$PLEIN" locate $study --format csv | python3 -c '
import csv, sys
print(sum(1 for r in csv.DictReader(sys.stdin) if r["border_m"] and float(r["border_m"]) < 25))')
    [ "$counted" -gt 0 ]
    value "$scratch/csv" all "in the border band" | grep -q "^$counted "
}

@test "one and two threads write the same bytes" {
    check $study --threads 1 >"$scratch/one"
    check $study --threads 2 >"$scratch/two"
    cmp "$scratch/one" "$scratch/two"
}

@test "shuffled rows give the same answer, but for the line numbers" {
    tests/cli/shuffled-study "$scratch/shuffled"
    check $study | sed 's/"*\(lines\|data rows\) [0-9].*//' >"$scratch/csv"
    check --study "$scratch/shuffled/plein.ini" | sed 's/"*\(lines\|data rows\) [0-9].*//' | cmp - "$scratch/csv"
}

@test "the json parses and tells what the csv tells" {
    check $study >"$scratch/csv"
    "$PLEIN" check $study --format json --lang en >"$scratch/json"
    python3 - "$scratch" <<'PY'
import csv, json, sys
rows = list(csv.DictReader(open(sys.argv[1] + "/csv", encoding="utf-8")))
objects = json.load(open(sys.argv[1] + "/json", encoding="utf-8"))
assert len(rows) == len(objects) > 20
for row, item in zip(rows, objects):
    assert {k: v or "" for k, v in item.items()} == row, (row, item)
PY
}

@test "csv and json are the same in Dutch and English" {
    for format in csv json; do
        "$PLEIN" check $study --format $format --lang nl >"$scratch/nl"
        "$PLEIN" check $study --format $format --lang en >"$scratch/en"
        cmp "$scratch/nl" "$scratch/en"
    done
}

@test "every kind of bad row is counted, with its line" {
    bad_rows >"$scratch/bad.csv"
    check --boundaries $boundaries --incidents "$scratch/bad.csv" >"$scratch/csv"
    cat "$scratch/csv"
    [ "$(value "$scratch/csv" bad.csv "rows read")" -eq 10 ]
    [ "$(value "$scratch/csv" bad.csv "rows skipped")" -eq 5 ]
    grep -q 'a coordinate that is no number,1,.*lines 3\b.*oops' "$scratch/csv"
    grep -q 'fewer fields than the header,1,.*lines 4\b' "$scratch/csv"
    grep -q 'more fields than the header,1,.*lines 5\b' "$scratch/csv"
    grep -q 'a weight that is no whole number.*,2,.*lines 6, 7\b' "$scratch/csv"
    grep -q 'empty coordinates,1,.*lines 8\b' "$scratch/csv"
    grep -q '"\?no place: coordinates 0,0"\?,1,.*lines 9\b' "$scratch/csv"
    grep -q 'a date that cannot be read,1,.*lines 10\b.*2024-02-31' "$scratch/csv"
    grep -q "a category that the vocabulary lacks,1,.*'nonsense'" "$scratch/csv"
    [ "$(value "$scratch/csv" all incidents)" -eq 5 ]
    [ "$(value "$scratch/csv" all "without a place")" -eq 2 ]
}

@test "duplicates are counted" {
    printf 'id,x,y,category,occurred_at\n1,105700,501066,litter,2024-01-01\n2,105700,501066,litter,2024-01-01\n3,105700,501066,dealing,2024-01-01\n' >"$scratch/twice.csv"
    check --boundaries $boundaries --incidents "$scratch/twice.csv" >"$scratch/csv"
    [ "$(value "$scratch/csv" all "same place")" -eq 1 ]
}

@test "--strict answers no on a skipped row, and yes without one" {
    bad_rows >"$scratch/bad.csv"
    status=0
    check --boundaries $boundaries --incidents "$scratch/bad.csv" --strict >"$scratch/strict" || status=$?
    [ "$status" -eq 1 ]
    check --boundaries $boundaries --incidents "$scratch/bad.csv" | cmp - "$scratch/strict"
    bad_rows | head -n 2 >"$scratch/good.csv"
    check --boundaries $boundaries --incidents "$scratch/good.csv" --strict >/dev/null
    check $study --strict >/dev/null
}

@test "no place is good to 0 m: of an exact conversion it says what is uncertain about it" {
    for crs in EPSG:32631 EPSG:25831; do
        check --boundaries data/europaplein/gemeenten.shp --incidents data/europaplein/politie.csv --crs $crs >"$scratch/csv"
        value "$scratch/csv" politie.csv places | grep -q 'UTM zone 31N, exact; .* up to 1 m apart'
        [ "$(grep -c 'good to 0 m' "$scratch/csv")" -eq 0 ]
    done
    check $study >"$scratch/csv"
    value "$scratch/csv" politie.csv places | grep -q 'RD New .*, good to 0.*[1-9] m'
}

@test "it works with boundaries alone and with incidents alone" {
    check --boundaries $boundaries >"$scratch/csv"
    [ "$(value "$scratch/csv" gemeenten.shp jurisdictions)" -eq 5 ]
    bad_rows >"$scratch/bad.csv"
    check --incidents "$scratch/bad.csv" >"$scratch/csv"
    [ "$(value "$scratch/csv" bad.csv "rows read")" -eq 10 ]
    bad_rows | check --incidents - >"$scratch/csv"
    [ "$(value "$scratch/csv" - "rows read")" -eq 10 ]
}

@test "files are named without their folders" {
    check $study >"$scratch/csv"
    grep -q 'gemeenten.shp: names come from' "$scratch/csv"
    [ "$(grep -c europaplein "$scratch/csv")" -eq 0 ]
}

@test "it finds where the real boundaries of Heemskerk and Beverwijk do not fit" {
    need_real boundaries/ijmond_2017.shp
    check --boundaries "$real/boundaries/ijmond_2017.shp" >"$scratch/csv"
    [ "$(value "$scratch/csv" "Beverwijk / Heemskerk" overlap)" -eq 2663 ]
    check --boundaries "$real/boundaries/ijmond_detailed.shp" >"$scratch/csv"
    [ "$(value "$scratch/csv" "Beverwijk / Heemskerk" overlap)" -eq 137 ]
    [ "$(value "$scratch/csv" ijmond_detailed.shp "records without a code")" -eq 1 ]
}

@test "it warns that a generalised border is too coarse for a plaza" {
    need_real boundaries/ijmond_2022_generalised.shp
    check --boundaries "$real/boundaries/ijmond_2022_generalised.shp" >"$scratch/csv"
    grep Heemskerk "$scratch/csv" | grep Beverwijk | grep -q generalised
    check --boundaries "$real/boundaries/ijmond_detailed.shp" >"$scratch/csv"
    [ "$(grep Heemskerk "$scratch/csv" | grep Beverwijk | grep -c generalised)" -eq 0 ]
}

@test "a district that crosses a line by its ground is reported, incidents or not" {
    tests/cli/areas "$scratch/base.shp" <<'AREAS'
A West 100000,500000 101000,500000 101000,501000 100000,501000
B East 101000,500000 102000,500000 102000,501000 101000,501000
AREAS
    tests/cli/areas "$scratch/districts.shp" <<'AREAS'
W1 Whole 100000,500000 101000,500000 101000,500500 100000,500500
W2 Sliver 100000,500500 101000.4,500500 101000.4,501000 100000,501000
E1 Corner 100995,500490 102000,500000 102000,500500 101000,500500
AREAS
    asked="--boundaries $scratch/base.shp --districts $scratch/districts.shp"
    check $asked >"$scratch/csv"
    cat "$scratch/csv"
    [ "$(value "$scratch/csv" districts.shp "districts")" -eq 3 ]
    [ "$(value "$scratch/csv" districts.shp "districts across")" -eq 1 ]
    value "$scratch/csv" Corner "district's ground" | grep -qx 'West [1-9][0-9]* / East 2[0-9]*'
    grep '^Corner,' "$scratch/csv" | grep -q 'lies across a border'
    check $asked --gap 0.1 >"$scratch/csv"
    value "$scratch/csv" Sliver "district's ground" | grep -qx 'West 500000 / East 200'
    [ "$(value "$scratch/csv" districts.shp "districts across")" -eq 2 ]
    check --study data/europaplein/plein.ini --districts data/europaplein/pleinen.shp >"$scratch/csv"
    value "$scratch/csv" Europaplein "district's ground" | grep -qx 'Beverwijk 5510 / Heemskerk 5394'
}

@test "Berlin's planning areas cross none of its regions' lines" {
    need_real boundaries/berlin/lor_plr.shp
    check --boundaries "$real/boundaries/berlin/lor_bzr.shp" --districts "$real/boundaries/berlin/lor_plr.shp" >"$scratch/csv"
    [ "$(value "$scratch/csv" lor_plr.shp "districts")" -eq 542 ]
    [ "$(value "$scratch/csv" lor_plr.shp "districts across")" -eq 0 ]
}

@test "incidents that two sources have alike are told by pair of sources, and not dropped" {
    printf 'id,x,y,category,occurred_at\n1,105700,501066,litter,2024-01-01T10:00:00\n2,105700,501066,traffic,2024-01-01T10:00:00\n3,105800,501066,litter,2024-01-05\n' >"$scratch/one.csv"
    printf 'id,x,y,category,occurred_at\n1,106700,501066,litter,2024-01-01T10:00:00\n2,105715,501086,litter,2024-01-01T11:00:00\n3,105715.001,501086,litter,2024-01-01T11:00:00\n4,105700,501066,traffic,2024-01-01T11:00:01\n5,105800,501066,litter,2024-01-05T23:59:00\n6,105800,501066,litter,2024-01-06T00:00:00\n' >"$scratch/other.csv"
    check --boundaries "$boundaries" --incidents one="$scratch/one.csv" --incidents other="$scratch/other.csv" >"$scratch/found.csv"
    grep -qx 'all,incidents,9,' "$scratch/found.csv"
    grep -qx 'all,possible duplicates between sources,2,' "$scratch/found.csv"
    grep -qx 'one / other,possible duplicates within 25 m and an hour,2,"data rows 1/2, 3/5"' "$scratch/found.csv"
    check --boundaries "$boundaries" --incidents other="$scratch/other.csv" --incidents one="$scratch/one.csv" --lang nl | grep "^one / other" >"$scratch/turned.csv"
    [ "$(cat "$scratch/turned.csv")" = "$(grep "^one / other" "$scratch/found.csv")" ]
    check --boundaries "$boundaries" --incidents one="$scratch/one.csv" --incidents one="$scratch/other.csv" >"$scratch/same.csv"
    ! grep -q "possible duplicates" "$scratch/same.csv"
    # A worse location accuracy on both sides reaches farther.
    check --boundaries "$boundaries" --incidents one="$scratch/one.csv" --incidents other="$scratch/other.csv" --location-accuracy 20 |
        grep -qx 'one / other,possible duplicates within 40 m and an hour,3,"data rows 1/2, 1/3, 3/5"'
    # Sources that a column names count as well.
    (sed 's/$/,source/;2,$s/source$/one/' "$scratch/one.csv"; tail -n +2 "$scratch/other.csv" | sed 's/$/,other/') >"$scratch/both.csv"
    check --boundaries "$boundaries" --incidents "$scratch/both.csv" --format json | grep -q '"one / other"'
}
