# compare.jq - a report against an expected.json: a line of "ok NAME" or "not ok NAME<tab>SEEN" each.
#
#	jq -r --slurpfile expected expected.json -f compare.jq report.json
#
# expected.json holds
#	exit	  the exit status, or a list of those that will do
#	tests	  by package, by test: METRIC is the value in every sample, METRIC_min and
#		  METRIC_max bound it; outcome and kind are the row's, samples how many
#		  there are, groups how many kinds of goroutines it left; null: must
#		  not be there
#	only	  true: no other rows in these packages, but "(package)"
#	troubles  each {package, kind (or a list of kinds), test?, text? (a regexp), output? (a
#		  regexp)}; any other trouble that is not a warning is a failure
# and what modules.sh needs to run it.

def listed: if type == "array" then . else [.] end;

def say($good; $name; $seen):
	if $good then "ok " + $name else "not ok " + $name + "\t" + ($seen | tojson) end;

# Smallest and largest of a metric over the samples in order, those of a process that died too.
def values($metric):
	[(.metrics[$metric] // {}) | .in_order, .exact, .in_order_unsettled, .exact_unsettled | select(. != null)]
	| if length == 0 then null else {min: (map(.min) | min), max: (map(.max) | max)} end;

def right($key; $want):
	if $key == "outcome" or $key == "kind" then .[$key] == $want
	elif $key == "groups" then [.goroutines[]? | select(.run == 0)] | length == $want
	elif $key == "samples" then (.metrics.goroutines | (.in_order // .in_order_unsettled).n // 0) == $want
	elif $key | endswith("_min") then values($key[:-4]) | . != null and .min >= $want
	elif $key | endswith("_max") then values($key[:-4]) | . != null and .max <= $want
	else values($key) | . != null and .min == $want and .max == $want
	end;

def fits($want):
	(.kind | IN($want.kind | listed[]))
	and ($want.test == null or .test == $want.test)
	and ($want.text == null or ((.text // "") | test($want.text)))
	and ($want.output == null or ((.output // "") | test($want.output)));

. as $report
| $expected[0] as $e
| ($report.packages | map({key: .path, value: .}) | from_entries) as $packages
| (
	($e.tests // {} | to_entries[] | .key as $path | .value as $tests
	| ($packages[$path].tests // [] | map({key: .name, value: .}) | from_entries) as $rows
	| ($tests | to_entries[] | .key as $name | .value as $want | $rows[$name] as $row
		| if $want == null then say($row == null; "\($path) \($name) is not there"; $row.outcome)
		  elif $row == null then say(false; "\($path) \($name) is there"; $rows | keys)
		  else
			[$want | to_entries[] | . as $w | select($row | right($w.key; $w.value) | not)] as $wrong
			| say($wrong == []; "\($path) \($name)";
				{want: ($wrong | from_entries), got: ($row | {outcome, kind, metrics}),
				 left: [$row.goroutines[]? | "\(.count) x \(.created.func) \(.state)"]})
		  end),
	  (select($e.only) | [$rows | keys[] | select(. != "(package)" and (. as $n | $tests | has($n) | not))]
		| say(. == []; "\($path) has no other tests"; .))),

	($e.troubles // [] | .[] as $want
	| [$packages[$want.package].troubles[]?] as $there
	| say(any($there[]; fits($want));
		"\($want.package) trouble \($want.kind | listed | join(" or ")) \($want.test // "")";
		[$there[] | {kind, test, text, warning}])),

	([$report.packages[] | .path as $path | .troubles[] | select(.warning | not)
		| . as $t | select(any($e.troubles[]?; . as $want | $want.package == $path and ($t | fits($want))) | not)
		| {package: $path, kind, test, text, output: (.output // "")[-600:]}]
	| say(. == []; "no other trouble"; .)),

	say($report.exit_status | IN($e.exit | listed[]); "exit status in the report"; $report.exit_status)
)
