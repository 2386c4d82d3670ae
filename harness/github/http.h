/*
 * http - requests to one origin, with its token, and nowhere else.
 *
 * An origin is scheme, host and port.  A URL of another one is refused before anything is
 * sent, in a request as in a redirect, so the token cannot go astray.  Redirects keep method
 * and body (docs.github.com, "Follow redirects"), at most GB_MAX_REDIRECTS of them.  https
 * only; http to this machine alone, or to a service (below), and then never through a proxy.
 *
 * Taken from the environment, as curl and git do: HTTPS_PROXY, NO_PROXY; CURL_CA_BUNDLE,
 * SSL_CERT_FILE, GIT_SSL_CAINFO (the first that is set) and SSL_CERT_DIR.
 *
 * Time, header lines and body of an answer have ceilings (limits.h).  SIGINT and SIGTERM end a
 * request within a second.  libcurl is first touched by gb_http_open().
 */
#ifndef GB_GITHUB_HTTP_H
#define GB_GITHUB_HTTP_H

#include "base/buf.h"
#include "base/limits.h"

#include <stdbool.h>
#include <stdint.h>

struct gb_err;
struct gb_http;

#define GB_HTTP_TIMEOUT_MS INT64_C(30000)

/*
 * A service that is no API of GitHub's: it may speak plain http to other machines, inside a
 * network that the user knows, and gets none of the headers for GitHub.  Secrets still go to the
 * one origin alone.
 */
struct gb_http_service {
	const char *const *headers;  /* whole lines, "Name: value", ends with NULL; or NULL */
	const char *user, *password; /* of basic authentication, or NULL */
	const char *ca_file;	     /* certificates to trust instead of the system's, or NULL */
	const char *unix_socket;     /* path of the socket to connect to, or NULL */
};

struct gb_http_options {
	const char *base;  /* any URL of the origin */
	const char *token; /* NULL: none */
	int64_t timeout_ms; /* of one request with all that it is redirected to; 0: GB_HTTP_TIMEOUT_MS */
	const struct gb_http_service *service; /* NULL: GitHub's API */
};

struct gb_http_request {
	const char *method; /* "GET", ... */
	const char *url;    /* whole */
	const char *body;   /* JSON, or NULL */
	int64_t timeout_ms; /* 0: that of the options */
	size_t max_body;    /* bytes; 0: GB_MAX_HTTP_BODY */
};

struct gb_http_header {
	char *name, *value; /* value without blanks around it */
};

struct gb_http_response {
	int status;
	struct gb_http_header *headers;
	size_t n_headers, cap_headers;
	struct gb_buf body;
	bool unsent; /* of a failure: the request cannot have arrived */
};

#define GB_HTTP_RESPONSE_INIT                         \
	{                                             \
		.body = GB_BUF_INIT(GB_MAX_HTTP_BODY) \
	}

/* GB_EUSAGE: the URL is none, or not https, or the token or a header has what none can have. */
int gb_http_open(const struct gb_http_options *o, struct gb_http **ret, struct gb_err *err);
void gb_http_close(struct gb_http *h);

/*
 * 0: there is an answer, whatever its status.  GB_ESYS: no whole answer arrived, it may next
 * time.  GB_ETIME likewise, for want of time.  GB_EUSAGE: another origin, or a certificate that is
 * not trusted.  GB_ELIMIT, GB_EINTR, GB_ENOMEM.  *ret is to be released in any case; it
 * may be one that was used before.
 */
int gb_http_send(struct gb_http *h, const struct gb_http_request *q, struct gb_http_response *ret,
		 struct gb_err *err);
void gb_http_response_release(struct gb_http_response *r);

/* The value of the last header of that name, case does not matter; NULL: none. */
const char *gb_http_header(const struct gb_http_response *r, const char *name);

/* Appends text so that it can stand in a path or a query as one word. */
void gb_http_escape(struct gb_buf *out, const char *text);

#endif
