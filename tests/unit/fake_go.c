/* fake_go - see fake_go.h. */
#include "fake_go.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char script[] =
	"#!/bin/sh\n"
	"here=$(dirname \"$0\")\n"
	"case $1 in\n"
	"env) cat \"$here/env.json\" ;;\n"
	"list)\n"
	"	if [ \"$2\" = -export ]; then shift; . \"$here/list.sh\"; exit; fi\n"
	"	while IFS='\t' read -r path dir; do\n"
	"	printf '%s\\0%s\\0\\n' \"$path\" \"$dir\"\n"
	"done <\"$here/modules.txt\" ;;\n"
	"test)\n"
	"	shift\n"
	"	EXEC=\n"
	"	for word; do case $word in -exec=*) EXEC=${word#-exec=} ;; esac; done\n"
	"	. \"$here/test.sh\" ;;\n"
	"*) echo \"go $1: unknown command\" >&2; exit 2 ;;\n"
	"esac\n";

void fake_write(const char *path, const char *text, int run)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, run ? 0755 : 0644), 0);
}

void fake_go_make(void)
{
	char cwd[3000], path[4000];

	assert_non_null(getcwd(cwd, sizeof(cwd)));
	snprintf(path, sizeof(path), "%s/go", cwd);
	fake_write(path, script, 1);
	assert_int_equal(setenv("GOBUDGET_GO", path, 1), 0);
}

static const char * or (const char *text, const char *other)
{
	return text ? text : other;
}

void fake_go_env(const struct fake_env *e)
{
	char text[8192];

	snprintf(
		text, sizeof(text),
		"{\"GOVERSION\": \"%s\", \"GOROOT\": \"%s\", \"GOMODCACHE\": \"%s\", \"GOFLAGS\": "
		"\"%s\",\n"
		"\"GOEXPERIMENT\": \"%s\", \"GOMOD\": \"%s\", \"GOWORK\": \"\", \"GOOS\": \"%s\",\n"
		"\"GOARCH\": \"%s\", \"GOHOSTOS\": \"linux\", \"GOHOSTARCH\": \"amd64\",\n"
		"\"CGO_ENABLED\": \"1\", \"GOTOOLDIR\": \"/x\"}\n",
		or (e->version, "go1.26.8"), or (e->goroot, "/goroot"),
		or (e->modcache, "/modcache"), or (e->goflags, ""), or (e->goexperiment, ""),
		or (e->gomod, "/m/go.mod"), or (e->goos, "linux"), or (e->goarch, "amd64"));
	fake_write("env.json", text, 0);
}
