/*
 * The columns of imports: fields, their names, and guessing them from a header.
 */
#include "core/import/import_file.h"

static const char *const kinds[IMPORT__MAX] = { "people", "enrolments", "attendance" };

const char *import_kind_name(enum import_kind k)
{
	BUG((unsigned)k >= IMPORT__MAX);
	return kinds[k];
}

bool import_kind_from(struct str name, enum import_kind *ret)
{
	for (enum import_kind k = 0; k < IMPORT__MAX; k++) {
		if (str_eq(name, str_from(kinds[k]))) {
			*ret = k;
			return true;
		}
	}
	return false;
}

/* NULL: the kind does not have the field. */
static const char *const names[IMPORT__MAX][IMPORT_FIELD__MAX] = {
	[IMPORT_PEOPLE] = { [IMPORT_IGNORE] = "-",
			    [IMPORT_GIVEN_NAME] = "given_name",
			    [IMPORT_FAMILY_NAME] = "family_name",
			    [IMPORT_STUDENT_CODE] = "student_code",
			    [IMPORT_TEACHER_CODE] = "teacher_code",
			    [IMPORT_EMAIL] = "email",
			    [IMPORT_USERNAME] = "username",
			    [IMPORT_ROLE] = "role",
			    [IMPORT_DEPARTMENT] = "department",
			    [IMPORT_BATCH_NAME] = "batch",
			    [IMPORT_SECTION] = "section",
			    [IMPORT_FROM] = "section_from",
			    [IMPORT_TO] = "section_to" },
	[IMPORT_ENROLMENTS] = { [IMPORT_IGNORE] = "-",
				[IMPORT_STUDENT_CODE] = "student_code",
				[IMPORT_EMAIL] = "email",
				[IMPORT_USERNAME] = "username",
				[IMPORT_COURSE] = "course",
				[IMPORT_STATE] = "state",
				[IMPORT_FROM] = "from",
				[IMPORT_TO] = "to" },
	[IMPORT_ATTENDANCE] = { [IMPORT_IGNORE] = "-",
				[IMPORT_STUDENT_CODE] = "student_code",
				[IMPORT_EMAIL] = "email",
				[IMPORT_USERNAME] = "username",
				[IMPORT_SESSION] = "session",
				[IMPORT_COURSE] = "course",
				[IMPORT_CLASS] = "class",
				[IMPORT_DATE] = "date",
				[IMPORT_START] = "start",
				[IMPORT_STATUS] = "status",
				[IMPORT_LATE] = "minutes_late",
				[IMPORT_REMARK] = "remark",
				[IMPORT_ARRIVAL] = "arrival" },
};

bool import_field_of(enum import_kind k, enum import_field f)
{
	BUG((unsigned)k >= IMPORT__MAX || (unsigned)f >= IMPORT_FIELD__MAX);
	return names[k][f] != NULL;
}

const char *import_field_name(enum import_kind k, enum import_field f)
{
	BUG(!import_field_of(k, f));
	return names[k][f];
}

bool import_field_from(enum import_kind k, struct str name, enum import_field *ret)
{
	for (enum import_field f = 0; f < IMPORT_FIELD__MAX; f++) {
		if (names[k][f] && str_eq(name, str_from(names[k][f]))) {
			*ret = f;
			return true;
		}
	}
	return false;
}

