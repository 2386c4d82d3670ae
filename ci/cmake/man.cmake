# What the program says about itself, as files: the man page (where scdoc is there: a
# user's build does without) and the completions.  Not in builds that are measured.
if(NOT TARGET gobudget OR GB_COVERAGE OR GB_SANITIZE OR CMAKE_CROSSCOMPILING)
	return()
endif()

find_program(SCDOC scdoc)
if(SCDOC)
	set(gb_man_source ${PROJECT_SOURCE_DIR}/harness/gobudget.1.scd)
	set(gb_man ${PROJECT_BINARY_DIR}/gobudget.1)
	add_custom_command(OUTPUT ${gb_man}
		COMMAND ${PROJECT_SOURCE_DIR}/ci/cmake/man.sh $<TARGET_FILE:gobudget> ${SCDOC}
			${gb_man_source} ${gb_man}
		DEPENDS gobudget ${gb_man_source} ${PROJECT_SOURCE_DIR}/ci/cmake/man.sh
		COMMENT "Writing the man page" VERBATIM)
	add_custom_target(man ALL DEPENDS ${gb_man})
	install(FILES ${gb_man} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endif()

function(gb_completion shell folder file)
	set(out ${PROJECT_BINARY_DIR}/completion/${file})
	add_custom_command(OUTPUT ${out}
		COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/completion
		COMMAND gobudget completion ${shell} > ${out}
		DEPENDS gobudget VERBATIM)
	add_custom_target(completion_${shell} ALL DEPENDS ${out})
	install(FILES ${out} DESTINATION ${CMAKE_INSTALL_DATADIR}/${folder})
endfunction()
gb_completion(bash bash-completion/completions gobudget)
gb_completion(zsh zsh/site-functions _gobudget)
gb_completion(fish fish/vendor_completions.d gobudget.fish)
