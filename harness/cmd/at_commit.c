#include "cmd/at_commit.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/supervise.h"
#include "base/text.h"
#include "base/units.h"
#include "cmd/replaced.h"
#include "go/secrets.h"

#include <stdlib.h>
#include <string.h>

/* A gobudget that is told to end ends its tests first, and takes its own scratch folder away. */
#define GRACE_MS 15000

int at_environment(struct gb_strlist *env, struct gb_err *err)
{
	/* git rev-parse --local-env-vars, and what an event of GitHub's says of another commit. */
	static const char *const names[] = {
		"GIT_ALTERNATE_OBJECT_DIRECTORIES",
		"GIT_CONFIG",
		"GIT_CONFIG_PARAMETERS",
		"GIT_CONFIG_COUNT",
		"GIT_OBJECT_DIRECTORY",
		"GIT_DIR",
		"GIT_WORK_TREE",
		"GIT_IMPLICIT_WORK_TREE",
		"GIT_GRAFT_FILE",
		"GIT_INDEX_FILE",
		"GIT_NO_REPLACE_OBJECTS",
		"GIT_REPLACE_REF_BASE",
		"GIT_PREFIX",
		"GIT_SHALLOW_FILE",
		"GIT_COMMON_DIR",
		"GIT_INTERNAL_SUPER_PREFIX",
		"GIT_QUARANTINE_PATH",
		"GIT_NAMESPACE",
		"GIT_PUSH_OPTION_COUNT",
		"GITHUB_ACTIONS",
		"GITHUB_EVENT_NAME",
		"GITHUB_EVENT_PATH",
		"GITHUB_BASE_REF",
		"GITHUB_REF",
	};
	const char *gowork;
	int rc = gb_env_copy(env, err);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && rc >= 0; i++)
		rc = gb_env_set(env, names[i], NULL, err);
	/* A workspace file of the user's work tree has nothing to do with the commit's. */
	gowork = gb_env_get(env, "GOWORK");
	if (rc >= 0 && gowork && strcmp(gowork, "off") != 0)
		rc = gb_env_set(env, "GOWORK", NULL, err);
	return rc < 0 ? rc : 0;
}

static int make_env(struct gb_at *a, struct gb_err *err)
{
	int rc = at_environment(&a->env, err);

	if (rc >= 0)
		rc = gb_secrets_strip(&a->env, err);
	return rc < 0 ? rc : gb_env_set(&a->env, "NO_COLOR", "1", err);
}

static int find_below(struct gb_at *a, struct gb_err *err)
{
	_free_ char *cwd = NULL, *here = NULL, *top = NULL;
	int rc;

	if (!*gb_repo_top(a->repo)) {
		a->below = gb_strdup("");
		return a->below ? 0 : gb_fail_nomem(err);
	}
	if ((rc = gb_fs_cwd(&cwd, err)) < 0 || (rc = gb_fs_realpath(cwd, &here, err)) < 0 ||
	    (rc = gb_fs_realpath(gb_repo_top(a->repo), &top, err)) < 0)
		return rc;
	a->below = gb_strdup(strcmp(here, top) ? gb_path_relative(here, top) : "");
	return a->below ? 0 : gb_fail_nomem(err);
}

int at_open(struct gb_at *a, struct gb_err *err)
{
	int rc = gb_repo_open_any(".", &a->repo, err);

	if (rc >= 0)
		replaced_say(a->repo);
	if (rc >= 0)
		rc = find_below(a, err);
	if (rc >= 0)
		rc = gb_self_path(&a->self, err);
	if (rc >= 0)
		rc = make_env(a, err);
	if (rc >= 0)
		gb_secrets_drop();
	return rc < 0 ? rc : gb_fs_scratch(&a->scratch, err);
}

