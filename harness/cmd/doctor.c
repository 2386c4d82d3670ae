/* doctor - is everything in place, and does the gate really fire? */
#include "command.h"

#include "base/buf.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/term.h"
#include "base/text.h"
#include "base/units.h"
#include "cmd/doctor_around.h"
#include "cmd/doctor_rules.h"
#include "cmd/job.h"
#include "cmd/selftest.h"
#include "cmd/which_base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct gb_opt opts[] = {
	{ NULL, 0, GB_OPT_FLAG, NULL, NULL, NULL, 0, 0, false },
};

struct visit {
	struct gb_term term;
	enum gb_health worst;
};

/* "ok    go      go1.26.8 ...", as soon as it is known. */
static void say(void *arg, enum gb_health h, const char *what, const char *text, const char *hint)
{
	struct visit *v = arg;
	static const char *const words[] = { "ok", "warn", "fail" };
	static const enum gb_style styles[] = { GB_GREEN, GB_YELLOW, GB_RED };
	_buf_ struct gb_buf line = GB_BUF_INIT(GB_MAX_LINE);

	gb_buf_adds(&line, gb_style_on(v->term.colour, styles[h]));
	gb_buf_addf(&line, "%-4s", words[h]);
	gb_buf_adds(&line, gb_style_off(v->term.colour));
	gb_buf_addf(&line, "  %-8s  ", what);
	gb_text_safe(&line, text ? text : "?");
	gb_buf_addc(&line, '\n');
	if (hint && *hint) {
		gb_buf_adds(&line, "                hint: ");
		gb_text_safe(&line, hint);
		gb_buf_addc(&line, '\n');
	}
	fwrite(line.data, 1, line.len, stdout);
	fflush(stdout);
	if (h > v->worst)
		v->worst = h;
}

static void look_at_rules(struct visit *v, const struct gb_job *j)
{
	_free_ char *text = NULL;
	size_t rows = 0;

	for (size_t i = 0; i < j->budgets.n; i++)
		for (size_t k = 0; k < j->budgets.files[i]->n_blocks; k++)
			rows += j->budgets.files[i]->blocks[k].n_rows;
	text = gb_asprintf("%s%s: %zu budget file%s, %zu row%s, %s",
			   j->go.n_modules ? j->go.modules[0].path : "no module",
			   j->go.n_modules > 1 ? " and others" : "", j->budgets.n,
			   j->budgets.n == 1 ? "" : "s", rows, rows == 1 ? "" : "s",
			   j->policy->built_in ? "no policy of its own" : GB_POLICY_FILE);
	if (j->budgets.n == 0 && j->policy->n_ceilings == 0)
		say(v, GB_WANTING, "budgets", text, "gobudget record ./... writes them");
	else
		say(v, GB_FINE, "budgets", text, NULL);
}

/* Budgets that let everything through are worse than none: they look as if there were some. */
static void look_for_dead(struct visit *v, const struct gb_job *j)
{
	struct gb_doctor_rules r;
	_free_ char *text = NULL;

	doctor_rules(&j->budgets, j->policy, &r);
	if (r.budgets == 0 && r.warn_only) {
		text = gb_asprintf("none of %zu budget%s can fail a run: warn_only of the policy "
				   "names every metric that has one",
				   r.warn_only, r.warn_only == 1 ? "" : "s");
		say(v, GB_BROKEN, "rules", text, NULL);
	} else if (r.dead) {
		text = gb_asprintf("%zu of %zu budgets can never fail a run: %s", r.dead, r.budgets,
				   r.example);
		say(v, r.dead == r.budgets ? GB_BROKEN : GB_WANTING, "rules", text,
		    "budget, gates (headroom) and waivers together let through ten times what was "
		    "measured");
	} else if (r.dead_ceilings) {
		text = gb_asprintf("%zu of %zu ceilings of the policy are beyond what any test "
				   "could take",
				   r.dead_ceilings, r.ceilings);
		say(v, r.dead_ceilings == r.ceilings && !r.budgets ? GB_BROKEN : GB_WANTING,
		    "rules", text, NULL);
	} else if (r.waived && r.waived == r.budgets) {
		say(v, GB_WANTING, "rules", "every budget is waived", NULL);
	} else if (r.budgets) {
		text = gb_asprintf("each of %zu budget%s can fail a run%s", r.budgets,
				   r.budgets == 1 ? "" : "s", r.waived ? ", waivers counted" : "");
		say(v, GB_FINE, "rules", text, NULL);
	}
}

