# Help that was asked for is on standard output and exits 0, in every way of asking.
gobudget help 2>/dev/null
for way in --help -h 'help --help'; do
	# shellcheck disable=SC2086 # words
	gobudget $way >way.txt 2>/dev/null || echo "$way: exit $?"
	[ -s way.txt ] || echo "$way: nothing"
done
gobudget --help | cmp - "$(gobudget help >all.txt; echo all.txt)"
echo "--- help completion"
gobudget help completion
for command in completion help version; do
	gobudget help "$command" >named.txt
	gobudget "$command" --help | cmp - named.txt
	gobudget "$command" -h | cmp - named.txt
done
