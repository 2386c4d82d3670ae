#include "git/replaced.h"

#include "base/buf.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "git/repo_git.h"

#include <stdlib.h>
#include <string.h>

/* May git replace objects at all? */
static bool is_on(git_repository *git)
{
	git_config *config = NULL;
	int value = 1;

	if (getenv("GIT_NO_REPLACE_OBJECTS"))
		return false;
	if (!git_repository_config_snapshot(&config, git) &&
	    git_config_get_bool(&value, config, "core.usereplacerefs"))
		value = 1;
	git_config_free(config);
	return value;
}

static size_t count_objects(git_repository *git)
{
	const char *base = getenv("GIT_REPLACE_REF_BASE");
	git_reference_iterator *each = NULL;
	_free_ char *glob = NULL;
	const char *name;
	size_t n = 0;

	base = base && *base ? base : "refs/replace/";
	glob = gb_asprintf("%s%s*", base, gb_ends(base, "/") ? "" : "/");
	if (!glob || git_reference_iterator_glob_new(&each, git, glob))
		return 0;
	while (n < GB_MAX_COMMITS && !git_reference_next_name(&name, each))
		n++;
	git_reference_iterator_free(each);
	return n;
}

/* "COMMIT [PARENT...]" on each line. */
static size_t count_grafts(git_repository *git)
{
	const char *named = getenv("GIT_GRAFT_FILE");
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_GRAFTS);
	_free_ char *path = named && *named
				    ? gb_strdup(named)
				    : gb_path_join(git_repository_commondir(git), "info/grafts");
	size_t n = 0;

	if (!path || !gb_fs_exists(path))
		return 0;
	if (gb_fs_read(path, &text, NULL) < 0)
		return 1; /* whatever is in it */
	for (const char *s = text.data; s && *s; s = strchr(s, '\n')) {
		s += *s == '\n';
		n += strspn(s, "0123456789abcdefABCDEF") >= 40;
	}
	return n;
}

void gb_repo_replaced(const struct gb_repo *repo, struct gb_replaced *ret)
{
	git_repository *git = gb_repo_git(repo);

	*ret = (struct gb_replaced){ .objects = is_on(git) ? count_objects(git) : 0,
				     .grafts = count_grafts(git) };
}

char *gb_replaced_words(const struct gb_replaced *r)
{
	_buf_ struct gb_buf words = GB_BUF_INIT(GB_MAX_LINE);

	if (r->objects)
		gb_buf_addf(&words, "%zu replaced object%s (git replace)", r->objects,
			    r->objects == 1 ? "" : "s");
	if (r->objects && r->grafts)
		gb_buf_adds(&words, " and ");
	if (r->grafts)
		gb_buf_addf(&words, "%zu graft%s (.git/info/grafts)", r->grafts,
			    r->grafts == 1 ? "" : "s");
	return words.len && !words.failed ? gb_strdup(words.data) : NULL;
}
