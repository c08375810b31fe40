#!/usr/bin/env bats
# What goes wrong has its exit status, and one line that says what would do.

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
    PLEIN=${PLEIN:-$PWD/build/plein}
    study="--study data/europaplein/plein.ini --lang en" # the study itself asks for Dutch
    boundaries=data/europaplein/gemeenten.shp
    scratch=$BATS_TEST_TMPDIR
    printf 'id,x,y,category\na,105700,501066,litter\nb,106156,502647,dealing\n' >"$scratch/good.csv"
    printf 'id,x,y,category\na,105700,501066,litter\nb,oops,502647,dealing\n' >"$scratch/bad.csv"
}

# Runs plein; expects its exit status and, on standard error, one line that matches.
refuses() { # status pattern arguments...
    local wanted=$1 pattern=$2 status=0
    shift 2
    "$PLEIN" "$@" >"$scratch/out" 2>"$scratch/err" || status=$?
    echo "plein $*: $status, not $wanted, or not '$pattern':"
    cat "$scratch/err"
    [ "$status" -eq "$wanted" ]
    [ "$(wc -l <"$scratch/err")" -eq 1 ]
    grep -q '^plein: ' "$scratch/err"
    grep -qi -- "$pattern" "$scratch/err"
    [ ! -s "$scratch/out" ]
}

# The same with a limit of time.
refuses_soon() {
    local program=$PLEIN
    printf '#!/bin/sh\nexec timeout 20 %s "$@"\n' "$program" >"$scratch/plein"
    chmod +x "$scratch/plein"
    PLEIN=$scratch/plein
    refuses "$@"
    PLEIN=$program
}

@test "no command, and one that is not there, is wrong use" {
    refuses 2 "plein help"
    refuses 2 "'query'" qeury
    refuses 2 "plein help" xyzzyxyzzy
    refuses 2 "plein help" help xyzzyxyzzy
}

@test "an unknown option names the nearest" {
    refuses 2 "--boundaries" query --bondaries x
    refuses 2 "--min-points" clusters $study --minpoints 3
    refuses 2 "extra" query $study extra
}

@test "a dash alone is no option" {
    refuses 2 "there is no option '-'" query - $study
    refuses 2 "there is no option '-'" query $study - --quiet
    refuses 2 "there is no option '-'" map $study -o "$scratch/a.png" -
    [ ! -e "$scratch/a.png" ]
}

@test "an option of another command is unknown" {
    refuses 2 "--radius" query $study --radius 10
}

@test "a value that is missing, or too many, is wrong use" {
    refuses 2 "--from" query $study --from
    refuses 2 "--quiet" query $study --quiet=1
}

@test "an unknown jurisdiction or domain names what there is" {
    refuses 2 "'Heemskerk'" query $study --jurisdiction heemskrk
    refuses 2 "social" query $study --domain socail
    refuses 2 "social" locate $study --domain-any socail
    for command in check locate query clusters density; do
        refuses 2 "'Heemskerk'" $command $study --jurisdiction heemskrk
    done
    refuses 2 "'Heemskerk'" map $study --jurisdiction heemskrk -o "$scratch/a.png"
}

@test "values that mean nothing are wrong use" {
    refuses 2 "jurisdiction, district, band" query $study --by jurisdicton
    refuses 2 "csv" query $study --format xml
    refuses 2 "nl, en" query $study --lang fr
    refuses 2 "2024-05-31" query $study --from 2024-13-01
    refuses 2 "2024-05-31" query $study --to 31
    refuses 2 "nulmetin" query $study --phase nulmetin
    for hours in 25-03 " 8-12" 8-+9 8--9 008-12 8-12h 8- 8 5-5; do
        refuses 2 "18-06" query $study --hours "$hours"
    done
    refuses 2 "mo-fr" query $study --days mo-xx
    refuses 2 "XMIN" query $study --within 1,2,3
    refuses 2 "X,Y,M" query $study --around 1,2
    refuses 2 "1 to 64" query $study --threads 0
    refuses 2 "--threads" query $study --threads two
    refuses 2 "--location-accuracy" query $study --location-accuracy -1
    refuses 2 "--radius" clusters $study --radius 0
    refuses 2 "--min-points" clusters $study --min-points 2.5
    refuses 2 "quartic" density $study --kernel qartic
    refuses 2 "roles" query --boundaries $boundaries --incidents "$scratch/good.csv" --columns easting=x
}

