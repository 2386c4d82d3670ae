#include "plan/packages.h"

#include "base/err.h"
#include "base/fs.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/*
 * Which files a row is made of, and which of them are in a language that includes others.  Test
 * files are not among them: they are the GoFiles of the variants.
 */
static const struct {
	const char *key;
	bool native, compiler;
} file_lists[] = {
	{ "GoFiles", false, false },  { "CgoFiles", true, true },
	{ "CFiles", true, true },     { "CXXFiles", true, true },
	{ "MFiles", true, true },     { "HFiles", true, false },
	{ "FFiles", true, true },     { "SFiles", true, false },
	{ "SwigFiles", true, true },  { "SwigCXXFiles", true, true },
	{ "SysoFiles", true, false }, { "EmbedFiles", false, false },
};

#define FILE_LISTS (sizeof(file_lists) / sizeof(file_lists[0]))

static int wrong(const char *what, struct gb_err *err)
{
	return gb_fail(err, GB_EPARSE, "go list: %s", what);
}

/* A string of an object; NULL in *ret where there is none, or an empty one. */
static int take_string(const cJSON *o, const char *key, char **ret, struct gb_err *err)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(o, key);

	if (!item || cJSON_IsNull(item))
		return 0;
	if (!cJSON_IsString(item) || strlen(item->valuestring) > GB_MAX_NAME)
		return gb_fail(err, GB_EPARSE, "go list: %s is no name", key);
	free(*ret);
	*ret = NULL;
	if (!item->valuestring[0])
		return 0;
	*ret = gb_strdup(item->valuestring);
	return *ret ? 0 : gb_fail_nomem(err);
}

static bool truth(const cJSON *o, const char *key)
{
	return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(o, key));
}

static size_t list_length(const cJSON *o, const char *key)
{
	return (size_t)cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(o, key));
}

static int take_list(struct gb_plan_packages *p, const cJSON *o, const char *key,
		     struct gb_strlist *ret, struct gb_err *err)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(o, key), *item;
	int rc = 0;

	if (!list || cJSON_IsNull(list))
		return 0;
	if (!cJSON_IsArray(list))
		return gb_fail(err, GB_EPARSE, "go list: %s is no list", key);
	cJSON_ArrayForEach(item, list)
	{
		if (!cJSON_IsString(item) || strlen(item->valuestring) > GB_MAX_NAME)
			return gb_fail(err, GB_EPARSE, "go list: %s holds no name", key);
		if (++p->n_files > GB_MAX_PLAN_FILES)
			return gb_fail(err, GB_ELIMIT, "go list names more than %zu files",
				       GB_MAX_PLAN_FILES);
		if ((rc = gb_strlist_add(ret, item->valuestring, err)))
			return rc;
	}
	return 0;
}

/* The source of "p.test" is made up by the go command and lies in its cache. */
static bool is_test_main(const struct gb_plan_package *k, const cJSON *o)
{
	const cJSON *name = cJSON_GetObjectItemCaseSensitive(o, "Name");

	return gb_ends(k->path, ".test") && cJSON_IsString(name) &&
	       strcmp(name->valuestring, "main") == 0 && k->files.n &&
	       (k->files.v[0][0] == '/' || strcmp(k->files.v[0], "_testmain.go") == 0);
}

/* "v1.2.3", and what replaces it; NULL stays for a main module. */
static int take_version(struct gb_plan_package *k, const cJSON *m, const cJSON *by,
			struct gb_err *err)
{
	_free_ char *version = NULL, *path = NULL, *other = NULL;
	int rc = take_string(m, "Version", &version, err);

	if (!rc && cJSON_IsObject(by))
		rc = take_string(by, "Path", &path, err);
	if (!rc && cJSON_IsObject(by))
		rc = take_string(by, "Version", &other, err);
	if (rc || (!version && !path))
		return rc;
	k->version =
		path ? gb_asprintf("%s => %s %s", version ? version : "", path, other ? other : "")
		     : GB_TAKE(version);
	return k->version ? 0 : gb_fail_nomem(err);
}

static int take_module(struct gb_plan_package *k, const cJSON *o, struct gb_err *err)
{
	const cJSON *m = cJSON_GetObjectItemCaseSensitive(o, "Module"), *by;
	int rc;

	if (!cJSON_IsObject(m))
		return 0;
	if ((rc = take_string(m, "Path", &k->module, err)) ||
	    (rc = take_string(m, "Dir", &k->module_dir, err)) ||
	    (rc = take_string(m, "GoMod", &k->go_mod, err)) ||
	    (rc = take_string(m, "GoVersion", &k->language, err)))
		return rc;
	by = cJSON_GetObjectItemCaseSensitive(m, "Replace");
	if ((rc = take_version(k, m, by, err)))
		return rc;
	if (!cJSON_IsObject(by))
		return 0;
	rc = take_string(by, "Dir", &k->module_dir, err);
	return rc ? rc : take_string(by, "GoMod", &k->go_mod, err);
}

static int take(struct gb_plan_packages *p, struct gb_plan_package *k, const cJSON *o,
		struct gb_err *err)
{
	const cJSON *error = cJSON_GetObjectItemCaseSensitive(o, "Error");
	int rc;

