/*
** engine.h - OpenSSL's own failures, told from its noes. If memory is short, or if the configuration leaves out a
** needed part, OpenSSL refuses a good key or signature. Little else tells the two cases apart. OpenSSL tier; no
** lua_State.
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
