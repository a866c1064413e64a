/*
** heapcount.c - counts the heap calls of a process that preloads it, and the bytes in use.
** For one thread; benchmarks only.
*/
#include <malloc.h>
#include <stddef.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void __libc_free(void *);
void heapcount(size_t *, size_t *);

static size_t calls, in_use;

static void *counted(void *p) {
	calls++;
	in_use += malloc_usable_size(p);
	return p;
}

void *malloc(size_t n) {
	return counted(__libc_malloc(n));
}

void *calloc(size_t n, size_t size) {
	return counted(__libc_calloc(n, size));
}

void *realloc(void *p, size_t n) {
	in_use -= malloc_usable_size(p);
	return counted(__libc_realloc(p, n));
}

void free(void *p) {
	in_use -= malloc_usable_size(p);
	__libc_free(p);
}

void heapcount(size_t *out_calls, size_t *out_in_use) {
	*out_calls = calls;
	*out_in_use = in_use;
}
