#!/bin/sh
# functions.sh >functions.go: 400 functions that call each other on ways of their own.
set -eu
awk -v n=400 'BEGIN {
	print "package main\n\nvar sink []any"
	for (i = 0; i < n; i++) {
		printf "\n//go:noinline\nfunc f%d(d int, s uint64) {\n\tif d == 0 {\n", i
		printf "\t\tswitch s %% 4 {\n\t\tcase 0:\n"
		printf "\t\t\tsink = append(sink[:0], make([]byte, %d))\n", 16 + i * 8
		printf "\t\tcase 1:\n\t\t\tsink = append(sink[:0], new([%d]int64))\n", 1 + i % 64
		printf "\t\tcase 2:\n\t\t\tsink = append(sink[:0], make([]string, %d))\n", 1 + i % 100
		printf "\t\tdefault:\n\t\t\tsink = append(sink[:0], map[int]int{1: 2})\n\t\t}\n\t\treturn\n\t}\n"
		printf "\ts = s*6364136223846793005 + 1442695040888963407\n\tswitch (s >> 33) %% 8 {\n"
		for (k = 0; k < 7; k++)
			printf "\tcase %d:\n\t\tf%d(d-1, s)\n", k, (i * 7 + k * 131 + 1) % n
		printf "\tdefault:\n\t\tf%d(d-1, s)\n\t}\n}\n", (i + 1) % n
	}
}'
