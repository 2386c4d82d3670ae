/* notes_keep - what was measured, into a commit's note.  See notes.h. */
#include "cmd/notes.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/proc.h"
#include "base/strlist.h"
#include "base/units.h"
#include "git/notes.h"
#include "git/status.h"
#include "git/walk.h"

#include <unistd.h>

void notes_wait(int tries)
{
	unsigned ms = ((unsigned)getpid() * 7919u + (unsigned)tries * 104729u) % 100u;

	(void)usleep((ms + 5) * 1000);
}

int notes_update(const struct gb_repo *repo, const char *message,
		 int (*change)(const struct gb_repo *repo, struct gb_notes *notes, void *arg,
			       struct gb_err *err),
		 void *arg, int64_t *ret_grew, struct gb_err *err)
{
	for (int i = 0;; i++) {
		struct gb_notes notes = { 0 };
		struct gb_err own = GB_ERR_INIT;
		int rc = gb_notes_load(repo, NULL, &notes, &own);

		if (rc >= 0)
			rc = change(repo, &notes, arg, &own);
		if (rc == 1)
			rc = gb_notes_write(repo, &notes, message, &own);
		if (ret_grew)
			*ret_grew = notes.grew;
		gb_notes_release(&notes);
		if (rc >= 0)
			return 0;
		if (rc != GB_EEXIST || i == NOTES_TRIES || gb_interrupted()) {
			if (err)
				*err = own;
			return rc;
		}
		notes_wait(i);
	}
}

struct keeping {
	const char *commit;
	const struct gb_buf *text;
	const struct notes_bounds *bounds; /* NULL: none */
	struct notes_kept kept;
};

/* What the policy allows; the older ones go first. */
static int bound(const struct gb_repo *repo, struct gb_notes *notes, struct keeping *k,
		 struct gb_err *err)
{
	const struct notes_bounds *b = k->bounds;
	size_t before = notes->n;
	char has[32], may[32];
	int rc = gb_notes_prune(repo, notes, b->keep, err);

	if (rc >= 0)
		rc = gb_notes_bound(repo, notes, k->commit, b->max, &k->kept.total, err);
	if (rc < 0)
		return rc;
	k->kept.pruned = before - notes->n;
	if (!b->max || k->kept.total <= b->max)
		return 0;
	gb_fail(err, GB_ELIMIT, "notes would take %s, and the policy's notes.max is %s",
		gb_format_size(has, sizeof(has), k->kept.total),
		gb_format_size(may, sizeof(may), b->max));
	return gb_hint(err, "raise notes.max in budgets/_policy.json; notes of tagged commits and "
			    "of commits that are not in this clone stay");
}

static int keep_one(const struct gb_repo *repo, struct gb_notes *notes, void *arg,
		    struct gb_err *err)
{
	struct keeping *k = arg;
	const struct gb_note_entry *old = gb_notes_find(notes, k->commit);
	_buf_ struct gb_buf was = GB_BUF_INIT(GB_MAX_NOTE), merged = GB_BUF_INIT(GB_MAX_NOTE);
	int rc = old ? gb_walk_read(repo, old->blob, &was, err) : 0;

	if (rc >= 0 && old)
		rc = gb_note_merge(was.data, k->text->data, &merged, err);
	else if (rc >= 0)
		gb_buf_add(&merged, k->text->data, k->text->len);
	if (rc >= 0 && merged.failed)
		rc = gb_buf_error(&merged, "the note", err);
	if (rc >= 0)
		rc = gb_notes_set(repo, notes, k->commit, merged.data, merged.len, err);
	if (rc >= 0 && k->bounds)
		rc = bound(repo, notes, k, err);
	return rc < 0 ? rc : 1;
}

static int keep_within(const char *commit, const struct gb_note *note,
		       const struct notes_bounds *bounds, struct notes_kept *ret,
		       struct gb_err *err)
{
	_repo_ struct gb_repo *repo = NULL;
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_NOTE);
	struct keeping k = { commit, &text, bounds, { 0 } };
	int rc = gb_repo_open_any(".", &repo, err);

	gb_note_write(note, &text);
	if (rc >= 0 && text.failed)
		rc = gb_buf_error(&text, "the note", err);
	if (rc >= 0)
		rc = notes_update(repo, "Measured by gobudget", keep_one, &k, &k.kept.grew, err);
	if (rc >= 0 && ret)
		*ret = k.kept;
	return rc;
}

int notes_keep_note(const char *commit, const struct gb_note *note, struct gb_err *err)
{
	return keep_within(commit, note, NULL, NULL, err);
}

int notes_keep_bounded(const char *commit, const struct gb_note *note,
		       const struct notes_bounds *bounds, struct notes_kept *ret,
		       struct gb_err *err)
{
	return keep_within(commit, note, bounds, ret, err);
}

int notes_keep(const char *commit, const struct gb_run *run, struct gb_err *err)
{
	struct gb_note note = { 0 };
	int rc = gb_note_of_run(run, &note, err);

	if (rc >= 0)
		rc = notes_keep_note(commit, &note, err);
	gb_note_release(&note);
	return rc;
}

int notes_commit(char ret[41], char **ret_why_not, struct gb_err *err)
{
	_repo_ struct gb_repo *repo = NULL;
	_free_ char *dirty = NULL;
	int rc = gb_repo_open(".", &repo, err);

	ret[0] = 0;
	if (rc >= 0)
		rc = gb_repo_commit(repo, "HEAD", ret, err);
	if (rc >= 0)
		rc = gb_repo_dirty(repo, &dirty, err);
	if (rc < 0)
		return rc;
	if (dirty) {
		ret[0] = 0;
		*ret_why_not = gb_asprintf("nothing is kept in git notes: the work tree is not "
					   "what HEAD has (%s)",
					   dirty);
		return *ret_why_not ? 0 : gb_fail_nomem(err);
	}
	return 0;
}

int notes_begin(char ret[41], struct gb_strlist *said, struct gb_err *err)
{
	struct gb_err own = GB_ERR_INIT;
	_free_ char *why = NULL;
	int rc = notes_commit(ret, &why, &own);

	if (rc == GB_ENOMEM)
		return gb_fail_nomem(err);
	if (rc < 0) {
		ret[0] = 0;
		return gb_strlist_addf(said, err, "nothing is kept in git notes: %s%s%s", own.line,
				       own.hint[0] ? "; " : "", own.hint);
	}
	return why ? gb_strlist_add(said, why, err) : 0;
}

int notes_end(const char *commit, const struct gb_run *run, struct gb_strlist *said,
	      struct gb_err *err)
{
	struct gb_err own = GB_ERR_INIT;
	int rc;

	if (!commit[0] || run->interrupted)
		return 0;
	rc = notes_keep(commit, run, &own);
	if (rc >= 0 || rc == GB_ENOMEM)
		return rc < 0 ? gb_fail_nomem(err) : 0;
	return gb_strlist_addf(said, err, "nothing is kept in git notes: %s", own.line);
}
