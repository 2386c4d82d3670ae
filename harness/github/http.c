/* One request at a time over libcurl.  See http.h. */
#include "github/http.h"

#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/text.h"
#include "github/url.h"
#include "version.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CONNECT_MS  10000L
#define STALLED_S   15L /* with less than a byte a second */
#define MAX_TOKEN   ((size_t)4096)
#define API_VERSION "2022-11-28"

struct gb_http {
	CURL *curl;
	struct curl_slist *headers;
	struct gb_origin origin;
	char *base;
	int64_t timeout_ms;
	bool plain; /* http to other machines, too */
	bool own_ca;
};

/* What the callbacks of one transfer share. */
struct transfer {
	struct gb_http_response *r;
	size_t header_bytes, max_body;
	bool too_much, nomem;
};

void gb_http_response_release(struct gb_http_response *r)
{
	for (size_t i = 0; i < r->n_headers; i++) {
		free(r->headers[i].name);
		free(r->headers[i].value);
	}
	free(r->headers);
	gb_buf_release(&r->body);
	*r = (struct gb_http_response)GB_HTTP_RESPONSE_INIT;
}

const char *gb_http_header(const struct gb_http_response *r, const char *name)
{
	for (size_t i = r->n_headers; i > 0; i--) {
		if (strcasecmp(r->headers[i - 1].name, name) == 0)
			return r->headers[i - 1].value;
	}
	return NULL;
}

static bool keep_header(struct gb_http_response *r, const char *line, size_t len)
{
	const char *colon = memchr(line, ':', len), *from, *end = line + len;
	struct gb_http_header h;

	if (!colon || colon == line)
		return true;
	for (from = colon + 1; from < end && (*from == ' ' || *from == '\t');)
		from++;
	while (end > from && strchr(" \t\r\n", end[-1]))
		end--;
	if (gb_grow((void **)&r->headers, &r->cap_headers, r->n_headers + 1, sizeof(*r->headers),
		    GB_MAX_HTTP_HEADERS, NULL) < 0)
		return false;
	h.name = gb_strndup(line, (size_t)(colon - line));
	h.value = gb_strndup(from, (size_t)(end - from));
	if (!h.name || !h.value) {
		free(h.name);
		free(h.value);
		return false;
	}
	r->headers[r->n_headers++] = h;
	return true;
}

static size_t on_header(char *line, size_t one, size_t len, void *arg)
{
	struct transfer *t = arg;

	(void)one;
	/* A new status line: what came before was an interim answer. */
	if (len > 5 && memcmp(line, "HTTP/", 5) == 0)
		gb_http_response_release(t->r);
	t->r->body.max = t->max_body;
	t->header_bytes += len;
	if (t->header_bytes > GB_MAX_HTTP_HEADER_BYTES || t->r->n_headers >= GB_MAX_HTTP_HEADERS) {
		t->too_much = true;
		return 0;
	}
	t->nomem = !keep_header(t->r, line, len);
	return t->nomem ? 0 : len;
}

static size_t on_body(char *data, size_t one, size_t len, void *arg)
{
	struct transfer *t = arg;

	(void)one;
	gb_buf_add(&t->r->body, data, len);
	t->nomem = t->r->body.nomem;
	t->too_much = t->r->body.failed && !t->nomem;
	return t->r->body.failed ? 0 : len;
}

static int on_progress(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	(void)arg;
	(void)a;
	(void)b;
	(void)c;
	(void)d;
	return gb_interrupted() != 0;
}

static bool add_header(struct gb_http *h, const char *line)
{
	struct curl_slist *list = curl_slist_append(h->headers, line);

	h->headers = list ? list : h->headers;
	return list != NULL;
}

static int make_headers(struct gb_http *h, const char *token, struct gb_err *err)
{
	_free_ char *bearer = NULL;

	if (token) {
		size_t len = strlen(token);

		for (size_t i = 0; i < len; i++) {
			if ((unsigned char)token[i] <= 0x20 || (unsigned char)token[i] >= 0x7f)
				len = 0;
		}
		if (len == 0 || len > MAX_TOKEN)
			return gb_fail(err, GB_EUSAGE,
				       "the token has a character that no token has");
		if (!(bearer = gb_asprintf("Authorization: Bearer %s", token)))
			return gb_fail_nomem(err);
	}
	/* "Expect:" asks for no interim answer, which some proxies never give. */
	if ((bearer && !add_header(h, bearer)) ||
	    !add_header(h, "Accept: application/vnd.github+json") ||
	    !add_header(h, "X-GitHub-Api-Version: " API_VERSION) || !add_header(h, "Expect:"))
		return gb_fail_nomem(err);
	return 0;
}

