/*
 * walk_graph - the commits that walk.c has met, and the queue of those to come.
 *
 * A commit is one node, whoever names it, and is read when its turn comes or a child is compared
 * with it.  Parents that are not in a shallow clone are left away, and the node is `cut`.
 */
#ifndef GB_GIT_WALK_GRAPH_H
#define GB_GIT_WALK_GRAPH_H

#include "git/walk.h"
#include "git/walk_tree.h"

enum {
	NODE_SEEN = 1,	 /* is or was in the queue */
	NODE_OUT = 2,	 /* reached from `until` */
	NODE_BOTTOM = 4, /* `until` itself */
};

struct node {
	git_oid id;
	int64_t date;
	unsigned flags;
	bool loaded, followed, cut;
	bool same; /* not to be listed */
	struct node **parents;
	size_t n_parents;
	size_t marked; /* leave_out_parents()'s place among the parents, and its way back */
	struct node *back;
	struct gb_step *steps;
};

struct graph {
	const struct gb_repo *repo;
	git_odb *odb;
	struct gb_trail trail;
	struct node **nodes; /* open addressing by id */
	size_t n, cap;
};

int graph_open(struct graph *g, const struct gb_repo *repo, const char *const *paths, size_t n,
	       struct gb_err *err);
void graph_close(struct graph *g);
int graph_node(struct graph *g, const char *id, struct node **ret, struct gb_err *err);
/* Its tree, date and parents, which are not loaded yet. */
int graph_load(struct graph *g, struct node *n, struct gb_err *err);
/* Loads it, and finds what stands at the paths.  `near`: a neighbour that was followed, or NULL. */
int graph_follow(struct graph *g, struct node *n, const struct node *near, struct gb_err *err);
/* Flags those before it that are known already; others are met by and by. */
void graph_leave_out_parents(struct node *n);
/* For on_commit; release with graph_describe_end(). */
int graph_describe(struct graph *g, const struct node *n, struct gb_walk_commit *ret,
		   struct gb_err *err);
void graph_describe_end(struct graph *g, struct gb_walk_commit *c);

/* Newest first; of equal dates the first that came. */
struct queue_entry {
	struct node *node;
	size_t nth;
};
struct queue {
	struct queue_entry *v;
	size_t n, cap, pushed;
};

int queue_push(struct queue *q, struct node *n, struct gb_err *err);
struct node *queue_pop(struct queue *q);
bool queue_has_inside(const struct queue *q); /* any that is not left out */

#endif
