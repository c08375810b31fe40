#!/usr/bin/env bats
# The sample study's files are what their generator makes, to the byte.

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
    made=$BATS_TEST_TMPDIR/made
    mkdir -p "$made"
}

build() { # compiler flags...
    "$@" -std=c17 -o "$BATS_TEST_TMPDIR/generate" data/europaplein/*.c
}

same_files() {
    local file
    for file in "$made"/*; do
        cmp "$file" "data/europaplein/$(basename "$file")"
    done
}

@test "the generator makes the committed files again" {
    build "${CC:-gcc}" -O2
    "$BATS_TEST_TMPDIR/generate" "$made"
    same_files
    [ "$(ls "$made" | wc -l)" -eq 40 ]
}

@test "an unoptimised build makes the same bytes" {
    build "${CC:-gcc}" -O0
    "$BATS_TEST_TMPDIR/generate" "$made"
    same_files
}

@test "every layer and table of the study file is there" {
    while read -r file; do
        [ -s "data/europaplein/$file" ]
    done < <(sed -n 's/^\(boundaries\|incidents\|priorities\|measures\|base\) = \(.*=\)\{0,1\}\([^:]*\).*/\3/p' data/europaplein/plein.ini)
}

@test "the README says that it is made up" {
    grep -q 'No record is about a real event' data/europaplein/README.md
    grep -q 'Geen enkele melding gaat over iets dat is gebeurd' data/europaplein/README.md
}

@test "the degrees are right to half a metre" {
    command -v cs2cs >/dev/null || skip "cs2cs is not installed"
    cat >"$BATS_TEST_TMPDIR/degrees.c" <<'C'
#include "ground.h"
#include <stdio.h>
int main(void)
{
    for (int64_t x = 98000000; x <= 114000000; x += 2000000)
        for (int64_t y = 494000000; y <= 510000000; y += 2000000) {
            struct place degrees = ground_degrees((struct place){x, y});
            printf("%.9f %.9f 0 %lld %lld\n", (double)degrees.y / 1e9, (double)degrees.x / 1e9,
                   (long long)x / 1000, (long long)y / 1000);
        }
    return 0;
}
C
    "${CC:-gcc}" -std=c17 -Idata/europaplein -o "$BATS_TEST_TMPDIR/degrees" "$BATS_TEST_TMPDIR/degrees.c"
    "$BATS_TEST_TMPDIR/degrees" >"$BATS_TEST_TMPDIR/asked"
    run bash -c "PROJ_NETWORK=OFF cs2cs -f %.3f EPSG:4258 EPSG:28992 '$BATS_TEST_TMPDIR/asked' |
        awk '{dx = \$1 - \$4; dy = \$2 - \$5; d = sqrt(dx*dx + dy*dy); if (d > worst) worst = d; n++}
             END {print n, worst; exit !(n == 81 && worst < 0.5)}'"
    echo "$output"
    [ "$status" -eq 0 ]
}

# The rank of the cluster at the plaza among all, or among those of one gemeente.
rank_of_the_plaza() { # options...
    "${PLEIN:-build/plein}" clusters --quiet --study data/europaplein/plein.ini --format csv "$@" |
        awk -F, 'NR > 1 && ($7 - 106090)^2 + ($8 - 501727)^2 < 100^2 {print NR - 1; exit}'
}

@test "the plaza is first together, third and second alone" {
    [ -x "${PLEIN:-build/plein}" ]
    [ "$(rank_of_the_plaza --per none)" = 1 ]
    [ "$(rank_of_the_plaza --per none --jurisdiction Heemskerk)" = 3 ]
    [ "$(rank_of_the_plaza --per none --jurisdiction Beverwijk)" = 2 ]
}

@test "extra supervision on the plaza moves loitering to the path" {
    count() { # place from to
        "${PLEIN:-build/plein}" query --quiet --study data/europaplein/plein.ini --format csv --by category \
            --category loitering --category dealing --around "$1" --from "$2" --to "$3" |
            awk -F, '$1 == "total" {print $2}'
    }
    plaza=106090,501727,130
    path=105935,501428,90
    [ "$(count $plaza 2024-10-01 2024-12-31)" -lt "$(($(count $plaza 2023-10-01 2023-12-31) / 2))" ]
    [ "$(count $path 2024-10-01 2024-12-31)" -gt "$(($(count $path 2023-10-01 2023-12-31) * 3))" ]
}

@test "free text is carried into no output" {
    for command in "locate --format csv" "query --format json --by category,source" "clusters --format geojson"; do
        run "${PLEIN:-build/plein}" $command --study data/europaplein/plein.ini
        [ "$status" -eq 0 ]
        [[ "$output" != *terras* && "$output" != *teruggebeld* ]]
    done
}
