/*
 * commit_url - where the web shows a commit, from the address of origin.
 */
#ifndef GB_CMD_COMMIT_URL_H
#define GB_CMD_COMMIT_URL_H

struct gb_err;
struct gb_repo;

/* "https://github.com/me/shop/commit/", to which an id is added; NULL in *ret: origin is no host that
 * has such pages, or there is none.  Never a name or password out of the address. */
int commit_url(const struct gb_repo *repo, char **ret, struct gb_err *err);
/* The same of an address: the part that decides. */
int commit_url_of(const char *address, char **ret, struct gb_err *err);

#endif
