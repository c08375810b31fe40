/* Which column of a table plays which role: by the usual names in Dutch, English and German, and by
 * --columns. */
#include "engine/formats/csvroles.h"

#include "engine/core/text.h"

#include <stdlib.h>
#include <string.h>

enum { FOLDED = 64, LIST_BYTES = 600 };

static const char *const ROLE_NAMES[CSV_ROLES] = {
    "id",          "lon",    "lat",    "x",           "y",          "category",
    "occurred_at", "time",   "year",   "month",       "day",        "reported_at",
    "until",       "source", "weight", "reported_to", "responsible"};

/* Folded (letters and digits in lower case), the most telling first, each between blanks. */
static const char *const USUAL[CSV_ROLES] = {
    [ROLE_ID] =
        " id meldingsnummer meldingnummer zaaknummer incidentid incidentnummer incidentnumber "
        "casenumber caseid crimeid vorgangsnummer uuid objectid kenmerk nummer number fid ",
    [ROLE_LON] = " lon lng long longitude lengtegraad laengengrad längengrad geolon geolng "
                 "geolongitude wgs84lon lonwgs84 xgcswgs84 gpslon gpslongitude geolengtegraad ",
    [ROLE_LAT] = " lat latitude breedtegraad breitengrad geolat geolatitude wgs84lat latwgs84 "
                 "ygcswgs84 gpslat gpslatitude geobreedtegraad ",
    [ROLE_X] =
        " x rdx xrd xcoord xcoordinaat xcoordinate coordx xcoordrd xcoordinaatrd rdxcoordinaat "
        "xkoordinate easting eastings ostwert rechtswert linrefx ",
    [ROLE_Y] =
        " y rdy yrd ycoord ycoordinaat ycoordinate coordy ycoordrd ycoordinaatrd rdycoordinaat "
        "ykoordinate northing northings nordwert hochwert linrefy ",
    [ROLE_CATEGORY] =
        " subcategorie subcategory subkategorie subslug category categorie kategorie ukategorie "
        "hoofdcategorie maincategory hauptkategorie mainslug crimetype primarytype offense "
        "offence offensetype delict delictsoort delikt straftat incidenttype "
        "soortmelding meldingsoort meldingtype soortincident soort type typ art ",
    [ROLE_OCCURRED] =
        " occurredat occurred occurredon dateoccurred occurrencedate incidentdate "
        "incidentdatetime incidentdatestart incidentdatum datumincident pleegdatum pleegdatumtijd "
        "begindatum begindatumtijd startdatum startdate datumtijd datetime datum date "
        "tatdatum tatzeit ereignisdatum timestamp ",
    [ROLE_OCCURRED_TIME] = " tijd time uhrzeit tijdstip occurredtime incidenttime pleegtijd "
                           "begintijd tijdincident zeit uur hour stunde ",
    [ROLE_YEAR] = " year jaar jahr ujahr ",
    [ROLE_MONTH] = " month maand monat umonat ",
    [ROLE_DAY] = " day dag tag utag ",
    [ROLE_REPORTED] =
        " reportedat reported reportedon datereported reporteddate reportdate "
        "melddatum meldingsdatum meldingdatum datummelding meldingsdatumtijd meldedatum "
        "createdat created registratiedatum aanmaakdatum ",
    /* by --columns alone: an end date is mostly the day on which a report was closed */
    [ROLE_UNTIL] = "",
    [ROLE_SOURCE] = " bron source quelle ",
    [ROLE_WEIGHT] = " weight gewicht ",
    /* Organisations, and no field in which a person's name is likely (DESIGN.md 6). */
    [ROLE_REPORTED_TO] = " reportedto gemeldbij meldingbij gemeldaan gemeldbijgemeente "
                         "meldgemeente ontvangendegemeente gemeldetbei meldestelle ",
    [ROLE_RESPONSIBLE] =
        " responsible responsibleauthority responsiblejurisdiction verantwoordelijk "
        "verantwoordelijkegemeente behandelendegemeente zuständig zuständigebehörde ",
};

const char *csv_role_name(enum csv_role role)
{
    return ROLE_NAMES[role];
}

/* The place of a folded name in a list, so that a lower one is preferred; SIZE_MAX: not in it. Of a
 * name that was cut off the beginning is enough. */
