/*
 * key - all that goes into a package's tests before they run, as one hash.
 *
 * Of the rows that its test binary is made of (packages.h): import path, folder, module, version,
 * language; contents of every file that go list names where the folder can change, and for
 * versions in the module cache only where they lie.  Of the standard library names, sizes and
 * times: it belongs to the toolchain, whose version is the caller's to say with everything else
 * that is the same for all packages (`common`).
 *
 * Not in it: what tests read while they run (testlog.h), C headers elsewhere.  A package that
 * needs a C compiler of its own (not the standard library's cgo) has no key.
 */
#ifndef GB_PLAN_KEY_H
#define GB_PLAN_KEY_H

#include "base/hash.h"
#include "plan/packages.h"

struct gb_plan_keys;

/* `common` has GB_HASH_HEX digits.  The packages must stay, linked. */
int gb_plan_keys_new(const struct gb_plan_packages *p, const char *common,
		     struct gb_plan_keys **ret, struct gb_err *err);

/*
 * The key of the package in a row that was asked for.  GB_ENOTFOUND: it has none, and err says
 * why: it cannot be loaded, a file cannot be read, C.  Each file is read once for all keys, when
 * it is first needed.
 */
int gb_plan_key(struct gb_plan_keys *k, const struct gb_plan_package *row,
		char ret_key[GB_HASH_HEX + 1], struct gb_err *err);

/* Forgets what was read: the next keys are of the files as they are then. */
void gb_plan_keys_forget(struct gb_plan_keys *k);

void gb_plan_keys_free(struct gb_plan_keys *k);
void gb_cleanup_plan_keys(struct gb_plan_keys **pk);
#define _plan_keys_ __attribute__((cleanup(gb_cleanup_plan_keys)))

/* The program that runs the row's tests, NULL: it has none. */
const struct gb_plan_package *gb_plan_test_of(const struct gb_plan_packages *p,
					      const struct gb_plan_package *row,
					      struct gb_err *err);

#endif
