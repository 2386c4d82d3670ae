#include "go/compile.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/text.h"
#include "go/measuring.h"
#include "go/secrets.h"

#include <stdlib.h>
#include <string.h>

#define TICK_MS 100

/* One line for each package: path, folder, module, its folder, its go line. */
static const char format[] =
	"-f={{.ImportPath}}\t{{.Dir}}\t{{with .Module}}{{.Path}}\t{{.Dir}}\t{{.GoVersion}}{{else}}"
	"\t\t{{end}}";
#define FIELDS 5

struct compiling {
	const struct gb_compile_options *o;
	struct gb_measuring m; /* only what the command line is made of */
	struct gb_measure_options how;
	struct gb_run *run;
	struct gb_strlist packages; /* lines of standard output */
	struct gb_buf said;	    /* what was not understood, its beginning */
	struct gb_err *err;
};

static int find_dir(struct compiling *c, struct gb_err *err)
{
	const char *base = c->o->dir, *chdir = c->m.flags.chdir;
	_toolchain_ struct gb_toolchain found = { 0 };
	int rc;

	if (c->o->like) {
		c->m.dir = gb_strdup(c->o->like->dir);
		return c->m.dir || !c->o->like->dir ? 0 : gb_fail_nomem(err);
	}
	if (base || chdir) {
		c->m.dir = chdir && base && chdir[0] != '/' ? gb_path_join(base, chdir)
							    : gb_strdup(chdir ? chdir : base);
		if (!c->m.dir)
			return gb_fail_nomem(err);
	}
	if (c->o->toolchain && !chdir)
		return 0;
	if ((rc = gb_toolchain_find(c->m.dir, &found, err)))
		return rc;
	c->m.go = found;
	found = (struct gb_toolchain){ 0 };
	return 0;
}

static const struct gb_toolchain *toolchain(const struct compiling *c)
{
	if (c->o->like)
		return &c->o->like->go;
	return c->m.go.command ? &c->m.go : c->o->toolchain;
}

/* The user's own -gcflags, without the packages that they are for: they take the place of the
 * policy's, and ours are added. */
static int add_gcflags(const struct compiling *c, struct gb_strlist *argv, struct gb_err *err)
{
	const struct gb_strlist *user = &c->m.flags.gcflags;
	const char *flags = c->o->gcflags ? c->o->gcflags : "", *more = c->o->more, *equals;

	if (user->n) {
		flags = user->v[user->n - 1];
		equals = flags[0] == '-' ? NULL : strchr(flags, '=');
		flags = equals ? equals + 1 : flags;
	}
	_free_ char *all =
		gb_asprintf("%s%s%s", flags, *flags && more ? " " : "", more ? more : "");
	return all ? gb_toolchain_gcflags(toolchain(c), all, argv, err) : gb_fail_nomem(err);
}

static int make_argv(const struct compiling *c, struct gb_strlist *argv, struct gb_err *err)
{
	const struct gb_compile_options *o = c->o;
	const struct gb_testflags *f = &c->m.flags;
	const char *overlay = o->like ? o->like->overlay.json : f->overlay;
	const struct gb_strlist *packages[] = { o->patterns, &f->packages };
	int rc;

	if ((rc = gb_strlist_add(argv, toolchain(c)->command, err)) ||
	    (rc = gb_strlist_add(argv, "list", err)) ||
	    (rc = gb_strlist_add(argv, "-export", err)) ||
	    (rc = gb_strlist_add(argv, "-json=false", err)) || /* GOFLAGS may say -json */
	    (rc = gb_strlist_add(argv, format, err)) ||
	    (o->tests && (rc = gb_strlist_add(argv, "-test", err))) ||
	    (overlay && overlay[0] && (rc = gb_strlist_addf(argv, err, "-overlay=%s", overlay))) ||
	    (rc = gb_testflags_compiling(&f->rest, argv, err)) ||
	    (o->jobs && (rc = gb_strlist_addf(argv, err, "-p=%d", o->jobs))) ||
	    (rc = add_gcflags(c, argv, err)) || (rc = gb_strlist_add(argv, "--", err)))
		return rc;
	for (size_t i = 0; i < sizeof(packages) / sizeof(packages[0]) && !rc; i++)
		if (packages[i])
			rc = gb_strlist_add_all(argv, (const char *const *)packages[i]->v,
						packages[i]->n, err);
	return rc;
}

static int on_line(void *arg, int stream, const char *line, size_t len)
{
	struct compiling *c = arg;
	int rc;

	if (stream == 1) {
		_free_ char *copy = gb_strndup(line, len);

		return copy ? gb_strlist_add(&c->packages, copy, c->err) : gb_fail_nomem(c->err);
	}
	rc = c->o->on_line(c->o->arg, line, len);
	if (rc == 0 && c->said.len + len < c->said.max)
		gb_buf_addf(&c->said, "%.*s\n", (int)len, line);
	return rc < 0 ? rc : 0;
}

static int on_tick(void *arg)
{
	const struct compiling *c = arg;

	if (c->o->on_tick)
		c->o->on_tick(c->o->arg);
	return 0;
}

