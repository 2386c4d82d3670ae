#!/bin/sh
# The action's first step: a release that is checked, or a build.
set -eu
NODE_MODULES=$("$PROJECT/tests/node/setup")
export NODE_MODULES
exec node "$PROJECT/tests/action/install.test.mjs"
