/* What GitHub, and whoever writes there, may send: markers, links, URLs, and texts for a log. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/mem.h"
#include "github/http.h"
#include "github/marker.h"
#include "github/redact.h"
#include "github/rest.h"
#include "github/retry.h"
#include "github/runner.h"
#include "github/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good)
{
	if (!good)
		abort();
}

/* What is read is written as it was. */
static void marker(const char *text)
{
	_buf_ struct gb_buf again = GB_BUF_INIT(GB_MIB);
	struct gb_marker m, n;
	char key[GB_KEY_MAX + 1];

	if (gb_marker_key(text, key, NULL) == 0)
		must(strcmp(key, text) == 0);
	if (!gb_marker_read(text, &m))
		return;
	(void)gb_marker_is_whole(text, &m);
	if (gb_marker_key(m.key, key, NULL) < 0)
		return; /* somebody else's: never compared with ours */
	gb_marker_write(&m, "text", &again);
	must(gb_marker_read(again.data, &n));
	must(gb_marker_order(&m, &n) == 0 && strcmp(m.head, n.head) == 0 && m.digest == n.digest);
}

static void headers(const char *text)
{
	_buf_ struct gb_buf url = GB_BUF_INIT(GB_MIB);
	char *value = (char *)(uintptr_t)text;
	static const char *const names[] = { "retry-after", "date", "x-ratelimit-reset" };

	(void)gb_rest_link(text, "next", &url);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct gb_http_header h[] = { { (char *)(uintptr_t)names[i], value },
					      { (char *)(uintptr_t) "x-ratelimit-remaining",
						(char *)(uintptr_t) "0" } };
		struct gb_http_response r = GB_HTTP_RESPONSE_INIT;
		int64_t ms;

		r.status = 429;
		r.headers = h;
		r.n_headers = 2;
		must(gb_retry_decide(&r, 0, 1, &ms) == GB_RETRY_LIMITED && ms >= 1000);
	}
}

/* What passes is https, or stays on this machine; and has no user name. */
static void url(const char *text)
{
	CURLU *u = NULL;
	struct gb_origin o;

	if (gb_url_parse(text, "https://api.github.com/repos", &u, NULL) < 0)
		return;
	must(gb_origin_of(u, &o, NULL) == 0);
	must(strcmp(o.scheme, "https") == 0 || gb_origin_is_loopback(&o));
	gb_origin_release(&o);
	curl_url_cleanup(u);
}

static void log_texts(const char *text)
{
	_buf_ struct gb_buf line = GB_BUF_INIT(GB_MIB), note = GB_BUF_INIT(GB_MIB);
	struct gb_annotation a = { .level = GB_LEVEL_ERROR,
				   .file = (char *)(uintptr_t)text,
				   .title = (char *)(uintptr_t)text,
				   .message = (char *)(uintptr_t)text };

	gb_log_line(text, &line);
	gb_annotation_write(&a, &note);
	must(line.failed || strchr(line.data, '\n') == line.data + line.len - 1);
	must(note.failed || strchr(note.data, '\n') == note.data + note.len - 1);
	must(!strstr(line.data, "##[") && strncmp(line.data, "::", 2) != 0);
}

/* JSON stays JSON. */
static void secrets(const char *text, size_t len)
{
	_free_ char *copy = gb_strndup(text, len);
	_json_ struct gb_json *before = NULL, *after = NULL;

	must(copy != NULL);
	(void)gb_redact(copy, len, "a-token-of-ours");
	if (gb_json_parse("before", text, len, &before, NULL) == 0)
		must(gb_json_parse("after", copy, len, &after, NULL) == 0 ||
		     strstr(text, "PRIVATE KEY") || strstr(text, "a-token-of-ours"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_free_ char *text = size < 64 * GB_KIB ? gb_strndup((const char *)data, size) : NULL;

	if (!text)
		return 0;
	marker(text);
	headers(text);
	url(text);
	log_texts(text);
	secrets(text, size);
	return 0;
}