/* The go command's own words: the first line that is one of trouble. */
static int did_not_compile(const struct compiling *c, struct gb_err *err)
{
	const char *said = c->said.data;

	while (gb_starts(said, "go: downloading ") || *said == '\n') {
		said += strcspn(said, "\n");
		said += *said == '\n';
	}
	if (!*said)
		said = "the go command does not say why";
	gb_fail(err, GB_EMEASURE, "does not compile: %.*s", (int)strcspn(said, "\n"), said);
	gb_hint(err, "go build says it all");
	return GB_EMEASURE;
}

/* Variants "p [p.test]" and test mains "p.test" are no packages of their own. */
static bool is_package(const char *path)
{
	return *path && !strchr(path, ' ') && !gb_ends(path, ".test");
}

static int take_package(struct compiling *c, char *line, struct gb_err *err)
{
	char *fields[FIELDS] = { NULL };
	struct gb_package *p;
	int rc = 0;

	for (int i = 0; i < FIELDS && line; i++) {
		char *tab = strchr(line, '\t');

		if (tab)
			*tab = '\0';
		fields[i] = *line ? line : NULL;
		line = tab ? tab + 1 : NULL;
	}
	if (!fields[0] || !is_package(fields[0]))
		return 0;
	const struct gb_compiled p_ = { fields[0], fields[1], fields[2], fields[3], fields[4] };
	if (c->o->on_package && (rc = c->o->on_package(c->o->arg, &p_)) < 0)
		return rc;
	if (!c->run)
		return 0;
	if ((rc = gb_measuring_package(&c->m, p_.path, p_.dir, c->run, &p, err)))
		return rc;
	p->passed = true;
	return 0;
}

static int run_go(struct compiling *c, struct gb_err *err)
{
	_strlist_ struct gb_strlist argv = GB_STRLIST_INIT, env = GB_STRLIST_INIT;
	const struct gb_compile_options *o = c->o;
	struct gb_proc_result r;
	int rc;

	gb_secrets_drop();
	if ((rc = make_argv(c, &argv, err)) || (!o->like && (rc = gb_env_copy(&env, err))))
		return rc;
	/* The go command believes PWD where it is true: a symlink stays one. */
	if (!o->like && c->m.dir && c->m.dir[0] == '/' &&
	    (rc = gb_env_set(&env, "PWD", c->m.dir, err)))
		return rc;
	if (!o->like && toolchain(c)->set_gowork &&
	    (rc = gb_env_set(&env, "GOWORK", toolchain(c)->set_gowork, err)))
		return rc;
	const struct gb_strlist *use = o->like ? &o->like->env : &env;
	const struct gb_proc p = { .argv = (const char *const *)gb_strlist_argv(&argv),
				   .dir = c->m.dir,
				   .env = (const char *const *)gb_strlist_argv(use),
				   .in = GB_STDIO_NULL,
				   .out = GB_STDIO_LINES,
				   .err = GB_STDIO_LINES,
				   .on_line = on_line,
				   .on_tick = on_tick,
				   .arg = c,
				   .tick_ms = TICK_MS,
				   .grace_ms = 3000 };
	c->err = err;
	rc = gb_proc_run(&p, &r, err);
	if (rc)
		return rc;
	if (r.status)
		return did_not_compile(c, err);
	for (size_t i = 0; i < c->packages.n && !rc; i++)
		rc = take_package(c, c->packages.v[i], err);
	return rc;
}

/* What struct gb_measuring's functions look at. */
static int set_up(struct compiling *c, struct gb_err *err)
{
	const struct gb_compile_options *o = c->o;
	const char *goflags = o->like	     ? o->like->go.goflags
			      : o->toolchain ? o->toolchain->goflags
					     : getenv("GOFLAGS");
	int rc = gb_testflags_parse(goflags, o->go_flags, &c->m.flags, err);

	if (rc || (rc = find_dir(c, err)))
		return rc;
	c->how.gcflags = o->gcflags;
	c->m.o = &c->how;
	return 0;
}

static int compile(struct compiling *c, bool really, struct gb_err *err)
{
	int rc = set_up(c, err);
	struct gb_toolchain own = c->m.go;

	if (!rc) {
		/* Borrowed for a while: gb_measuring's functions want it in its place. */
		c->m.go = *toolchain(c);
		rc = c->run ? gb_measuring_environment(&c->m, c->run, err) : 0;
		if (!rc && really)
			rc = run_go(c, err);
	}
	if (!rc && c->run && !c->run->env.gomaxprocs)
		c->run->env.gomaxprocs = gb_measuring_class();
	c->m.go = own;
	return rc;
}

static int begin(const struct gb_compile_options *o, bool really, struct gb_run *run,
		 struct gb_err *err)
{
	struct compiling c = { .o = o, .run = run, .said = GB_BUF_INIT(GB_MAX_CHILD_OUTPUT) };
	int rc = compile(&c, really, err);

	gb_toolchain_release(&c.m.go);
	gb_testflags_release(&c.m.flags);
	free(c.m.dir);
	gb_strlist_release(&c.packages);
	gb_buf_release(&c.said);
	return rc;
}

int gb_compile(const struct gb_compile_options *o, struct gb_run *run, struct gb_err *err)
{
	return begin(o, true, run, err);
}

int gb_compile_environment(const struct gb_compile_options *o, struct gb_run *run,
			   struct gb_err *err)
{
	return begin(o, false, run, err);
}
