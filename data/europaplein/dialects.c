/* The same incidents as three organisations would hand them over. */
#include "dialects.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What is wrong with a row, on purpose: real files have all of it. */
enum flaw { FLAW_NONE, FLAW_NO_PLACE, FLAW_ZERO, FLAW_OUTSIDE, FLAW_OTHER, FLAW_TWICE, FLAW_DATE };
enum { FLAWS = 7 };

/* One organisation's way of writing. */
struct dialect {
    const char *file, *header;
    int per_flaw[FLAWS]; /* so many rows in ten thousand */
    void (*write_row)(FILE *file, const struct report *report, enum flaw flaw, int number);
};

static int64_t rounded(int64_t value, int64_t unit)
{
    return (value + (value < 0 ? -unit / 2 : unit / 2)) / unit;
}

static struct place flawed_place(const struct report *report, enum flaw flaw)
{
    if (flaw == FLAW_OUTSIDE) /* some way east, beyond every area on the map */
        return (struct place){report->place.x + 9000000, report->place.y - 2500000};
    return report->place;
}

/* Writes billionths of a degree with so many decimals. */
static void put_degrees(FILE *file, int64_t value, int decimals, char mark)
{
    int64_t unit = decimals == 7 ? 100 : 1000, whole = decimals == 7 ? 10000000 : 1000000;
    int64_t number = rounded(value, unit);
    fprintf(file, "%" PRId64 "%c%0*" PRId64, number / whole, mark, decimals, number % whole);
}

/* The police: English words, degrees, ISO 8601. */
static void write_politie(FILE *file, const struct report *report, enum flaw flaw, int number)
{
    static const char *const words[CATEGORY_COUNT][2] = {{"loitering", "youth nuisance"},
                                                         {"dealing", "drug dealing"},
                                                         {"litter", "litter"},
                                                         {"traffic", "traffic nuisance"},
                                                         {"neglect", "neglect"},
                                                         {"organised-crime", "organised crime"}};
    struct date date = date_of(report->day);
    struct place degrees = ground_degrees(flawed_place(report, flaw));
    fprintf(file, "P%d-%05d,", date.year, number);
    if (flaw == FLAW_ZERO)
        fputs("0,0", file);
    else if (flaw == FLAW_NO_PLACE)
        fputc(',', file);
    else {
        put_degrees(file, degrees.x, 7, '.');
        fputc(',', file);
        put_degrees(file, degrees.y, 7, '.');
    }
    fprintf(file, ",%s,%04d-%02d-%02dT%02d:%02d:00\n",
            flaw == FLAW_OTHER ? "other" : words[report->category][report->number % 5 == 0],
            date.year, date.month, date.day, report->minute / 60, report->minute % 60);
}

/* Sentences for a column that no map needs: as free as such texts are, about nobody. In
 * Windows-1252, like the file. */
static const char *const REMARKS[] = {
    "",
    "",
    "melding via de website",
    "afgehandeld; geen verdere actie",
    "\"co\xF6rdinatie\" met buurgemeente gevraagd",
    "bij het caf\xE9terras, geschatte kosten \x80 250,00",
    "melder wil graag teruggebeld worden",
    "foto bijgevoegd",
    "tweede melding deze week",
    "hele avond herrie,\nook na middernacht",
};
enum { REMARK_COUNT = sizeof REMARKS / sizeof REMARKS[0] };

/* To whom people report: to the gemeente that they take a place to be in. They think of the border
 * as two straight lines that meet at the plaza, so near the real one many are wrong; a few go
 * elsewhere or leave it open. */
static const char *told(const struct report *report)
{
    int64_t east = report->place.x / 1000 - 106090, north = report->place.y / 1000 - 501727;
    switch (report->number * 37 % 100) {
    case 0:
        return "regionaal meldpunt";
    case 1:
    case 2:
        return "";
    default:
        break;
    }
    if (north > 3200)
        return east < 2500 ? "Castricum" : "Uitgeest";
    if (east > 2300 && north > 0)
        return "Uitgeest";
    if (north < -2700)
        return "Velsen";
    return north > (east > 0 ? -4 * east / 5 : -90) ? "Heemskerk" : "Beverwijk";
}

/* Excel quotes a cell that holds a separator, a quote or a line end. */
static void put_cell(FILE *file, const char *text)
{
    if (strpbrk(text, ";\"\n") == NULL) {
        fputs(text, file);
        return;
    }
    fputc('"', file);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            fputc('"', file);
        fputc(*text, file);
    }
    fputc('"', file);
}

/* Writes millimetres as metres in centimetres, the Dutch way. */
static void put_metres(FILE *file, int64_t value)
{
    int64_t number = rounded(value, 10);
    fprintf(file, "%" PRId64 ",%02d;", number / 100, (int)(number % 100));
}

