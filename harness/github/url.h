/*
 * url - is this the same origin?  libcurl's own parser answers, the one that will connect.
 */
#ifndef GB_GITHUB_URL_H
#define GB_GITHUB_URL_H

#include <curl/curl.h>
#include <stdbool.h>

struct gb_err;

struct gb_origin {
	char *scheme, *host, *port;
};

/*
 * Parses `text`, relative to `from` unless that is NULL.  GB_EUSAGE: no URL, one with a user name,
 * not https and not http to this machine.  *ret_url is for curl_url_cleanup().
 */
int gb_url_parse(const char *text, const char *from, CURLU **ret_url, struct gb_err *err);

/* The same, and http to any machine is fine. */
int gb_url_parse_plain(const char *text, const char *from, CURLU **ret_url, struct gb_err *err);

int gb_origin_of(CURLU *url, struct gb_origin *ret, struct gb_err *err);
bool gb_origin_same(const struct gb_origin *a, const struct gb_origin *b);
bool gb_origin_is_loopback(const struct gb_origin *o);
void gb_origin_release(struct gb_origin *o);

#endif
