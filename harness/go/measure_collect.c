/* measure_collect - from the wrappers' folders to packages, tests and samples. */
#include "go/measuring.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "go/record.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void cleanup_dir(DIR **d)
{
	if (*d)
		closedir(*d);
}

/* The import path in a record's first line, its fourth field; NULL while it is not there. */
static char *package_of_record(const char *call)
{
	_free_ char *path = gb_exec_record_path(call, 1);
	char head[4096];
	const char *s = head;
	ssize_t n;
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;

	if (fd < 0)
		return NULL;
	n = read(fd, head, sizeof(head) - 1);
	close(fd);
	if (n <= 0)
		return NULL;
	head[n] = '\0';
	if (!strchr(head, '\n'))
		return NULL;
	for (int field = 0; field < 3; field++) {
		s = strchr(s, '\t');
		if (!s++)
			return NULL;
	}
	return gb_strndup(s, strcspn(s, "\t\n"));
}

/* Where no record says it: the main module that the folder lies in. */
static char *package_of_dir(const struct gb_toolchain *t, const char *dir)
{
	for (size_t i = 0; i < t->n_modules; i++) {
		const struct gb_module *m = &t->modules[i];
		bool std = strcmp(m->path, "std") == 0;
		if (!gb_path_under(dir, m->dir))
			continue;
		if (strcmp(dir, m->dir) == 0)
			return gb_strdup(m->path);
		if (std)
			return gb_strdup(gb_path_relative(dir, m->dir));
		return gb_asprintf("%s/%s", m->path, gb_path_relative(dir, m->dir));
	}
	return gb_strdup(dir);
}

static void free_call(struct gb_call_dir *c)
{
	free(c->name);
	free(c->path);
	free(c->package);
	free(c->dir);
	free(c);
}

static int add_call(struct gb_measuring *m, const char *name, struct gb_err *err)
{
	_strlist_ struct gb_strlist dir = GB_STRLIST_INIT;
	_free_ char *path = gb_path_join(m->ctl, name);

	if (!path)
		return gb_fail_nomem(err);
	/* Not there yet: the wrapper has only just begun. */
	if (gb_exec_list_read(path, "dir", &dir, NULL) < 0 || dir.n != 1)
		return 0;
	if (HASH_COUNT(m->calls) >= GB_MAX_PACKAGES)
		return gb_fail(err, GB_ELIMIT, "go test runs more than %zu test binaries",
			       GB_MAX_PACKAGES);
	struct gb_call_dir *c = gb_calloc(1, sizeof(*c));
	if (!c)
		return gb_fail_nomem(err);
	c->name = gb_strdup(name);
	c->dir = gb_strdup(dir.v[0]);
	c->path = GB_TAKE(path);
	if (!c->name || !c->dir) {
		free_call(c);
		return gb_fail_nomem(err);
	}
	HASH_ADD_KEYPTR(hh, m->calls, c->name, strlen(c->name), c);
	return 0;
}

const struct gb_call_dir *gb_measuring_call(const struct gb_measuring *m, const char *package)
{
	struct gb_call_dir *c;

	HASH_FIND(hh_package, m->by_package, package, strlen(package), c);
	return c;
}

void gb_measuring_free_calls(struct gb_measuring *m)
{
	struct gb_call_dir *c = m->calls, *next;

	/* Takes the tables away; the elements stay a list. */
	HASH_CLEAR(hh_package, m->by_package);
	HASH_CLEAR(hh, m->calls);
	for (; c; c = next) {
		next = c->hh.next;
		free_call(c);
	}
}

static void announce(struct gb_measuring *m, struct gb_call_dir *c)
{
	if (c->announced)
		return;
	free(c->package);
	c->package = package_of_record(c->path);
	if (!c->package)
		return;
	c->announced = true;
	if (m->o->on_package_started)
		m->o->on_package_started(m->o->arg, c->package);
}

int gb_measuring_look(struct gb_measuring *m, struct gb_err *err)
{
	__attribute__((cleanup(cleanup_dir))) DIR *d = opendir(m->ctl);
	const struct dirent *entry;
	struct gb_call_dir *c;
	int rc;

	while (d && (entry = readdir(d)) != NULL) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		HASH_FIND_STR(m->calls, entry->d_name, c);
		if (!c && (rc = add_call(m, entry->d_name, err)))
			return rc;
	}
	for (c = m->calls; c; c = c->hh.next)
		announce(m, c);
	return 0;
}

static int class_of(int gomaxprocs)
{
	int class = 1;

	while (class < gomaxprocs && class < 1 << 20)
		class *= 2;
	return class;
}

int gb_measuring_class(void)
{
	return class_of((int)sysconf(_SC_NPROCESSORS_ONLN));
}

/*
 * A process that hung took others down that were in the middle; they ran again
 * in the next one, and only that counts.
 */
static void forget_unfinished(const struct gb_record *r, struct gb_package *p)
{
	for (size_t i = 0; i < r->n; i++) {
		struct gb_test *t;
		if (!r->tests[i].name || !r->tests[i].ended)
			continue;
		t = gb_package_test(p, r->tests[i].name);
		if (t && t->outcome == GB_UNFINISHED)
			t->outcome = GB_PASS;
	}
}

static int merge_record(const char *path, struct gb_package *p, struct gb_run *run, int number,
			enum gb_mode mode, bool *ret_complete, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_RECORD);
	struct gb_record r = { 0 };
	int rc = gb_fs_read(path, &text, err);

	if (!rc)
		rc = gb_record_parse(path, text.data, text.len, &r, err);
	if (!rc) {
		*ret_complete = r.complete;
		if (!run->env.gomaxprocs)
			run->env.gomaxprocs = class_of(r.gomaxprocs);
		forget_unfinished(&r, p);
		rc = gb_record_merge(&r, p, number, mode, err);
	}
	gb_record_release(&r);
	return rc;
}

