# gobudget.1 from scdoc, where scdoc is there: a user's build does without.
find_program(SCDOC scdoc)
set(gb_man_source ${PROJECT_SOURCE_DIR}/harness/gobudget.1.scd)
if(SCDOC AND TARGET gobudget AND NOT GB_COVERAGE AND NOT GB_SANITIZE)
	set(gb_man ${PROJECT_BINARY_DIR}/gobudget.1)
	add_custom_command(OUTPUT ${gb_man}
		COMMAND ${PROJECT_SOURCE_DIR}/cmake/man.sh $<TARGET_FILE:gobudget> ${SCDOC}
			${gb_man_source} ${gb_man}
		DEPENDS gobudget ${gb_man_source} ${PROJECT_SOURCE_DIR}/cmake/man.sh
		COMMENT "Writing the man page" VERBATIM)
	add_custom_target(man ALL DEPENDS ${gb_man})
	install(FILES ${gb_man} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endif()
