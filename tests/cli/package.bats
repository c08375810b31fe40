#!/usr/bin/env bats
# A neighbour's package among the incidents: its squares in query, density, check and on the map.

setup_file() {
    cd "$BATS_TEST_DIRNAME/../.."
    export PLEIN=${PLEIN:-$PWD/build/plein}
    export data=$PWD/data/europaplein both=$PWD/data/europaplein/plein.ini
    export made=$BATS_FILE_TMPDIR
    "$PLEIN" handover make --study "$both" --jurisdiction Beverwijk --to Heemskerk --quiet -o "$made/overdracht.zip"
    "$PLEIN" handover make --study "$both" --jurisdiction Beverwijk --to Heemskerk --depth 9000 --quiet -o "$made/alles.zip"
    # Heemskerk's own study: the incidents on its own ground, and the neighbour's squares.
    "$PLEIN" locate --study "$both" --format csv --quiet -o "$made/located.csv"
    python3 - "$made" <<'PY'
import csv, sys
folder = sys.argv[1]
rows = list(csv.DictReader(open(f"{folder}/located.csv")))
for name in ("Heemskerk", "Beverwijk"):
    with open(f"{folder}/{name}.csv", "w", newline="") as out:
        write = csv.writer(out)
        write.writerow(["id", "x", "y", "category", "occurred_at"])
        for row in rows:
            if row["jurisdiction"] == name:
                write.writerow([row[c] for c in ("id", "x", "y", "category", "occurred_at")])
PY
    # Every square of 100 m in the strip: with one source and a k of 1 none is joined.
    for package in overdracht alles; do
        [ $package = alles ] && depth=9000 || depth=500
        "$PLEIN" handover make --boundaries "$data/gemeenten.shp" --incidents "$made/Beverwijk.csv" \
            --jurisdiction Beverwijk --to Heemskerk --depth $depth --min-count 1 \
            --quiet -o "$made/$package-100.zip"
    done
    cat >"$made/eigen.ini" <<INI
[study]
boundaries = $data/gemeenten.shp
incidents = gemeente=Heemskerk.csv
incidents = beverwijk=overdracht.zip
INI
}

setup() {
    cd "$made"
    scratch=$BATS_TEST_TMPDIR
    inputs=(--boundaries "$data/gemeenten.shp" --incidents gemeente=Heemskerk.csv --incidents beverwijk=overdracht.zip)
}

# Rewrites a package: python code that changes `files`, a dict of names and bytes.
change() { # from to code
    python3 - "$1" "$2" "$3" <<'PY'
import sys, zipfile
files = {i.filename: zipfile.ZipFile(sys.argv[1]).read(i) for i in zipfile.ZipFile(sys.argv[1]).infolist()}
exec(sys.argv[3])
with zipfile.ZipFile(sys.argv[2], "w", zipfile.ZIP_DEFLATED) as out:
    for name, data in files.items():
        out.writestr(name, data)
PY
}

@test "a package is told by its content, whatever it is called, in every command" {
    cp overdracht.zip "$scratch/x.csv"
    for command in check locate query clusters density; do
        run "$PLEIN" $command --boundaries "$data/gemeenten.shp" --incidents Heemskerk.csv --incidents "$scratch/x.csv" -o "$scratch/out"
        echo "$command: $output"
        [ "$status" -eq 0 ]
    done
    "$PLEIN" query --study eigen.ini --format csv >"$scratch/by-study"
    "$PLEIN" query "${inputs[@]}" --format csv | cmp - "$scratch/by-study"
}

