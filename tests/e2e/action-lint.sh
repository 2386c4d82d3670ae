#!/bin/sh
# The action and its examples through the linters; what they say, and what README says of them.
set -eu
NODE_MODULES=$("$PROJECT/tests/node/setup")
export NODE_MODULES
exec node "$PROJECT/tests/action/lint.test.mjs"
