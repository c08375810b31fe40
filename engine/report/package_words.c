/* What a map says of the packages that take part: in its subtitle, source, method and legend. */
#include "engine/report/package_words.h"

#include "engine/report/wording.h"

static bool takes_part(const struct source_package *package)
{
    return package->is_read && package->absence == PACKAGE_PRESENT;
}

void package_words_key(struct text *text, const struct packages *packages)
{
    struct text names = {0};
    for (size_t i = 0; i < packages->count; i++)
        if (takes_part(&packages->items[i]))
            text_add(&names, _("%s%s, from %u on"), names.length > 0 ? "; " : "",
                     packages->items[i].sender, packages->items[i].handover.options.least);
    if (names.length > 0 || names.failed)
        text_add(text, _("counts by square (%s)"), text_part(text, &names));
    text_free(&names);
}

static void add_counts(struct text *text, const struct source_package *package)
{
    const struct package_part all = package_selected(package);
    const struct package_count count = package_count(package, &all);
    const struct wording_figure low = wording_figure((size_t)count.span.low);
    const struct wording_figure high = wording_figure((size_t)count.span.high);
    if (count.span.high >= DISCLOSURE_NO_END)
        text_add(text, _(" plus %s or more in squares of %s"), low.text, package->sender);
    else
        text_add(text, _(" plus between %s and %s in squares of %s"), low.text, high.text,
                 package->sender);
}

void package_words_counts(struct text *text, const struct packages *packages)
{
    for (size_t i = 0; i < packages->count; i++)
        if (takes_part(&packages->items[i]))
            add_counts(text, &packages->items[i]);
}

void package_words_source(struct text *text, const struct packages *packages)
{
    for (size_t i = 0; i < packages->count; i++)
        if (takes_part(&packages->items[i]))
            text_add(
                text,
                _("; squares of %s: counts rounded to fives, each spread over its square (%s)"),
                packages->items[i].sender, packages->items[i].file);
}

void package_words_method(struct text *text, const struct packages *packages)
{
    if (packages_take_part(packages))
        text_add(text, "%s", _(" Clusters are of incidents alone, not of squares."));
}
