/* Workflow commands, outputs, summary.  See runner.h. */
#include "github/runner.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DELIMITER "ghadelimiter_"

static void escape(struct gb_buf *out, const char *s, bool property)
{
	for (; *s; s++) {
		if (*s == '%' || *s == '\r' || *s == '\n' || (property && (*s == ':' || *s == ',')))
			gb_buf_addf(out, "%%%02X", (unsigned char)*s);
		else
			gb_buf_addc(out, *s);
	}
}

void gb_safe_lines(struct gb_buf *out, const char *text, size_t max)
{
	for (size_t n = 0; *text && n < max; n++) {
		uint32_t cp;
		size_t len = gb_utf8_decode(text, strlen(text), &cp);

		if (len == 0 || (cp != '\n' && gb_utf8_unsafe(cp)))
			gb_buf_adds(out, cp == '\t' && len ? " " : GB_UTF8_REPLACEMENT);
		else
			gb_buf_add(out, text, len);
		text += len ? len : 1;
	}
}

static void property(struct gb_buf *out, bool *more, const char *name, const char *value)
{
	_buf_ struct gb_buf safe = GB_BUF_INIT(GB_MIB);

	if (!value || !*value)
		return;
	gb_text_safe(&safe, value);
	out->failed = out->failed || safe.failed;
	gb_buf_addf(out, "%s%s=", *more ? "," : " ", name);
	escape(out, safe.data, true);
	*more = true;
}

void gb_annotation_write(const struct gb_annotation *a, struct gb_buf *out)
{
	static const char *const names[] = { "error", "warning", "notice" };
	_buf_ struct gb_buf message = GB_BUF_INIT(GB_MIB);
	bool more = false;

	gb_safe_lines(&message, a->message, GB_ANNOTATION_MAX);
	out->failed = out->failed || message.failed;
	gb_buf_addf(out, "::%s", names[a->level]);
	property(out, &more, "title", a->title);
	property(out, &more, "file", a->file);
	if (a->file && a->line > 0)
		gb_buf_addf(out, "%sline=%lld", more ? "," : " ", (long long)a->line);
	gb_buf_adds(out, "::");
	escape(out, message.data, false);
	gb_buf_addc(out, '\n');
}

void gb_annotation_release(struct gb_annotation *a)
{
	free(a->file);
	free(a->title);
	free(a->message);
	*a = (struct gb_annotation){ 0 };
}

/* As .NET's TrimStart() does before the runner looks for a command. */
static const char *past_space(const char *s)
{
	for (;;) {
		uint32_t cp;
		size_t n = gb_utf8_decode(s, strnlen(s, 4), &cp);
		bool space = (cp >= 0x09 && cp <= 0x0D && cp != 0x0A) || cp == 0x20 || cp == 0x85 ||
			     cp == 0xA0 || cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200A) ||
			     cp == 0x2028 || cp == 0x2029 || cp == 0x202F || cp == 0x205F ||
			     cp == 0x3000;

		if (!n || !space)
			return s;
		s += n;
	}
}

void gb_log_text(const char *text, struct gb_buf *out)
{
	const char *command = past_space(text);

	for (const char *s = text; *s; s++) {
		if (s == command && strncmp(s, "::", 2) == 0)
			gb_buf_adds(out, "- ");
		gb_buf_addc(out, *s);
		if (s[0] == '#' && s[1] == '[')
			gb_buf_addc(out, ' ');
		if (*s == '\n' || *s == '\r')
			command = past_space(s + 1);
	}
}

void gb_log_line(const char *text, struct gb_buf *out)
{
	_buf_ struct gb_buf safe = GB_BUF_INIT(GB_MIB);

	gb_text_safe(&safe, text);
	out->failed = out->failed || safe.failed;
	gb_log_text(safe.data, out);
	gb_buf_addc(out, '\n');
}

void gb_commands_stop(const char *word, struct gb_buf *out)
{
	gb_buf_addf(out, "::stop-commands::%s\n", word);
}

void gb_commands_go_on(const char *word, struct gb_buf *out)
{
	gb_buf_addf(out, "::%s::\n", word);
}

int gb_random_word(char ret[GB_WORD_SIZE], struct gb_err *err)
{
	_fd_ int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	unsigned char b[16];

	if (fd < 0 || read(fd, b, sizeof(b)) != (ssize_t)sizeof(b))
		return gb_fail_sys(err, errno ? errno : EIO, "read /dev/urandom");
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	(void)snprintf(ret, GB_WORD_SIZE,
		       "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0],
		       b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12],
		       b[13], b[14], b[15]);
	return 0;
}

int gb_output_write(const char *name, const char *value, const char *word, struct gb_buf *out,
		    struct gb_err *err)
{
	if (strstr(value, word))
		return gb_fail(err, GB_EUSAGE, "the output %s has its own delimiter in it", name);
	gb_buf_addf(out, "%s<<" DELIMITER "%s\n%s\n" DELIMITER "%s\n", name, word, value, word);
	return 0;
}

int gb_runner_append(const char *path, const char *text, size_t len, struct gb_err *err)
{
	_fd_ int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);

	if (fd < 0)
		return gb_fail_sys(err, errno, "open %s", path);
	return gb_fd_write_all(fd, text, len) == 0 ? 0 : gb_fail_sys(err, errno, "write %s", path);
}

size_t gb_summary_room(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return GB_SUMMARY_MAX;
	return (uintmax_t)st.st_size < GB_SUMMARY_MAX ? GB_SUMMARY_MAX - (size_t)st.st_size : 0;
}