	if ((rc = take_string(o, "ImportPath", &k->path, err)) ||
	    (rc = take_string(o, "Dir", &k->dir, err)) ||
	    (rc = take_string(o, "ForTest", &k->of, err)) ||
	    (rc = take_string(o, "DefaultGODEBUG", &k->godebug, err)) ||
	    (rc = take_list(p, o, "Imports", &k->imports, err)) ||
	    (rc = take_list(p, o, "IgnoredGoFiles", &k->ignored, err)) ||
	    (rc = take_list(p, o, "IgnoredOtherFiles", &k->ignored, err)) ||
	    (rc = take_module(k, o, err)))
		return rc;
	if (!k->path)
		return wrong("a package has no import path", err);
	for (size_t i = 0; i < FILE_LISTS; i++) {
		if ((rc = take_list(p, o, file_lists[i].key, &k->files, err)))
			return rc;
		if (!list_length(o, file_lists[i].key))
			continue;
		k->native |= file_lists[i].native;
		k->compiler |= file_lists[i].compiler;
	}
	k->standard = truth(o, "Standard");
	k->broken = truth(o, "Incomplete") || (error && !cJSON_IsNull(error));
	k->embeds = list_length(o, "EmbedPatterns");
	k->test_main = is_test_main(k, o);
	k->asked = !truth(o, "DepOnly") && !k->of && !k->test_main;
	if (k->test_main)
		gb_strlist_release(&k->files);
	return 0;
}

static void release(struct gb_plan_package *k)
{
	free(k->path);
	free(k->dir);
	free(k->away);
	free(k->of);
	free(k->version);
	free(k->language);
	free(k->godebug);
	free(k->module);
	free(k->module_dir);
	free(k->go_mod);
	free(k->to);
	gb_strlist_release(&k->files);
	gb_strlist_release(&k->ignored);
	gb_strlist_release(&k->leads);
	gb_strlist_release(&k->imports);
	*k = (struct gb_plan_package){ 0 };
}

static int add(struct gb_plan_packages *p, const char *text, size_t len, struct gb_err *err)
{
	_json_ struct gb_json *j = NULL;
	struct gb_err own = GB_ERR_INIT;
	int rc = gb_json_parse("go list", text, len, &j, &own);

	if (rc < 0)
		return gb_fail(err, rc == GB_EUSAGE ? GB_EPARSE : rc, "%s", own.line);
	if (!cJSON_IsObject(j->root))
		return wrong("not an object", err);
	rc = gb_grow((void **)&p->v, &p->cap, p->n + 1, sizeof(*p->v), GB_MAX_PLAN_ROWS, err);
	if (rc)
		return rc;
	p->v[p->n] = (struct gb_plan_package){ 0 };
	if ((rc = take(p, &p->v[p->n], j->root, err)))
		release(&p->v[p->n]);
	else
		p->n++;
	return rc;
}

/* The length of the object at the beginning of s; 0: it does not end. */
static size_t object_length(const char *s, size_t len)
{
	size_t depth = 0;
	bool quoted = false;

	for (size_t i = 0; i < len; i++) {
		if (quoted) {
			if (s[i] == '\\')
				i++;
			else
				quoted = s[i] != '"';
			continue;
		}
		quoted = s[i] == '"';
		depth += s[i] == '{';
		if (s[i] == '}' && --depth == 0)
			return i + 1;
	}
	return 0;
}

int gb_plan_packages_parse(struct gb_plan_packages *p, const char *text, size_t len,
			   struct gb_err *err)
{
	for (size_t at = 0;;) {
		size_t n;
		int rc;

		while (at < len && (text[at] == '\n' || text[at] == ' ' || text[at] == '\t' ||
				    text[at] == '\r'))
			at++;
		if (at == len)
			return 0;
		if (text[at] != '{')
			return wrong("not an object", err);
		if (!(n = object_length(text + at, len - at)))
			return wrong("the last object does not end", err);
		if ((rc = add(p, text + at, n, err)))
			return rc;
		at += n;
	}
}

struct by_path {
	const char *path;
	size_t row;
};

static int compare(const void *a, const void *b)
{
	const struct by_path *x = a, *y = b;

	return strcmp(x->path, y->path);
}

static const struct by_path *find(const struct gb_plan_packages *p, const char *path)
{
	const struct by_path key = { path, 0 };

	return p->index ? bsearch(&key, p->index, p->n, sizeof(key), compare) : NULL;
}

struct gb_plan_package *gb_plan_package(const struct gb_plan_packages *p, const char *path)
{
	const struct by_path *found = find(p, path);

	return found ? &p->v[found->row] : NULL;
}

static int link_one(struct gb_plan_packages *p, struct gb_plan_package *k, struct gb_err *err)
{
	free(k->to);
	k->n_to = 0;
	k->to = gb_calloc(k->imports.n + 1, sizeof(*k->to));
	if (!k->to)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < k->imports.n; i++) {
		const struct by_path *found = find(p, k->imports.v[i]);

		if (found)
			k->to[k->n_to++] = found->row;
	}
	return 0;
}

int gb_plan_packages_link(struct gb_plan_packages *p, struct gb_err *err)
{
	struct by_path *index = gb_calloc(p->n + 1, sizeof(*index));
	int rc = 0;

	if (!index)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < p->n; i++)
		index[i] = (struct by_path){ p->v[i].path, i };
	qsort(index, p->n, sizeof(*index), compare);
	free(p->index);
	p->index = index;
	for (size_t i = 0; i < p->n && !rc; i++)
		rc = link_one(p, &p->v[i], err);
	return rc;
}

void gb_plan_packages_release(struct gb_plan_packages *p)
{
	for (size_t i = 0; i < p->n; i++)
		release(&p->v[i]);
	free(p->v);
	free(p->index);
	*p = (struct gb_plan_packages){ 0 };
}
