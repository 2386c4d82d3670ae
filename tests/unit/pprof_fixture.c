#include "pprof_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/limits.h"

void pb_varint(struct gb_buf *b, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		gb_buf_addc(b, (char)(v | 0x80));
	gb_buf_addc(b, (char)v);
}

void pb_number(struct gb_buf *b, int field, int64_t v)
{
	pb_varint(b, (uint64_t)field << 3);
	pb_varint(b, (uint64_t)v);
}

void pb_bytes(struct gb_buf *b, int field, const void *data, size_t len)
{
	pb_varint(b, (uint64_t)field << 3 | 2);
	pb_varint(b, len);
	gb_buf_add(b, data, len);
}

static void pb_message(struct gb_buf *b, int field, struct gb_buf *message)
{
	pb_bytes(b, field, message->data, message->len);
	gb_buf_release(message);
}

void pf_empty(struct pf *f)
{
	*f = (struct pf){ .out = GB_BUF_INIT(GB_MIB) };
	pf_string(f, "");
}

void pf_begin(struct pf *f)
{
	pf_empty(f);
	pf_type(f, "alloc_objects", "count");
	pf_type(f, "alloc_space", "bytes");
}

int pf_string(struct pf *f, const char *s)
{
	for (int i = 0; i < f->n; i++)
		if (strcmp(f->strings[i], s) == 0)
			return i;
	assert_true(f->n < 64);
	f->strings[f->n] = s;
	return f->n++;
}

void pf_type(struct pf *f, const char *type, const char *unit)
{
	struct gb_buf m = GB_BUF_INIT(GB_MIB);

	pb_number(&m, 1, pf_string(f, type));
	pb_number(&m, 2, pf_string(f, unit));
	pb_message(&f->out, 1, &m);
}

void pf_mapping(struct pf *f, int id, uint64_t start, uint64_t offset, const char *file)
{
	struct gb_buf m = GB_BUF_INIT(GB_MIB);

	pb_number(&m, 1, id);
	pb_number(&m, 2, (int64_t)start);
	pb_number(&m, 3, (int64_t)start + 0x1000);
	pb_number(&m, 4, (int64_t)offset);
	pb_number(&m, 5, pf_string(f, file));
	pb_message(&f->out, 3, &m);
}

void pf_function(struct pf *f, int64_t id, const char *name, const char *file, int start)
{
	struct gb_buf m = GB_BUF_INIT(GB_MIB);

	pb_number(&m, 1, id);
	pb_number(&m, 2, pf_string(f, name));
	pb_number(&m, 3, pf_string(f, name));
	pb_number(&m, 4, pf_string(f, file));
	pb_number(&m, 5, start);
	pb_message(&f->out, 5, &m);
}

void pf_location(struct pf *f, int64_t id, int mapping, uint64_t address, const int *lines)
{
	struct gb_buf m = GB_BUF_INIT(GB_MIB);

	pb_number(&m, 1, id);
	pb_number(&m, 2, mapping);
	pb_number(&m, 3, (int64_t)address);
	for (; *lines; lines += 2) {
		struct gb_buf line = GB_BUF_INIT(GB_MIB);

		pb_number(&line, 1, lines[0]);
		pb_number(&line, 2, lines[1]);
		pb_message(&m, 4, &line);
	}
	pb_message(&f->out, 4, &m);
}

void pf_sample(struct pf *f, const int *locations, int64_t objects, int64_t bytes)
{
	struct gb_buf m = GB_BUF_INIT(GB_MIB), packed = GB_BUF_INIT(GB_MIB);
	int n = 0;

	while (locations[n])
		n++;
	/* As Go has it: packed from three on. */
	for (int i = 0; i < n; i++) {
		if (n > 2)
			pb_varint(&packed, (uint64_t)locations[i]);
		else
			pb_number(&m, 1, locations[i]);
	}
	if (n > 2)
		pb_message(&m, 1, &packed);
	pb_number(&m, 2, objects);
	pb_number(&m, 2, bytes);
	pb_message(&f->out, 2, &m);
}

void pf_end(struct pf *f)
{
	for (int i = 0; i < f->n; i++)
		pb_bytes(&f->out, 6, f->strings[i], strlen(f->strings[i]));
	assert_false(f->out.failed);
}

struct gb_profile *pf_load(struct pf *f)
{
	struct gb_err err = GB_ERR_INIT;
	struct gb_profile *p = NULL;

	pf_end(f);
	if (gb_profile_parse("test.pb.gz", f->out.data, f->out.len, &p, &err) < 0)
		fail_msg("%s", err.line);
	gb_buf_release(&f->out);
	return p;
}

struct gb_profile *pf_usual(void)
{
	struct pf f;

	pf_begin(&f);
	pf_mapping(&f, 1, 0x400000, 0, "/bin/prog");
	pf_mapping(&f, 2, 0x7F0000, 0, "/lib/libc.so");
	pf_function(&f, 1, "main.main", "/src/a.go", 3);
	pf_function(&f, 2, "main.walk", "/src/b.go", 18);
	pf_function(&f, 3, "main.leaf", "/src/b.go", 39);
	pf_location(&f, 1, 1, 0x401000, (int[]){ 1, 5, 0 });
	pf_location(&f, 2, 1, 0x402000, (int[]){ 2, 20, 0 });
	pf_location(&f, 3, 1, 0x402010, (int[]){ 2, 22, 0 });
	pf_location(&f, 4, 1, 0x402020, (int[]){ 3, 40, 2, 20, 0 });
	pf_location(&f, 5, 2, 0x7F0010, (int[]){ 0 });
	pf_sample(&f, (int[]){ 4, 1, 0 }, 1, 100);
	pf_sample(&f, (int[]){ 3, 3, 2, 1, 0 }, 2, 30);
	pf_sample(&f, (int[]){ 5, 1, 0 }, 3, 7);
	return pf_load(&f);
}
