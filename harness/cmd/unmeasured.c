#include "cmd/unmeasured.h"

#include "base/err.h"
#include "budget/policy.h"
#include "cmd/files.h"
#include "report/report.h"

void unmeasured(const struct gb_files *files, const char *command,
		const struct gb_report_shard *shard, int code, const struct gb_err *why)
{
	const struct gb_verdicts none = { 0 };
	struct gb_policy *policy = NULL;
	_run_ struct gb_run *run = gb_run_new(NULL);
	struct gb_report r = { .run = run,
			       .verdicts = &none,
			       .module = "",
			       .command = command,
			       .shard = shard,
			       .exit_status = gb_exit_status(code) };

	if (run && gb_policy_default(&policy, NULL) >= 0 &&
	    gb_strlist_add(&r.notes, why->line, NULL) >= 0 &&
	    (!why->hint[0] || gb_strlist_addf(&r.notes, NULL, "hint: %s", why->hint) >= 0)) {
		r.policy = policy;
		run->interrupted = code == GB_EINTR;
		(void)files_write(files, &r, NULL);
	}
	gb_strlist_release(&r.notes);
	gb_policy_free(policy);
}
