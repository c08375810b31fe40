#!/usr/bin/env bats
# plein map --small-multiples: one sheet of maps, one for each value of a key.

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
    PLEIN=${PLEIN:-$PWD/build/plein}
    study="--study data/europaplein/plein.ini --quiet"
    scratch=$BATS_TEST_TMPDIR
    few="--boundaries data/europaplein/gemeenten.shp --incidents $scratch/few.csv --quiet --lang nl"
}

# A text that travels in a PNG file.
note() { # file key
    python3 - "$@" <<'PY'
import struct, sys
data, at = open(sys.argv[1], "rb").read(), 8
while at < len(data):
    size, kind = struct.unpack(">I4s", data[at:at + 8])
    body = data[at + 8:at + 8 + size]
    if kind == b"iTXt" and body.split(b"\0")[0].decode() == sys.argv[2]:
        print(body.split(b"\0", 1)[1][2:].split(b"\0", 2)[2].decode())
    at += size + 12
PY
}

# Draws a series in Dutch; prints "title: number" one a line.
maps() { # key options...
    key=$1
    shift
    "$PLEIN" map $study --lang nl --small-multiples "$key" -o "$scratch/$key.png" "$@"
    note "$scratch/$key.png" Maps | sed 's/; /\n/g; s/\.//g'
}

# What plein query counts by keys, for incidents with an owner: "value number".
counted() { # keys options...
    by=$1
    shift
    "$PLEIN" query $study --by "$by" --format csv "$@" | grep -v "(outside)\|(no place)\|(unknown)\|total"
}

# The number of each map is that of the query, in its order.
holds() { # maps-file query-file
    cut -d: -f2 "$1" | tr -d ' ' >"$scratch/numbers"
    diff "$scratch/numbers" "$2"
}

incidents() { # lines of "x,y,category,time"
    { echo "x,y,category,occurred_at"; cat; } >"$scratch/few.csv"
}

@test "weekdays run from Monday to Sunday with the numbers of the query" {
    maps weekday >"$scratch/maps"
    [ "$(cut -d: -f1 "$scratch/maps" | paste -sd' ')" = "Maandag Dinsdag Woensdag Donderdag Vrijdag Zaterdag Zondag" ]
    counted weekday | awk -F, 'NR > 1 {print $NF}' >"$scratch/query"
    holds "$scratch/maps" "$scratch/query"
    note "$scratch/weekday.png" "Left out" | grep -q "^Op geen kaart (meldingen): 1 zonder bekende dag\.$"
}

@test "months run from the first to the last with the numbers of the query" {
    maps month >"$scratch/maps"
    [ "$(wc -l <"$scratch/maps")" -eq 24 ]
    head -1 "$scratch/maps" | grep -q "^Januari 2023: "
    tail -1 "$scratch/maps" | grep -q "^December 2024: "
    counted year,month | awk -F, 'NR > 1 {print $NF}' >"$scratch/query"
    holds "$scratch/maps" "$scratch/query"
}

@test "quarters and years add up to the months" {
    for key in month quarter year; do
        maps $key | awk -F': ' '{sum += $2} END {print sum}' >"$scratch/$key"
    done
    cmp "$scratch/month" "$scratch/quarter"
    cmp "$scratch/month" "$scratch/year"
    maps quarter | head -1 | grep -q "^1e kwartaal 2023: "
    [ "$(maps year | cut -d: -f1 | paste -sd' ')" = "2023 2024" ]
}

@test "parts of the day have the numbers of their hours" {
    maps daypart >"$scratch/maps"
    [ "$(cut -d: -f1 "$scratch/maps" | paste -sd';')" = "Nacht (0–6 uur);Ochtend (6–12 uur);Middag (12–18 uur);Avond (18–24 uur)" ]
    counted hour | awk -F, 'NR > 1 {sum[int($1 / 6)] += $2} END {for (i = 0; i < 4; i++) print sum[i]}' >"$scratch/query"
    holds "$scratch/maps" "$scratch/query"
    note "$scratch/daypart.png" "Left out" | grep -q "1 zonder bekend uur"
}

