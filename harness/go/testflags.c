/* testflags - the table of go test's flags, and one pass over the words. */
#include "go/testflags.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum kind { SWITCH, VALUE };
enum fate {
	HAND_ON,
	TAKE,	/* joined with ours: not handed on */
	REFUSE, /* not measuring */
};

#define NONE	    ((size_t)-1)
#define MEMBER(m)   offsetof(struct gb_testflags, m)
#define ONLY_BUILD  false /* known to the go command only */
#define ALSO_BINARY true  /* -test.NAME means the same */

struct flag {
	const char *name;
	enum kind kind;
	bool binary;
	enum fate fate;
	size_t text; /* where its value is kept (char *), or NONE */
	size_t on;   /* which bool it sets, or NONE */
};

/* cmd/go/internal/{test/testflag,test/flagdefs,work/build}.go, 1.21 to 1.27. */
static const struct flag flags[] = {
	{ "C", VALUE, ONLY_BUILD, TAKE, MEMBER(chdir), NONE },
	{ "a", SWITCH, ONLY_BUILD, HAND_ON, NONE, NONE },
	{ "artifacts", SWITCH, ALSO_BINARY, HAND_ON, NONE, NONE },
	{ "asan", SWITCH, ONLY_BUILD, HAND_ON, NONE, MEMBER(asan) },
	{ "asmflags", VALUE, ONLY_BUILD, HAND_ON, NONE, NONE },
	{ "bench", VALUE, ALSO_BINARY, HAND_ON, MEMBER(bench), NONE },
	{ "benchmem", SWITCH, ALSO_BINARY, HAND_ON, NONE, NONE },
	{ "benchtime", VALUE, ALSO_BINARY, HAND_ON, NONE, NONE },
	{ "blockprofile", VALUE, ALSO_BINARY, HAND_ON, NONE, NONE },
	{ "blockprofilerate", VALUE, ALSO_BINARY, HAND_ON, NONE, NONE },
	{ "buildmode", VALUE, ONLY_BUILD, HAND_ON, NONE, NONE },
	{ "buildvcs", SWITCH, ONLY_BUILD, HAND_ON, NONE, NONE },
	{ "c", SWITCH, ONLY_BUILD, REFUSE, NONE, NONE },
	{ "compiler", VALUE, ONLY_BUILD, HAND_ON, NONE, NONE },
	{ "count", VALUE, ALSO_BINARY, HAND_ON, MEMBER(count), NONE },
	{ "cover", SWITCH, ONLY_BUILD, HAND_ON, NONE, MEMBER(cover) },
	{ "covermode", VALUE, ONLY_BUILD, HAND_ON, NONE, MEMBER(cover) },
	{ "coverpkg", VALUE, ONLY_BUILD, HAND_ON, NONE, MEMBER(cover) },
	{ "coverprofile", VALUE, ALSO_BINARY, HAND_ON, NONE, MEMBER(cover) },
	{ "cpu", VALUE, ALSO_BINARY, HAND_ON, MEMBER(cpu), NONE },
	{ "cpuprofile", VALUE, ALSO_BINARY, HAND_ON, NONE, NONE },
	{ "debug-actiongraph", VALUE, ONLY_BUILD, HAND_ON, NONE, NONE },
	{ "debug-runtime-trace", VALUE, ONLY_BUILD, HAND_ON, NONE, NONE },
	{ "debug-trace", VALUE, ONLY_BUILD, HAND_ON, NONE, NONE },
	{ "exec", VALUE, ONLY_BUILD, TAKE, MEMBER(exec), NONE },
	{ "failfast", SWITCH, ALSO_BINARY, HAND_ON, NONE, MEMBER(filtered) },
	{ "fullpath", SWITCH, ALSO_BINARY, HAND_ON, NONE, NONE },
	{ "fuzz", VALUE, ALSO_BINARY, REFUSE, NONE, NONE },
	{ "fuzzminimizetime", VALUE, ALSO_BINARY, HAND_ON, NONE, NONE },
	{ "fuzztime", VALUE, ALSO_BINARY, HAND_ON, NONE, NONE },
	{ "gccgoflags", VALUE, ONLY_BUILD, HAND_ON, NONE, NONE },
	{ "gcflags", VALUE, ONLY_BUILD, HAND_ON, NONE, NONE },
	{ "installsuffix", VALUE, ONLY_BUILD, HAND_ON, NONE, NONE },
	{ "json", SWITCH, ONLY_BUILD, HAND_ON, NONE, MEMBER(json) },
	{ "ldflags", VALUE, ONLY_BUILD, HAND_ON, NONE, NONE },
	{ "linkshared", SWITCH, ONLY_BUILD, HAND_ON, NONE, NONE },
	{ "list", VALUE, ALSO_BINARY, HAND_ON, NONE, MEMBER(list) },
	{ "memprofile", VALUE, ALSO_BINARY, HAND_ON, NONE, NONE },
	{ "memprofilerate", VALUE, ALSO_BINARY, HAND_ON, NONE, NONE },
	{ "mod", VALUE, ONLY_BUILD, HAND_ON, NONE, NONE },
	{ "modcacherw", SWITCH, ONLY_BUILD, HAND_ON, NONE, NONE },
	{ "modfile", VALUE, ONLY_BUILD, HAND_ON, NONE, NONE },
	{ "msan", SWITCH, ONLY_BUILD, HAND_ON, NONE, MEMBER(msan) },
	{ "mutexprofile", VALUE, ALSO_BINARY, HAND_ON, NONE, NONE },
	{ "mutexprofilefraction", VALUE, ALSO_BINARY, HAND_ON, NONE, NONE },
	{ "n", SWITCH, ONLY_BUILD, REFUSE, NONE, NONE },
	{ "o", VALUE, ONLY_BUILD, HAND_ON, NONE, NONE },
	{ "outputdir", VALUE, ALSO_BINARY, HAND_ON, NONE, NONE },
	{ "overlay", VALUE, ONLY_BUILD, TAKE, MEMBER(overlay), NONE },
	{ "p", VALUE, ONLY_BUILD, HAND_ON, MEMBER(p), NONE },
	{ "parallel", VALUE, ALSO_BINARY, HAND_ON, NONE, NONE },
	{ "pgo", VALUE, ONLY_BUILD, HAND_ON, NONE, NONE },
	{ "pkgdir", VALUE, ONLY_BUILD, HAND_ON, NONE, NONE },
	{ "race", SWITCH, ONLY_BUILD, HAND_ON, NONE, MEMBER(race) },
	{ "run", VALUE, ALSO_BINARY, HAND_ON, MEMBER(run), MEMBER(filtered) },
	{ "short", SWITCH, ALSO_BINARY, HAND_ON, NONE, NONE },
	{ "shuffle", VALUE, ALSO_BINARY, HAND_ON, NONE, NONE },
	{ "skip", VALUE, ALSO_BINARY, HAND_ON, MEMBER(skip), MEMBER(filtered) },
	{ "tags", VALUE, ONLY_BUILD, HAND_ON, MEMBER(tags), NONE },
	{ "timeout", VALUE, ALSO_BINARY, HAND_ON, MEMBER(timeout), NONE },
	{ "toolexec", VALUE, ONLY_BUILD, HAND_ON, NONE, NONE },
	{ "trace", VALUE, ALSO_BINARY, HAND_ON, NONE, NONE },
	{ "trimpath", SWITCH, ONLY_BUILD, HAND_ON, NONE, NONE },
	{ "v", SWITCH, ALSO_BINARY, HAND_ON, NONE, MEMBER(v) },
	{ "vet", VALUE, ONLY_BUILD, HAND_ON, MEMBER(vet), NONE },
	{ "work", SWITCH, ONLY_BUILD, HAND_ON, NONE, NONE },
	{ "x", SWITCH, ONLY_BUILD, HAND_ON, NONE, NONE },
};

