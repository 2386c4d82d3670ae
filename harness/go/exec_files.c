/* exec_files - the small files of a call: lists, the configuration, the result. */
#include "go/exec.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/units.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Renamed into place like gb_fs_write(), but not synced: this is scratch, and the wrapper is
 * on every package's way. */
static int write_file(const char *path, const struct gb_buf *text, struct gb_err *err)
{
	_free_ char *beside = gb_asprintf("%s.new", path);
	_fd_ int fd = -1;

	if (!beside)
		return gb_fail_nomem(err);
	fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || gb_fd_write_all(fd, text->data, text->len) < 0 || rename(beside, path) < 0)
		return gb_fail_sys(err, errno, "write %s", path);
	return 0;
}

int gb_exec_list_write(const char *dir, const char *name, const struct gb_strlist *l,
		       struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_RECORD);
	_free_ char *path = gb_path_join(dir, name);

	if (!path)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < l->n; i++)
		gb_buf_add(&text, l->v[i], strlen(l->v[i]) + 1);
	if (text.failed)
		return gb_buf_error(&text, path, err);
	return write_file(path, &text, err);
}

int gb_exec_list_read(const char *dir, const char *name, struct gb_strlist *ret, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_RECORD);
	_free_ char *path = gb_path_join(dir, name);
	int rc;

	if (!path)
		return gb_fail_nomem(err);
	if ((rc = gb_fs_read(path, &text, err)))
		return rc;
	if (text.len && text.data[text.len - 1] != '\0')
		return gb_fail(err, GB_EPARSE, "%s: the last string has no end", path);
	for (const char *s = text.data; s < text.data + text.len; s += strlen(s) + 1)
		if ((rc = gb_strlist_add(ret, s, err)))
			return rc;
	return 0;
}

/* Splits "key=value" in place of `s`; NULL without '='. */
static char *value_of(char *s)
{
	char *eq = strchr(s, '=');

	if (eq)
		*eq++ = '\0';
	return eq;
}

struct number {
	const char *key;
	int64_t *value;
};

/* True when the key is one of them; *rc tells whether its value was good. */
static bool read_number(const struct number *n, size_t count, const char *key, const char *value,
			int *rc, struct gb_err *err)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(n[i].key, key) == 0) {
			*rc = gb_parse_int(value, 0, INT64_MAX, n[i].value, err);
			return true;
		}
	return false;
}

int gb_exec_config_write(const char *ctl, const struct gb_exec_config *c, struct gb_err *err)
{
	_strlist_ struct gb_strlist l = GB_STRLIST_INIT;
	int rc = gb_strlist_addf(&l, err, "settle_ms=%" PRId64, c->settle_ms);

	if (!rc)
		rc = gb_strlist_addf(&l, err, "memory=%" PRId64, c->memory);
	if (!rc)
		rc = gb_strlist_addf(&l, err, "prefix=%" PRId64, c->prefix);
	if (!rc && c->exact)
		rc = gb_strlist_addf(&l, err, "exact=%" PRId64, c->exact);
	if (!rc && c->sites)
		rc = gb_strlist_addf(&l, err, "sites=%" PRId64, c->sites);
	if (!rc && c->goroot)
		rc = gb_strlist_addf(&l, err, "goroot=%s", c->goroot);
	if (!rc && c->real_root)
		rc = gb_strlist_addf(&l, err, "real_root=%s", c->real_root);
	for (size_t i = 0; i < c->user_env.n && !rc; i++)
		rc = gb_strlist_addf(&l, err, "user_env=%s", c->user_env.v[i]);
	for (size_t i = 0; i < c->plugin_env.n && !rc; i++)
		rc = gb_strlist_addf(&l, err, "plugin_env=%s", c->plugin_env.v[i]);
	return rc ? rc : gb_exec_list_write(ctl, "config", &l, err);
}

static int read_text(char **slot, const char *value, struct gb_err *err)
{
	free(*slot);
	*slot = gb_strdup(value);
	return *slot ? 0 : gb_fail_nomem(err);
}