@test "domains and sources have the numbers of the query, sources the largest first" {
    maps domain >"$scratch/maps"
    [ "$(cut -d: -f1 "$scratch/maps" | paste -sd' ')" = "Sociaal Fysiek Veiligheid Niet ingedeeld" ]
    counted domain | awk -F, 'NR > 1 {print $2}' >"$scratch/query"
    holds "$scratch/maps" "$scratch/query"
    maps source >"$scratch/maps"
    counted source | awk -F, 'NR > 1 {print $2}' | sort -rn >"$scratch/query"
    holds "$scratch/maps" "$scratch/query"
}

@test "maps and what is on none of them add up to all that has an owner" {
    all=$(counted jurisdiction | awk -F, 'NR > 1 {sum += $NF} END {print sum}')
    for key in domain category source year quarter month weekday daypart; do
        on=$(maps $key | awk -F': ' '{sum += $2} END {print sum}')
        off=$(note "$scratch/$key.png" "Left out" | sed 's/([^)]*)//g' | grep -o '\(: \|, \)[0-9]*' | grep -o '[0-9]*' | awk '{sum += $1} END {print sum + 0}')
        echo "$key: $on on maps, $off on none, $all in all"
        [ $((on + off)) -eq "$all" ]
    done
}

@test "organised crime has no map of its own unless that is allowed" {
    [ "$(maps category | grep -ci ondermijning)" -eq 0 ]
    note "$scratch/category.png" "Left out" | grep -q "85 van ondermijning, die niet apart wordt getoond"
    [ "$(maps category --sensitive | grep -ci "ondermijning: 85")" -eq 1 ]
    for key in month domain; do
        status=0
        "$PLEIN" map $study --category organised-crime --small-multiples $key -o "$scratch/no.png" 2>"$scratch/err" || status=$?
        [ "$status" -eq 2 ]
        [ ! -e "$scratch/no.png" ]
    done
}

@test "a month of organised crime alone is not shown" {
    { for i in 1 2 3 4 5 6 7 8 9; do
          echo "10650$i,50170$i,organised-crime,2024-02-0$i"
          echo "10650$i,50170$i,litter,2024-01-0$i"
      done; } | incidents
    "$PLEIN" map $few --small-multiples month -o "$scratch/plain.png"
    [ "$(note "$scratch/plain.png" Maps)" = "Januari 2024: 9; Februari 2024: 9" ]
    sed -i 's/organised-crime/dealing/' "$scratch/few.csv"
    "$PLEIN" map $few --small-multiples month -o "$scratch/dealing.png"
    ! cmp -s "$scratch/plain.png" "$scratch/dealing.png"
    "$PLEIN" map $few --small-multiples category -o "$scratch/category.png"
    [ "$(note "$scratch/category.png" Maps)" = "Drugshandel: 9; Zwerfafval: 9" ]
}

@test "a month without incidents has its map, as has one that was asked for" {
    for i in 1 2 3 4 5 6 7 8 9; do
        echo "10650$i,50170$i,litter,2024-0$((1 + i % 2 * 2))-1$i"
    done | incidents
    "$PLEIN" map $few --small-multiples month -o "$scratch/a.png"
    [ "$(note "$scratch/a.png" Maps)" = "Januari 2024: 4; Februari 2024: 0; Maart 2024: 5" ]
    "$PLEIN" map $few --small-multiples quarter --from 2024-01-01 --to 2024-12-31 -o "$scratch/a.png"
    note "$scratch/a.png" Maps | grep -q "1e kwartaal 2024: 9; 2e kwartaal 2024: 0; 3e kwartaal 2024: 0; 4e kwartaal 2024: 0"
}

@test "days and hours that were not asked for have no map" {
    [ "$(maps weekday --days mo-we | cut -d: -f1 | paste -sd' ')" = "Maandag Dinsdag Woensdag" ]
    [ "$(maps daypart --hours 19-02 | cut -d: -f1 | paste -sd';')" = "Nacht (0–6 uur);Avond (18–24 uur)" ]
}

@test "more maps than a sheet holds is an error that says what would do" {
    { for i in 1 2 3 4 5 6; do echo "10650$i,50170$i,litter,2020-01-0$i"; done
      echo "106501,501701,litter,2024-02-01"; } | incidents
    status=0
    "$PLEIN" map $few --lang en --small-multiples month -o "$scratch/a.png" 2>"$scratch/err" || status=$?
    [ "$status" -eq 2 ]
    grep -q "makes 50 maps, and a sheet holds 24; choose a period with --from and --to, or take quarter" "$scratch/err"
    [ ! -e "$scratch/a.png" ]
    "$PLEIN" map $few --small-multiples quarter -o "$scratch/a.png"
}

