/* gobudget profile graph: who calls whom, as text for Graphviz's dot.  See profile.h. */
#include "cmd/profile.h"

#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "command.h"
#include "pprof/edges.h"
#include "pprof/lines.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NODES	     80	   /* pprof's: more than that nobody can read */
#define EDGE_CUTOFF  0.001 /* of the total: pprof's -edgefraction */
#define SOURCE_WIDTH 60	   /* columns of a source line */

struct graph {
	struct gb_buf *out;
	struct gb_tally tally;
	struct gb_values v;
	struct gb_row *rows;
	size_t n_rows;
	bool *kept; /* by node */
	struct gb_edges edges;
	struct gb_lines source; /* of the file looked at last */
	const char *source_of;
};

static uint32_t index_of(const struct graph *g, const struct gb_node *node)
{
	return (uint32_t)(node - gb_nodes_get(g->tally.nodes, 0));
}

/* Inside "..." of dot; a name cannot end it, nor start a line of its own. */
static void add_quoted(struct gb_buf *out, const char *text, size_t columns)
{
	_buf_ struct gb_buf safe = GB_BUF_INIT(GB_MAX_REPORT), fitted = GB_BUF_INIT(GB_MAX_REPORT);

	gb_text_safe(&safe, text);
	gb_text_fit(&fitted, safe.data, columns);
	for (const char *c = fitted.data; *c; c++) {
		if (*c == '"' || *c == '\\')
			gb_buf_addc(out, '\\');
		gb_buf_addc(out, *c);
	}
	if (safe.failed || fitted.failed)
		out->failed = true;
}

/* Rows are in order of weight, not of files: the last file is worth keeping all the same. */
static const char *source_line(struct graph *g, const struct gb_node *node)
{
	const char *const folders[] = { gb_profile_opt.source_path ? gb_profile_opt.source_path
								   : ".",
					gb_profile_opt.source_path ? "." : NULL, NULL };
	const char *text;

	if (!node->line || !*node->file)
		return NULL;
	if (g->source_of != node->file) {
		gb_lines_release(&g->source);
		g->source_of = node->file;
		gb_lines_open(node->file, folders, &g->source, NULL);
	}
	text = gb_lines_get(&g->source, (size_t)node->line);
	return text ? text + strspn(text, " \t") : NULL;
}

static void add_node(struct graph *g, const struct gb_row *r)
{
	const struct gb_node *node = r->node;
	const char *text = source_line(g, node);
	double share = g->v.total ? fabs((double)r->flat / (double)g->v.total) : 0;
	char a[GB_VALUE_SIZE], b[GB_VALUE_SIZE], percent[GB_VALUE_SIZE];

	gb_buf_addf(g->out, "\tn%u [label=\"", index_of(g, node));
	if (*node->function)
		add_quoted(g->out, node->function, 2 * SOURCE_WIDTH);
	if (*node->file) {
		gb_buf_adds(g->out, *node->function ? "\\n" : "");
		add_quoted(g->out, node->file, 2 * SOURCE_WIDTH);
		if (node->line)
			gb_buf_addf(g->out, ":%d", (int)node->line);
	}
	if (!*node->function && !*node->file)
		add_quoted(g->out, *node->binary ? gb_path_base(node->binary) : "unknown",
			   SOURCE_WIDTH);
	if (text && *text) {
		gb_buf_adds(g->out, "\\n");
		add_quoted(g->out, text, SOURCE_WIDTH);
	}
	gb_value_percent(&g->v, percent, r->cum);
	gb_buf_addf(g->out, "\\n%s of %s (%s)", gb_value(&g->v, a, r->flat),
		    gb_value(&g->v, b, r->cum), percent + strspn(percent, " "));
	gb_buf_addf(g->out, "\" fontsize=%d fillcolor=\"0.08 %.2f 1.0\"];\n",
		    10 + (int)(20 * sqrt(share > 1 ? 1 : share)), share > 1 ? 1.0 : share);
}

static void add_edge(struct graph *g, const struct gb_edge *e)
{
	double share = g->v.total ? fabs((double)e->weight / (double)g->v.total) : 0;
	char value[GB_VALUE_SIZE];

	if (share < EDGE_CUTOFF && !gb_profile_opt.all)
		return;
	gb_buf_addf(g->out, "\tn%u -> n%u [label=\" %s%s\" weight=%d penwidth=%.1f%s];\n", e->from,
		    e->to, gb_value(&g->v, value, e->weight), e->inlined ? "\\n (inline)" : "",
		    1 + (int)(100 * (share > 1 ? 1 : share)), 1 + 5 * (share > 1 ? 1 : share),
		    e->residual ? " style=dashed" : "");
}