int gb_exec_config_read(const char *ctl, struct gb_exec_config *ret, struct gb_err *err)
{
	_strlist_ struct gb_strlist l = GB_STRLIST_INIT;
	_exec_config_ struct gb_exec_config c = { 0 };
	const struct number numbers[] = { { "settle_ms", &c.settle_ms },
					  { "memory", &c.memory },
					  { "prefix", &c.prefix },
					  { "exact", &c.exact },
					  { "sites", &c.sites } };
	const size_t n = sizeof(numbers) / sizeof(numbers[0]);
	int rc = gb_exec_list_read(ctl, "config", &l, err);

	for (size_t i = 0; i < l.n && !rc; i++) {
		char *key = l.v[i], *value = value_of(key);
		if (!value)
			rc = gb_fail(err, GB_EPARSE, "%s/config: no value for \"%s\"", ctl, key);
		else if (strcmp(key, "goroot") == 0)
			rc = read_text(&c.goroot, value, err);
		else if (strcmp(key, "real_root") == 0)
			rc = read_text(&c.real_root, value, err);
		else if (strcmp(key, "user_env") == 0)
			rc = gb_strlist_add(&c.user_env, value, err);
		else if (strcmp(key, "plugin_env") == 0)
			rc = gb_strlist_add(&c.plugin_env, value, err);
		else if (!read_number(numbers, n, key, value, &rc, err))
			rc = gb_fail(err, GB_EPARSE, "%s/config: unknown key \"%s\"", ctl, key);
	}
	if (rc)
		return rc;
	if (c.sites > (int64_t)GB_MAX_SITES)
		return gb_fail(err, GB_EPARSE, "%s/config: impossible numbers", ctl);
	*ret = c;
	c = (struct gb_exec_config){ 0 };
	return 0;
}

void gb_exec_config_release(struct gb_exec_config *c)
{
	free(c->goroot);
	free(c->real_root);
	gb_strlist_release(&c->user_env);
	gb_strlist_release(&c->plugin_env);
	*c = (struct gb_exec_config){ 0 };
}

int gb_exec_result_write(const char *dir, const struct gb_exec_result *r, struct gb_err *err)
{
	_strlist_ struct gb_strlist l = GB_STRLIST_INIT;
	const struct {
		const char *key;
		int64_t value;
	} numbers[] = { { "status", r->last.status },
			{ "signal", r->last.signal },
			{ "wall_ms", r->last.wall_ms },
			{ "maxrss", r->last.maxrss },
			{ "over_memory", r->last.over_memory },
			{ "owner_gone", r->last.owner_gone },
			{ "forwarded", r->last.forwarded },
			{ "records", r->records },
			{ "mode", r->mode } };
	int rc = 0;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]) && !rc; i++)
		rc = gb_strlist_addf(&l, err, "%s=%" PRId64, numbers[i].key, numbers[i].value);
	for (size_t i = 0; i < r->last.children.n && !rc; i++)
		rc = gb_strlist_addf(&l, err, "child=%s", r->last.children.v[i]);
	return rc ? rc : gb_exec_list_write(dir, "result", &l, err);
}

int gb_exec_result_read(const char *dir, struct gb_exec_result *ret, struct gb_err *err)
{
	_strlist_ struct gb_strlist l = GB_STRLIST_INIT;
	_exec_result_ struct gb_exec_result r = { 0 };
	int64_t status = 0, sig = 0, over_memory = 0, owner_gone = 0, forwarded = 0, mode = 0;
	const struct number numbers[] = { { "status", &status },
					  { "signal", &sig },
					  { "wall_ms", &r.last.wall_ms },
					  { "maxrss", &r.last.maxrss },
					  { "over_memory", &over_memory },
					  { "owner_gone", &owner_gone },
					  { "forwarded", &forwarded },
					  { "records", &r.records },
					  { "mode", &mode } };
	int rc = gb_exec_list_read(dir, "result", &l, err);

	for (size_t i = 0; i < l.n && !rc; i++) {
		char *key = l.v[i], *value = value_of(key);
		if (!value)
			rc = gb_fail(err, GB_EPARSE, "%s/result: no value for \"%s\"", dir, key);
		else if (strcmp(key, "child") == 0)
			rc = gb_strlist_add(&r.last.children, value, err);
		else if (!read_number(numbers, sizeof(numbers) / sizeof(numbers[0]), key, value,
				      &rc, err))
			rc = gb_fail(err, GB_EPARSE, "%s/result: unknown key \"%s\"", dir, key);
	}
	if (rc)
		return rc;
	if (status > 255 || sig > 255 || forwarded > 255 || mode > GB_ALONE)
		return gb_fail(err, GB_EPARSE, "%s/result: impossible numbers", dir);
	r.last.status = (int)status;
	r.last.signal = (int)sig;
	r.last.over_memory = over_memory != 0;
	r.last.owner_gone = owner_gone != 0;
	r.last.forwarded = (int)forwarded;
	r.mode = (enum gb_mode)mode;
	*ret = r;
	r = (struct gb_exec_result){ 0 };
	return 0;
}

void gb_exec_result_release(struct gb_exec_result *r)
{
	gb_supervised_release(&r->last);
	*r = (struct gb_exec_result){ 0 };
}

char *gb_exec_record_path(const char *dir, int64_t k)
{
	return k == 1 ? gb_asprintf("%s/record", dir) : gb_asprintf("%s/record.%" PRId64, dir, k);
}
