#include "evidence_fixture.h"

#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define STORE "example.com/shop/store."

static void add_stack(struct gb_test *t, int64_t bytes, int64_t objects,
		      const struct gb_site *frames, size_t n)
{
	struct gb_alloc_site s = { .mode = GB_EXACT, .bytes = bytes, .objects = objects };

	s.frames = gb_calloc(n, sizeof(*s.frames));
	s.n_frames = n;
	for (size_t i = 0; i < n; i++) {
		s.frames[i].func = gb_strdup(frames[i].func);
		s.frames[i].file = gb_strdup(frames[i].file);
		s.frames[i].line = frames[i].line;
	}
	assert_int_equal(gb_test_take_site(t, &s, NULL), 0);
}

static char *text(const char *s)
{
	return (char *)(uintptr_t)s;
}

static struct gb_test *stacks(struct fixture *f, const char *hostile)
{
	struct gb_package *p = gb_run_package(f->run, "example.com/shop/store");
	struct gb_test *t = gb_package_test(p, "TestPut");
	const struct gb_site grow[] = {
		{ text(hostile ? hostile : "bytes.growSlice"),
		  text("/usr/local/go/src/bytes/buffer.go"), 249 },
		{ text(hostile ? hostile : STORE "(*Cache).Put"),
		  text(hostile ? hostile : "store/cache.go"), 41 },
		{ text(STORE "TestPut"), text("store/store_test.go"), 83 },
	};
	const struct gb_site entry[] = {
		{ text(STORE "newEntry"), text("store/entry.go"), 12 },
		{ text(STORE "(*Cache).Put"), text("store/cache.go"), 44 },
		{ text(STORE "TestPut"), text("store/store_test.go"), 83 },
	};

	add_stack(t, 1 << 19, 12, grow, 3);
	add_stack(t, 1 << 18, 1000, entry, 3);
	return t;
}

static struct gb_evidence_site *add_site(struct gb_evidence *e, struct gb_test *t, size_t i,
					 size_t at)
{
	struct gb_evidence_site *s = &e->sites[e->n_sites++];
	const struct gb_alloc_site *a = &t->sites[i];

	*s = (struct gb_evidence_site){ .kind = GB_EV_ALLOC,
					.bytes = a->bytes,
					.objects = a->objects,
					.frames = a->frames,
					.n_frames = a->n_frames,
					.at = at,
					.stacks = 1 };
	return s;
}

void evidence_make(struct evidence_fixture *ef, struct fixture *f, bool with_base,
		   const char *hostile)
{
	struct gb_test *t = stacks(f, hostile);
	struct gb_evidence_site *s;
	struct gb_evidence *e;

	memset(ef, 0, sizeof(*ef));
	ef->all.base = with_base ? gb_strdup("main (3c2fe68)") : NULL;
	ef->all.v = gb_calloc(1, sizeof(*ef->all.v));
	ef->all.n = ef->all.cap = 1;
	e = ef->all.v;
	*e = (struct gb_evidence){ .package = gb_run_package(f->run, "example.com/shop/store"),
				   .test = t,
				   .base_test = with_base ? &ef->base_test : NULL,
				   .mode = GB_EXACT,
				   .bytes = 1 << 20,
				   .objects = 1000 };
	e->sites = gb_calloc(2, sizeof(*e->sites));
	e->cap_sites = 2;
	s = add_site(e, t, 0, 1);
	s->base_bytes = with_base ? 4096 : 0;
	s->base_objects = with_base ? 2 : 0;
	s->source = gb_strdup(hostile ? hostile : "b.buf = append(b.buf, *p...) // | `x`");
	s->escape = gb_strdup(hostile ? hostile : "i captured by a closure, stored in m[k]");
	s->escape_is_new = with_base;
	assert_int_equal(gb_strlist_add(&s->chain,
					hostile ? hostile : "store.(*Cache).Put keeps it in a map",
					NULL),
			 0);
	assert_int_equal(gb_strlist_add(&s->flow, hostile ? hostile : "from &i (address-of)", NULL),
			 0);
	add_site(e, t, 1, 0);
	f->report.evidence = &ef->all;
}

void evidence_release(struct evidence_fixture *e)
{
	gb_evidences_release(&e->all);
}