static void add_graph(struct graph *g, const struct gb_profile *p)
{
	char total[GB_VALUE_SIZE];

	gb_buf_adds(g->out, "digraph gobudget {\n\tlabel=\"");
	add_quoted(g->out, p->name, 2 * SOURCE_WIDTH);
	gb_buf_adds(g->out, ": ");
	add_quoted(g->out, g->tally.type, SOURCE_WIDTH);
	gb_buf_addf(g->out, " %s, the %zu heaviest of %zu nodes\";\n",
		    gb_value(&g->v, total, g->v.total), g->n_rows, gb_nodes_count(g->tally.nodes));
	gb_buf_adds(g->out, "\tnode [shape=box style=filled fontname=\"sans-serif\"];\n"
			    "\tedge [fontname=\"sans-serif\" fontsize=9];\n");
	for (size_t i = 0; i < g->n_rows; i++)
		add_node(g, &g->rows[i]);
	for (size_t i = 0; i < g->edges.n; i++)
		add_edge(g, &g->edges.v[i]);
	gb_buf_adds(g->out, "}\n");
}

static void add_json(struct graph *g, const struct gb_profile *p)
{
	struct gb_jsonw w = { .out = g->out };

	gb_profile_json(&w, p, NULL, &g->tally);
	gb_jsonw_open(&w, "nodes", '[', false);
	for (size_t i = 0; i < g->n_rows; i++) {
		gb_jsonw_open(&w, NULL, '{', true);
		gb_jsonw_int(&w, "id", index_of(g, g->rows[i].node));
		gb_profile_json_node(&w, g->rows[i].node);
		gb_jsonw_int(&w, "flat", g->rows[i].flat);
		gb_jsonw_int(&w, "cum", g->rows[i].cum);
		gb_jsonw_close(&w, '}');
	}
	gb_jsonw_close(&w, ']');
	gb_jsonw_open(&w, "edges", '[', false);
	for (size_t i = 0; i < g->edges.n; i++) {
		const struct gb_edge *e = &g->edges.v[i];

		gb_jsonw_open(&w, NULL, '{', true);
		gb_jsonw_int(&w, "from", e->from);
		gb_jsonw_int(&w, "to", e->to);
		gb_jsonw_int(&w, "weight", e->weight);
		gb_jsonw_bool(&w, "residual", e->residual);
		gb_jsonw_bool(&w, "inlined", e->inlined);
		gb_jsonw_close(&w, '}');
	}
	gb_jsonw_close(&w, ']');
	gb_jsonw_close(&w, '}');
}

static int make(const struct gb_profile *p, struct graph *g, struct gb_err *err)
{
	struct gb_cut cut = { .by_cum = true, .all = gb_profile_opt.all };
	struct gb_tally_options o = { .focus = gb_profile_opt.focus,
				      .ignore = gb_profile_opt.ignore };
	size_t dropped, nodes;
	int rc;

	cut.most = gb_profile_opt.nodecount ? (size_t)gb_profile_opt.nodecount
		   : gb_profile_opt.all	    ? 0
					    : NODES;
	if ((rc = gb_profile_granularity(GB_BY_LINE, &o.by, err)) < 0 ||
	    (rc = gb_profile_type_index(p, gb_profile_opt.sample, &o.type, err)) < 0 ||
	    (rc = gb_profile_tally(p, NULL, o.by, &g->tally, err)) < 0 ||
	    (rc = gb_values_of(&g->tally, false, &g->v, err)) < 0 ||
	    (rc = gb_tally_rows(&g->tally, &cut, &g->rows, &g->n_rows, &dropped, &nodes, err)) < 0)
		return rc;
	g->kept = gb_calloc(gb_nodes_count(g->tally.nodes) + 1, sizeof(*g->kept));
	if (!g->kept)
		return gb_fail_nomem(err);
	for (size_t i = 0; i < g->n_rows; i++)
		g->kept[index_of(g, g->rows[i].node)] = true;
	rc = gb_edges_make(&o, p, &g->tally, g->kept, &g->edges, err);
	if (rc == 0)
		gb_edges_sort(&g->edges);
	return rc;
}

static int graph_run(char **operands, struct gb_err *err)
{
	_buf_ struct gb_buf out = GB_BUF_INIT(GB_MAX_REPORT);
	_profile_ struct gb_profile *p = NULL;
	struct graph g = {
		.out = &out, .tally = GB_TALLY_INIT, .edges = GB_EDGES_INIT, .source = GB_LINES_INIT
	};
	int rc = gb_profile_open(operands[0], &p, err);

	if (rc == 0)
		rc = make(p, &g, err);
	if (rc == 0) {
		if (gb_profile_opt.json)
			add_json(&g, p);
		else
			add_graph(&g, p);
		rc = gb_command_print(&out, err);
	}
	gb_tally_release(&g.tally);
	gb_edges_release(&g.edges);
	gb_lines_release(&g.source);
	free(g.rows);
	free(g.kept);
	return rc;
}

const struct gb_view gb_view_graph = {
	.name = "graph",
	.args = "FILE",
	.summary = "who calls whom, as text for Graphviz's dot",
	.opts = "sample nodecount all focus ignore granularity unit source-path json",
	.operands = 1,
	.run = graph_run,
};
