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

@test "a package that is made anew without a key takes the old signature away, and says so" {
    "$PLEIN" handover key -o "$scratch/heemskerk"
    make_one Heemskerk Beverwijk "$scratch/a.zip" --sign "$scratch/heemskerk.key"
    [ -e "$scratch/a.zip.minisig" ]
    run "$PLEIN" handover make --study "$study" --jurisdiction Heemskerk --to Beverwijk -o "$scratch/a.zip" --lang en
    [ "$status" -eq 0 ]
    [[ "$output" == *"a.zip.minisig was of the package that was there before, and is removed"* ]]
    [ ! -e "$scratch/a.zip.minisig" ]
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
make("h-named.zip", [("datapackage.json", '{"resources": [' + "{}, " * 300000 + "{}]}")])
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
    [ "$tests" -eq 17 ]
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
    row[0] = f"canary-id-{n:04d}"
    if n % 10 == 0: # a category that no vocabulary knows is free text
        row[3] = f"canary-category-{n:04d}"
for row in rows[1001:]:
    row += ["", "", ""]
with open(path, "w", newline="", encoding="cp1252") as out:
    csv.writer(out, delimiter=delimiter).writerows(rows)
EOF
    study=$scratch/study/plein.ini
    make_one Heemskerk Beverwijk "$scratch/a.zip"
    look_for_canaries "$scratch/a.zip"
    make_one Heemskerk Beverwijk "$scratch/rows.zip" --rows --agreement "an agreement" 2>"$scratch/said"
    look_for_canaries "$scratch/rows.zip"
}

