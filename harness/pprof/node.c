/* node - see node.h. */
#include "pprof/node.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/mem.h"
#include "pprof/symbols.h"

/* A node while it is looked for: strings as symbols, so that equal ones are equal numbers. */
struct key {
	uint64_t address;
	uint32_t function, file, binary;
	int32_t line;
};

struct gb_nodes {
	enum gb_granularity by;
	struct gb_symbols symbols;
	struct key *keys;
	struct gb_node *v;
	size_t n, cap_keys, cap;
	uint32_t *slots; /* open addressing: index plus one, 0 is free */
	size_t n_slots;
};

int gb_nodes_new(enum gb_granularity by, struct gb_nodes **ret, struct gb_err *err)
{
	struct gb_nodes *nodes = gb_calloc(1, sizeof(*nodes));
	uint32_t empty;
	int rc;

	if (!nodes)
		return gb_fail_nomem(err);
	nodes->by = by;
	rc = gb_symbol(&nodes->symbols, "", &empty, err); /* symbol 0 */
	if (rc < 0) {
		gb_nodes_free(nodes);
		return rc;
	}
	*ret = nodes;
	return 0;
}

void gb_nodes_free(struct gb_nodes *nodes)
{
	if (!nodes)
		return;
	gb_symbols_release(&nodes->symbols);
	free(nodes->keys);
	free(nodes->v);
	free(nodes->slots);
	free(nodes);
}

void gb_cleanup_nodes(struct gb_nodes **pn)
{
	gb_nodes_free(*pn);
	*pn = NULL;
}

static uint32_t hash_key(const struct key *k)
{
	uint64_t h = k->address * UINT64_C(0x9E3779B97F4A7C15);

	h = (h ^ k->function) * UINT64_C(0xFF51AFD7ED558CCD);
	h = (h ^ (h >> 32) ^ k->file) * UINT64_C(0xC4CEB9FE1A85EC53);
	h = (h ^ (h >> 32) ^ (uint32_t)k->line) * UINT64_C(0x9E3779B97F4A7C15);
	h = (h ^ (h >> 32) ^ k->binary) * UINT64_C(0xFF51AFD7ED558CCD);
	return (uint32_t)(h >> 32);
}

static bool same_key(const struct key *a, const struct key *b)
{
	return a->function == b->function && a->line == b->line && a->file == b->file &&
	       a->address == b->address && a->binary == b->binary;
}

static int grow_slots(struct gb_nodes *nodes, struct gb_err *err)
{
	size_t n_slots = nodes->n_slots ? nodes->n_slots * 2 : 1024;
	uint32_t *slots = gb_calloc(n_slots, sizeof(*slots));

	if (!slots)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < nodes->n; i++) {
		size_t at = hash_key(&nodes->keys[i]) & (n_slots - 1);

		while (slots[at])
			at = (at + 1) & (n_slots - 1);
		slots[at] = (uint32_t)i + 1;
	}
	free(nodes->slots);
	nodes->slots = slots;
	nodes->n_slots = n_slots;
	return 0;
}

static int find_or_add(struct gb_nodes *nodes, const struct key *k, int64_t start_line,
		       uint32_t *ret, struct gb_err *err)
{
	size_t at;
	int rc;

	if ((nodes->n + 1) * 2 > nodes->n_slots && (rc = grow_slots(nodes, err)) < 0)
		return rc;
	at = hash_key(k) & (nodes->n_slots - 1);
	for (; nodes->slots[at]; at = (at + 1) & (nodes->n_slots - 1)) {
		if (same_key(&nodes->keys[nodes->slots[at] - 1], k)) {
			*ret = nodes->slots[at] - 1;
			return 0;
		}
	}
	if ((rc = gb_grow((void **)&nodes->keys, &nodes->cap_keys, nodes->n + 1,
			  sizeof(*nodes->keys), UINT32_MAX - 1, err)) < 0 ||
	    (rc = gb_grow((void **)&nodes->v, &nodes->cap, nodes->n + 1, sizeof(*nodes->v),
			  UINT32_MAX - 1, err)) < 0)
		return rc;
	nodes->keys[nodes->n] = *k;
	nodes->v[nodes->n] = (struct gb_node){
		.function = gb_symbols_get(&nodes->symbols, k->function),
		.file = gb_symbols_get(&nodes->symbols, k->file),
		.binary = gb_symbols_get(&nodes->symbols, k->binary),
		.address = k->address,
		.start_line = start_line,
		.line = k->line,
	};
	nodes->slots[at] = (uint32_t)nodes->n + 1;
	*ret = (uint32_t)nodes->n++;
	return 0;
}

/* Symbols of the names of one profile's functions and mappings, each looked up once. */
struct names {
	uint32_t *functions, *files, *binaries;
};

static void release_names(struct names *names)
{
	free(names->functions);
	free(names->files);
	free(names->binaries);
}
#define _names_ __attribute__((cleanup(release_names)))

static int read_names(struct gb_nodes *nodes, const struct gb_profile *p, struct names *ret,
		      struct gb_err *err)
{
	bool with_name = nodes->by != GB_BY_FILE, with_file = nodes->by != GB_BY_FUNCTION;
	int rc = 0;