int at_go(struct gb_at *a, const char *commit, struct gb_err *err)
{
	int rc = a->tree ? gb_worktree_move(a->tree, commit, err)
			 : gb_worktree_open(a->repo, commit, a->scratch, &a->tree, err);

	free(GB_TAKE(a->dir));
	if (rc < 0)
		return rc;
	a->dir = *a->below ? gb_path_join(gb_worktree_top(a->tree), a->below)
			   : gb_strdup(gb_worktree_top(a->tree));
	if (!a->dir)
		return gb_fail_nomem(err);
	if (!gb_fs_is_dir(a->dir))
		free(GB_TAKE(a->dir));
	return 0;
}

struct running {
	struct gb_progress *progress;
	struct gb_buf *out;
};

/* Of too much the end is kept: there the reason stands. */
static int on_line(void *arg, int stream, const char *line, size_t len)
{
	struct gb_buf *out = ((struct running *)arg)->out;

	(void)stream;
	if (out->len + len + 1 > out->max)
		gb_buf_clear(out);
	gb_buf_add(out, line, len);
	gb_buf_addc(out, '\n');
	return 0;
}

static int on_tick(void *arg)
{
	gb_progress_tick(((struct running *)arg)->progress);
	return 0;
}

int at_run(struct gb_at *a, const struct gb_strlist *words, const char *phase, struct gb_buf *out,
	   int *ret_status, struct gb_err *err)
{
	_strlist_ struct gb_strlist argv = GB_STRLIST_INIT;
	struct running running = { &a->progress, out };
	struct gb_proc_result end;
	int rc = gb_strlist_add(&argv, a->self, err);

	if (rc >= 0)
		rc = gb_strlist_add_all(&argv, (const char *const *)words->v, words->n, err);
	if (rc >= 0)
		rc = gb_env_set(&a->env, "PWD", a->dir, err);
	if (rc < 0)
		return rc;
	const struct gb_proc p = { .argv = (const char *const *)gb_strlist_argv(&argv),
				   .dir = a->dir,
				   .env = (const char *const *)gb_strlist_argv(&a->env),
				   .in = GB_STDIO_NULL,
				   .out = GB_STDIO_LINES,
				   .err = GB_STDIO_LINES,
				   .on_line = on_line,
				   .on_tick = on_tick,
				   .arg = &running,
				   .timeout_ms = a->timeout_ms,
				   .tick_ms = 100,
				   .grace_ms = GRACE_MS };
	gb_progress_start(&a->progress, !a->quiet, phase, 0);
	rc = gb_proc_run(&p, &end, err);
	gb_progress_end(&a->progress);
	if (rc >= 0)
		*ret_status = end.status;
	return rc;
}

static int words_of(struct gb_at *a, const char *have, const struct gb_strlist *words,
		    const char *into, struct gb_strlist *ret, struct gb_err *err)
{
	_free_ char *note = have ? gb_path_join(a->scratch, "have.json") : NULL;
	int rc = have && !note ? gb_fail_nomem(err) : gb_strlist_add(ret, "measure", err);

	if (rc >= 0)
		rc = gb_strlist_addf(ret, err, "--into=%s", into);
	if (rc >= 0 && note)
		rc = gb_fs_write(note, have, strlen(have), err);
	if (rc >= 0 && note)
		rc = gb_strlist_addf(ret, err, "--have=%s", note);
	return rc < 0 ? rc : gb_strlist_add_all(ret, (const char *const *)words->v, words->n, err);
}

/* gobudget's own last word, "gobudget: no go.mod"; NULL: it had none. */
static char *last_word(const struct gb_buf *log)
{
	static const char ours[] = "gobudget: ";
	const char *found = NULL;

	for (const char *p = log->data; p && *p; p = strchr(p, '\n'), p += p != NULL)
		if (gb_starts(p, ours))
			found = p + strlen(ours);
	return found ? gb_strndup(found, strcspn(found, "\n")) : NULL;
}

static int why_not(struct gb_at_result *r, const struct gb_buf *log, int status, struct gb_err *err)
{
	if (r->measured && r->m.end == GB_MEASURED_FINE)
		r->why = gb_strdup("");
	else if (r->measured)
		r->why = gb_strdup(r->m.why[0] ? r->m.why : "no test ran");
	else if (!(r->why = last_word(log)))
		r->why = gb_asprintf("gobudget ended with status %d", status);
	return r->why ? 0 : gb_fail_nomem(err);
}

