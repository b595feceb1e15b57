/*
 * muster verify-audit: walks the chain of hashes over the audit log.
 *
 * Changes nothing.  Exit status 0: the chain is whole; 1: it could not be looked at; 2:
 * wrongly called; 3: it is not whole, and the first bad place is named.
 */
#include "main/muster/cmd.h"

#include "base/num.h"
#include "core/audit_chain.h"
#include "sys/crypto.h"

#include <stdio.h>
#include <unistd.h>

enum { EXIT_BROKEN = 3, HASH_DIGITS = 2 * CHAIN_HASH_SIZE };

static const char usage[] =
	"usage: muster [--config FILE] verify-audit [--from SEQ] [--noted SEQ:HASH] [--key "
	"FILE]...\n"
	"       muster [--config FILE] verify-audit --head [--key FILE]...\n\n"
	"Proves that the rows of the audit log are those that were hashed, in that order, and\n"
	"says how many rows are not hashed yet.  Exit status: 0 whole, 1 could not be looked\n"
	"at, 2 wrongly called, 3 not whole.\n\n"
	"  --from SEQ         begins there; what lies before is believed\n"
	"  --noted SEQ:HASH   a head that was noted elsewhere must still be part of the chain\n"
	"  --key FILE         a former server key, whose seals count too\n"
	"  --head             prints the newest SEQ:HASH and ends: note it outside this machine\n";

struct options {
	struct chain_check check;
	bool is_head;
};

static enum rc add_key(struct chain_check *check, const uint8_t bytes[32], struct error *e)
{
	if (check->n_keys == CHAIN_KEYS)
		return ERROR(e, RC_INVALID, REASON_UNEXPECTED, "at most %d keys", CHAIN_KEYS);
	TRY(chain_key_derive(bytes, &check->keys[check->n_keys], e));
	check->n_keys++;
	return RC_OK;
}

static enum rc read_key(struct muster *m, struct chain_check *check, const char *path,
			struct error *e)
{
	struct secret text;
	uint8_t bytes[32];

	TRY(config_secret_read(&m->arena, str_from(path), &text, e));
	if (!num_hex(secret_reveal(text), bytes, sizeof bytes))
		return ERROR(e, RC_INVALID, REASON_UNEXPECTED, "%s must hold 64 hex digits", path);
	enum rc rc = add_key(check, bytes, e);
	crypto_wipe(bytes, sizeof bytes);
	return rc;
}

/* "1234:9f86…" */
static bool read_noted(struct str s, struct chain_check *check)
{
	size_t colon = str_find_char(s, ':');

	return colon != SIZE_MAX &&
	       num_i64(str_sub(s, 0, colon), 1, INT64_MAX - 1, &check->noted_seq) &&
	       s.n - colon - 1 == HASH_DIGITS &&
	       num_hex(str_from_pos(s, colon + 1), check->noted_hash, CHAIN_HASH_SIZE);
}

/* False: wrongly called.  *ret_rc: a key file that cannot be used. */
static bool read_options(struct muster *m, int argc, char **argv, struct options *o,
			 enum rc *ret_rc, struct error *e)
{
	for (int i = 1; i < argc; i++) {
		struct str value = str_from(i + 1 < argc ? argv[i + 1] : NULL);

		if (strcmp(argv[i], "--head") == 0) {
			o->is_head = true;
			continue;
		}
		if (strcmp(argv[i], "--from") == 0) {
			if (!num_i64(value, 1, INT64_MAX - 1, &o->check.from_seq))
				return false;
		} else if (strcmp(argv[i], "--noted") == 0) {
			if (!read_noted(value, &o->check))
				return false;
		} else if (strcmp(argv[i], "--key") == 0 && value.n > 0) {
			*ret_rc = read_key(m, &o->check, argv[i + 1], e);
			if (*ret_rc != RC_OK)
				return true;
		} else {
			return false;
		}
		i++;
	}
	return true;
}

