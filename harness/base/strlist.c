/* strlist - see strlist.h. */
#include "base/strlist.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"

extern char **environ;

/* Room for `more` strings and the final NULL. */
static int reserve(struct gb_strlist *l, size_t more, struct gb_err *err)
{
	if (more > SIZE_MAX - l->n - 1)
		return gb_fail_nomem(err);
	return gb_grow((void **)&l->v, &l->cap, l->n + more + 1, sizeof(*l->v), SIZE_MAX, err);
}

/* Takes `s`, which may be NULL for "no memory". */
static int add_owned(struct gb_strlist *l, char *s, struct gb_err *err)
{
	int rc;

	if (!s)
		return gb_fail_nomem(err);
	rc = reserve(l, 1, err);
	if (rc < 0) {
		free(s);
		return rc;
	}
	l->v[l->n++] = s;
	l->v[l->n] = NULL;
	return 0;
}

int gb_strlist_add(struct gb_strlist *l, const char *s, struct gb_err *err)
{
	return add_owned(l, gb_strdup(s), err);
}

int gb_strlist_addf(struct gb_strlist *l, struct gb_err *err, const char *fmt, ...)
{
	va_list ap;
	char *s;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	s = n < 0 ? NULL : gb_malloc((size_t)n + 1);
	if (s) {
		va_start(ap, fmt);
		vsnprintf(s, (size_t)n + 1, fmt, ap);
		va_end(ap);
	}
	return add_owned(l, s, err);
}

int gb_strlist_add_all(struct gb_strlist *l, const char *const *v, size_t n, struct gb_err *err)
{
	size_t before = l->n;

	for (size_t i = 0; i < n; i++) {
		int rc = gb_strlist_add(l, v[i], err);

		if (rc < 0) {
			while (l->n > before) {
				free(l->v[--l->n]);
				l->v[l->n] = NULL;
			}
			return rc;
		}
	}
	return 0;
}

bool gb_strlist_has(const struct gb_strlist *l, const char *s)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->v[i], s) == 0)
			return true;
	return false;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void gb_strlist_sort(struct gb_strlist *l)
{
	if (l->n > 1)
		qsort(l->v, l->n, sizeof(*l->v), by_bytes);
}

char *const *gb_strlist_argv(const struct gb_strlist *l)
{
	static char *const none[] = { NULL };

	return l->v ? l->v : none;
}

void gb_strlist_release(struct gb_strlist *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i]);
	free(l->v);
	*l = (struct gb_strlist)GB_STRLIST_INIT;
}

int gb_env_copy(struct gb_strlist *env, struct gb_err *err)
{
	size_t n = 0;

	while (environ && environ[n])
		n++;
	return gb_strlist_add_all(env, (const char *const *)environ, n, err);
}

/* The index of NAME=... from `from` on, or n. */
static size_t env_find(const struct gb_strlist *env, const char *name, size_t from)
{
	size_t len = strlen(name);

	for (; from < env->n; from++)
		if (strncmp(env->v[from], name, len) == 0 && env->v[from][len] == '=')
			break;
	return from;
}

static void env_drop(struct gb_strlist *env, size_t i)
{
	free(env->v[i]);
	memmove(env->v + i, env->v + i + 1, (env->n - i) * sizeof(*env->v));
	env->n--;
}

/* A name that stands there twice (possible in what we were given) is replaced once and for all. */
int gb_env_set(struct gb_strlist *env, const char *name, const char *value, struct gb_err *err)
{
	size_t i = env_find(env, name, 0);

	if (value) {
		char *s = gb_asprintf("%s=%s", name, value);

		if (!s)
			return gb_fail_nomem(err);
		if (i == env->n)
			return add_owned(env, s, err);
		free(env->v[i]);
		env->v[i++] = s;
	}
	while ((i = env_find(env, name, i)) < env->n)
		env_drop(env, i);
	return 0;
}

const char *gb_env_get(const struct gb_strlist *env, const char *name)
{
	size_t i = env_find(env, name, 0);

	return i < env->n ? env->v[i] + strlen(name) + 1 : NULL;
}
