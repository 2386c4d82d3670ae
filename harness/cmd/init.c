/* init - the first set-up of a module: shows each file, asks, writes. */
#include "cmd/init.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/term.h"
#include "base/text.h"
#include "budget/policy.h"
#include "cmd/ask.h"
#include "cmd/hook_install.h"
#include "cmd/init_record.h"
#include "command.h"

#include <stdio.h>
#include <string.h>

static bool yes, no_workflow, no_hook, no_record;

static const struct gb_opt opts[] = {
	{ "yes", 'y', GB_OPT_FLAG, NULL, "write without asking; everything is shown all the same",
	  &yes, 0, 0, false },
	{ "no-workflow", 0, GB_OPT_FLAG, NULL, "leave GitHub's workflow out", &no_workflow, 0, 0,
	  false },
	{ "no-hook", 0, GB_OPT_FLAG, NULL, "leave the pre-push hook out", &no_hook, 0, 0, false },
	{ "no-record", 0, GB_OPT_FLAG, NULL, "leave the budgets out: nothing is measured",
	  &no_record, 0, 0, false },
	{ NULL, 0, GB_OPT_FLAG, NULL, NULL, NULL, 0, 0, false },
};

struct setup {
	struct gb_init_found found;
	struct gb_term term;
	bool asks, hooked;
	size_t written, kept, refused, unasked;
	int status;
};

static void heading(const struct setup *s, const char *name, const char *what)
{
	_buf_ struct gb_buf line = GB_BUF_INIT(GB_MAX_LINE);

	gb_buf_addc(&line, '\n');
	gb_buf_adds(&line, gb_style_on(s->term.colour, GB_BOLD));
	gb_text_safe(&line, name);
	gb_buf_adds(&line, gb_style_off(s->term.colour));
	gb_buf_addf(&line, "  %s\n", what);
	fputs(line.data, stdout);
}

/* Yes, no, or nobody to ask. */
static int may(struct setup *s, const char *question, struct gb_err *err)
{
	int rc = 1;

	if (!yes && !s->asks) {
		s->unasked++;
		return 0;
	}
	if (!yes)
		rc = gb_ask(question, err);
	s->refused += rc == 0;
	return rc;
}

/* One new file: shown whole, asked for, written.  What is there stays. */
static int offer(struct setup *s, const char *dir, const char *name, const char *text,
		 const char *why, struct gb_err *err)
{
	_free_ char *path = gb_path_join(dir, name);
	_free_ char *folder = path ? gb_strndup(path, (size_t)(strrchr(path, '/') - path)) : NULL;
	int rc;

	if (!folder)
		return gb_fail_nomem(err);
	if (gb_fs_exists(path)) {
		heading(s, name, "is there already: kept");
		s->kept++;
		return 0;
	}
	heading(s, name, "new");
	gb_init_show(text, 0);
	fputs(why, stdout);
	rc = may(s, "Write it?", err);
	if (rc <= 0)
		return rc;
	if ((rc = gb_fs_mkdirs(folder, err)) < 0 ||
	    (rc = gb_fs_write(path, text, strlen(text), err)) < 0)
		return rc;
	s->written++;
	printf("wrote it\n");
	return 0;
}

static void add_names(struct gb_buf *out, const struct gb_strlist *l)
{
	for (size_t i = 0; i < l->n; i++) {
		gb_buf_adds(out, i ? ", " : "");
		gb_text_safe(out, l->v[i]);
	}
}

