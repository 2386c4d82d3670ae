# Output that cannot be written is an error that says so; a reader that went away is not.
[ -c /dev/full ] || exit 77
for command in help version 'completion bash'; do
	# shellcheck disable=SC2086 # words
	gobudget $command >/dev/full || echo "$command: exit $?"
done
{ gobudget completion bash; echo "exit $?" >&2; } | :
