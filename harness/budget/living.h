/*
 * living - goroutines that the policy says are meant to live.
 *
 * A pool that is started lazily is charged to whichever test used it first: that
 * says nothing about the test.  The policy's `living` list names such goroutines once for
 * the whole module, by the function that creates them, with how many there are.
 *
 * gb_living_apply() takes them out of what tests left behind: their groups are marked with the
 * rule, `goroutines` of the test's samples goes down by as many (gb_sample.living says by how
 * many), and the package keeps how many of each rule its processes had (gb_package.living).  The
 * judge compares that with the rule's count: they are counted once per test binary.
 *
 * Only what is merely *left* can be meant to live.  What is proven to wait for ever, or belongs to
 * a test that hung, is stuck whoever created it.  Peak and created stay as they were measured.
 */
#ifndef GB_BUDGET_LIVING_H
#define GB_BUDGET_LIVING_H

#include "budget/policy.h"

struct gb_err;

/* To be called after each measurement; looks at the processes that came since the last call.  The
 * policy's list must be the same each time. */
int gb_living_apply(struct gb_run *run, const struct gb_policy *policy, struct gb_err *err);

/* The rule that a goroutine created by `func` falls under, from 1: the first that matches the
 * function, or the function that a closure stands in; 0: none. */
size_t gb_living_rule(const struct gb_policy *policy, const char *func);

/* Sentences on rules that allow more than any test binary had, where the whole module ran. */
struct gb_strlist;
int gb_living_notes(const struct gb_run *run, const struct gb_policy *policy,
		    struct gb_strlist *notes, struct gb_err *err);

#endif