static int read_result(const char *into, struct gb_at_result *r, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_NOTE);
	struct gb_err own = GB_ERR_INIT;
	int rc = gb_fs_read(into, &text, &own);

	if (rc >= 0)
		rc = gb_measured_parse("what was measured", text.data, text.len, &r->m, &own);
	if (rc == GB_ENOMEM)
		return gb_fail_nomem(err);
	r->measured = rc >= 0;
	return 0;
}

static int no_folder(const struct gb_at *a, const char *commit, struct gb_at_result *r,
		     struct gb_err *err)
{
	r->why = gb_asprintf("%.12s has no folder %s", commit, a->below);
	r->log = gb_strdup("");
	return r->why && r->log ? 0 : gb_fail_nomem(err);
}

int at_measure(struct gb_at *a, const char *commit, const char *have,
	       const struct gb_strlist *words, const char *phase, struct gb_at_result *ret,
	       struct gb_err *err)
{
	_strlist_ struct gb_strlist all = GB_STRLIST_INIT;
	_buf_ struct gb_buf log = GB_BUF_INIT(GB_MAX_CHILD_OUTPUT);
	_free_ char *into = gb_path_join(a->scratch, "measured.json");
	struct gb_at_result r = { 0 };
	int64_t began = gb_now_ms();
	int status = 0, rc = into ? at_go(a, commit, err) : gb_fail_nomem(err);
	struct gb_err own = GB_ERR_INIT;

	if (rc >= 0)
		rc = gb_fs_remove_tree(into, err);
	if (rc < 0 || !a->dir)
		return rc < 0 ? rc : no_folder(a, commit, ret, err);
	if ((rc = words_of(a, have, words, into, &all, err)) < 0)
		return rc;
	rc = at_run(a, &all, phase, &log, &status, &own);
	if (rc == GB_ETIME) {
		char took[32];

		r.why = gb_asprintf("took longer than %s",
				    gb_format_duration(took, sizeof(took), a->timeout_ms));
		rc = r.why ? 0 : gb_fail_nomem(&own);
	} else if (rc >= 0 && (rc = read_result(into, &r, &own)) >= 0) {
		rc = why_not(&r, &log, status, &own);
	}
	r.wall_ms = gb_now_ms() - began;
	if (rc >= 0 && !(r.log = gb_strdup(log.data)))
		rc = gb_fail_nomem(&own);
	if (rc < 0) {
		*err = own;
		at_result_release(&r);
		return rc;
	}
	*ret = r;
	return 0;
}

void at_log_tail(const char *log, size_t lines, struct gb_buf *out)
{
	const char *p = log + strlen(log);

	for (size_t n = 0; p > log && n <= lines; n += *--p == '\n')
		if (n == lines && p[-1] == '\n')
			break;
	while (*p) {
		size_t len = strcspn(p, "\n");
		_buf_ struct gb_buf line = GB_BUF_INIT(GB_MAX_CHILD_OUTPUT);

		gb_buf_add(&line, p, len);
		gb_buf_adds(out, "  | ");
		gb_text_safe(out, line.data);
		gb_buf_addc(out, '\n');
		p += len + (p[len] == '\n');
	}
}

void at_result_release(struct gb_at_result *r)
{
	if (r->measured)
		gb_measured_release(&r->m);
	free(r->why);
	free(r->log);
	*r = (struct gb_at_result){ 0 };
}

void at_close(struct gb_at *a)
{
	gb_worktree_free(a->tree);
	if (a->scratch)
		gb_fs_remove_tree(a->scratch, NULL);
	gb_repo_free(a->repo);
	gb_strlist_release(&a->env);
	free(a->scratch);
	free(a->self);
	free(a->below);
	free(a->dir);
	*a = (struct gb_at){ 0 };
}
