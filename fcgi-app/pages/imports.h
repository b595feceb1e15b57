/*
 * Handlers of imports: /admin/imports.
 */
#ifndef PAGES_IMPORTS_H
#define PAGES_IMPORTS_H

#include "core/import/import.h"
#include "web/req.h"

#define IMPORTS_BODY_MAX (IMPORT_BYTES_MAX + 1024 * 1024) /* the file and the rest of its form */

extern const struct fields imports_fields, imports_add_fields, import_fields, import_map_fields,
	import_decide_fields;

enum rc page_imports(struct req *q, struct resp *r, struct error *e);
enum rc page_imports_gate(struct req *q, struct error *e);
enum rc page_imports_add(struct req *q, struct resp *r, struct error *e);
enum rc page_import(struct req *q, struct resp *r, struct error *e);
enum rc page_import_map(struct req *q, struct resp *r, struct error *e);
enum rc page_import_back(struct req *q, struct resp *r, struct error *e);
enum rc page_import_run(struct req *q, struct resp *r, struct error *e);
enum rc page_import_undo(struct req *q, struct resp *r, struct error *e);
enum rc page_import_drop(struct req *q, struct resp *r, struct error *e);
enum rc page_import_errors_csv(struct req *q, struct resp *r, struct error *e);

#endif
