# Shells accept what is printed for them (where they are installed), and offer what the table has.
for shell in bash zsh fish; do
	gobudget completion "$shell" >"c.$shell"
	if command -v "$shell" >/dev/null; then
		"$shell" -n "c.$shell" || echo "$shell does not accept it"
	fi
done
command -v bash >/dev/null || exit 77
cat >ask.bash <<'END'
source ./c.bash
ask() {
	COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
	_gobudget
	printf '%s:' "$*"
	printf ' %s' "${COMPREPLY[@]}"
	echo
}
ask gobudget co
ask gobudget completion ''
ask gobudget completion z
ask gobudget version --
ask gobudget completion -- b
END
bash ask.bash
