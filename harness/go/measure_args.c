/* measure_args - go test's command line, and what the wrapper is told. */
#include "go/measuring.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* -exec: split by the go command as gb_quoted_split() does. */
static int add_exec(const struct gb_measuring *m, const char *self, struct gb_strlist *ret,
		    struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MIB);
	bool good = gb_quoted_add(&text, self) && gb_quoted_add(&text, "exec") &&
		    gb_quoted_add(&text, m->ctl);

	if (!good) {
		gb_fail(err, GB_EUSAGE, "go test -exec cannot name %s: it has both quotes", m->ctl);
		gb_hint(err, "set TMPDIR to another folder");
		return GB_EUSAGE;
	}
	if (m->flags.exec)
		gb_buf_addf(&text, " %s", m->flags.exec);
	if (text.failed)
		return gb_buf_error(&text, "-exec", err);
	return gb_strlist_addf(ret, err, "-exec=%s", text.data);
}

/* GOFLAGS' own -gcflags stand before ours; the user's word is the last one. */
static int add_gcflags(const struct gb_measuring *m, struct gb_strlist *ret, struct gb_err *err)
{
	int rc = gb_toolchain_gcflags(&m->go, m->o->gcflags, ret, err);

	if (!m->o->gcflags || !m->o->gcflags[0])
		return rc;
	for (size_t i = 0; i < m->flags.n_env_gcflags && !rc; i++)
		rc = gb_strlist_addf(ret, err, "-gcflags=%s", m->flags.gcflags.v[i]);
	return rc;
}

int gb_measuring_argv(const struct gb_measuring *m, const char *self, struct gb_strlist *ret,
		      struct gb_err *err)
{
	const struct gb_measure_options *o = m->o;
	const struct gb_strlist *rest = &m->flags.rest;
	int rc;

	if ((rc = gb_strlist_add(ret, m->go.command, err)) ||
	    (rc = gb_strlist_add(ret, "test", err)) ||
	    (rc = gb_strlist_addf(ret, err, "-overlay=%s", m->overlay.json)) ||
	    (rc = add_exec(m, self, ret, err)) || (rc = add_gcflags(m, ret, err)))
		return rc;
	if (o->timeout_ms &&
	    (rc = gb_strlist_addf(ret, err, "-timeout=%" PRId64 "ms", o->timeout_ms)))
		return rc;
	if (o->jobs && (rc = gb_strlist_addf(ret, err, "-p=%d", o->jobs)))
		return rc;
	if (o->bench && (rc = gb_strlist_addf(ret, err, "-bench=%s", o->bench)))
		return rc;
	if (o->patterns && (rc = gb_strlist_add_all(ret, (const char *const *)o->patterns->v,
						    o->patterns->n, err)))
		return rc;
	rc = gb_strlist_add_all(ret, (const char *const *)m->flags.packages.v, m->flags.packages.n,
				err);
	return rc ? rc : gb_strlist_add_all(ret, (const char *const *)rest->v, rest->n, err);
}

/* What we change for go test must not be seen by the tests. */
static int user_value(struct gb_strlist *ret, const char *name, struct gb_err *err)
{
	const char *value = getenv(name);

	return value ? gb_strlist_addf(ret, err, "%s=%s", name, value)
		     : gb_strlist_add(ret, name, err);
}

/* GOFLAGS for what a test builds to be opened as a plugin: the user's, then ours. */
static int plugin_env(const struct gb_measuring *m, struct gb_strlist *ret, struct gb_err *err)
{
	static const char *const same[] = { "GOROOT", "GOTOOLCHAIN", "GOEXPERIMENT" };
	_strlist_ struct gb_strlist flags = GB_STRLIST_INIT;
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MIB);
	int rc = gb_quoted_split(m->go.goflags, &flags, err);

	if (!rc)
		rc = gb_strlist_addf(&flags, err, "-overlay=%s", m->overlay.json);
	if (!rc)
		rc = add_gcflags(m, &flags, err);
	for (size_t i = 0; i < flags.n && !rc; i++)
		if (!gb_quoted_add(&text, flags.v[i]))
			return 0; /* cannot be said: such a test fails, and says why */
	if (rc || text.failed)
		return rc ? rc : gb_buf_error(&text, "GOFLAGS", err);
	rc = gb_strlist_addf(ret, err, "GOFLAGS=%s", text.data);
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]) && !rc; i++) {
		const char *value = gb_env_get(&m->env, same[i]);
		/* The overlay's keys lie below the symlink: the go command must call it so too. */
		if (m->go.linked && strcmp(same[i], "GOROOT") == 0)
			value = m->go.goroot;
		if (value)
			rc = gb_strlist_addf(ret, err, "%s=%s", same[i], value);
	}
	return rc;
}

int gb_measuring_explain(const struct gb_measuring *m, struct gb_err *err)
{
	static const struct gb_strlist none = GB_STRLIST_INIT;

	return gb_exec_list_write(m->ctl, "explain", m->o->explain ? m->o->explain : &none, err);
}

int gb_measuring_config(struct gb_measuring *m, struct gb_err *err)
{
	static const char *const ours[] = { "GOTMPDIR", "GOTOOLCHAIN", "GOEXPERIMENT" };
	_exec_config_ struct gb_exec_config c = { .settle_ms = m->o->settle_ms,
						  .memory = m->o->memory,
						  .prefix = m->prefix,
						  .exact = m->o->exact,
						  .sites = m->o->exact && m->o->explain
								   ? m->o->sites
								   : 0 };
	int rc = 0;

	if (m->go.linked) {
		c.goroot = gb_strdup(m->go.goroot);
		c.real_root = gb_strdup(m->go.real_root);
		if (!c.goroot || !c.real_root)
			return gb_fail_nomem(err);
	}
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]) && !rc; i++)
		rc = user_value(&c.user_env, ours[i], err);
	if (!rc)
		rc = plugin_env(m, &c.plugin_env, err);
	return rc ? rc : gb_exec_config_write(m->ctl, &c, err);
}

int gb_measuring_gcflags_text(const struct gb_measuring *m, char **ret, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MIB);

	gb_buf_adds(&text, m->o->gcflags ? m->o->gcflags : "");
	for (size_t i = 0; i < m->flags.gcflags.n; i++)
		gb_buf_addf(&text, "%s%s", text.len ? " " : "", m->flags.gcflags.v[i]);
	if (text.failed)
		return gb_buf_error(&text, "-gcflags", err);
	*ret = gb_strdup(text.data);
	return *ret ? 0 : gb_fail_nomem(err);
}

int gb_measuring_tags(const char *tags, char **ret, struct gb_err *err)
{
	_strlist_ struct gb_strlist l = GB_STRLIST_INIT;
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MIB);

	while (tags && *tags) {
		/* Blanks are the old way to separate them. */
		size_t len = strcspn(tags, ", ");
		_free_ char *tag = gb_strndup(tags, len);
		if (!tag)
			return gb_fail_nomem(err);
		if (len && !gb_strlist_has(&l, tag)) {
			int rc = gb_strlist_add(&l, tag, err);
			if (rc)
				return rc;
		}
		tags += len + (tags[len] != '\0');
	}
	gb_strlist_sort(&l);
	for (size_t i = 0; i < l.n; i++)
		gb_buf_addf(&text, "%s%s", i ? "," : "", l.v[i]);
	if (text.failed)
		return gb_buf_error(&text, "-tags", err);
	*ret = gb_strdup(text.data);
	return *ret ? 0 : gb_fail_nomem(err);
}
