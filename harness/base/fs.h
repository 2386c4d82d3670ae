/*
 * fs - files and folders: whole reads, atomic writes, private scratch.
 *
 * Paths are NUL-terminated and at most GB_MAX_PATH.  Nothing here follows a
 * symlink when removing.  A written file is complete or not there: it is
 * written beside its name, fsynced and renamed.
 */
#ifndef GB_BASE_FS_H
#define GB_BASE_FS_H

#include <stdbool.h>
#include <stddef.h>

struct gb_buf;
struct gb_err;

/* Appends the file to `ret`.  GB_ENOTFOUND, GB_ESYS, GB_ELIMIT (ret->max). */
int gb_fs_read(const char *path, struct gb_buf *ret, struct gb_err *err);

/* Atomic; keeps the mode of a file that is there, else 0666 & ~umask.  Makes no folders. */
int gb_fs_write(const char *path, const void *data, size_t len, struct gb_err *err);

int gb_fs_mkdirs(const char *path, struct gb_err *err); /* like mkdir -p, 0777 & ~umask */
bool gb_fs_exists(const char *path);
bool gb_fs_is_dir(const char *path);

/* Hard link, or a copy (mode kept) where the file system refuses. */
int gb_fs_link_or_copy(const char *from, const char *to, struct gb_err *err);

/* Removes a tree.  A path that is not there is fine.  Folders without write
 * permission are made writable first.  Goes on after an error, returns the first. */
int gb_fs_remove_tree(const char *path, struct gb_err *err);

/*
 * A private folder (0700) under TMPDIR or /tmp named gobudget-<pid>-XXXXXX.
 * The owner removes it with gb_fs_remove_tree(); gb_fs_scratch_sweep() removes those
 * whose owner is dead (kill -9) and that belong to this user, and is called
 * when a new one is made.  Returned path is absolute, symlinks resolved.
 */
int gb_fs_scratch(char **ret_path, struct gb_err *err);
void gb_fs_scratch_sweep(void);
bool gb_fs_is_scratch(const char *path); /* by its words: below such a folder, of any process */

/* Absolute and without symlinks; the path must exist.  Caller frees. */
int gb_fs_realpath(const char *path, char **ret_path, struct gb_err *err);
int gb_fs_cwd(char **ret_path, struct gb_err *err);
char *gb_path_join(const char *dir, const char *name); /* NULL: out of memory */
const char *gb_path_base(const char *path);	       /* points into path */
bool gb_path_under(const char *path, const char *dir); /* lexical: dir itself or below it */
/* What of path is below dir, "." for dir itself; path where it is not below. */
const char *gb_path_relative(const char *path, const char *dir);

/* The file named `name` on PATH, or `name` itself if it has a slash; GB_ENOTFOUND. */
int gb_fs_which(const char *name, char **ret_path, struct gb_err *err);

/* A lock file held by this process until released or dead (flock, O_CLOEXEC). fd or negative. */
int gb_fs_lock(const char *path, struct gb_err *err);

#endif
