"""Small inputs in each format that plein reads, for what fails while they are read."""
import gzip
import json
import sqlite3
import struct
import zipfile

ROWS = [("a1", 4.6712, 52.4934, "litter", "2024-05-31T23:10:00"), ("a2", 4.6721, 52.4941, "dealing", "2024-06-01"),
        ("a3", 4.6655, 52.5021, "Überlast", "2024-06"), ("a4", 4.6583, 52.5102, "loitering", "")]
SQUARES = [("GM0375", "Beverwijk", 4.60, 52.46), ("GM0396", "Heemskerk", 4.60, 52.50)]
WGS84 = ('GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
         'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]')


def ring(x, y):
    return [[x, y], [x, y + 0.04], [x + 0.12, y + 0.04], [x + 0.12, y], [x, y]]


def collection(features):
    return json.dumps({"type": "FeatureCollection", "features": features})


def feature(geometry, coordinates, **properties):
    return {"type": "Feature", "properties": properties, "geometry": {"type": geometry, "coordinates": coordinates}}


def write_geojson(folder):
    points = [feature("Point", [x, y], id=name, category=category, occurred_at=when)
              for name, x, y, category, when in ROWS]
    (folder / "i.geojson").write_text(collection(points))
    (folder / "i.geojsonl").write_text("".join("\x1e" + json.dumps(point) + "\n" for point in points))
    (folder / "b.geojson").write_text(collection([feature("Polygon", [ring(x, y)], code=code, name=name)
                                                  for code, name, x, y in SQUARES]))


def write_text(folder):
    text = "id,lon,lat,category,occurred_at\n" + "".join("%s,%r,%r,%s,%s\n" % row for row in ROWS)
    (folder / "i.csv.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    (folder / "quoted.csv").write_text('"' + text.replace(",", '";"').replace("\n", '"\n"').rstrip('"'))
    with zipfile.ZipFile(folder / "i.zip", "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("README.txt", "what it is")
        out.writestr("meldingen.csv", text)


def write_geopackage(folder):
    def head():
        return b"GP\0\1" + struct.pack("<i", 4326)

    def polygon(corners):
        return head() + b"\1" + struct.pack("<III", 3, 1, len(corners)) + b"".join(struct.pack("<dd", *c) for c in corners)

    with sqlite3.connect(folder / "i.gpkg") as db:
        db.executescript("""
            CREATE TABLE gpkg_spatial_ref_sys (srs_id INTEGER, organization TEXT, organization_coordsys_id INTEGER, definition TEXT);
            INSERT INTO gpkg_spatial_ref_sys VALUES (4326, 'EPSG', 4326, '');
            CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT, srs_id INTEGER);
            INSERT INTO gpkg_contents VALUES ('points', 'features', 4326), ('areas', 'features', 4326);
            CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER);
            INSERT INTO gpkg_geometry_columns VALUES ('points', 'geom', 'POINT', 4326), ('areas', 'geom', 'POLYGON', 4326);
            CREATE TABLE points (fid INTEGER PRIMARY KEY, geom BLOB, id TEXT, category TEXT, occurred_at TEXT);
            CREATE TABLE areas (fid INTEGER PRIMARY KEY, geom BLOB, code TEXT, name TEXT);""")
        for name, x, y, category, when in ROWS:
            place = head() + b"\1" + struct.pack("<Idd", 1, x, y)
            db.execute("INSERT INTO points VALUES (NULL, ?, ?, ?, ?)", (place, name, category, when))
        for code, name, x, y in SQUARES:
            db.execute("INSERT INTO areas VALUES (NULL, ?, ?, ?)", (polygon(ring(x, y)), code, name))


def write_workbook(folder):
    def row(number, cells):
        return "<row r='%d'>%s</row>" % (number, "".join(cells))

    strings = ["id", "lon", "lat", "category", "occurred_at"] + [row[3] for row in ROWS]
    rows = [row(1, ["<c t='s'><v>%d</v></c>" % n for n in range(5)])]
    for n, (name, x, y, _, _) in enumerate(ROWS):
        rows.append(row(n + 2, ["<c t='inlineStr'><is><t>%s</t></is></c>" % name, "<c><v>%r</v></c><c><v>%r</v></c>" % (x, y),
                                "<c t='s'><v>%d</v></c><c s='1'><v>%r</v></c>" % (5 + n, 45443.5 + n)]))
    with zipfile.ZipFile(folder / "i.xlsx", "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("[Content_Types].xml", "<Types/>")
        out.writestr("xl/workbook.xml", "<workbook><sheets><sheet name='Een' id='r1'/><sheet name='Twee' id='r2'/></sheets></workbook>")
        out.writestr("xl/_rels/workbook.xml.rels", "<R><Relationship Id='r1' Target='sheet1.xml'/></R>")
        out.writestr("xl/styles.xml", "<s><numFmts><numFmt numFmtId='164' formatCode='d-m-yyyy h:mm'/></numFmts>"
                                      "<cellXfs><xf numFmtId='0'/><xf numFmtId='164'/></cellXfs></s>")
        out.writestr("xl/sharedStrings.xml", "<sst>%s</sst>" % "".join("<si><t>%s</t></si>" % text for text in strings))
        out.writestr("xl/sheet1.xml", "<worksheet><sheetData>%s</sheetData></worksheet>" % "".join(rows))


def write_shapefile(folder):
    def head(length):
        return struct.pack(">I20xI", 9994, length // 2) + struct.pack("<II8d", 1000, 1, *[0.0] * 8)

    records = [struct.pack(">II", n + 1, 10) + struct.pack("<Idd", 1, x, y) for n, (_, x, y, _, _) in enumerate(ROWS)]
    (folder / "i.shp").write_bytes(head(100 + 28 * len(records)) + b"".join(records))
    (folder / "i.shx").write_bytes(head(100 + 8 * len(records))
                                   + b"".join(struct.pack(">II", 50 + 14 * n, 10) for n in range(len(records))))
    fields = [(b"ID", 4), (b"CATEGORY", 12), (b"WHEN", 20)]
    table = struct.pack("<BBBBIHH20x", 3, 124, 5, 31, len(ROWS), 33 + 32 * len(fields), 1 + sum(w for _, w in fields))
    table += b"".join(struct.pack("<11sc4xB15x", name, b"C", width) for name, width in fields) + b"\r"
    for name, _, _, category, when in ROWS:
        cells = (name, category, when)
        table += b" " + b"".join(cell.encode("cp1252").ljust(width) for cell, (_, width) in zip(cells, fields))
    (folder / "i.dbf").write_bytes(table)
    (folder / "i.prj").write_text(WGS84)


def make(folder):
    for write in (write_geojson, write_text, write_geopackage, write_workbook, write_shapefile):
        write(folder)
