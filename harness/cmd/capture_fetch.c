/* Asking a service for its profiles.  See capture_fetch.h. */
#include "cmd/capture_fetch.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/text.h"
#include "github/http.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PPROF	    "/debug/pprof"
#define MAX_HEADERS ((size_t)100)

struct gb_fetch {
	struct gb_fetch_options o;
	struct gb_http *http;
	char *base; /* without "/" at its end */
	struct gb_strlist headers;
	bool absent[GB_CAPTURE_KINDS];
	int64_t start_ms;
	size_t shots;
};

void gb_fetch_close(struct gb_fetch *f)
{
	if (!f)
		return;
	if (f->http)
		gb_http_close(f->http);
	gb_strlist_release(&f->headers);
	free(f->base);
	free(f);
}

void gb_cleanup_fetch(struct gb_fetch **pf)
{
	gb_fetch_close(*pf);
}

const char *gb_fetch_base(const struct gb_fetch *f)
{
	return f->base;
}

/* "http://host:6060", ".../debug/pprof/", ".../debug/pprof/heap?gc=1": all mean the folder. */
static int make_base(struct gb_fetch *f, struct gb_err *err)
{
	const char *url = f->o.url, *host = strstr(url, "://"), *pprof;
	size_t len = strcspn(url, "?#");
	_free_ char *text = NULL;

	if (!host || !host[3] || strchr("/?#", host[3])) {
		gb_fail(err, GB_EUSAGE, "\"%.200s\" is no URL", url);
		gb_hint(err, "such as http://localhost:6060");
		return GB_EUSAGE;
	}
	if (!(text = gb_strndup(url, len)))
		return gb_fail_nomem(err);
	while (len && text[len - 1] == '/')
		text[--len] = 0;
	host = strstr(text, "://");
	pprof = host ? strstr(host + 3, PPROF) : NULL;
	if (pprof && (pprof[strlen(PPROF)] == '/' || !pprof[strlen(PPROF)]))
		f->base = gb_strndup(text, (size_t)(pprof - text) + strlen(PPROF));
	else
		f->base = gb_asprintf("%s" PPROF, text);
	return f->base ? 0 : gb_fail_nomem(err);
}

static int read_header_file(struct gb_fetch *f, struct gb_err *err)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_HEADER_FILE);
	int rc = gb_fs_read(f->o.header_file, &text, err);

	if (rc == GB_ENOTFOUND && err)
		return err->code = GB_EUSAGE;
	if (rc < 0)
		return rc;
	for (char *line = text.data, *end; *line; line = end) {
		size_t len = strcspn(line, "\r\n");

		end = line + len + strspn(line + len, "\r\n");
		line[len] = 0;
		if (!len || *line == '#')
			continue;
		if (f->headers.n >= MAX_HEADERS)
			return gb_fail(err, GB_ELIMIT, "%s has more than %zu headers",
				       f->o.header_file, MAX_HEADERS);
		if ((rc = gb_strlist_add(&f->headers, line, err)) < 0)
			return rc;
	}
	if (f->headers.n)
		return 0;
	gb_fail(err, GB_EUSAGE, "%s has no header", f->o.header_file);
	gb_hint(err, "a line such as \"Authorization: Bearer ...\"");
	return GB_EUSAGE;
}

