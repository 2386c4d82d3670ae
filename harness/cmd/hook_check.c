#include "cmd/hook_check.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/supervise.h"
#include "base/text.h"
#include "base/units.h"
#include "cmd/hook_trouble.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#define GRACE_MS  10000 /* for what was measured until then to be told */
#define MAX_SAID  10	/* troubles that are named */
#define MAX_WORDS (96 * GB_KIB)

/* One child. */
struct call {
	struct gb_hook_check *c;
	const char *report; /* it writes its report there */
	const char *dir;
	const char *saying; /* the live line: "checking main (3c2fe681b2c4)" */
	bool silent;
	struct gb_strlist argv;
	struct gb_proc_result result;
};

static int64_t remaining(const struct gb_hook_check *c)
{
	int64_t left = c->started_ms + c->limit_ms - gb_now_ms();

	return left > 1 ? left : 1;
}

static int on_line(void *arg, int stream, const char *line, size_t len)
{
	struct call *x = arg;

	(void)stream;
	if (x->silent)
		return 0;
	gb_term_live(x->c->term, NULL);
	fwrite(line, 1, len, stderr);
	fputc('\n', stderr);
	return 0;
}

static int on_tick(void *arg)
{
	struct call *x = arg;
	_buf_ struct gb_buf line = GB_BUF_INIT(GB_MAX_LINE);
	char now[32], most[32];

	gb_buf_addf(&line, "%s ... %s of %s", x->saying,
		    gb_format_duration(now, sizeof(now),
				       (gb_now_ms() - x->c->started_ms) / 1000 * 1000),
		    gb_format_duration(most, sizeof(most), x->c->limit_ms));
	gb_term_live(x->c->term, line.data);
	return 0;
}

static int run(struct call *x, struct gb_err *err)
{
	const struct gb_proc p = { .argv = (const char *const *)gb_strlist_argv(&x->argv),
				   .dir = x->dir,
				   .env = (const char *const *)gb_strlist_argv(x->c->env),
				   .in = GB_STDIO_NULL,
				   .out = GB_STDIO_LINES,
				   .err = GB_STDIO_LINES,
				   .on_line = on_line,
				   .on_tick = on_tick,
				   .arg = x,
				   .timeout_ms = remaining(x->c),
				   .tick_ms = 1000,
				   .grace_ms = GRACE_MS };
	int rc = gb_proc_run(&p, &x->result, err);

	gb_term_live(x->c->term, NULL);
	return rc;
}

static int words(struct call *x, struct gb_err *err)
{
	_free_ char *self = NULL;
	int rc = gb_self_path(&self, err);

	return rc < 0 ? rc
		      : gb_strlist_add_all(&x->argv,
					   (const char *const[]){ self, "check", "--quiet",
								  "--json", x->report },
					   5, err);
}

/* The commit itself. */
static int run_head(struct call *x, struct gb_err *err)
{
	const char *base = x->c->what->base;
	int rc = words(x, err);

	/* It writes into a pipe of ours, and we to the terminal. */
	if (rc >= 0 && x->c->term->colour && x->c->term->width <= 1000)
		rc = gb_strlist_addf(&x->argv, err, "--columns=%zu", x->c->term->width);
	if (rc >= 0 && *base)
		rc = gb_strlist_add_all(&x->argv,
					(const char *const[]){ "--affected", "--base", base }, 3,
					err);
	if (rc >= 0)
		rc = gb_strlist_add(&x->argv, "./...", err);
	return rc < 0 ? rc : run(x, err);
}

/* Has the folder anything of Go? */
static bool holds_go(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	bool found = false;

	while (d && !found && (e = readdir(d)))
		found = gb_ends(e->d_name, ".go");
	if (d)
		closedir(d);
	return found;
}

