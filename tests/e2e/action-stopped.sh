#!/bin/sh
# What tests print is no command to the runner, whatever they try.
set -eu
NODE_MODULES=$("$PROJECT/tests/node/setup")
export NODE_MODULES
exec node "$PROJECT/tests/action/stopped.test.mjs"
