/*
** engine.h - OpenSSL's own failures, told from its noes. Where memory is short, or where the configuration leaves
** out what is needed, OpenSSL says of a good key or signature that it is none, and little else tells the two apart.
** OpenSSL tier; no lua_State.
*/
#ifndef MEETAUTH_ENGINE_H
#define MEETAUTH_ENGINE_H

#include "keytype.h"
#include "status.h"

#define ENGINE_WORDS_MAX 256

/* Errors that OpenSSL queues from here on belong to the following calls; older ones are deleted. */
void engine_begin(void);

/* The end of what began: forget the errors. Where 'st' is ST_ENGINE, keep their words. Gives 'st' back. */
enum status engine_end(enum status st);

/*
** Like engine_end, where 'st' is OpenSSL's own word for it. Anything but ST_OK becomes ST_ENGINE if memory was
** short or is, or if keys of 'type' (NULL: RSA) cannot be used here.
*/
enum status engine_verdict(enum status st, const struct keytype *type);

/* 1 where memory is short now. */
int engine_lacks_memory(void);

/* 1 where the errors since engine_begin hold one of the library 'lib' (ERR_LIB_RSA ...) about what it was given. */
int engine_blames_input(int lib);

/* OpenSSL's words for the last ST_ENGINE of this thread, "" where there was none; valid until the next. */
const char *engine_words(void);

#endif
