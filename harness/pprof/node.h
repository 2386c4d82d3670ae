/*
 * node - what samples are summed up by: functions, lines, files or addresses.
 *
 * One set of nodes may serve two profiles (a profile and its base): nodes are
 * equal when their names are, whatever the ids and addresses in the files.
 *
 * What tells nodes apart is what go tool pprof takes (graph.NodeInfo):
 *
 *	function	the name
 *	line		name, file and line
 *	file		the file
 *	address		name, file, line and address; `disasm` only
 *
 * and where there is no name, the binary.  At the granularity of files pprof
 * keeps functions of one file apart by their first line and shows as many rows
 * of the same name; here a file is one node.
 *
 * Strings of nodes belong to the profiles, which must live as long.
 */
#ifndef GB_PPROF_NODE_H
#define GB_PPROF_NODE_H

#include "pprof/profile.h"

struct gb_buf;

enum gb_granularity { GB_BY_FUNCTION, GB_BY_LINE, GB_BY_FILE, GB_BY_ADDRESS };

struct gb_node {
	const char *function, *file, *binary; /* "" where they do not tell nodes apart */
	uint64_t address;
	int64_t start_line; /* of the function, where known; tells nothing apart */
	int32_t line;
};

struct gb_nodes;

int gb_nodes_new(enum gb_granularity by, struct gb_nodes **ret, struct gb_err *err);
void gb_nodes_free(struct gb_nodes *nodes);
void gb_cleanup_nodes(struct gb_nodes **pn);
#define _nodes_ __attribute__((cleanup(gb_cleanup_nodes)))

/*
 * The node of every line of p: *ret[p->locations[l].line + i] (the caller frees it).  With
 * GB_BY_ADDRESS only the outermost line of a location counts, and all of its lines are that node.
 */
int gb_nodes_of(struct gb_nodes *nodes, const struct gb_profile *p, uint32_t **ret,
		struct gb_err *err);

size_t gb_nodes_count(const struct gb_nodes *nodes);
const struct gb_node *gb_nodes_get(const struct gb_nodes *nodes, uint32_t i);

/* "main.F /src/main.go:12", "main.F", "/src/main.go", "[libc.so]", "<unknown>". */
void gb_node_name(const struct gb_node *n, struct gb_buf *out);

/* As strcmp() of those names, without making them. */
int gb_node_compare(const struct gb_node *a, const struct gb_node *b);

#endif
