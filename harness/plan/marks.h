/* marks - the rows that a change touches directly, for affected.c.  Not for anybody else. */
#ifndef GB_PLAN_MARKS_H
#define GB_PLAN_MARKS_H

#include "plan/affected.h"

struct gb_plan_mark {
	enum gb_plan_why why;
	const char *file;
};

/* Rows by a path: their folder, or where a symlink leads. */
struct gb_plan_place {
	const char *path;
	size_t row;
};

struct gb_plan_marks {
	const struct gb_plan_packages *p;
	const struct gb_plan_changes *c;
	const struct gb_plan_options *o;
	struct gb_plan_mark *rows; /* what a row is made of changed: what imports it, too */
	struct gb_plan_mark *own;  /* of the row alone */
	struct gb_plan_mark all;
	struct gb_plan_place *dirs, *leads;
	size_t n_dirs, n_leads;
	bool native_done;
};

int gb_plan_marks_make(struct gb_plan_marks *m, struct gb_err *err);
void gb_plan_marks_release(struct gb_plan_marks *m);

/* Is it below a folder that holds budgets of a module that is here? */
bool gb_plan_is_budget(const char *path, const char *budgets);

#endif
