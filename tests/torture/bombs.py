#!/usr/bin/env python3
"""Feeds plein small files that ask for a great deal, and large ones of one kind, and holds that each is done or refused.

    tests/torture/bombs.py BUILD FOLDER [NAME...]

Makes each bomb in FOLDER, runs the commands that it is meant for, and prints a line for each: seconds of processor time,
megabytes, exit status and what was said. Held for every run: exit status 0, 1, 65 or 66, one sentence with the file in it
when refused, 5 s and 512 MB at most. NAME chooses bombs; those of `small` take a moment and are in `make check` too.
"""
import json
import math
import multiprocessing
import os
import pathlib
import resource
import shutil
import sqlite3
import struct
import subprocess
import sys
import zipfile
import zlib

SECONDS, BYTES = 5, 512 << 20
RD = ["--boundaries-crs", "EPSG:28992"]
LEFT, LOW = 105000, 500000  # of the square kilometre in which it all happens
MILLION = 1000000


# ---- files ----

def ring(points):
    return [*points, points[0]]


def square(x, y, side):
    return ring([(x, y), (x + side, y), (x + side, y + side), (x, y + side)])


def feature(name, kind, coordinates):
    return {"type": "Feature", "properties": {"name": name}, "geometry": {"type": kind, "coordinates": coordinates}}


def write_geojson(path, features):
    system = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": system, "features": features}))
    return path


def halves(folder):
    """Two jurisdictions, for where the boundaries are not the bomb."""
    return write_geojson(folder / "halves.geojson", [
        feature("west", "Polygon", [ring([(LEFT, LOW), (LEFT + 500, LOW), (LEFT + 500, LOW + 1000), (LEFT, LOW + 1000)])]),
        feature("east", "Polygon", [ring([(LEFT + 500, LOW), (LEFT + 1000, LOW), (LEFT + 1000, LOW + 1000), (LEFT + 500, LOW + 1000)])])])


def write_csv(path, places, categories=("litter",)):
    with open(path, "w") as out:
        out.write("id,x,y,category,occurred_at\n")
        out.writelines(f"{i},{x},{y},{categories[i % len(categories)]},2024-{i % 12 + 1:02}-{i % 28 + 1:02}\n"
                       for i, (x, y) in enumerate(places))
    return path


def some(folder):
    """A thousand incidents, for where the incidents are not the bomb."""
    return write_csv(folder / "some.csv", [(LEFT + i * 37 % 1000, LOW + i * 91 % 1000) for i in range(1000)])


def write_dbf(path, rows, claimed=None):
    with open(path, "wb") as out:
        out.write(struct.pack("<4BIHH20x", 3, 124, 1, 1, len(rows) if claimed is None else claimed, 65, 11))
        out.write(struct.pack("<11sc4xBB14x", b"NAME", b"C", 10, 0) + b"\r")
        out.write(b"".join(b" " + row.encode().ljust(10) for row in rows) + b"\x1a")