/* Where certificates are: what the user says, else libcurl's own place, else where systems of
 * another family than the one that built this have them. */
static void trust(CURL *curl)
{
	static const char *const said[] = { "CURL_CA_BUNDLE", "SSL_CERT_FILE", "GIT_SSL_CAINFO" };
	static const char *const usual[] = { "/etc/ssl/certs/ca-certificates.crt",
					     "/etc/pki/tls/certs/ca-bundle.crt",
					     "/etc/ssl/cert.pem" };
	const char *dir = getenv("SSL_CERT_DIR"), *file = NULL, *built_in = NULL;

	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]) && !(file && *file); i++)
		file = getenv(said[i]);
#if LIBCURL_VERSION_NUM >= 0x075400
	(void)curl_easy_getinfo(curl, CURLINFO_CAINFO, &built_in);
#endif
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]) && !(file && *file); i++) {
		if (!built_in || !gb_fs_exists(built_in))
			file = gb_fs_exists(usual[i]) ? usual[i] : NULL;
	}
	if (file && *file)
		(void)curl_easy_setopt(curl, CURLOPT_CAINFO, file);
	if (dir && *dir)
		(void)curl_easy_setopt(curl, CURLOPT_CAPATH, dir);
}

static void set_up(struct gb_http *h)
{
	CURL *c = h->curl;

	(void)curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	(void)curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	(void)curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	(void)curl_easy_setopt(c, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	(void)curl_easy_setopt(c, CURLOPT_USERAGENT, "gobudget/" GB_VERSION);
	(void)curl_easy_setopt(c, CURLOPT_HTTPHEADER, h->headers);
	(void)curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
	(void)curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 1L);
	(void)curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, STALLED_S);
	(void)curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
	(void)curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress);
	(void)curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
	(void)curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
#if LIBCURL_VERSION_NUM >= 0x075500
	(void)curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
#else
	(void)curl_easy_setopt(c, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
	/* Readable to whoever runs the proxy: what is not encrypted goes through none. */
	if (strcasecmp(h->origin.scheme, "http") == 0)
		(void)curl_easy_setopt(c, CURLOPT_PROXY, "");
	trust(c);
}

/* A line that ends in the middle would be another header, or the request's body. */
static int add_service_header(struct gb_http *h, const char *line, struct gb_err *err)
{
	size_t name = strcspn(line, ":"), len = strlen(line);

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)line[i];

		if (c == 0x7f || (c < 0x20 && c != '\t') || (i < name && c <= 0x20))
			return gb_fail(err, GB_EUSAGE, "a header has a character that none has");
	}
	if (name == 0 || name == len || len > 2 * MAX_TOKEN) {
		gb_fail(err, GB_EUSAGE, "a header is not one line of at most %zu bytes",
			2 * MAX_TOKEN);
		gb_hint(err, "headers are lines such as \"Authorization: Bearer ...\"");
		return GB_EUSAGE;
	}
	return add_header(h, line) ? 0 : gb_fail_nomem(err);
}

