/*
 * doctor_around - what is around a module: the clone, its notes, the hook, the cache, GitHub's token.
 *
 * All without network, and without Go.  A token is never shown, nor sent anywhere.
 */
#ifndef GB_CMD_DOCTOR_AROUND_H
#define GB_CMD_DOCTOR_AROUND_H

#include <stdbool.h>

struct gb_err;

enum gb_health { GB_FINE, GB_WANTING, GB_BROKEN };

/* Calls say() for each line; `hint` may be NULL.  `token`: there is one in the environment.  Errors
 * are those of memory. */
int doctor_around(bool token,
		  void (*say)(void *arg, enum gb_health h, const char *what, const char *text,
			      const char *hint),
		  void *arg, struct gb_err *err);

#endif