int gb_measuring_merge(struct gb_measuring *m, const char *call, struct gb_package *p,
		       struct gb_run *run, int number, enum gb_mode mode, bool *ret_any,
		       bool *ret_complete, struct gb_err *err)
{
	(void)m;
	*ret_any = *ret_complete = false;
	for (int64_t k = 1; k <= GB_EXEC_MAX_RESTARTS; k++) {
		_free_ char *path = gb_exec_record_path(call, k);
		bool complete = false;
		int rc;
		if (!path)
			return gb_fail_nomem(err);
		if (!gb_fs_exists(path))
			return 0;
		rc = merge_record(path, p, run, number, mode, &complete, err);
		/* An empty record: the process was killed before its first line. */
		if (rc == GB_EMEASURE)
			continue;
		if (rc)
			return rc;
		*ret_any = true;
		*ret_complete = complete;
		p->measured = p->measured || complete;
	}
	return 0;
}

static int set_text(char **slot, const char *value, struct gb_err *err)
{
	if (*slot)
		return 0;
	*slot = gb_strdup(value);
	return *slot ? 0 : gb_fail_nomem(err);
}

int gb_measuring_package(struct gb_measuring *m, const char *path, const char *dir,
			 struct gb_run *run, struct gb_package **ret, struct gb_err *err)
{
	const struct gb_module *module = gb_toolchain_module(&m->go, path, dir);
	int rc = gb_run_add_package(run, path, ret, err);

	if (!rc && dir)
		rc = set_text(&(*ret)->dir, dir, err);
	if (!rc && module)
		rc = set_text(&(*ret)->module, module->path, err);
	if (!rc && module)
		rc = set_text(&(*ret)->module_dir, module->dir, err);
	return rc;
}

static int collect_call(struct gb_measuring *m, const struct gb_call_dir *c, struct gb_run *run,
			struct gb_err *err)
{
	_exec_result_ struct gb_exec_result result = { 0 };
	struct gb_ending e = { .said = gb_gotest_package(&m->said, c->package) };
	struct gb_package *p;
	int rc = gb_measuring_package(m, c->package, c->dir, run, &p, err);

	if (rc)
		return rc;
	rc = gb_exec_result_read(c->path, &result, err);
	if (rc && rc != GB_ENOTFOUND)
		return rc;
	e.result = rc ? NULL : &result;
	if (err && rc)
		*err = (struct gb_err)GB_ERR_INIT;
	rc = gb_measuring_merge(m, c->path, p, run, 0, m->o->exact ? GB_EXACT : GB_IN_ORDER, &e.any,
				&e.complete, err);
	if (rc == GB_EPARSE) {
		/* A test that writes into its own record, or a disk that is full. */
		rc = gb_package_add_trouble(p, GB_TROUBLE_NO_RECORD, false, NULL, NULL, err, "%s",
					    err ? err->line : "the record cannot be read");
		e.any = true;
	}
	if (rc)
		return rc;
	p->wall_ms = result.last.wall_ms;
	p->passed = e.result && result.last.status == 0 &&
		    !(e.said && e.said->result == GB_GOTEST_FAIL);
	if (run->interrupted && (!e.result || e.result->last.forwarded))
		return 0;
	return m->flags.list ? 0 : gb_trouble_of_package(p, &e, err);
}

static bool has_failure(const struct gb_run *run)
{
	for (size_t i = 0; i < run->n_packages; i++)
		for (size_t k = 0; k < run->packages[i].n_troubles; k++)
			if (!run->packages[i].troubles[k].warning)
				return true;
	return false;
}

/* go test failed and we know of nothing: what it called FAIL must not pass in silence. */
static int add_unexplained(struct gb_measuring *m, struct gb_run *run, struct gb_err *err)
{
	struct gb_gotest_package *said;
	struct gb_package *p;
	int rc = 0;

	for (said = m->said.packages; said && !rc; said = said->hh.next) {
		if (said->result != GB_GOTEST_FAIL)
			continue;
		rc = gb_measuring_package(m, said->path, NULL, run, &p, err);
		if (!rc)
			rc = gb_package_add_trouble(p, GB_TROUBLE_EXIT, false, NULL,
						    said->output.data, err,
						    "go test says FAIL, and no test binary ran");
	}
	return rc;
}

int gb_measuring_collect(struct gb_measuring *m, struct gb_run *run, struct gb_err *err)
{
	struct gb_gotest_package *said;
	struct gb_call_dir *c;
	int rc = gb_measuring_look(m, err);

	if (rc)
		return rc;
	for (c = m->calls; c; c = c->hh.next) {
		if (!c->package && !(c->package = package_of_dir(&m->go, c->dir)))
			return gb_fail_nomem(err);
		if (!gb_measuring_call(m, c->package))
			HASH_ADD_KEYPTR(hh_package, m->by_package, c->package, strlen(c->package),
					c);
	}
	for (said = m->said.packages; said && !rc; said = said->hh.next) {
		const struct gb_call_dir *known = gb_measuring_call(m, said->path);
		rc = known ? collect_call(m, known, run, err)
			   : gb_trouble_of_output(m, said, run, err);
	}
	/* Those that go test did not come to speak of. */
	for (c = m->by_package; c && !rc; c = c->hh_package.next)
		if (!gb_run_package(run, c->package))
			rc = collect_call(m, c, run, err);
	if (!rc && m->go_status > 0 && !has_failure(run))
		rc = add_unexplained(m, run, err);
	if (!run->env.gomaxprocs)
		run->env.gomaxprocs = gb_measuring_class();
	return rc;
}
