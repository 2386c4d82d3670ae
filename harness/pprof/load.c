/* load - from a file to the inflated bytes of a profile.  See profile.h. */
#include "pprof/profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "pprof/ids.h"
#include "pprof/index.h"
#include "pprof/inflate.h"

/* What people hand over instead of a profile, by its first bytes: no profile begins so. */
static const struct {
	const char *begin, *what, *hint;
} others[] = {
	{ "heap profile: ", "a heap profile as text", "ask for it without debug=1" },
	{ "goroutine profile: ", "a goroutine profile as text", "ask for it without debug=1" },
	{ "goroutineleak profile: ", "a goroutineleak profile as text",
	  "ask for it without debug=1" },
	{ "threadcreate profile: ", "a threadcreate profile as text",
	  "ask for it without debug=1" },
	{ "goroutine ", "a dump of goroutines as text", "ask for it without debug=2" },
	{ "--- ", "a profile as text", "ask for it without debug=1" },
	{ "go 1.", "an execution trace", "go tool trace reads it" },
	{ "mode: ", "a coverage profile", "go tool cover reads it" },
	{ "PERFILE2", "perf's data", "perf_to_profile makes a profile of it" },
	{ "\177ELF", "a program", "give the profile, after the program where one is needed" },
	{ "\317\372\355\376", "a program", "give the profile" },
	{ "<", "a web page", "was the address that of a profile?" },
	{ "{", "JSON", NULL },
	{ "PK\003\004", "a zip archive", NULL },
};

static int is_other(const char *name, const unsigned char *data, size_t size, struct gb_err *err)
{
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		size_t len = strlen(others[i].begin);

		if (size < len || memcmp(data, others[i].begin, len) != 0)
			continue;
		gb_fail(err, GB_EPARSE, "%s is no profile but %s", name, others[i].what);
		if (others[i].hint)
			gb_hint(err, "%s", others[i].hint);
		return GB_EPARSE;
	}
	return 0;
}

/* Takes `data`, in any case. */
static int make(const char *name, unsigned char *data, size_t size, struct gb_profile **ret,
		struct gb_err *err)
{
	_profile_ struct gb_profile *p = gb_calloc(1, sizeof(*p));
	int rc;

	if (!p || !(p->name = gb_strdup(name))) {
		free(data);
		return gb_fail_nomem(err);
	}
	p->data = data;
	p->size = size;
	p->location_ids = (struct gb_profile_ids)GB_IDS_INIT;
	if ((rc = is_other(name, data, size, err)) < 0 || (rc = gb_profile_index(p, err)) < 0)
		return rc;
	*ret = GB_TAKE(p);
	return 0;
}

static int unpack(const char *name, const void *bytes, size_t size, unsigned char **ret,
		  size_t *ret_size, struct gb_err *err)
{
	unsigned char *data;

	if (size == 0)
		return gb_fail(err, GB_EPARSE, "%s is empty", name);
	if (gb_is_gzip(bytes, size))
		return gb_inflate(name, bytes, size, GB_MAX_PROFILE, ret, ret_size, err);
	data = gb_malloc(size + 1);
	if (!data)
		return gb_fail_nomem(err);
	memcpy(data, bytes, size);
	*ret = data;
	*ret_size = size;
	return 0;
}

int gb_profile_parse(const char *name, const void *bytes, size_t size, struct gb_profile **ret,
		     struct gb_err *err)
{
	unsigned char *data;
	int rc = unpack(name, bytes, size, &data, &size, err);

	return rc < 0 ? rc : make(name, data, size, ret, err);
}

int gb_profile_load(const char *path, struct gb_profile **ret, struct gb_err *err)
{
	_buf_ struct gb_buf file = GB_BUF_INIT(GB_MAX_PROFILE);
	unsigned char *data;
	size_t size;
	int rc;

	if (gb_fs_is_dir(path))
		return gb_fail(err, GB_EPARSE, "%s is a folder, not a profile", path);
	rc = gb_fs_read(path, &file, err);
	if (rc < 0)
		return rc;
	if (file.len && !gb_is_gzip(file.data, file.len)) {
		size = file.len;
		data = (unsigned char *)gb_buf_detach(&file);
		if (!data)
			return gb_fail_nomem(err);
	} else {
		rc = unpack(path, file.data, file.len, &data, &size, err);
		if (rc < 0)
			return rc;
		gb_buf_release(&file); /* before the tables are made: it is the peak */
	}
	return make(path, data, size, ret, err);
}

void gb_profile_free(struct gb_profile *p)
{
	if (!p)
		return;
	free(p->name);
	free(p->data);
	free(p->types);
	free(p->strings);
	free(p->functions);
	free(p->lines);
	free(p->locations);
	free(p->mappings);
	free(p->samples);
	free(p->prune);
	gb_ids_release(&p->location_ids);
	free(p);
}

void gb_cleanup_profile(struct gb_profile **pp)
{
	gb_profile_free(*pp);
	*pp = NULL;
}

const char *gb_profile_str(const struct gb_profile *p, uint32_t string)
{
	return (const char *)p->data + p->strings[string];
}

int gb_profile_type_index(const struct gb_profile *p, const char *sample, size_t *ret,
			  struct gb_err *err)
{
	const char *rest = sample && strncmp(sample, "inuse_", 6) == 0 ? sample + 6 : sample;
	char names[300] = "";
	size_t used = 0;

	if (!sample || !*sample) {
		*ret = p->default_type;
		return 0;
	}
	for (size_t i = 0; i < p->n_types; i++) {
		if (strcmp(p->types[i].type, sample) == 0 || strcmp(p->types[i].type, rest) == 0) {
			*ret = i;
			return 0;
		}
	}
	if (strlen(sample) <= 6 && strspn(sample, "0123456789") == strlen(sample) &&
	    strtoul(sample, NULL, 10) < p->n_types) {
		*ret = strtoul(sample, NULL, 10);
		return 0;
	}
	for (size_t i = 0; i < p->n_types && used < sizeof(names); i++)
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", i ? ", " : "",
					 p->types[i].type);
	gb_fail(err, GB_EUSAGE, "%s has no samples of the type \"%.100s\"", p->name, sample);
	return gb_hint(err, "it has %s", names);
}
