/*
 * range - the words of commands that look at history: [TEST] [REV..REV], and from which module.
 */
#ifndef GB_CMD_RANGE_H
#define GB_CMD_RANGE_H

struct gb_err;
struct gb_repo;

/* Which of the words is which; NULL: not there. */
int range_words(const char *command, int argc, char **argv, int first, int dashdash,
		const char **ret_test, const char **ret_range, struct gb_err *err);
/* "A..B", "A..", "..B", or "B": all that B reaches; NULL: HEAD.  `until` is "" without a left side. */
int range_read(const struct gb_repo *repo, const char *range, char from[41], char until[41],
	       struct gb_err *err);
/* The nearest folder from here up that has a go.mod, from the top of the work tree. */
int range_module(const struct gb_repo *repo, char **ret, struct gb_err *err);
/* " linux/amd64", as environments have it, where that is known; NULL else. */
const char *range_platform(void);

#endif
