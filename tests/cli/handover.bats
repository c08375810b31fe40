#!/usr/bin/env bats
# The package for the neighbour: made, verified, and attacked.

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
    PLEIN=${PLEIN:-$PWD/build/plein}
    study=data/europaplein/plein.ini
    scratch=$BATS_TEST_TMPDIR
}

make_one() { # sender receiver file [option...]
    sender=$1 receiver=$2 file=$3
    shift 3
    "$PLEIN" handover make --study "$study" --jurisdiction "$sender" --to "$receiver" -o "$file" --quiet "$@"
}

# Rewrites a package: python code that changes `files`, a dict of names and bytes.
change() { # from to code
    python3 - "$1" "$2" "$3" <<'EOF'
import sys, zipfile
files = {i.filename: zipfile.ZipFile(sys.argv[1]).read(i) for i in zipfile.ZipFile(sys.argv[1]).infolist()}
exec(sys.argv[3])
with zipfile.ZipFile(sys.argv[2], "w", zipfile.ZIP_DEFLATED) as out:
    for name, data in files.items():
        out.writestr(name, data)
EOF
}

@test "both sides make a package that the other side verifies" {
    for pair in "Heemskerk Beverwijk" "Beverwijk Heemskerk"; do
        set -- $pair
        make_one "$1" "$2" "$scratch/$1.zip"
        run "$PLEIN" handover verify "$scratch/$1.zip" --lang en
        [ "$status" -eq 0 ]
        [[ "$output" == "$1.zip: whole, "* ]]
    done
}

@test "the same study gives the same bytes in every time zone and on any number of threads" {
    make_one Heemskerk Beverwijk "$scratch/a.zip"
    TZ=Pacific/Auckland make_one Heemskerk Beverwijk "$scratch/b.zip" --threads 1
    sleep 2 # a zip's times go by two seconds
    TZ=America/Lima make_one Heemskerk Beverwijk "$scratch/c.zip" --threads 3
    cmp "$scratch/a.zip" "$scratch/b.zip"
    cmp "$scratch/a.zip" "$scratch/c.zip"
}

@test "counts are rounded, none is below k, and the manifest has the hashes" {
    make_one Heemskerk Beverwijk "$scratch/a.zip"
    python3 - "$scratch/a.zip" <<'EOF'
import csv, hashlib, io, json, sys, zipfile
zip = zipfile.ZipFile(sys.argv[1])
manifest = json.loads(zip.read("datapackage.json"))
assert manifest["sender"]["name"] == "Heemskerk" and manifest["receiver"]["code"] == "GM0375"
for resource in manifest["resources"]:
    data = zip.read(resource["path"])
    assert resource["hash"] == "sha256:" + hashlib.sha256(data).hexdigest() and resource["bytes"] == len(data)
rows = list(csv.DictReader(io.StringIO(zip.read("squares.csv").decode())))
counts = [int(row["incidents"]) for row in rows if row["incidents"]]
assert len(counts) > 50 and min(counts) >= 10 and all(count % 5 == 0 for count in counts)
assert any(not row["incidents"] for row in rows)
EOF
}

@test "a changed, a missing and an extra file are each found" {
    make_one Heemskerk Beverwijk "$scratch/a.zip"
    change "$scratch/a.zip" "$scratch/b.zip" 'files["README.txt"] += b"."; del files["map.png"]; files["persons.csv"] = b"x"'
    run "$PLEIN" handover verify "$scratch/b.zip" --lang en
    [ "$status" -eq 1 ]
    [[ "$output" == *"README.txt is not the file that the manifest tells of"* ]]
    [[ "$output" == *"map.png is in the manifest and not in the zip"* ]]
    [[ "$output" == *"persons.csv is in the zip and not in the manifest"* ]]
}

# A sender whose own tool did not round, suppress or protect.
forge() { # code that changes `table`, the text of squares.csv
    change "$scratch/a.zip" "$scratch/b.zip" "
import hashlib, json
table = files['squares.csv'].decode()
$1
files['squares.csv'] = table.encode()
manifest = json.loads(files['datapackage.json'])
for resource in manifest['resources']:
    if resource['path'] == 'squares.csv':
        resource['hash'] = 'sha256:' + hashlib.sha256(files['squares.csv']).hexdigest()
        resource['bytes'] = len(files['squares.csv'])
files['datapackage.json'] = json.dumps(manifest).encode()"
}