/* The flag that a word without its dashes and value names. */
static const struct flag *find(const char *name, size_t len)
{
	bool binary = len > 5 && strncmp(name, "test.", 5) == 0;

	if (binary) {
		name += 5;
		len -= 5;
	}
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (strlen(flags[i].name) == len && strncmp(flags[i].name, name, len) == 0)
			return binary && !flags[i].binary ? NULL : &flags[i];
	return NULL;
}

/* A word taken apart; name NULL: it is no flag. */
struct word {
	const char *name;
	size_t len;
	const char *value; /* after '=', or NULL */
};

static struct word take_apart(const char *text)
{
	struct word w = { NULL, 0, NULL };

	if (text[0] != '-' || text[1] == '\0')
		return w;
	w.name = text + 1 + (text[1] == '-');
	w.len = strcspn(w.name, "=");
	if (w.name[w.len] == '=')
		w.value = w.name + w.len + 1;
	return w;
}

static bool is_true(const char *value)
{
	return !value || strcmp(value, "1") == 0 || strcmp(value, "t") == 0 ||
	       strcmp(value, "T") == 0 || strcmp(value, "true") == 0 ||
	       strcmp(value, "TRUE") == 0 || strcmp(value, "True") == 0 ||
	       strcmp(value, "test2json") == 0;
}

