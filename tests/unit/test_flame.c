/* pprof/flame*.c: stacks merged into a tree, hostile names, ceilings. */
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "pprof/flame_stacks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

static const struct gb_flame_type heap[] = { { "alloc_space", "bytes" },
					     { "alloc_objects", "count" } };

static struct gb_flame *make(void)
{
	struct gb_flame *f;

	assert_int_equal(gb_flame_new(heap, 2, &f, NULL), 0);
	return f;
}

/* "main;a;b": functions without files, outermost first. */
static void stack(struct gb_flame *f, const char *names, int64_t bytes, int64_t objects,
		  int64_t base_bytes)
{
	const int64_t values[] = { bytes, objects }, base[] = { base_bytes, 0 };
	uint32_t frames[64];
	size_t n = 0;

	for (const char *s = names; *s; n++) {
		size_t len = strcspn(s, ";");
		_free_ char *name = gb_strndup(s, len);

		assert_int_equal(gb_flame_frame(f, name, NULL, 0, &frames[n], NULL), 0);
		s += len + (s[len] == ';');
	}
	assert_int_equal(gb_flame_add(f, frames, n, values, base, NULL), 0);
}

/* "main(a(b,c))" with the first type's value now and base: "main 0/0 (a 1/0 (b 2/2))". */
static void tell(const struct gb_flame *f, const struct gb_flame_tree *t, size_t from, size_t to,
		 struct gb_buf *out)
{
	for (size_t i = from; i < to; i = t->nodes[i].next) {
		const struct gb_flame_node *n = &t->nodes[i];

		gb_buf_addf(out, "%s%s %lld/%lld", i > from ? " " : "",
			    n->frame == GB_FLAME_SMALLER ? "(smaller)"
							 : f->frames[n->frame]->key.func->text,
			    (long long)t->self[i * 4], (long long)t->self[i * 4 + 1]);
		if (n->next > i + 1) {
			gb_buf_adds(out, " (");
			tell(f, t, i + 1, n->next, out);
			gb_buf_addc(out, ')');
		}
	}
}

static void check_tree(struct gb_flame *f, size_t most, const char *expected)
{
	_flame_tree_ struct gb_flame_tree t = { 0 };
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);

	assert_int_equal(gb_flame_tree(f, most, &t, NULL), 0);
	tell(f, &t, 0, t.n, &out);
	assert_string_equal(out.data, expected);
}

static void merged(void **state)
{
	_flame_ struct gb_flame *f = make();

	(void)state;
	check_tree(f, 10, "");
	stack(f, "main;a;b", 10, 1, 0);
	stack(f, "test;a", 7, 1, 7);
	stack(f, "main;a", 1, 1, 0);
	stack(f, "main;a;b", 5, 1, 20);
	stack(f, "main;b", 2, 1, 0);
	stack(f, "main;a;b;a", 3, 1, 0);
	check_tree(f, 10, "main 0/0 (a 1/0 (b 15/20 (a 3/0)) b 2/0) test 0/0 (a 7/7)");
}

/* Sums stay true, and nobody loses its parent. */
static void pruned(void **state)
{
	_flame_ struct gb_flame *f = make();

	(void)state;
	stack(f, "main;a;b", 100, 1, 0);
	stack(f, "main;a;c", 3, 1, 0);
	stack(f, "main;a;d;e", 2, 1, 1);
	stack(f, "main;f", 1, 1, 0);
	stack(f, "main;g", 50, 1, 0);
	check_tree(f, 4, "main 0/0 (a 0/0 (b 100/0 (smaller) 5/1) (smaller) 1/0 g 50/0)");
	check_tree(f, 1, "main 0/0 ((smaller) 156/1)");
	check_tree(f, 0, "(smaller) 156/1");
}

static void equal_weights(void **state)
{
	_flame_ struct gb_flame *f = make();
	_flame_tree_ struct gb_flame_tree t = { 0 };

	(void)state;
	for (int i = 0; i < 100; i++) {
		char name[32];

		snprintf(name, sizeof(name), "main;f%02d", i);
		stack(f, name, 1, 1, 0);
	}
	assert_int_equal(gb_flame_tree(f, 31, &t, NULL), 0);
	assert_int_equal(t.left_out, 70);
	assert_int_equal(t.n, 32);
}

