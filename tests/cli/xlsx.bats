#!/usr/bin/env bats
# Workbooks are read as the tables that they are.

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
    PLEIN=${PLEIN:-$PWD/build/plein}
    scratch=$BATS_TEST_TMPDIR
    cp data/europaplein/politie.csv "$scratch/politie.csv"
}

locate() { # file [options]
    local file=$1
    shift
    "$PLEIN" locate --boundaries data/europaplein/gemeenten.shp --incidents "politie=$file" --quiet --format csv "$@"
}

same_as_csv() { # file
    locate "$scratch/politie.csv" >"$scratch/a"
    locate "$1" >"$scratch/b"
    [ "$(wc -l <"$scratch/a")" -gt 1800 ]
    cmp "$scratch/a" "$scratch/b"
}

# Writes politie.xlsx as Excel does: numbers and days are numbers; python code may change the parts in `members`, or before,
# `since` (1904), `inline`, and at last `rows`.
make_workbook() { # before [after]
    python3 - "$scratch" "${1:-pass}" "${2:-pass}" <<'EOF'
import csv, datetime, sys, zipfile
from xml.sax.saxutils import escape
rows = list(csv.reader(open(sys.argv[1] + "/politie.csv", encoding="utf-8-sig")))
since, inline, prefix, above = 1900, False, "", ""
exec(sys.argv[2])
shared, numbers = {}, {"longitude", "latitude"}
base = datetime.datetime(1899, 12, 30) if since == 1900 else datetime.datetime(1904, 1, 1)
def name(column):
    return chr(65 + column) if column < 26 else chr(64 + column // 26) + chr(65 + column % 26)
def cell(r, c, value, title):
    place = '%sc r="%s%d"' % (prefix, name(c), r)
    if value.strip() == "":
        return value and "<c/>"
    if r > 1 and title in numbers:
        return "<%s><%sv>%r</%sv></%sc>" % (place, prefix, float(value), prefix, prefix)
    try:
        when = datetime.datetime.fromisoformat(value) if r > 1 and len(value) > 9 else None
    except ValueError:
        when = None
    if when:
        return '<%s s="%d"><%sv>%r</%sv></%sc>' % (place, 2 if len(value) > 10 else 1, prefix, (when - base) / datetime.timedelta(1), prefix, prefix)
    if inline:
        return '<%s t="inlineStr"><%sis><%st>%s</%st></%sis></%sc>' % (place, prefix, prefix, escape(value), prefix, prefix, prefix)
    return '<%s t="s"><%sv>%d</%sv></%sc>' % (place, prefix, shared.setdefault(value, len(shared)), prefix, prefix)
data = "".join('<%srow r="%d">%s</%srow>' % (prefix, r, "".join(cell(r, c, v, rows[0][c]) for c, v in enumerate(row)), prefix) for r, row in enumerate(rows, 1))
ns = 'xmlns%s="http://schemas.openxmlformats.org/spreadsheetml/2006/main"' % (":" + prefix[:-1] if prefix else "")
members = {
    "[Content_Types].xml": "<Types/>",
    "xl/workbook.xml": '<workbook xmlns:r="r"><workbookPr %s/><sheets><sheet name="Verborgen" sheetId="1" state="hidden" r:id="rId1"/>'
                       '<sheet name="Meldingen 2023" sheetId="2" r:id="rId2"/></sheets></workbook>' % ('date1904="1"' if since == 1904 else ""),
    "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/>'
                                  '<Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/></Relationships>',
    "xl/styles.xml": '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="d\\-m\\-yyyy\\ h:mm"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
                     '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>',
    "xl/sharedStrings.xml": "<sst>" + "".join("<si><t>%s</t><rPh><t>zzz</t></rPh></si>" % escape(s) for s in shared) + "</sst>",
    "xl/worksheets/sheet1.xml": "<worksheet><sheetData/></worksheet>",
    "xl/worksheets/sheet2.xml": '<?xml version="1.0" encoding="UTF-8"?>\n<%sworksheet %s><%ssheetData>%s%s</%ssheetData></%sworksheet>' % (prefix, ns, prefix, above, data, prefix, prefix),
}
exec(sys.argv[3])
with zipfile.ZipFile(sys.argv[1] + "/politie.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
    for member, text in members.items():
        book.writestr(member, text)
EOF
}

@test "the first sheet that is not hidden is a table, with days and times by their formats" {
    make_workbook
    same_as_csv "$scratch/politie.xlsx"
    same_as_csv "$scratch/politie.xlsx:meldingen 2023"
    make_workbook 'since = 1904'
    same_as_csv "$scratch/politie.xlsx"
}

@test "texts in the cells themselves, prefixes and titles above the header change nothing" {
    make_workbook 'inline = True; prefix = "x:"'
    same_as_csv "$scratch/politie.xlsx"
    make_workbook 'above = "<row><c t=\"inlineStr\"><is><t>Meldingen van de politie</t></is></c></row><row/>"'
    same_as_csv "$scratch/politie.xlsx"
    # As some programs write it, without places of cells.
    make_workbook 'rows = [[c or " " for c in row] for row in rows]' 'import re; members["xl/worksheets/sheet2.xml"] = re.sub(" r=\"[A-Z0-9]*\"", "", members["xl/worksheets/sheet2.xml"])'
    same_as_csv "$scratch/politie.xlsx"
}

@test "a workbook in a zip or gzip is read too" {
    make_workbook
    gzip -nc "$scratch/politie.xlsx" >"$scratch/packed"
    same_as_csv "$scratch/packed"
    (cd "$scratch" && python3 -m zipfile -c politie.zip politie.xlsx)
    same_as_csv "$scratch/politie.zip"
}

@test "errors are nothing, and truths are told" {
    make_workbook pass 'members["xl/worksheets/sheet2.xml"] = """<worksheet><sheetData>
<row><c t="str"><v>id</v></c><c t="str"><v>lon</v></c><c t="str"><v>lat</v></c><c t="str"><v>category</v></c></row>
<row><c><v>1</v></c><c><v>4.65</v></c><c><v>52.5</v></c><c t="e"><v>#N/A</v></c></row>
<row><c><v>2</v></c><c t="e"><v>#DIV/0!</v></c><c><v>52.5</v></c><c t="b"><v>1</v></c></row>
<row r="9"><c r="A9"><v>3E0</v></c><c r="B9"><v>4.65E0</v></c><c r="C9"><v>5.25E+1</v></c><c r="D9" t="b"><v>0</v></c></row>
</sheetData></worksheet>"""'
    locate "$scratch/politie.xlsx" >"$scratch/b"
    grep -q '^1,.*,GM.*,,unmapped,politie,$' "$scratch/b"
    grep -q '^2,,,.*,true,unmapped,politie,$' "$scratch/b"
    grep -q '^3,10.*,GM.*,false,unmapped,politie,$' "$scratch/b"
}

@test "what cannot be read is told by the row of the sheet" {
    # A title, a gap and a line end within a cell are above it.
    make_workbook pass 'members["xl/worksheets/sheet2.xml"] = """<worksheet><sheetData><row r="1"><c t="str"><v>Meldingen</v></c></row>
<row r="3"><c t="str"><v>id</v></c><c t="str"><v>note</v></c><c t="str"><v>lon</v></c><c t="str"><v>lat</v></c></row>
<row r="4"><c><v>1</v></c><c t="str"><v>two
lines</v></c><c><v>4.65</v></c><c><v>52.5</v></c></row>
<row r="7"><c><v>2</v></c><c t="str"><v>-</v></c><c t="str"><v>west</v></c><c><v>52.5</v></c></row>
<row><c><v>3</v></c><c t="str"><v>-</v></c><c t="str"><v>east</v></c><c><v>52.5</v></c></row>
<row r="12"><c><v>4</v></c><c t="str"><v>-</v></c><c t="str"><v>north</v></c><c><v>52.5</v></c></row></sheetData></worksheet>"""'
    run "$PLEIN" check --boundaries data/europaplein/gemeenten.shp --incidents "$scratch/politie.xlsx" --lang en
    [[ "$output" == *"rows 7, 8, 12 ('west')"* ]]
    run locate "$scratch/politie.xlsx" --strict
    [ "$status" -eq 65 ]
    [[ "$output" == *"politie.xlsx:7: "* ]]
}

@test "another sheet is told of, and one that is not there is refused with the names" {
    make_workbook
    run "$PLEIN" query --boundaries data/europaplein/gemeenten.shp --incidents "$scratch/politie.xlsx" --lang en
    [[ "$output" == *"of its 2 sheets 'Meldingen 2023' is read"* ]]
    run locate "$scratch/politie.xlsx:Blad7" --lang en
    [ "$status" -eq 65 ]
    [[ "$output" == *"Verborgen, Meldingen 2023"* ]]
    run locate "$scratch/politie.xlsx:Verborgen" --lang en
    [ "$status" -eq 65 ]
    [[ "$output" == *"no header"* ]]
}

@test "what is damaged or hostile is refused" {
    refused() { # what to change
        make_workbook pass "$1"
        run timeout 60 "$PLEIN" locate --boundaries data/europaplein/gemeenten.shp --incidents "$scratch/politie.xlsx" --quiet
        [ "$status" -eq 65 ]
    }
    refused 'members["xl/worksheets/sheet2.xml"] = members["xl/worksheets/sheet2.xml"][:-500]'
    refused 'del members["xl/worksheets/sheet2.xml"]'
    refused 'members["xl/workbook.xml"] = "<workbook/>"'
    refused 'members["xl/sharedStrings.xml"] = "<sst/>"'
    refused 'members["xl/sharedStrings.xml"] = "<!DOCTYPE sst [<!ENTITY a \"aaaa\">]><sst><si><t>&a;</t></si></sst>"'
    refused 'members["xl/worksheets/sheet2.xml"] = "<a>" * 100000'
    refused 'members["xl/worksheets/sheet2.xml"] = "<worksheet><row><c r=\"ZZZZZZZZZ1\"><v>1</v></c><c r=\"XFD1\"><v>1</v></c></row></worksheet>"'
    refused 'members["xl/worksheets/sheet2.xml"] = "<worksheet><row><c><v>" + "9" * 200000000 + "</v></c></row></worksheet>"'
    # A workbook of some hundred kilobytes takes no time and no memory that is told by its square or its depth.
    refused 'members["xl/worksheets/sheet2.xml"] = "<worksheet>" + "<a>" * 2000000'
    [[ "$output" == *"100"* ]]
    refused 'members["xl/styles.xml"] = "<s><numFmts>" + "<numFmt numFmtId=\"200\" formatCode=\"0\"/>" * 6000 + "</numFmts></s>"'
    refused 'members["xl/styles.xml"] = "<s><cellXfs>" + "<xf numFmtId=\"9\"/>" * 100001 + "</cellXfs></s>"'
    make_workbook
    head -c 20000 "$scratch/politie.xlsx" >"$scratch/cut.xlsx"
    run locate "$scratch/cut.xlsx"
    [ "$status" -eq 65 ]
}