# Holds a query of a package against the raw data in the same squares. $around selects by the squares' centres.
holds() { # package keys around option...
    package=$1 keys=$2 around=$3
    shift 3
    "$PLEIN" query --boundaries "$data/gemeenten.shp" --incidents "beverwijk=$package.zip" --by "$keys" "$@" \
        ${around:+--around "$around"} --format csv --quiet -o "$scratch/told.csv"
    "$PLEIN" query --boundaries "$data/gemeenten.shp" --incidents Beverwijk.csv --by "$keys,square,category" "$@" \
        --format csv --quiet -o "$scratch/true.csv"
    python3 - "$scratch" "$package" "$keys" "$around" <<'PY'
import collections, csv, io, sys, zipfile
folder, package, keys, around = sys.argv[1:]
keys, around = keys.split(","), [float(n) for n in around.split(",") if n]
def cells(path):
    rows = csv.DictReader(io.StringIO(zipfile.ZipFile(path).read("squares.csv").decode()))
    return {row["square"]: tuple(int(row[c]) // 100 for c in ("x", "y", "size_m")) for row in rows if row["square"]}
strip = cells(f"{package}-100.zip")
piece_of = {}
for name, (x, y, size) in cells(f"{package}.zip").items():
    middle = (x + size / 2) * 100, (y + size / 2) * 100
    if around and (middle[0] - around[0]) ** 2 + (middle[1] - around[1]) ** 2 > around[2] ** 2:
        continue
    for east in range(x, x + size):
        for north in range(y, y + size):
            piece_of[f"E{east:04d}N{north:04d}"] = name
true = collections.Counter()
for row in csv.DictReader(open(f"{folder}/true.csv")):
    if row["category"] == "organised-crime" or row["square"] not in strip or row["square"] not in piece_of:
        continue
    row["square"] = piece_of[row["square"]]
    true[tuple(row[k] for k in keys)] += int(row["incidents"])
total, checked, width = sum(true.values()), 0, 0
for row in csv.DictReader(open(f"{folder}/told.csv")):
    first = row[keys[0]]
    if first in ("(outside)", "(no place)"):
        continue
    count = total if first == "total" else true.pop(tuple(row[k] for k in keys), 0)
    low, high = int(row["low"]), int(row["high"])
    assert low <= count <= high, (row, count)
    assert row["incidents"] == "" or low <= int(row["incidents"]) <= high, row
    checked, width = checked + 1, width + high - low
assert not true and (checked > 1 or around), true
print(f"# {package} by {','.join(keys)}: {checked} rows hold, {width / checked:.1f} wide; {total} incidents", file=sys.stderr)
PY
}

@test "a query's bounds hold the true counts, whatever is asked" {
    for package in overdracht alles; do
        for keys in jurisdiction jurisdiction,domain domain,year square domain,square year,square; do
            holds $package $keys "" 2>&3
            [ -z "${PLEIN_SANITIZED:-}" ] || continue # which looks at what code does
            holds $package $keys "" --domain social --domain safety 2>&3
            holds $package $keys "" --from 2023-07-01 --to 2024-03-31 2>&3
            holds $package $keys 106000,501600,250 2>&3
        done
    done
}

@test "without a package a query has no bounds, and with one the same rows in any order of files" {
    "$PLEIN" query --boundaries "$data/gemeenten.shp" --incidents gemeente=Heemskerk.csv --format csv --quiet >"$scratch/own"
    [ "$(head -1 "$scratch/own")" = jurisdiction_code,jurisdiction,incidents ]
    for keys in jurisdiction source domain,year,source square; do
        "$PLEIN" query "${inputs[@]}" --by $keys --format csv --quiet >"$scratch/a"
        "$PLEIN" query --boundaries "$data/gemeenten.shp" --incidents beverwijk=overdracht.zip --threads 1 \
            --incidents gemeente=Heemskerk.csv --by $keys --format csv --quiet >"$scratch/b"
        cmp "$scratch/a" "$scratch/b"
    done
}

@test "a pipe beside a package is read, once" {
    mkfifo "$scratch/pipe"
    cat Heemskerk.csv >"$scratch/pipe" &
    run timeout 20 "$PLEIN" query --boundaries "$data/gemeenten.shp" --incidents gemeente="$scratch/pipe" \
        --incidents beverwijk=overdracht.zip --format csv --quiet
    "$PLEIN" query "${inputs[@]}" --format csv --quiet | cmp - <(printf '%s\n' "$output")
}

@test "what squares cannot tell is unknown, and bounds are said in words" {
    run "$PLEIN" query "${inputs[@]}" --by jurisdiction,category,month,weekday,hour --jurisdiction Beverwijk --format csv --quiet
    [ "${lines[1]}" = "GM0375,Beverwijk,(unknown),(unknown),(unknown),(unknown),1730,1728,1732" ]
    run "$PLEIN" query "${inputs[@]}" --lang en --quiet
    [[ "$output" == *"Beverwijk          1730  between 1,728 and 1,732"* ]]
    run "$PLEIN" query "${inputs[@]}" --lang nl --quiet
    [[ "$output" == *"Beverwijk           1730  tussen 1.728 en 1.732"* ]]
    run "$PLEIN" query "${inputs[@]}" --format json --jurisdiction Beverwijk --quiet
    [[ "$output" == *'"incidents": 1730, "low": 1728, "high": 1732'* ]]
}

@test "a selection that squares cannot answer leaves them out, and says so" {
    for more in "--hours 18-06" "--days sa,su" "--category litter"; do
        run "$PLEIN" query "${inputs[@]}" $more --lang en
        [[ "$output" == *"overdracht.zip: 480 squares are left out, since they tell no category, hour or weekday"* ]]
        [[ "$output" == *"Beverwijk             0"* ]]
    done
    run "$PLEIN" query "${inputs[@]}" --from 2023-02-01 --to 2023-12-31 --lang en
    [[ "$output" == *"quarters that lie in the period for a part are left out: 1"* ]]
    run "$PLEIN" query "${inputs[@]}" --source gemeente --format csv --quiet
    [[ "$output" == *"GM0375,Beverwijk,0,0,0"* ]]
    run "$PLEIN" query "${inputs[@]}" --jurisdiction Heemskerk --format csv --quiet
    [[ "$output" != *"Beverwijk"* ]]
}

@test "own incidents in the sender's ground are counted too, and said" {
    run "$PLEIN" query --study "$both" --incidents politie="$data/politie.csv" --incidents b=overdracht.zip --lang en
    [[ "$output" == *"incidents from the other files lie in Beverwijk too"* ]]
}

@test "a density of squares has their sum, and the same bytes in any order on any number of threads" {
    "$PLEIN" density "${inputs[@]}" --threads 1 --quiet -o "$scratch/1.asc"
    for threads in 2 8; do
        "$PLEIN" density --boundaries "$data/gemeenten.shp" --incidents beverwijk=overdracht.zip \
            --incidents gemeente=Heemskerk.csv --threads $threads --quiet -o "$scratch/$threads.asc"
        cmp "$scratch/1.asc" "$scratch/$threads.asc"
    done
    for kernel in quartic uniform gaussian; do
        run "$PLEIN" density --boundaries "$data/gemeenten.shp" --incidents b=overdracht.zip --kernel $kernel \
            --extent 100000,498000,112000,508000 --cell 20 -o "$scratch/own.asc" --lang en
        [[ "$output" == *"1560 incidents are spread over the squares that have a count; there are between 1728 and 1732"* ]]
        awk -v kernel=$kernel 'NR > 6 { for (i = 1; i <= NF; i++) sum += $i } END { print "# " kernel, sum * 400 / 1e4 > "/dev/stderr"
            exit !(sum * 400 / 1e4 > 1555 && sum * 400 / 1e4 < 1565) }' "$scratch/own.asc" 2>&3
    done
}

@test "together, the density is near that of the raw data" {
    extent=104000,500500,107000,503500
    "$PLEIN" density "${inputs[@]}" --extent $extent --cell 20 --quiet -o "$scratch/squares.asc"
    "$PLEIN" density --boundaries "$data/gemeenten.shp" --incidents Heemskerk.csv --extent $extent --cell 20 --quiet -o "$scratch/alone.asc"
    "$PLEIN" density --boundaries "$data/gemeenten.shp" --incidents Heemskerk.csv --incidents Beverwijk.csv \
        --extent $extent --cell 20 --quiet -o "$scratch/raw.asc"
    python3 - "$scratch" 2>&3 <<'PY'
import sys
def read(name):
    return [float(v) for line in open(f"{sys.argv[1]}/{name}.asc").read().split("\n")[6:] for v in line.split()]
raw, squares, alone = read("raw"), read("squares"), read("alone")
mass = sum(raw)
apart = lambda a: sum(abs(x - y) for x, y in zip(a, raw)) / mass
top = lambda a: max(range(len(a)), key=a.__getitem__)
shared = lambda a, n=500: len(set(sorted(range(len(a)), key=a.__getitem__)[-n:]) & set(sorted(range(len(raw)), key=raw.__getitem__)[-n:])) / n
print(f"# absolute difference from the raw data over its mass: {100 * apart(alone):.1f} % alone, {100 * apart(squares):.1f} % with squares; "
      f"of the densest 20 ha {100 * shared(alone):.0f} % alone, {100 * shared(squares):.0f} % with squares; "
      f"peak {max(raw):.0f} raw, {max(squares):.0f} with squares per ha", file=sys.stderr)
assert apart(squares) < 0.6 * apart(alone) and shared(squares) > shared(alone)
PY
}

@test "check lists a package" {
    run "$PLEIN" check "${inputs[@]}" --format csv --quiet
    [ "$status" -eq 0 ]
    for line in "package from,Beverwijk," "squares with a count,29," "squares that are withheld,451," \
        '"incidents, rounded",between 1728 and 1732,' "quarters,2023-Q1 - 2024-Q4,"; do
        [[ "$output" == *"overdracht.zip,$line"* ]]
    done
    "$PLEIN" check --incidents overdracht.zip --quiet >/dev/null
}

@test "what counts incidents passes squares over, and says so" {
    for command in "clusters" "locate" "priorities --priorities $data/prioriteiten.csv" \
        "export --format csv --layer clusters" "handover make --jurisdiction Heemskerk --to Beverwijk"; do
        run "$PLEIN" $command "${inputs[@]}" -o "$scratch/out.${command:0:3}" --lang en
        echo "$command: $output"
        [ "$status" -eq 0 ]
        [[ "$output" == *"overdracht.zip: 480 squares of Beverwijk take no part in this, since they are counts and no incidents"* ]]
    done
    "$PLEIN" handover make --boundaries "$data/gemeenten.shp" --incidents gemeente=Heemskerk.csv \
        --jurisdiction Heemskerk --to Beverwijk --quiet -o "$scratch/own.zip"
    "$PLEIN" handover make "${inputs[@]}" --jurisdiction Heemskerk --to Beverwijk --quiet -o "$scratch/with.zip"
    cmp "$scratch/own.zip" "$scratch/with.zip"
}

@test "a package that does not hold to the rules is refused in one line" {
    change overdracht.zip "$scratch/a.zip" 'files["README.txt"] += b"."'
    change overdracht.zip "$scratch/b.zip" 'files["squares.csv"] = files["squares.csv"].replace(b",,,1730", b",,,1735")'
    change overdracht.zip "$scratch/c.zip" 'files["datapackage.json"] = b"{"'
    change overdracht.zip "$scratch/d.zip" 'files["more.csv"] = b"x"'
    head -c 20000 overdracht.zip >"$scratch/e.zip"
    for bad in a b c d e; do
        for command in query density check clusters; do
            run "$PLEIN" $command --boundaries "$data/gemeenten.shp" --incidents "$scratch/$bad.zip" --quiet --lang en
            echo "$bad $command: $output"
            [ "$status" -eq 65 ]
            [ "${#lines[@]}" -eq 1 ]
            [[ "$output" == *"$bad.zip"* ]]
        done
    done
    run "$PLEIN" query --boundaries "$data/gemeenten.shp" --incidents "$scratch/a.zip" --quiet --lang en
    [[ "$output" == "plein: a.zip: README.txt is not the file that the manifest tells of: its hash differs; plein handover verify tells all" ]]
}

@test "a signature is verified when the key is known" {
    "$PLEIN" handover key -o "$scratch/beverwijk"
    "$PLEIN" handover key -o "$scratch/other"
    "$PLEIN" handover make --boundaries "$data/gemeenten.shp" --incidents Beverwijk.csv --jurisdiction Beverwijk \
        --to Heemskerk --sign "$scratch/beverwijk.key" --quiet -o "$scratch/signed.zip"
    for key in beverwijk other; do
        printf '[study]\nboundaries = %s\nincidents = signed.zip\n[handover]\nkey = %s.pub\n' "$data/gemeenten.shp" $key >"$scratch/$key.ini"
    done
    "$PLEIN" query --study "$scratch/beverwijk.ini" --quiet >/dev/null
    run "$PLEIN" query --study "$scratch/other.ini" --quiet --lang en
    [ "$status" -eq 65 ]
    [[ "$output" == *"signed.zip: the signature was made with another key"* ]]
}

@test "another reference system, another country and two packages of one sender are refused" {
    run "$PLEIN" query "${inputs[@]}" --crs EPSG:25831 --quiet --lang en
    [ "$status" -eq 65 ]
    [[ "$output" == *"overdracht.zip: its squares are those of EPSG:28992, and the study is in EPSG:25831; say --crs EPSG:28992"* ]]
    run "$PLEIN" query "${inputs[@]}" --incidents alles.zip --quiet --lang en
    [ "$status" -eq 65 ]
    [[ "$output" == *"overdracht.zip and alles.zip are both of Beverwijk and tell of the same time; take one"* ]]
    cd "$BATS_TEST_DIRNAME/../.."
    printf 'GM9999 Elders 103000,501000 107000,501000 107000,505000 103000,505000\n' | python3 tests/cli/areas "$scratch/elders.shp"
    run "$PLEIN" query --boundaries "$scratch/elders.shp" --incidents "$made/overdracht.zip" --quiet --lang en
    [ "$status" -eq 65 ]
    [[ "$output" == *"overdracht.zip: its sender, 'Beverwijk' (GM0375), is no jurisdiction of the boundaries"* ]]
}

@test "a map shows the squares, says so, and is the same on any number of threads" {
    for more in "" "--no-clusters"; do
        for threads in 1 2 8; do
            "$PLEIN" map --study eigen.ini --threads $threads --lang nl --quiet $more -o "$scratch/$threads.png"
            cmp "$scratch/1.png" "$scratch/$threads.png"
        done
        grep -aq "tussen 1.728 en 1.732 in vakken van Beverwijk" "$scratch/1.png"
        grep -aq "Waar de meldingen in Beverwijk en Heemskerk liggen" "$scratch/1.png"
        "$PLEIN" map --boundaries "$data/gemeenten.shp" --incidents gemeente=Heemskerk.csv --quiet $more -o "$scratch/own.png"
        ! cmp -s "$scratch/1.png" "$scratch/own.png"
    done
    grep -aq "Clusters zijn van meldingen alleen, niet van vakken" <("$PLEIN" map --study eigen.ini --lang nl --quiet -o "$scratch/a.png"; cat "$scratch/a.png")
}

@test "border has the squares in its strips and blind spots, and leaves out what they cannot tell" {
    "$PLEIN" border "${inputs[@]}" --between Heemskerk,Beverwijk --format csv --quiet -o "$scratch/squares.csv"
    "$PLEIN" border --boundaries "$data/gemeenten.shp" --incidents beverwijk=overdracht.zip --incidents gemeente=Heemskerk.csv \
        --threads 1 --between Heemskerk,Beverwijk --format csv --quiet | cmp - "$scratch/squares.csv"
    "$PLEIN" border --boundaries "$data/gemeenten.shp" --incidents Heemskerk.csv --incidents Beverwijk.csv \
        --between Heemskerk,Beverwijk --format csv --quiet -o "$scratch/raw.csv"
    grep -q ",incidents,,GM0375,Beverwijk,total,1730,1728,1732," "$scratch/squares.csv"
    ! grep -q "crosses\|,lead,\|,share,\|Beverwijk,in_border_band\|Beverwijk,rank" "$scratch/squares.csv"
    grep -q "Heemskerk,in_border_band,98" "$scratch/squares.csv"
    python3 - "$scratch" 2>&3 <<'PY'
import csv, sys
blind = {}
for name in ("squares", "raw"):
    for row in csv.DictReader(open(f"{sys.argv[1]}/{name}.csv")):
        if row["topic"] == "strip" and row["key"] == "blind":
            blind[name, row["jurisdiction"]] = float(row["value"])
print("# blind in the strip:", ", ".join(f"{side} {100 * blind['raw', side]:.1f} % raw, {100 * blind['squares', side]:.1f} % with squares"
      for side in ("Heemskerk", "Beverwijk")), file=sys.stderr)
assert all(abs(blind["raw", side] - blind["squares", side]) < 0.08 for side in ("Heemskerk", "Beverwijk"))
PY
    run "$PLEIN" border "${inputs[@]}" --between Heemskerk,Beverwijk --lang en
    [[ "$output" == *"3,331  1,730 (1,728–1,732)  5,061 (5,059–5,063)"* ]]
    [[ "$output" == *"squares take part in what comes of densities"* ]]
    for threads in 1 2 8; do
        "$PLEIN" border --study eigen.ini --between Heemskerk,Beverwijk --lang nl --quiet --threads $threads -o "$scratch/$threads.png"
        cmp "$scratch/1.png" "$scratch/$threads.png"
    done
    grep -aq "Wat Heemskerk en Beverwijk elk zien, en wat beide samen zien" "$scratch/1.png"
    grep -aq "Clusters zijn van meldingen alleen, niet van vakken" "$scratch/1.png"
    "$PLEIN" border "${inputs[@]}" --quiet >/dev/null
}
