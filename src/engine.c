/*
** engine.c - see engine.h.
*/
#include "engine.h"

#include <openssl/crypto.h>
#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

static _Thread_local char words[ENGINE_WORDS_MAX];

void engine_begin(void) {
	if (ERR_peek_error() != 0)
		ERR_clear_error();
}

const char *engine_words(void) {
	return words;
}

int engine_lacks_memory(void) {
	void *block = OPENSSL_malloc(1024);
	OPENSSL_free(block);
	return block == NULL;
}

/* Keep the words of the last error that is queued, its details behind. */
static void keep_words(void) {
	const char *details = "";
	int flags = 0;
	unsigned long error = ERR_peek_last_error_all(NULL, NULL, NULL, &details, &flags);
	size_t n;
	if (error == 0) {
		snprintf(words, sizeof words, "%s", engine_lacks_memory() ? "out of memory" : "OpenSSL gave no reason");
		return;
	}
	ERR_error_string_n(error, words, sizeof words);
	n = strlen(words);
	if ((flags & ERR_TXT_STRING) && *details != '\0')
		snprintf(words + n, sizeof words - n, " (%s)", details);
}

enum status engine_end(enum status st) {
	if (st == ST_ENGINE)
		keep_words();
	if (ERR_peek_error() != 0)
		ERR_clear_error();
	return st;
}

int engine_blames_input(int lib) {
	unsigned long error;
	int blames = 0;
	while (!blames && (error = ERR_get_error()) != 0) /* common reasons (ERR_R_...) are about OpenSSL itself */
		blames = !ERR_SYSTEM_ERROR(error) && ERR_GET_LIB(error) == lib && ERR_GET_RFLAGS(error) == 0;
	return blames;
}

/* 1 where one of the errors says that memory was short; takes them all but the last one. */
static int was_short(void) {
	unsigned long error, last = ERR_peek_last_error();
	int is_short = 0;
	while (!is_short && (error = ERR_peek_error()) != 0) {
		is_short = ERR_GET_REASON(error) == ERR_R_MALLOC_FAILURE;
		if (error == last && !is_short)
			break;
		if (!is_short)
			ERR_get_error();
	}
	return is_short;
}

/* Whether there is who reads keys of that type, and who uses them. */
static int has_type(const struct keytype *type) {
	EVP_KEYMGMT *use = EVP_KEYMGMT_fetch(NULL, type->type, NULL);
	OSSL_DECODER *read = use != NULL ? OSSL_DECODER_fetch(NULL, type->type, NULL) : NULL;
	EVP_PKEY *key = read != NULL && type->group != NULL ? EVP_PKEY_Q_keygen(NULL, NULL, "EC", type->group) : NULL;
	int has = read != NULL && (type->group == NULL || key != NULL);
	EVP_PKEY_free(key);
	OSSL_DECODER_free(read);
	EVP_KEYMGMT_free(use);
	return has;
}

enum status engine_verdict(enum status st, const struct keytype *type) {
	if (st != ST_OK &&
		(was_short() || engine_lacks_memory() || !has_type(type != NULL ? type : keytype_at(KEYTYPE_RSA))))
		st = ST_ENGINE;
	return engine_end(st);
}
