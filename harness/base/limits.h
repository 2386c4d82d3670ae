/*
 * limits - the ceiling of everything that comes from outside.
 *
 * One place, so that a reviewer can see them all.  Sizes are bytes, times are
 * milliseconds.  A limit that is hit is an error that names the limit
 * (GB_ELIMIT); nothing is ever cut silently.
 */
#ifndef GB_BASE_LIMITS_H
#define GB_BASE_LIMITS_H

#define GB_KIB ((size_t)1 << 10)
#define GB_MIB ((size_t)1 << 20)

#define GB_MAX_PATH	    ((size_t)4096)  /* a path, with its final NUL */
#define GB_MAX_NAME	    (16 * GB_KIB)   /* a test's, package's or function's name */
#define GB_MAX_LINE	    (64 * GB_KIB)   /* one line of a record file */
#define GB_MAX_RECORD	    (256 * GB_MIB)  /* what one test binary may record */
#define GB_MAX_BUDGET_FILE  (16 * GB_MIB)   /* one file under budgets/ */
#define GB_MAX_POLICY_FILE  (1 * GB_MIB)    /* budgets/_policy.json */
#define GB_MAX_EVENT	    (32 * GB_MIB)   /* the payload of a GitHub event */
#define GB_MAX_JSON_DEPTH   64		    /* nesting of any JSON we read */
#define GB_MAX_OVERLAY_FILE (16 * GB_MIB)   /* a user's own -overlay file */
#define GB_MAX_GO_SOURCE    (4 * GB_MIB)    /* one source file of GOROOT */
#define GB_MAX_GO_ENV	    (1 * GB_MIB)    /* what `go env -json` prints */
#define GB_MAX_GO_LIST	    (256 * GB_MIB)  /* what `go list -json` prints */
#define GB_MAX_CHILD_OUTPUT (64 * GB_KIB)   /* kept of a failing test's output, its end */
#define GB_MAX_REPORT	    (256 * GB_MIB)  /* any rendered report */
#define GB_MAX_MARKDOWN	    ((size_t)65000) /* GitHub takes comments of 65,536 characters */
#define GB_MAX_PROFILE	    (512 * GB_MIB)  /* a pprof file, and what it inflates to */
#define GB_MAX_CACHE_ENTRY  (64 * GB_MIB)   /* one entry of our own cache */
#define GB_MAX_TEST_LOG	    (16 * GB_MIB)   /* what tests read, as the test binary tells it */
#define GB_MAX_PACKAGES	    ((size_t)100000)
#define GB_MAX_TESTS	    ((size_t)1000000) /* of one package */
#define GB_MAX_GROUPS	    ((size_t)1000)    /* goroutine groups kept of one test */
#define GB_MAX_SITES	    ((size_t)4000)    /* allocation sites kept of one test */
#define GB_MAX_FRAMES	    ((size_t)64)      /* stack frames kept of one goroutine */
#define GB_MAX_SAMPLES	    ((size_t)1000)    /* runs of one test */
/* of history */
#define GB_MAX_COMMITS	    ((size_t)5000000) /* looked at */
#define GB_MAX_CHANGES	    ((size_t)1000000) /* of budgets in one commit */
#define GB_MAX_GRAFTS	    (16 * GB_MIB)     /* .git/info/grafts */
#define GB_MAX_NOTE	    (16 * GB_MIB)     /* what is kept of one commit */
#define GB_MAX_NOTE_SAMPLES ((size_t)100)     /* of one benchmark in it */

#define GB_MAX_SERIES ((size_t)200000) /* of tests through time */
#define GB_MAX_NIGHTS ((size_t)10000)
#define GB_MAX_POINTS ((size_t)20000000) /* of all series together */

/* of the nights before a commit */
#define GB_MAX_PAST_NIGHTS ((size_t)5000)
#define GB_MAX_PAST_ROWS   ((size_t)1000000) /* tests and metrics */
#define GB_MAX_PAST_BYTES  (512 * GB_MIB)    /* all their notes */

/* of a report that is read back */
#define GB_MAX_RESULT	((size_t)128 << 20)
#define GB_MAX_VERDICTS ((size_t)4000000)

/* of a pprof file */
#define GB_MAX_PROFILE_TYPES	 ((size_t)64)
#define GB_MAX_PROFILE_STRINGS	 ((size_t)64000000) /* samples and lines, too */
#define GB_MAX_PROFILE_LOCATIONS ((size_t)16000000) /* functions and mappings, too */
#define GB_MAX_PROFILE_DEPTH	 ((size_t)1000000)  /* frames of one sample */
#define GB_MAX_PROFILE_INLINED	 ((size_t)512)	    /* frames of one location */

#define GB_MAX_FLAME_TYPES  ((size_t)16)
#define GB_MAX_FLAME_DEPTH  ((size_t)4096)     /* frames of one stack */
#define GB_MAX_FLAME_FRAMES ((size_t)64 << 20) /* of all stacks together */
#define GB_MAX_FLAME_NAMES  ((size_t)4 << 20)  /* different frames */
#define GB_MAX_FLAME_NODES  ((size_t)100000)   /* drawn; the rest is summed up */
#define GB_MAX_ESCAPES	    ((size_t)1000000)  /* diagnostics of one kind in one compile */
#define GB_MAX_ESCAPE_STEPS ((size_t)8000000)  /* their steps together */

/* of an API's answers */
#define GB_MAX_HTTP_BODY	 (32 * GB_MIB)
#define GB_MAX_HTTP_HEADERS	 ((size_t)200)
#define GB_MAX_HTTP_HEADER_BYTES (64 * GB_KIB)
#define GB_MAX_REDIRECTS	 5
#define GB_MAX_API_PAGES	 100		 /* of one list, 100 entries each */
#define GB_MAX_ISSUES		 ((size_t)10000) /* open ones of ours in a repository */
#define GB_MAX_STICKY		 ((size_t)100)	 /* comments or issues of ours under one key */

/* of a running service */
#define GB_MAX_CAPTURES	      100	      /* of one call */
#define GB_MAX_CAPTURE_GROUPS ((size_t)20000) /* of goroutines; the rest is one group */
#define GB_MAX_CAPTURE_BODY   (128 * GB_MIB)  /* one profile as it comes */
#define GB_MAX_HEADER_FILE    (64 * GB_KIB)

/* of a push */
#define GB_MAX_PUSH	    (64 * GB_MIB) /* what git hands to the hook */
#define GB_MAX_PUSH_REFS    ((size_t)200000)
#define GB_MAX_PUSH_COMMITS ((size_t)64) /* that are checked */

/* of a plan */
#define GB_MAX_PLAN_ROWS  ((size_t)1000000)  /* packages and test variants of one go list */
#define GB_MAX_PLAN_FILES ((size_t)32000000) /* files and imports of all of them */
#define GB_MAX_CHANGES	  ((size_t)1000000)  /* files that differ from the base */

#endif
