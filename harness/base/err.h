/*
 * err - a negative code for the caller to branch on, one line for people.
 *
 * A function that can fail returns 0 or a negative GB_E code and takes a
 * `struct gb_err *err` as its last parameter.  The line is set where the
 * failure is understood, lower case and without a full stop, names the thing
 * and its value, and is never overwritten on the way up.  `err` is untouched
 * on success.  NULL is allowed: the caller only wants the code.
 *
 *	if (!file)
 *		return gb_fail_sys(err, errno, "open %s", path);
 *
 * A hint is the way out: a line of its own ("hint: run gobudget record").
 * Nothing below cmd/ prints; the program prints an error once, at the top.
 */
#ifndef GB_BASE_ERR_H
#define GB_BASE_ERR_H

#include "base/banned.h"

enum {
	GB_OK = 0,
	GB_EUSAGE = -1,	   /* the command line, or a budget or policy file, is wrong: exit 2 */
	GB_ENOMEM = -2,	   /* out of memory */
	GB_ELIMIT = -3,	   /* something from outside exceeds its ceiling in limits.h */
	GB_ESYS = -4,	   /* a system call failed; err->sys is its errno */
	GB_EPARSE = -5,	   /* malformed input: records, JSON, tool output */
	GB_ENOTFOUND = -6, /* a file, a key, a tool is not there */
	GB_EMEASURE = -7,  /* what should have been measured could not be: exit 3 */
	GB_EINTR = -8,	   /* SIGINT or SIGTERM came: stop and clean up */
	GB_ETIME = -9,	   /* a deadline passed */
	GB_EEXIST = -10,   /* it is there already */
};

struct gb_err {
	int code; /* the code that was returned, or 0 */
	int sys;  /* errno of GB_ESYS, else 0 */
	char line[1024];
	char hint[512]; /* empty: none */
};

#define GB_ERR_INIT          \
	{                    \
		0, 0, "", "" \
	}

/* Sets code and line, returns the code.  A line too long ends in "...". */
int gb_fail(struct gb_err *err, int code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Returns GB_ESYS (GB_ENOTFOUND for ENOENT, GB_ENOMEM for ENOMEM); ": strerror" is appended. */
int gb_fail_sys(struct gb_err *err, int sys, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Sets the hint of an error already set; returns err->code.  Where err is NULL that
 * is not known, and GB_EUSAGE: never success. */
int gb_hint(struct gb_err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* "out of memory", always the same. */
int gb_fail_nomem(struct gb_err *err);

/* Exit status of design.md for an error code: 2 for GB_EUSAGE, 3 for all else, 0 for 0. */
int gb_exit_status(int code);

#endif
