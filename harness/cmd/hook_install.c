#include "cmd/hook_install.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/supervise.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME	 "pre-push"
#define BEFORE	 ".gobudget-before"
#define MARK	 "# gobudget pre-push hook"
#define CALL	 "gobudget hook run"
#define MAX_HOOK (4 * GB_MIB)

/* 'it'\''s': one word for sh, whatever is in it. */
static void add_quoted(struct gb_buf *out, const char *s)
{
	gb_buf_addc(out, '\'');
	for (; *s; s++) {
		if (*s == '\'')
			gb_buf_adds(out, "'\\''");
		else
			gb_buf_addc(out, *s);
	}
	gb_buf_addc(out, '\'');
}

/* The husky file goes into the repository: this machine's paths have no place in it. */
static int make_script(struct gb_hook *h, struct gb_err *err)
{
	const char *text = (const char *)gb_asset_find(gb_hook_assets, "pre-push.sh")->data;
	const char *mark = strstr(text, "'@SELF@'");
	_buf_ struct gb_buf out = GB_BUF_INIT(MAX_HOOK);
	_free_ char *self = NULL;
	int rc = h->manager == GB_HOOK_HUSKY ? 0 : gb_self_path(&self, err);

	if (rc < 0)
		return rc;
	gb_buf_add(&out, text, (size_t)(mark - text));
	add_quoted(&out, self ? self : "");
	gb_buf_adds(&out, mark + strlen("'@SELF@'"));
	if (out.failed)
		return gb_buf_error(&out, "the hook", err);
	h->script = gb_buf_detach(&out);
	return 0;
}