/* As folded by fold_header: letters and digits, no accents.  The first that the kind has wins. */
static const struct {
	const char *word;
	enum import_field field;
} words[] = {
	{ "givenname", IMPORT_GIVEN_NAME },
	{ "firstname", IMPORT_GIVEN_NAME },
	{ "forename", IMPORT_GIVEN_NAME },
	{ "prenom", IMPORT_GIVEN_NAME },
	{ "prenoms", IMPORT_GIVEN_NAME },
	{ "familyname", IMPORT_FAMILY_NAME },
	{ "lastname", IMPORT_FAMILY_NAME },
	{ "surname", IMPORT_FAMILY_NAME },
	{ "name", IMPORT_FAMILY_NAME },
	{ "nom", IMPORT_FAMILY_NAME },
	{ "nomdefamille", IMPORT_FAMILY_NAME },
	{ "studentcode", IMPORT_STUDENT_CODE },
	{ "studentid", IMPORT_STUDENT_CODE },
	{ "studentnumber", IMPORT_STUDENT_CODE },
	{ "studentno", IMPORT_STUDENT_CODE },
	{ "student", IMPORT_STUDENT_CODE },
	{ "matricule", IMPORT_STUDENT_CODE },
	{ "codeetudiant", IMPORT_STUDENT_CODE },
	{ "numeroetudiant", IMPORT_STUDENT_CODE },
	{ "noetudiant", IMPORT_STUDENT_CODE },
	{ "etudiant", IMPORT_STUDENT_CODE },
	{ "teachercode", IMPORT_TEACHER_CODE },
	{ "teacherid", IMPORT_TEACHER_CODE },
	{ "teacher", IMPORT_TEACHER_CODE },
	{ "codeenseignant", IMPORT_TEACHER_CODE },
	{ "numeroenseignant", IMPORT_TEACHER_CODE },
	{ "enseignant", IMPORT_TEACHER_CODE },
	{ "email", IMPORT_EMAIL },
	{ "emailaddress", IMPORT_EMAIL },
	{ "mail", IMPORT_EMAIL },
	{ "courriel", IMPORT_EMAIL },
	{ "adressemail", IMPORT_EMAIL },
	{ "adresseemail", IMPORT_EMAIL },
	{ "username", IMPORT_USERNAME },
	{ "user", IMPORT_USERNAME },
	{ "login", IMPORT_USERNAME },
	{ "identifiant", IMPORT_USERNAME },
	{ "nomdutilisateur", IMPORT_USERNAME },
	{ "utilisateur", IMPORT_USERNAME },
	{ "role", IMPORT_ROLE },
	{ "department", IMPORT_DEPARTMENT },
	{ "departement", IMPORT_DEPARTMENT },
	{ "batch", IMPORT_BATCH_NAME },
	{ "intake", IMPORT_BATCH_NAME },
	{ "promotion", IMPORT_BATCH_NAME },
	{ "section", IMPORT_SECTION },
	{ "group", IMPORT_SECTION },
	{ "groupe", IMPORT_SECTION },
	{ "course", IMPORT_COURSE },
	{ "coursecode", IMPORT_COURSE },
	{ "cours", IMPORT_COURSE },
	{ "codecours", IMPORT_COURSE },
	{ "codeducours", IMPORT_COURSE },
	{ "session", IMPORT_SESSION },
	{ "sessionid", IMPORT_SESSION },
	{ "sessionnumber", IMPORT_SESSION },
	{ "sessioncode", IMPORT_SESSION },
	{ "completioncode", IMPORT_SESSION },
	{ "uuid", IMPORT_SESSION },
	{ "seance", IMPORT_SESSION },
	{ "numeroseance", IMPORT_SESSION },
	{ "codeseance", IMPORT_SESSION },
	{ "codedelaseance", IMPORT_SESSION },
	{ "class", IMPORT_CLASS },
	{ "classname", IMPORT_CLASS },
	{ "classe", IMPORT_CLASS },
	{ "nomdelaclasse", IMPORT_CLASS },
	{ "date", IMPORT_DATE },
	{ "day", IMPORT_DATE },
	{ "sessiondate", IMPORT_DATE },
	{ "jour", IMPORT_DATE },
	{ "datedelaseance", IMPORT_DATE },
	{ "start", IMPORT_START },
	{ "starttime", IMPORT_START },
	{ "debut", IMPORT_START },
	{ "heurededebut", IMPORT_START },
	{ "heuredebut", IMPORT_START },
	{ "status", IMPORT_STATUS },
	{ "mark", IMPORT_STATUS },
	{ "attendance", IMPORT_STATUS },
	{ "state", IMPORT_STATUS },
	{ "statut", IMPORT_STATUS },
	{ "etat", IMPORT_STATUS },
	{ "marque", IMPORT_STATUS },
	{ "presence", IMPORT_STATUS },
	{ "minuteslate", IMPORT_LATE },
	{ "late", IMPORT_LATE },
	{ "retard", IMPORT_LATE },
	{ "minutesderetard", IMPORT_LATE },
	{ "remark", IMPORT_REMARK },
	{ "remarks", IMPORT_REMARK },
	{ "comment", IMPORT_REMARK },
	{ "note", IMPORT_REMARK },
	{ "remarque", IMPORT_REMARK },
	{ "commentaire", IMPORT_REMARK },
	{ "arrival", IMPORT_ARRIVAL },
	{ "arrivaltime", IMPORT_ARRIVAL },
	{ "time", IMPORT_ARRIVAL },
	{ "arrivedat", IMPORT_ARRIVAL },
	{ "arrivee", IMPORT_ARRIVAL },
	{ "heure", IMPORT_ARRIVAL },
	{ "heuredarrivee", IMPORT_ARRIVAL },
	{ "state", IMPORT_STATE },
	{ "status", IMPORT_STATE },
	{ "etat", IMPORT_STATE },
	{ "statut", IMPORT_STATE },
	{ "from", IMPORT_FROM },
	{ "sectionfrom", IMPORT_FROM },
	{ "startdate", IMPORT_FROM },
	{ "start", IMPORT_FROM },
	{ "debut", IMPORT_FROM },
	{ "datedebut", IMPORT_FROM },
	{ "datededebut", IMPORT_FROM },
	{ "du", IMPORT_FROM },
	{ "to", IMPORT_TO },
	{ "sectionto", IMPORT_TO },
	{ "enddate", IMPORT_TO },
	{ "end", IMPORT_TO },
	{ "fin", IMPORT_TO },
	{ "datefin", IMPORT_TO },
	{ "datedefin", IMPORT_TO },
	{ "au", IMPORT_TO },
};

