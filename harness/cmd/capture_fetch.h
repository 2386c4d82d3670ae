/*
 * capture_fetch - the profiles of a service, fetched shot by shot.
 *
 * Secrets come from a file or the environment and never from the command line: anybody on the
 * machine can read that.  GOBUDGET_CAPTURE_TOKEN is a bearer token, GOBUDGET_CAPTURE_USER
 * and GOBUDGET_CAPTURE_PASSWORD are for basic authentication; the header file has whole header
 * lines, one to a line, and a line that begins with # is none.
 */
#ifndef GB_CMD_CAPTURE_FETCH_H
#define GB_CMD_CAPTURE_FETCH_H

#include "base/strlist.h"
#include "budget/capture.h"

#include <stdint.h>

struct gb_err;

struct gb_fetch_options {
	const char *url; /* of the service, or of its /debug/pprof */
	const char *header_file, *ca_file, *unix_socket; /* or NULL */
	const char *save;				 /* folder for what was answered, or NULL */
	int64_t timeout_ms;				 /* of one profile */
	bool no_stacks;
};

struct gb_fetch;

/* GB_EUSAGE: the URL, the file of headers, or the environment. */
int gb_fetch_open(const struct gb_fetch_options *o, struct gb_fetch **ret, struct gb_err *err);
void gb_fetch_close(struct gb_fetch *f);
void gb_cleanup_fetch(struct gb_fetch **pf);
#define _fetch_ __attribute__((cleanup(gb_cleanup_fetch)))

/* ".../debug/pprof", without what a query had. */
const char *gb_fetch_base(const struct gb_fetch *f);

/*
 * One shot into c.  A profile that the service has not (404) is told once in `notes` and not asked
 * for again; without the goroutine profile all of it fails.  GB_EMEASURE and what http.h has.
 */
int gb_fetch_shot(struct gb_fetch *f, struct gb_capturing *c, struct gb_strlist *notes,
		  struct gb_err *err);

#endif