@test "of many categories the smallest are told of in a line" {
    for i in $(seq 1 30); do
        for k in $(seq 1 $((4 + i))); do echo "1065$((10 + i)),5017$((10 + k)),soort$i,2024-01-02"; done
    done | incidents
    "$PLEIN" map $few --small-multiples category -o "$scratch/a.png"
    [ "$(note "$scratch/a.png" Maps | sed 's/; /\n/g' | wc -l)" -eq 24 ]
    note "$scratch/a.png" Maps | grep -q "^Soort30: 34; Soort29: 33; "
    [ "$(note "$scratch/a.png" "Left out")" = "Op geen kaart (meldingen): 45 in de 6 kleinste categorieën." ]
}

@test "what is not known of any incident is an error" {
    echo "106500,501700,litter,2024-01" | incidents
    for key in weekday daypart; do
        status=0
        "$PLEIN" map $few --small-multiples $key -o "$scratch/a.png" 2>"$scratch/err" || status=$?
        [ "$status" -eq 65 ]
        grep -q "van geen van de 1 meldingen is $key bekend" "$scratch/err"
    done
}

@test "the title is a finding, and says so where there is none" {
    maps daypart >/dev/null
    note "$scratch/daypart.png" Title | grep -q "^In de avond ligt de piek bij Europaplein: [0-9]* van de [0-9]* meldingen daar$"
    maps month >/dev/null
    [ "$(note "$scratch/month.png" Title)" = "Geen maand steekt er duidelijk uit" ]
    maps month --title "Eigen titel" >/dev/null
    [ "$(note "$scratch/month.png" Title)" = "Eigen titel" ]
}

@test "one, two and eight threads, and shuffled rows, give the same bytes" {
    tests/cli/shuffled-study "$scratch/study"
    for key in daypart category; do
        for threads in 1 2 8; do
            "$PLEIN" map $study --threads $threads --small-multiples $key -o "$scratch/$threads.png"
        done
        "$PLEIN" map --quiet --study "$scratch/study/plein.ini" --small-multiples $key -o "$scratch/shuffled.png"
        cmp "$scratch/1.png" "$scratch/2.png"
        cmp "$scratch/1.png" "$scratch/8.png"
        cmp "$scratch/1.png" "$scratch/shuffled.png"
    done
}

@test "a series has no world file" {
    "$PLEIN" map $study --small-multiples domain -o "$scratch/a.png"
    [ "$(ls "$scratch")" = a.png ]
}

@test "no English on a Dutch series" {
    for key in daypart category quarter weekday source; do
        maps $key >/dev/null
        for text in Title Subtitle Maps "Left out" Parameters; do
            [ "$(note "$scratch/$key.png" "$text" | grep -ciw "the\|of the\|and\|incidents\|map\|unknown")" -eq 0 ]
        done
    done
}

@test "a failed run leaves the old sheet" {
    echo old >"$scratch/a.png"
    status=0
    "$PLEIN" map $study --from 2031-01-01 --small-multiples year -o "$scratch/a.png" 2>"$scratch/err" || status=$?
    [ "$status" -eq 65 ]
    [ "$(cat "$scratch/a.png")" = old ]
}

@test "real sets make series without hand work" {
    real=${PLEIN_REAL:-$PWD/../shared/real}
    [ -d "$real" ] || skip "no real files here"
    "$PLEIN" map --quiet --lang nl --boundaries "$real/boundaries/lancashire_districts.shp" \
        --incidents "$real/incidents/lancashire_asb.tab" --small-multiples month -o "$scratch/a.png"
    note "$scratch/a.png" Maps | grep -q "^Januari 2022: 4.415; .*; December 2022: 3.488$"
    "$PLEIN" map --quiet --lang nl --boundaries "$real/boundaries/berlin/lor_bzr.shp" \
        --incidents "$real/incidents/berlin_strassenverkehrsunfaelle_2019.csv" --small-multiples quarter -o "$scratch/b.png"
    note "$scratch/b.png" Maps | grep -q "^1e kwartaal 2019: 2.584; "
}

