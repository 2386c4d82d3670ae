/*
 * fake_go - a go command made of sh, so that tests need no build.
 *
 * fake_go_make() writes "go" into the current folder and points GOBUDGET_GO at it.
 * `go env -json` prints the file env.json, `go list` what modules.txt says
 * ("path<TAB>dir" lines), `go list -export` runs the file list.sh with its own arguments, `go test` runs the file test.sh with its own arguments; $EXEC is
 * the value of -exec, and words() splits it.
 */
#ifndef GB_TESTS_FAKE_GO_H
#define GB_TESTS_FAKE_GO_H

struct fake_env {
	const char *version, *goroot, *modcache, *goflags, *goexperiment, *gomod, *goos, *goarch;
};

void fake_go_make(void);
void fake_go_env(const struct fake_env *e); /* NULL members: as the real one would say here */
/* Writes a file, executable where `run` is set. */
void fake_write(const char *path, const char *text, int run);

#endif
