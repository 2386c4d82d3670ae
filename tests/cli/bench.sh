# bench: two outputs of go test -bench, judged; the policy's shares; every form; mistakes.
try() {
	printf '%s\n' "--- gobudget bench $*"
	status=0
	gobudget bench "$@" || status=$?
	echo "exit $status"
}
# SAMPLES NAME NANOSECONDS [BYTES]: each sample a little more than the one before.
samples() {
	sample=0
	while [ $sample -lt "$1" ]; do
		echo "Benchmark$2-8   	   1000	$(($3 + sample)) ns/op	${4:-0} B/op	0 allocs/op"
		sample=$((sample + 1))
	done
}
{
	echo 'pkg: example.com/shop/store'
	samples 10 Get 1000
	samples 10 Put/big 2000 64
	samples 10 List 3000
	samples 10 Find 4000
	samples 3 Seldom 500
	samples 10 Gone 700
	echo 'pkg: example.com/shop/cart'
	samples 10 Sum 900
} >old.txt
{
	echo 'pkg: example.com/shop/store'
	samples 10 Get 1200
	samples 10 Put/big 2250 96
	samples 10 List 3001
	samples 10 Find 2000
	samples 3 Seldom 900
	samples 10 New 700
	echo 'pkg: example.com/shop/cart'
	samples 10 Sum 901
} >new.txt
try old.txt new.txt
try --all old.txt new.txt
LC_ALL=C try old.txt new.txt
mkdir budgets
echo '{"cpu": {"warn": "30%", "fail": "never"}}' >budgets/_policy.json
try old.txt new.txt --markdown summary.md
cat summary.md
try new.txt old.txt --json - | head -n 24
echo '{"cpu": {"fail": "much"}}' >budgets/_policy.json
try old.txt new.txt
rm budgets/_policy.json
samples 5 Get 1000 >a
samples 5 Get 1200 >b
for i in 1 2 3 4 5 6 7 8; do
	samples 5 Other$i 100 >>a
	samples 5 Other$i 100 >>b
done
try a b
samples 3 Else 5 >other.txt
try old.txt other.txt
echo 'PASS' >none.txt
echo '{"Action":"output"}' >json.txt
try old.txt none.txt
try old.txt json.txt
try old.txt missing.txt
try old.txt
try old.txt new.txt more.txt
try old.txt new.txt --old-profile old.txt
try old.txt new.txt --old-profile old.txt --new-profile new.txt
try old.txt new.txt --json - --markdown -