#define FOLDED_MAX 40

/* Letters and digits in lower case; é è ê ë become e, and whatever else falls out. */
static struct str fold_header(struct str header, char out[FOLDED_MAX])
{
	size_t n = 0;

	for (size_t at = 0; at < header.n && n < FOLDED_MAX;) {
		uint32_t c = utf8_next(header, &at);

		if (c < 0x80 && ascii_is_alnum((char)c))
			out[n++] = ascii_lower((char)c);
		else if ((c >= 0xE8 && c <= 0xEB) || (c >= 0xC8 && c <= 0xCB))
			out[n++] = 'e';
	}
	return str_make(out, n);
}

enum import_field import_field_guess(enum import_kind k, struct str header)
{
	char out[FOLDED_MAX];
	struct str folded = fold_header(header, out);

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (names[k][words[i].field] && str_eq(folded, str_from(words[i].word)))
			return words[i].field;
	}
	return IMPORT_IGNORE;
}

static const struct {
	const char *word; /* as folded by fold_header */
	enum mark mark;
} mark_words[] = {
	{ "p", MARK_PRESENT },        { "present", MARK_PRESENT }, { "presente", MARK_PRESENT },
	{ "attended", MARK_PRESENT }, { "l", MARK_LATE },          { "late", MARK_LATE },
	{ "r", MARK_LATE },           { "retard", MARK_LATE },     { "enretard", MARK_LATE },
	{ "e", MARK_EXCUSED },        { "excused", MARK_EXCUSED }, { "excuse", MARK_EXCUSED },
	{ "excusee", MARK_EXCUSED },  { "leave", MARK_EXCUSED },   { "permission", MARK_EXCUSED },
	{ "a", MARK_ABSENT },         { "absent", MARK_ABSENT },   { "absente", MARK_ABSENT },
};

enum mark import_mark_from(struct str word)
{
	char out[FOLDED_MAX];
	const struct str folded = fold_header(word, out);

	for (size_t i = 0; i < ARRAY_LEN(mark_words); i++)
		if (str_eq(folded, str_from(mark_words[i].word)))
			return mark_words[i].mark;
	return MARK_NONE;
}
