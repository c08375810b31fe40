#!/usr/bin/env bats
# The sample study's maps are, pixel for pixel, the pictures in tests/golden.

setup_file() {
    cd "$BATS_TEST_DIRNAME/../.."
    local plein=${PLEIN:-$PWD/build/plein}
    export DRAWN=$(dirname "$plein")/golden
    tests/tools/golden "$(dirname "$plein")" "$DRAWN"
}

setup() {
    cd "$BATS_TEST_DIRNAME/../.."
}

same() { # name
    tests/tools/same-pixels "$DRAWN/$1.png" "tests/golden/$1.png" || {
        echo "look at both; when the drawn one is right, make golden takes it into tests/golden"
        return 1
    }
}

@test "the meeting's map in Dutch" { same europaplein-nl; }

@test "the meeting's map in English" { same europaplein-en; }

@test "the meeting's map of one gemeente" { same europaplein-heemskerk; }

@test "the meeting's map of one domain" { same europaplein-social; }

@test "the meeting's map without clusters" { same europaplein-dichtheid; }

@test "the map for print in Dutch" { same europaplein-print; }

@test "the map for print in English" { same europaplein-print-en; }

@test "the border sheet in Dutch" { same europaplein-grens; }

@test "the border sheet in English, the other side first" { same europaplein-border; }

@test "the map in the dark" { same europaplein-dark; }

@test "the border sheet in the dark" { same europaplein-dark-grens; }

@test "the heat alone" { same europaplein-plain; }

@test "colours that run on" { same europaplein-continuous; }

@test "lines of equal density" { same europaplein-contours; }

@test "the map on A4, lying" { same europaplein-a4; }

@test "the map on A4, standing" { same europaplein-staand; }

@test "the map on a postcard, in English" { same europaplein-a6; }

@test "the border sheet on A4, standing, for print" { same europaplein-grens-staand; }

@test "the border sheet on a postcard" { same europaplein-grens-a6; }

@test "the map on a banner, for print" { same europaplein-banier; }

@test "hours and months with measures" { same europaplein-tijd; }

@test "hours and months with measures, for print" { same europaplein-tijd-print; }

@test "hours and months in the dark, in English, the last month in part" { same europaplein-time-dark; }

@test "the parts of the day in Dutch" { same europaplein-dagdelen; }

@test "the domains for print in Dutch" { same europaplein-domeinen; }

@test "two years of months in English, on A4" { same europaplein-months; }

@test "the sheet with both gemeenten, framed" { same europaplein-zoom-1; }

@test "the sheet with the neighbourhood, framed" { same europaplein-zoom-2; }

@test "the sheet with the plaza" { same europaplein-zoom-3; }

@test "every picture of the sample study is compared, and small" {
    for picture in tests/golden/europaplein*.png "$DRAWN"/*.png; do
        grep -q "same $(basename "$picture" .png);" "$BATS_TEST_DIRNAME/golden.bats"
        [ "$(stat -c %s "$picture")" -le 200000 ]
    done
}

# Its own list of fonts is all that plein sees: neither others nor the machine's settings for them change a pixel.
@test "a machine with other fonts and settings draws the same" {
    mkdir -p "$BATS_TEST_TMPDIR/.config/fontconfig"
    cat >"$BATS_TEST_TMPDIR/.config/fontconfig/fonts.conf" <<'XML'
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <match target="pattern"><edit name="family" mode="assign" binding="strong"><string>DejaVu Serif</string></edit></match>
  <match target="font">
    <edit name="antialias" mode="assign"><bool>false</bool></edit>
    <edit name="hintstyle" mode="assign"><const>hintfull</const></edit>
    <edit name="embolden" mode="assign"><bool>true</bool></edit>
  </match>
</fontconfig>
XML
    local plein=${PLEIN:-$PWD/build/plein} map=(map --study data/europaplein/plein.ini --quiet --page a6)
    "$plein" "${map[@]}" -o "$BATS_TEST_TMPDIR/own.png"
    HOME=$BATS_TEST_TMPDIR XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/.config GDK_DPI_SCALE=2 \
        FONTCONFIG_FILE=$BATS_TEST_TMPDIR/.config/fontconfig/fonts.conf \
        "$plein" "${map[@]}" -o "$BATS_TEST_TMPDIR/other.png"
    cmp "$BATS_TEST_TMPDIR/own.png" "$BATS_TEST_TMPDIR/other.png"
}
