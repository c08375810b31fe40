#!/usr/bin/env bats
# plein map --with hours,months: the hours of the week and a line per month under the map, with what was done.

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
    PLEIN=${PLEIN:-$PWD/build/plein}
    study="--study data/europaplein/plein.ini --quiet"
    scratch=$BATS_TEST_TMPDIR
}

# A text that travels in a PNG.
note() { # file key
    python3 - "$1" "$2" <<'PY'
import struct, sys
data = open(sys.argv[1], "rb").read()
at = 8
while at < len(data):
    size, kind = struct.unpack(">I4s", data[at:at + 8])
    body = data[at + 8:at + 8 + size]
    if kind == b"iTXt" and body.split(b"\0", 1)[0].decode() == sys.argv[2]:
        print(body.split(b"\0", 5)[5].decode())
    at += 12 + size
PY
}

# The sum of all figures in "Mon 12, Tue 3, 2024-01 5".
sum() {
    tr ',' '\n' | awk '{all += $NF} END {print all + 0}'
}

# How many incidents lie in a jurisdiction.
inside() { # options...
    "$PLEIN" query $study --format csv --by jurisdiction "$@" | awk -F, '$1 !~ /[(]/ && $2 !~ /[(]/ && $1 != "total" && $2 != "total" && NR > 1 {all += $NF} END {print all}'
}

refuses() { # status pattern options...
    local wanted=$1 pattern=$2
    shift 2
    run "$PLEIN" map $study --lang en -o "$scratch/no.png" "$@"
    echo "$output"
    [ "$status" -eq "$wanted" ] && [ ! -e "$scratch/no.png" ]
    [[ "$output" =~ $pattern ]]
}

measures() { # rows...
    printf '%s\n' 'date;until;name;partner;domain;jurisdiction;x;y;radius_m' "$@" >"$scratch/m.csv"
}

@test "hours and what is unknown add up to the incidents of the map" {
    for options in "" "--jurisdiction Heemskerk" "--domain social --from 2023-03-10" "--hours 18-06"; do
        "$PLEIN" map $study --with hours $options -o "$scratch/a.png"
        [ "$(note "$scratch/a.png" Hours | sum)" -eq "$(inside $options)" ]
        [ -z "$(note "$scratch/a.png" Months)" ]
    done
}

@test "days of the week are those of query" {
    "$PLEIN" map $study --with hours --jurisdiction Beverwijk -o "$scratch/a.png"
    "$PLEIN" query $study --jurisdiction Beverwijk --by weekday,hour --format csv |
        awk -F, 'NR > 1 && $2 ~ /^[0-9]+$/ {day[$1] += $3}
                 END {split("mo,tu,we,th,fr,sa,su", names, ","); for (i = 1; i <= 7; i++) print day[names[i]]}' >"$scratch/query"
    note "$scratch/a.png" Hours | tr ',' '\n' | head -7 | awk '{print $2}' >"$scratch/drawn"
    cat "$scratch/query" "$scratch/drawn"
    diff "$scratch/query" "$scratch/drawn"
}

@test "months are all there, and are those of query" {
    "$PLEIN" map $study --with months -o "$scratch/a.png"
    note "$scratch/a.png" Months >"$scratch/months"
    [ "$(sum <"$scratch/months")" -eq "$(inside)" ]
    [ "$(tr ',' '\n' <"$scratch/months" | grep -c 20)" -eq 24 ]
    [ -z "$(note "$scratch/a.png" Hours)" ]
    "$PLEIN" map $study --with months --from 2024-02-11 --to 2024-04-20 -o "$scratch/b.png"
    note "$scratch/b.png" Months
    [[ "$(note "$scratch/b.png" Months)" =~ ^2024-02\ [0-9]+,\ 2024-03\ [0-9]+,\ 2024-04\ [0-9]+,\ unknown\ month\ 0$ ]]
    march=$(note "$scratch/b.png" Months | sed 's/.*2024-03 \([0-9]*\),.*/\1/')
    [ "$march" -eq "$(inside --from 2024-03-01 --to 2024-03-31)" ]
}

