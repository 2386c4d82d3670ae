# One CTest case per unit test file, fuzz corpus, golden CLI script, end-to-end script.
# Exit status 77 is "skipped", and never counts as passed.

# unit: tests/unit/test_X.c is unit.X; other files there are helpers of all of them.
file(GLOB unit_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/unit/test_*.c)
file(GLOB unit_helpers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/unit/*.c)
if(unit_sources)
	list(REMOVE_ITEM unit_helpers ${unit_sources})
	pkg_check_modules(pc_cmocka REQUIRED IMPORTED_TARGET cmocka)
endif()
foreach(source IN LISTS unit_sources)
	get_filename_component(name ${source} NAME_WE)
	string(REGEX REPLACE "^test_" "" short ${name})
	add_executable(${name} ${source} ${unit_helpers})
	target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/unit)
	target_compile_definitions(${name} PRIVATE GB_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
	target_link_libraries(${name} PRIVATE gb_all gb_flags PkgConfig::pc_cmocka)
	add_dependencies(${name} gb_version)
	add_test(NAME unit.${short} COMMAND ${name})
	set_tests_properties(unit.${short} PROPERTIES LABELS unit TIMEOUT 120
		ENVIRONMENT "LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/ci/lsan.txt:print_suppressions=0"
		SKIP_REGULAR_EXPRESSION "\\[  SKIPPED \\]")
endforeach()

# fuzz: every target is replayed over its corpus by plain code, in every build.
file(GLOB fuzz_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/fuzz/fuzz_*.c)
set(replay ${PROJECT_SOURCE_DIR}/tests/fuzz/replay.c)
if(GB_FUZZERS)
	add_custom_target(fuzzers)
endif()
foreach(source IN LISTS fuzz_sources)
	get_filename_component(name ${source} NAME_WE)
	string(REGEX REPLACE "^fuzz_" "" short ${name})
	if(EXISTS ${replay})
		add_executable(replay_${short} ${source} ${replay})
		target_link_libraries(replay_${short} PRIVATE gb_all gb_flags)
		add_test(NAME fuzz.${short} COMMAND replay_${short}
			${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${short})
		set_tests_properties(fuzz.${short} PROPERTIES LABELS fuzz TIMEOUT 120)
	endif()
	if(GB_FUZZERS)
		add_executable(${name} ${source})
		target_link_libraries(${name} PRIVATE gb_all gb_flags)
		target_link_options(${name} PRIVATE -fsanitize=fuzzer)
		add_dependencies(fuzzers ${name})
	endif()
endforeach()

if(NOT TARGET gobudget)
	return()
endif()

# cli: a script and the output it must have, beside it.
file(GLOB cli_cases CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/cli/*.sh)
foreach(case IN LISTS cli_cases)
	get_filename_component(short ${case} NAME_WE)
	add_test(NAME cli.${short}
		COMMAND ${PROJECT_SOURCE_DIR}/tests/cli/run $<TARGET_FILE:gobudget> ${short})
	set_tests_properties(cli.${short} PROPERTIES LABELS cli TIMEOUT 300 SKIP_RETURN_CODE 77
		ENVIRONMENT "LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/ci/lsan.txt:print_suppressions=0")
endforeach()

# e2e: real modules, real toolchains; lib.sh is what they share.
file(GLOB e2e_cases CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/e2e/*.sh)
list(FILTER e2e_cases EXCLUDE REGEX "/(lib|repo)\\.sh$")
foreach(case IN LISTS e2e_cases)
	get_filename_component(short ${case} NAME_WE)
	add_test(NAME e2e.${short}
		COMMAND ${PROJECT_SOURCE_DIR}/tests/e2e/run $<TARGET_FILE:gobudget> ${short})
	set_tests_properties(e2e.${short} PROPERTIES LABELS e2e TIMEOUT 1800 SKIP_RETURN_CODE 77)
	# Side by side the longest go first, or the last one runs alone.
	if(short MATCHES "^(bad|truth|benign|untouched|modules|nights|affected)$")
		set_tests_properties(e2e.${short} PROPERTIES COST 1000)
	endif()
endforeach()
