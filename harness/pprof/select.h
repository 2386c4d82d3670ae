/*
 * select - which samples are looked at: focus and ignore.
 *
 * A sample counts if a frame of it matches focus and none matches ignore.  A
 * frame matches by its function's name, its file's, or that of the binary it
 * was loaded from, which is how go tool pprof understands it.  Expressions are
 * POSIX extended ones, not anchored.
 */
#ifndef GB_PPROF_SELECT_H
#define GB_PPROF_SELECT_H

#include "pprof/sample.h"

struct gb_selection {
	unsigned char *how; /* by location; NULL: everything is selected */
};

#define GB_SELECTION_INIT \
	{                 \
		NULL      \
	}

/* NULL and "" are no expression.  GB_EUSAGE "focus: ..." for one that is none; GB_ENOMEM. */
int gb_select(const struct gb_profile *p, const char *focus, const char *ignore,
	      struct gb_selection *ret, struct gb_err *err);
bool gb_selected(const struct gb_selection *sel, const struct gb_sample *s);
void gb_selection_release(struct gb_selection *sel);
#define _selection_ __attribute__((cleanup(gb_selection_release)))

/* A user's expression: compiled and freed by hand, so that views can match names themselves. */
struct gb_pattern;
int gb_pattern_compile(const char *what, const char *text, struct gb_pattern **ret,
		       struct gb_err *err);
bool gb_pattern_matches(const struct gb_pattern *x, const char *s);
void gb_pattern_free(struct gb_pattern *x); /* NULL is fine */
void gb_cleanup_pattern(struct gb_pattern **px);
#define _pattern_ __attribute__((cleanup(gb_cleanup_pattern)))

#endif