@test "a month without incidents is 0, and what has no month or hour is counted" {
    {
        echo "x,y,category,occurred_at"
        for i in 1 2 3 4 5 6; do
            echo "106100,501800,litter,2024-01-0${i}T12:00"
        done
        echo "106100,501800,litter,2024-04-09"
        echo "106100,501800,litter,2024-04"
        echo "106100,501800,litter,2024"
        echo "106100,501800,litter,"
        echo "1,1,litter,2024-02-02"
    } >"$scratch/few.csv"
    "$PLEIN" map --quiet --boundaries data/europaplein/gemeenten.shp --incidents "$scratch/few.csv" --min-count 1 \
        --with hours,months -o "$scratch/a.png"
    note "$scratch/a.png" Hours
    note "$scratch/a.png" Months
    [ "$(note "$scratch/a.png" Months)" = "2024-01 6, 2024-02 0, 2024-03 0, 2024-04 2, unknown month 2" ]
    [ "$(note "$scratch/a.png" Hours)" = "Mon 1, Tue 1, Wed 1, Thu 1, Fri 1, Sat 1, Sun 0, unknown hour 1, unknown day 3" ]
}

@test "a day of too few incidents takes the totals away" {
    "$PLEIN" map $study --with hours --around 106100,501900,150 --from 2024-06-01 --to 2024-06-30 -o "$scratch/a.png"
    [ "$(note "$scratch/a.png" Hours)" = "unknown hour 0, unknown day 0" ]
    "$PLEIN" map $study --with hours --around 106100,501900,150 --from 2024-06-01 --to 2024-06-30 --min-count 1 -o "$scratch/b.png"
    [ "$(note "$scratch/b.png" Hours | sum)" -eq 22 ]
}

@test "a map without clusters has the same figures" {
    "$PLEIN" map $study --with hours,months -o "$scratch/a.png"
    "$PLEIN" map $study --with hours,months --no-clusters -o "$scratch/b.png"
    [ "$(note "$scratch/a.png" Hours)" = "$(note "$scratch/b.png" Hours)" ]
    [ "$(note "$scratch/a.png" Months)" = "$(note "$scratch/b.png" Months)" ]
}

@test "1, 2 and 8 threads, shuffled rows and Dutch words give the same bytes" {
    tests/cli/shuffled-study "$scratch/study" 5 all
    for threads in 1 2 8; do
        "$PLEIN" map $study --threads $threads --with hours,months -o "$scratch/$threads.png"
        cmp "$scratch/1.png" "$scratch/$threads.png"
    done
    "$PLEIN" map --quiet --study "$scratch/study/plein.ini" --with uren,maanden -o "$scratch/shuffled.png"
    cmp "$scratch/1.png" "$scratch/shuffled.png"
}

@test "the study file can ask for them, and measures alone change no map" {
    cp -r data/europaplein "$scratch/study"
    sed 's/^lang = nl/&\nwith = hours,months/' "$scratch/study/plein.ini" >"$scratch/study/with.ini"
    sed '/^measures/d' "$scratch/study/plein.ini" >"$scratch/study/without.ini"
    "$PLEIN" map $study --with hours,months -o "$scratch/a.png"
    "$PLEIN" map --quiet --study "$scratch/study/with.ini" -o "$scratch/b.png"
    cmp "$scratch/a.png" "$scratch/b.png"
    "$PLEIN" map $study -o "$scratch/c.png"
    "$PLEIN" map --quiet --study "$scratch/study/without.ini" -o "$scratch/d.png"
    cmp "$scratch/c.png" "$scratch/d.png"
    "$PLEIN" map --quiet --study "$scratch/study/without.ini" --measures data/europaplein/maatregelen.csv -o "$scratch/e.png"
    "$PLEIN" map $study --with months -o "$scratch/f.png"
    cmp "$scratch/e.png" "$scratch/f.png"
}

