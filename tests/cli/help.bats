#!/usr/bin/env bats
# plein tells its commands and options, in English and in Dutch.

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
    PLEIN=${PLEIN:-$PWD/build/plein}
    export LC_ALL=C.UTF-8
    unset LANGUAGE
    commands=$("$PLEIN" help --lang en | sed -n "s/^  \([a-z][a-z]*\)  *.*/\1/p" | paste -sd" ")
}

differs() { # file file
    if cmp -s "$1" "$2"; then
        echo "$1 and $2 are the same"
        return 1
    fi
}

# Whether there is a Dutch catalogue beside the program; a tree without one has nothing to show.
need_dutch() {
    [ -e data/locale/nl.po ] || { echo "SKIPPED: data/locale/nl.po is not there" >&2; skip "no Dutch catalogue"; }
}

@test "help lists every command" {
    "$PLEIN" help >"$BATS_TEST_TMPDIR/help"
    for command in $(ls cli/cmd_*.c | sed 's/.*cmd_\(.*\)\.c/\1/'); do
        grep -q "^  $command " "$BATS_TEST_TMPDIR/help" || { echo "$command"; false; }
        [[ " $commands " == *" $command "* ]]
    done
    [ "$(echo $commands | wc -w)" -eq "$(ls cli/cmd_*.c | wc -l)" ]
    "$PLEIN" --help | cmp - "$BATS_TEST_TMPDIR/help"
    "$PLEIN" -h | cmp - "$BATS_TEST_TMPDIR/help"
}

@test "help COMMAND is COMMAND --help, and goes to standard output" {
    for command in $commands; do
        "$PLEIN" help $command >"$BATS_TEST_TMPDIR/help" 2>"$BATS_TEST_TMPDIR/err"
        [ ! -s "$BATS_TEST_TMPDIR/err" ]
        grep -q "plein $command" "$BATS_TEST_TMPDIR/help"
        "$PLEIN" $command --help | cmp - "$BATS_TEST_TMPDIR/help"
        "$PLEIN" $command --study nowhere.ini --help | cmp - "$BATS_TEST_TMPDIR/help"
    done
}

@test "each command's help has its own options, and only those" {
    for command in $commands; do
        "$PLEIN" help $command >"$BATS_TEST_TMPDIR/$command"
        for option in study boundaries boundaries-crs incidents columns jurisdiction domain from to phase hours days within around lang threads quiet strict; do
            grep -q -- "--$option\b" "$BATS_TEST_TMPDIR/$command" || { echo "$command --$option"; false; }
        done
        [ -z "$(grep -o '^  --[a-z-]*' "$BATS_TEST_TMPDIR/$command" | sort | uniq -d)" ]
    done
    cd "$BATS_TEST_TMPDIR"
    [ "$(grep -l -- '--by KEYS' $commands)" = query ]
    [ "$(grep -l -- '--members' $commands)" = clusters ]
    [ "$(grep -l -- '--rasters' $commands)" = border ]
    [ "$(grep -l -- '--extent' $commands | paste -sd' ')" = "density border export" ]
    [ "$(grep -l -- '--style' $commands | paste -sd' ')" = "map border handover" ]
    for option in --bandwidth --kernel --cell; do
        [ "$(grep -l -- "$option" $commands | paste -sd' ')" = "density map border export" ]
    done
}

@test "help lines fit in a hundred columns" {
    for command in "" $commands; do
        "$PLEIN" help $command | awk 'length > 100 {print; bad = 1} END {exit bad || NR < 5}'
    done
}

@test "--version is the number in VERSION" {
    [ "$("$PLEIN" --version)" = "plein $(cat VERSION)" ]
}

@test "--lang nl gives Dutch help, of the same options" {
    need_dutch
    for command in "" $commands; do
        "$PLEIN" help $command --lang en >"$BATS_TEST_TMPDIR/en"
        "$PLEIN" help $command --lang nl >"$BATS_TEST_TMPDIR/nl"
        differs "$BATS_TEST_TMPDIR/en" "$BATS_TEST_TMPDIR/nl"
        grep -o '^  --[a-z-]*' "$BATS_TEST_TMPDIR/en" >"$BATS_TEST_TMPDIR/en.options" || true
        grep -o '^  --[a-z-]*' "$BATS_TEST_TMPDIR/nl" >"$BATS_TEST_TMPDIR/nl.options" || true
        cmp "$BATS_TEST_TMPDIR/en.options" "$BATS_TEST_TMPDIR/nl.options"
    done
    "$PLEIN" help query --lang nl | grep -qi 'gemeente\|gebied\|melding'
}

@test "the environment chooses the language, and the option wins" {
    need_dutch
    "$PLEIN" help --lang nl >"$BATS_TEST_TMPDIR/nl"
    "$PLEIN" help --lang en >"$BATS_TEST_TMPDIR/en"
    LC_ALL=nl_NL.UTF-8 "$PLEIN" help | cmp - "$BATS_TEST_TMPDIR/nl"
    LC_ALL=nl_NL.UTF-8 "$PLEIN" help --lang en | cmp - "$BATS_TEST_TMPDIR/en"
    LC_ALL=C.UTF-8 "$PLEIN" help | cmp - "$BATS_TEST_TMPDIR/en"
}

@test "a table for people is in the language asked for" {
    need_dutch
    "$PLEIN" query --study data/europaplein/plein.ini --quiet --lang nl >"$BATS_TEST_TMPDIR/nl"
    "$PLEIN" query --study data/europaplein/plein.ini --quiet --lang en >"$BATS_TEST_TMPDIR/en"
    differs "$BATS_TEST_TMPDIR/nl" "$BATS_TEST_TMPDIR/en"
    grep -q meldingen "$BATS_TEST_TMPDIR/nl"
    grep -q incidents "$BATS_TEST_TMPDIR/en"
}

@test "--quiet leaves standard error empty" {
    for command in check locate query clusters density; do
        "$PLEIN" $command --study data/europaplein/plein.ini --quiet 2>"$BATS_TEST_TMPDIR/err" >/dev/null
        [ ! -s "$BATS_TEST_TMPDIR/err" ]
    done
}