static int refuse(const struct flag *f, struct gb_err *err)
{
	gb_fail(err, GB_EUSAGE, "go test -%s runs no test to the end that could be measured",
		f->name);
	gb_hint(err, "leave -%s out, or use plain go test for it", f->name);
	return GB_EUSAGE;
}

/* Remembers what a flag says.  `value` is NULL for a switch without one. */
static int note(struct gb_testflags *r, const struct flag *f, const char *value, struct gb_err *err)
{
	char *base = (char *)r;

	if (f->fate == REFUSE && (f->kind == VALUE ? value[0] != '\0' : is_true(value)))
		return refuse(f, err);
	if (f->text != NONE) {
		char **slot = (char **)(void *)(base + f->text);
		char *copy = gb_strdup(value);
		if (!copy)
			return gb_fail_nomem(err);
		free(*slot);
		*slot = copy;
	}
	if (f->on != NONE) {
		bool *on = (bool *)(void *)(base + f->on);
		/* -run='' asks for everything; a switch may be turned off again. */
		bool now = f->kind == VALUE ? value[0] != '\0' : is_true(value);
		*on = f->on == MEMBER(filtered) ? *on || now : now;
	}
	if (strcmp(f->name, "gcflags") == 0)
		return gb_strlist_add(&r->gcflags, value, err);
	return 0;
}

/* GOFLAGS: flags only, each in one word.  What other go commands know is not ours to judge. */
static int parse_goflags(const char *goflags, struct gb_testflags *r, struct gb_err *err)
{
	_strlist_ struct gb_strlist words = GB_STRLIST_INIT;
	int rc;

	if ((rc = gb_quoted_split(goflags, &words, err)))
		return rc;
	for (size_t i = 0; i < words.n; i++) {
		struct word w = take_apart(words.v[i]);
		const struct flag *f = w.name ? find(w.name, w.len) : NULL;
		if (!f || (f->kind == VALUE && !w.value))
			continue;
		if ((rc = note(r, f, w.value, err)))
			return rc;
	}
	r->n_env_gcflags = r->gcflags.n;
	return 0;
}

/* What follows -args goes to the test binary, which knows -test.run too. */
static int note_binary_args(const struct gb_strlist *args, size_t from, struct gb_testflags *r,
			    struct gb_err *err)
{
	for (size_t i = from; i < args->n; i++) {
		struct word w = take_apart(args->v[i]);
		const struct flag *f = NULL;
		if (w.name && w.len > 5 && strncmp(w.name, "test.", 5) == 0)
			f = find(w.name, w.len);
		if (f && (f->kind == SWITCH || w.value)) {
			int rc = note(r, f, w.value, err);
			if (rc)
				return rc;
		}
	}
	return gb_strlist_add_all(&r->rest, (const char *const *)args->v + from, args->n - from,
				  err);
}

