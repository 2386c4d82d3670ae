/*
 * base/html, report/markdown, pprof/flame: whatever a name is, it stays text.
 *
 * Each line of the input is a stack, its frames apart by ";".
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/html.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/mem.h"
#include "pprof/flame.h"
#include "report/markdown.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good)
{
	if (!good)
		abort();
}

/* Characters that would be more than text, outside of what the escaper itself writes. */
static void check_escaped(const char *text, const char *forbidden)
{
	for (const char *s = text; *s; s++) {
		must(!strchr(forbidden, *s));
		must((unsigned char)*s >= 0x20 || *s == '\n' || *s == '\t');
		must(strncmp(s, "\xe2\x80\xa8", 3) != 0 && strncmp(s, "\xe2\x80\xae", 3) != 0);
	}
}

static void check_json(const struct gb_buf *json)
{
	_json_ struct gb_json *j = NULL;

	must(!json->failed);
	must(gb_json_parse("data", json->data, json->len, &j, NULL) == 0);
}

static void escapers(const char *text)
{
	_buf_ struct gb_buf html = GB_BUF_INIT(GB_MIB), json = GB_BUF_INIT(GB_MIB);
	_buf_ struct gb_buf code = GB_BUF_INIT(GB_MIB), prose = GB_BUF_INIT(GB_MIB);
	_buf_ struct gb_buf pre = GB_BUF_INIT(GB_MIB);

	gb_html_text(&html, text);
	check_escaped(html.data, "<>\"'");
	gb_html_json(&json, text);
	check_escaped(json.data, "<>&");
	check_json(&json);
	gb_md_code(&code, text);
	check_escaped(code.data, "@`|*_[]{}\\\n");
	gb_md_prose(&prose, text);
	check_escaped(prose.data, "@`|*_[]{}\\\n:");
	gb_md_pre(&pre, text, 20, 4096);
	must(pre.len < 4096 + 64);
	must(!strstr(pre.data + 1, "<pre"));
}

static void add_stack(struct gb_flame *f, const char *line, size_t len)
{
	const int64_t values[] = { (int64_t)len, -1 }, base[] = { INT64_MAX, INT64_MIN };
	uint32_t ids[256];
	size_t n = 0;

	for (const char *end = line + len; line < end && n < 256; n++) {
		const char *stop = memchr(line, ';', (size_t)(end - line));
		size_t part = (size_t)((stop ? stop : end) - line);
		_free_ char *name = gb_strndup(line, part);

		must(name && gb_flame_frame(f, name, n % 2 ? name : NULL, (int64_t)part, &ids[n],
					    NULL) == 0);
		line += part + (stop != NULL);
	}
	must(gb_flame_add(f, ids, n, values, n % 3 ? base : NULL, NULL) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct gb_flame_type types[] = { { "a", "bytes" }, { "b", "count" } };
	const struct gb_flame_text told = { "t", NULL, "base", 1 };
	_buf_ struct gb_buf out = GB_BUF_INIT(64 * GB_MIB);
	_flame_ struct gb_flame *f = NULL;
	_free_ char *text = NULL;

	if (size > 64 * GB_KIB)
		return 0;
	text = gb_strndup((const char *)data, size);
	must(text && gb_flame_new(types, 2, &f, NULL) == 0);
	escapers(text);
	for (const char *line = text; *line;) {
		size_t len = strcspn(line, "\n");

		add_stack(f, line, len);
		line += len + (line[len] == '\n');
	}
	must(gb_flame_data(f, &told, &out, NULL) == 0);
	check_escaped(out.data, "<>&");
	check_json(&out);
	return 0;
}
