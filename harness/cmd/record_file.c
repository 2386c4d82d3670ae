/* One file of gobudget record: written, removed, or a piece of a patch. */
#include "cmd/record.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "git/patch.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static int write_file(const char *path, const char *text, struct gb_err *err)
{
	_free_ char *dir = gb_strndup(path, (size_t)(strrchr(path, '/') - path));
	int rc;

	if (!dir)
		return gb_fail_nomem(err);
	if ((rc = gb_fs_mkdirs(dir, err)) < 0)
		return rc;
	return gb_fs_write(path, text, strlen(text), err);
}

static int add_patch(struct gb_buf *out, const char *path, const char *module_dir, const char *text,
		     struct gb_err *err)
{
	_buf_ struct gb_buf old = GB_BUF_INIT(GB_MAX_BUDGET_FILE);
	_free_ char *top = NULL;
	bool exists = gb_fs_exists(path);
	int rc;

	if ((rc = gb_git_top(module_dir, &top, err)) < 0 ||
	    (exists && (rc = gb_fs_read(path, &old, err)) < 0))
		return rc;
	return gb_patch_add(out, gb_path_relative(path, top ? top : module_dir),
			    exists ? old.data : NULL, text, err);
}

int gb_record_put(const struct gb_recording *r, const char *path, const char *module_dir,
		  const char *text, struct gb_buf *out, struct gb_err *err)
{
	if (r->patch)
		return add_patch(out, path, module_dir, text, err);
	if (r->dry_run && r->into && text) {
		_free_ char *there = gb_path_join(r->into, path + 1);

		return there ? write_file(there, text, err) : gb_fail_nomem(err);
	}
	if (r->dry_run)
		return 0;
	if (text)
		return write_file(path, text, err);
	return unlink(path) ? gb_fail_sys(err, errno, "remove %s", path) : 0;
}