/* "example.com/shop" of the module's go.mod, or NULL. */
static char *module_path(const char *dir)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MIB);
	_free_ char *file = gb_path_join(dir, "go.mod");
	const char *s;
	size_t len;

	if (!file || gb_fs_read(file, &text, NULL) < 0)
		return NULL;
	s = gb_starts(text.data, "module ") ? text.data : strstr(text.data, "\nmodule ");
	if (!s)
		return NULL;
	s = strchr(s, ' ');
	s += strspn(s, " \t\"`");
	len = strcspn(s, " \t\r\n\"`");
	return gb_strndup(s, len);
}

/* The package's folder below the module's; of one that did not build only its path is known. */
static const char *folder_of(const struct gb_trouble_row *r, const char *module)
{
	size_t len = module ? strlen(module) : 0;

	if (r->dir)
		return r->dir;
	if (!len || strncmp(r->package, module, len) != 0)
		return NULL;
	if (r->package[len] == '/')
		return r->package + len + 1;
	return r->package[len] ? NULL : ".";
}

/* Those packages of the base that head had trouble with; *ret_any: there are some. */
static int add_packages(struct call *x, const struct gb_troubles *head, bool *ret_any,
			struct gb_err *err)
{
	_strlist_ struct gb_strlist all = GB_STRLIST_INIT;
	_free_ char *module = module_path(x->dir);
	size_t bytes = 0;
	int rc = 0;

	for (size_t i = 0; i < head->n && rc >= 0; i++) {
		const char *dir = folder_of(&head->v[i], module);
		_free_ char *there = dir ? gb_path_join(x->dir, dir) : NULL;
		_free_ char *word = dir ? gb_asprintf("./%s", dir) : NULL;

		if (!there || !word || !holds_go(there) || gb_strlist_has(&all, word))
			continue;
		bytes += strlen(word) + 1;
		rc = gb_strlist_add(&all, word, err);
	}
	*ret_any = all.n > 0;
	if (rc >= 0 && bytes > MAX_WORDS)
		return gb_strlist_add(&x->argv, "./...", err);
	return rc < 0 ? rc
		      : gb_strlist_add_all(&x->argv, (const char *const *)gb_strlist_argv(&all),
					   all.n, err);
}

/*
 * What the base has of head's troubles.  Nothing of it is printed.  Its exit status, or -1 where there
 * was nothing to run.
 */
static int ask_base(struct call *x, struct gb_worktree *wt, struct gb_troubles *head,
		    int *ret_status, struct gb_err *err)
{
	struct gb_troubles base = { 0 };
	bool any = false;
	int rc = gb_worktree_move(wt, x->c->what->base, err);

	*ret_status = -1;
	if (rc < 0 || !gb_fs_is_dir(x->dir) || (rc = words(x, err)) < 0)
		return rc;
	if (head->n)
		rc = add_packages(x, head, &any, err);
	else /* A broken budget file shows before anything is measured. */
		rc = gb_strlist_add_all(&x->argv,
					(const char *const[]){ "--affected", "--base",
							       x->c->what->base, "./..." },
					4, err);
	if (rc < 0 || (head->n && !any) || (rc = run(x, err)) < 0)
		return rc;
	*ret_status = x->result.status;
	rc = gb_troubles_read(x->report, &base, err);
	if (rc >= 0)
		gb_troubles_inherit(head, &base);
	gb_troubles_release(&base);
	return rc;
}

static void say_troubles(const struct gb_troubles *t, bool inherited)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++) {
		const struct gb_trouble_row *r = &t->v[i];

		if (r->inherited != inherited || n++ >= MAX_SAID)
			continue;
		gb_buf_adds(&out, "  ");
		gb_text_safe(&out, r->package);
		if (r->test) {
			gb_buf_addc(&out, ' ');
			gb_text_safe(&out, r->test);
		}
		gb_buf_addf(&out, ": %s\n", r->kind);
	}
	if (n > MAX_SAID)
		gb_buf_addf(&out, "  and %zu others\n", n - MAX_SAID);
	fputs(out.data, stderr);
}

static size_t count(const struct gb_troubles *t, bool inherited)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		n += t->v[i].inherited == inherited;
	return n;
}

