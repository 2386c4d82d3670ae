/* plan - packages dealt to shards: the job matrix for GitHub, a table for people. */
#include "command.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/term.h"
#include "base/text.h"
#include "base/units.h"
#include "cmd/affected.h"
#include "cmd/job.h"
#include "cmd/shard.h"
#include "cmd/which_base.h"

#include <stdio.h>
#include <string.h>

static struct gb_job_options o = GB_JOB_OPTIONS_INIT;
static struct gb_sharding sharding;
static struct gb_affected affected;
static struct gb_which_base which;
static int64_t shards;
static const char *base_rev;
static bool only_affected, json, quiet, verbose;

static const struct gb_opt opts[] = {
	{ "shards", 0, GB_OPT_INT, "N", "how many jobs there will be", &shards, 1, GB_MAX_SHARDS,
	  false },
	{ "durations", 0, GB_OPT_STRING, "FILE",
	  "deal by the times in this earlier report (--json); else by the sizes of test files",
	  &sharding.durations, 0, 0, false },
	{ "affected", 0, GB_OPT_FLAG, NULL,
	  "only the packages that what changed since the base can move", &only_affected, 0, 0,
	  false },
	{ "base", 0, GB_OPT_STRING, "REV", "with --affected: since this commit", &base_rev, 0, 0,
	  false },
	{ "json", 0, GB_OPT_FLAG, NULL, "print the matrix on a terminal, too", &json, 0, 0, false },
	{ "quiet", 'q', GB_OPT_FLAG, NULL, "no table beside the matrix", &quiet, 0, 0, false },
	{ "verbose", 'v', GB_OPT_FLAG, NULL, "name the packages of each shard", &verbose, 0, 0,
	  false },
	{ NULL, 0, GB_OPT_FLAG, NULL, NULL, NULL, 0, 0, false },
};

/* One line: it is put into a job's output as it is. */
static int print_matrix(const struct gb_shard_plan *p, struct gb_err *err)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);

	gb_buf_adds(&out, "{\"include\":[");
	for (size_t k = 1; k <= p->of; k++) {
		struct gb_shard_load l = gb_shard_load(p, k);

		gb_buf_addf(&out,
			    "%s{\"shard\":\"%zu/%zu\",\"index\":%zu,\"of\":%zu,\"packages\":%zu,"
			    "\"tested\":%zu}",
			    k > 1 ? "," : "", k, p->of, k, p->of, l.packages, l.tests);
	}
	gb_buf_adds(&out, "]}\n");
	return out.failed ? gb_buf_error(&out, "matrix", err) : gb_command_print(&out, err);
}

static void add_names(struct gb_buf *out, const struct gb_shard_plan *p, size_t shard)
{
	for (size_t i = 0; i < p->n; i++) {
		if (p->v[i].shard != shard)
			continue;
		gb_buf_adds(out, "    ");
		gb_text_safe(out, p->v[i].path);
		gb_buf_addc(out, '\n');
	}
}

static int print_table(const struct gb_shard_plan *p, FILE *to, struct gb_err *err)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);
	char time[32], name[64];

	for (size_t i = 0; i < affected.notes.n; i++) {
		gb_text_safe(&out, affected.notes.v[i]);
		gb_buf_addc(&out, '\n');
	}
	gb_buf_addf(&out, "%zu package%s in %zu shard%s, by %s\n", p->n, p->n == 1 ? "" : "s",
		    p->of, p->of == 1 ? "" : "s",
		    sharding.durations ? "what they took last" : "the size of their tests");
	/* How long without a time to go by is anybody's guess. */
	gb_buf_addf(&out, "shard    packages  with tests%s\n",
		    sharding.durations ? "     about" : "");
	for (size_t k = 1; k <= p->of; k++) {
		struct gb_shard_load l = gb_shard_load(p, k);

		(void)snprintf(name, sizeof(name), "%zu/%zu", k, p->of);
		gb_buf_addf(&out, "%-9s%8zu  %10zu", name, l.packages, l.tests);
		if (sharding.durations)
			gb_buf_addf(&out, "  %8s",
				    gb_format_duration(time, sizeof(time), l.weight));
		gb_buf_addc(&out, '\n');
		if (verbose)
			add_names(&out, p, k);
	}
	if (out.failed)
		return gb_buf_error(&out, "table", err);
	fwrite(out.data, 1, out.len, to);
	fflush(to);
	return 0;
}

static int show(struct gb_err *err)
{
	struct gb_term term;
	bool matrix;
	int rc = 0;

	gb_term_init(&term, stdout);
	matrix = json || !term.tty;
	if (!matrix || !quiet)
		rc = print_table(&sharding.plan, matrix ? stderr : stdout, err);
	return rc >= 0 && matrix ? print_matrix(&sharding.plan, err) : rc;
}

static int plan(struct gb_job *j, struct gb_err *err)
{
	int rc = 0;

	o.later = true;
	if (only_affected)
		rc = which_base_find(&which, base_rev, err);
	if (rc >= 0)
		rc = job_open(j, &o, err);
	if (rc >= 0 && only_affected)
		rc = affected_plan(&affected, j, &which.commit, which.note, err);
	if (rc >= 0)
		rc = shard_plan(&sharding, j, affected.planned && !affected.taken, err);
	return rc < 0 ? rc : show(err);
}

static int plan_run(int argc, char **argv, struct gb_err *err)
{
	struct gb_job j = { 0 };
	int first, dashdash;
	int rc = gb_args_parse("plan", opts, argc, argv, &first, &dashdash, err);

	if (rc >= 0)
		rc = job_words(&o, argc, argv, first, dashdash, err);
	if (rc >= 0 && !shards) {
		rc = gb_fail(err, GB_EUSAGE, "plan: how many shards?");
		gb_hint(err, "gobudget plan ./... --shards 4");
	} else if (rc >= 0 && base_rev && !only_affected) {
		rc = gb_fail(err, GB_EUSAGE, "--base is for --affected");
	}
	sharding.of = (size_t)shards;
	if (rc >= 0)
		rc = plan(&j, err);
	job_close(&j);
	shard_release(&sharding);
	affected_release(&affected);
	which_base_release(&which);
	gb_strlist_release(&o.patterns);
	gb_strlist_release(&o.go_flags);
	return rc;
}

const struct gb_command cmd_plan = {
	.name = "plan",
	.args = "[packages] [-- go test flags]",
	.summary = "deal packages to shards: a job matrix",
	.about = "Prints the matrix of jobs as one line of JSON, fit for GitHub's fromJSON(), and\n"
		 "a table on standard error; on a terminal the table alone. Each job then runs\n"
		 "check --shard with its `shard`, the same packages, flags and --durations: it\n"
		 "works out the same plan by itself. `gobudget merge` puts their reports together.",
	.opts = opts,
	.run = plan_run,
};
