/* flame_page - a flame graph as JSON for flame/flame.js, and the page around it. */
#include "pprof/flame_stacks.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/html.h"

#include <string.h>

#define NO_NAME "(smaller)"

static void array(struct gb_buf *out, const char *key)
{
	gb_buf_addf(out, ",\n\"%s\":[", key);
}

/* Only what is used is written, numbered as it comes. */
static void number(struct gb_flame *f, const struct gb_flame_tree *t, struct gb_buf *strings,
		   struct gb_buf *frames)
{
	uint32_t n_strings = 0, n_frames = 0;

	for (size_t i = 0; i < f->n_frames; i++) {
		f->frames[i]->number = 0;
		f->frames[i]->key.func->number = f->frames[i]->key.file->number = 0;
	}
	gb_html_json(strings, NO_NAME);
	gb_buf_adds(frames, "0,-1,0");
	for (size_t i = 0; i < t->n; i++) {
		struct gb_flame_frame *frame;
		struct gb_flame_name *of[2];

		if (t->nodes[i].frame == GB_FLAME_SMALLER || f->frames[t->nodes[i].frame]->number)
			continue;
		frame = f->frames[t->nodes[i].frame];
		frame->number = ++n_frames;
		of[0] = frame->key.func;
		of[1] = frame->key.file;
		for (int k = 0; k < 2; k++) {
			if (of[k]->number || !*of[k]->text)
				continue;
			of[k]->number = ++n_strings;
			gb_buf_addc(strings, ',');
			gb_html_json(strings, of[k]->text);
		}
		gb_buf_addf(frames, ",%u,%d,%lld", of[0]->number,
			    of[1]->number ? (int)of[1]->number : -1, (long long)frame->key.line);
	}
}

static void carry(struct gb_buf *out, const struct gb_buf *part)
{
	gb_buf_add(out, part->data, part->len);
	out->failed = out->failed || part->failed;
	out->nomem = out->nomem || part->nomem;
}

static void write_types(const struct gb_flame *f, struct gb_buf *out)
{
	gb_buf_adds(out, "{\"types\":[");
	for (size_t i = 0; i < f->n_types; i++) {
		gb_buf_adds(out, i ? ",[" : "[");
		gb_html_json(out, f->types[i].name);
		gb_buf_addc(out, ',');
		gb_html_json(out, f->types[i].unit);
		gb_buf_addc(out, ']');
	}
	gb_buf_addc(out, ']');
}

/* One array of values per type; `which` 0: now, 1: at the base. */
static void write_values(const struct gb_flame *f, const struct gb_flame_tree *t, const char *key,
			 size_t which, struct gb_buf *out)
{
	const size_t width = 2 * f->n_types;

	array(out, key);
	for (size_t type = 0; type < f->n_types; type++) {
		gb_buf_adds(out, type ? ",\n[" : "[");
		for (size_t i = 0; i < t->n; i++)
			gb_buf_addf(out, i ? ",%lld" : "%lld",
				    (long long)t->self[i * width + 2 * type + which]);
		gb_buf_addc(out, ']');
	}
	gb_buf_addc(out, ']');
}

static void write_data(struct gb_flame *f, const struct gb_flame_tree *t,
		       const struct gb_flame_text *text, struct gb_buf *out)
{
	_buf_ struct gb_buf strings = GB_BUF_INIT(out->max), frames = GB_BUF_INIT(out->max);

	write_types(f, out);
	gb_buf_addf(out, ",\"shown\":%zu,\"smaller\":%zu,\"base\":",
		    text->shown < f->n_types ? text->shown : 0, t->left_out);
	if (text->base)
		gb_html_json(out, text->base);
	else
		gb_buf_adds(out, "null");
	number(f, t, &strings, &frames);
	array(out, "strings");
	carry(out, &strings);
	gb_buf_adds(out, "]");
	array(out, "frames");
	carry(out, &frames);
	gb_buf_adds(out, "]");
	array(out, "depth");
	for (size_t i = 0; i < t->n; i++)
		gb_buf_addf(out, i ? ",%u" : "%u", t->nodes[i].depth);
	gb_buf_adds(out, "]");
	array(out, "frame");
	for (size_t i = 0; i < t->n; i++)
		gb_buf_addf(out, i ? ",%u" : "%u",
			    t->nodes[i].frame == GB_FLAME_SMALLER
				    ? 0
				    : f->frames[t->nodes[i].frame]->number);
	gb_buf_adds(out, "]");
	write_values(f, t, "values", 0, out);
	if (text->base)
		write_values(f, t, "bases", 1, out);
	gb_buf_adds(out, "}\n");
}

int gb_flame_data(struct gb_flame *f, const struct gb_flame_text *text, struct gb_buf *out,
		  struct gb_err *err)
{
	_flame_tree_ struct gb_flame_tree t = { 0 };
	int rc = gb_flame_tree(f, GB_MAX_FLAME_NODES, &t, err);

	if (rc >= 0)
		write_data(f, &t, text, out);
	return rc;
}

static struct gb_html_part asset(const char *mark, const char *name)
{
	const struct gb_asset *a = gb_asset_find(gb_flame_assets, name);

	return (struct gb_html_part){ mark, (const char *)a->data, a->len };
}

int gb_flame_page(struct gb_flame *f, const struct gb_flame_text *text, struct gb_buf *out,
		  struct gb_err *err)
{
	_buf_ struct gb_buf title = GB_BUF_INIT(out->max), subtitle = GB_BUF_INIT(out->max);
	_buf_ struct gb_buf data = GB_BUF_INIT(out->max);
	const struct gb_asset *page = gb_asset_find(gb_flame_assets, "flame.html");
	int rc = gb_flame_data(f, text, &data, err);

	if (rc < 0)
		return rc;
	gb_html_text(&title, text->title);
	gb_html_text(&subtitle, text->subtitle);
	gb_html_fill(out, (const char *)page->data, page->len,
		     (const struct gb_html_part[]){
			     asset("style", "flame.css"),
			     asset("model", "model.js"),
			     asset("picture", "picture.js"),
			     asset("script", "flame.js"),
			     { "title", title.data, title.len },
			     { "subtitle", subtitle.data, subtitle.len },
			     { "data", data.data, data.len },
			     { 0 },
		     });
	out->failed = out->failed || data.failed || title.failed || subtitle.failed;
	out->nomem = out->nomem || data.nomem || title.nomem || subtitle.nomem;
	return 0;
}
