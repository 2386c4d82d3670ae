/* Verdicts as remarks at lines.  See annotate.h. */
#include "report/annotate.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "report/culprit.h"
#include "report/say.h"

#include <stdlib.h>
#include <string.h>

#define MAX_ANNOTATIONS ((size_t)100000)
#define TITLE_COLUMNS	((size_t)200)

void gb_annotations_release(struct gb_annotations *a)
{
	for (size_t i = 0; i < a->n; i++)
		gb_annotation_release(&a->v[i]);
	free(a->v);
	*a = (struct gb_annotations){ 0 };
}

static int find_place(struct gb_annotation *a, const struct gb_report *r,
		      const struct gb_judgement *j, const char *dir, struct gb_err *err)
{
	struct gb_site room;
	const struct gb_site *at = gb_report_place(r, j, &room);

	if (!at)
		return 0;
	a->file = *dir ? gb_asprintf("%s/%s", dir, at->file) : gb_strdup(at->file);
	a->line = at->line;
	return a->file ? 0 : gb_fail_nomem(err);
}

static int add(struct gb_annotations *all, struct gb_annotation *a, struct gb_buf *title,
	       struct gb_buf *message, struct gb_err *err)
{
	_buf_ struct gb_buf fitted = GB_BUF_INIT(GB_MIB);
	int rc;

	gb_text_fit(&fitted, title->data, TITLE_COLUMNS);
	if (title->failed || message->failed || fitted.failed)
		return gb_buf_error(message->failed ? message : title, "an annotation", err);
	rc = gb_grow((void **)&all->v, &all->cap, all->n + 1, sizeof(*all->v), MAX_ANNOTATIONS,
		     err);
	if (rc < 0)
		return rc;
	a->title = gb_buf_detach(&fitted);
	a->message = gb_buf_detach(message);
	if (!a->title || !a->message)
		return gb_fail_nomem(err);
	all->v[all->n++] = *a;
	*a = (struct gb_annotation){ 0 };
	return 0;
}

static int add_verdict(struct gb_annotations *all, const struct gb_report *r,
		       const struct gb_judgement *j, const char *dir, struct gb_err *err)
{
	_buf_ struct gb_buf title = GB_BUF_INIT(GB_MIB), message = GB_BUF_INIT(GB_MIB);
	struct gb_annotation a = { .level = j->action == GB_ACT_FAIL ? GB_LEVEL_ERROR
								     : GB_LEVEL_WARNING };
	int rc = find_place(&a, r, j, dir, err);

	gb_buf_addf(&title, "%s: ", gb_say_word(j));
	gb_say_func(&title, j->package_path);
	if (j->test_name)
		gb_buf_addf(&title, ".%s", j->test_name);
	gb_say_judgement(&message, j);
	if (rc >= 0)
		rc = add(all, &a, &title, &message, err);
	gb_annotation_release(&a);
	return rc;
}

static int add_troubles(struct gb_annotations *all, const struct gb_package *p, struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < p->n_troubles && rc >= 0; i++) {
		_buf_ struct gb_buf title = GB_BUF_INIT(GB_MIB), message = GB_BUF_INIT(GB_MIB);
		const struct gb_trouble *t = &p->troubles[i];
		struct gb_annotation a = { .level = GB_LEVEL_ERROR };

		if (t->warning)
			continue;
		gb_buf_addf(&title, "%s: ", gb_say_trouble(t->kind));
		gb_say_func(&title, p->path);
		if (t->test)
			gb_buf_addf(&title, ".%s", t->test);
		gb_buf_adds(&message, t->text && *t->text ? t->text : gb_say_trouble(t->kind));
		rc = add(all, &a, &title, &message, err);
		gb_annotation_release(&a);
	}
	return rc;
}

int gb_report_annotate(const struct gb_report *r, const char *dir, struct gb_annotations *ret,
		       struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < r->run->n_packages && rc >= 0; i++)
		rc = add_troubles(ret, &r->run->packages[i], err);
	for (size_t i = 0; i < r->verdicts->n && rc >= 0; i++) {
		if (gb_report_is_remark(&r->verdicts->v[i]))
			rc = add_verdict(ret, r, &r->verdicts->v[i], dir, err);
	}
	return rc;
}