@test "the rules are worked out anew, not believed" {
    make_one Heemskerk Beverwijk "$scratch/a.zip"
    forge "table = table.replace(',,,,,,1370\n', ',,,,,,1371\n')"
    run "$PLEIN" handover verify "$scratch/b.zip" --lang en
    [ "$status" -eq 65 ]
    [[ "$output" == *"squares.csv:2:"*"is not rounded to fives"* || "$output" == *":2: incidents '1371' is not rounded to fives"* ]]
    forge "table = table.replace(',,,,,,1370\n', ',,,,,,5\n')"
    run "$PLEIN" handover verify "$scratch/b.zip" --lang en
    [ "$status" -eq 65 ]
    [[ "$output" == *"is below the least count"* ]]
    # Social and physical of a square besides its total: what is left for safety is next to nothing.
    forge "
import re
lines = table.split('\n')
total = next(l for l in lines if re.fullmatch(r'E\d+N\d+,100,\d+,\d+,,,\d\d\d', l))
head = total.split(',')[:4]
count = int(total.split(',')[6])
lines = [l for l in lines if l.split(',')[:4] != head or l == total or l.split(',')[5]]
at = lines.index(total)
lines.insert(at + 1, ','.join(head + ['social', '', str(count // 10 * 5)]))
lines.insert(at + 2, ','.join(head + ['physical', '', str(count - count // 10 * 5)]))
table = '\n'.join(lines)"
    run "$PLEIN" handover verify "$scratch/b.zip" --lang en
    [ "$status" -eq 1 ]
    [[ "$output" == *"a withheld count can be worked out"* ]]
}

@test "a signed package is verified with the public key, here and by minisign" {
    "$PLEIN" handover key -o "$scratch/heemskerk"
    make_one Heemskerk Beverwijk "$scratch/a.zip" --sign "$scratch/heemskerk.key"
    run "$PLEIN" handover verify "$scratch/a.zip" --key "$scratch/heemskerk.pub" --lang en
    [ "$status" -eq 0 ]
    [[ "$output" == *"whole, signed"* ]]
    ! command -v minisign >/dev/null || minisign -Vm "$scratch/a.zip" -p "$scratch/heemskerk.pub"
    change "$scratch/a.zip" "$scratch/b.zip" "pass"
    cp "$scratch/a.zip.minisig" "$scratch/b.zip.minisig"
    run "$PLEIN" handover verify "$scratch/b.zip" --key "$scratch/heemskerk.pub" --lang en
    [ "$status" -eq 1 ]
    [[ "$output" == *"the signature is not of this file"* ]]
}

@test "hostile packages are refused, and nothing is written" {
    make_one Heemskerk Beverwijk "$scratch/a.zip"
    mkdir "$scratch/empty"
    python3 - "$scratch" <<'EOF'
import stat, sys, zipfile
folder = sys.argv[1]
def make(name, entries, **more):
    with zipfile.ZipFile(f"{folder}/{name}", "w", zipfile.ZIP_DEFLATED) as out:
        for entry, data in entries:
            out.writestr(entry, data)
link = zipfile.ZipInfo("map.png")
link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
make("h-traversal.zip", [("../../evil.txt", "x")])
make("h-absolute.zip", [("/tmp/plein-evil.txt", "x")])
make("h-backslash.zip", [("..\\evil.txt", "x")])
make("h-link.zip", [(link, "/etc/passwd")])
make("h-folder.zip", [("sub/", "")])
make("h-many.zip", [(f"f{i}", "x") for i in range(100000)])
make("h-bomb.zip", [("squares.csv", b"0" * (300 << 20))])
make("h-none.zip", [])
make("h-nomanifest.zip", [("squares.csv", "x")])
make("h-nesting.zip", [("datapackage.json", "[" * 100000)])
import warnings; warnings.simplefilter("ignore")
make("h-twice.zip", [("squares.csv", "a"), ("squares.csv", "b")])
whole = open(f"{folder}/a.zip", "rb").read()
open(f"{folder}/h-cut.zip", "wb").write(whole[: len(whole) // 2])
open(f"{folder}/h-text.zip", "wb").write(b"no zip at all")
open(f"{folder}/h-nothing.zip", "wb").write(b"")
flipped = bytearray(whole); flipped[200] ^= 0xFF
open(f"{folder}/h-flipped.zip", "wb").write(flipped)
size = bytearray(whole); at = size.rfind(b"PK\x01\x02"); size[at + 24 : at + 28] = b"\xff\xff\xff\x0f"
open(f"{folder}/h-size.zip", "wb").write(size)
EOF
    tests=0
    for file in "$scratch"/h-*.zip; do
        tests=$((tests + 1))
        (cd "$scratch/empty" && run "$PLEIN" handover verify "$file" --lang en && [ "$status" -eq 65 ] && [ "${#lines[@]}" -eq 1 ])
    done
    [ "$tests" -eq 16 ]
    [ -z "$(ls -A "$scratch/empty")" ]
    [ ! -e /tmp/plein-evil.txt ]
}

@test "nothing private leaves: no canary is in the package" {
    mkdir "$scratch/study"
    cp data/europaplein/* "$scratch/study" 2>/dev/null || true
    python3 - "$scratch/study" <<'EOF'
import csv, sys
path = sys.argv[1] + "/gemeente.csv"
text = open(path, encoding="cp1252").read()
delimiter = ";" if text.split("\n")[0].count(";") > text.split("\n")[0].count(",") else ","
rows = list(csv.reader(text.splitlines(), delimiter=delimiter))
rows[0] += ["naam", "adres", "omschrijving"]
for n, row in enumerate(rows[1:1001]):
    row += [f"canary-name-{n:04d}", f"canary-street-{n:04d}", f"canary-text-{n:04d}"]
for row in rows[1001:]:
    row += ["", "", ""]
with open(path, "w", newline="", encoding="cp1252") as out:
    csv.writer(out, delimiter=delimiter).writerows(rows)
EOF
    study=$scratch/study/plein.ini
    make_one Heemskerk Beverwijk "$scratch/a.zip"
    python3 - "$scratch/a.zip" <<'EOF'
import base64, sys, zipfile, zlib, struct
def look(data, where):
    for needle in (b"canary", "canary".encode("utf-16-le"), "canary".encode("utf-16-be"), base64.b64encode(b"canary")[:7]):
        assert needle not in data, where
raw = open(sys.argv[1], "rb").read()
look(raw, "the zip")
zip = zipfile.ZipFile(sys.argv[1])
for info in zip.infolist():
    data = zip.read(info)
    look(data, info.filename)
    if data.startswith(b"\x89PNG"):
        at = 8
        while at < len(data):
            length, kind = struct.unpack(">I4s", data[at : at + 8])
            assert kind in (b"IHDR", b"PLTE", b"tRNS", b"pHYs", b"iTXt", b"tEXt", b"sRGB", b"gAMA", b"IDAT", b"IEND"), kind
            look(data[at + 8 : at + 8 + length], kind)
            at += 12 + length
EOF
}

@test "one incident fewer in a withheld square changes no pixel of the map" {
    mkdir "$scratch/study"
    cp data/europaplein/* "$scratch/study" 2>/dev/null || true
    study=$scratch/study/plein.ini
    make_one Heemskerk Beverwijk "$scratch/before.zip"
    "$PLEIN" locate --study "$study" --quiet --format csv >"$scratch/located.csv"
    python3 - "$scratch" <<'EOF'
import csv, io, sys, zipfile
folder = sys.argv[1]
rows = csv.DictReader(io.StringIO(zipfile.ZipFile(folder + "/before.zip").read("squares.csv").decode()))
withheld = {r["square"] for r in rows if r["square"] and r["size_m"] == "100" and not r["domain"] and not r["quarter"] and not r["incidents"]}
def square(x, y):
    return "E%04dN%04d" % (float(x) // 100, float(y) // 100)
located = list(csv.DictReader(open(folder + "/located.csv")))
sources = {}
for row in located:
    sources.setdefault(row["source"], []).append(row)
for name, rows in sources.items():
    at = next((i for i, r in enumerate(rows) if r["jurisdiction"] == "Heemskerk" and r["x"] and square(r["x"], r["y"]) in withheld
               and r["category"] != "organised-crime"), None)
    if at is None:
        continue
    path = f"{folder}/study/{name}.csv"
    lines = open(path, "rb").read().split(b"\n")
    del lines[at + 1]
    open(path, "wb").write(b"\n".join(lines))
    break
else:
    sys.exit("no incident lies in a withheld square")
EOF
    make_one Heemskerk Beverwijk "$scratch/after.zip"
    python3 - "$scratch" <<'EOF'
import sys, zipfile
before, after = (zipfile.ZipFile(f"{sys.argv[1]}/{n}.zip") for n in ("before", "after"))
for name in ("map.png", "clusters.csv", "squares.geojson"):
    assert before.read(name) == after.read(name), name
EOF
}

@test "a package without a receiver, a sender or a place to go says so" {
    run "$PLEIN" handover make --study "$study" -o "$scratch/a.zip" --lang en
    [ "$status" -eq 2 ]
    [[ "$output" == *"say --to NAME"* ]]
    run "$PLEIN" handover make --study "$study" --to Beverwijk -o "$scratch/a.zip" --lang en
    [ "$status" -eq 2 ]
    [[ "$output" == *"name one jurisdiction with --jurisdiction"* ]]
    run "$PLEIN" handover make --study "$study" --to Bevervijk -o "$scratch/a.zip" --lang en
    [ "$status" -eq 2 ]
    [[ "$output" == *"Beverwijk"* ]]
    run "$PLEIN" handover make --study "$study" --to Beverwijk --lang en
    [ "$status" -eq 2 ]
    run "$PLEIN" handover --lang en
    [ "$status" -eq 2 ]
    [ ! -e "$scratch/a.zip" ]
}

@test "what a new package tells beside an earlier one is refused, cell by cell" {
    make_one Heemskerk Beverwijk "$scratch/old.zip" --until 2024-09-30
    run "$PLEIN" handover make --study "$study" --jurisdiction Heemskerk --to Beverwijk --previous "$scratch/old.zip" \
        -o "$scratch/new.zip" --quiet --lang en
    [ "$status" -eq 1 ]
    [[ "$output" == *"with the earlier packages a withheld count can be worked out: E1058N5017, social, 2024-Q4 is 0 to 2"* ]]
    [ ! -e "$scratch/new.zip" ]
    make_one Heemskerk Beverwijk "$scratch/same.zip" --until 2024-09-30 --previous "$scratch/old.zip"
    cmp "$scratch/old.zip" "$scratch/same.zip"
}

@test "two packages together put the plaza first, as the incidents themselves do" {
    make_one Heemskerk Beverwijk "$scratch/h.zip"
    make_one Beverwijk Heemskerk "$scratch/b.zip"
    run "$PLEIN" handover merge "$scratch/h.zip" "$scratch/b.zip" --lang en
    [ "$status" -eq 0 ]
    [[ "${lines[2]}" =~ ^\ +1\ +6\ +465\ +480\ +945\ +927\ +972\ +0.508$ ]]
    "$PLEIN" handover merge "$scratch/h.zip" "$scratch/b.zip" --study "$study" --lang en -o "$scratch/together.csv" 2>"$scratch/said"
    grep -q "of the 10 densest squares of 100 m the packages show 10, of which 10 at the same place" "$scratch/said"
    grep -q "of 3136 incidents in the strips the packages tell 2710; per hectare they differ by 0.65 on average" "$scratch/said"
    [ "$(head -n 1 "$scratch/together.csv")" = "square,x,y,first,second,together,low,high,cluster,withheld" ]
    # Where nothing is withheld, the incidents lie between low and high.
    "$PLEIN" locate --study "$study" --quiet --format csv >"$scratch/located.csv"
    python3 - "$scratch" <<'EOF'
import collections, csv, sys
real = collections.Counter()
for row in csv.DictReader(open(sys.argv[1] + "/located.csv")):
    if row["x"] and row["category"] != "organised-crime" and row["jurisdiction"] in ("Heemskerk", "Beverwijk"):
        real["E%04dN%04d" % (float(row["x"]) // 100, float(row["y"]) // 100)] += 1
told = 0
for row in csv.DictReader(open(sys.argv[1] + "/together.csv")):
    if not row["withheld"] and row["cluster"] != "0":
        told += 1
        assert float(row["low"]) <= real[row["square"]] <= float(row["high"]), row
assert told >= 10, told
EOF
    "$PLEIN" handover merge "$scratch/h.zip" "$scratch/b.zip" --study "$study" -o "$scratch/together.png" --quiet
    [ "$(head -c 4 "$scratch/together.png" | tail -c 3)" = PNG ]
}

@test "a package that breaks the rules is not built upon" {
    make_one Heemskerk Beverwijk "$scratch/a.zip"
    make_one Beverwijk Heemskerk "$scratch/c.zip"
    change "$scratch/a.zip" "$scratch/b.zip" 'files["README.txt"] += b"."'
    run "$PLEIN" handover merge "$scratch/b.zip" "$scratch/c.zip" --lang en
    [ "$status" -eq 65 ]
    [[ "$output" == *"README.txt is not the file"* ]]
}
