# The same line both ways, and nothing else may be said.
gobudget --version
gobudget version
gobudget version of go || echo "exit $?"
