/* gobudget version.  main() answers --version itself, with the same line. */
#include "version.h"
#include "base/buf.h"
#include "base/limits.h"
#include "command.h"

static int version_run(int argc, char **argv, struct gb_err *err)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_KIB);
	int first, dashdash, rc;

	if ((rc = gb_args_parse("version", cmd_version.opts, argc, argv, &first, &dashdash, err)) <
	    0)
		return rc;
	if (first < argc)
		return gb_fail(err, GB_EUSAGE, "version takes no arguments, got \"%.100s\"",
			       argv[first]);
	gb_buf_addf(&out, "gobudget %s%s%s%s\n", GB_VERSION, *GB_BUILD ? " (" : "", GB_BUILD,
		    *GB_BUILD ? ")" : "");
	return gb_command_print(&out, err);
}

static const struct gb_opt no_opts[] = { { .name = NULL } };

const struct gb_command cmd_version = {
	.name = "version",
	.args = "",
	.summary = "show the version and the commit it was built from",
	.opts = no_opts,
	.run = version_run,
};
