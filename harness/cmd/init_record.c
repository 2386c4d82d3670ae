#include "cmd/init_record.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/supervise.h"
#include "base/text.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH  200
#define SHOW_LINES 12

void gb_init_show(const char *text, size_t most)
{
	size_t n = 0;

	for (; *text && (!most || n < most); n++) {
		_buf_ struct gb_buf line = GB_BUF_INIT(GB_MAX_BUDGET_FILE);
		size_t len = strcspn(text, "\n");
		_free_ char *one = gb_strndup(text, len);
		size_t tabs;

		gb_buf_adds(&line, "    ");
		for (tabs = 0; one && one[tabs] == '\t'; tabs++)
			gb_buf_adds(&line, "    ");
		gb_text_safe(&line, one ? one + tabs : "");
		puts(line.data);
		text += len + (text[len] == '\n');
	}
	for (n = 0; *text; n++)
		text += strcspn(text, "\n") + (text[strcspn(text, "\n")] == '\n');
	if (n)
		printf("    ... %zu more lines\n", n);
}

static int run_record(struct gb_init_record *r, struct gb_err *err)
{
	_strlist_ struct gb_strlist argv = GB_STRLIST_INIT;
	_free_ char *self = NULL;
	struct gb_proc_result result;
	int rc = gb_self_path(&self, err);

	if (rc >= 0)
		rc = gb_strlist_add_all(&argv,
					(const char *const[]){ self, "record", "--dry-run",
							       "--into", r->scratch },
					5, err);
	for (size_t i = 0; i < r->found->modules.n && rc >= 0; i++) {
		const char *m = r->found->modules.v[i];

		if (strcmp(m, ".") == 0)
			rc = gb_strlist_add(&argv, "./...", err);
		else
			rc = gb_strlist_addf(&argv, err, "%s%s/...", *m == '/' ? "" : "./", m);
	}
	if (rc < 0)
		return rc;
	const struct gb_proc p = { .argv = (const char *const *)gb_strlist_argv(&argv),
				   .dir = r->found->dir,
				   .in = GB_STDIO_NULL,
				   .out = GB_STDIO_INHERIT,
				   .err = GB_STDIO_INHERIT,
				   .grace_ms = 10000 };
	fflush(stdout);
	if ((rc = gb_proc_run(&p, &result, err)) < 0)
		return rc;
	r->status = result.status;
	return 0;
}

/* Files below `dir` of the scratch folder; `depth` ends what no module has. */
static int collect(struct gb_init_record *r, const char *dir, int depth, struct gb_err *err)
{
	DIR *d = depth < MAX_DEPTH ? opendir(dir) : NULL;
	struct dirent *e;
	int rc = 0;

	while (d && rc >= 0 && (e = readdir(d))) {
		_free_ char *path = NULL;

		if (e->d_name[0] == '.' &&
		    (depth == 0 || !e->d_name[1] || (e->d_name[1] == '.' && !e->d_name[2])))
			continue;
		path = gb_path_join(dir, e->d_name);
		if (!path)
			rc = gb_fail_nomem(err);
		else if (gb_fs_is_dir(path))
			rc = collect(r, path, depth + 1, err);
		else
			rc = gb_strlist_add(&r->files, path + strlen(r->scratch), err);
	}
	if (d)
		closedir(d);
	return rc;
}

static int read_one(const struct gb_init_record *r, const char *file, struct gb_buf *ret,
		    struct gb_err *err)
{
	_free_ char *path = gb_path_join(r->scratch, file + 1);

	return path ? gb_fs_read(path, ret, err) : gb_fail_nomem(err);
}

int gb_init_measure(struct gb_init_record *r, struct gb_err *err)
{
	int rc = gb_fs_scratch(&r->scratch, err);

	if (rc < 0 || (rc = run_record(r, err)) < 0 || (rc = collect(r, r->scratch, 0, err)) < 0)
		return rc;
	gb_strlist_sort(&r->files);
	for (size_t i = 0; i < r->files.n; i++) {
		_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_BUDGET_FILE);
		_buf_ struct gb_buf name = GB_BUF_INIT(GB_MAX_PATH * 4);

		if ((rc = read_one(r, r->files.v[i], &text, err)) < 0)
			return rc;
		gb_text_safe(&name, gb_path_relative(r->files.v[i], r->found->dir));
		printf("\n%s  new\n", name.data);
		gb_init_show(text.data, SHOW_LINES);
	}
	return r->files.n > 0;
}

int gb_init_write(const struct gb_init_record *r, size_t *count, struct gb_err *err)
{
	for (size_t i = 0; i < r->files.n; i++) {
		_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_BUDGET_FILE);
		const char *path = r->files.v[i];
		_free_ char *dir = gb_strndup(path, (size_t)(strrchr(path, '/') - path));
		int rc;

		if (!dir)
			return gb_fail_nomem(err);
		if (gb_fs_exists(path))
			return gb_fail(err, GB_EEXIST, "%s is there by now", path);
		if ((rc = read_one(r, path, &text, err)) < 0 || (rc = gb_fs_mkdirs(dir, err)) < 0 ||
		    (rc = gb_fs_write(path, text.data, text.len, err)) < 0)
			return rc;
		++*count;
	}
	printf("wrote them\n");
	return 0;
}

void gb_init_record_release(struct gb_init_record *r)
{
	if (r->scratch)
		gb_fs_remove_tree(r->scratch, NULL);
	free(r->scratch);
	gb_strlist_release(&r->files);
	*r = (struct gb_init_record){ 0 };
}
