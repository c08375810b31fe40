#!/usr/bin/env bats
# What plein does not read itself it reads through ogr2ogr, where that is installed.

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

@test "KML and MapInfo give the same study as CSV, and a note says how" {
    command -v ogr2ogr >/dev/null || skip "ogr2ogr is not installed"
    from="-oo X_POSSIBLE_NAMES=longitude -oo Y_POSSIBLE_NAMES=latitude -oo KEEP_GEOM_COLUMNS=NO -a_srs EPSG:4326"
    ogr2ogr -f KML "$scratch/politie.kml" "$scratch/politie.csv" $from
    ogr2ogr -f "MapInfo File" "$scratch/politie.tab" "$scratch/politie.csv" $from
    locate "$scratch/politie.csv" >"$scratch/a"
    for file in politie.kml politie.tab; do
        locate "$scratch/$file" >"$scratch/b"
        [ "$(wc -l <"$scratch/a")" -eq "$(wc -l <"$scratch/b")" ]
        cmp <(cut -d, -f1,4,5,7-10 "$scratch/a") <(cut -d, -f1,4,5,7-10 "$scratch/b")
    done
    run "$PLEIN" query --boundaries data/europaplein/gemeenten.shp --incidents "$scratch/politie.kml" --lang en
    [[ "$output" == *"is XML, such as KML, GML or GPX, and is read through ogr2ogr"* ]]
}

@test "boundaries come through ogr2ogr too, whatever the file is called" {
    command -v ogr2ogr >/dev/null || skip "ogr2ogr is not installed"
    ogr2ogr -f FlatGeobuf "$scratch/gemeenten.fgb" data/europaplein/gemeenten.shp
    mv "$scratch/gemeenten.fgb" "$scratch/-x.fgb"
    PLEIN=$(realpath "$PLEIN")
    cd "$scratch"
    run "$PLEIN" query --boundaries=-x.fgb --incidents politie.csv --format csv --quiet
    [ "$status" -eq 0 ]
    [[ "$output" == *"GM0375,Beverwijk,"* ]]
}

@test "what ogr2ogr cannot read is told in its words" {
    command -v ogr2ogr >/dev/null || skip "ogr2ogr is not installed"
    printf '<?xml version="1.0"?>\n<OGRVRTDataSource><OGRVRTLayer name="politie"><SrcDataSource>%s/politie.csv</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>\n' "$scratch" >"$scratch/vrt.xml"
    run locate "$scratch/vrt.xml" --lang en
    [ "$status" -eq 65 ]
    [[ "$output" == *"ogr2ogr cannot read it: "* ]]
}

@test "without ogr2ogr the error says what would do" {
    printf '<?xml version="1.0"?>\n<kml/>\n' >"$scratch/kaart.kml"
    PATH=/nowhere run "$PLEIN" query --boundaries "$scratch/kaart.kml" --incidents "$scratch/politie.csv" --lang en
    [ "$status" -eq 65 ]
    [[ "$output" == *"kaart.kml: is read through ogr2ogr, which is not installed; install gdal-bin"* ]]
    printf '%%PDF-1.7\n' >"$scratch/kaart.pdf"
    run "$PLEIN" query --boundaries "$scratch/kaart.pdf" --incidents "$scratch/politie.csv" --lang en
    [ "$status" -eq 65 ]
    [[ "$output" == *"this is a PDF, which is not read"* ]]
}
