/* Files of the build-time programs, read and written as a whole, and what they write. */
#ifndef TOOLS_TOOL_FILE_H
#define TOOLS_TOOL_FILE_H

#include "base/buf.h"

/* Both print why on stderr when they return false. */
bool tool_file_read(struct arena *a, struct str path, struct str *ret);
/* With only_changed a file that already has this content keeps its time. */
bool tool_file_write(struct arena *a, struct str path, struct str content, bool only_changed);

/* The text as C string literals, broken into lines at its own line ends. */
void tool_c_string(struct buf *out, struct str s);

#endif
