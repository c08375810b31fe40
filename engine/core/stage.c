/* Files that belong together, put into their place as one. */
#include "engine/core/stage.h"

#include "engine/core/output.h"
#include "engine/core/temporary.h"
#include "engine/core/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PARTS_MOST = 16 };

/* A file of the set on its way: from the folder to its place. */
struct part {
    char *from, *to;
    char *old;    /* a second name of what it replaces; NULL: there are no such names here */
    bool is_new;  /* it replaces nothing */
    bool is_gone; /* what is in its place is removed */
};
struct parts {
    struct part items[PARTS_MOST];
    size_t count;
};

static bool cannot_write(const char *path, struct error *error)
{
    return error_set(error, ERROR_CANNOT_WRITE, "%s: cannot write: %s", path, strerror(errno));
}

static char *inside(const char *folder, const char *between, const char *name, struct error *error)
{
    struct text text = {0};
    text_add(&text, "%s/%s%s", folder, between, name);
    if (text_check(&text, error))
        return text.bytes;
    text_free(&text);
    return NULL;
}

bool stage_open(struct stage *stage, const char *path, struct error *error)
{
    *stage = (struct stage){.lock = -1};
    stage->final = text_copy(path, strlen(path), error);
    if (stage->final == NULL)
        return false;
    if (!output_is_replaced(path)) {
        stage->path = text_copy(path, strlen(path), error);
        return stage->path != NULL;
    }
    temporary_clean(path);
    stage->folder = temporary_beside(path, error);
    if (stage->folder == NULL)
        return false;
    if (mkdtemp(stage->folder) == NULL) {
        array_free(&stage->folder);
        return cannot_write(path, error);
    }
    stage->lock = open(stage->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (stage->lock < 0)
        return cannot_write(path, error);
    temporary_lock(stage->lock);
    stage->path = inside(stage->folder, "", text_file_name(path), error);
    return stage->path != NULL;
}

/* ---- other files of the set ---- */

static bool find_same_folder(bool *same, const struct stage *stage, const char *path,
                             struct error *error)
{
    struct stat own, its;
    char *own_folder = path_beside(stage->final, ".", error);
    char *its_folder = own_folder != NULL ? path_beside(path, ".", error) : NULL;
    bool done = its_folder != NULL;
    *same = done && stat(own_folder, &own) == 0 && stat(its_folder, &its) == 0
            && own.st_dev == its.st_dev && own.st_ino == its.st_ino;
    free(own_folder);
    free(its_folder);
    return done;
}

const char *stage_also(struct stage *stage, const char *path, struct error *error)
{
    bool same = false;
    if (!find_same_folder(&same, stage, path, error)
        || !array_new(&stage->other, 1, sizeof *stage->other, error))
        return NULL;
    stage->other->lock = -1;
    if (same && stage->folder != NULL && output_is_replaced(path))
        stage->other->path = inside(stage->folder, "", text_file_name(path), error);
    else if (!stage_open(stage->other, path, error))
        return NULL;
    return stage->other->path;
}

bool stage_drop(struct stage *stage, const char *name, bool *is_there, struct error *error)
{
    struct stat facts;
    char *old = path_beside(stage->final, name, error);
    char *mark = NULL;
    *is_there =
        old != NULL && stage->folder != NULL && lstat(old, &facts) == 0 && !S_ISDIR(facts.st_mode);
    bool done = old != NULL;
    if (*is_there) {
        mark = inside(stage->folder, TEMPORARY_GONE, name, error);
        int descriptor = mark != NULL ? open(mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) : -1;
        done = descriptor >= 0 || (mark != NULL && cannot_write(old, error));
        if (descriptor >= 0)
            close(descriptor);
        done = done && (folder_sync(mark) || cannot_write(old, error));
    }
    free(mark);
    free(old);
    return done;
}

/* ---- the parts ---- */

static void free_parts(struct parts *parts)
{
    for (size_t i = 0; i < parts->count; i++) {
        free(parts->items[i].from);
        free(parts->items[i].to);
        free(parts->items[i].old);
    }
}

static bool add_part(struct parts *parts, const struct stage *stage, const char *name,
                     struct error *error)
{
    if (parts->count == PARTS_MOST)
        return error_set(error, ERROR_INTERNAL, "%s: more than %d files", stage->final, PARTS_MOST);
    size_t mark = sizeof TEMPORARY_GONE - 1;
    struct part *part = &parts->items[parts->count++];
    part->is_gone = strncmp(name, TEMPORARY_GONE, mark) == 0;
    part->from = inside(stage->folder, "", name, error);
    char *beside = path_beside(stage->final, name + (part->is_gone ? mark : 0), error);
    part->to = beside == NULL || part->is_gone ? beside : path_target(beside, error);
    if (beside != part->to)
        free(beside);
    return part->from != NULL && part->to != NULL;
}

/* All that were written, with the one that people open at the end. */
static bool list_parts(struct parts *parts, const struct stage *stage, struct error *error)
{
    const char *last = text_file_name(stage->final);
    DIR *listing = opendir(stage->folder);
    const struct dirent *entry;
    if (listing == NULL)
        return cannot_write(stage->final, error);
    bool done = true, has_last = false;
    while (done && (entry = readdir(listing)) != NULL) {
        bool is_last = strcmp(entry->d_name, last) == 0;
        has_last |= is_last;
        if (!is_last && strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            done = add_part(parts, stage, entry->d_name, error);
    }
    closedir(listing);
    return done && (!has_last || add_part(parts, stage, last, error));
}

/* A file keeps the permissions that it had. */
static bool keep_permissions(const struct part *part, struct error *error)
{
    struct stat facts;
    if (part->is_gone || stat(part->to, &facts) != 0)
        return true;
    if (S_ISDIR(facts.st_mode))
        return error_set(error, ERROR_CANNOT_WRITE, "%s: this is a folder; name a file in it",
                         part->to);
    return chmod(part->from, facts.st_mode & 0777) == 0 || cannot_write(part->to, error);
}

/* ---- moving them ---- */

static bool keep_old(struct parts *parts, const struct stage *stage, struct error *error)
{
    char *folder = inside(stage->folder, "", TEMPORARY_OLD, error);
    bool made = folder != NULL && mkdir(folder, 0700) == 0;
    bool done = made || (folder != NULL && cannot_write(stage->final, error));
    for (size_t i = 0; done && i < parts->count; i++) {
        struct part *part = &parts->items[i];
        part->old = inside(folder, "", text_file_name(part->from), error);
        done = part->old != NULL;
        if (done && link(part->to, part->old) != 0) {
            part->is_new = errno == ENOENT;
            array_free(&part->old);
        }
    }
    free(folder);
    return done;
}

/* Back into the folder first: if this is killed too, the set can still be ended. */
static bool put_back(const struct part *part)
{
    bool back = part->is_gone || rename(part->to, part->from) == 0;
    return back && (part->old == NULL || rename(part->old, part->to) == 0);
}

/* False when what was moved cannot be put back. */
static bool undo(const struct parts *parts, size_t count)
{
    bool done = true;
    for (size_t i = 0; i < count; i++)
        if (parts->items[i].old == NULL && !parts->items[i].is_new)
            return false;
    for (size_t i = 0; i < count; i++)
        done &= put_back(&parts->items[i]);
    return done;
}

static bool move_one(const struct part *part)
{
    return part->is_gone ? unlink(part->to) == 0 || errno == ENOENT
                         : rename(part->from, part->to) == 0;
}

/* *torn: some were moved, and the others cannot be. */
static bool move(bool *torn, const struct parts *parts, const struct stage *stage,
                 struct error *error)
{
    for (size_t i = 0; i < parts->count; i++)
        if (!move_one(&parts->items[i])) {
            cannot_write(parts->items[i].to, error);
            *torn = !undo(parts, i);
            return false;
        }
    return folder_sync(stage->final) || cannot_write(stage->final, error);
}

/* Takes the name over. */
static bool rename_folder(struct stage *stage, char *to, struct error *error)
{
    if (rename(stage->folder, to) != 0) {
        free(to);
        return cannot_write(stage->final, error);
    }
    free(stage->folder);
    stage->folder = to;
    return true;
}

/* From this name on a run that finds the folder ends the set instead of removing it. */
static bool declare_whole(struct stage *stage, struct error *error)
{
    struct text name = {0};
    text_add(&name, "%s%s", stage->folder, TEMPORARY_SET);
    if (!text_check(&name, error)) {
        text_free(&name);
        return false;
    }
    return rename_folder(stage, name.bytes, error)
           && (folder_sync(stage->final) || cannot_write(stage->final, error));
}

static void declare_unwanted(struct stage *stage)
{
    char *plain = temporary_beside(stage->final, NULL);
    size_t length = plain != NULL ? strlen(plain) : 0;
    if (length > 0 && strlen(stage->folder) > length) {
        memcpy(plain, stage->folder, length);
        rename_folder(stage, plain, NULL);
    } else
        free(plain);
}

static bool commit(bool *torn, struct stage *stage, struct error *error)
{
    struct parts parts = {0};
    bool done = declare_whole(stage, error) && list_parts(&parts, stage, error);
    for (size_t i = 0; done && i < parts.count; i++)
        done = keep_permissions(&parts.items[i], error);
    done = done && keep_old(&parts, stage, error) && move(torn, &parts, stage, error);
    free_parts(&parts);
    if (!done && !*torn)
        declare_unwanted(stage);
    return done;
}

/* ".../.plein-1-abc/kaart.png: ..." becomes ".../kaart.png: ...". */
static void name_place(const struct stage *stage, struct error *error)
{
    const char *name = text_file_name(stage->folder);
    char *at = error != NULL ? strstr(error->message, name) : NULL;
    if (at != NULL && at[strlen(name)] == '/')
        memmove(at, at + strlen(name) + 1, strlen(at + strlen(name) + 1) + 1);
}

/* One on the same stage has but a path. */
static bool close_other(struct stage *stage, bool done, struct error *error)
{
    if (stage->other == NULL)
        return done;
    done = stage_close(stage->other, done, error);
    array_free(&stage->other);
    return done;
}

bool stage_close(struct stage *stage, bool done, struct error *error)
{
    bool given = stage->folder != NULL, torn = false;
    done = close_other(stage, done, error);
    if (given && !done)
        name_place(stage, error);
    if (given && done)
        done = commit(&torn, stage, error);
    if (given && !torn) /* else the next run ends the set */
        temporary_remove(stage->folder);
    if (stage->lock >= 0)
        close(stage->lock);
    array_free(&stage->folder);
    array_free(&stage->final);
    array_free(&stage->path);
    return done;
}
