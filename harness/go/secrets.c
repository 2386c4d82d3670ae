#include "go/secrets.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/strlist.h"
#include "base/text.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

/* One that ends in an underscore stands for all that begin so. */
static const char *const names[] = {
	"GITHUB_TOKEN", "GH_TOKEN",	 "ACTIONS_RUNTIME_",
	"GITHUB_ENV",	"GITHUB_PATH",	 "ACTIONS_ID_TOKEN_REQUEST_",
	"GITHUB_STATE", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY",
};

bool gb_secret(const char *entry)
{
	size_t len = strcspn(entry, "=");

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t n = strlen(names[i]);

		if (names[i][n - 1] == '_' ? len > n && strncmp(entry, names[i], n) == 0
					   : len == n && memcmp(entry, names[i], n) == 0)
			return true;
	}
	return false;
}

int gb_secrets_strip(struct gb_strlist *env, struct gb_err *err)
{
	for (size_t i = env->n; i-- > 0;) {
		_free_ char *name = NULL;
		int rc;

		if (i >= env->n || !gb_secret(env->v[i]))
			continue;
		name = gb_strndup(env->v[i], strcspn(env->v[i], "="));
		if (!name)
			return gb_fail_nomem(err);
		if ((rc = gb_env_set(env, name, NULL, err)))
			return rc;
	}
	return 0;
}

/* Must not be left out as a store that nobody reads. */
static void wipe(char *s)
{
	for (volatile char *p = s; *p; p++)
		*p = '\0';
}

void gb_secrets_drop(void)
{
	/* A name may stand there twice, and unsetenv() takes both away. */
	for (size_t i = 0; environ && environ[i]; i++) {
		char *value = gb_secret(environ[i]) ? strchr(environ[i], '=') : NULL;

		if (value)
			wipe(value + 1);
	}
	for (size_t i = 0; environ && environ[i];) {
		_free_ char *name = NULL;

		if (gb_secret(environ[i]))
			name = gb_strndup(environ[i], strcspn(environ[i], "="));
		/* Without memory for its name, the value is gone at least. */
		if (!name || unsetenv(name) != 0)
			i++;
	}
}
