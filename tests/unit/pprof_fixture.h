/*
 * pprof_fixture - small profiles for tests, field by field.
 *
 *	struct pf f;
 *	pf_begin(&f);			"alloc_objects" count, "alloc_space" bytes
 *	pf_function(&f, 1, "main.a", "/src/a.go", 10);
 *	pf_location(&f, 1, 0, 0x10, (int[]){ 1, 12, 0 });	function 1, line 12; ends with 0
 *	pf_sample(&f, (int[]){ 1, 0 }, 1, 64);
 *	p = pf_load(&f);
 *
 * Fields go out in the order of the calls; strings at the end, as Go writes them.
 */
#ifndef GB_TEST_PPROF_FIXTURE_H
#define GB_TEST_PPROF_FIXTURE_H

#include "base/buf.h"
#include "pprof/profile.h"

struct pf {
	struct gb_buf out;
	const char *strings[64];
	int n;
};

/* Into any buffer. */
void pb_varint(struct gb_buf *b, uint64_t v);
void pb_number(struct gb_buf *b, int field, int64_t v);
void pb_bytes(struct gb_buf *b, int field, const void *data, size_t len);

void pf_begin(struct pf *f);
void pf_empty(struct pf *f); /* without sample types */
int pf_string(struct pf *f, const char *s);
void pf_type(struct pf *f, const char *type, const char *unit);
void pf_mapping(struct pf *f, int id, uint64_t start, uint64_t offset, const char *file);
void pf_function(struct pf *f, int64_t id, const char *name, const char *file, int start);
void pf_location(struct pf *f, int64_t id, int mapping, uint64_t address, const int *lines);
void pf_sample(struct pf *f, const int *locations, int64_t objects, int64_t bytes);

/* All of it, with the strings; the caller releases f->out. */
void pf_end(struct pf *f);
/* The same, loaded; fails the test if that fails.  Releases f->out. */
struct gb_profile *pf_load(struct pf *f);

/*
 * A profile as many tests like it: main.main (a.go:5) calls main.walk (b.go:20), which calls
 * itself at b.go:22; main.leaf (b.go:40) is inlined into main.walk; [libc.so] has no symbol.
 *
 *	leaf <- walk 20 <- main		1, 100
 *	walk 22 <- walk 22 <- walk 20 <- main	2, 30
 *	[libc.so] <- main		3, 7
 */
struct gb_profile *pf_usual(void);

#endif
