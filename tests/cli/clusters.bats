#!/usr/bin/env bats
# plein clusters on the sample study.

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
    PLEIN=${PLEIN:-$PWD/build/plein}
    study="--study data/europaplein/plein.ini --quiet"
    boundaries=data/europaplein/gemeenten.shp
    scratch=$BATS_TEST_TMPDIR
}

clusters() { # options...
    "$PLEIN" clusters $study --format csv "$@"
}

@test "the columns are the agreed ones, whatever it is per" {
    for per in jurisdiction,domain none category source jurisdiction,domain,category,source; do
        [ "$(clusters --per $per | head -n 1)" = "cluster,jurisdiction_code,jurisdiction,domain,incidents,core,x,y,reach_m,area_ha,first,last,category" ]
    done
}

@test "clusters are numbered from 1, the largest first" {
    clusters | python3 -c '
import csv, sys
rows = list(csv.DictReader(sys.stdin))
assert len(rows) > 3
assert [int(r["cluster"]) for r in rows] == list(range(1, len(rows) + 1))
sizes = [int(r["incidents"]) for r in rows]
assert sizes == sorted(sizes, reverse=True)
for r in rows:
    assert 1 <= int(r["core"]) <= int(r["incidents"]) and int(r["incidents"]) >= 10, r
    assert float(r["area_ha"]) > 0 and float(r["reach_m"]) > 0 and r["first"] <= r["last"], r
    assert r["jurisdiction_code"] and r["jurisdiction"] and r["domain"], r'
}

@test "what it is not per is empty" {
    clusters --per none | tail -n +2 | awk -F, '$2 != "" || $3 != "" || $4 != "" {bad = 1} END {exit bad || NR == 0}'
    clusters --per domain | tail -n +2 | awk -F, '$2 != "" || $3 != "" || $4 == "" {bad = 1} END {exit bad || NR == 0}'
}

@test "jurisdiction,domain is the default" {
    clusters >"$scratch/default"
    clusters --per jurisdiction,domain | cmp - "$scratch/default"
}

@test "together there are clusters that cross the border" {
    "$PLEIN" clusters $study --per none --format json >"$scratch/json"
    python3 -c '
import json, sys
text = json.load(open(sys.argv[1], encoding="utf-8"))
shares = {s["name"]: s["incidents"] for s in text[0]["jurisdictions"]}
codes = {s["name"]: s["code"] for s in text[0]["jurisdictions"]}
assert codes["Beverwijk"] == "GM0375" and codes["Heemskerk"] == "GM0396", codes
assert shares["Beverwijk"] > 20 and shares["Heemskerk"] > 20, shares
for cluster in text:
    for key in ("jurisdictions", "sources"):
        assert sum(s["incidents"] for s in cluster[key]) == cluster["incidents"], cluster' "$scratch/json"
}

@test "the members are the selected incidents in the order of locate" {
    clusters --members "$scratch/members.csv" >"$scratch/csv"
    "$PLEIN" locate $study --format csv >"$scratch/located"
    python3 - "$scratch" <<'PY'
import collections, csv, sys
read = lambda name: list(csv.DictReader(open(f"{sys.argv[1]}/{name}", encoding="utf-8")))
members, located, clusters = read("members.csv"), read("located"), read("csv")
assert list(members[0]) == ["id", "cluster", "core"]
assert [m["id"] for m in members] == [r["id"] for r in located]
sizes, cores = collections.Counter(), collections.Counter()
for m, r in zip(members, located):
    assert m["core"] in "01" and (m["cluster"] != "0" or m["core"] == "0"), m
    sizes[m["cluster"]] += 1
    cores[m["cluster"]] += int(m["core"])
    if m["cluster"] != "0":
        c = clusters[int(m["cluster"]) - 1]
        assert (c["jurisdiction_code"], c["domain"]) == (r["jurisdiction_code"], r["domain"]), (m, c)
for c in clusters:
    assert sizes[c["cluster"]] == int(c["incidents"]) and cores[c["cluster"]] == int(c["core"]), c
assert len(sizes) == len(clusters) + 1
PY
}

