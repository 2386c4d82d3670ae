/*
 * fake_rest - a REST API that answers from a table, and writes down what it was asked.
 *
 * Requests take the next row; more requests than rows fail the test.  Waiting takes no time.
 */
#ifndef GB_TESTS_FAKE_REST_H
#define GB_TESTS_FAKE_REST_H

#include "github/rest.h"

struct fake_answer {
	int status; /* 0: none arrives, and nobody knows whether it was done */
	const char *body;
};

/* One REST client at a time; the table stays the caller's. */
struct gb_rest *fake_rest(const struct fake_answer *answers, size_t n);
void fake_rest_end(void); /* and all rows were asked for */

/* "POST https://api/x {body}" of request number i. */
const char *fake_rest_asked(size_t i);
size_t fake_rest_count(void);
int64_t fake_rest_waited(void);

#define FAKE(...)                                                       \
	fake_rest((const struct fake_answer[]){ __VA_ARGS__ },          \
		  sizeof((const struct fake_answer[]){ __VA_ARGS__ }) / \
			  sizeof(struct fake_answer))

#endif