static const char *from_env(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

/* The user is told where a secret was found: a forgotten variable is hard to see. */
static int read_secrets(struct gb_fetch *f, struct gb_http_service *s, struct gb_err *err)
{
	const char *token = from_env("GOBUDGET_CAPTURE_TOKEN");
	int rc;

	s->user = from_env("GOBUDGET_CAPTURE_USER");
	s->password = getenv("GOBUDGET_CAPTURE_PASSWORD");
	if (s->user && !s->password)
		s->password = "";
	if (token && s->user) {
		gb_fail(err, GB_EUSAGE,
			"GOBUDGET_CAPTURE_TOKEN and GOBUDGET_CAPTURE_USER are two "
			"of one thing");
		gb_hint(err, "unset one of them");
		return GB_EUSAGE;
	}
	if (f->o.header_file && (rc = read_header_file(f, err)) < 0)
		return rc;
	return token ? gb_strlist_addf(&f->headers, err, "Authorization: Bearer %s", token) : 0;
}

static int open_all(struct gb_fetch *f, struct gb_err *err)
{
	struct gb_http_service service = { .ca_file = f->o.ca_file,
					   .unix_socket = f->o.unix_socket };
	struct gb_http_options http = { .service = &service, .timeout_ms = f->o.timeout_ms };
	int rc = make_base(f, err);

	if (rc >= 0)
		rc = read_secrets(f, &service, err);
	if (rc < 0)
		return rc;
	if (f->o.ca_file && !gb_fs_exists(f->o.ca_file))
		return gb_fail(err, GB_EUSAGE, "--ca %.300s: there is no such file", f->o.ca_file);
	if (f->o.unix_socket && !gb_fs_exists(f->o.unix_socket))
		return gb_fail(err, GB_EUSAGE, "--unix-socket %.300s: there is no such file",
			       f->o.unix_socket);
	service.headers = (const char *const *)gb_strlist_argv(&f->headers);
	http.base = f->base;
	if ((rc = gb_http_open(&http, &f->http, err)) < 0) {
		if (err && strstr(err->line, "user name"))
			gb_hint(err, "GOBUDGET_CAPTURE_USER and GOBUDGET_CAPTURE_PASSWORD have it");
		return rc;
	}
	return f->o.save ? gb_fs_mkdirs(f->o.save, err) : 0;
}

int gb_fetch_open(const struct gb_fetch_options *o, struct gb_fetch **ret, struct gb_err *err)
{
	_fetch_ struct gb_fetch *f = gb_calloc(1, sizeof(*f));
	int rc;

	if (!f)
		return gb_fail_nomem(err);
	f->o = *o;
	if ((rc = open_all(f, err)) < 0)
		return rc;
	*ret = GB_TAKE(f);
	return 0;
}

/* "DIR/01-heap.pb.gz" */
static int save(const struct gb_fetch *f, enum gb_capture_kind kind, const struct gb_buf *body,
		struct gb_err *err)
{
	_free_ char *path = NULL;

	if (!f->o.save)
		return 0;
	path = gb_asprintf("%s/%02zu-%s%s", f->o.save, f->shots, gb_capture_sources[kind].name,
			   kind == GB_CAPTURE_STACKS ? ".txt" : ".pb.gz");
	return path ? gb_fs_write(path, body->data, body->len, err) : gb_fail_nomem(err);
}

static int refused(const char *what, int status, struct gb_err *err)
{
	gb_fail(err, GB_EMEASURE, "%s answers %d", what, status);
	if (status == 401)
		gb_hint(err, "GOBUDGET_CAPTURE_TOKEN, or GOBUDGET_CAPTURE_USER and _PASSWORD, or "
			     "--header-file");
	else if (status == 403)
		gb_hint(err, "the service knows who asks, and refuses");
	else if (status == 404)
		gb_hint(err, "import _ \"net/http/pprof\" serves the profiles at " PPROF);
	return GB_EMEASURE;
}

/* A redirect that is not followed is the service's doing, a certificate the user's to name. */
static int not_asked(const struct gb_http_response *r, struct gb_err *err)
{
	if (r->status)
		return err->code = GB_EMEASURE;
	if (strstr(err->line, "cannot be trusted"))
		gb_hint(err, "--ca FILE names the certificates to trust");
	return err->code;
}

/* A service that has not the leak profile is of an older Go, or was built without. */
static int note_absent(struct gb_fetch *f, enum gb_capture_kind kind, struct gb_strlist *notes,
		       struct gb_err *err)
{
	f->absent[kind] = true;
	if (kind == GB_CAPTURE_LEAK)
		return gb_strlist_add(
			notes,
			"no goroutineleak profile (404), so no leak is proven: Go 1.27 "
			"has it, Go 1.26 with GOEXPERIMENT=goroutineleakprofile",
			err);
	return gb_strlist_addf(notes, err, "the service has no %s profile (404)",
			       gb_capture_sources[kind].name);
}

static int fetch(struct gb_fetch *f, struct gb_capturing *c, enum gb_capture_kind kind,
		 struct gb_strlist *notes, struct gb_err *err)
{
	_free_ char *url = gb_asprintf("%s/%s", f->base, gb_capture_sources[kind].query);
	const struct gb_http_request q = { .method = "GET",
					   .url = url,
					   .max_body = GB_MAX_CAPTURE_BODY };
	struct gb_http_response r = GB_HTTP_RESPONSE_INIT;
	int rc;

	if (!url)
		return gb_fail_nomem(err);
	rc = gb_http_send(f->http, &q, &r, err);
	if (rc >= 0 && r.status == 404 && kind != GB_CAPTURE_GOROUTINE)
		rc = note_absent(f, kind, notes, err);
	else if (rc == GB_EUSAGE && err)
		rc = not_asked(&r, err);
	else if (rc >= 0 && r.status != 200)
		rc = refused(url, r.status, err);
	else if (rc >= 0 && (rc = save(f, kind, &r.body, err)) >= 0)
		rc = gb_capture_add(c, kind, url, r.body.data, r.body.len, err);
	gb_http_response_release(&r);
	return rc;
}

static void time_of_day(char *out, size_t size)
{
	time_t now = time(NULL);
	struct tm tm;

	if (!localtime_r(&now, &tm) || !strftime(out, size, "%H:%M:%S", &tm))
		out[0] = 0;
}

int gb_fetch_shot(struct gb_fetch *f, struct gb_capturing *c, struct gb_strlist *notes,
		  struct gb_err *err)
{
	int64_t now = gb_now_ms();
	char clock[32];
	int rc;

	if (f->shots++ == 0)
		f->start_ms = now;
	time_of_day(clock, sizeof(clock));
	rc = gb_capture_begin(c, now - f->start_ms, clock, err);
	for (int k = 0; k < GB_CAPTURE_KINDS && rc >= 0; k++) {
		if (f->absent[k] || (k == GB_CAPTURE_STACKS && f->o.no_stacks))
			continue;
		rc = fetch(f, c, (enum gb_capture_kind)k, notes, err);
	}
	if (rc >= 0 && c->shots[c->n_shots - 1].cut)
		rc = gb_strlist_addf(notes, err,
				     "capture %zu: the text of goroutines ends early; what follows "
				     "is counted and not grouped",
				     f->shots);
	return rc;
}