@test "they are DBSCAN's, by plain brute force" {
    clusters --per none --jurisdiction Heemskerk --from 2024-01-01 --domain social --members "$scratch/members.csv" >/dev/null
    "$PLEIN" locate $study --format csv --jurisdiction Heemskerk --from 2024-01-01 --domain social >"$scratch/located"
    python3 - "$scratch" <<'PY'
import csv, sys
read = lambda name: list(csv.DictReader(open(f"{sys.argv[1]}/{name}", encoding="utf-8")))
members, located = read("members.csv"), read("located")
place = [(round(float(r["x"]) * 1000), round(float(r["y"]) * 1000)) for r in located]
near = [[j for j, q in enumerate(place) if (p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2 <= 35000 ** 2] for p in place]
core = [len(n) >= 10 for n in near]
assert 0 < sum(core) < len(core)
assert [m["core"] == "1" for m in members] == core
group = [None] * len(place)
for start in range(len(place)):
    if core[start] and group[start] is None:
        stack, group[start] = [start], start
        while stack:
            for j in near[stack.pop()]:
                if core[j] and group[j] is None:
                    group[j] = start
                    stack.append(j)
pairs = {(group[i], members[i]["cluster"]) for i in range(len(place)) if core[i]}
assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs}), pairs
for i, m in enumerate(members):
    if not core[i]:
        reach = sorted(((place[j][0] - place[i][0]) ** 2 + (place[j][1] - place[i][1]) ** 2, place[j]) for j in near[i] if core[j])
        if not reach:
            assert m["cluster"] == "0", m
        else:
            assert m["cluster"] in {members[j]["cluster"] for j in near[i] if core[j] and place[j] == reach[0][1]}, m
PY
}

@test "one and two threads write the same bytes" {
    for per in jurisdiction,domain none; do
        for format in csv json geojson; do
            for threads in 1 2; do
                "$PLEIN" clusters $study --per $per --format $format --threads $threads \
                    --members "$scratch/members$threads" >"$scratch/out$threads"
            done
            cmp "$scratch/out1" "$scratch/out2"
            cmp "$scratch/members1" "$scratch/members2"
        done
    done
}

@test "csv, json and geojson are the same in Dutch and English" {
    for format in csv json geojson; do
        "$PLEIN" clusters $study --format $format --lang nl >"$scratch/nl"
        "$PLEIN" clusters $study --format $format --lang en >"$scratch/en"
        cmp "$scratch/nl" "$scratch/en"
    done
}

@test "shuffled rows give the same clusters" {
    "$PLEIN" clusters --boundaries $boundaries --incidents politie=data/europaplein/politie.csv --min-points 5 --quiet --format csv >"$scratch/straight"
    [ "$(wc -l <"$scratch/straight")" -gt 2 ]
    for seed in 1 2; do
        python3 - $seed "$scratch/mixed.csv" <<'PY'
import random, sys
rows = open("data/europaplein/politie.csv", encoding="utf-8").readlines()
body = rows[1:]
random.Random(int(sys.argv[1])).shuffle(body)
open(sys.argv[2], "w", encoding="utf-8").writelines(rows[:1] + body)
PY
        "$PLEIN" clusters --boundaries $boundaries --incidents "politie=$scratch/mixed.csv" --min-points 5 --quiet --format csv |
            cmp - "$scratch/straight" || { echo "seed $seed"; false; }
    done
}