static size_t rank_in(const char *list, const char folded[FOLDED + 1], bool is_cut)
{
    char word[FOLDED + 3];
    size_t length = strlen(folded);
    if (length == 0)
        return SIZE_MAX;
    word[0] = word[length + 1] = ' ';
    memcpy(word + 1, folded, length);
    word[is_cut ? length + 1 : length + 2] = '\0';
    const char *found = strstr(list, word);
    return found != NULL ? (size_t)(found - list) : SIZE_MAX;
}

static void find_by_usual_names(struct csv_roles *roles, const struct csv_header *header)
{
    size_t best[CSV_ROLES];
    for (int r = 0; r < CSV_ROLES; r++)
        best[r] = SIZE_MAX;
    for (size_t c = 0; c < header->count; c++) {
        char folded[FOLDED + 1];
        bool is_cut =
            header->names_cut > 0 && strlen(header->names[c]) == (size_t)header->names_cut;
        text_fold(folded, sizeof folded, header->names[c]);
        for (int r = 0; r < CSV_ROLES; r++) {
            size_t rank = rank_in(USUAL[r], folded, is_cut);
            if (rank < best[r]) {
                best[r] = rank;
                roles->columns[r] = (int)c;
            }
        }
    }
}

/* The format's own places go before columns that are called so. */
static void take_own_place(struct csv_roles *roles, const struct csv_header *header)
{
    int last = (int)header->count - 1;
    if (!header->has_place)
        return;
    for (int r = ROLE_LON; r <= ROLE_Y; r++)
        roles->columns[r] = -1;
    roles->columns[header->place_in_degrees ? ROLE_LON : ROLE_X] = last - 1;
    roles->columns[header->place_in_degrees ? ROLE_LAT : ROLE_Y] = last;
}

char *csv_header_list(const struct csv_header *header)
{
    struct text list = {0};
    text_add_bytes(&list, "", 0);
    for (size_t i = 0; i < header->count; i++) {
        if (list.length + strlen(header->names[i]) > LIST_BYTES) {
            text_add(&list, ", ...");
            break;
        }
        text_add(&list, "%s%s", i > 0 ? ", " : "", header->names[i]);
    }
    if (!list.failed)
        return list.bytes;
    text_free(&list);
    return NULL;
}

static int find_field(const struct csv_header *header, const char *name)
{
    char folded[256], other[256];
    for (size_t i = 0; i < header->count; i++)
        if (strcmp(header->names[i], name) == 0)
            return (int)i;
    text_fold(folded, sizeof folded, name);
    for (size_t i = 0; i < header->count && folded[0] != '\0'; i++) {
        text_fold(other, sizeof other, header->names[i]);
        if (strcmp(folded, other) == 0)
            return (int)i;
    }
    return -1;
}

/* What is being read of --columns, and a word taken from it. */
struct assignments {
    const struct csv_header *header;
    const char *columns, *at; /* the whole text, and what is left of it */
    struct error *error;
    char *word; /* as long as the whole text may be */
};

/* Reads a word up to one of the stops or the end, without blanks around it; it may stand in quotes.
 * False: a quote does not close, or something stands behind it. */
static bool take_word(struct assignments *text, const char *stops)
{
    const char *at = text->at + strspn(text->at, " \t");
    size_t length = 0;
    if (*at == '"') {
        for (at++; *at != '\0' && (*at != '"' || at[1] == '"'); at += *at == '"' ? 2 : 1)
            text->word[length++] = *at;
        if (*at++ != '"')
            return false;
        at += strspn(at, " \t");
        if (*at != '\0' && strchr(stops, *at) == NULL)
            return false;
    } else {
        while (*at != '\0' && strchr(stops, *at) == NULL)
            text->word[length++] = *at++;
        while (length > 0 && (text->word[length - 1] == ' ' || text->word[length - 1] == '\t'))
            length--;
    }
    text->word[length] = '\0';
    text->at = at;
    return true;
}

static bool find_role(enum csv_role *role, const char *name)
{
    for (int r = 0; r < CSV_ROLES; r++)
        if (text_equal(ROLE_NAMES[r], name)) {
            *role = (enum csv_role)r;
            return true;
        }
    return false;
}

