#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "escape_fixture.h"

const char *const escape_versions[ESCAPE_VERSIONS] = { "go1.21", "go1.22", "go1.24", "go1.25" };

void escape_feed(struct gb_escapes *e, const char *text)
{
	struct gb_err err = GB_ERR_INIT;

	while (*text) {
		size_t len = strcspn(text, "\n");

		if (gb_escapes_line(e, text, len, &err) < 0)
			fail_msg("%s", err.line);
		text += len + (text[len] == '\n');
	}
}

struct gb_escapes *escape_fixture_in(const char *dir, const char *version, const char *language)
{
	_buf_ struct gb_buf said = GB_BUF_INIT(GB_MIB);
	struct gb_err err = GB_ERR_INIT;
	struct gb_escapes *e = NULL;
	char name[GB_MAX_PATH], rules[GB_MAX_PATH];

	snprintf(name, sizeof(name), "%s/tests/unit/escapes/said/%s", GB_SOURCE_DIR, version);
	snprintf(rules, sizeof(rules), "%s/rules", dir);
	if (gb_fs_read(name, &said, &err) < 0 || gb_escapes_new(&e, &err) < 0 ||
	    gb_escapes_add_package(e, "example.com/shapes", dir, "example.com/shapes", dir,
				   language, &err) < 0 ||
	    gb_escapes_add_package(e, "example.com/shapes/rules", rules, "example.com/shapes", dir,
				   language, &err) < 0)
		fail_msg("%s", err.line);
	escape_feed(e, said.data);
	if (gb_escapes_finish(e, &err) < 0)
		fail_msg("%s", err.line);
	return e;
}

struct gb_escapes *escape_fixture(const char *version, const char *language)
{
	return escape_fixture_in(GB_SOURCE_DIR "/tests/unit/escapes", version, language);
}