/* What is said stays said: whoever names a socket or a file wants no other. */
static int set_up_service(struct gb_http *h, const struct gb_http_service *s, struct gb_err *err)
{
	CURL *c = h->curl;
	CURLcode code = CURLE_OK;

	if (s->ca_file) {
		code = curl_easy_setopt(c, CURLOPT_CAINFO, s->ca_file);
		if (code == CURLE_OK)
			code = curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
		h->own_ca = true;
	}
	if (code == CURLE_OK && s->unix_socket) {
		code = curl_easy_setopt(c, CURLOPT_UNIX_SOCKET_PATH, s->unix_socket);
		(void)curl_easy_setopt(c, CURLOPT_PROXY, "");
	}
	if (code == CURLE_OK && s->user) {
		code = curl_easy_setopt(c, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
		if (code == CURLE_OK)
			code = curl_easy_setopt(c, CURLOPT_USERNAME, s->user);
		if (code == CURLE_OK)
			code = curl_easy_setopt(c, CURLOPT_PASSWORD, s->password);
	}
	return code == CURLE_OK ? 0
				: gb_fail(err, GB_ENOMEM, "libcurl: %s", curl_easy_strerror(code));
}

static int make_service(struct gb_http *h, const struct gb_http_service *s, struct gb_err *err)
{
	int rc = 0;

	for (size_t i = 0; rc >= 0 && s->headers && s->headers[i]; i++)
		rc = add_service_header(h, s->headers[i], err);
	if (rc < 0)
		return rc;
	set_up(h);
	return set_up_service(h, s, err);
}

static int parse_url(const struct gb_http *h, const char *text, const char *from, CURLU **ret,
		     struct gb_err *err)
{
	return h->plain ? gb_url_parse_plain(text, from, ret, err)
			: gb_url_parse(text, from, ret, err);
}

static int make(struct gb_http *h, const struct gb_http_options *o, struct gb_err *err)
{
	CURLU *url = NULL;
	int rc;

	h->plain = o->service != NULL;
	if ((rc = parse_url(h, o->base, NULL, &url, err)) < 0)
		return rc;
	rc = gb_origin_of(url, &h->origin, err);
	curl_url_cleanup(url);
	h->curl = curl_easy_init();
	h->base = gb_strdup(o->base);
	h->timeout_ms = o->timeout_ms > 0 ? o->timeout_ms : GB_HTTP_TIMEOUT_MS;
	if (rc >= 0 && (!h->curl || !h->base))
		rc = gb_fail_nomem(err);
	if (o->service)
		return rc < 0 ? rc : make_service(h, o->service, err);
	if (rc >= 0)
		rc = make_headers(h, o->token, err);
	if (rc >= 0 && !add_header(h, "Content-Type: application/json"))
		rc = gb_fail_nomem(err);
	if (rc >= 0)
		set_up(h);
	return rc;
}

int gb_http_open(const struct gb_http_options *o, struct gb_http **ret, struct gb_err *err)
{
	struct gb_http *h;
	int rc;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return gb_fail(err, GB_ENOMEM, "libcurl cannot be started");
	h = gb_calloc(1, sizeof(*h));
	rc = h ? make(h, o, err) : gb_fail_nomem(err);
	if (rc < 0) {
		gb_http_close(h);
		return rc;
	}
	*ret = h;
	return 0;
}

void gb_http_close(struct gb_http *h)
{
	if (h) {
		curl_easy_cleanup(h->curl);
		curl_slist_free_all(h->headers);
		gb_origin_release(&h->origin);
		free(h->base);
		free(h);
	}
	curl_global_cleanup();
}

/* Did it fail before a byte of the request could leave? */
static bool is_unsent(CURLcode code)
{
	return code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY ||
	       code == CURLE_COULDNT_CONNECT || code == CURLE_SSL_CONNECT_ERROR;
}

static int failed(const struct gb_http *h, CURLcode code, const struct transfer *t, const char *why,
		  struct gb_err *err)
{
	const char *host = h->origin.host;

	if (gb_interrupted())
		return gb_fail(err, GB_EINTR, "interrupted");
	if (t->nomem || code == CURLE_OUT_OF_MEMORY)
		return gb_fail_nomem(err);
	if (t->too_much)
		return gb_fail(err, GB_ELIMIT, "the answer of %s is too large", host);
	if (code == CURLE_SSL_CACERT_BADFILE && h->own_ca)
		return gb_fail(err, GB_EUSAGE, "the file with the certificates to trust is none");
	if (code == CURLE_OPERATION_TIMEDOUT)
		return gb_fail(err, GB_ETIME, "%s gave no whole answer in time", host);
	if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE) {
		gb_fail(err, GB_EUSAGE, "%s cannot be trusted: %.200s", host,
			*why ? why : curl_easy_strerror(code));
		gb_hint(err, "SSL_CERT_FILE names a file with the certificates to trust");
		return GB_EUSAGE;
	}
	gb_fail(err, GB_ESYS, "no answer from %s: %.200s", host,
		*why ? why : curl_easy_strerror(code));
	return GB_ESYS;
}

