#include "plan/roam.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"

#include <string.h>

/* Any of these alone. */
static const char *const words[] = {
	"\"../",	  "`../",	  "\"..\"",	   "`..`",	"\"/..",
	"/../",		  "os.Getwd",	  "os.Chdir",	   "t.Chdir",	"os.DirFS(\"/",
	"Command(\"go\"", "Ctx(\"go\"",	  "\"go\", \"",	   "rev-parse", "GOMOD",
	"packages.Load",  "build.Import", "build.Default", "importer.",
};

static bool has(const char *text, size_t len, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = text, *end = text + len;
	     (at = memchr(at, word[0], (size_t)(end - at))); at++)
		if ((size_t)(end - at) >= n && memcmp(at, word, n) == 0)
			return true;
	return false;
}

bool gb_plan_source_roams(const char *text, size_t len)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (has(text, len, words[i]))
			return true;
	/* Its own file name, as the way to the files around it. */
	return has(text, len, "runtime.Caller(") && has(text, len, "filepath.");
}

static int scan_file(const char *path, bool *ret, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_GO_SOURCE);
	int rc = gb_fs_read(path, &text, NULL);

	if (rc == GB_ENOMEM)
		return gb_fail_nomem(err);
	*ret = rc < 0 || gb_plan_source_roams(text.data, text.len);
	return 0;
}

static int scan(struct gb_plan_package *k, struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < k->files.n && !k->roams && !rc; i++) {
		if (!gb_ends(k->files.v[i], ".go"))
			continue;
		_free_ char *path = gb_path_join(k->dir, k->files.v[i]);
		rc = path ? scan_file(path, &k->roams, err) : gb_fail_nomem(err);
	}
	return rc;
}

int gb_plan_scan(struct gb_plan_packages *p, const char *top, struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < p->n && !rc; i++) {
		struct gb_plan_package *k = &p->v[i];

		/* Copies of other people's packages have no files of ours to read. */
		if (k->dir && !k->test_main && gb_path_under(k->dir, top) &&
		    !strstr(k->dir + strlen(top), "/vendor/"))
			rc = scan(k, err);
	}
	return rc;
}
