#!/usr/bin/env bats
# plein query on the sample study: it adds up, in every language and with any number of threads.

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
    PLEIN=${PLEIN:-$PWD/build/plein}
    study="--study data/europaplein/plein.ini --quiet"
    scratch=$BATS_TEST_TMPDIR
}

query() { # options...
    "$PLEIN" query $study --format csv "$@"
}

total() { # options...
    query "$@" | tail -n 1 | sed 's/.*,//'
}

# What lies in a jurisdiction; a query by another key has the rest in the closing rows.
inside() { # options...
    query "$@" | awk -F, 'NR > 1 && $2 !~ /^\(|^total$/ {n += $NF} END {print n}'
}

# The rows with a place, and those read, as text on standard input.
adds_up() {
    awk -F, 'NR > 1 {if (/(^|,)total,/) total = $NF; else sum += $NF; last = $0}
             END {print sum, total; exit !(total > 0 && sum == total && last ~ /(^|,)total,/)}'
}

shuffled_study() { # seed
    mkdir -p "$scratch/shuffled"
    cp data/europaplein/gemeenten.* data/europaplein/plein.ini "$scratch/shuffled"
    python3 - "$1" "$scratch/shuffled" <<'PY'
import csv, io, random, sys
seed, folder = int(sys.argv[1]), sys.argv[2]
for name, encoding, delimiter in (("politie", "utf-8-sig", ","), ("gemeente", "cp1252", ";"), ("boa", "utf-8-sig", "\t")):
    with open(f"data/europaplein/{name}.csv", encoding=encoding, newline="") as file:
        rows = list(csv.reader(file, delimiter=delimiter))
    head, body = rows[0], rows[1:]
    random.Random(seed).shuffle(body)
    with open(f"{folder}/{name}.csv", "w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows([head] + body)
PY
}

@test "the csv has its columns, its closing rows, and ends on the total" {
    query >"$scratch/csv"
    [ "$(head -n 1 "$scratch/csv")" = "jurisdiction_code,jurisdiction,incidents" ]
    tail -n 3 "$scratch/csv" | head -n 1 | grep -q '^,(outside),[0-9]*$'
    tail -n 2 "$scratch/csv" | head -n 1 | grep -q '^,(no place),[0-9]*$'
    tail -n 1 "$scratch/csv" | grep -q '^,total,[0-9]*$'
    grep -q '^GM0396,Heemskerk,[1-9]' "$scratch/csv"
    grep -q '^GM0375,Beverwijk,[1-9]' "$scratch/csv"
}

@test "the total is the number of rows in the three files" {
    rows=$(python3 - <<'PY'
import csv
print(sum(sum(1 for _ in csv.reader(open(f"data/europaplein/{name}.csv", encoding=encoding, newline=""), delimiter=delimiter)) - 1
          for name, encoding, delimiter in (("politie", "utf-8-sig", ","), ("gemeente", "cp1252", ";"), ("boa", "utf-8-sig", "\t"))))
PY
)
    [ "$(total)" -eq "$rows" ]
}

@test "each key adds up to the same total" {
    all=$(total)
    for key in jurisdiction band reported_to responsible domain category source year month weekday hour; do
        query --by $key >"$scratch/csv"
        echo "$key: $(adds_up <"$scratch/csv")"
        adds_up <"$scratch/csv"
        [ "$(tail -n 1 "$scratch/csv" | sed 's/.*,//')" -eq "$all" ]
    done
}

@test "keys come in the fixed order, whatever order they are asked in" {
    query --by hour,weekday,month,year,source,category,domain,jurisdiction >"$scratch/all"
    [ "$(head -n 1 "$scratch/all")" = "jurisdiction_code,jurisdiction,domain,category,source,year,month,weekday,hour,incidents" ]
    adds_up <"$scratch/all"
    query --by source,jurisdiction >"$scratch/one"
    query --by jurisdiction,source >"$scratch/two"
    cmp "$scratch/one" "$scratch/two"
}

@test "a query by two keys sums to the query by one" {
    query --by jurisdiction,domain | awk -F, '/^GM0396/ {n += $NF} END {print n}' >"$scratch/two"
    query --by jurisdiction | awk -F, '/^GM0396/ {print $NF}' >"$scratch/one"
    cmp "$scratch/one" "$scratch/two"
}

@test "a query counts what locate lists" {
    "$PLEIN" locate $study --format csv | python3 -c '
import collections, csv, sys
n = collections.Counter((r["jurisdiction_code"], r["domain"]) for r in csv.DictReader(sys.stdin) if r["jurisdiction_code"])
for (code, domain), count in sorted(n.items()): print(code, domain, count)' >"$scratch/located"
    query --by jurisdiction,domain | awk -F, '/^GM/ {print $1, $3, $4}' | sort >"$scratch/counted"
    [ -s "$scratch/counted" ]
    sort "$scratch/located" | diff - "$scratch/counted"
}

@test "one and two threads write the same bytes" {
    for by in jurisdiction jurisdiction,domain,category,source,year,month,weekday,hour; do
        for format in csv json table; do
            "$PLEIN" query $study --by $by --format $format --threads 1 >"$scratch/one"
            "$PLEIN" query $study --by $by --format $format --threads 2 >"$scratch/two"
            cmp "$scratch/one" "$scratch/two"
        done
    done
}

@test "csv and json are the same in Dutch and English" {
    for by in jurisdiction domain category weekday; do
        for format in csv json; do
            "$PLEIN" query $study --by $by --format $format --lang nl >"$scratch/nl"
            "$PLEIN" query $study --by $by --format $format --lang en >"$scratch/en"
            cmp "$scratch/nl" "$scratch/en"
        done
    done
}

@test "csv does not follow the locale of the environment" {
    LC_ALL=C query >"$scratch/c"
    LC_ALL=nl_NL.UTF-8 LANG=nl_NL.UTF-8 TZ=Asia/Tokyo query >"$scratch/nl"
    cmp "$scratch/c" "$scratch/nl"
}

@test "the json parses and tells what the csv tells" {
    query --by jurisdiction,hour >"$scratch/csv"
    "$PLEIN" query $study --by jurisdiction,hour --format json >"$scratch/json"
    python3 - "$scratch" <<'PY'
import csv, json, sys
rows = list(csv.DictReader(open(sys.argv[1] + "/csv", encoding="utf-8")))
objects = json.load(open(sys.argv[1] + "/json", encoding="utf-8"))
assert len(rows) == len(objects) > 40, (len(rows), len(objects))
for row, item in zip(rows, objects):
    assert list(row) == list(item), item
    assert isinstance(item["incidents"], int), item
    assert {k: "" if v is None else str(v) for k, v in item.items()} == row, (row, item)
PY
}

@test "the extension of -o chooses the format" {
    "$PLEIN" query $study -o "$scratch/a.csv"
    "$PLEIN" query $study -o "$scratch/a.json"
    query | cmp - "$scratch/a.csv"
    python3 -m json.tool "$scratch/a.json" >/dev/null
    "$PLEIN" query $study --format json -o "$scratch/b.csv"
    cmp "$scratch/a.json" "$scratch/b.csv"
}

@test "--excel gives semicolons" {
    "$PLEIN" query $study --excel | head -n 1 | tr -d '\r' | grep -qx 'jurisdiction_code;jurisdiction;incidents'
}

@test "rows in another order give the same query" {
    for seed in 1 2; do
        shuffled_study $seed
        for by in jurisdiction category,source jurisdiction,domain,year,month,weekday,hour; do
            query --by $by >"$scratch/straight"
            "$PLEIN" query --study "$scratch/shuffled/plein.ini" --quiet --by $by --format csv >"$scratch/csv"
            cmp "$scratch/straight" "$scratch/csv" || { echo "seed $seed, --by $by"; false; }
        done
    done
}

@test "a jurisdiction is selected by name or code, in any case" {
    query --jurisdiction heemskerk >"$scratch/name"
    query --jurisdiction GM0396 >"$scratch/code"
    query --jurisdiction gm0396 >"$scratch/lower"
    cmp "$scratch/name" "$scratch/code"
    cmp "$scratch/name" "$scratch/lower"
    [ "$(total --jurisdiction Heemskerk)" -eq "$(query | sed -n 's/^GM0396,Heemskerk,//p')" ]
}

@test "jurisdictions, domains and sources that are named together add up" {
    a=$(total --jurisdiction Heemskerk) b=$(total --jurisdiction Beverwijk)
    [ "$(total --jurisdiction Heemskerk --jurisdiction Beverwijk)" -eq $((a + b)) ]
    sum=0
    for domain in social physical safety unmapped; do
        sum=$((sum + $(total --domain $domain)))
    done
    [ "$sum" -eq "$(total)" ]
    sum=0
    for source in politie gemeente BOA; do
        sum=$((sum + $(total --source $source)))
    done
    [ "$sum" -eq "$(total)" ]
}

@test "--domain-any takes secondary domains too" {
    [ "$(total --domain-any social)" -gt "$(total --domain social)" ]
    # dealing is safety, and also social
    [ "$(total --category dealing --domain-any social)" -eq "$(total --category dealing)" ]
    [ "$(total --category dealing --domain social)" -eq 0 ]
}

@test "a category is selected in any case" {
    [ "$(inside --category Litter)" -eq "$(query --by category | sed -n 's/^litter,//p')" ]
}

@test "the first and the last day are both in the period" {
    day=$(total --from 2024-03-01 --to 2024-03-01)
    [ "$day" -gt 0 ]
    [ "$(total --from 2024-03-01 --to 2024-03-02)" -eq $((day + $(total --from 2024-03-02 --to 2024-03-02))) ]
    [ "$(inside --from 2023-01-01 --to 2023-12-31)" -eq "$(query --by year | sed -n 's/^2023,//p')" ]
    [ "$(inside --from 2024-01-01)" -eq "$(query --by year | sed -n 's/^2024,//p')" ]
}

@test "a phase is its days" {
    [ "$(total --phase nulmeting)" -eq "$(total --from 2023-01-01 --to 2023-12-31)" ]
    [ "$(total --phase extra-toezicht)" -eq "$(total --from 2024-10-01 --to 2024-12-31)" ]
}

@test "hours run over midnight and do not take the last one" {
    query --by hour >"$scratch/hours"
    late=$(awk -F, '$1 ~ /^(18|19|20|21|22|23|00|01|02|03|04|05)$/ {n += $2} END {print n}' "$scratch/hours")
    early=$(awk -F, '$1 ~ /^(06|07|08)$/ {n += $2} END {print n}' "$scratch/hours")
    echo "late $late early $early"
    [ "$(inside --hours 18-06)" -eq "$late" ]
    [ "$(inside --hours 06-09)" -eq "$early" ]
}

@test "weekdays are a range or a list" {
    query --by weekday >"$scratch/days"
    week=$(awk -F, '$1 ~ /^(mo|tu|we|th|fr)$/ {n += $2} END {print n}' "$scratch/days")
    [ "$(inside --days mo-fr)" -eq "$week" ]
    [ "$(inside --days sa,su)" -eq "$(awk -F, '$1 ~ /^(sa|su)$/ {n += $2} END {print n}' "$scratch/days")" ]
}

@test "a box and a circle hold what locate puts in them" {
    "$PLEIN" locate $study --format csv >"$scratch/located"
    counted() { # python condition on x and y
        python3 -c '
import csv, sys
print(sum(1 for r in csv.DictReader(open(sys.argv[1], encoding="utf-8")) if r["x"] and (lambda x, y: '"$1"')(float(r["x"]), float(r["y"]))))' "$scratch/located"
    }
    box=$(counted '106000 <= x <= 106500 and 502000 <= y <= 502500')
    circle=$(counted '(x - 106156) ** 2 + (y - 502647) ** 2 <= 250.0 ** 2')
    echo "box $box circle $circle"
    [ "$box" -gt 0 ]
    [ "$circle" -gt 0 ]
    [ "$(total --within 106000,502000,106500,502500)" -eq "$box" ]
    [ "$(total --around 106156,502647,250)" -eq "$circle" ]
}

@test "a circle may be given in degrees" {
    command -v cs2cs >/dev/null || skip "cs2cs is not installed"
    place=$(echo "4.66691 52.50105" | PROJ_NETWORK=OFF cs2cs -f %.3f OGC:CRS84 EPSG:28992 | awk '{print $1 "," $2}')
    degrees=$(total --around 4.66691,52.50105,400)
    metres=$(total --around "$place,400")
    echo "$place: $degrees $metres"
    [ "$degrees" -gt 0 ]
    [ $((degrees - metres)) -le 2 ] && [ $((metres - degrees)) -le 2 ]
}

@test "selections may be combined" {
    both=$(total --jurisdiction Heemskerk --domain safety --from 2024-01-01 --to 2024-12-31)
    [ "$both" -eq "$(query --by jurisdiction,domain,year | sed -n 's/^GM0396,Heemskerk,safety,2024,//p')" ]
}

@test "a weight counts so many times" {
    printf 'id,x,y,category,weight\n1,105700,501066,litter,3\n2,105701,501066,litter,1\n' >"$scratch/weights.csv"
    "$PLEIN" query --boundaries data/europaplein/gemeenten.shp --incidents "$scratch/weights.csv" --format csv --quiet >"$scratch/csv"
    grep -qx 'GM0375,Beverwijk,4' "$scratch/csv"
    grep -qx ',total,4' "$scratch/csv"
}

@test "an hour that is not known is a row of its own" {
    printf 'id,x,y,category,occurred_at\n1,105700,501066,litter,2024-01\n2,105701,501066,litter,2024-01-05\n3,105701,501066,litter,2024-01-05T00:10:00\n' >"$scratch/times.csv"
    asked="--boundaries data/europaplein/gemeenten.shp --incidents $scratch/times.csv --format csv --quiet"
    "$PLEIN" query $asked --by hour >"$scratch/hours"
    grep -qx '00,1' "$scratch/hours"
    grep -qx '(unknown),2' "$scratch/hours"
    "$PLEIN" query $asked --by month | grep -qx '01,3'
}

@test "several sources of one name add up, standard input among them" {
    printf 'id,x,y,category\n1,105700,501066,litter\n' >"$scratch/one.csv"
    "$PLEIN" query --boundaries data/europaplein/gemeenten.shp --incidents "wijk=$scratch/one.csv" --incidents wijk=- \
        --by source --format csv --quiet <"$scratch/one.csv" >"$scratch/csv"
    grep -qx 'wijk,2' "$scratch/csv"
}

@test "districts nest in jurisdictions, and every scale comes to the total" {
    "$PLEIN" query --study data/europaplein/plein.ini --districts data/europaplein/gemeenten.shp --by jurisdiction,district --format csv --lang en \
        >"$scratch/nested" 2>"$scratch/err"
    "$PLEIN" query --study data/europaplein/plein.ini --quiet --format csv >"$scratch/flat"
    [ "$(head -n 1 "$scratch/nested")" = "jurisdiction_code,jurisdiction,district_code,district,incidents" ]
    grep '^GM' "$scratch/nested" | awk -F, '$1 != $3 || $2 != $4 {exit 1}'
    grep '^GM' "$scratch/nested" | cut -d, -f1,2,5 >"$scratch/same"
    grep '^GM' "$scratch/flat" | cmp - "$scratch/same"
    grep -q 'proof: cells 5972 = districts 5972 (of which in none 0) = jurisdictions 5972; with 9 outside and 38 without a place 6019 = total 6019' "$scratch/err"
}

@test "a district across a border is reported, and what lies in none is counted" {
    "$PLEIN" query --study data/europaplein/plein.ini --districts data/europaplein/pleinen.shp --by jurisdiction,district --format csv --lang en \
        >"$scratch/squares" 2>"$scratch/err"
    cat "$scratch/err"
    grep -q 'district Europaplein lies across a border: ' "$scratch/err"
    [ "$(grep -c 'across a border' "$scratch/err")" -eq 1 ]
    [ "$(grep -c ',Europaplein,' "$scratch/squares")" -eq 2 ]
    awk -F, 'NR > 1 && $2 == "total" {total = $5} NR > 1 && $2 != "total" {sum += $5} END {exit !(sum == total && total == 6019)}' "$scratch/squares"
}

@test "counting by district needs districts" {
    status=0
    "$PLEIN" query --study data/europaplein/plein.ini --by district >"$scratch/out" 2>"$scratch/err" || status=$?
    [ "$status" -eq 2 ]
    grep -q -- '--districts' "$scratch/err"
}

@test "Berlin's planning areas nest in its districts' regions" {
    real=${PLEIN_REAL:-../shared/real}
    [ -e "$real/boundaries/berlin/lor_plr.shp" ] || { echo "SKIPPED: Berlin is not in $real; set PLEIN_REAL" >&2; skip "Berlin is not in $real"; }
    "$PLEIN" query --boundaries "$real/boundaries/berlin/lor_bzr.shp" --districts "$real/boundaries/berlin/lor_plr.shp" \
        --incidents "$real/incidents/berlin_strassenverkehrsunfaelle_2019.csv" --by jurisdiction,district --format csv --lang en \
        >"$scratch/csv" 2>"$scratch/err"
    grep -q 'proof: cells 13389 = districts 13389 (of which in none 0) = jurisdictions 13389' "$scratch/err"
    python3 - "$scratch/csv" <<'PY'
import csv, sys
rows = [r for r in csv.DictReader(open(sys.argv[1], encoding="utf-8")) if r["jurisdiction_code"]]
assert len(rows) > 400
for row in rows:
    assert row["district_code"].startswith(row["jurisdiction_code"]), row
PY
}

# Five that lie in Heemskerk and two in Beverwijk, by who was told and who is to act.
holders() {
    printf 'id,x,y,category,gemeld bij,responsible,weight\n'
    printf '1,106547.889,502208.258,litter,BEVERWIJK,gm0396,1\n'
    printf '2,106547.889,502208.258,litter,heemskerk,Heemskerk,1\n'
    printf '3,106547.889,502208.258,litter,GM0396,,1\n'
    printf '4,106547.889,502208.258,litter,"Omgevingsdienst, IJmond",Heemskerk,2\n'
    printf '5,105700,501066,litter,,NULL,1\n'
    printf '6,105700,501066,litter,Beverwijk,Heemskerk,1\n'
    printf '7,0,0,litter,Beverwijk,Beverwijk,1\n'
}

@test "who has an incident is counted by name or code, as text, or unknown" {
    holders >"$scratch/who.csv"
    asked="--boundaries data/europaplein/gemeenten.shp --incidents $scratch/who.csv --format csv --quiet"
    "$PLEIN" query $asked --by responsible,reported_to,jurisdiction >"$scratch/csv"
    diff - "$scratch/csv" <<'CSV'
jurisdiction_code,jurisdiction,reported_to_code,reported_to,responsible_code,responsible,incidents
GM0375,Beverwijk,GM0375,Beverwijk,GM0396,Heemskerk,1
GM0375,Beverwijk,,(unknown),,(unknown),1
GM0396,Heemskerk,GM0375,Beverwijk,GM0396,Heemskerk,1
GM0396,Heemskerk,GM0396,Heemskerk,GM0396,Heemskerk,1
GM0396,Heemskerk,GM0396,Heemskerk,,(unknown),1
GM0396,Heemskerk,,"Omgevingsdienst, IJmond",GM0396,Heemskerk,2
,(outside),,,,,0
,(no place),,,,,1
,total,,,,,8
CSV
    "$PLEIN" query $asked --by reported_to --columns reported_to=responsible | grep -qx 'GM0396,Heemskerk,5'
    "$PLEIN" query $asked --by reported_to --columns reported_to=:velsen | grep -qx 'GM0453,Velsen,7'
    "$PLEIN" query $asked --by responsible --jurisdiction Beverwijk >"$scratch/csv"
    grep -qx 'GM0396,Heemskerk,1' "$scratch/csv"
    grep -qx ',(unknown),1' "$scratch/csv"
}

@test "files that do not tell who has an incident count as unknown, and that is said" {
    holders >"$scratch/who.csv"
    printf 'id,x,y\n8,105700,501066\n' >"$scratch/silent.csv"
    for files in "--incidents $scratch/who.csv --incidents $scratch/silent.csv" "--incidents $scratch/silent.csv --incidents $scratch/who.csv"; do
        "$PLEIN" query --boundaries data/europaplein/gemeenten.shp $files --by reported_to --format csv --lang en >"$scratch/csv" 2>"$scratch/err"
        grep -qx ',(unknown),2' "$scratch/csv"
        [ "$(grep -c 'no file of incidents' "$scratch/err")" -eq 0 ]
    done
    "$PLEIN" query --boundaries data/europaplein/gemeenten.shp --incidents "$scratch/silent.csv" --by responsible --format csv --lang en \
        2>"$scratch/err" | grep -qx ',(unknown),1'
    grep -q 'no file of incidents has a column for responsible' "$scratch/err"
}

@test "the border band is a key of its own, and a row below each jurisdiction for people" {
    query --by band,jurisdiction >"$scratch/band"
    query >"$scratch/flat"
    [ "$(head -n 1 "$scratch/band")" = "jurisdiction_code,jurisdiction,band,incidents" ]
    "$PLEIN" query $study --lang en >"$scratch/table"
    for name in Heemskerk Beverwijk Velsen; do
        in=$(sed -n "s/.*,$name,in,//p" "$scratch/band") out=$(sed -n "s/.*,$name,out,//p" "$scratch/band")
        [ $((in + out)) -eq "$(sed -n "s/.*,$name,//p" "$scratch/flat")" ]
        [ "$(grep -A1 " $name " "$scratch/table" | awk '/^ +of which in the border band \(10 m\)/ {print $NF}')" -eq "$in" ]
    done
    "$PLEIN" check $study --format csv --lang en | grep -q "in the border band,$(awk -F, '$3 == "in" {n += $4} END {print n}' "$scratch/band") "
    query --by band | adds_up
    [ "$(query --by band --location-accuracy 25 | sed -n 's/^in,//p')" -gt "$(query --by band | sed -n 's/^in,//p')" ]
}

@test "the band is as wide as the least known file makes it, whatever its place among the files" {
    tests/cli/areas "$scratch/two.shp" <<'AREAS'
A West 100000,500000 101000,500000 101000,501000 100000,501000
B East 101000,500000 102000,500000 102000,501000 101000,501000
AREAS
    printf 'id,x,y\n1,100999.9,500500\n' >"$scratch/metres.csv"
    printf 'id,lon,lat\n2,4.59,52.49\n' >"$scratch/degrees.csv"
    asked="--boundaries $scratch/two.shp --location-accuracy 0 --lang en"
    unset PROJ_DATA PROJ_LIB # without the correction grid degrees are good to 0.25 m
    for files in "--incidents $scratch/metres.csv --incidents $scratch/degrees.csv" "--incidents $scratch/degrees.csv --incidents $scratch/metres.csv"; do
        "$PLEIN" query $asked $files --quiet >"$scratch/table"
        grep -A1 ' West ' "$scratch/table" | grep -q '^ *of which in the border band (0.25 m) *1$'
        "$PLEIN" query $asked $files --by band --format csv 2>"$scratch/err" | grep -qx 'in,1'
        [ "$(grep -c degrees.csv "$scratch/err")" -eq 1 ]
        "$PLEIN" check $asked $files --format csv --quiet | grep -q 'in the border band,1 (within 0.25 m)'
    done
    "$PLEIN" query $asked --incidents "$scratch/metres.csv" --by band --format csv --quiet | grep -qx 'out,1'
    "$PLEIN" query $asked --incidents "$scratch/metres.csv" --incidents - --by band --format csv <"$scratch/degrees.csv" 2>"$scratch/err" | grep -qx 'out,2'
    grep -q 'standard input is read once: .* 0 m wide, though places are good to 0.25 m' "$scratch/err"
}
