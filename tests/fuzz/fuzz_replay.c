/* Kept measurements: any bytes are refused with a line, or are one package that went well. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "go/replay.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int condition)
{
	if (!condition)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_run_ struct gb_run *run = gb_run_new(NULL);
	const struct gb_toolchain go = { 0 };
	struct gb_err err = GB_ERR_INIT;
	int rc;

	check(run != NULL);
	rc = gb_replay_below(run, "example.com/shop", "/there", (const char *)data, size, &err);
	if (rc) {
		check(err.line[0] && err.code == rc && run->n_packages == 0);
	} else {
		size_t before = run->packages[0].n_tests;

		/* One more run of it has the same tests, if it has any. */
		(void)gb_replay_again(run, "example.com/shop", "/there", (const char *)data, size,
				      &err);
		check(run->packages[0].n_tests == before);
		gb_run_drop_package(run, 0);
	}
	rc = gb_replay(run, &go, "example.com/shop", "/w", (const char *)data, size, &err);
	if (rc) {
		check(err.line[0] && err.code == rc && run->n_packages == 0);
		return 0;
	}
	check(run->n_packages == 1 && gb_replay_may_keep(&run->packages[0]));
	check(run->packages[0].measured_at > 0 && run->env.gomaxprocs > 0 && run->go_version);
	/* The same again is in the same environment. */
	check(gb_replay(run, &go, "example.com/shop", "/w", (const char *)data, size, &err) == 0);
	return 0;
}
