#!/usr/bin/env bats
# The vocabulary that ships knows the words of the sources that plein knows.

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
    PLEIN=${PLEIN:-$PWD/build/plein}
    scratch=$BATS_TEST_TMPDIR
}

@test "every crime type of police.uk but the other ones has a domain" {
    { echo id,x,y,category
      printf '%s,105700,501066,%s\n' 1 'Anti-social behaviour' 2 'Bicycle theft' 3 Burglary 4 'Criminal damage and arson' \
          5 Drugs 6 'Other theft' 7 'Possession of weapons' 8 'Public order' 9 Robbery 10 Shoplifting \
          11 'Theft from the person' 12 'Vehicle crime' 13 'Violence and sexual offences' 14 'Other crime'
    } >"$scratch/i.csv"
    "$PLEIN" locate --boundaries data/europaplein/gemeenten.shp --incidents "$scratch/i.csv" --quiet --format csv >"$scratch/out"
    [ "$(grep -c ',unmapped,' "$scratch/out")" -eq 1 ]
    grep -q '^14,.*,unmapped,' "$scratch/out"
}

@test "every category of the vocabulary has a Dutch word" {
    tail -n +2 data/vocabulary.csv | cut -d';' -f3 | sort -u >"$scratch/categories"
    [ "$(wc -l <"$scratch/categories")" -gt 15 ]
    while read -r category; do
        grep -A1 -x "msgid \"$category\"" data/locale/nl.po | grep -q 'msgstr "..*"' || { echo "$category"; return 1; }
    done <"$scratch/categories"
}
