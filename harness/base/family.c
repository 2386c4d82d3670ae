/* family - one walk over /proc, then parents are followed up to us. */
#include "base/family.h"

#include "base/err.h"
#include "base/mem.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void gb_family_release(struct gb_family *f)
{
	free(f->v);
	*f = (struct gb_family){ 0 };
}

int64_t gb_family_rss(const struct gb_family *f)
{
	int64_t sum = 0;

	for (size_t i = 0; i < f->n; i++)
		sum += f->v[i].rss;
	return sum;
}

#ifdef __linux__

const bool gb_family_supported = true;

/* One process of the walk. */
struct process {
	struct gb_relative self;
	pid_t parent;
	bool ours;
};

struct walk {
	struct process *v;
	size_t n, cap;
};

static void cleanup_dir(DIR **d)
{
	if (*d)
		closedir(*d);
}

static void cleanup_walk(struct walk *w)
{
	free(w->v);
}

/* The whole of a small file of /proc; its length, or -1: processes go away while we look. */
static ssize_t read_small(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, size - 1);

	if (fd >= 0)
		close(fd);
	if (n >= 0)
		text[n] = '\0';
	return n;
}

/* "PID (NAME) STATE PPID ... RSS": the name may hold blanks and parentheses, so from the right. */
static bool parse_stat(const char *text, struct process *ret)
{
	const char *open = strchr(text, '('), *close = strrchr(text, ')');
	char state;
	int parent;

	if (!open || !close || close < open || close[1] != ' ')
		return false;
	state = close[2];
	if (state == '\0' || state == 'Z' || state == 'X')
		return false;
	parent = (int)strtol(close + 3, NULL, 10);
	/* After the state (field 3): rss is field 24. */
	const char *s = close + 2;
	for (int field = 3; field < 24; field++) {
		s = strchr(s, ' ');
		if (!s)
			return false;
		s++;
	}
	snprintf(ret->self.name, sizeof(ret->self.name), "%.*s", (int)(close - open - 1), open + 1);
	ret->self.rss = (int64_t)strtoll(s, NULL, 10) * sysconf(_SC_PAGESIZE);
	ret->parent = parent;
	return true;
}

static int walk_all(struct walk *w, struct gb_err *err)
{
	__attribute__((cleanup(cleanup_dir))) DIR *dir = opendir("/proc");
	const struct dirent *entry;

	if (!dir)
		return 0; /* a container without /proc: nothing is known */
	while ((entry = readdir(dir)) != NULL) {
		char path[64], text[1024];
		struct process p = { 0 };
		int rc;

		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		snprintf(path, sizeof(path), "/proc/%.20s/stat", entry->d_name);
		if (read_small(path, text, sizeof(text)) < 0 || !parse_stat(text, &p))
			continue;
		p.self.pid = (pid_t)strtol(entry->d_name, NULL, 10);
		rc = gb_grow((void **)&w->v, &w->cap, w->n + 1, sizeof(*w->v), GB_MAX_FAMILY, err);
		if (rc)
			return rc;
		w->v[w->n++] = p;
	}
	return 0;
}

static bool is_ours(const struct walk *w, pid_t pid, pid_t me)
{
	if (pid == me)
		return true;
	for (size_t i = 0; i < w->n; i++)
		if (w->v[i].self.pid == pid)
			return w->v[i].ours;
	return false;
}

/* Ids mostly rise from parent to child, so that one or two rounds are enough. */
static void mark(struct walk *w)
{
	pid_t me = getpid();
	bool more = true;

	while (more) {
		more = false;
		for (size_t i = 0; i < w->n; i++)
			if (!w->v[i].ours && is_ours(w, w->v[i].parent, me))
				more = w->v[i].ours = true;
	}
}

int gb_family_list(struct gb_family *ret, struct gb_err *err)
{
	__attribute__((cleanup(cleanup_walk))) struct walk w = { 0 };
	_family_ struct gb_family f = { 0 };
	int rc;

	if ((rc = walk_all(&w, err)))
		return rc;
	mark(&w);
	for (size_t i = 0; i < w.n; i++) {
		if (!w.v[i].ours)
			continue;
		rc = gb_grow((void **)&f.v, &f.cap, f.n + 1, sizeof(*f.v), GB_MAX_FAMILY, err);
		if (rc)
			return rc;
		f.v[f.n++] = w.v[i].self;
	}
	gb_family_release(ret);
	*ret = f;
	f = (struct gb_family){ 0 };
	return 0;
}

int64_t gb_process_rss(pid_t pid)
{
	char path[64], text[256];
	char *end;

	snprintf(path, sizeof(path), "/proc/%ld/statm", (long)pid);
	if (read_small(path, text, sizeof(text)) < 0)
		return 0;
	strtoll(text, &end, 10);
	return (int64_t)strtoll(end, NULL, 10) * sysconf(_SC_PAGESIZE);
}

#else

const bool gb_family_supported = false;

int gb_family_list(struct gb_family *ret, struct gb_err *err)
{
	(void)err;
	gb_family_release(ret);
	return 0;
}

int64_t gb_process_rss(pid_t pid)
{
	(void)pid;
	return 0;
}

#endif
