/*
 * profile - any pprof file, read and checked, and walked stack by stack.
 *
 * The format is profile.proto of github.com/google/pprof, plain or gzipped (any
 * number of members): heap, allocs, goroutine, goroutineleak, mutex, block, CPU
 * and whatever else writes it.  Unknown fields are skipped.  What go tool pprof
 * takes for malformed is malformed here, too: GB_EPARSE with one line that names
 * the file; a text profile (debug=1), a trace or a program is named as such.
 *
 * A profile is one block of inflated bytes in which strings and samples stay
 * where they are, and a few arrays beside it: a sample costs four bytes until
 * it is looked at.  Nothing about it changes after loading, except by
 * gb_profile_walk()'s own scratch, so walk it as often as you like.
 *
 * The simple way in, for who wants stacks (a flame graph, sites):
 *
 *	static int on_stack(void *arg, const struct gb_stack *s, struct gb_err *err)
 *	{
 *		for (size_t i = 0; i < s->n; i++)	// outermost first
 *			use(s->frames[i].function, s->frames[i].file, s->frames[i].line);
 *		add(s->value, s->base);
 *		return 0;
 *	}
 *	...
 *	struct gb_profile_query q = { .sample = NULL };	// the profile's default
 *	rc = gb_profile_load(path, &p, err);
 *	rc = gb_profile_walk(p, NULL, &q, on_stack, arg, err);
 *
 * Values are in the unit of the sample type (bytes, count, nanoseconds).
 */
#ifndef GB_PPROF_PROFILE_H
#define GB_PPROF_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gb_err;

struct gb_profile_type {
	const char *type; /* "alloc_space" */
	const char *unit; /* "bytes" */
};

/* What a sample's stack consists of.  NONE stands for "there is no such thing". */
#define GB_PROFILE_NONE UINT32_MAX

struct gb_profile_function {
	uint32_t name, file; /* strings */
	int64_t start_line;
};

struct gb_profile_line {
	uint32_t function; /* index into functions, or NONE for a location that has no symbol */
	int32_t line;
};

struct gb_profile_location {
	uint64_t address;
	uint32_t line;	  /* index into lines of the innermost */
	uint16_t n_lines; /* at least one */
	uint16_t mapping; /* index into mappings plus one, or 0 */
};

struct gb_profile_mapping {
	uint64_t start, limit, offset;
	uint32_t file, build_id; /* strings */
};

/* From ids of the file to indices; see ids.h. */
struct gb_profile_ids {
	size_t n;
	bool dense;	  /* ids are 1..n, in order */
	uint32_t *direct; /* by id, where ids are small */
	uint64_t max;
	size_t cap;
	struct gb_profile_id {
		uint64_t id;
		uint32_t index;
	} * sorted; /* else */
};

struct gb_profile {
	char *name;	     /* of the file, for messages */
	unsigned char *data; /* inflated */
	size_t size;
	struct gb_profile_type *types;
	size_t n_types;
	size_t default_type; /* as go tool pprof chooses: default_sample_type, else the last */
	uint32_t *strings;   /* offsets into data; each ends with a NUL */
	struct gb_profile_function *functions;
	struct gb_profile_line *lines;
	struct gb_profile_location *locations;
	struct gb_profile_mapping *mappings;
	uint32_t *samples; /* offsets into data */
	size_t n_strings, n_functions, n_lines, n_locations, n_mappings, n_samples;
	size_t cap_lines;
	struct gb_profile_ids location_ids;
	unsigned char *prune; /* by location, where drop_frames names some; or NULL */
	const char *period_type, *period_unit;
	int64_t period, time_ns, duration_ns;
};

/* GB_ENOTFOUND, GB_ESYS, GB_ELIMIT (GB_MAX_PROFILE), GB_EPARSE, GB_ENOMEM. */
int gb_profile_load(const char *path, struct gb_profile **ret, struct gb_err *err);

/* The same of bytes in memory, which are copied. */
int gb_profile_parse(const char *name, const void *bytes, size_t size, struct gb_profile **ret,
		     struct gb_err *err);

void gb_profile_free(struct gb_profile *p);
void gb_cleanup_profile(struct gb_profile **pp);
#define _profile_ __attribute__((cleanup(gb_cleanup_profile)))

/*
 * The index of a sample type by its name ("alloc_space"), its number ("1") or NULL for the
 * default; "inuse_space" also finds "space".  GB_EUSAGE with the names there are.
 */
int gb_profile_type_index(const struct gb_profile *p, const char *sample, size_t *ret,
			  struct gb_err *err);

/* "main.F" of a function; never NULL. */
const char *gb_profile_str(const struct gb_profile *p, uint32_t string);

struct gb_frame {
	const char *function; /* "" where unknown */
	const char *file;     /* "" where unknown */
	int64_t line, start_line;
	uint64_t address;
	const char *binary; /* what the code was loaded from, or "" */
	bool inlined;	    /* into the frame outside it */
};

struct gb_label {
	const char *key;
	const char *value; /* NULL: `number` is the value */
	int64_t number;
	const char *unit; /* of number, or "" */
};

struct gb_stack {
	const struct gb_frame *frames; /* outermost first */
	size_t n;
	int64_t value; /* 0 in stacks of the base */
	int64_t base;  /* 0 in stacks of the profile */
	const struct gb_label *labels;
	size_t n_labels;
};

struct gb_profile_query {
	const char *sample; /* type by name or number; NULL: the default */
	/* POSIX extended regular expressions over function, file and binary names.  Only stacks
	 * with a frame that matches focus, and none that matches ignore.  NULL or "": no such. */
	const char *focus, *ignore;
};

/*
 * Every sample of `p`, then every sample of `base` (NULL: there is none), in the order of the
 * files; samples whose value is 0 are left out.  What on_stack gets is valid during the call.
 * A negative return of it ends the walk and is returned.  GB_EPARSE for a broken sample,
 * GB_EUSAGE for a bad expression or sample type.
 */
int gb_profile_walk(const struct gb_profile *p, const struct gb_profile *base,
		    const struct gb_profile_query *q,
		    int (*on_stack)(void *arg, const struct gb_stack *s, struct gb_err *err),
		    void *arg, struct gb_err *err);

#endif
