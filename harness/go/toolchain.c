/* toolchain - asking the go command what it is. */
#include "go/toolchain.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/text.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Runs a go command and gives its standard output; what it says on stderr becomes the error. */
static int ask(const char *dir, const char *gowork, const char *const *argv, struct gb_buf *out,
	       struct gb_err *err)
{
	_strlist_ struct gb_strlist env = GB_STRLIST_INIT;
	_buf_ struct gb_buf say = GB_BUF_INIT(GB_MAX_CHILD_OUTPUT);
	struct gb_proc p = { .argv = argv,
			     .dir = dir,
			     .in = GB_STDIO_NULL,
			     .out = GB_STDIO_BUF,
			     .err = GB_STDIO_BUF,
			     .out_buf = out,
			     .err_buf = &say };
	struct gb_proc_result r;
	int rc = 0;

	if (gowork &&
	    ((rc = gb_env_copy(&env, err)) || (rc = gb_env_set(&env, "GOWORK", gowork, err))))
		return rc;
	if (gowork)
		p.env = (const char *const *)gb_strlist_argv(&env);
	if ((rc = gb_proc_run(&p, &r, err)))
		return rc;
	if (r.status != 0) {
		size_t len = strcspn(say.data, "\n");
		return gb_fail(err, GB_EMEASURE, "%s %s: %.*s", argv[0], argv[1],
			       len ? (int)len : 19, len ? say.data : "failed and said why");
	}
	if (out->failed || out->len >= out->max)
		return gb_fail(err, GB_ELIMIT, "%s %s prints more than %zu bytes", argv[0], argv[1],
			       out->max);
	return 0;
}

static int find_command(char **ret, struct gb_err *err)
{
	const char *named = getenv("GOBUDGET_GO");
	int rc = gb_fs_which(named && named[0] ? named : "go", ret, err);

	if (rc == GB_ENOTFOUND) {
		gb_fail(err, GB_ENOTFOUND, "no go command on PATH");
		gb_hint(err, "install Go 1.%d or later, https://go.dev/dl", GB_GO_OLDEST_MINOR);
	}
	return rc;
}

int gb_go_minor(const char *version)
{
	for (const char *s = strstr(version, "go1."); s; s = strstr(s + 1, "go1.")) {
		char *end;
		long n = strtol(s + 4, &end, 10);
		if (isdigit((unsigned char)s[4]) && n >= 0 && n < 10000 && end - s < 9)
			return (int)n;
	}
	return -1;
}

static int take_env(const struct gb_json *j, const char *name, char **ret, struct gb_err *err)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(j->root, name);

	free(*ret);
	*ret = gb_strdup(cJSON_IsString(item) ? item->valuestring : "");
	return *ret ? 0 : gb_fail_nomem(err);
}

static int ask_env(const char *dir, struct gb_toolchain *t, struct gb_err *err)
{
	/* By name: asked for everything, it starts the C compiler to ask it for its flags. */
	const char *const argv[] = { t->command,
				     "env",
				     "-json",
				     "GOROOT",
				     "GOVERSION",
				     "GOMODCACHE",
				     "GOFLAGS",
				     "GOEXPERIMENT",
				     "GOMOD",
				     "GOWORK",
				     "GOOS",
				     "GOARCH",
				     "GOHOSTOS",
				     "GOHOSTARCH",
				     "CGO_ENABLED",
				     "GOCACHE",
				     "GO386",
				     "GOAMD64",
				     "GOARM",
				     "GOARM64",
				     "GOMIPS",
				     "GOMIPS64",
				     "GOPPC64",
				     "GORISCV64",
				     "GOWASM",
				     "GOFIPS140",
				     "CC",
				     "CXX",
				     "CGO_CFLAGS",
				     "CGO_CPPFLAGS",
				     "CGO_CXXFLAGS",
				     "CGO_LDFLAGS",
				     "GO_EXTLINK_ENABLED",
				     NULL };
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_GO_ENV);
	_json_ struct gb_json *j = NULL;
	_free_ char *cgo = NULL;
	int rc;

	if ((rc = ask(dir, t->set_gowork, argv, &out, err)))
		return rc;
	if ((rc = gb_json_parse("go env -json", out.data, out.len, &j, err)) == GB_EUSAGE)
		return GB_EPARSE;
	if (rc)
		return rc;
	const struct {
		const char *name;
		char **value;
	} wanted[] = {
		{ "GOROOT", &t->real_root },	{ "GOVERSION", &t->version },
		{ "GOMODCACHE", &t->modcache }, { "GOCACHE", &t->cache },
		{ "GOFLAGS", &t->goflags },	{ "GOEXPERIMENT", &t->goexperiment },
		{ "GOMOD", &t->gomod },		{ "GOWORK", &t->gowork },
		{ "GOOS", &t->goos },		{ "GOARCH", &t->goarch },
		{ "GOHOSTOS", &t->hostos },	{ "GOHOSTARCH", &t->hostarch },
		{ "CGO_ENABLED", &cgo },
	};
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if ((rc = take_env(j, wanted[i].name, wanted[i].value, err)))
			return rc;
	free(t->settings);
	t->settings = gb_buf_detach(&out);
	if (!t->settings)
		return gb_fail_nomem(err);
	t->cgo = gb_streq(cgo, "1");
	t->minor = gb_go_minor(t->version);
	return 0;
}

