# profile flame: one page, its data exact, hostile names harmless.
printf '\012\004\010\006\020\007\012\004\010\001\020\002\022\011\012\002\002\001\022\003\100\200 \022\007\012\001\001\022\002\001\100\042\010\010\001\042\004\010\001\020\007\042\010\010\002\042\004\010\002\020\011\052\006\010\001\020\003 \004\052\006\010\002\020\005 \0042\0002\013alloc_space2\005bytes2\011main.main2\007main.go2\020main.\074b\076grow\074\057b\0762\015alloc_objects2\005count' >old.pprof
printf '\012\004\010\006\020\007\012\004\010\001\020\002\022\014\012\002\002\001\022\006\200\200\001\200\200\100\022\007\012\001\001\022\002\001\100\042\010\010\001\042\004\010\001\020\007\042\010\010\002\042\004\010\002\020\011\052\006\010\001\020\003 \004\052\006\010\002\020\005 \0042\0002\013alloc_space2\005bytes2\011main.main2\007main.go2\020main.\074b\076grow\074\057b\0762\015alloc_objects2\005count' >new.pprof
try() {
	echo "--- $*"
	"$@" || echo "exit $?"
}
data() { sed -n '/id="flame-data"/,/<\/script>/p' "$1"; }
try gobudget profile flame -o page.html new.pprof
data page.html
try gobudget profile flame -o page.html --base old.pprof --sample alloc_space new.pprof
data page.html
grep 'grow</b>' page.html || echo 'no name is HTML'
try gobudget profile flame -o - --focus no.such new.pprof | sed -n '/"strings"/,/"depth"/p'
try gobudget profile flame -o none/page.html new.pprof
try gobudget profile flame -o page.html
try gobudget profile flame -o page.html --base none.pprof new.pprof
echo text >text
try gobudget profile flame -o page.html --base text new.pprof
try gobudget profile flame -o page.html --cum new.pprof
