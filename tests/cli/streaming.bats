#!/usr/bin/env bats
# Incidents are read once, from a file or a pipe, and not kept: memory does not grow with them.

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
    PLEIN=${PLEIN:-$PWD/build/plein}
    scratch=$BATS_TEST_TMPDIR
    inputs="--boundaries data/europaplein/gemeenten.shp --incidents - --quiet"
}

# Prints the peak memory in kB of a command that reads so many rows from a pipe.
peak() { # rows arguments...
    python3 - "$PLEIN" "$@" <<'PY'
import resource, subprocess, sys
plein, rows, *arguments = sys.argv[1:]
child = subprocess.Popen([plein, *arguments], stdin=subprocess.PIPE)
block, seed = [], 1
for n in range(10000):
    seed = seed * 6364136223846793005 + 1442695040888963407 & (1 << 64) - 1
    block.append(f",{4.6 + (seed >> 20) % 100000 / 1e6:.6f},{52.46 + (seed >> 40) % 60000 / 1e6:.6f},litter,2024-05-31\n")
child.stdin.write(b"id,lon,lat,category,occurred_at\n")
for first in range(0, int(rows), 10000):
    child.stdin.write("".join(f"{first + n}{row}" for n, row in enumerate(block)).encode())
child.stdin.close()
assert child.wait() == 0
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
PY
}

# With few enough rows a density keeps them, which takes less still: hence a million to begin with.
holds_its_memory() { # rows, more rows, arguments...
    local some=$1 many=$2
    shift 2
    [ -z "${PLEIN_SANITIZED:-}" ] || skip "a sanitizer's memory is not plein's"
    some=$(peak "$some" "$@" $inputs)
    many=$(peak "$many" "$@" $inputs)
    echo "$some kB, then $many kB"
    [ "$many" -lt $((some * 105 / 100)) ]
    [ "$many" -lt 300000 ]
}

@test "query takes as much memory for more rows" {
    holds_its_memory 300000 900000 query --by jurisdiction,category -o "$scratch/a.csv"
}

@test "so does locate" {
    holds_its_memory 300000 900000 locate -o "$scratch/a.csv"
    [ "$(wc -l <"$scratch/a.csv")" -eq 900001 ]
}

@test "so does density" {
    holds_its_memory 1000000 2000000 density -o "$scratch/a.asc"
}

@test "so does density with --min-count" {
    holds_its_memory 2500000 4000000 density --min-count 9 -o "$scratch/a.asc"
}

@test "so does map --no-clusters" {
    holds_its_memory 1000000 2000000 map --no-clusters -o "$scratch/a.png"
}

@test "a pipe gives what a file gives, and a file what its halves give" {
    boundaries="--boundaries data/europaplein/gemeenten.shp --quiet"
    rows=data/europaplein/politie.csv
    head -n 1500 $rows >"$scratch/first.csv"
    { head -n 1 $rows; tail -n +1501 $rows; } >"$scratch/second.csv"
    for command in "density --bandwidth 1500 --cell 15 --min-count 9" "density --per-year --hours 18-06 --domain safety"; do
        "$PLEIN" $command $boundaries --incidents $rows >"$scratch/file"
        "$PLEIN" $command $boundaries --incidents - <$rows | cmp - "$scratch/file"
        cat $rows | "$PLEIN" $command $boundaries --incidents - | cmp - "$scratch/file"
        "$PLEIN" $command $boundaries --incidents "$scratch/first.csv" --incidents "$scratch/second.csv" | cmp - "$scratch/file"
    done
}

@test "a map without clusters counts what one with them counts, and says nothing of clusters" {
    for name in with without; do
        [ $name = with ] && without= || without=--no-clusters
        "$PLEIN" map --study data/europaplein/plein.ini --quiet --lang en $without -o "$scratch/$name.png"
        python3 - "$scratch/$name.png" <<'PY' >"$scratch/$name"
import struct, sys
data, at = open(sys.argv[1], "rb").read(), 8
while at < len(data):
    size, kind = struct.unpack(">I4s", data[at:at + 8])
    if kind == b"iTXt":
        key, rest = data[at + 8:at + 8 + size].split(b"\0", 1)
        print(key.decode() + ": " + rest.split(b"\0", 4)[-1].decode())
    at += 12 + size
PY
    done
    for key in Description Period; do
        [ "$(grep -a "^$key: ." "$scratch/with")" = "$(grep "^$key: ." "$scratch/without")" ]
    done
    grep -q '^Title: Where the incidents lie$' "$scratch/without"
    grep -q DBSCAN "$scratch/with"
    [ "$(grep -c "DBSCAN\|cluster" "$scratch/without")" -eq 0 ]
}
