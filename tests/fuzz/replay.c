/*
 * replay - runs a fuzz target over files: its corpus in every build, and by
 * hand the input of a crash.
 *
 *	replay_json tests/fuzz/corpus/json
 *
 * Arguments are files and folders (searched through); none, or no file in
 * them, is a failure: a corpus that is not there must not read as a pass.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t replayed;

/* In a block of exactly its size, so that a sanitizer sees one byte too many. */
static int replay_file(const char *path)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(64 * GB_MIB);
	_free_ uint8_t *data = NULL;
	struct gb_err err = GB_ERR_INIT;

	if (gb_fs_read(path, &text, &err) < 0) {
		fprintf(stderr, "replay: %s\n", err.line);
		return -1;
	}
	data = gb_malloc(text.len);
	if (!data)
		return -1;
	memcpy(data, text.data, text.len);
	LLVMFuzzerTestOneInput(data, text.len);
	replayed++;
	return 0;
}

static int replay(const char *path)
{
	struct dirent *e;
	DIR *dir;
	int rc = 0;

	if (!gb_fs_is_dir(path))
		return replay_file(path);
	dir = opendir(path);
	if (!dir) {
		perror(path);
		return -1;
	}
	while (rc == 0 && (e = readdir(dir))) {
		_free_ char *file = e->d_name[0] == '.' ? NULL : gb_path_join(path, e->d_name);

		if (file)
			rc = replay(file);
	}
	closedir(dir);
	return rc;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (replay(argv[i]) < 0)
			return 1;
	if (!replayed) {
		fprintf(stderr, "replay: no input\n");
		return 1;
	}
	printf("%zu inputs\n", replayed);
	return 0;
}