@test "no input named is wrong use" {
    PLEIN=$(realpath "$PLEIN")
    cd "$scratch"
    for command in check locate query clusters density; do
        refuses 2 "--boundaries" $command
    done
    refuses 2 "--boundaries" map -o a.png
    refuses 2 "--boundaries" query --incidents good.csv
    refuses 2 "--incidents" check
}

@test "boundaries without incidents are wrong use, but for check" {
    for command in locate query clusters density; do
        refuses 2 "--incidents" $command --boundaries $boundaries
    done
    "$PLEIN" check --boundaries $boundaries >/dev/null
}

@test "a map wants to know where to" {
    refuses 2 "-o" map $study
}

@test "a file that is not there is no input" {
    for command in check locate query clusters density; do
        refuses 66 "no.shp" $command --boundaries "$scratch/no.shp" --incidents "$scratch/good.csv"
        refuses 66 "no.csv" $command --boundaries $boundaries --incidents "$scratch/no.csv"
    done
    refuses 66 "no.ini" query --study "$scratch/no.ini"
}

@test "boundaries without a .prj name --boundaries-crs, which then does" {
    cp data/europaplein/gemeenten.{shp,shx,dbf,cpg} "$scratch"
    refuses 65 "--boundaries-crs" query --boundaries "$scratch/gemeenten.shp" --incidents "$scratch/good.csv"
    "$PLEIN" query --boundaries "$scratch/gemeenten.shp" --boundaries-crs EPSG:28992 \
        --incidents "$scratch/good.csv" --quiet --format csv >"$scratch/csv"
    "$PLEIN" query --boundaries $boundaries --incidents "$scratch/good.csv" --quiet --format csv | cmp - "$scratch/csv"
}

@test "an unreadable .prj is bad data and names --boundaries-crs" {
    cp data/europaplein/gemeenten.{shp,shx,dbf,cpg} "$scratch"
    echo "PROJCS[nonsense" >"$scratch/gemeenten.prj"
    refuses 65 "--boundaries-crs" query --boundaries "$scratch/gemeenten.shp" --incidents "$scratch/good.csv"
}

@test "a table is no shapefile, and a shapefile is no table" {
    refuses 65 "good.csv" query --boundaries "$scratch/good.csv" --incidents "$scratch/good.csv"
    refuses 65 "gemeenten.shp" query --boundaries $boundaries --incidents $boundaries
}

@test "a pipe where a file has to be keeps nobody waiting" {
    mkfifo "$scratch/pipe.shp"
    refuses_soon 65 "pipe.shp: this is a pipe" query --boundaries "$scratch/pipe.shp" --incidents "$scratch/good.csv"
    cp data/europaplein/gemeenten.{shp,shx,prj} "$scratch"
    mkfifo "$scratch/gemeenten.dbf"
    refuses_soon 65 "gemeenten.dbf: this is a pipe" query --boundaries "$scratch/gemeenten.shp" --incidents "$scratch/good.csv"
    refuses_soon 65 "this is a folder" query --boundaries "$scratch" --incidents "$scratch/good.csv"
}

@test "incidents may come through a pipe, with a name or without" {
    query="$PLEIN query --boundaries $boundaries --incidents-crs EPSG:28992 --format csv --quiet"
    $query --incidents "$scratch/good.csv" >"$scratch/expected"
    $query --incidents <(cat "$scratch/good.csv") | cmp - "$scratch/expected"
    cat "$scratch/good.csv" | $query --incidents - | cmp - "$scratch/expected"
}

@test "a shapefile of lines has no polygons" {
    refuses 65 "straten.shp" query --boundaries data/europaplein/straten.shp --incidents "$scratch/good.csv"
}