	ret->functions = gb_calloc(p->n_functions + 1, sizeof(*ret->functions));
	ret->files = gb_calloc(p->n_functions + 1, sizeof(*ret->files));
	ret->binaries = gb_calloc(p->n_mappings + 1, sizeof(*ret->binaries));
	if (!ret->functions || !ret->files || !ret->binaries)
		return gb_fail_nomem(err);
	for (size_t i = 0; rc == 0 && i < p->n_functions; i++) {
		const struct gb_profile_function *f = &p->functions[i];

		if (with_name)
			rc = gb_symbol(&nodes->symbols, gb_profile_str(p, f->name),
				       &ret->functions[i], err);
		if (rc == 0 && with_file)
			rc = gb_symbol_path(&nodes->symbols, gb_profile_str(p, f->file),
					    &ret->files[i], err);
	}
	for (size_t i = 0; rc == 0 && i < p->n_mappings; i++)
		rc = gb_symbol(&nodes->symbols, gb_profile_str(p, p->mappings[i].file),
			       &ret->binaries[i], err);
	return rc;
}

static struct key key_of(const struct gb_nodes *nodes, const struct names *names,
			 const struct gb_profile_location *l, const struct gb_profile_line *line)
{
	struct key k = { 0 };

	if (nodes->by == GB_BY_ADDRESS)
		k.address = l->address;
	if (line->function != GB_PROFILE_NONE) {
		k.function = names->functions[line->function];
		k.file = names->files[line->function];
		if (nodes->by == GB_BY_LINE || nodes->by == GB_BY_ADDRESS)
			k.line = line->line;
	}
	if (!k.function && !(nodes->by == GB_BY_FILE && k.file) && l->mapping)
		k.binary = names->binaries[l->mapping - 1];
	return k;
}

int gb_nodes_of(struct gb_nodes *nodes, const struct gb_profile *p, uint32_t **ret,
		struct gb_err *err)
{
	_names_ struct names names = { NULL, NULL, NULL };
	_free_ uint32_t *of = gb_malloc((p->n_lines + 1) * sizeof(*of));
	int rc = of ? read_names(nodes, p, &names, err) : gb_fail_nomem(err);

	for (size_t i = 0; rc == 0 && i < p->n_locations; i++) {
		const struct gb_profile_location *l = &p->locations[i];

		for (uint32_t n = 0; rc == 0 && n < l->n_lines; n++) {
			uint32_t from = nodes->by == GB_BY_ADDRESS ? l->n_lines - 1U : n;
			const struct gb_profile_line *line = &p->lines[l->line + from];
			struct key k = key_of(nodes, &names, l, line);
			int64_t start = line->function == GB_PROFILE_NONE
						? 0
						: p->functions[line->function].start_line;

			rc = find_or_add(nodes, &k, start, &of[l->line + n], err);
		}
	}
	if (rc == 0)
		*ret = GB_TAKE(of);
	return rc;
}

size_t gb_nodes_count(const struct gb_nodes *nodes)
{
	return nodes->n;
}

const struct gb_node *gb_nodes_get(const struct gb_nodes *nodes, uint32_t i)
{
	return &nodes->v[i];
}

/* A name in its parts. */
struct parts {
	const char *v[8];
	size_t n;
	char address[24], line[16];
};

static void add_part(struct parts *s, const char *part)
{
	s->v[s->n++] = part;
}

static void parts_of(const struct gb_node *n, struct parts *s)
{
	s->n = 0;
	if (n->address) {
		snprintf(s->address, sizeof(s->address), "%016" PRIx64, n->address);
		add_part(s, s->address);
	}
	if (*n->function) {
		if (s->n)
			add_part(s, " ");
		add_part(s, n->function);
	}
	if (n->line || *n->file) {
		if (s->n)
			add_part(s, " ");
		add_part(s, n->file);
		if (n->line) {
			snprintf(s->line, sizeof(s->line), ":%" PRId32, n->line);
			add_part(s, s->line);
		}
	} else if (!*n->function) {
		if (s->n)
			add_part(s, " ");
		if (*n->binary) {
			add_part(s, "[");
			add_part(s, gb_path_base(n->binary));
			add_part(s, "]");
		} else {
			add_part(s, "<unknown>");
		}
	}
}

void gb_node_name(const struct gb_node *n, struct gb_buf *out)
{
	struct parts s;

	parts_of(n, &s);
	for (size_t i = 0; i < s.n; i++)
		gb_buf_adds(out, s.v[i]);
}

int gb_node_compare(const struct gb_node *a, const struct gb_node *b)
{
	struct parts x, y;
	size_t i = 0, k = 0;
	const char *p, *q;

	parts_of(a, &x);
	parts_of(b, &y);
	p = x.v[0];
	q = y.v[0];
	for (;;) {
		while (!*p && i + 1 < x.n)
			p = x.v[++i];
		while (!*q && k + 1 < y.n)
			q = y.v[++k];
		if (*p != *q)
			return (unsigned char)*p < (unsigned char)*q ? -1 : 1;
		if (!*p)
			return 0;
		p++;
		q++;
	}
}