look_for_canaries() { # file
    python3 - "$1" <<'EOF'
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

@test "incidents one by one take --rows and --agreement together" {
    run make_one Heemskerk Beverwijk "$scratch/a.zip" --rows --lang en
    [ "$status" -eq 2 ]
    [[ "$output" == *"say --agreement TEXT, or leave --rows out"* ]]
    run make_one Heemskerk Beverwijk "$scratch/a.zip" --agreement "an agreement" --lang en
    [ "$status" -eq 2 ]
    [[ "$output" == *"say --rows too"* ]]
    run make_one Heemskerk Beverwijk "$scratch/a.zip" --rows --agreement " " --lang en
    [ "$status" -eq 2 ]
    [ ! -e "$scratch/a.zip" ]
}

@test "incidents one by one are said loudly, are no closer than a square and a quarter, and agree with the squares" {
    make_one Heemskerk Beverwijk "$scratch/a.zip" --lang en
    run make_one Heemskerk Beverwijk "$scratch/rows.zip" --rows --agreement "covenant 7" --lang en
    [ "$status" -eq 0 ]
    [[ "$output" == *"BEWARE: the package holds 1372 incidents ONE BY ONE"*"under the agreement 'covenant 7'"* ]]
    "$PLEIN" locate --study "$study" --quiet --format csv >"$scratch/located.csv"
    python3 - "$scratch" <<'EOF'
import collections, csv, io, json, sys, zipfile
folder = sys.argv[1]
zip = zipfile.ZipFile(folder + "/rows.zip")
manifest = json.loads(zip.read("datapackage.json"))
assert manifest["rowLevel"] is True and manifest["agreement"] == "covenant 7" and manifest["rows"]["time"] == "quarter"
letter = zip.read("README.txt").decode()
assert "EEN VOOR EEN" in letter and "ONE BY ONE" in letter and letter.count("covenant 7") == 2
rows = list(csv.DictReader(io.StringIO(zip.read("incidents.csv").decode())))
assert list(rows[0]) == ["square", "x", "y", "domain", "category", "quarter", "source", "weight"]
assert not any(row["category"] == "organised-crime" for row in rows)
squares = {(int(r["x"]) // 100, int(r["y"]) // 100, int(r["size_m"]) // 100)
           for r in csv.DictReader(io.StringIO(zip.read("squares.csv").decode())) if r["square"]}
def in_strip(name):
    east, north = map(int, name[1:].split("N"))
    return any(e <= east < e + size and n <= north < n + size for e, n, size in squares)
real = collections.Counter()
for row in csv.DictReader(open(folder + "/located.csv")):
    if row["jurisdiction"] == "Heemskerk" and row["x"] and row["category"] != "organised-crime":
        date = row["occurred_at"]
        quarter = f"{date[:4]}-Q{(int(date[5:7]) + 2) // 3}" if len(date) >= 7 else ""
        name = "E%04dN%04d" % (float(row["x"]) // 100, float(row["y"]) // 100)
        real[(name, row["domain"], row["category"] if row["domain"] != "unmapped" else "", quarter, row["source"])] += 1
told = collections.Counter((r["square"], r["domain"], r["category"], r["quarter"], r["source"]) for r in rows)
assert all(real[key] == count for key, count in told.items())
strip = {key: count for key, count in real.items() if in_strip(key[0])}
# A joined square of 200 or 500 m may reach out of the strip: nothing in the strip is missed.
assert sum(strip.values()) - sum(told.values()) < 20, (sum(strip.values()), sum(told.values()))
for row in rows:
    assert row["square"] == "E%04dN%04d" % (int(row["x"]) // 100, int(row["y"]) // 100)
    assert int(row["x"]) % 100 == 50 and int(row["y"]) % 100 == 50
keys = [tuple(r.values()) for r in rows]
order = {"social": 0, "physical": 1, "safety": 2, "unmapped": 3}
assert keys == sorted(keys, key=lambda k: (int(k[1]), int(k[2]), order[k[3]], k[4], k[5], k[6], int(k[7])))
plain = zipfile.ZipFile(folder + "/a.zip")
for name in ("squares.csv", "squares.geojson", "clusters.csv", "map.png", "table.xlsx"):
    assert plain.read(name) == zip.read(name), name
assert json.loads(plain.read("datapackage.json"))["rowLevel"] is False
EOF
    run "$PLEIN" handover verify "$scratch/rows.zip" --lang en
    [ "$status" -eq 0 ]
    [[ "$output" == *"1372 incidents ONE BY ONE, which agree with the squares"*"under the agreement 'covenant 7'"* ]]
    run make_one Heemskerk Beverwijk "$scratch/all.zip" --rows --agreement "covenant 7" --sensitive --lang en
    unzip -p "$scratch/all.zip" incidents.csv | grep -q organised-crime
    "$PLEIN" handover verify "$scratch/all.zip" --quiet
    make_one Beverwijk Heemskerk "$scratch/b.zip"
    "$PLEIN" handover merge "$scratch/rows.zip" "$scratch/b.zip" >"$scratch/with.txt"
    "$PLEIN" handover merge "$scratch/a.zip" "$scratch/b.zip" >"$scratch/without.txt"
    cmp "$scratch/with.txt" "$scratch/without.txt"
}

@test "rows in another order give the same package" {
    mkdir "$scratch/study"
    cp data/europaplein/* "$scratch/study" 2>/dev/null || true
    make_one Heemskerk Beverwijk "$scratch/a.zip" --rows --agreement x
    (head -n 1 "$scratch/study/politie.csv" && tail -n +2 "$scratch/study/politie.csv" | tac) >"$scratch/turned.csv"
    mv "$scratch/turned.csv" "$scratch/study/politie.csv"
    study=$scratch/study/plein.ini
    make_one Heemskerk Beverwijk "$scratch/b.zip" --rows --agreement x --threads 1
    cmp "$scratch/a.zip" "$scratch/b.zip"
}

@test "rows that are not what the squares and the manifest say are found" {
    make_one Heemskerk Beverwijk "$scratch/plain.zip"
    make_one Heemskerk Beverwijk "$scratch/a.zip" --rows --agreement "covenant 7"
    try() { # status, text, code that changes `rows`, the lines of incidents.csv, and `manifest`
        change "$scratch/a.zip" "$scratch/b.zip" "
import hashlib, json
manifest = json.loads(files['datapackage.json'])
rows = files['incidents.csv'].decode().split('\n')
$3
files['incidents.csv'] = '\n'.join(rows).encode()
for resource in manifest['resources']:
    if resource['path'] == 'incidents.csv':
        resource['hash'] = 'sha256:' + hashlib.sha256(files['incidents.csv']).hexdigest()
        resource['bytes'] = len(files['incidents.csv'])
files['datapackage.json'] = json.dumps(manifest).encode()"
        run "$PLEIN" handover verify "$scratch/b.zip" --lang en
        [ "$status" -eq "$1" ]
        [[ "$output" == *"$2"* ]]
    }
    try 0 "ONE BY ONE" "pass"
    try 1 "the manifest tells of no agreement" "del manifest['agreement']"
    try 1 "the manifest tells of no agreement" "manifest['agreement'] = ' '"
    try 1 "the manifest does not say so (rowLevel)" "manifest['rowLevel'] = False"
    try 1 "and squares.csv tells" "del rows[300:340]"
    try 65 "comes too late" "rows[300], rows[200] = rows[200], rows[300]"
    try 65 "incidents.csv:2: category 'organised-crime' is left out" "f = rows[1].split(','); f[4] = 'organised-crime'; rows[1] = ','.join(f)"
    try 65 "incidents.csv:2: x '102251' is not the square's" "rows[1] = rows[1].replace('102250', '102251')"
    try 65 "incidents.csv:2: quarter '2024-05-31' is no quarter" "f = rows[1].split(','); f[5] = '2024-05-31'; rows[1] = ','.join(f)"
    try 65 "lies in none of the squares" "rows.insert(1, 'E0001N0001,150,150,social,litter,2024-Q1,x,1')"
    try 65 "the columns are not square,x,y" "rows[0] = 'id,' + rows[0]"
    change "$scratch/plain.zip" "$scratch/b.zip" "
import json
manifest = json.loads(files['datapackage.json'])
manifest['rowLevel'] = True
files['datapackage.json'] = json.dumps(manifest).encode()"
    run "$PLEIN" handover verify "$scratch/b.zip" --lang en
    [ "$status" -eq 1 ]
    [[ "$output" == *"the manifest tells of rows, and incidents.csv is not there"* ]]
}

@test "what is made on the way stands beside the package, and goes" {
    mkdir "$scratch/out"
    before=$(ls -d /tmp/plein-?????? 2>/dev/null | wc -l)
    make_one Heemskerk Beverwijk "$scratch/out/a.zip"
    [ "$(ls -A "$scratch/out")" = a.zip ]
    [ "$(ls -d /tmp/plein-?????? 2>/dev/null | wc -l)" -le "$before" ]
    run make_one Heemskerk Beverwijk "$scratch/none/a.zip" --lang en
    [ "$status" -eq 73 ]
    # A map that cannot be drawn: what was begun is gone.
    run make_one Heemskerk Beverwijk "$scratch/out/b.zip" --base "$scratch/absent.shp" --lang en
    [ "$status" -ne 0 ]
    [ "$(ls -A "$scratch/out")" = a.zip ]
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

@test "an earlier package is the sender's own, and told when it breaks the rules" {
    make_one Beverwijk Heemskerk "$scratch/theirs.zip" --until 2024-09-30
    run make_one Heemskerk Beverwijk "$scratch/new.zip" --previous "$scratch/theirs.zip" --lang en
    [ "$status" -eq 65 ]
    [ "$output" = "plein: theirs.zip: this is a package of Beverwijk, and --previous takes those of Heemskerk" ]
    [ ! -e "$scratch/new.zip" ]
    make_one Heemskerk Beverwijk "$scratch/old.zip" --until 2024-09-30
    change "$scratch/old.zip" "$scratch/odd.zip" 'files["letter.txt"] = b"x"'
    run "$PLEIN" handover make --study "$study" --jurisdiction Heemskerk --to Beverwijk -o "$scratch/same.zip" \
        --until 2024-09-30 --previous "$scratch/odd.zip" --lang nl
    [ "$status" -eq 0 ]
    [[ "$output" == *"plein: odd.zip: letter.txt zit in de zip en staat niet in het manifest; plein handover verify vertelt alles"* ]]
    cmp "$scratch/old.zip" "$scratch/same.zip"
    # Its boundaries had another name for the same code.
    change "$scratch/old.zip" "$scratch/renamed.zip" \
        'files["datapackage.json"] = files["datapackage.json"].replace(b"\"name\": \"Heemskerk\"", b"\"name\": \"Gemeente H.\"")'
    run make_one Heemskerk Beverwijk "$scratch/again.zip" --until 2024-09-30 --previous "$scratch/renamed.zip"
    [ "$status" -eq 0 ]
    cmp "$scratch/old.zip" "$scratch/again.zip"
}

@test "totals that the neighbour has are thought of, or refused cell by cell" {
    printf 'square,domain,quarter,incidents\n,,,1372\n,,2019-Q1,3\n' >"$scratch/strip.csv"
    run make_one Heemskerk Beverwijk "$scratch/a.zip" --totals "$scratch/strip.csv" --lang en
    [ "$status" -eq 0 ]
    "$PLEIN" handover verify "$scratch/a.zip" --quiet
    # All quarters of a withheld square but one; whichever file or row they stand in.
    printf 'QUARTER,domain,square,low,high\n2023-Q1,,E1058N5017,1,1\n2023-Q2,,E1058N5017,2,2\n2023-Q4,,E1058N5017,2,2\n' >"$scratch/q1.csv"
    printf 'square;domain;quarter;incidents\nE1058N5017;;2024-Q1;3\nE1058N5017;;2024-Q2;2\nE1058N5017;;2024-Q3;1\nE1058N5017;;2024-Q4;1\n' >"$scratch/q2.csv"
    run make_one Heemskerk Beverwijk "$scratch/b.zip" --totals "$scratch/q1.csv" --totals "$scratch/q2.csv" --lang en
    [ "$status" -eq 1 ]
    [[ "$output" == *"with the totals and packages that the neighbour has a withheld count can be worked out: E1058N5017, *, 2023-Q3 is 0 to 0 (square"* ]]
    [ ! -e "$scratch/b.zip" ]
    first=$output
    (head -n 1 "$scratch/q1.csv" && tail -n +2 "$scratch/q1.csv" | tac) >"$scratch/q3.csv"
    run make_one Heemskerk Beverwijk "$scratch/b.zip" --totals "$scratch/q2.csv" --totals "$scratch/q3.csv" --lang en
    [ "$output" = "$first" ]
    # What the totals tell by themselves is no reason to refuse.
    printf 'square,domain,quarter,incidents\nE1022N5012,,,1\n' >"$scratch/few.csv"
    run make_one Heemskerk Beverwijk "$scratch/b.zip" --totals "$scratch/few.csv" --lang en
    [ "$status" -eq 0 ]
}

@test "a row of totals that cannot be read is told by its line" {
    try() { # line, text
        printf 'square,domain,quarter,low,high\n,,,1,2\n%s\n' "$1" >"$scratch/t.csv"
        run make_one Heemskerk Beverwijk "$scratch/a.zip" --totals "$scratch/t.csv" --lang en
        [ "$status" -eq 65 ]
        [[ "$output" == *"t.csv:3: $2"* ]]
    }
    try "E10,,,1,2" "square 'E10' is no square"
    try ",sociaal-iets,,1,2" "domain 'sociaal-iets' is none of social"
    try ",,2024-5,1,2" "quarter '2024-5' is no quarter; write 2024-Q3"
    try ",,,-1,2" "low '-1' is no whole number from 0 on"
    try ",,,1,2.5" "high '2.5' is no whole number from 0 on"
    try ",,,3,2" "low '3' is over high"
    printf 'sqare,domain,quarter,incidents\n,,,1\n' >"$scratch/t.csv"
    run make_one Heemskerk Beverwijk "$scratch/a.zip" --totals "$scratch/t.csv" --lang en
    [ "$status" -eq 65 ]
    [[ "$output" == *"totals have columns square, domain, quarter and incidents"* ]]
    run make_one Heemskerk Beverwijk "$scratch/a.zip" --totals "$scratch/none.csv" --lang en
    [ "$status" -eq 66 ]
    [ ! -e "$scratch/a.zip" ]
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
    grep -q "possible duplicates between sources (same category, within 25 m and an hour): 6; plein check tells which" "$scratch/said"
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
