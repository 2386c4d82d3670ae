# What the build writes for itself: version.h and the table of embedded files.

# version.h follows the commit, so it is looked at in every build; it is only
# rewritten when it says something new.
add_custom_target(gb_version
	COMMAND ${CMAKE_COMMAND} -DSOURCE=${PROJECT_SOURCE_DIR} -DVERSION=${PROJECT_VERSION}
		-DOUT=${PROJECT_BINARY_DIR}/generated/version.h
		-P ${PROJECT_SOURCE_DIR}/ci/cmake/version_h.cmake
	BYPRODUCTS ${PROJECT_BINARY_DIR}/generated/version.h
	VERBATIM)

# The agent: every file under harness/go/agent, named by its path from there.
set(GB_ASSETS_C ${PROJECT_BINARY_DIR}/generated/assets.c)
file(GLOB_RECURSE gb_asset_files CONFIGURE_DEPENDS
	${PROJECT_SOURCE_DIR}/harness/go/agent/*.go
	${PROJECT_SOURCE_DIR}/harness/go/agent/*.edits)
list(SORT gb_asset_files)
string(REPLACE ";" "\n" gb_asset_list "${gb_asset_files}")
file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/generated/assets.list CONTENT "${gb_asset_list}\n")
add_custom_command(OUTPUT ${GB_ASSETS_C}
	COMMAND ${CMAKE_COMMAND} -DLIST=${PROJECT_BINARY_DIR}/generated/assets.list
		-DROOT=${PROJECT_SOURCE_DIR}/harness/go/agent -DOUT=${GB_ASSETS_C}
		-P ${PROJECT_SOURCE_DIR}/ci/cmake/assets_c.cmake
	DEPENDS ${gb_asset_files} ${PROJECT_BINARY_DIR}/generated/assets.list
		${PROJECT_SOURCE_DIR}/ci/cmake/assets_c.cmake
	COMMENT "Embedding the agent" VERBATIM)
