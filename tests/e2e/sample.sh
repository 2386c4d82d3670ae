#!/bin/sh
# shellcheck disable=SC2317 # functions that are called by name
# The sample module: every bug is over budget on the right metric and names its
# line, every fixed twin is within.
set -eu
# shellcheck source=tests/e2e/lib.sh
. "$PROJECT/tests/e2e/lib.sh"

marked() { # FILE MARKER: number of the line that ends in it
	grep -nF -e "// $2" "$1" | cut -d: -f1
}

over() { # PATTERN PACKAGE TEST METRIC
	json "($1) $3 is over on $4" report.json \
		"[.verdicts[] | select(.package == \"$module/$2\" and .test == \"$3\" and .metric == \"$4\"
			and .verdict == \"over\" and .action == \"fail\")] | length > 0"
	json "($1) TestFixed${3#Test} is within" report.json \
		"([.packages[] | select(.path == \"$module/$2\") | .tests[] | select(.name == \"TestFixed${3#Test}\")]
			| length == 1)
		and ([.verdicts[] | select(.package == \"$module/$2\" and .test == \"TestFixed${3#Test}\"
			and .action == \"fail\")] | length == 0)"
}

# The go statement is named by the goroutines that were left or, where none is, by none.
creates() { # PATTERN PACKAGE TEST FILE MARKER COUNT
	json "($1) $3 names $4:$(marked "$4" "$5")" report.json \
		"[.packages[] | select(.path == \"$module/$2\") | .tests[] | select(.name == \"$3\") | .goroutines[]
			| select(.run == 0 and .created.file == \"$4\"
				and .created.line == $(marked "$4" "$5")) | .count] | add == $6"
}

# The text, for people, names the line; so does a stack among the test's largest sites.
allocates() { # PATTERN PACKAGE TEST FILE MARKER
	json "($1) $3 allocates at $4:$(marked "$4" "$5")" report.json \
		"[.packages[] | select(.path == \"$module/$2\") | .tests[] | select(.name == \"$3\")
			| .evidence.places[:3][].frames[]
			| select(.file == \"$4\" and .line == $(marked "$4" "$5"))] | length > 0"
}

told() { # PATTERN FILE MARKER
	contains "($1) the text names $2:$(marked "$2" "$3")" text "$2:$(marked "$2" "$3")"
}

fails() { # TESTS: they and no others
	equal 'nothing else fails' \
		"$(jq -r '[.verdicts[] | select(.action == "fail") | .test] | unique | join(" ")' report.json)" "$1"
}

service() {
	cp -R "$PROJECT/tests/sample" sample
	cd sample
	# The go command of 1.21 refuses what asks for 1.22; no line here depends on the difference.
	[ "$(go_minor)" != 21 ] || sed -i.old 's/^go 1.22/go 1.21/' go.mod
	run_ok 'the tests pass' go test ./...
	gb 1 check --json report.json ./...
	cp "$OUT" text
	module=example.com/sample
	over a scheduler TestPool goroutines
	creates a scheduler TestPool scheduler/pool.go 'bug: (a)' 8
	over c handlers TestLoadTariff inuse_space
	over d events TestBus goroutines
	creates d events TestBus events/bus.go 'bug: (d)' 5
	over e store TestImport goroutines
	creates e store TestImport store/batch.go 'bug: (e)' 6
	over f cache TestLabels inuse_space
	over g report TestCost alloc_space
	over h metrics TestTransit alloc_objects
	over i handlers TestRender alloc_space
	over j webhook TestSender goroutines_created
	over k carrier TestPoller goroutines
	creates k carrier TestPoller carrier/poller.go 'bug: (k) ticker' 4
	over k carrier TestHealthy goroutines
	json '(k) TestHealthy names the connections of net/http' report.json \
		"[.packages[] | select(.path == \"$module/carrier\") | .tests[] | select(.name == \"TestHealthy\")
			| .goroutines[] | select(.run == 0
				and (.created.func | startswith(\"net/http.(*Transport).dialConn\")))
			| .count] | add == 10"
	fails 'TestBus TestCost TestHealthy TestImport TestLabels TestLoadTariff TestPoller TestPool TestRender TestSender TestTransit'
	json 'no trouble' report.json '[.packages[].troubles[] | select(.warning | not)] == []'
	allocates c handlers TestLoadTariff handlers/tariff.go 'site: (c)'
	allocates f cache TestLabels cache/cache.go 'site: (f)'
	allocates g report TestCost report/report.go 'bug: (g)'
	allocates h metrics TestTransit metrics/metrics.go 'bug: (h)'
	allocates i handlers TestRender handlers/render.go 'bug: (i)'
	told a scheduler/pool.go 'bug: (a)'
	told c handlers/tariff.go 'site: (c)'
	told d events/bus.go 'bug: (d)'
	told e store/batch.go 'bug: (e)'
	told f cache/cache.go 'site: (f)'
	told g report/report.go 'bug: (g)'
	told h metrics/metrics.go 'bug: (h)'
	told j webhook/webhook.go 'bug: (j)'
	told k carrier/poller.go 'bug: (k) ticker'
	told k carrier/client.go 'bug: (k) body'
	told i handlers/render.go 'site: (i)'

	cd legacy
	gb 1 check --json report.json ./...
	cp "$OUT" text
	module=example.com/sample/legacy
	over b feeds TestFollow goroutines
	creates b feeds TestFollow feeds/feeds.go 'bug: (b)' 5
	told b feeds/feeds.go 'bug: (b)'
	fails TestFollow
}

each_go service
finish
