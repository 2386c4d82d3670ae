# exact.jq - 1,000 tests, number i leaving i mod 3 goroutines and allocating i KiB: what is wrong.
#
# The allocator rounds up to a size class, and above 32 KiB to pages of 8 KiB.
# What the test framework adds is the same for every test.

def rounded:
	. as $n
	| [1024, 2048, 3072, 4096, 5376, 6144, 8192, 9472, 10240, 12288, 13568, 14336, 16384,
	   18432, 19072, 20480, 21760, 24576, 27264, 28672, 32768] as $classes
	| if $n > 32768 then (($n + 8191) / 8192 | floor) * 8192
	  elif $n == 0 then 0
	  else [$classes[] | select(. >= $n)] | min
	  end;

[.packages[].tests[] | select(.name | test("^TestExact/?[0-9]{3}$"))
	| (.name[-3:] | tonumber) as $i
	| {i: $i, left: .metrics.goroutines.in_order.max, created: .metrics.goroutines_created.in_order.max,
	   extra: (.metrics.alloc_space.in_order.min - ($i * 1024 | rounded)),
	   objects: (.metrics.alloc_objects.in_order.min - (if $i > 0 then 1 else 0 end))}]
| [ (select(length != 1000) | "\(length) tests"),
    (.[] | select(.left != .i % 3) | "\(.i) left \(.left)"),
    (.[] | select(.created != .i % 3) | "\(.i) created \(.created)"),
    (group_by(.extra) | select(length > 1) | map("\(length) x \(.[0].extra) bytes (\(.[0].i))") | join(", ")),
    (group_by(.objects) | select(length > 1) | map("\(length) x \(.[0].objects) objects (\(.[0].i))") | join(", ")),
    (.[] | select(.extra < 0 or .extra > 2048) | "\(.i) has \(.extra) bytes besides its own") ]
| .[:20]