static int check_version(const struct gb_toolchain *t, struct gb_err *err)
{
	if (t->minor >= 0 && t->minor < GB_GO_OLDEST_MINOR) {
		gb_fail(err, GB_EMEASURE, "%s is %s: too old to be measured", t->command,
			t->version);
		gb_hint(err, "install Go 1.%d or later, or set GOTOOLCHAIN", GB_GO_OLDEST_MINOR);
		return GB_EMEASURE;
	}
	if (t->minor < 0)
		return gb_fail(err, GB_EMEASURE, "%s says its version is \"%s\"", t->command,
			       t->version);
	if (t->real_root[0] == '\0')
		return gb_fail(err, GB_EMEASURE, "%s does not know its GOROOT", t->command);
	return 0;
}

/* Experiments change from version to version, and an unknown one makes every go command fail:
 * ask the source. */
static int choose_experiment(struct gb_toolchain *t, struct gb_err *err)
{
	_buf_ struct gb_buf source = GB_BUF_INIT(GB_MAX_GO_SOURCE);
	_buf_ struct gb_buf add = GB_BUF_INIT(256);
	_free_ char *path = gb_path_join(t->real_root, "src/internal/goexperiment/flags.go");

	if (!path)
		return gb_fail_nomem(err);
	if (gb_fs_read(path, &source, NULL) < 0)
		return 0; /* no source: then no overlay either, which says so */
	if (strstr(source.data, "SizeSpecializedMalloc bool"))
		gb_buf_adds(&add, "nosizespecializedmalloc");
	if (add.failed)
		return gb_buf_error(&add, "GOEXPERIMENT", err);
	if (add.len)
		t->add_experiment = gb_buf_detach(&add);
	return 0;
}

static int add_module(struct gb_toolchain *t, const char *path, const char *dir, struct gb_err *err)
{
	int rc = gb_grow((void **)&t->modules, &t->cap_modules, t->n_modules + 1,
			 sizeof(*t->modules), GB_MAX_PACKAGES, err);

	if (rc)
		return rc;
	struct gb_module *m = &t->modules[t->n_modules];
	m->path = gb_strdup(path);
	m->dir = gb_strdup(dir);
	if (!m->path || !m->dir) {
		free(m->path);
		free(m->dir);
		return gb_fail_nomem(err);
	}
	t->n_modules++;
	return 0;
}

static int ask_modules(const char *dir, struct gb_toolchain *t, struct gb_err *err)
{
	/* NUL separated: a folder may hold anything else. */
	const char *const argv[] = {
		t->command, "list", "-m", "-f", "{{.Path}}{{\"\\x00\"}}{{.Dir}}{{\"\\x00\"}}", NULL
	};
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_GO_LIST);
	int rc;

	/* Outside a module (GO111MODULE=off, or packages named by path) go test itself decides. */
	if (t->gomod[0] == '\0' || (gb_streq(t->gomod, "/dev/null") && t->gowork[0] == '\0'))
		return 0;
	if ((rc = ask(dir, t->set_gowork, argv, &out, err)))
		return rc;
	const char *s = out.data, *end = out.data + out.len;
	while (s < end) {
		const char *path = s, *folder = path + strlen(path) + 1;
		if (folder >= end)
			break;
		if ((rc = add_module(t, path, folder, err)))
			return rc;
		s = folder + strlen(folder) + 1;
		s += s < end && *s == '\n';
	}
	return 0;
}

int gb_toolchain_find(const char *dir, struct gb_toolchain *ret, struct gb_err *err)
{
	return gb_toolchain_find_in(dir, NULL, ret, err);
}

int gb_toolchain_find_in(const char *dir, const char *gowork, struct gb_toolchain *ret,
			 struct gb_err *err)
{
	_toolchain_ struct gb_toolchain t = { .set_gowork = gb_strdup(gowork) };
	int rc;

	if (gowork && !t.set_gowork)
		return gb_fail_nomem(err);
	if ((rc = find_command(&t.command, err)) || (rc = ask_env(dir, &t, err)) ||
	    (rc = check_version(&t, err)) || (rc = choose_experiment(&t, err)) ||
	    (rc = ask_modules(dir, &t, err)))
		return rc;
	t.goroot = gb_strdup(t.real_root);
	if (!t.goroot)
		return gb_fail_nomem(err);
	*ret = t;
	t = (struct gb_toolchain){ 0 };
	return 0;
}

void gb_toolchain_release(struct gb_toolchain *t)
{
	for (size_t i = 0; i < t->n_modules; i++) {
		free(t->modules[i].path);
		free(t->modules[i].dir);
	}
	free(t->modules);
	free(t->command);
	free(t->goroot);
	free(t->real_root);
	free(t->version);
	free(t->modcache);
	free(t->cache);
	free(t->goflags);
	free(t->goexperiment);
	free(t->gomod);
	free(t->gowork);
	free(t->set_gowork);
	free(t->goos);
	free(t->goarch);
	free(t->hostos);
	free(t->hostarch);
	free(t->add_experiment);
	free(t->settings);
	*t = (struct gb_toolchain){ 0 };
}