@test "a named field that is not there lists those that are" {
    refuses 65 "GM_CODE, GM_NAAM" query --boundaries $boundaries --boundaries-name NOPE --incidents "$scratch/good.csv"
    refuses 65 "GM_CODE, GM_NAAM" query --boundaries $boundaries --boundaries-code NOPE --incidents "$scratch/good.csv"
    refuses 65 "id, x, y, category" query --boundaries $boundaries --incidents "$scratch/good.csv" --columns x=nope
}

@test "incidents without a place, a header or a byte are bad data" {
    printf 'a,b\n1,2\n' >"$scratch/noxy.csv"
    : >"$scratch/empty.csv"
    for command in check locate query; do
        refuses 65 "--columns" $command --boundaries $boundaries --incidents "$scratch/noxy.csv"
        refuses 65 "empty" $command --boundaries $boundaries --incidents "$scratch/empty.csv"
    done
}

@test "coordinates that are neither degrees nor the study's metres want --incidents-crs" {
    printf 'id,x,y\n1,5000000,9000000\n2,5000001,9000001\n' >"$scratch/far.csv"
    refuses 65 "--incidents-crs" query --boundaries $boundaries --incidents "$scratch/far.csv"
}

@test "--strict makes a skipped row bad data" {
    for command in locate query clusters density; do
        refuses 65 "bad.csv" $command --boundaries $boundaries --incidents "$scratch/bad.csv" --strict
        "$PLEIN" $command --boundaries $boundaries --incidents "$scratch/good.csv" --strict --quiet >/dev/null
    done
}

@test "--strict names the line of the first skipped row" {
    printf 'id,x,y\n1,105700,501066\n2,105700,501066\n3,x,501066\n4,105700\n' >"$scratch/rows.csv"
    refuses 65 "rows.csv:4: .*1 more" query --boundaries $boundaries --incidents "$scratch/rows.csv" --strict
    printf 'id,x,y\n1,105700,501066\n4,105700\n' >"$scratch/row.csv"
    refuses 65 "row.csv:3: this row" density --boundaries $boundaries --incidents "$scratch/row.csv" --strict
}

@test "what cannot be written is said" {
    refuses 73 "x.csv" query $study -o "$scratch/no/x.csv"
    refuses 73 "x.csv" locate $study -o "$scratch/no/x.csv"
    refuses 73 "x.csv" check $study -o "$scratch/no/x.csv"
    refuses 73 "x.csv" clusters $study --members "$scratch/no/x.csv"
    refuses 73 "x.asc" density $study -o "$scratch/no/x.asc"
    refuses 73 "x.png" map $study -o "$scratch/no/x.png"
    refuses 73 "folder" query $study -o "$scratch"
}

@test "a full device is said" {
    [ -c /dev/full ] || skip "no /dev/full"
    for command in query locate density; do
        status=0
        "$PLEIN" $command $study --quiet >/dev/full 2>"$scratch/err" || status=$?
        [ "$status" -eq 73 ]
        [ -s "$scratch/err" ]
    done
}

@test "a bad study file is told by file and line, with the nearest key" {
    cp data/europaplein/gemeenten.* "$scratch"
    printf '[study]\nboundaries = gemeenten.shp\nincidants = good.csv\n' >"$scratch/key.ini"
    refuses 78 "key.ini:3: .*'incidents'" query --study "$scratch/key.ini"
    printf '[study]\nboundaries = gemeenten.shp\nincidents = good.csv\nradius = ver\n' >"$scratch/value.ini"
    refuses 78 "value.ini:4: .*radius" query --study "$scratch/value.ini"
    printf '; a comment\n[stduy]\n\nboundaries = gemeenten.shp\n' >"$scratch/section.ini"
    refuses 78 "section.ini:2: .*\[study\]" query --study "$scratch/section.ini"
}

@test "a study file's paths are relative to it, and the command line wins" {
    mkdir "$scratch/study"
    cp data/europaplein/gemeenten.* "$scratch/good.csv" "$scratch/study"
    printf '[study]\nboundaries = gemeenten.shp\nincidents = good.csv\n' >"$scratch/study/plein.ini"
    "$PLEIN" query --study "$scratch/study/plein.ini" --quiet --format csv | grep -qx ',total,2'
    head -n 2 "$scratch/good.csv" >"$scratch/one.csv"
    "$PLEIN" query --study "$scratch/study/plein.ini" --incidents "$scratch/one.csv" --quiet --format csv | grep -qx ',total,1'
    PLEIN=$(realpath "$PLEIN")
    cd "$scratch/study"
    "$PLEIN" query --quiet --format csv | grep -qx ',total,2'
}

