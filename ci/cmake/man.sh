#!/bin/sh
# man.sh GOBUDGET SCDOC SOURCE OUT: the man page, its COMMANDS written by the program's own
# `help`, so that the two cannot disagree.
set -eu
gobudget=$1 scdoc=$2 source=$3 out=$4

# One command's help as scdoc: a heading, the paragraphs, a definition per option.
section() {
	"$gobudget" help "$1" | awk '
	function plain(s) {
		gsub(/[\\_*`]/, "\\\\&", s)
		return s
	}
	NR == 1 {
		sub(/^usage: /, "")
		print "## " plain($0) "\n"
		next
	}
	NR == 3 {
		$0 = toupper(substr($0, 1, 1)) substr($0, 2) "."
	}
	/^options:$/ {
		options = 1
		next
	}
	options && /^ *-/ {
		at = match($0, /[^ ]   *[^ ]/)
		flag = at ? substr($0, 1, at) : $0
		text = at ? substr($0, at + 1) : ""
		sub(/^ */, "", flag)
		sub(/^ */, "", text)
		printf "\n*%s*\n", plain(flag)
		if (text != "")
			printf "\t%s\n", plain(text)
		next
	}
	options {
		sub(/^ */, "\t")
		print plain($0)
		next
	}
	/^  / && !literal {
		literal = 1
		print "```"
	}
	literal && !/^  / {
		literal = 0
		print "```"
	}
	{ print literal ? $0 : plain($0) }
	END {
		if (literal)
			print "```"
		print ""
	}'
}

"$gobudget" help >"$out.help"
commands=$(sed -n '/^commands:$/,/^$/s/^  \([a-z][a-z]*\).*/\1/p' "$out.help")
[ "$commands" ]
for command in $commands; do
	section "$command"
done >"$out.commands"
sed -e "/^@COMMANDS@\$/{
r $out.commands
d
}" "$source" | cat -s >"$out.scd"
"$scdoc" <"$out.scd" >"$out.tmp"
mv "$out.tmp" "$out"
rm -f "$out.help" "$out.commands"