static void say_found(const struct setup *s)
{
	const struct gb_init_found *f = &s->found;
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_LINE);

	gb_buf_adds(&out, f->go.n_modules == 1 ? "module  " : "modules ");
	for (size_t i = 0; i < f->go.n_modules && i < 5; i++) {
		gb_buf_adds(&out, i ? ", " : "");
		gb_text_safe(&out, f->go.modules[i].path);
	}
	if (f->go.n_modules > 5)
		gb_buf_addf(&out, " and %zu others", f->go.n_modules - 5);
	gb_buf_adds(&out, " in ");
	gb_text_safe(&out, f->dir);
	gb_buf_addf(&out, "\ngo      %s\n", f->go.version);
	gb_buf_adds(&out, "git     ");
	gb_text_safe(&out, !f->top ? "no repository: no workflow" : f->branch ? f->branch : "?");
	gb_buf_adds(&out, "\n");
	if (f->ci.n) {
		gb_buf_adds(&out, "CI      ");
		add_names(&out, &f->ci);
		gb_buf_adds(&out, ": there, `gobudget check ./...` takes the place of `go test`\n");
	}
	if (f->test_workflows.n) {
		gb_buf_adds(&out, "CI      ");
		add_names(&out, &f->test_workflows);
		gb_buf_adds(&out, ": `go test` there can go, the new workflow runs the tests\n");
	}
	fputs(out.data, stdout);
}

static int offer_policy(struct setup *s, struct gb_err *err)
{
	const struct gb_asset *a = gb_asset_find(gb_init_assets, "policy.json");

	return offer(s, s->found.dir, GB_POLICY_FILE, (const char *)a->data,
		     "A budget may be exceeded by 10%, and by 4 KiB or 16 objects at least; who\n"
		     "raises one gives a reason. All else is as built in (budgets/README.md).\n",
		     err);
}

/* The template with its @NAMES@ filled in; a JSON string is a YAML string. */
static void fill(const struct gb_init_found *f, const char *text, struct gb_buf *out)
{
	while (*text) {
		if (gb_starts(text, "@BRANCH@")) {
			gb_buf_add_json(out, f->branch ? f->branch : "main");
			text += strlen("@BRANCH@");
		} else if (gb_starts(text, "@GOMOD@")) {
			gb_buf_add_json(out, f->gomod);
			text += strlen("@GOMOD@");
		} else if (gb_starts(text, "@WITH@")) {
			if (strcmp(f->dir, f->top) != 0) {
				gb_buf_adds(out, "\n        with:\n          working-directory: ");
				gb_buf_add_json(out, gb_path_relative(f->dir, f->top));
			}
			text += strlen("@WITH@");
		} else {
			gb_buf_addc(out, *text++);
		}
	}
}

static int offer_workflow(struct setup *s, struct gb_err *err)
{
	const struct gb_init_found *f = &s->found;
	const struct gb_asset *a = gb_asset_find(gb_init_assets, "workflow.yml");
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MIB);

	if (no_workflow || !f->top)
		return 0;
	if (f->gobudget_workflow) {
		heading(s, f->gobudget_workflow, "speaks of gobudget already: kept");
		s->kept++;
		return 0;
	}
	if (!f->github) {
		heading(s, "workflow", "left out: this is not on GitHub");
		return 0;
	}
	fill(f, (const char *)a->data, &text);
	if (text.failed)
		return gb_buf_error(&text, "the workflow", err);
	return offer(s, f->top, ".github/workflows/gobudget.yml", text.data,
		     "Checks pull requests and the default branch, and writes one comment.\n", err);
}

/* Not a file of the repository, and so it is not counted as one. */
static int offer_hook(struct setup *s, struct gb_err *err)
{
	_repo_ struct gb_repo *repo = NULL;
	struct gb_hook h = { 0 };
	int rc;

	if (no_hook || !s->found.top)
		return 0;
	if ((rc = gb_repo_open_any(s->found.top, &repo, err)) < 0 ||
	    (rc = gb_hook_look(repo, &h, err)) < 0)
		return rc;
	if (h.state == GB_HOOK_OURS || h.state == GB_HOOK_BY_OTHERS) {
		heading(s, h.path, "checks what is pushed already: kept");
		s->kept++;
	} else if (!gb_hook_can_install(&h)) {
		heading(s, h.path,
			"rules the hooks here: `gobudget hook install` says what to add");
	} else {
		heading(s, h.path,
			h.state == GB_HOOK_FOREIGN ? "new; the hook that is there runs first"
						   : "new");
		gb_init_show(h.script, 0);
		fputs("Checks what is pushed, before it is pushed.\n", stdout);
		rc = may(s, "Install it?", err);
		if (rc > 0 && (rc = gb_hook_install(&h, err)) >= 0) {
			s->hooked = true;
			printf("installed it\n");
		}
	}
	gb_hook_release(&h);
	return rc < 0 ? rc : 0;
}

