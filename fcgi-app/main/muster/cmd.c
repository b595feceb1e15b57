/*
 * What the sub-commands share; see cmd.h.
 */
#include "main/muster/cmd.h"

#include "store/migrate.h"

#include <stdio.h>

bool muster_settings(struct muster *m)
{
	struct config_problems problems = { NULL, 0 };
	struct error e;

	error_init(&e);
	const enum rc rc =
		config_load(&m->arena, m->config_path, m->env, &m->config, &problems, &e);
	if (rc == RC_OK)
		return true;
	if (problems.n > 0)
		config_print_problems(stderr, m->config_path, &problems);
	else
		muster_fail("settings", &e);
	return false;
}

static enum rc open_store(struct muster *m, struct str user, struct str password_file,
			  bool is_owner, struct error *e)
{
	const struct config *c = m->config;
	struct secret password = { 0 };

	if (password_file.n > 0)
		TRY(config_secret_read(&m->arena, password_file, &password, e));
	return store_open(&(struct store_options){ .socket = c->db_socket,
						   .host = c->db_host,
						   .port = (int)c->db_port,
						   .user = user,
						   .password = secret_reveal(password),
						   .database = is_owner ? STR("") : c->db_name,
						   .statement_timeout_ms =
							   c->db_statement_timeout_s * 1000,
						   .connect_timeout_s = c->db_connect_timeout_s,
						   .is_owner = is_owner },
			  &m->store, e);
}

enum rc muster_open_app(struct muster *m, struct error *e)
{
	return open_store(m, m->config->db_user, m->config->db_password_file, false, e);
}

enum rc muster_open_owner(struct muster *m, struct error *e)
{
	TRY(open_store(m, m->config->db_owner_user, m->config->db_owner_password_file, true, e));
	return migrate_use_database(m->store, m->config->db_name, e);
}

struct core muster_core(struct muster *m)
{
	static const struct who nobody = { .role = ROLE_NONE };

	return (struct core){ .db = m->store,
			      .arena = &m->arena,
			      .config = m->config,
			      .now_us = clock_now_us(),
			      .who = &nobody };
}

int muster_fail(const char *what, const struct error *e)
{
	if (e->n_fields == 0)
		fprintf(stderr, "muster: %s: %s\n", what,
			e->detail[0] != '\0' ? e->detail : reason_text(e->reason));
	for (size_t i = 0; i < e->n_fields; i++)
		fprintf(stderr, "muster: %s: %s: %s\n", what, e->fields[i].field,
			reason_code(e->fields[i].reason));
	return 1;
}

int muster_help(int argc, char **argv, const char *usage)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			fputs(usage, stdout);
			return 0;
		}
	}
	return -1;
}

int muster_usage(const char *usage)
{
	fputs(usage, stderr);
	return 2;
}
