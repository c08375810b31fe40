#!/usr/bin/env bats
# The order of jurisdictions in their file, of the files and of the rows changes nothing in any output.

setup_file() {
    cd "$BATS_TEST_DIRNAME/../.."
    for seed in 1 2 3; do
        tests/cli/shuffled-study "$BATS_FILE_TMPDIR/$seed" $seed all
    done
}

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
    PLEIN=${PLEIN:-$PWD/build/plein}
    scratch=$BATS_TEST_TMPDIR
    shuffled=$BATS_FILE_TMPDIR
    # A sanitizer looks at what code does; one order is enough to be looked at.
    most=${PLEIN_SANITIZED:+1}
}

# Holds what a command writes about the study against what it writes of each shuffled one.
holds() { # seeds command options...
    local seeds=${most:-$1}
    shift
    "$PLEIN" "$1" --quiet --study data/europaplein/plein.ini "${@:2}" >"$scratch/straight"
    [ -s "$scratch/straight" ]
    for seed in $seeds; do
        "$PLEIN" "$1" --quiet --study "$shuffled/$seed/plein.ini" "${@:2}" >"$scratch/other"
        cmp "$scratch/straight" "$scratch/other" || { echo "seed $seed: $*"; return 1; }
    done
}

# The same for files: what stands behind -o, and what is written beside it.
holds_files() { # seeds file command options...
    local seeds=${most:-$1} file=$2
    shift 2
    mkdir "$scratch/files"
    "$PLEIN" "$1" --quiet --study data/europaplein/plein.ini "${@:2}" -o "$scratch/files/$file"
    [ -s "$scratch/files/$file" ]
    for seed in $seeds; do
        mkdir -p "$scratch/$seed"
        "$PLEIN" "$1" --quiet --study "$shuffled/$seed/plein.ini" "${@:2}" -o "$scratch/$seed/$file"
        diff -r "$scratch/files" "$scratch/$seed" || { echo "seed $seed: $*"; return 1; }
    done
}

@test "the shuffled studies are others indeed" {
    for seed in 1 2 3; do
        for file in gemeenten.shp gemeenten.dbf gemeenten.shx politie.csv gemeente.csv boa.csv plein.ini; do
            ! cmp -s "data/europaplein/$file" "$shuffled/$seed/$file" || { echo "$seed/$file"; false; }
        done
    done
    ! cmp -s "$shuffled/1/gemeenten.dbf" "$shuffled/2/gemeenten.dbf"
}

@test "query counts the same" {
    for format in table csv json; do
        holds "1 2 3" query --format $format
    done
    holds "1 2 3" query --format csv --by jurisdiction,band,reported_to,responsible,domain,category,source,year,month,weekday,hour
    holds "1 2" query --format csv --districts data/europaplein/pleinen.shp --by jurisdiction,district,reported_to
}

@test "clusters are the same" {
    for format in csv json geojson; do
        holds "1 2 3" clusters --format $format
        holds "1 2 3" clusters --format $format --per none
    done
    holds "1 2" clusters --format csv --per jurisdiction,category,source --min-points 4
}

@test "densities are the same" {
    holds "1 2 3" density
    holds "1 2" density --kernel gaussian --edge uniform --jurisdiction Heemskerk --cell 20
    holds_files "1 2" dichtheid.asc density --edge diggle --cell 20
}

@test "the map is the same picture" {
    holds_files "1 2 3" kaart.png map
}

@test "borders tell the same" {
    holds "1 2 3" border --format csv
    holds "1 2 3" border --format json --between Heemskerk,Beverwijk
    holds "1 2" border --lang nl
    holds "1 2" border --lang en --between Beverwijk,Heemskerk
}

@test "the border sheet is the same picture" {
    holds_files "1 2 3" grens.png border --between Heemskerk,Beverwijk
}

@test "priorities stand the same" {
    for format in table csv json; do
        holds "1 2 3" priorities --format $format
    done
}

@test "locate tells the same of each incident, in the order of its rows" {
    located() { # study; where there is no id, the row number serves
        "$PLEIN" locate --quiet --study "$1" --format csv | cut -d, -f2- | sort
    }
    located data/europaplein/plein.ini >"$scratch/straight"
    for seed in ${most:-1 2 3}; do
        located "$shuffled/$seed/plein.ini" | cmp - "$scratch/straight"
    done
}

@test "check finds the same, but for the order of the files and the line numbers" {
    told() { # study
        "$PLEIN" check --quiet --study "$1" --lang en --format csv | sed 's/"*\(lines\|data rows\) [0-9].*//' | sort
    }
    told data/europaplein/plein.ini >"$scratch/straight"
    for seed in ${most:-1 2 3}; do
        told "$shuffled/$seed/plein.ini" | diff "$scratch/straight" -
    done
}
