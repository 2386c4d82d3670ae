/* Origins, as libcurl reads them. */
#include "github/url.h"

#include "base/err.h"
#include "base/text.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

static bool host_is_loopback(const char *host)
{
	struct in_addr v4;

	if (strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0)
		return true;
	return inet_pton(AF_INET, host, &v4) == 1 && ntohl(v4.s_addr) >> 24 == 127;
}

bool gb_origin_is_loopback(const struct gb_origin *o)
{
	return host_is_loopback(o->host);
}

void gb_origin_release(struct gb_origin *o)
{
	curl_free(o->scheme);
	curl_free(o->host);
	curl_free(o->port);
	*o = (struct gb_origin){ 0 };
}

bool gb_origin_same(const struct gb_origin *a, const struct gb_origin *b)
{
	return strcasecmp(a->scheme, b->scheme) == 0 && strcasecmp(a->host, b->host) == 0 &&
	       strcmp(a->port, b->port) == 0;
}

int gb_origin_of(CURLU *url, struct gb_origin *ret, struct gb_err *err)
{
	struct gb_origin o = { 0 };

	if (curl_url_get(url, CURLUPART_SCHEME, &o.scheme, 0) != CURLUE_OK ||
	    curl_url_get(url, CURLUPART_HOST, &o.host, 0) != CURLUE_OK ||
	    curl_url_get(url, CURLUPART_PORT, &o.port, CURLU_DEFAULT_PORT) != CURLUE_OK) {
		gb_origin_release(&o);
		return gb_fail(err, GB_EUSAGE, "a URL without a host");
	}
	*ret = o;
	return 0;
}

static int check(CURLU *url, const char *text, bool plain, struct gb_err *err)
{
	struct gb_origin o = { 0 };
	char *user = NULL;
	int rc = gb_origin_of(url, &o, err);

	if (rc < 0)
		return rc;
	if (curl_url_get(url, CURLUPART_USER, &user, 0) == CURLUE_OK)
		rc = gb_fail(err, GB_EUSAGE, "a URL with a user name in it is not followed");
	else if (strcasecmp(o.scheme, "https") != 0 &&
		 !(strcasecmp(o.scheme, "http") == 0 && (plain || gb_origin_is_loopback(&o))))
		rc = gb_fail(err, GB_EUSAGE, "%.200s is not http%s", text,
			     plain ? " or https" : "s");
	curl_free(user);
	gb_origin_release(&o);
	return rc;
}

static int parse(const char *text, const char *from, bool plain, CURLU **ret_url,
		 struct gb_err *err)
{
	CURLU *url = curl_url();
	CURLUcode code = CURLUE_OK;
	int rc;

	if (!url)
		return gb_fail_nomem(err);
	if (from)
		code = curl_url_set(url, CURLUPART_URL, from, 0);
	if (code == CURLUE_OK)
		code = curl_url_set(url, CURLUPART_URL, text, 0);
	rc = code == CURLUE_OK		    ? check(url, text, plain, err)
	     : code == CURLUE_OUT_OF_MEMORY ? gb_fail_nomem(err)
					    : gb_fail(err, GB_EUSAGE, "\"%.200s\" is no URL", text);
	if (rc < 0) {
		curl_url_cleanup(url);
		return rc;
	}
	*ret_url = url;
	return 0;
}

int gb_url_parse(const char *text, const char *from, CURLU **ret_url, struct gb_err *err)
{
	return parse(text, from, false, ret_url, err);
}

int gb_url_parse_plain(const char *text, const char *from, CURLU **ret_url, struct gb_err *err)
{
	return parse(text, from, true, ret_url, err);
}