@test "a vocabulary that is none is bad settings or bad data" {
    status=0
    "$PLEIN" query --boundaries $boundaries --incidents "$scratch/good.csv" --vocabulary "$scratch/good.csv" 2>"$scratch/err" || status=$?
    [ "$status" -eq 78 ] || [ "$status" -eq 65 ]
    grep -q 'good.csv:1: ' "$scratch/err"
}

@test "organised crime alone is refused, unless --sensitive" {
    for command in clusters density; do
        refuses 2 "--sensitive" $command $study --category organised-crime
        refuses 2 "--sensitive" $command $study --category ORGANISED-crime
        "$PLEIN" $command $study --category organised-crime --sensitive --quiet >/dev/null
        "$PLEIN" $command $study --category organised-crime --category dealing --quiet >/dev/null
    done
    refuses 2 "--sensitive" map $study --category organised-crime -o "$scratch/a.png"
    [ ! -e "$scratch/a.png" ]
}

@test "a run that fails leaves the old file and nothing beside it" {
    mkdir "$scratch/out"
    for command in check query locate density clusters; do
        echo old >"$scratch/out/a.csv"
        status=0
        "$PLEIN" $command --boundaries $boundaries --incidents "$scratch/no.csv" -o "$scratch/out/a.csv" 2>/dev/null || status=$?
        [ "$status" -eq 66 ]
        [ "$(cat "$scratch/out/a.csv")" = old ]
        [ "$(ls -A "$scratch/out")" = a.csv ]
    done
}

@test "a run that succeeds replaces the old file" {
    mkdir "$scratch/out"
    echo old >"$scratch/out/a.csv"
    "$PLEIN" query $study --quiet -o "$scratch/out/a.csv"
    "$PLEIN" query $study --quiet --format csv | cmp - "$scratch/out/a.csv"
    [ "$(ls -A "$scratch/out")" = a.csv ]
}

@test "an error is one line, with no result before it" {
    printf 'id,x,y\n' >"$scratch/none.csv"
    for n in $(seq 300); do echo "$n,105700,501066"; done >>"$scratch/none.csv"
    echo 'z,oops,1' >>"$scratch/none.csv"
    for command in locate query; do
        refuses 65 "none.csv" $command --boundaries $boundaries --incidents "$scratch/none.csv" --strict
    done
}

@test "a value with line ends or orders to the terminal is told in one plain line" {
    printf 'square' >"$BATS_TEST_TMPDIR/x.csv"
    printf '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": {"type": "Line\\nString\\u001b[31m", "coordinates": []}}]}' \
        >"$BATS_TEST_TMPDIR/x.geojson"
    run "$PLEIN" query --boundaries data/europaplein/gemeenten.shp --incidents "$BATS_TEST_TMPDIR/x.geojson" --quiet --lang en
    [ "$status" -eq 65 ]
    [ "${#lines[@]}" -eq 1 ]
    [[ "$output" == *"feature 1 is Line String [31m; incidents are points"* ]]
}

@test "a reference system that PROJ does not know is told with the file that names it" {
    for part in shp shx dbf; do
        cp data/europaplein/gemeenten.$part "$BATS_TEST_TMPDIR/odd.$part"
    done
    printf 'GEOGCS["GCS_North_American_1983",DATUM["D_North_American_198' >"$BATS_TEST_TMPDIR/odd.prj"
    run "${PLEIN:-build/plein}" check --lang en --boundaries "$BATS_TEST_TMPDIR/odd.shp"
    [ "$status" -eq 65 ]
    [ "${#lines[@]}" -eq 1 ]
    [[ "$output" == "plein: $BATS_TEST_TMPDIR/odd.shp: "*"EPSG:28992" ]]
}
