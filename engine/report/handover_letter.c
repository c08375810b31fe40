/* The letter that goes with a package for the neighbour: what is in it and what it may be used for.
 */
#include "engine/report/handover_letter.h"

#include "engine/study/study.h"

static void add_terms(struct text *text, const struct options *options, bool dutch)
{
    const struct {
        const char *words[2], *value;
    } terms[] = {
        {{"purpose", "doel"}, options->handover.purpose},
        {{"legal basis", "grondslag"}, options->handover.legal_basis},
        {{"retention", "bewaartermijn"}, options->handover.retention},
        {{"contact", "contact"}, options->handover.contact},
    };
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
        text_add(text, "  %s: %s\n", terms[i].words[dutch],
                 terms[i].value != NULL ? terms[i].value
                 : dutch                ? "niet opgegeven"
                                        : "not given");
}

/* Who gives what to whom. */
struct letter {
    const char *sender, *receiver, *agreement;
    double depth_m;
    unsigned least;
    size_t rows;
};

/* Of a package with incidents one by one, before anything else. */
static void add_warning(struct text *text, const struct letter *letter, bool dutch)
{
    if (letter->agreement == NULL)
        return;
    if (dutch)
        text_add(text,
                 "LET OP: DIT PAKKET BEVAT MELDINGEN EEN VOOR EEN (incidents.csv, %zu rijen), op\n"
                 "vakken van 100 m en kwartalen. Ze zijn niet afgerond en er is niets\n"
                 "achtergehouden: wat de vakken verzwijgen, staat hier. Alleen te gebruiken onder\n"
                 "deze afspraak:\n\n  %s\n\n",
                 letter->rows, letter->agreement);
    else
        text_add(text,
                 "BEWARE: THIS PACKAGE HOLDS INCIDENTS ONE BY ONE (incidents.csv, %zu rows), by\n"
                 "squares of 100 m and quarters. They are not rounded and nothing is withheld:\n"
                 "what the squares do not tell stands here. To be used under this agreement\n"
                 "alone:\n\n  %s\n\n",
                 letter->rows, letter->agreement);
}

static void add_dutch(struct text *text, const struct letter *letter)
{
    text_add(text, "OVERDRACHT VAN %s AAN %s\n\n", letter->sender, letter->receiver);
    add_warning(text, letter, true);
    text_add(text,
             "Meldingen op grond van %s binnen %g m van %s, geteld per vak van 100 m of groter,\n"
             "per domein en per kwartaal. Er staan geen personen, adressen, teksten of plaatsen\n"
             "van meldingen in.\n\n"
             "  squares.csv      alle aantallen; een leeg vak, domein of kwartaal is: alle samen\n"
             "  squares.geojson  de vakken voor een kaart\n"
             "  clusters.csv     vakken die aan elkaar liggen en samen een cluster zijn\n"
             "  map.png          een kaart, gemaakt uit deze aantallen\n"
             "  table.xlsx       dezelfde aantallen als werkblad\n"
             "%s"
             "  datapackage.json wat elk veld betekent, en de controlegetallen\n\n"
             "Aantallen zijn afgerond op vijf. Een leeg aantal is achtergehouden: het zijn er\n"
             "minder dan %u (ook 0), of bijna alle van één bron, of het zou met de totalen een\n"
             "achtergehouden aantal verraden. Georganiseerde criminaliteit staat er niet in.\n\n",
             letter->sender, letter->depth_m, letter->receiver,
             letter->agreement != NULL
                 ? "  incidents.csv    meldingen een voor een; x en y: het midden van het vak\n"
                 : "",
             letter->least);
}

static void add_english(struct text *text, const struct letter *letter)
{
    text_add(text, "HANDOVER FROM %s TO %s\n\n", letter->sender, letter->receiver);
    add_warning(text, letter, false);
    text_add(text,
             "Incidents on the ground of %s within %g m of %s, counted by squares of 100 m or\n"
             "more, by domain and by quarter. There are no persons, addresses, texts or places\n"
             "of incidents in it.\n\n"
             "  squares.csv      all counts; an empty square, domain or quarter is all of them\n"
             "  squares.geojson  the squares, for a map\n"
             "  clusters.csv     squares that touch and make a cluster\n"
             "  map.png          a map, made from these counts\n"
             "  table.xlsx       the same counts as a workbook\n"
             "%s"
             "  datapackage.json what each field means, and the hashes\n\n"
             "Counts are rounded to fives. An empty count is withheld: there are fewer than %u\n"
             "(or none), or nearly all of one source, or with the totals it would give a withheld\n"
             "count away. Organised crime is left out.\n\n",
             letter->sender, letter->depth_m, letter->receiver,
             letter->agreement != NULL
                 ? "  incidents.csv    incidents one by one; x and y: the square's centre\n"
                 : "",
             letter->least);
}

static void add_sensitive(struct text *text, const struct letter *letter, bool dutch)
{
    if (letter->agreement != NULL)
        text_add(text, dutch ? "In incidents.csv staat georganiseerde criminaliteit wel.\n\n"
                             : "In incidents.csv organised crime is not left out.\n\n");
}

void handover_letter(struct text *text, const struct handover *handover)
{
    const struct options *options = handover->study->options;
    const struct jurisdiction *all = handover->study->boundaries.jurisdictions.items;
    const struct letter letter = {.sender = all[handover->sender].name,
                                  .receiver = all[handover->receiver].name,
                                  .agreement = handover->options.agreement,
                                  .depth_m = handover->options.depth_m,
                                  .least = handover->options.least,
                                  .rows = handover->row_count};
    add_dutch(text, &letter);
    if (handover->options.sensitive)
        add_sensitive(text, &letter, true);
    add_terms(text, options, true);
    text_add(text, "\nControleren: plein handover verify BESTAND.zip\n\n\n");
    add_english(text, &letter);
    if (handover->options.sensitive)
        add_sensitive(text, &letter, false);
    add_terms(text, options, false);
    text_add(text, "\nTo verify: plein handover verify FILE.zip\n");
}