static int transfer(struct gb_http *h, const struct gb_http_request *q, CURLU *url,
		    int64_t timeout_ms, struct gb_http_response *ret, struct gb_err *err)
{
	struct transfer t = { .r = ret, .max_body = q->max_body ? q->max_body : GB_MAX_HTTP_BODY };
	char why[CURL_ERROR_SIZE] = "";
	long status = 0;
	CURLcode code;

	gb_http_response_release(ret);
	(void)curl_easy_setopt(h->curl, CURLOPT_CURLU, url);
	(void)curl_easy_setopt(h->curl, CURLOPT_ERRORBUFFER, why);
	(void)curl_easy_setopt(h->curl, CURLOPT_HEADERDATA, &t);
	(void)curl_easy_setopt(h->curl, CURLOPT_WRITEDATA, &t);
	(void)curl_easy_setopt(h->curl, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
	(void)curl_easy_setopt(h->curl, CURLOPT_HTTPGET, 1L);
	if (q->body) {
		(void)curl_easy_setopt(h->curl, CURLOPT_POSTFIELDS, q->body);
		(void)curl_easy_setopt(h->curl, CURLOPT_POSTFIELDSIZE_LARGE,
				       (curl_off_t)strlen(q->body));
	}
	/* On a connection that went away libcurl sends a request again by itself, and a POST
	 * could be done twice: only what may be done twice goes over an old connection. */
	(void)curl_easy_setopt(h->curl, CURLOPT_FRESH_CONNECT, q->body ? 1L : 0L);
	code = curl_easy_setopt(h->curl, CURLOPT_CUSTOMREQUEST, q->method);
	if (code == CURLE_OK)
		code = curl_easy_perform(h->curl);
	(void)curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &status);
	/* The URL and the buffers go away before the handle does. */
	(void)curl_easy_setopt(h->curl, CURLOPT_CURLU, NULL);
	(void)curl_easy_setopt(h->curl, CURLOPT_ERRORBUFFER, NULL);
	(void)curl_easy_setopt(h->curl, CURLOPT_POSTFIELDS, NULL);
	ret->status = (int)status;
	if (code == CURLE_OK)
		return 0;
	ret->unsent = is_unsent(code);
	return failed(h, code, &t, why, err);
}

static bool is_redirect(int status)
{
	return status == 301 || status == 302 || status == 307 || status == 308;
}

static int same_origin(const struct gb_http *h, CURLU *url, struct gb_err *err)
{
	struct gb_origin o = { 0 };
	int rc = gb_origin_of(url, &o, err);

	if (rc < 0)
		return rc;
	if (!gb_origin_same(&h->origin, &o))
		rc = gb_fail(err, GB_EUSAGE, "%s sends us to another origin, %.200s: not followed",
			     h->origin.host, o.host);
	gb_origin_release(&o);
	return rc;
}

int gb_http_send(struct gb_http *h, const struct gb_http_request *q, struct gb_http_response *ret,
		 struct gb_err *err)
{
	int64_t timeout = q->timeout_ms > 0 ? q->timeout_ms : h->timeout_ms;
	int64_t deadline = gb_now_ms() + timeout;
	CURLU *url = NULL;
	int rc = parse_url(h, q->url, NULL, &url, err);

	gb_http_response_release(ret);
	if (rc >= 0)
		rc = same_origin(h, url, err);
	for (int hops = 0; rc >= 0; hops++) {
		int64_t left = deadline - gb_now_ms();
		const char *location;
		CURLU *next = NULL;
		char *from = NULL;

		rc = transfer(h, q, url, left > 0 ? left : 1, ret, err);
		location = rc >= 0 && is_redirect(ret->status) ? gb_http_header(ret, "location")
							       : NULL;
		if (!location)
			break;
		if (hops == GB_MAX_REDIRECTS)
			rc = gb_fail(err, GB_ELIMIT, "%s redirects more than %d times",
				     h->origin.host, GB_MAX_REDIRECTS);
		else if (curl_url_get(url, CURLUPART_URL, &from, 0) != CURLUE_OK)
			rc = gb_fail_nomem(err);
		else
			rc = parse_url(h, location, from, &next, err);
		curl_free(from);
		curl_url_cleanup(url);
		url = next;
		if (rc >= 0)
			rc = same_origin(h, url, err);
	}
	curl_url_cleanup(url);
	return rc;
}

void gb_http_escape(struct gb_buf *out, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		    strchr("-._~", c))
			gb_buf_addc(out, *text);
		else
			gb_buf_addf(out, "%%%02X", c);
	}
}