static bool is_there(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

/* What is no plain file (a folder, a symlink to nowhere) is somebody else's. */
static int look_at_file(struct gb_hook *h, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(MAX_HOOK);
	int rc = make_script(h, err);

	if (rc < 0)
		return rc;
	h->has_before = is_there(h->before);
	h->executable = access(h->path, X_OK) == 0;
	if (!is_there(h->path)) {
		h->state = GB_HOOK_NONE;
		return 0;
	}
	h->state = GB_HOOK_FOREIGN;
	if (gb_fs_read(h->path, &text, NULL) < 0)
		return 0;
	if (strcmp(text.data, h->script) == 0)
		h->state = h->executable ? GB_HOOK_OURS : GB_HOOK_OLD;
	else if (strstr(text.data, MARK))
		h->state = GB_HOOK_OLD;
	else if (strstr(text.data, CALL))
		h->state = GB_HOOK_BY_OTHERS;
	return 0;
}

static int look_at_lefthook(struct gb_hook *h, const char *path, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(MAX_HOOK);

	h->manager = GB_HOOK_LEFTHOOK;
	h->path = gb_strdup(path);
	if (!h->path)
		return gb_fail_nomem(err);
	h->executable = true;
	if (gb_fs_read(path, &text, NULL) >= 0 && strstr(text.data, CALL))
		h->state = GB_HOOK_BY_OTHERS;
	return 0;
}

static int find_lefthook(struct gb_hook *h, const char *top, struct gb_err *err)
{
	static const char *const names[] = {
		"lefthook.yml",	  ".lefthook.yml",  "lefthook.yaml",
		".lefthook.yaml", "lefthook.json",  ".lefthook.json",
		"lefthook.toml",  ".lefthook.toml", ".config/lefthook.yml",
	};

	for (size_t i = 0; *top && i < sizeof(names) / sizeof(names[0]); i++) {
		_free_ char *path = gb_path_join(top, names[i]);

		if (!path)
			return gb_fail_nomem(err);
		if (gb_fs_exists(path))
			return look_at_lefthook(h, path, err);
	}
	return 0;
}

/* husky 9 points git at .husky/_, older ones at .husky; people's hooks are in .husky. */
static char *husky_folder(const struct gb_hooks *hooks)
{
	char *dir = gb_strdup(hooks->dir);
	size_t len = dir ? strlen(dir) : 0;

	while (len > 1 && dir[len - 1] == '/')
		dir[--len] = '\0';
	if (len > 2 && strcmp(dir + len - 2, "/_") == 0)
		dir[len - 2] = '\0';
	return dir;
}

int gb_hook_look(const struct gb_repo *repo, struct gb_hook *ret, struct gb_err *err)
{
	struct gb_hook h = { 0 };
	_free_ char *husky = NULL;
	const char *dir;
	int rc = gb_hooks_find(repo, &h.hooks, err);

	if (rc >= 0)
		rc = find_lefthook(&h, gb_repo_top(repo), err);
	if (rc >= 0 && h.manager != GB_HOOK_LEFTHOOK) {
		husky = husky_folder(&h.hooks);
		if (h.hooks.setting && husky && strcmp(gb_path_base(husky), ".husky") == 0)
			h.manager = GB_HOOK_HUSKY;
		else if (h.hooks.elsewhere)
			h.manager = GB_HOOK_SHARED;
		dir = h.manager == GB_HOOK_HUSKY ? husky : h.hooks.dir;
		h.path = gb_path_join(dir, NAME);
		h.before = h.path ? gb_asprintf("%s" BEFORE, h.path) : NULL;
		rc = h.before && husky ? look_at_file(&h, err) : gb_fail_nomem(err);
	}
	if (rc < 0) {
		gb_hook_release(&h);
		return rc;
	}
	*ret = h;
	return 0;
}

bool gb_hook_can_install(const struct gb_hook *h)
{
	if (h->manager == GB_HOOK_HUSKY)
		return h->state != GB_HOOK_FOREIGN && h->state != GB_HOOK_BY_OTHERS;
	return h->manager == GB_HOOK_GIT && h->state != GB_HOOK_BY_OTHERS;
}

/* The file that is there stays the same file under its other name, a symlink a symlink. */
static int keep_before(const struct gb_hook *h, struct gb_err *err)
{
	if (h->has_before) {
		gb_fail(err, GB_EEXIST, "%s is there, and %s from before as well", h->path,
			gb_path_base(h->before));
		return gb_hint(err, "make one of the two, then run `gobudget hook install` again");
	}
	if (linkat(AT_FDCWD, h->path, AT_FDCWD, h->before, 0) == 0)
		return 0;
	/* No links here: for a moment there is no hook. */
	if (rename(h->path, h->before) < 0)
		return gb_fail_sys(err, errno, "keep %s as %s", h->path, gb_path_base(h->before));
	return 0;
}

int gb_hook_install(const struct gb_hook *h, struct gb_err *err)
{
	_free_ char *fresh = gb_asprintf("%s.gobudget-new", h->path);
	_free_ char *dir = gb_strndup(h->path, (size_t)(strrchr(h->path, '/') - h->path));
	int rc;

	if (!fresh || !dir)
		return gb_fail_nomem(err);
	if ((rc = gb_fs_mkdirs(dir, err)) < 0 ||
	    (rc = gb_fs_write(fresh, h->script, strlen(h->script), err)) < 0)
		return rc;
	if (chmod(fresh, 0755) < 0)
		rc = gb_fail_sys(err, errno, "make %s executable", fresh);
	if (rc >= 0 && h->state == GB_HOOK_FOREIGN)
		rc = keep_before(h, err);
	if (rc >= 0 && rename(fresh, h->path) < 0)
		rc = gb_fail_sys(err, errno, "put %s in place", h->path);
	if (rc < 0)
		(void)unlink(fresh);
	return rc;
}

int gb_hook_uninstall(const struct gb_hook *h, struct gb_err *err)
{
	if (h->has_before)
		return rename(h->before, h->path) < 0
			       ? gb_fail_sys(err, errno, "put %s back", h->path)
			       : 0;
	return unlink(h->path) < 0 ? gb_fail_sys(err, errno, "remove %s", h->path) : 0;
}

const char *gb_hook_lines(const struct gb_hook *h)
{
	if (h->manager != GB_HOOK_LEFTHOOK)
		return "gobudget hook run \"$@\"\n";
	if (gb_ends(h->path, ".json"))
		return "\"pre-push\": {\"commands\": {\"gobudget\":\n"
		       "  {\"run\": \"gobudget hook run {0}\", \"use_stdin\": true}}}\n";
	if (gb_ends(h->path, ".toml"))
		return "[pre-push.commands.gobudget]\n"
		       "run = \"gobudget hook run {0}\"\n"
		       "use_stdin = true\n";
	return "pre-push:\n"
	       "  commands:\n"
	       "    gobudget:\n"
	       "      run: gobudget hook run {0}\n"
	       "      use_stdin: true\n";
}

void gb_hook_release(struct gb_hook *h)
{
	free(h->path);
	free(h->before);
	free(h->script);
	gb_hooks_release(&h->hooks);
	*h = (struct gb_hook){ 0 };
}