static int offer_budgets(struct setup *s, struct gb_err *err)
{
	struct gb_init_record r = { .found = &s->found };
	int rc;

	if (no_record)
		return 0;
	if (s->found.n_budgets) {
		heading(s, "budgets/", "has budget files: kept");
		printf("`gobudget record ./...` adds what is new.\n");
		s->kept++;
		return 0;
	}
	heading(s, "budgets/", "one file for each package, from five runs of every test");
	rc = may(s, "Measure now?", err);
	if (rc > 0)
		rc = gb_init_measure(&r, err);
	if (rc > 0)
		rc = may(s, "Write them?", err);
	if (rc > 0)
		rc = gb_init_write(&r, &s->written, err);
	if (r.status)
		s->status = 3;
	gb_init_record_release(&r);
	return rc < 0 ? rc : 0;
}

static int finish(const struct setup *s, struct gb_err *err)
{
	if (s->unasked) {
		fflush(stdout);
		gb_fail(err, GB_EUSAGE, "nothing was written: there is no terminal to ask at");
		return gb_hint(err, "gobudget init --yes writes what is shown here");
	}
	if (s->written)
		printf("\n%zu file%s written. Next: git add them, commit, and "
		       "`gobudget check ./...`\n",
		       s->written, s->written == 1 ? "" : "s");
	else if (s->kept && !s->hooked && !s->refused)
		printf("\nnothing to write: all is there\n");
	if (s->status)
		printf("some packages could not be measured: `gobudget check ./...` says why\n");
	return s->status;
}

static int set_up(struct setup *s, struct gb_err *err)
{
	int rc = gb_init_find(&s->found, err);

	if (rc < 0)
		return rc;
	gb_term_init(&s->term, stdout);
	s->asks = gb_can_ask();
	say_found(s);
	if ((rc = offer_policy(s, err)) < 0 || (rc = offer_workflow(s, err)) < 0 ||
	    (rc = offer_hook(s, err)) < 0 || (rc = offer_budgets(s, err)) < 0)
		return rc;
	return finish(s, err);
}

static int init_run(int argc, char **argv, struct gb_err *err)
{
	struct setup s = { 0 };
	int first, dashdash;
	int rc = gb_args_parse("init", opts, argc, argv, &first, &dashdash, err);

	if (rc >= 0 && first < argc) {
		gb_fail(err, GB_EUSAGE, "init takes no words: %.60s", argv[first]);
		return gb_hint(err, "gobudget help init");
	}
	if (rc < 0)
		return rc;
	rc = set_up(&s, err);
	gb_init_found_release(&s.found);
	return rc;
}

const struct gb_command cmd_init = {
	.name = "init",
	.args = "",
	.summary = "set a module up: policy, budgets, workflow, pre-push hook",
	.about = "Finds out what it can about the module or workspace here, then shows each file\n"
		 "it would write, and asks: budgets/_policy.json, a workflow for GitHub Actions,\n"
		 "a pre-push hook, and budgets for every test that passes. What is there already\n"
		 "is never touched, so it may be run again.\n"
		 "\n"
		 "Without a terminal and without --yes it shows the files, writes nothing, and\n"
		 "exits with 2; 3 where a package could not be measured.",
	.opts = opts,
	.run = init_run,
};