static int look_at_module(struct visit *v, char **ret_go, struct gb_err *err)
{
	struct gb_job_options o = GB_JOB_OPTIONS_INIT;
	struct gb_err own = GB_ERR_INIT;
	struct gb_job j = { 0 };
	int rc;

	o.compile_only = o.trusted = true;
	rc = job_open(&j, &o, &own);
	if (j.go.version) {
		_free_ char *text = gb_asprintf("%s, %s", j.go.version, j.go.real_root);

		say(v, GB_FINE, "go", text, NULL);
		*ret_go = gb_strdup(j.go.version);
	}
	if (rc >= 0) {
		look_at_rules(v, &j);
		look_for_dead(v, &j);
	}
	if (rc < 0)
		say(v, GB_BROKEN, j.go.version ? "budgets" : "go", own.line, own.hint);
	job_close(&j);
	if (rc == GB_EINTR || rc == GB_ENOMEM)
		*err = own;
	return rc == GB_EINTR || rc == GB_ENOMEM ? rc : 0;
}

static int look_at_base(struct visit *v, struct gb_err *err)
{
	struct gb_which_base b = { 0 };
	struct gb_err own = GB_ERR_INIT;
	int rc = which_base_find(&b, NULL, &own);

	if (rc < 0)
		say(v, GB_WANTING, "base", own.line, own.hint);
	else if (!b.commit.id[0])
		say(v, GB_WANTING, "base", b.note, b.hidden ? NULL : "--base REV names one");
	else if (!b.commit.has_tree)
		say(v, GB_WANTING, "base", b.note,
		    "its files are not in this clone: `git fetch --unshallow`, or fetch-depth: 0 "
		    "for actions/checkout");
	else
		say(v, GB_FINE, "base", gb_starts(b.note, "base: ") ? b.note + 6 : b.note, NULL);
	which_base_release(&b);
	if (rc == GB_ENOMEM)
		*err = own;
	return rc == GB_ENOMEM ? rc : 0;
}

static int try_gate(struct visit *v, const char *go_version, struct gb_err *err)
{
	struct gb_selftest s = { 0 };
	_free_ char *text = NULL;
	char time[32];
	int rc = gb_selftest(go_version, &s, err);

	if (rc < 0)
		return rc;
	if (s.accounting && strcmp(s.accounting, "runtime") == 0)
		say(v, GB_FINE, "counting", "exact, inside the runtime", NULL);
	else if (s.accounting)
		say(v, GB_WANTING, "counting", s.why ? s.why : "by testing alone",
		    "tests run one at a time; these numbers are comparable with no others");
	text = gb_asprintf("%s: %s (%s)", s.fires ? "fires" : "DOES NOT FIRE", s.what,
			   gb_format_duration(time, sizeof(time), s.wall_ms));
	say(v, s.fires ? GB_FINE : GB_BROKEN, "gate", text, NULL);
	gb_selftest_release(&s);
	return text ? 0 : gb_fail_nomem(err);
}

static int doctor_run(int argc, char **argv, struct gb_err *err)
{
	struct visit v = { .worst = GB_FINE };
	_free_ char *go_version = NULL;
	/* Go is not to see it, and takes it out of the environment. */
	bool token = getenv("GITHUB_TOKEN") || getenv("GH_TOKEN");
	int first, dashdash;
	int rc = gb_args_parse("doctor", opts, argc, argv, &first, &dashdash, err);

	if (rc >= 0 && first < argc) {
		gb_fail(err, GB_EUSAGE, "doctor takes no words: %.60s", argv[first]);
		gb_hint(err, "gobudget help doctor");
		rc = GB_EUSAGE;
	}
	if (rc < 0)
		return rc;
	gb_term_init(&v.term, stdout);
	rc = look_at_module(&v, &go_version, err);
	if (rc >= 0)
		rc = look_at_base(&v, err);
	if (rc >= 0)
		rc = doctor_around(token, say, &v, err);
	if (rc >= 0 && go_version)
		rc = try_gate(&v, go_version, err);
	return rc < 0 ? rc : v.worst == GB_BROKEN;
}

const struct gb_command cmd_doctor = {
	.name = "doctor",
	.args = "",
	.summary = "is everything in place, and does the gate really fire?",
	.about =
		"Looks at the Go toolchain, at the budget files and the policy of the module here\n"
		"(budgets that can never fail a run are told), at the base of its changes, the\n"
		"clone, its notes, its hook, the cache and GitHub's token, all without network;\n"
		"then plants a goroutine that never ends and a megabyte too much in a module of\n"
		"its own, in a scratch folder, and checks that with the same toolchain: a gate\n"
		"that cannot fail is found here.\n"
		"\n"
		"Exit status: 0 all well (a warning is no fault), 1 something is broken or the\n"
		"gate does not fire.",
	.opts = opts,
	.run = doctor_run,
};
