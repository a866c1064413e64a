/*
** bytetable.h - a table with one cell for each byte, laid out by the compiler.
** BYTETABLE(CELL, a) is 256 initializers: CELL(0, a), CELL(1, a) ... CELL(255, a).
*/
#ifndef MEETAUTH_BYTETABLE_H
#define MEETAUTH_BYTETABLE_H

#define BYTETABLE4(F, c, a) F(c, a), F((c) + 1, a), F((c) + 2, a), F((c) + 3, a)
#define BYTETABLE16(F, c, a)                                                                                           \
	BYTETABLE4(F, c, a), BYTETABLE4(F, (c) + 4, a), BYTETABLE4(F, (c) + 8, a), BYTETABLE4(F, (c) + 12, a)
#define BYTETABLE64(F, c, a)                                                                                           \
	BYTETABLE16(F, c, a), BYTETABLE16(F, (c) + 16, a), BYTETABLE16(F, (c) + 32, a), BYTETABLE16(F, (c) + 48, a)
#define BYTETABLE(F, a) BYTETABLE64(F, 0, a), BYTETABLE64(F, 64, a), BYTETABLE64(F, 128, a), BYTETABLE64(F, 192, a)

#endif