/* Other values of the same stacks: some left out, some new, and kept once. */
static void again(void **state)
{
	_flame_ struct gb_flame *f = make();

	(void)state;
	stack(f, "main;a", 1, 0, 0);
	stack(f, "main;b", 2, 0, 0);
	stack(f, "main;b", 4, 0, 0);
	stack(f, "main;c", 8, 0, 0);
	assert_int_equal(gb_flame_stacks(f), 4);
	gb_flame_again(f);
	stack(f, "main;b", 16, 0, 0);
	stack(f, "main;d", 32, 0, 0);
	stack(f, "main;c", 64, 0, 1);
	stack(f, "main;a", 128, 0, 0);
	assert_int_equal(gb_flame_stacks(f), 6);
	check_tree(f, 10, "main 0/0 (a 129/0 b 22/0 c 72/1 d 32/0)");
}

/* No sum leaves its range. */
static void huge_values(void **state)
{
	_flame_ struct gb_flame *f = make();

	(void)state;
	stack(f, "main", INT64_MAX, INT64_MAX, INT64_MIN);
	stack(f, "main", INT64_MAX, INT64_MAX, INT64_MIN);
	check_tree(f, 10, "main 9223372036854775807/-9223372036854775808");
}

static const char hostile[] = "</script><script>alert(1)</script>&\"'<!--\xe2\x80\xa8\xe2\x80\xae"
			      "evil\x01\xff{{data}}\\";

/* No name ends the script or the element that it stands in, or fills a mark. */
static void hostile_names(void **state)
{
	_flame_ struct gb_flame *f = make();
	_buf_ struct gb_buf plain = GB_BUF_INIT(16 * GB_MIB), out = GB_BUF_INIT(16 * GB_MIB);
	struct gb_flame_text text = { hostile, hostile, hostile, 0 };
	size_t scripts = 0;

	(void)state;
	stack(f, hostile, 1, 1, 1);
	assert_int_equal(gb_flame_page(f, &text, &out, NULL), 0);
	assert_false(out.failed);
	assert_null(strstr(out.data, "alert(1)</script>"));
	assert_null(strstr(out.data, "<!--"));
	assert_null(strstr(out.data, "\xe2\x80\xa8"));
	assert_null(strstr(out.data, "\xe2\x80\xae"));
	assert_null(strstr(out.data, "\xff"));
	assert_null(strchr(out.data, '\x01'));
	for (const char *s = out.data; (s = strstr(s, "<script")) != NULL; s++)
		scripts++;
	assert_int_equal(scripts, 2);
	assert_non_null(strstr(out.data, "<title>&#60;/script&#62;"));
	/* A mark in a name is text. */
	assert_int_equal(gb_flame_data(f, &text, &plain, NULL), 0);
	assert_non_null(strstr(plain.data, "{{data}}"));
	assert_non_null(strstr(out.data, "{{data}}"));
}

/* What the script reads is JSON, and says what went in. */
static void data(void **state)
{
	_flame_ struct gb_flame *f = make();
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
	struct gb_flame_text text = { "t", NULL, "old", 1 };
	const int64_t values[] = { 9007199254740993, 2 };
	uint32_t frames[2];
	cJSON *root;

	(void)state;
	assert_int_equal(gb_flame_frame(f, "unused", "u.go", 1, &frames[0], NULL), 0);
	assert_int_equal(gb_flame_frame(f, "main.main", "main.go", 7, &frames[0], NULL), 0);
	assert_int_equal(gb_flame_frame(f, "main.f", "main.go", 9, &frames[1], NULL), 0);
	assert_int_equal(gb_flame_add(f, frames, 2, values, NULL, NULL), 0);
	assert_int_equal(gb_flame_add(f, frames, 0, values, NULL, NULL), 0);
	assert_int_equal(gb_flame_stacks(f), 1);
	assert_int_equal(gb_flame_data(f, &text, &out, NULL), 0);
	assert_string_equal(
		out.data,
		"{\"types\":[[\"alloc_space\",\"bytes\"],[\"alloc_objects\",\"count\"]],"
		"\"shown\":1,\"smaller\":0,\"base\":\"old\",\n"
		"\"strings\":[\"(smaller)\",\"main.main\",\"main.go\",\"main.f\"],\n"
		"\"frames\":[0,-1,0,1,2,7,3,2,9],\n\"depth\":[0,1],\n\"frame\":[1,2],\n"
		"\"values\":[[0,9007199254740993],\n[0,2]],\n\"bases\":[[0,0],\n[0,0]]}\n");
	root = cJSON_Parse(out.data);
	assert_non_null(root);
	cJSON_Delete(root);
}

