# Each mistake is one line, a hint and exit 2; nothing on standard output.
try() {
	printf '%s\n' "--- gobudget $*" | tr -d '\033'
	status=0
	gobudget "$@" >out.txt || status=$?
	[ ! -s out.txt ] || echo "standard output: $(head -n 1 out.txt)"
	echo "exit $status"
}
try
try --verbose check
try nonsense
try help nonsense
try help help help
try version --colour
try completion
try completion tcsh
try completion bash zsh
try "$(printf 'evil\033[31m\nname')"
