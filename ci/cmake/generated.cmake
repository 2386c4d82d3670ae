# What the build writes for itself: version.h and the table of embedded files.

# version.h follows the commit, so it is looked at in every build; it is only
# rewritten when it says something new.
add_custom_target(gb_version
	COMMAND ${CMAKE_COMMAND} -DSOURCE=${PROJECT_SOURCE_DIR} -DVERSION=${PROJECT_VERSION}
		-DOUT=${PROJECT_BINARY_DIR}/generated/version.h
		-P ${PROJECT_SOURCE_DIR}/ci/cmake/version_h.cmake
	BYPRODUCTS ${PROJECT_BINARY_DIR}/generated/version.h
	VERBATIM)

# gb_embed(OUT NAME HEADER TABLE ROOT PATTERN...): the files below harness/ROOT that match, as
# a C file whose path is put into OUT; each is named by its path from there.
function(gb_embed out name header table root)
	set(source ${PROJECT_BINARY_DIR}/generated/${name}.c)
	set(dir ${PROJECT_SOURCE_DIR}/harness/${root})
	list(TRANSFORM ARGN PREPEND ${dir}/)
	file(GLOB_RECURSE files CONFIGURE_DEPENDS ${ARGN})
	list(SORT files)
	string(REPLACE ";" "\n" list "${files}")
	file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/generated/${name}.list CONTENT "${list}\n")
	add_custom_command(OUTPUT ${source}
		COMMAND ${CMAKE_COMMAND} -DLIST=${PROJECT_BINARY_DIR}/generated/${name}.list
			-DROOT=${dir} -DHEADER=${header} -DTABLE=${table} -DOUT=${source}
			-P ${PROJECT_SOURCE_DIR}/ci/cmake/assets_c.cmake
		DEPENDS ${files} ${PROJECT_BINARY_DIR}/generated/${name}.list
			${PROJECT_SOURCE_DIR}/ci/cmake/assets_c.cmake
		COMMENT "Embedding harness/${root}" VERBATIM)
	set(${out} ${source} PARENT_SCOPE)
endfunction()

gb_embed(GB_ASSETS_C assets go/assets.h gb_assets go/agent *.go *.edits)
gb_embed(GB_FLAME_C flame_assets pprof/flame.h gb_flame_assets pprof/flame *.html *.css *.js)
gb_embed(GB_SELFTEST_C selftest_assets cmd/selftest.h gb_selftest_assets cmd/selftest *.go *.mod *.json)
gb_embed(GB_HOOK_C hook_assets cmd/hook_install.h gb_hook_assets cmd/hook *.sh)
gb_embed(GB_INIT_C init_assets cmd/init.h gb_init_assets cmd/init *.json *.yml)
gb_embed(GB_HTML_C html_assets report/html.h gb_html_assets report/html *.html *.css *.js)
