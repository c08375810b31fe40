#!/usr/bin/env bats
# --sandbox: a command that is locked in gives the same, and writes nowhere else.

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
    PLEIN=${PLEIN:-$PWD/build/plein}
    study="--study data/europaplein/plein.ini --quiet"
    scratch=$BATS_TEST_TMPDIR
}

locks() { # whether this system can
    [ -z "${PLEIN_SANITIZED:-}" ] || skip "SKIPPED: a sanitizer needs more of the system"
    "$PLEIN" query $study --sandbox on >/dev/null 2>&1 || { echo "SKIPPED: no Landlock or seccomp here" >&2; skip "no Landlock or seccomp here"; }
}

@test "every command gives the same bytes locked in" {
    locks
    for mode in on off; do
        mkdir "$scratch/$mode"
        "$PLEIN" check $study --sandbox $mode >"$scratch/$mode/check"
        "$PLEIN" locate $study --sandbox $mode -o "$scratch/$mode/locate.csv"
        "$PLEIN" query $study --sandbox $mode --by jurisdiction,hour >"$scratch/$mode/query"
        "$PLEIN" clusters $study --sandbox $mode --members "$scratch/$mode/members.csv" >"$scratch/$mode/clusters"
        "$PLEIN" density $study --sandbox $mode -o "$scratch/$mode/d.tif"
        "$PLEIN" map $study --sandbox $mode --threads 4 -o "$scratch/$mode/m.png"
        "$PLEIN" border $study --sandbox $mode --between Heemskerk,Beverwijk --rasters "$scratch/$mode/rasters" -o "$scratch/$mode/b.png"
        "$PLEIN" priorities $study --sandbox $mode >"$scratch/$mode/priorities"
        "$PLEIN" export $study --sandbox $mode -o "$scratch/$mode/e.gpkg"
        "$PLEIN" export $study --sandbox $mode -o "$scratch/$mode/e.xlsx"
        "$PLEIN" handover make $study --sandbox $mode --jurisdiction Beverwijk --to Heemskerk -o "$scratch/$mode/h.zip"
        "$PLEIN" handover verify --sandbox $mode "$scratch/$mode/h.zip" >"$scratch/$mode/verify"
    done
    [ "$(ls "$scratch/on" | wc -l)" -gt 14 ]
    diff -r "$scratch/on" "$scratch/off"
}

@test "the exit status and the sentence are those of the command" {
    locks
    for mode in auto on off; do
        run "$PLEIN" query --sandbox $mode --boundaries "$scratch/none.shp" --incidents x.csv
        [ "$status" -eq 66 ]
        [ "${#lines[@]}" -eq 1 ]
        run "$PLEIN" handover verify --sandbox $mode data/vocabulary.csv
        [ "$status" -eq 65 ]
        [ "${#lines[@]}" -eq 1 ]
        run "$PLEIN" query $study --sandbox $mode --jurisdiction Nowhere
        [ "$status" -eq 2 ]
    done
    run "$PLEIN" query $study --sandbox perhaps
    [ "$status" -eq 2 ]
}

@test "a package is verified from a folder that holds a study, or is a link" {
    locks
    "$PLEIN" handover make $study --jurisdiction Beverwijk --to Heemskerk -o "$scratch/h.zip"
    mkdir "$scratch/deep"
    cp "$scratch/h.zip" "$scratch/deep/g.zip"
    mkdir "$scratch/links"
    ln -s "$scratch/deep/g.zip" "$scratch/links/link.zip"
    PLEIN=$(realpath "$PLEIN")
    (cd data/europaplein && "$PLEIN" handover verify "$scratch/h.zip")
    (cd "$scratch" && "$PLEIN" handover verify h.zip)
    (cd "$scratch" && "$PLEIN" handover verify deep/g.zip)
    (cd "$scratch" && "$PLEIN" handover verify links/link.zip)
}

@test "output that is piped, and to a device, is as without a lock" {
    locks
    "$PLEIN" density $study --sandbox on | cmp - <("$PLEIN" density $study)
    "$PLEIN" query $study --format csv --sandbox on -o /dev/null
    [ -c /dev/null ]
}
