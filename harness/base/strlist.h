/*
 * strlist - an owned list of strings, kept NULL-terminated: v is an argv.
 *
 * The strings are copies.  An empty list's v may be NULL; gb_strlist_argv()
 * never is.  All adders return 0 or GB_ENOMEM.
 */
#ifndef GB_BASE_STRLIST_H
#define GB_BASE_STRLIST_H

#include <stdbool.h>
#include <stddef.h>

struct gb_err;

struct gb_strlist {
	char **v;
	size_t n;
	size_t cap;
};

#define GB_STRLIST_INIT    \
	{                  \
		NULL, 0, 0 \
	}

int gb_strlist_add(struct gb_strlist *l, const char *s, struct gb_err *err);
int gb_strlist_addf(struct gb_strlist *l, struct gb_err *err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
int gb_strlist_add_all(struct gb_strlist *l, const char *const *v, size_t n, struct gb_err *err);
bool gb_strlist_has(const struct gb_strlist *l, const char *s);
void gb_strlist_sort(struct gb_strlist *l); /* by bytes */
char *const *gb_strlist_argv(const struct gb_strlist *l);
void gb_strlist_release(struct gb_strlist *l);

/*
 * Environment: NAME=VALUE strings.  gb_env_copy() takes the process's own.
 * gb_env_set() replaces or adds; value NULL removes.  gb_env_get() returns the
 * value inside the list or NULL.
 */
int gb_env_copy(struct gb_strlist *env, struct gb_err *err);
int gb_env_set(struct gb_strlist *env, const char *name, const char *value, struct gb_err *err);
const char *gb_env_get(const struct gb_strlist *env, const char *name);

#define _strlist_ __attribute__((cleanup(gb_strlist_release)))

#endif
