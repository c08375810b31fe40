/* What the two councils say that they will act on: invented, like all of it. */
#include "councils.h"

#include <stdio.h>
#include <stdlib.h>

struct aim {
    const char *jurisdiction, *category, *priority, *source, *from, *to;
};

/* Neighbours that choose otherwise, and leave one thing to one another: what is reported most on
 * their border. The last plan of Heemskerk has ended, and no incident is of the kind that
 * Beverwijk's last aim is about. */
static const struct aim AIMS[] = {
    {"Heemskerk", "Jongerenoverlast", "1. Minder overlast van jongeren op straat",
     "Veiligheidsplan Heemskerk 2023-2026 (verzonnen)", "2023", "2026"},
    {"Heemskerk", "Ondermijning", "2. Georganiseerde misdaad krijgt geen voet aan de grond",
     "Veiligheidsplan Heemskerk 2023-2026 (verzonnen)", "2023", "2026"},
    {"Heemskerk", "Verkeersoverlast", "3. Veilig naar school",
     "Veiligheidsplan Heemskerk 2023-2026 (verzonnen)", "2023", "2026"},
    {"Heemskerk", "Zwerfafval", "Schoon Heemskerk", "Plan schone wijken 2019-2022 (verzonnen)",
     "01-04-2019", "31-12-2022"},
    {"Beverwijk", "Zwerfafval", "Een schone stad; elke dag geveegd",
     "Uitvoeringsplan Beverwijk 2024 (verzonnen)", "01-01-2024", "31-12-2024"},
    {"Beverwijk", "Drugsoverlast", "Dealers weg uit het centrum",
     "Uitvoeringsplan Beverwijk 2024 (verzonnen)", "01-01-2024", "31-12-2024"},
    {"Beverwijk", "Digitale oplichting", "Inwoners zijn weerbaar op internet",
     "Uitvoeringsplan Beverwijk 2024 (verzonnen)", "01-01-2024", "31-12-2024"},
};
enum { AIM_COUNT = sizeof AIMS / sizeof AIMS[0] };

void councils_write(const char *folder)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/prioriteiten.csv", folder);
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    fputs("gemeente;categorie;prioriteit;bron;van;t/m\r\n", file);
    for (int i = 0; i < AIM_COUNT; i++) {
        const struct aim *aim = &AIMS[i];
        fprintf(file, "%s;%s;\"%s\";%s;%s;%s\r\n", aim->jurisdiction, aim->category, aim->priority,
                aim->source, aim->from, aim->to);
    }
    if (ferror(file) || fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}