static void same_frame_same_number(void **state)
{
	_flame_ struct gb_flame *f = make();
	uint32_t a, b;

	(void)state;
	assert_int_equal(gb_flame_frame(f, "f", "x.go", 3, &a, NULL), 0);
	assert_int_equal(gb_flame_frame(f, "f", "x.go", 4, &b, NULL), 0);
	assert_int_not_equal(a, b);
	assert_int_equal(gb_flame_frame(f, "f", "x.go", 3, &b, NULL), 0);
	assert_int_equal(a, b);
	assert_int_equal(gb_flame_frame(f, NULL, NULL, -3, &a, NULL), 0);
	assert_int_equal(gb_flame_frame(f, "?", "", 0, &b, NULL), 0);
	assert_int_equal(a, b);
}

static void ceilings(void **state)
{
	_flame_ struct gb_flame *f = make();
	_free_ uint32_t *frames = gb_calloc(GB_MAX_FLAME_DEPTH + 1, sizeof(*frames));
	struct gb_flame *none = NULL;
	struct gb_err err = GB_ERR_INIT;
	const int64_t values[] = { 1, 1 };
	uint32_t id;

	(void)state;
	assert_int_equal(gb_flame_frame(f, "f", NULL, 0, &id, NULL), 0);
	assert_int_equal(gb_flame_add(f, frames, GB_MAX_FLAME_DEPTH, values, NULL, &err), 0);
	assert_int_equal(gb_flame_add(f, frames, GB_MAX_FLAME_DEPTH + 1, values, NULL, &err),
			 GB_ELIMIT);
	assert_string_equal(err.line, "a stack of 4097 frames, more than 4096");
	assert_int_equal(gb_flame_new(heap, 0, &none, &err), GB_ELIMIT);
	assert_int_equal(gb_flame_new(heap, GB_MAX_FLAME_TYPES + 1, &none, &err), GB_ELIMIT);
	assert_null(none);
}

static int whole(struct gb_buf *out)
{
	const int64_t values[] = { 1, 1 };
	const struct gb_flame_text text = { "t", "s", "b", 0 };
	struct gb_flame *f = NULL;
	int rc = gb_flame_new(heap, 2, &f, NULL);

	for (int i = 0; rc >= 0 && i < 20; i++) {
		char name[16];
		uint32_t id;

		snprintf(name, sizeof(name), "f%d", i);
		rc = gb_flame_frame(f, name, "x.go", i, &id, NULL);
		if (rc >= 0)
			rc = gb_flame_add(f, &id, 1, values, values, NULL);
	}
	if (rc >= 0)
		rc = gb_flame_page(f, &text, out, NULL);
	gb_flame_free(f);
	return rc;
}

/* The 1st, 2nd, 3rd ... allocation fails: told, nothing leaks. */
static void out_of_memory(void **state)
{
	size_t asked, n = 1;

	(void)state;
	do {
		_buf_ struct gb_buf out = GB_BUF_INIT(GB_MIB);
		int rc;

		gb_mem_fail_at(n);
		rc = whole(&out);
		asked = gb_mem_count();
		gb_mem_fail_at(0);
		if (asked >= n && rc != GB_ENOMEM && !out.nomem)
			fail_msg("allocation %zu: not told", n);
	} while (asked >= n++);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(merged),	 cmocka_unit_test(pruned),
		cmocka_unit_test(equal_weights), cmocka_unit_test(again),
		cmocka_unit_test(huge_values),	 cmocka_unit_test(hostile_names),
		cmocka_unit_test(data),		 cmocka_unit_test(same_frame_same_number),
		cmocka_unit_test(ceilings),	 cmocka_unit_test(out_of_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