@test "the geojson is in degrees, closed and counter-clockwise" {
    "$PLEIN" clusters $study --format geojson >"$scratch/geojson"
    clusters >"$scratch/csv"
    python3 - "$scratch" <<'PY'
import csv, json, sys
made = json.load(open(sys.argv[1] + "/geojson", encoding="utf-8"))
rows = list(csv.DictReader(open(sys.argv[1] + "/csv", encoding="utf-8")))
assert made["type"] == "FeatureCollection" and len(made["features"]) == len(rows)
for feature in made["features"]:
    assert feature["geometry"]["type"] == "Polygon" and len(feature["geometry"]["coordinates"]) == 1, feature
    ring = feature["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1] and len(ring) >= 4
    assert all(4.5 < lon < 4.9 and 52.3 < lat < 52.7 for lon, lat in ring), ring[0]
    assert sum(a[0] * b[1] - b[0] * a[1] for a, b in
               (((p[0] - ring[0][0], p[1] - ring[0][1]), (q[0] - ring[0][0], q[1] - ring[0][1])) for p, q in zip(ring, ring[1:]))) > 0
PY
}

@test "organised crime is not named as a cluster's category" {
    [ "$(clusters --per none | grep -c organised-crime)" -eq 0 ]
    [ "$(clusters | grep -c organised-crime)" -eq 0 ]
}

@test "no clusters is an answer too" {
    [ "$(clusters --min-points 100000 | wc -l)" -eq 1 ]
    "$PLEIN" clusters $study --min-points 100000 --format geojson | python3 -m json.tool >/dev/null
    [ "$("$PLEIN" clusters $study --min-points 100000 --format json | python3 -c 'import json, sys; print(len(json.load(sys.stdin)))')" -eq 0 ]
}

@test "organised crime is not clustered on its own, unless that is allowed" {
    asked="$study --per category --min-points 5"
    "$PLEIN" clusters $asked --format csv --members "$scratch/members" >"$scratch/without"
    "$PLEIN" clusters $asked --format csv --sensitive --members "$scratch/all" >"$scratch/with"
    [ "$(wc -l <"$scratch/without")" -lt "$(wc -l <"$scratch/with")" ]
    [ "$(grep -c organised-crime "$scratch/with")" -gt 0 ]
    tail -n +2 "$scratch/without" | awk -F, '$1 != NR || $NF == "" {exit 1}'
    python3 - "$scratch" <<'PY'
import csv, sys
def rows(name):
    return list(csv.DictReader(open(f"{sys.argv[1]}/{name}", encoding="utf-8")))
sizes = {r["cluster"]: int(r["incidents"]) for r in rows("without")}
members = [r["cluster"] for r in rows("members")]
assert len(members) == len(rows("all"))
for number, size in sizes.items():
    assert members.count(number) == size, number
PY
}

@test "two jurisdictions of one name have a share each" {
    cp data/europaplein/gemeenten.* "$scratch"
    "$PLEIN" locate $study --format csv >"$scratch/located"
    python3 - "$scratch" <<'PY'
import csv, sys
path = sys.argv[1] + "/gemeenten.dbf"
names = open(path, "rb").read().replace(b"Beverwijk", b"Heemskerk")
open(path, "wb").write(names)
rows = list(csv.DictReader(open(sys.argv[1] + "/located", encoding="utf-8")))
with open(sys.argv[1] + "/rows.csv", "w") as out:
    out.write("x,y\n")
    for code in ("GM0396", "GM0375"):
        for row in [r for r in rows if r["jurisdiction_code"] == code][:5]:
            out.write(f"{row['x']},{row['y']}\n")
PY
    "$PLEIN" clusters --boundaries "$scratch/gemeenten.shp" --incidents "$scratch/rows.csv" --per none \
        --radius 50000 --quiet --format json >"$scratch/json"
    python3 - "$scratch/json" <<'PY'
import json, sys
shares = json.load(open(sys.argv[1], encoding="utf-8"))[0]["jurisdictions"]
assert shares == [{"code": code, "name": "Heemskerk", "incidents": 5} for code in ("GM0375", "GM0396")], shares
PY
}

@test "the members and the clusters are one set: where one cannot be written the other stays as it was" {
    for members in "$scratch/members.csv" "$scratch/folder/members.csv"; do
        mkdir -p "$scratch/folder" "$scratch/clusters.csv"
        echo old >"$members"
        run clusters --members "$members" -o "$scratch/clusters.csv"
        [ "$status" -eq 73 ]
        [ "$(cat "$members")" = old ]
        rmdir "$scratch/clusters.csv"
        clusters --members "$members" -o "$scratch/clusters.csv"
        clusters --members - >"$scratch/both" -o "$scratch/again.csv"
        cmp "$members" "$scratch/both"
        cmp "$scratch/clusters.csv" "$scratch/again.csv"
        rm -r "$scratch"/*
    done
}