@test "the two languages are drawn apart, with the same figures" {
    for language in nl en; do
        "$PLEIN" map $study --lang $language --with hours,months -o "$scratch/$language.png"
    done
    ! cmp -s "$scratch/nl.png" "$scratch/en.png"
    [ "$(note "$scratch/nl.png" Months)" = "$(note "$scratch/en.png" Months)" ]
}

@test "measures outside the period or the selection are left out, and it is said" {
    measures '2024-03-01;;light;;;;;;' '2019-01-01;2019-12-31;old;;;;;;' '2024-01-01;;theirs;;;Velsen;;;' \
        '2024-01-01;;clean;;physical;;;;'
    run "$PLEIN" map --study data/europaplein/plein.ini --lang en --jurisdiction Heemskerk --domain social \
        --measures "$scratch/m.csv" -o "$scratch/a.png"
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" == *"3 of the 4 measures lie outside the period or the selection"* ]]
    measures '2024-03-01;;light;;;;;;'
    "$PLEIN" map $study --lang en --jurisdiction Heemskerk --domain social --measures "$scratch/m.csv" -o "$scratch/b.png"
    cmp "$scratch/a.png" "$scratch/b.png"
}

@test "a place may be in metres or in degrees" {
    measures '2024-03-01;;light;;;;106089,2;501731,3;150'
    "$PLEIN" map $study --measures "$scratch/m.csv" -o "$scratch/a.png"
    measures '2024-03-01;;light;;;;;;'
    "$PLEIN" map $study --measures "$scratch/m.csv" -o "$scratch/b.png"
    ! cmp -s "$scratch/a.png" "$scratch/b.png"
    measures '2024-03-01;;light;;;;4.6669;52.5011;150'
    "$PLEIN" map $study --measures "$scratch/m.csv" -o "$scratch/c.png"
    ! cmp -s "$scratch/b.png" "$scratch/c.png"
}

@test "a bad measure is told with its line and what would do" {
    measures '2024-03-01;;a;;;;;;' 'soon;;b;;;;;;'
    refuses 65 "m.csv:3: 'soon' is no date; write 2024-05-31" --measures "$scratch/m.csv"
    measures ';;a;;;;;;'
    refuses 65 "m.csv:2: the column 'date' is empty" --measures "$scratch/m.csv"
    measures '2024-03-02;2024-03-01;a;;;;;;'
    refuses 65 "m.csv:2: the measure ends \(2024-03-01\) before it begins" --measures "$scratch/m.csv"
    measures '2024-03-01;;a;;;Haarlem;;;'
    refuses 65 "m.csv:2: there is no jurisdiction 'Haarlem' in the boundaries" --measures "$scratch/m.csv"
    measures '2024-03-01;;a;;money;;;;'
    refuses 65 "m.csv:2: there is no domain 'money'" --measures "$scratch/m.csv"
    measures '2024-03-01;;a;;;;106000;;'
    refuses 65 "m.csv:2: a place needs both x and y; fill in 'y'" --measures "$scratch/m.csv"
    measures '2024-03-01;;a;;;;here;there;'
    refuses 65 "m.csv:2: 'here' is no number" --measures "$scratch/m.csv"
    printf 'date;what\n2024;a\n' >"$scratch/m.csv"
    refuses 65 "m.csv:1: a list of measures needs a column 'name'" --measures "$scratch/m.csv"
    refuses 66 "none.csv" --measures "$scratch/none.csv"
}

@test "what is asked wrongly is told" {
    refuses 2 "'weeks' is neither hours nor months" --with hours,weeks
    refuses 2 "is neither hours nor months" --with ""
    cp -r data/europaplein "$scratch/study"
    echo "phase = borging 2025-01-01 soon" >>"$scratch/study/plein.ini"
    study="--quiet --study $scratch/study/plein.ini"
    refuses 78 "phase 'borging 2025-01-01 soon': 'soon' is no date" --with months
}

@test "a page too low for the strip is refused" {
    printf '[page]\nwidth = 500\nheight = 260\n' >"$scratch/low.ini"
    "$PLEIN" map $study --style "$scratch/low.ini" -o "$scratch/low.png"
    refuses 2 "has no room for a map" --style "$scratch/low.ini" --with hours
}
