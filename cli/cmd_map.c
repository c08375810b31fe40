/* plein map: the picture for a meeting. */
#include "cli/command.h"

#include "engine/report/picture.h"
#include "engine/report/series_picture.h"
#include "engine/report/zoom_picture.h"
#include "engine/study/gather.h"
#include "engine/study/packages_join.h"

static bool write(struct study *study, const struct options *options, struct error *error)
{
    if (options->zoom)
        return zoom_picture_write(study, options->output, error);
    return options->small_multiples > 0 ? series_picture_write(study, options->output, error)
                                        : picture_write(study, options->output, error);
}

bool cmd_map(const struct options *options, int *answer, struct error *error)
{
    struct study study = {0};
    (void)answer;
    if (options->output == NULL)
        return error_set(error, ERROR_USAGE, "where to? say -o kaart.png");
    bool done = gather_allowed(options, error) && command_study(&study, options, error)
                && write(&study, options, error);
    if (done) {
        packages_remark_density(&study);
        command_remarks(&study);
    }
    study_close(&study);
    return done;
}