static const char *fault_text(enum chain_fault fault)
{
	static const char *const texts[CHAIN_FAULT__MAX] = {
		[CHAIN_WHOLE] = "whole",
		[CHAIN_ROW_ALTERED] = "the row was altered, or what lies before it was removed",
		[CHAIN_ROW_DELETED] = "the row was deleted from the audit log",
		[CHAIN_LINK_DELETED] = "the link was deleted from the chain",
		[CHAIN_LINK_INSERTED] = "the link was inserted into the chain",
		[CHAIN_REORDERED] = "the link was reordered: its row is another link's",
		[CHAIN_SEAL_WRONG] =
			"the seal is wrong: the chain was made without the server's key",
		[CHAIN_SEAL_MISSING] = "the seal is missing: the link was not added by muster-jobs",
		[CHAIN_KEY_UNKNOWN] =
			"it is sealed under another key: name a former one with --key FILE",
		[CHAIN_NOTED_WRONG] =
			"its hash is not the one that was noted: the chain was made anew",
		[CHAIN_NOTED_MISSING] =
			"it was noted, but the chain ends before it: the end was cut off",
	};

	return texts[fault];
}

static void print_hash(FILE *out, const uint8_t hash[CHAIN_HASH_SIZE])
{
	for (int i = 0; i < CHAIN_HASH_SIZE; i++)
		fprintf(out, "%02x", hash[i]);
}

static void print_fault(const struct chain_report *r)
{
	printf("NOT WHOLE at number %lld", (long long)r->seq);
	if (r->audit_id)
		printf(", row %lld of the audit log", (long long)r->audit_id);
	printf(": %s\n", fault_text(r->fault));
}

static void print_report(const struct chain_report *r, int64_t now_us)
{
	printf("%lld links are good", (long long)r->n_links);
	if (r->head_seq) {
		printf("; the newest is %lld:", (long long)r->head_seq);
		print_hash(stdout, r->head_hash);
	}
	putchar('\n');
	if (r->n_late)
		printf("%lld rows were hashed more than an hour after they happened (muster-jobs "
		       "was away, or they were added later)\n",
		       (long long)r->n_late);
	if (r->fault != CHAIN_WHOLE)
		print_fault(r);
	if (r->tail_n == 0)
		printf("no row waits to be hashed\n");
	else
		printf("%lld rows are not hashed yet; the oldest is %lld seconds old\n",
		       (long long)r->tail_n, (long long)((now_us - r->tail_at) / US_PER_S));
}

/* On a terminal only, on one line. */
static void show_progress(void *arg, int64_t done, int64_t total)
{
	(void)arg;
	fprintf(stderr, "\r%lld of %lld%s", (long long)done, (long long)total,
		done >= total ? "\n" : "");
}

static int print_head(struct core *c, const struct chain_check *check)
{
	struct chain_report r;
	struct error e;

	error_init(&e);
	if (chain_head(c, check, &r, &e) != RC_OK)
		return muster_fail("verify-audit", &e);
	if (r.head_seq == 0) {
		fprintf(stderr, "muster: verify-audit: nothing is hashed yet\n");
		return 1;
	}
	if (r.fault != CHAIN_WHOLE) {
		print_fault(&r);
		return EXIT_BROKEN;
	}
	printf("%lld:", (long long)r.head_seq);
	print_hash(stdout, r.head_hash);
	putchar('\n');
	return 0;
}

int cmd_verify_audit(struct muster *m, int argc, char **argv)
{
	struct options o = { .check = { .from_seq = 1 } };
	struct chain_report report;
	uint8_t server_key[32];
	enum rc rc = RC_OK;
	struct error e;

	if (muster_help(argc, argv, usage) == 0)
		return 0;
	error_init(&e);
	if (!read_options(m, argc, argv, &o, &rc, &e))
		return muster_usage(usage);
	if (rc != RC_OK)
		return muster_fail("verify-audit", &e);
	if (!muster_settings(m))
		return 1;
	if (config_server_key(m->config, server_key, &e) != RC_OK ||
	    add_key(&o.check, server_key, &e) != RC_OK || muster_open_app(m, &e) != RC_OK)
		return muster_fail("verify-audit", &e);
	struct core c = muster_core(m);
	if (o.is_head)
		return print_head(&c, &o.check);
	o.check.progress = isatty(2) ? show_progress : NULL;
	if (chain_verify(&c, &o.check, &report, &e) != RC_OK)
		return muster_fail("verify-audit", &e);
	print_report(&report, clock_now_us());
	return report.fault == CHAIN_WHOLE ? 0 : EXIT_BROKEN;
}
