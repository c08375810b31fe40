#!/usr/bin/env bats
# What a question costs before it is read: which libraries are loaded for it.

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
    PLEIN=${PLEIN:-$PWD/build/plein}
    scratch=$BATS_TEST_TMPDIR
}

# What the dynamic linker says it opens, with glibc; nothing elsewhere.
libraries() { # command...
    LD_DEBUG=files "$@" 2>&1 >/dev/null | sed -n 's/.*file=\(lib[a-z0-9_+-]*\).*generating.*/\1/p'
}

loads_none_of() { # pattern command...
    pattern=$1
    shift
    [ -z "${PLEIN_SANITIZED:-}" ] || skip "a sanitizer loads libraries of its own"
    libraries "$@" >"$scratch/loaded"
    grep -q '^libc' "$scratch/loaded" || skip "the dynamic linker does not tell"
    ! grep -E "$pattern" "$scratch/loaded"
}

@test "help loads no library that draws or measures" {
    loads_none_of 'proj|geos|pango|cairo|curl|sqlite' "$PLEIN" help query
}

@test "a question in one system loads neither PROJ nor GEOS nor pango" {
    printf 'id,x,y,category\n1,107900,501600,litter\n2,108300,501900,dealing\n' >"$scratch/rd.csv"
    loads_none_of 'proj|geos|pango|cairo|fontconfig|curl|sqlite' "$PLEIN" query --quiet \
        --boundaries data/europaplein/gemeenten.shp --incidents "$scratch/rd.csv"
}

@test "a question by degrees loads PROJ, and nothing that repairs or draws" {
    loads_none_of 'geos|pango|cairo|fontconfig' "$PLEIN" query --study data/europaplein/plein.ini --quiet
    grep -q proj "$scratch/loaded"
}