static bool assign_field(struct csv_roles *roles, enum csv_role role,
                         const struct assignments *text)
{
    const struct csv_header *header = text->header;
    const char *name = text->word;
    int column = find_field(header, name);
    if (column < 0) {
        char *list = csv_header_list(header);
        error_set(text->error, ERROR_DATA,
                  "%s: --columns: there is no field '%s' for %s; the fields are: %s", header->path,
                  name, ROLE_NAMES[role], list != NULL ? list : "");
        free(list);
        return false;
    }
    roles->columns[role] = column;
    roles->given[role] = true;
    return true;
}

static bool bad_syntax(const struct assignments *text)
{
    return error_set(text->error, ERROR_USAGE,
                     "--columns '%s' cannot be read; write ROLE=FIELD,ROLE=FIELD, with a name that "
                     "holds , + or = in quotes, such as x=X_COORD,y=Y_COORD,occurred_at=DATE+TIME,"
                     "category=:litter",
                     text->columns);
}

static bool assign_constant(struct csv_roles *roles, enum csv_role role, struct assignments *text)
{
    text->at++;
    if (!take_word(text, ","))
        return bad_syntax(text);
    roles->constants[role] = text_copy(text->word, strlen(text->word), text->error);
    roles->columns[role] = -1;
    roles->given[role] = true;
    return roles->constants[role] != NULL;
}

/* FIELD, or DATE+TIME for the event's time. */
static bool assign_fields(struct csv_roles *roles, enum csv_role role, struct assignments *text)
{
    if (!assign_field(roles, role, text))
        return false;
    if (role != ROLE_OCCURRED)
        return *text->at != '+'
               || error_set(text->error, ERROR_USAGE,
                            "--columns: %s cannot be made of two fields; only "
                            "occurred_at=DATE+TIME can",
                            ROLE_NAMES[role]);
    if (*text->at != '+') { /* one field was named, so no usual one is joined to it */
        if (!roles->given[ROLE_OCCURRED_TIME])
            roles->columns[ROLE_OCCURRED_TIME] = -1;
        return true;
    }
    text->at++;
    return (take_word(text, ",") || bad_syntax(text))
           && assign_field(roles, ROLE_OCCURRED_TIME, text);
}

static bool take_role(enum csv_role *role, const struct csv_roles *roles, struct assignments *text)
{
    if (!take_word(text, "=,") || *text->at != '=')
        return bad_syntax(text);
    if (!find_role(role, text->word))
        return error_set(text->error, ERROR_USAGE,
                         "--columns: '%s' is no role; the roles are id, lon, lat, x, y, category, "
                         "occurred_at, time, year, month, day, reported_at, source, weight, "
                         "reported_to, responsible",
                         text->word);
    if (roles->given[*role])
        return error_set(text->error, ERROR_USAGE, "--columns names %s twice", ROLE_NAMES[*role]);
    text->at++;
    text->at += strspn(text->at, " \t");
    return true;
}

static bool read_assignments(struct csv_roles *roles, struct assignments *text)
{
    while (*text->at != '\0') {
        enum csv_role role = ROLE_ID;
        if (!take_role(&role, roles, text))
            return false;
        if (*text->at == ':') {
            if (!assign_constant(roles, role, text))
                return false;
        } else if (!take_word(text, role == ROLE_OCCURRED || *text->at == '"' ? "+," : ",")
                   || text->word[0] == '\0')
            return bad_syntax(text);
        else if (!assign_fields(roles, role, text))
            return false;
        if (*text->at == ',')
            text->at++;
    }
    return true;
}

bool csv_roles_find(struct csv_roles *roles, const struct csv_header *header, const char *columns,
                    struct error *error)
{
    struct assignments text = {header, columns, columns, error, NULL};
    *roles = (struct csv_roles){0};
    for (int r = 0; r < CSV_ROLES; r++)
        roles->columns[r] = -1;
    find_by_usual_names(roles, header);
    take_own_place(roles, header);
    if (columns == NULL)
        return true;
    bool done =
        array_new(&text.word, strlen(columns) + 1, 1, error) && read_assignments(roles, &text);
    free(text.word);
    if (!done)
        csv_roles_free(roles);
    return done;
}

void csv_roles_free(struct csv_roles *roles)
{
    for (int r = 0; r < CSV_ROLES; r++)
        array_free(&roles->constants[r]);
}
