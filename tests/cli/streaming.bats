#!/usr/bin/env bats
# Incidents are read once, from a file or a pipe, and not kept: memory does not grow with them. On a terminal plein tells
# how far it is.

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
# Threads that wait for one another take some per cent more now and then, but not three times in a row.
holds_its_memory() { # rows, more rows, arguments...
    local rows=$1 more=$2 some many
    shift 2
    [ -z "${PLEIN_SANITIZED:-}" ] || skip "a sanitizer's memory is not plein's"
    for try in 1 2 3; do
        some=$(peak "$rows" "$@" $inputs)
        many=$(peak "$more" "$@" $inputs)
        echo "$some kB, then $many kB"
        [ "$many" -ge $((some * 105 / 100)) ] || break
    done
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
    for key in Subtitle Period; do
        [ "$(grep -a "^$key: ." "$scratch/with")" = "$(grep "^$key: ." "$scratch/without")" ]
    done
    grep -q '^Title: Where the incidents lie$' "$scratch/without"
    grep -q DBSCAN "$scratch/with"
    [ "$(grep -c "DBSCAN\|cluster" "$scratch/without")" -eq 0 ]
}

# Writes what a command of the shell shows on a terminal to $scratch/seen, and by the line to $scratch/lines.
on_a_terminal() { # command
    command -v script >/dev/null || skip "there is no script(1), which makes a terminal"
    TERM=xterm script -qec "$1" /dev/null </dev/null >"$scratch/seen"
    tr '\r' '\n' <"$scratch/seen" >"$scratch/lines"
}

rows() { # how many
    awk -v most="$1" 'BEGIN {print "id,x,y,category"; for (i = 0; i < most; i++) print i ",105700." i % 1000 ",501066,litter"}'
}

@test "on a terminal it tells how far it is, and takes the line back" {
    rows 700000 >"$scratch/some.csv"
    printf '%s\n' "cat '$scratch/some.csv'" "sleep 1.5" "tail -n +2 '$scratch/some.csv'" >"$scratch/slowly"
    ask="'$PLEIN' query --lang en --boundaries data/europaplein/gemeenten.shp --incidents - -o '$scratch/out'"
    on_a_terminal "sh '$scratch/slowly' | $ask"
    esc=$(printf '\033')
    grep -Eq "^standard input: [0-9,]+ rows, [0-9]+ MB/s$esc\[K\$" "$scratch/lines"
    last=$(grep -n 'MB/s' "$scratch/lines" | tail -n 1 | cut -d: -f1)
    [ "$(sed -n "$((last + 1))p" "$scratch/lines" | head -c 3)" = "$esc[K" ]
    on_a_terminal "sh '$scratch/slowly' | $ask --quiet"
    [ ! -s "$scratch/seen" ]
    sh "$scratch/slowly" | eval "$ask" 2>"$scratch/err"
    [ "$(grep -c 'MB/s' "$scratch/err")" -eq 0 ]
}

@test "of a file it tells how long the rest will take" {
    rows 10 >"$scratch/few.csv"
    rows 3500000 >"$scratch/a long name of a file é.csv"
    ask="'$PLEIN' query --lang en --threads 1 --boundaries data/europaplein/gemeenten.shp -o '$scratch/out'"
    on_a_terminal "(sleep 1.5; cat '$scratch/few.csv') | $ask --incidents '$scratch/few.csv' --incidents - --incidents '$scratch/a long name of a file é.csv'"
    grep -Eq "^a long name of a file é\.: [0-9,]+ rows, [0-9]+ MB/s, [0-9]+:[0-9][0-9] left" "$scratch/lines"
}

@test "rows on a terminal are not mixed with it" {
    rows 400000 >"$scratch/some.csv"
    printf '%s\n' "cat '$scratch/some.csv'" "sleep 1.5" "tail -n +2 '$scratch/some.csv'" >"$scratch/slowly"
    on_a_terminal "sh '$scratch/slowly' | '$PLEIN' locate --lang en --boundaries data/europaplein/gemeenten.shp --incidents -"
    [ "$(grep -c 'MB/s' "$scratch/lines")" -eq 0 ]
    [ "$(grep -c GM0375 "$scratch/lines")" -eq 800000 ]
}
