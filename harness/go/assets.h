/*
 * assets - the agent's files, embedded by the build.
 *
 * Every *.go and *.edits file under harness/go/agent, sorted by name; the name is the
 * path from there ("testing.go", "runtime.edits").
 */
#ifndef GB_GO_ASSETS_H
#define GB_GO_ASSETS_H

#include "base/asset.h"

extern const struct gb_asset gb_assets[];
extern const size_t gb_assets_n;

#endif
