/*
 * unmeasured - a report of the run that came to nothing.
 *
 * Whoever reads only the files that were asked for (the next step of a job, a comment) must see
 * that nothing was measured, and why; what an earlier run left there would say otherwise.
 */
#ifndef GB_CMD_UNMEASURED_H
#define GB_CMD_UNMEASURED_H

struct gb_err;
struct gb_files;
struct gb_report_shard;

/*
 * `command` is "gobudget check"; `shard`: of check --shard, or NULL.  `code` and `why` are what
 * the command ends with: no failure here changes them.
 */
void unmeasured(const struct gb_files *files, const char *command,
		const struct gb_report_shard *shard, int code, const struct gb_err *why);

#endif