/* Head ended with 2 or 3. */
static int second_look(struct call *x, struct gb_worktree *wt, int head_status,
		       enum gb_hook_verdict *ret, struct gb_err *err)
{
	struct call base = { .c = x->c,
			     .dir = x->dir,
			     .saying = "asking the base whether it has that too",
			     .silent = true };
	_free_ char *report = gb_path_join(x->c->folder, "base.json");
	struct gb_troubles head = { 0 };
	int status = -1;
	int rc = report ? gb_troubles_read(x->report, &head, err) : gb_fail_nomem(err);

	base.report = report;
	if (rc >= 0 && x->c->what->base[0] && (head.n || head_status == 2))
		rc = ask_base(&base, wt, &head, &status, err);
	if (rc >= 0 && head_status == 2)
		*ret = status == 2 ? GB_HOOK_UNKNOWN : GB_HOOK_BROKEN;
	else if (rc >= 0)
		*ret = count(&head, false) ? GB_HOOK_BROKEN : GB_HOOK_UNKNOWN;
	if (rc >= 0 && count(&head, true)) {
		fputs("gobudget: the base has that as well, so it is not this push's doing:\n",
		      stderr);
		say_troubles(&head, true);
	}
	if (rc >= 0 && count(&head, false) && x->c->what->base[0]) {
		fputs("gobudget: the base does not have that:\n", stderr);
		say_troubles(&head, false);
	}
	gb_strlist_release(&base.argv);
	gb_troubles_release(&head);
	return rc;
}

static int check_module(struct gb_hook_check *c, struct gb_worktree *wt, const char *module,
			enum gb_hook_verdict *ret, struct gb_err *err)
{
	_free_ char *dir = *module ? gb_path_join(gb_worktree_top(wt), module)
				   : gb_strdup(gb_worktree_top(wt));
	_free_ char *report = gb_path_join(c->folder, "head.json");
	_free_ char *saying =
		gb_asprintf("checking %s%s%s", c->what->name, *module ? ", " : "", module);
	struct call x = { .c = c, .report = report, .dir = dir, .saying = saying };
	struct gb_err own = GB_ERR_INIT;
	int rc = dir && report && saying ? 0 : gb_fail_nomem(&own);

	if (rc >= 0)
		rc = gb_fs_remove_tree(report, &own);
	if (rc >= 0)
		rc = run_head(&x, &own);
	if (rc >= 0 && x.result.status == 0)
		*ret = GB_HOOK_FINE;
	else if (rc >= 0 && x.result.status == 1)
		*ret = GB_HOOK_OVER;
	else if (rc >= 0)
		rc = second_look(&x, wt, x.result.status, ret, &own);
	gb_strlist_release(&x.argv);
	if (rc == GB_ETIME) {
		*ret = GB_HOOK_LATE;
		return gb_strlist_add(&c->late, *module ? module : ".", err);
	}
	if (rc < 0)
		*err = own;
	return rc;
}

static int go_to_commit(struct gb_hook_check *c, struct gb_err *err)
{
	if (c->wt)
		return gb_worktree_move(c->wt, c->what->commit, err);
	return gb_worktree_open(c->repo, c->what->commit, c->folder, &c->wt, err);
}

int hook_check(struct gb_hook_check *c, enum gb_hook_verdict *ret, struct gb_err *err)
{
	enum gb_hook_verdict worst = GB_HOOK_FINE;
	int rc = 0;

	for (size_t i = 0; i < c->modules->n && rc >= 0; i++) {
		const char *module = c->modules->v[i];
		enum gb_hook_verdict v = GB_HOOK_LATE;

		if (gb_now_ms() - c->started_ms >= c->limit_ms)
			rc = gb_strlist_add(&c->late, *module ? module : ".", err);
		else if ((rc = go_to_commit(c, err)) >= 0)
			rc = check_module(c, c->wt, module, &v, err);
		worst = v > worst ? v : worst;
	}
	if (rc >= 0)
		*ret = worst;
	return rc;
}
