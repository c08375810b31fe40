/* Reads the packages among a study's incidents, verified as `plein handover verify` does. */
#include "engine/report/packages_read.h"

#include "engine/formats/json_read.h"
#include "engine/formats/source.h"
#include "engine/report/handover_verify.h"
#include "engine/study/packages_join.h"

/* What does not hold to the rules is not built upon. */
static bool check_faults(const struct handover_opened *opened, struct error *error)
{
    return opened->faults.count == 0
           || error_set(error, ERROR_DATA, "%s: %s; plein handover verify tells all", opened->name,
                        opened->faults.lines[0]);
}

static bool read_one(struct source_package *package, struct study *study, struct error *error)
{
    struct handover_opened opened = {0};
    const char *path = source_path(package->given);
    bool done = handover_verify(&opened, path, error)
                && handover_check_seal(&opened, path, study->options->handover.key, error)
                && check_faults(&opened, error);
    if (done) {
        const struct package_facts facts = {json_text_at(opened.manifest, "sender.code"),
                                            json_text_at(opened.manifest, "sender.name")};
        done = package_take(package, study, &opened.handover, &facts, error);
    }
    handover_opened_free(&opened);
    return done;
}

bool packages_read(struct study *study, struct error *error)
{
    for (size_t i = 0; i < study->packages.count; i++)
        if (!read_one(&study->packages.items[i], study, error))
            return false;
    return true;
}