def write_shapefile(path, records, entries=None):
    """Records are lists of rings; entries, when given, are the index's: which record each is."""
    bodies = []
    for rings in records:
        points = [point for one in rings for point in one]
        starts = [0]
        for one in rings[:-1]:
            starts.append(starts[-1] + len(one))
        xs, ys = [x for x, _ in points], [y for _, y in points]
        bodies.append(struct.pack(f"<i4dii{len(rings)}i", 5, min(xs), min(ys), max(xs), max(ys), len(rings), len(points), *starts)
                      + struct.pack(f"<{2 * len(points)}d", *(number for point in points for number in point)))
    box = struct.pack("<8d", LEFT, LOW, LEFT + 1000, LOW + 1000, 0, 0, 0, 0)
    head = lambda size: struct.pack(">i20xi", 9994, size // 2) + struct.pack("<ii", 1000, 5) + box
    offset, places = 100, []
    with open(path, "wb") as out:
        out.write(head(100 + sum(8 + len(body) for body in bodies)))
        for number, body in enumerate(bodies):
            out.write(struct.pack(">ii", number + 1, len(body) // 2) + body)
            places.append((offset // 2, len(body) // 2))
            offset += 8 + len(body)
    entries = range(len(bodies)) if entries is None else entries
    with open(path.with_suffix(".shx"), "wb") as out:
        out.write(head(100 + 8 * len(entries)))
        out.write(b"".join(struct.pack(">ii", *places[entry]) for entry in entries))
    write_dbf(path.with_suffix(".dbf"), [f"n{entry}" for entry in range(len(entries))])
    return path


def write_geopackage(path, blobs, sql=()):
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as base:
        base.execute("PRAGMA application_id = 0x47504B47")
        base.execute("PRAGMA user_version = 10300")
        base.execute("CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT,"
                     " organization_coordsys_id INTEGER, definition TEXT, description TEXT)")
        base.execute("INSERT INTO gpkg_spatial_ref_sys VALUES ('RD', 28992, 'EPSG', 28992, 'undefined', '')")
        base.execute("CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, identifier TEXT, description TEXT,"
                     " last_change DATETIME, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER)")
        base.execute("INSERT INTO gpkg_contents VALUES ('areas', 'features', 'areas', '', '', 0, 0, 0, 0, 28992)")
        base.execute("CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT,"
                     " srs_id INTEGER, z INTEGER, m INTEGER)")
        base.execute("INSERT INTO gpkg_geometry_columns VALUES ('areas', 'geom', 'GEOMETRY', 28992, 0, 0)")
        if sql:
            for statement in sql:
                base.execute(statement)
        else:
            base.execute("CREATE TABLE areas (fid INTEGER PRIMARY KEY, geom BLOB, name TEXT)")
            base.executemany("INSERT INTO areas (geom, name) VALUES (?, ?)", ((blob, f"n{i}") for i, blob in enumerate(blobs)))
    return path


def geopackage_head():
    return b"GP" + struct.pack("<BBi", 0, 1, 28992)


def wkb_polygon(points):
    return struct.pack("<BIII", 1, 3, 1, len(points)) + b"".join(struct.pack("<dd", *point) for point in points)


SHEET = ('<?xml version="1.0"?>{}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
         '<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c><c r="B1" t="inlineStr"><is><t>y</t></is></c></row>{}</sheetData>'
         '</worksheet>')


def write_xlsx(path, sheet, strings=None):
    main = "http://schemas.openxmlformats.org/"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{main}package/2006/content-types"><Default Extension="xml" ContentType='
                               '"application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{main}package/2006/relationships"><Relationship Id="rId1" Type='
                       f'"{main}officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}spreadsheetml/2006/main" xmlns:r="{main}officeDocument/2006/relationships">'
                           '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{main}package/2006/relationships"><Relationship Id="rId1" Type='
                                      f'"{main}officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
                                      f'<Relationship Id="rId2" Type="{main}officeDocument/2006/relationships/sharedStrings"'
                                      ' Target="sharedStrings.xml"/></Relationships>'}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, text in parts.items():
            book.writestr(name, text)
        for name, pieces in (("xl/worksheets/sheet1.xml", sheet), ("xl/sharedStrings.xml", strings)):
            if pieces is not None:
                with book.open(name, "w", force_zip64=True) as out:
                    for piece in [pieces] if isinstance(pieces, str) else pieces:
                        out.write(piece.encode())
    return path


def gzip_of(head, piece, times):
    """A gzip file of a head and so many equal pieces, without deflating each piece anew."""
    pack = zlib.compressobj(9, zlib.DEFLATED, -15)
    start = pack.compress(head) + pack.flush(zlib.Z_FULL_FLUSH)
    one = pack.compress(piece) + pack.flush(zlib.Z_FULL_FLUSH)
    check, size = zlib.crc32(head), len(head) + len(piece) * times
    for _ in range(times):
        check = zlib.crc32(piece, check)
    return (b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + start + one * times + pack.flush(zlib.Z_FINISH)
            + struct.pack("<II", check, size & 0xFFFFFFFF))


# ---- what is run ----

def over_boundaries(folder, path, commands="check locate map", options=RD):
    inputs = ["--boundaries", path, *options, "--incidents", some(folder), "--incidents-crs", "EPSG:28992", "--crs", "EPSG:28992"]
    return [[command, *inputs] for command in commands.split()]


def over_incidents(folder, path, commands="check locate clusters density map", options=("--incidents-crs", "EPSG:28992")):
    inputs = ["--boundaries", halves(folder), *RD, "--incidents", path, *options]
    return [[command, *inputs] for command in commands.split()]


# ---- the bombs ----

def star(folder):
    count = 20000
    points = ring([(LEFT + 500 + 499 * math.cos(2 * math.pi * i * 9999 / count), LOW + 500 + 499 * math.sin(2 * math.pi * i * 9999 / count))
                   for i in range(count)])
    yield from over_boundaries(folder, write_geojson(folder / "star.geojson", [feature("star", "Polygon", [points])]))
    spikes = ring([(LEFT + 500 + r * math.cos(a), LOW + 500 + r * math.sin(a))
                   for i in range(count) for a, r in [(math.pi * 2 * i / count, 499 if i % 2 else 1)]])
    yield from over_boundaries(folder, write_shapefile(folder / "spikes.shp", [[spikes]]))


def rings(folder):
    side = 1000 / 317
    apart = [square(LEFT + side * (i % 316), LOW + side * (i // 316), side / 2) for i in range(100000)]
    yield from over_boundaries(folder, write_geojson(folder / "parts.geojson", [feature("parts", "MultiPolygon", [[one] for one in apart])]))
    yield from over_boundaries(folder, write_shapefile(folder / "holes.shp", [[square(LEFT, LOW, 1000)[::-1]] + apart]))
    nested = [square(LEFT + i / 201, LOW + i / 201, 1000 - 2 * i / 201) for i in range(100000)]
    yield from over_boundaries(folder, write_shapefile(folder / "nested.shp", [nested]))
    yield from over_boundaries(folder, write_geojson(folder / "nested.geojson", [feature("nested", "MultiPolygon", [[one] for one in nested])]))
    same = [square(LEFT, LOW, 1000)] * 100000
    yield from over_boundaries(folder, write_shapefile(folder / "same.shp", [same]))
    across = [ring([(LEFT, LOW + i / 100), (LEFT + 1000, LOW + i / 100), (LEFT + 1000, LOW + i / 100 + 500), (LEFT, LOW + i / 100 + 500)])
              for i in range(50000)]
    yield from over_boundaries(folder, write_shapefile(folder / "across.shp", [across]))


def vertices(folder):
    def around(amplitude):
        return ring([(LEFT + 500 + r * math.cos(a), LOW + 500 + r * math.sin(a)) for i in range(MILLION)
                     for a, r in [(2 * math.pi * i / MILLION, 490 + amplitude * math.sin(i * 0.7))]])
    path = write_shapefile(folder / "coast.shp", [[around(0.002)[::-1]]])
    yield from over_boundaries(folder, path, "check locate clusters density map")
    yield from over_boundaries(folder, write_geojson(folder / "coast.geojson", [feature("round", "Polygon", [around(0.002)])]), "check map")
    yield from over_boundaries(folder, write_shapefile(folder / "zigzag.shp", [[around(9)[::-1]]]))


def jurisdictions(folder):
    side = 1000 / 316
    areas = [[square(LEFT + side * (i % 316), LOW + side * (i // 316), side)[::-1]] for i in range(316 * 316)]
    path = write_shapefile(folder / "jurisdictions.shp", areas)
    yield from over_boundaries(folder, path, "check locate query clusters density map border")


def nesting(folder):
    deep = 100000
    texts = {
        "arrays": '{"type":"Polygon","coordinates":' + "[" * deep + "]" * deep + "}",
        "unclosed": '{"type":"Polygon","coordinates":' + "[" * deep,
        "collections": '{"type":"GeometryCollection","geometries":[' * deep + "]}" * deep}
    for name, geometry in texts.items():
        path = folder / f"{name}.geojson"
        path.write_text('{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"a"},"geometry":' + geometry
                        + ("" if name == "unclosed" else "}]}"))
        yield from over_boundaries(folder, path, "check map")
        yield from over_incidents(folder, path, "check")
    path = folder / "properties.geojson"
    path.write_text('{"type":"FeatureCollection","features":[{"type":"Feature","properties":' + '{"a":' * deep + "1" + "}" * deep
                    + ',"geometry":' + json.dumps(feature("a", "Polygon", [square(LEFT, LOW, 1000)])["geometry"]) + "}]}")
    yield from over_boundaries(folder, path, "check map")
    path = folder / "members.geojson"
    path.write_text('{"a":' * deep + "1" + "}" * deep)
    yield from over_boundaries(folder, path, "check")
    yield from over_incidents(folder, path, "check")


def nesting_wkb(folder):
    deep = 100000
    blob = geopackage_head() + struct.pack("<BII", 1, 7, 1) * deep + wkb_polygon(square(LEFT, LOW, 1000))
    yield from over_boundaries(folder, write_geopackage(folder / "deep.gpkg", [blob]), "check map", [])
    yield from over_incidents(folder, folder / "deep.gpkg", "check", [])
    blob = geopackage_head() + struct.pack("<BII", 1, 7, 0xFFFFFFFF) * deep
    yield from over_boundaries(folder, write_geopackage(folder / "wide.gpkg", [blob]), "check", [])
    blob = geopackage_head() + struct.pack("<BII", 1, 3, 0x7FFFFFFF) + struct.pack("<I", 0x7FFFFFFF) * deep
    yield from over_boundaries(folder, write_geopackage(folder / "claims.gpkg", [blob]), "check", [])


def one_point(folder):
    path = write_csv(folder / "point.csv", [(LEFT + 250, LOW + 250)] * MILLION, ["litter", "dealing", "traffic"])
    yield from over_incidents(folder, path, "check locate query clusters density map border export")
    path = write_csv(folder / "border.csv", [(LEFT + 500, LOW + 250)] * MILLION)
    yield from over_incidents(folder, path, "check clusters map border")


def one_line(folder):
    path = write_csv(folder / "line.csv", [(LEFT + i / 1000, LOW + 250) for i in range(MILLION)])
    yield from over_incidents(folder, path, "check locate query clusters density map border export")
    path = write_csv(folder / "upright.csv", [(LEFT + 500, LOW + i / 1000) for i in range(MILLION)])
    yield from over_incidents(folder, path, "check clusters map border")


def categories(folder):
    names = [f"c{i}" for i in range(MILLION)]
    path = write_csv(folder / "categories.csv", [(LEFT + i * 37 % 1000, LOW + i * 91 % 1000) for i in range(MILLION)], names)
    yield from over_incidents(folder, path, "check locate query clusters density map border")
    yield ["query", *over_incidents(folder, path, "query")[0][1:], "--by", "category"]
    vocabulary = folder / "vocabulary.csv"
    vocabulary.write_text("source;reported;category;domain;also\n" + "".join(f";{name};{name};safety;\n" for name in names))
    yield from over_incidents(folder, some(folder), "check map", ["--incidents-crs", "EPSG:28992", "--vocabulary", vocabulary])


def dbf_rows(folder):
    path = write_shapefile(folder / "rows.shp", [[square(LEFT, LOW, 1000)[::-1]]])
    write_dbf(path.with_suffix(".dbf"), ["a"], 0x80000000)
    yield from over_boundaries(folder, path, "check locate map")
    yield from over_incidents(folder, path, "check")
    write_dbf(folder / "alone.dbf", ["a"], 0x7FFFFFFF)
    yield from over_incidents(folder, folder / "alone.dbf", "check")


def one_record(folder):
    circle = ring([(LEFT + 500 + 499 * math.cos(i / 1592), LOW + 500 - 499 * math.sin(i / 1592)) for i in range(10000)])
    path = write_shapefile(folder / "entries.shp", [[circle]], [0] * 20000)
    yield from over_boundaries(folder, path)
    yield from over_incidents(folder, path, "check")


def xml_entities(folder):
    laughs = "<!DOCTYPE z [" + '<!ENTITY e0 "ha">' + "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 10)) + "]>"
    row = '<row r="2"><c r="A2" t="inlineStr"><is><t>&e9;</t></is></c></row>'
    yield from over_incidents(folder, write_xlsx(folder / "laughs.xlsx", SHEET.format(laughs, row)), "check locate")
    big = f'<!DOCTYPE z [<!ENTITY b "{"A" * 100000}">]>'
    row = f'<row r="2"><c r="A2" t="inlineStr"><is><t>{"&b;" * 50000}</t></is></c></row>'
    yield from over_incidents(folder, write_xlsx(folder / "quadratic.xlsx", SHEET.format(big, row)), "check")
    inside = '<?xml version="1.0"?>' + laughs + "<sst><si><t>&e9;</t></si></sst>"
    yield from over_incidents(folder, write_xlsx(folder / "strings.xlsx", SHEET.format("", ""), inside), "check")


def xml_deep(folder):
    deep = MILLION
    yield from over_incidents(folder, write_xlsx(folder / "deep.xlsx", SHEET.format("", "<a>" * deep + "</a>" * deep)), "check locate")
    wide = "<a " + " ".join(f'a{i}="1"' for i in range(deep)) + "/>"
    yield from over_incidents(folder, write_xlsx(folder / "attributes.xlsx", SHEET.format("", wide)), "check")
    yield from over_incidents(folder, write_xlsx(folder / "name.xlsx", SHEET.format("", f"<{'a' * 100 * deep}/>")), "check")


def xlsx_cells(folder):
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    yield from over_incidents(folder, write_xlsx(folder / "far.xlsx", SHEET.format("", far)), "check locate")
    rows = "".join(f'<row r="{i}"><c r="A{i}"><v>{LEFT + 1}</v></c><c r="B{i}"><v>{LOW + 1}</v></c></row>' for i in range(2, MILLION))
    yield from over_incidents(folder, write_xlsx(folder / "rows.xlsx", SHEET.format("", rows)), "check locate")
    strings = "<sst>" + "<si><t>a</t></si>" * 5 * MILLION + "</sst>"
    yield from over_incidents(folder, write_xlsx(folder / "shared.xlsx", SHEET.format("", ""), strings), "check")


def zip_bomb(folder):
    head, tail = SHEET.format("", "@").split("@")
    blank = " " * (1 << 24)
    path = write_xlsx(folder / "blanks.xlsx", (piece for part in ([head], (blank for _ in range(256)), [tail]) for piece in part))
    yield from over_incidents(folder, path, "check locate")
    row = '<row><c><v>1</v></c><c><v>2</v></c></row>' * 100000
    path = write_xlsx(folder / "ever.xlsx", (piece for part in ([head], (row for _ in range(400)), [tail]) for piece in part))
    yield from over_incidents(folder, path, "check")
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        with out.open("incidents.csv", "w", force_zip64=True) as part:
            part.write(b"x,y\n")
            for _ in range(256):
                part.write(bytes(1 << 24))
    yield from over_incidents(folder, folder / "bomb.zip", "check locate")
    yield from over_boundaries(folder, folder / "bomb.zip", "check")
    with zipfile.ZipFile(folder / "entries.zip", "w") as out:
        for i in range(60000):
            out.writestr(f"{i}.csv", b"x,y\n1,2\n")
    yield from over_incidents(folder, folder / "entries.zip", "check")
    yield from over_boundaries(folder, folder / "entries.zip", "check")


def gzip_bomb(folder):
    line = f"{LEFT},{LOW}\n".encode()
    for name, head, piece, times in (("zeros.csv.gz", b"x,y\n", bytes(1 << 24), 256), ("rows.csv.gz", b"x,y\n", line * (1 << 20), 300),
                                     ("blanks.geojson.gz", b'{"type":"FeatureCollection","features":[', b" " * (1 << 24), 256)):
        (folder / name).write_bytes(gzip_of(head, piece, times))
        yield from over_incidents(folder, folder / name, "check locate")
    yield from over_boundaries(folder, folder / "blanks.geojson.gz", "check")
    small = bytearray(gzip_of(b"x,y\n", line, 1))
    small[-4:] = struct.pack("<I", 0xFFFFFFFF)
    (folder / "claim.csv.gz").write_bytes(small)
    yield from over_incidents(folder, folder / "claim.csv.gz", "check locate")


def csv_wide(folder):
    size = 100 * MILLION
    for name, text in {"word": b"a" * size, "commas": b"," * size, "quotes": b'"' * size, "quoted": b'x,y\n"' + b"a" * size,
                       "later": b"x,y\n" + b"1" * size, "commas-later": b"x,y\n" + b"," * size, "nul": bytes(size),
                       "newlines": b"x,y\n" + b"\n" * size, "carriage": b"x,y\n" + b"\r" * size}.items():
        (folder / f"{name}.csv").write_bytes(text)
        yield from over_incidents(folder, folder / f"{name}.csv", "check locate")


def endless_view(folder):
    blob = "x'" + (geopackage_head() + wkb_polygon(square(LEFT, LOW, 1000))).hex() + "'"
    endless = ("CREATE VIEW areas AS WITH RECURSIVE n(fid) AS (SELECT 1 UNION ALL SELECT fid + 1 FROM n) SELECT fid, "
               "{} AS geom, 'n' || fid AS name FROM n{}")
    for name, sql in {"endless": endless.format(blob, ""), "barren": endless.format(blob, " WHERE fid < 0"),
                      "large": f"CREATE VIEW areas AS SELECT 1 AS fid, zeroblob(900000000) AS geom, 'n' AS name",
                      "grown": "CREATE VIEW areas AS SELECT 1 AS fid, x'00' AS geom, hex(hex(hex(zeroblob(90000000)))) AS name",
                      "pattern": f"CREATE VIEW areas AS SELECT 1 AS fid, {blob} AS geom, replace(hex(zeroblob(50000)), '0', "
                                 "hex(zeroblob(5000))) LIKE '%0%0%0%0%0%0%0%1' AS name",
                      "within": "CREATE VIEW areas AS SELECT * FROM areas"}.items():
        path = write_geopackage(folder / f"{name}.gpkg", [], [sql])
        yield from over_boundaries(folder, path, "check map", [])
        yield from over_incidents(folder, path, "check", [])


def scale_png(folder):
    chunk = lambda kind, body: struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    head = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 60000, 60000, 8, 6, 0, 0, 0))
    pixels = zlib.compress(bytes(1 << 26), 9)
    text = gzip_of(b"", bytes(1 << 24), 64)[10:-8]
    bombs = {"pixels": chunk(b"IDAT", pixels) * 50,
             "text": chunk(b"zTXt", b"plein\0\0" + b"\x78\xda" + text + b"\0\0\0\0") * 4,
             "profile": chunk(b"iCCP", b"a\0\0" + b"\x78\xda" + text + b"\0\0\0\0"),
             "many": chunk(b"tEXt", b"plein\0a") * 500000}
    for name, body in bombs.items():
        (folder / f"{name}.png").write_bytes(head + body + chunk(b"IEND", b""))
        yield ["map", *over_incidents(folder, some(folder), "map")[0][1:], "--scale", folder / f"{name}.png"]


def settings(folder):
    head = f"[study]\nboundaries = {halves(folder).name}\nboundaries-crs = EPSG:28992\nincidents = {some(folder).name}\n"
    for name, text in {"line": head + "name = " + "a" * 100 * MILLION, "lines": head + "; a\n" * 25 * MILLION,
                       "incidents": head + "incidents = some.csv\n" * MILLION, "keys": head + "a = 1\n" * MILLION,
                       "sections": head + "".join(f"[s{i}]\n" for i in range(MILLION)),
                       "phases": head + "[opgave]\n" + "".join(f"phase = p{i} 2024-01-01 2024-02-01\n" for i in range(MILLION)),
                       "follow": head + " a\n" * MILLION}.items():
        path = folder / f"{name}.ini"
        path.write_text(text)
        yield ["check", "--study", path]
        yield ["map", "--study", path]
    style = folder / "style.ini"
    style.write_text("[style]\n" + "a = 1\n" * MILLION)
    yield ["map", *over_incidents(folder, some(folder), "map")[0][1:], "--style", style]


def crs_text(folder):
    for name, text in {"long": 'PROJCS["' + "a" * 10 * MILLION + '"]', "open": "PROJCS[" * 9000,
                       "deep": 'PROJCS["a",' * 3000 + "]" * 3000}.items():
        path = write_shapefile(folder / f"{name}.shp", [[square(LEFT, LOW, 1000)[::-1]]])
        path.with_suffix(".prj").write_text(text)
        yield from over_boundaries(folder, path, "check", [])


ALL = [star, rings, vertices, jurisdictions, nesting, nesting_wkb, one_point, one_line, categories, dbf_rows, one_record, xml_entities,
       xml_deep, xlsx_cells, zip_bomb, gzip_bomb, csv_wide, endless_view, scale_png, settings, crs_text]
SMALL = [nesting, nesting_wkb, dbf_rows, one_record, xml_entities]


def run(plein, arguments, folder):
    """Exit status, what it said, processor time and the most memory."""
    limits = lambda: (resource.setrlimit(resource.RLIMIT_CPU, (30, 30)), resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30)))
    to = {"map": ["-o", "out/map.png"], "density": ["-o", "out/density.asc"], "export": ["-o", "out/export.csv"]}
    places = {**os.environ, "PLEIN_DATADIR": str(pathlib.Path(__file__).parents[2])}
    child = subprocess.Popen([plein, *map(str, arguments), *to.get(arguments[0], []), "--lang", "en", "--threads", "2"], cwd=folder,
                             stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=places, preexec_fn=limits)
    said = child.stderr.read()
    child.stderr.close()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = 0
    return os.waitstatus_to_exitcode(status), said.decode("utf-8", "replace"), used.ru_utime + used.ru_stime, used.ru_maxrss << 10


def faults(status, said, seconds, memory, stem):
    errors = [line for line in said.splitlines() if line.startswith("plein: ")]
    if status not in (0, 1, 65, 66, 78):
        yield f"exit status {status}"
    if status in (65, 66, 78) and (len(errors) != 1 or stem not in errors[0] or len(errors[0]) > 500):
        yield f"{len(errors)} sentences with the file in it"
    if seconds > SECONDS:
        yield "too slow"
    if memory > BYTES:
        yield "too large"


def stem_of(arguments, folder):
    """The bomb among the files of a command: not one of the tame ones."""
    names = [value.stem for value in arguments if isinstance(value, pathlib.Path) and value.stem not in ("halves", "some")]
    return names[-1].split(".")[0] if names else "some"


def plan_of(name, folder):
    return list(globals()[name](folder))


def main():
    plein, folder = os.path.abspath(f"{sys.argv[1]}/plein"), pathlib.Path(sys.argv[2]).absolute()
    named = {bomb.__name__.replace("_", "-"): bomb for bomb in ALL}
    names = sys.argv[3:] or list(named)
    chosen = [bomb for name in names for bomb in (SMALL if name == "small" else [named[name]])]
    found = runs = 0
    for bomb in chosen:
        work = folder / bomb.__name__
        (work / "out").mkdir(parents=True)
        # In a process of its own: a child's memory is counted from its parent's on.
        with multiprocessing.Pool(1) as pool:
            plan = pool.apply(plan_of, (bomb.__name__, work))
        for arguments in plan:
            stem = stem_of(arguments, work)
            status, said, seconds, memory = run(plein, arguments, work)
            wrong = list(faults(status, said, seconds, memory, stem))
            runs, found = runs + 1, found + len(wrong)
            told = [line for line in said.splitlines() if line.startswith("plein: ")] or said.splitlines()[-1:] or [""]
            print(f"{bomb.__name__.replace('_', '-'):13} {stem:12} {arguments[0]:8} {seconds:5.2f} s {memory >> 20:5} MB {status:3}  "
                  f"{told[0][:200]}{' <-- ' + ', '.join(wrong) if wrong else ''}", flush=True)
        shutil.rmtree(work)
    print(f"{len(chosen)} bombs, {runs} runs, {found} over")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
