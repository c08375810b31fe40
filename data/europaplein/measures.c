/* What was done about it: invented, like all of it. */
#include "measures.h"

#include "town.h"

#include <stdio.h>
#include <stdlib.h>

enum { METRE = 1000 };

/* `u` and `v` are metres on the town's grid (see town.h), counted when there is a radius. */
struct step {
    const char *from, *until, *name, *partner, *domain, *jurisdiction;
    int u, v, radius;
};

/* Only the last of them does anything to what is reported (see reports.c); the others are there
 * because a fall after a measure proves nothing. */
static const struct step STEPS[] = {
    {"15-05-2023", "30-09-2023", "jongerenwerk op straat", "jongerenwerk", "sociaal", "", 305, -495,
     120},
    {"01-03-2024", "", "afvalbakken vaker leeg", "gemeente Beverwijk", "fysiek", "Beverwijk", 0, 0,
     0},
    {"01-06-2024", "", "nieuwe verlichting", "gemeente Heemskerk", "fysiek", "", -690, -235, 140},
    {"01-10-2024", "31-12-2024", "extra toezicht", "politie en boa's", "veiligheid", "", 1, 4, 150},
};
enum { STEP_COUNT = sizeof STEPS / sizeof STEPS[0] };

/* In metres with a decimal comma, rounded to a tenth. */
static void write_metres(FILE *file, int64_t millimetres)
{
    int64_t tenths = (millimetres + 50) / 100;
    fprintf(file, ";%d,%d", (int)(tenths / 10), (int)(tenths % 10));
}

static void write_step(FILE *file, const struct step *step)
{
    fprintf(file, "%s;%s;%s;%s;%s;%s", step->from, step->until, step->name, step->partner,
            step->domain, step->jurisdiction);
    if (step->radius > 0) {
        struct place place = town_ground((int64_t)step->u * METRE, (int64_t)step->v * METRE);
        write_metres(file, place.x);
        write_metres(file, place.y);
        fprintf(file, ";%d\r\n", step->radius);
    } else {
        fputs(";;;\r\n", file);
    }
}

void measures_write(const char *folder)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/maatregelen.csv", folder);
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    fputs("datum;tot;naam;partner;domein;gemeente;x;y;straal_m\r\n", file);
    for (int i = 0; i < STEP_COUNT; i++)
        write_step(file, &STEPS[i]);
    if (ferror(file) || fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}
