/*
 * Shared by files.c and files_walk.c only.
 */
#ifndef SYS_FILES_PRIVATE_H
#define SYS_FILES_PRIVATE_H

#include "base/str.h"

/* 32 lower-case hex digits. */
bool files_id_valid(struct str id);

#endif
