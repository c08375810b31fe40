#!/usr/bin/env bats
# A sample of what `make torture` does: plein fails, is killed or loses its power at some of all points.

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
    PLEIN=${PLEIN:-$PWD/build/plein}
    build=$(dirname "$PLEIN")
    study="--study data/europaplein/plein.ini --quiet"
    scratch=$BATS_TEST_TMPDIR
}

@test "where memory, a call or the power fails, plein ends well and nothing is torn" {
    [ -x "$build/inject/plein" ] || skip "inject/plein is not built (make test-programs)"
    kinds=memory,calls,killed,kills,powercut
    [ -z "$PLEIN_SANITIZED" ] || kinds=memory # with leaks found by the sanitizer
    tests/inject/torture.py "$build" --do $kinds --only clusters,shp,xlsx,unsigned,in-csv,in-geojson --sites --sample 100 --minutes 0.15
}

@test "what a killed run leaves, the next removes; what a running one writes, it leaves" {
    sleep 60 &
    running=$!
    touch "$scratch/.plein-$running-aaaaaa" "$scratch/.plein-notes"
    true &
    gone=$!
    wait $gone
    touch "$scratch/.plein-$gone-aaaaaa"
    mkdir "$scratch/.plein-$gone-bbbbbb"
    touch "$scratch/.plein-$gone-bbbbbb/kaart.png"
    "$PLEIN" query $study --format csv -o "$scratch/a.csv"
    kill $running
    [ "$(ls -A "$scratch" | sort | tr '\n' ' ')" = "$(printf '%s\n' .plein-$running-aaaaaa .plein-notes a.csv | sort | tr '\n' ' ')" ]
}

@test "standard output that is a file is written on from where it stands, by any of its names" {
    for name in - /dev/stdout /dev/fd/1 /proc/self/fd/1; do
        { echo head && "$PLEIN" query $study --format csv -o "$name"; } >"$scratch/a.csv"
        [ "$(head -n 1 "$scratch/a.csv")" = head ]
        tail -n +2 "$scratch/a.csv" | cmp - <("$PLEIN" query $study --format csv)
    done
}

@test "a picture in a pipe or on standard output has no files beside it" {
    mkfifo "$scratch/pipe.png"
    "$PLEIN" map $study -o "$scratch/a.png"
    cat "$scratch/pipe.png" >"$scratch/b.png" &
    "$PLEIN" map $study -o "$scratch/pipe.png"
    wait
    cmp "$scratch/a.png" "$scratch/b.png"
    "$PLEIN" map $study -o /dev/stdout | cmp - "$scratch/a.png"
    [ "$(ls -A "$scratch" | tr '\n' ' ')" = "a.pgw a.png a.png.aux.xml b.png pipe.png " ]
}

@test "a full device is told, whatever is written to it" {
    [ -c /dev/full ] || skip "no /dev/full"
    for what in "map" "query" "export --format csv" "export --format geojson" "density" "help map"; do
        [ "$what" = "help map" ] && options="" || options="$study -o /dev/full"
        run bash -c "'$PLEIN' $what $options 2>&1 >/dev/full"
        [ "$status" -eq 73 ]
        [ "${#lines[@]}" -eq 1 ]
    done
}

@test "without standard descriptors a file stays whole, and what cannot be written is an error" {
    "$PLEIN" map $study -o "$scratch/a.png"
    bash -c "'$PLEIN' map $study -o '$scratch/b.png' <&- >&- 2>&-"
    cmp "$scratch/a.png" "$scratch/b.png"
    run bash -c "'$PLEIN' query $study >&-"
    [ "$status" -eq 73 ]
}

# libxlsxwriter passes all through files in TMPDIR, and does not look whether they took it.
@test "a workbook of which any write finds no room is an error, and not there" {
    [ -x "$build/inject/plein" ] || skip "inject/plein is not built (make test-programs)"
    [ -z "$PLEIN_SANITIZED" ] || skip "calls are not made to fail under a sanitizer"
    export PLEIN_INJECT_REPORT=$scratch/report
    "$build/inject/plein" export $study --threads 1 -o "$scratch/whole.xlsx"
    writes=$(sed -n 3p "$scratch/report" | tr ' ' '\n' | grep -n '^write$' | cut -d : -f 1)
    for call in $writes; do
        rm -f "$scratch/a.xlsx"
        run env PLEIN_INJECT="call:$call:28" "$build/inject/plein" export $study --threads 1 -o "$scratch/a.xlsx"
        [ "$status" -eq 0 ] && cmp "$scratch/a.xlsx" "$scratch/whole.xlsx" || { [ "$status" -eq 73 ] && [ ! -e "$scratch/a.xlsx" ]; }
    done
}

@test "a program that is locked in writes sets and workbooks too" {
    for file in a.png a.shp a.xlsx; do
        [ $file = a.png ] && command=map || command=export
        run "$PLEIN" $command $study --sandbox on -o "$scratch/$file"
        case "$output" in *Landlock*) skip "no Landlock here" ;; esac
        [ "$status" -eq 0 ]
        [ -s "$scratch/$file" ]
    done
}
