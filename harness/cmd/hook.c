/* hook - the pre-push hook: put there, taken away, looked at, run. */
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/term.h"
#include "base/text.h"
#include "base/units.h"
#include "cmd/hook_check.h"
#include "cmd/hook_install.h"
#include "cmd/hook_run.h"
#include "command.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct gb_opt opts[] = {
	{ NULL, 0, GB_OPT_FLAG, NULL, NULL, NULL, 0, 0, false },
};

/* A line with a path in it, made safe. */
__attribute__((format(printf, 1, 2))) static void say(const char *fmt, ...)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_LINE), safe = GB_BUF_INIT(4 * GB_MAX_LINE);
	va_list ap;

	va_start(ap, fmt);
	gb_buf_vaddf(&text, fmt, ap);
	va_end(ap);
	gb_text_safe(&safe, text.data);
	puts(safe.data);
}

/* Somebody else's file: say what to add. */
static int by_hand(const struct gb_hook *h)
{
	if (h->state == GB_HOOK_BY_OTHERS) {
		say("%s calls gobudget already", h->path);
		return 0;
	}
	switch (h->manager) {
	case GB_HOOK_LEFTHOOK:
		say("lefthook rules the hooks here: add this to %s", h->path);
		break;
	case GB_HOOK_HUSKY:
		say("husky rules the hooks here: add this to %s", h->path);
		break;
	default:
		say("core.hooksPath (%s) is set for other repositories, too: add this to %s",
		    h->hooks.setting ? h->hooks.setting : "?", h->path);
	}
	fputc('\n', stdout);
	fputs(gb_hook_lines(h), stdout);
	fputs("\nnothing was written\n", stdout);
	return 3;
}

static int install(const struct gb_hook *h, struct gb_err *err)
{
	int rc;

	if (!gb_hook_can_install(h))
		return by_hand(h);
	if (h->state == GB_HOOK_OURS) {
		say("installed already: %s", h->path);
		return 0;
	}
	rc = gb_hook_install(h, err);
	if (rc < 0)
		return rc;
	say("%s: %s", h->state == GB_HOOK_OLD ? "brought up to date" : "installed", h->path);
	if (h->state == GB_HOOK_FOREIGN || h->has_before)
		say("the hook that was there runs first: %s", h->before);
	if (h->manager == GB_HOOK_HUSKY)
		say("husky runs it for all who have the repository: commit it");
	return 0;
}

static int uninstall(const struct gb_hook *h, struct gb_err *err)
{
	int rc;

	if (h->state == GB_HOOK_BY_OTHERS) {
		say("%s calls gobudget: take that line away yourself; nothing was written",
		    h->path);
		return 3;
	}
	if (h->state != GB_HOOK_OURS && h->state != GB_HOOK_OLD) {
		say("not installed");
		return 0;
	}
	rc = gb_hook_uninstall(h, err);
	if (rc < 0)
		return rc;
	if (h->has_before)
		say("uninstalled; the hook that was there before is back: %s", h->path);
	else
		say("uninstalled: %s", h->path);
	return 0;
}

/* As HEAD has it. */
static void say_policy(const struct gb_repo *repo)
{
	_strlist_ struct gb_strlist modules = GB_STRLIST_INIT;
	struct gb_policy *policy = NULL;
	char text[32], head[41];

	if (gb_repo_commit(repo, "HEAD", head, NULL) < 0 ||
	    hook_modules(repo, head, &modules, NULL) < 0 ||
	    hook_policy(repo, head, &modules, &policy, NULL) < 0)
		return;
	if (modules.n == 0)
		say("HEAD has no Go module: nothing is checked");
	else
		say("a push waits at most %s, and then %s (%s)",
		    gb_format_duration(text, sizeof(text), policy->hook_ms),
		    policy->hook_blocks ? "stops" : "goes on",
		    policy->built_in ? "built in; hook.time of a policy changes it"
				     : GB_POLICY_FILE);
	gb_policy_free(policy);
}

static int status(const struct gb_hook *h, const struct gb_repo *repo)
{
	bool on = false;

	switch (h->state) {
	case GB_HOOK_OURS:
		on = h->executable;
		say("installed: %s", h->path);
		break;
	case GB_HOOK_OLD:
		say("installed, but not as this gobudget would write it: %s", h->path);
		say("`gobudget hook install` brings it up to date");
		break;
	case GB_HOOK_BY_OTHERS:
		on = h->executable || h->manager == GB_HOOK_HUSKY;
		say("called from %s", h->path);
		if (!on)
			say("but that file is not executable: git does not run it");
		break;
	case GB_HOOK_NONE:
	case GB_HOOK_FOREIGN:
		say("not installed%s%s",
		    h->state == GB_HOOK_FOREIGN ? "; another hook is there: " : "",
		    h->state == GB_HOOK_FOREIGN ? h->path : "");
		say("`gobudget hook install` does it");
	}
	if (h->state != GB_HOOK_FOREIGN && h->has_before)
		say("before it runs %s", h->before);
	if (on)
		say_policy(repo);
	return on ? 0 : 1;
}

static int usage(struct gb_err *err)
{
	gb_fail(err, GB_EUSAGE, "hook wants one of install, uninstall, status and run");
	return gb_hint(err, "gobudget hook install");
}

static int run(const char *remote, struct gb_err *err)
{
	if (isatty(STDIN_FILENO)) {
		gb_fail(err, GB_EUSAGE, "hook run is what git calls: it reads what is pushed");
		return gb_hint(err, "gobudget hook install, and then git push");
	}
	return hook_run(remote, err);
}

static int hook_main(int argc, char **argv, struct gb_err *err)
{
	_repo_ struct gb_repo *repo = NULL;
	struct gb_hook h = { 0 };
	const char *verb;
	int first, dashdash, n;
	int rc = gb_args_parse("hook", opts, argc, argv, &first, &dashdash, err);

	if (rc < 0)
		return rc;
	n = dashdash - first;
	verb = n > 0 ? argv[first] : "";
	if (strcmp(verb, "run") == 0 && (n == 2 || n == 3) && dashdash == argc)
		return run(argv[first + 1], err);
	if (n != 1 || dashdash < argc ||
	    (strcmp(verb, "install") != 0 && strcmp(verb, "uninstall") != 0 &&
	     strcmp(verb, "status") != 0))
		return usage(err);
	if ((rc = gb_repo_open_any(".", &repo, err)) < 0 || (rc = gb_hook_look(repo, &h, err)) < 0)
		return rc;
	if (*verb == 'i')
		rc = install(&h, err);
	else
		rc = *verb == 'u' ? uninstall(&h, err) : status(&h, repo);
	gb_hook_release(&h);
	return rc;
}

const struct gb_command cmd_hook = {
	.name = "hook",
	.args = "install|uninstall|status | run REMOTE [URL]",
	.summary = "check what is pushed, before it is pushed",
	.about = "install puts a pre-push hook where git looks for it (core.hooksPath, husky); a\n"
		 "hook that is there runs first, and uninstall puts it back. With lefthook, or\n"
		 "where the folder serves other repositories, it says what to add instead.\n"
		 "\n"
		 "The hook calls run, which measures what each pushed commit can move, in a\n"
		 "scratch work tree, and judges it against what the remote has: over budget, or\n"
		 "broken where that is not, the push stops. What the remote has as well stops\n"
		 "nothing. After hook.time of the policy (60s) it says what it left, and the push\n"
		 "goes on.\n"
		 "\n"
		 "Exit status: of run 0 go on, 1 stop; of status 0 installed, 1 not; 3 where a\n"
		 "line is to be added by hand.",
	.opts = opts,
	.run = hook_main,
};