/* The gemeente: RD New, what Excel saves as CSV in the Netherlands. */
static void write_gemeente(FILE *file, const struct report *report, enum flaw flaw, int number)
{
    static const char *const words[CATEGORY_COUNT][2] = {
        {"Jongerenoverlast", "Overlast jeugd"}, {"Drugsoverlast", "Drugshandel"},
        {"Zwerfafval", "Bijplaatsing"},         {"Parkeeroverlast", "Te hard rijden"},
        {"Verloedering", "Kapotte bestrating"}, {"Ondermijning", "Ondermijning"}};
    struct date date = date_of(report->day);
    struct place place = flawed_place(report, flaw);
    fprintf(file, "M%d.%05d;", date.year, number);
    if (flaw == FLAW_ZERO)
        fputs("0,00;0,00;", file);
    else if (flaw == FLAW_NO_PLACE)
        fputs(";;", file);
    else {
        put_metres(file, place.x);
        put_metres(file, place.y);
    }
    if (flaw == FLAW_DATE) /* no such day */
        date = (struct date){2024, 2, 31};
    fprintf(file, "%s;%02d-%02d-%04d %02d:%02d;",
            flaw == FLAW_OTHER ? "Overig" : words[report->category][report->number % 3 == 0],
            date.day, date.month, date.year, report->minute / 60, report->minute % 60);
    put_cell(file, REMARKS[report->number * 7 % REMARK_COUNT]);
    fprintf(file, ";%s\r\n", told(report));
}

/* The wardens (boa's): tabs, latitude first, date and time apart, Dutch words of their own. */
static void write_boa(FILE *file, const struct report *report, enum flaw flaw, int number)
{
    static const char *const words[CATEGORY_COUNT][2] = {
        {"hangjongeren", "samenscholing"}, {"dealen", "drugsoverlast"},
        {"afval", "hondenpoep"},           {"foutparkeren", "verkeersoverlast"},
        {"verwaarlozing", "fietswrakken"}, {"ondermijning", "ondermijning"}};
    struct date date = date_of(report->day);
    struct place degrees = ground_degrees(flawed_place(report, flaw));
    fprintf(file, "%d\t%02d-%02d-%04d\t%02d:%02d\t%s\t", 240000 + number, date.day, date.month,
            date.year, report->minute / 60, report->minute % 60,
            flaw == FLAW_OTHER ? "diversen" : words[report->category][report->number % 4 == 0]);
    if (flaw == FLAW_ZERO)
        fputs("0\t0", file);
    else if (flaw == FLAW_NO_PLACE)
        fputc('\t', file);
    else {
        put_degrees(file, degrees.y, 6, ',');
        fputc('\t', file);
        put_degrees(file, degrees.x, 6, ',');
    }
    fprintf(file, "\tteam %c\r\n", "NZ"[report->number % 2]);
}

static const struct dialect DIALECTS[SOURCE_COUNT] = {
    [POLITIE] = {"politie.csv",
                 "id,longitude,latitude,category,occurred_at\n",
                 {0, 60, 25, 20, 10, 30, 0},
                 write_politie},
    [GEMEENTE] = {"gemeente.csv",
                  "Meldingsnummer;X;Y;Categorie;Melddatum;Toelichting;Gemeld bij\r\n",
                  {0, 70, 20, 10, 15, 30, 0},
                  write_gemeente},
    [BOA] = {"boa.csv",
             "\xEF\xBB\xBFMeldnummer\tDatum\tTijd\tSoort\tBreedtegraad\tLengtegraad\tTeam\r\n",
             {0, 40, 15, 0, 25, 20, 0},
             write_boa},
};

static enum flaw pick_flaw(struct chance *chance, const struct dialect *dialect)
{
    int weights[FLAWS];
    memcpy(weights, dialect->per_flaw, sizeof weights);
    weights[FLAW_NONE] = 10000;
    return (enum flaw)chance_pick(chance, weights, FLAWS);
}

static FILE *open_file(const char *folder, const char *name)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    return file;
}

static void write_source(const struct report *reports, enum source source, const char *folder)
{
    const struct dialect *dialect = &DIALECTS[source];
    struct chance chance = {1000 + (uint64_t)source};
    FILE *file = open_file(folder, dialect->file);
    int number = 0;
    fputs(dialect->header, file);
    for (int i = 0; i < REPORT_COUNT; i++) {
        if (reports[i].source != source)
            continue;
        enum flaw flaw = pick_flaw(&chance, dialect);
        number++;
        if (source == GEMEENTE && number == 1234)
            flaw = FLAW_DATE; /* the only one */
        dialect->write_row(file, &reports[i], flaw, number);
        if (flaw == FLAW_TWICE)
            dialect->write_row(file, &reports[i], flaw, number);
    }
    if (ferror(file) || fclose(file) != 0) {
        perror(dialect->file);
        exit(1);
    }
}

void dialects_write(const struct report *reports, const char *folder)
{
    for (int source = 0; source < SOURCE_COUNT; source++)
        write_source(reports, (enum source)source, folder);
}
