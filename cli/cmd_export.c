/* plein export: what a study has found, in a file that others work with. */
#include "cli/command.h"

#include "engine/report/export.h"
#include "engine/study/gather.h"

bool cmd_export(const struct options *options, int *answer, struct error *error)
{
    struct study study = {0};
    struct export_plan plan;
    (void)answer;
    bool done = export_plan(&plan, options, error) && gather_allowed(options, error)
                && command_study(&study, options, error) && export_write(&study, &plan, error);
    if (done)
        command_remarks_on_points(&study);
    study_close(&study);
    return done;
}
