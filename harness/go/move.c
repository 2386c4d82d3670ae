#include "go/move.h"

#include "base/err.h"
#include "base/mem.h"
#include "go/record.h"
#include "go/run.h"

#include <stdlib.h>
#include <string.h>

int gb_move(char **path, const char *from, const char *to, struct gb_err *err)
{
	size_t n = strlen(from);
	char *moved;

	if (!*path || strncmp(*path, from, n) != 0 || (*path)[n] != '/')
		return 0;
	moved = gb_asprintf("%s%s", to, *path + n);
	if (!moved)
		return gb_fail_nomem(err);
	free(*path);
	*path = moved;
	return 0;
}

static int move_all(struct gb_site *v, size_t n, const char *from, const char *to,
		    struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < n && !rc; i++)
		rc = gb_move(&v[i].file, from, to, err);
	return rc;
}

static int move_groups(struct gb_group *v, size_t n, const char *from, const char *to,
		       struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < n && !rc; i++) {
		rc = gb_move(&v[i].created.file, from, to, err);
		if (!rc)
			rc = move_all(v[i].frames, v[i].n_frames, from, to, err);
		if (!rc)
			rc = move_all(v[i].creator, v[i].n_creator, from, to, err);
	}
	return rc;
}

static int move_sites(struct gb_alloc_site *v, size_t n, const char *from, const char *to,
		      struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < n && !rc; i++)
		rc = move_all(v[i].frames, v[i].n_frames, from, to, err);
	return rc;
}

static int move_recorded(struct gb_record_test *t, const char *from, const char *to,
			 struct gb_err *err)
{
	int rc = gb_move(&t->site.file, from, to, err);

	if (!rc)
		rc = move_groups(t->groups, t->n_groups, from, to, err);
	return rc ? rc : move_sites(t->sites, t->n_sites, from, to, err);
}

int gb_record_move(struct gb_record *r, const char *from, const char *to, struct gb_err *err)
{
	int rc = move_recorded(&r->package_row, from, to, err);

	for (size_t i = 0; i < r->n && !rc; i++)
		rc = move_recorded(&r->tests[i], from, to, err);
	return rc;
}

static int move_test(struct gb_test *t, const char *from, const char *to, struct gb_err *err)
{
	int rc = gb_move(&t->site.file, from, to, err);

	if (!rc)
		rc = move_groups(t->groups, t->n_groups, from, to, err);
	return rc ? rc : move_sites(t->sites, t->n_sites, from, to, err);
}

int gb_run_move(struct gb_run *run, const char *from, const char *to, struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < run->n_packages && !rc; i++)
		for (size_t k = 0; k < run->packages[i].n_tests && !rc; k++)
			rc = move_test(&run->packages[i].tests[k], from, to, err);
	return rc;
}
