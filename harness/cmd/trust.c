#include "cmd/trust.h"

#include "base/err.h"
#include "base/text.h"

#include <stdlib.h>

int trust_event(bool trusted, struct gb_err *err)
{
	const char *event = getenv("GITHUB_EVENT_NAME");

	if (trusted || !event || !gb_streq(getenv("GITHUB_ACTIONS"), "true") ||
	    !(gb_streq(event, "pull_request_target") || gb_streq(event, "workflow_run")))
		return 0;
	gb_fail(err, GB_EUSAGE,
		"tests are not run under %s: they would run beside the repository's secrets",
		event);
	return gb_hint(err, "measure under pull_request, and publish from a workflow of its own; "
			    "gobudget check --trusted where what is checked out can be trusted");
}
