#!/bin/sh
# The token is nowhere but where it is needed: under strace, and from inside a test.
set -eu
NODE_MODULES=$("$PROJECT/tests/node/setup")
export NODE_MODULES
exec node "$PROJECT/tests/action/secrets.test.mjs"
