# profile: its views on profiles that real programs wrote, and what it refuses.
corpus=$PROJECT/tests/fuzz/corpus/pprof
cp "$corpus/go1.21-heap" old.pb.gz
cp "$corpus/go1.26-heap" new.pb.gz
cp "$corpus/go1.26-cpu" cpu.pb.gz
cp "$corpus/go1.26-goroutineleak" leak.pb.gz
try() {
	printf '%s\n' "--- gobudget profile $*"
	gobudget profile "$@" || echo "exit $?"
}
try top --sample alloc_space -n 8 new.pb.gz
try top -g line --cum --all --focus 'main\.' --ignore pprof --unit bytes new.pb.gz
try top -g file --sample alloc_objects new.pb.gz
try top cpu.pb.gz
try top leak.pb.gz
try diff --sample alloc_space -n 6 old.pb.gz new.pb.gz
try diff new.pb.gz new.pb.gz
try list --source-path "$PROJECT/tests/e2e/profile" 'main\.leak' leak.pb.gz
try list 'main\.leak' leak.pb.gz
try traces --focus 'main\.spin$' cpu.pb.gz | head -n 20
try graph --source-path "$PROJECT/tests/e2e/profile" leak.pb.gz
try top --json -n 2 --sample alloc_space new.pb.gz
try diff --json -n 2 old.pb.gz new.pb.gz
try list --json --source-path "$PROJECT/tests/e2e/profile" 'main\.leak' leak.pb.gz
try traces --json leak.pb.gz
try graph --json leak.pb.gz
try
try tpo new.pb.gz
try top
try top new.pb.gz old.pb.gz
try top none.pb.gz
try top .
try top "$0"
try top "$corpus/text"
head -c 500 new.pb.gz >cut.pb.gz
try top cut.pb.gz
gzip -dc new.pb.gz | head -c 500 >cut.pb
try top cut.pb
try top --sample cpu new.pb.gz
try top --focus '(' new.pb.gz
try top --unit count new.pb.gz
try top -g address new.pb.gz
try top --source-path . new.pb.gz
try diff new.pb.gz cpu.pb.gz
try list no-such-function new.pb.gz
try disasm main new.pb.gz
try disasm main none new.pb.gz
# Names may be anything.
printf '\012\004\010\001\020\002\022\004\010\001\020\005\022\004\010\002\020\007\042\010\010\001\042\004\010\001\020\000\042\010\010\002\042\004\010\001\020\002\052\006\010\001\020\003\040\0042\0002\001n2\005count2\014a"\012\033[31m]b;\1342\004x.go' >hostile.pb
printf 'one\n\033[2Jtwo "quoted"\n' >x.go
try top hostile.pb
try top --json hostile.pb
try list a hostile.pb
try list --json a hostile.pb
try traces hostile.pb
try graph hostile.pb