static int parse_args(const struct gb_strlist *args, struct gb_testflags *r, struct gb_err *err)
{
	bool in_packages = false, packages_over = false, may_be_value = false;
	int rc;

	for (size_t i = 0; i < args->n; i++) {
		const char *text = args->v[i];
		struct word w = take_apart(text);
		bool was_may_be_value = may_be_value;

		may_be_value = false;
		if (strcmp(text, "--") == 0)
			return note_binary_args(args, i, r, err);
		if (!w.name) {
			if (packages_over && !was_may_be_value)
				return note_binary_args(args, i, r, err);
			in_packages = !packages_over;
			rc = gb_strlist_add(in_packages ? &r->packages : &r->rest, text, err);
			if (rc)
				return rc;
			continue;
		}
		packages_over = packages_over || in_packages;
		in_packages = false;
		if (w.len == 4 && !w.value && strncmp(w.name, "args", 4) == 0) {
			r->has_args = true;
			return note_binary_args(args, i, r, err);
		}
		const struct flag *f = find(w.name, w.len);
		if (!f) {
			/* A flag of the user's own: a word after it may be its value. */
			packages_over = true;
			may_be_value = !w.value;
			if ((rc = gb_strlist_add(&r->rest, text, err)))
				return rc;
			continue;
		}
		const char *value = w.value;
		bool apart = f->kind == VALUE && !value;
		if (apart) {
			if (i + 1 == args->n)
				return gb_fail(err, GB_EUSAGE, "go test flag -%s needs an argument",
					       f->name);
			value = args->v[i + 1];
		}
		if ((rc = note(r, f, value, err)))
			return rc;
		if (f->fate != TAKE) {
			rc = gb_strlist_add(&r->rest, text, err);
			if (!rc && apart)
				rc = gb_strlist_add(&r->rest, value, err);
			if (rc)
				return rc;
		}
		i += apart;
	}
	return 0;
}

int gb_testflags_parse(const char *goflags, const struct gb_strlist *args, struct gb_testflags *ret,
		       struct gb_err *err)
{
	_testflags_ struct gb_testflags r = { 0 };
	int rc;

	if (goflags && (rc = parse_goflags(goflags, &r, err)))
		return rc;
	if (args && (rc = parse_args(args, &r, err)))
		return rc;
	r.filtered = r.filtered || r.list;
	*ret = r;
	r = (struct gb_testflags){ 0 };
	return 0;
}

static bool is_one_of(const struct flag *f, const char *const *names)
{
	for (; f && *names; names++)
		if (strcmp(*names, f->name) == 0)
			return true;
	return false;
}

/* Appends the flags that are among `names`, or all words that are not. */
static int choose(const struct gb_strlist *args, const char *const *names, bool among,
		  struct gb_strlist *ret, struct gb_err *err)
{
	bool over = false;

	for (size_t i = 0; i < args->n; i++) {
		const char *text = args->v[i];
		struct word w = take_apart(text);
		const struct flag *f = w.name && !over ? find(w.name, w.len) : NULL;
		size_t words = f && f->kind == VALUE && !w.value ? 2 : 1;
		bool chosen = is_one_of(f, names) == among;
		over = over || strcmp(text, "--") == 0 || strcmp(text, "-args") == 0 ||
		       strcmp(text, "--args") == 0;
		for (size_t k = 0; k < words && i + k < args->n && chosen; k++) {
			int rc = gb_strlist_add(ret, args->v[i + k], err);
			if (rc)
				return rc;
		}
		i += words - 1;
	}
	return 0;
}

int gb_testflags_without(const struct gb_strlist *args, const char *const *names,
			 struct gb_strlist *ret, struct gb_err *err)
{
	return choose(args, names, false, ret, err);
}

int gb_testflags_compiling(const struct gb_strlist *args, struct gb_strlist *ret,
			   struct gb_err *err)
{
	static const char *const names[] = {
		"asan",	      "asmflags",      "buildmode",  "buildvcs", "compiler",
		"gccgoflags", "installsuffix", "linkshared", "mod",	 "modcacherw",
		"modfile",    "msan",	       "p",	     "pgo",	 "pkgdir",
		"race",	      "tags",	       "toolexec",   "trimpath", NULL
	};

	return choose(args, names, true, ret, err);
}

void gb_testflags_release(struct gb_testflags *f)
{
	gb_strlist_release(&f->rest);
	gb_strlist_release(&f->packages);
	gb_strlist_release(&f->gcflags);
	free(f->exec);
	free(f->overlay);
	free(f->chdir);
	free(f->tags);
	free(f->vet);
	free(f->run);
	free(f->skip);
	free(f->bench);
	free(f->timeout);
	free(f->count);
	free(f->cpu);
	free(f->p);
	*f = (struct gb_testflags){ 0 };
}