@test "a series keeps the limits of another map, and gives its own to one" {
    "$PLEIN" map $study --small-multiples quarter -o "$scratch/a.png"
    "$PLEIN" map $study --small-multiples daypart --scale "$scratch/a.png" -o "$scratch/b.png"
    "$PLEIN" map $study --scale "$scratch/a.png" -o "$scratch/c.png"
    for file in b c; do
        [ "$(note "$scratch/$file.png" Scale)" = "$(note "$scratch/a.png" Scale)" ]
    done
    "$PLEIN" map $study --small-multiples daypart --classes 3,30 -o "$scratch/b.png"
    [ "$(note "$scratch/b.png" Scale)" = "3 30 per ha" ]
}

@test "single incidents are not shown on small maps" {
    status=0
    "$PLEIN" map $study --small-multiples daypart --points --min-count 1 -o "$scratch/a.png" 2>"$scratch/err" || status=$?
    [ "$status" -eq 2 ]
}

@test "--zoom draws three sheets on one scale, each within the one before" {
    "$PLEIN" map $study --lang nl --zoom -o "$scratch/kaart.png"
    [ "$(ls -A "$scratch" | paste -sd' ')" = "kaart-1.pgw kaart-1.png kaart-1.png.aux.xml kaart-2.pgw kaart-2.png kaart-2.png.aux.xml kaart-3.pgw kaart-3.png kaart-3.png.aux.xml" ]
    for sheet in 1 2 3; do
        note "$scratch/kaart-$sheet.png" Extent
    done | awk -F, 'NR > 1 && !($1 > xmin && $2 > ymin && $3 < xmax && $4 < ymax) {exit 1}
        {xmin = $1; ymin = $2; xmax = $3; ymax = $4; print $3 - $1} END {if (NR != 3) exit 1}' >"$scratch/widths"
    awk 'NR == 2 && ($1 < 1500 || $1 > 2500) {exit 1} NR == 3 && ($1 < 500 || $1 > 1000) {exit 1}' "$scratch/widths"
    for sheet in 2 3; do
        [ "$(note "$scratch/kaart-$sheet.png" Scale)" = "$(note "$scratch/kaart-1.png" Scale)" ]
        cmp -s "$scratch/kaart-1.png" "$scratch/kaart-$sheet.png" && return 1
    done
    note "$scratch/kaart-2.png" Subtitle | grep -q "de buurt, blad 2 van 3$"
}

@test "--zoom writes the same bytes with one and eight threads" {
    mkdir "$scratch/1" "$scratch/8"
    for threads in 1 8; do
        "$PLEIN" map $study --threads $threads --zoom -o "$scratch/$threads/a.png"
    done
    diff -r "$scratch/1" "$scratch/8"
}

@test "--zoom leaves the old sheets, and nothing else, when it fails" {
    for sheet in 1 3; do echo old >"$scratch/a-$sheet.png"; done
    mkdir "$scratch/a-2.png"
    status=0
    "$PLEIN" map $study --zoom -o "$scratch/a.png" 2>"$scratch/err" || status=$?
    [ "$status" -eq 73 ]
    [ "$(cat "$scratch/a-1.png" "$scratch/a-3.png" | paste -sd' ')" = "old old" ]
    rm "$scratch/err"
    [ "$(ls -A "$scratch" | paste -sd' ')" = "a-1.png a-2.png a-3.png" ]
    status=0
    "$PLEIN" map $study --min-points 100000 --zoom -o "$scratch/b.png" 2>"$scratch/err" || status=$?
    [ "$status" -eq 65 ]
    grep -q "try a wider --radius" "$scratch/err" || grep -q "grotere --radius" "$scratch/err"
}

@test "--zoom with what chooses the sheets otherwise is an error" {
    for other in "--frame 105000,501000,107000,503000" --no-clusters "--small-multiples month" "-o -"; do
        status=0
        "$PLEIN" map $study --zoom -o "$scratch/a.png" $other 2>"$scratch/err" || status=$?
        [ "$status" -eq 2 ]
    done
    [ "$(ls "$scratch")" = err ]
}
