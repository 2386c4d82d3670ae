# profile disasm: weights beside what objdump says, whoever objdump is; and what it refuses.
cp "$PROJECT/tests/fuzz/corpus/pprof/go1.26-goroutineleak" leak.pb.gz
cat >go <<'END'
#!/bin/sh
# The go command as disasm calls it: go tool objdump -s REGEXP BINARY.
[ "$1 $2 $3" = 'tool objdump -s' ] || exit 9
case $4 in
bad) echo "objdump: error parsing regexp: $4" >&2; exit 1 ;;
other) line=17 ;;
*) line=259 ;;
esac
printf 'TEXT main.nothing(SB) /src/main.go\n'
printf '  main.go:9\t\t0x4e7900\t\t90\t\t\tNOPL\t\n\n'
printf 'TEXT main.leak.func1(SB) /src/main.go\n'
printf '  main.go:259\t\t0x4e7a00\t\t493b6610\t\tCMPQ SP, 0x10(R14)\t\n'
printf '  main.go:%d\t\t0x4e7a18\t\te8f3caf2ff\t\tCALL runtime.chansend1(SB)\t\n' "$line"
printf '  main.go:259\t\t0x4e7a1e\t\t90\t\t\tNOPL\033[31m\t\n'
printf 'a line without address\n'
END
chmod +x go
GOBUDGET_GO=$(pwd)/go
export GOBUDGET_GO
echo 'not really a program' >prog
try() {
	printf '%s\n' "--- gobudget profile disasm $*"
	gobudget profile disasm "$@" || echo "exit $?"
}
try 'main\.leak' prog leak.pb.gz
try --json 'main\.leak' prog leak.pb.gz
try --ignore leak 'main\.leak' prog leak.pb.gz
try bad prog leak.pb.gz
try other prog leak.pb.gz
try 'main\.leak' none leak.pb.gz
try 'main\.leak' prog none.pb.gz
GOBUDGET_GO=/nowhere/go try 'main\.leak' prog leak.pb.gz
