// A machine with faults, preloaded into a program: its wall clock is set, its disk is full. What is wrong is told by a
// page of memory that machine.mjs writes to; nothing else of the program changes, its monotonic clock neither.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct faults {
	int64_t ahead;     // seconds that the wall clock is ahead
	int64_t disk_full; // nothing is written below PROSODY_DATA
};

static const struct faults none;
static const volatile struct faults *faults = &none;
static const char *data;

__attribute__((constructor)) static void begin(void) {
	const char *path = getenv("MACHINE_FAULTS");
	int fd = path ? open(path, O_RDONLY) : -1;
	if (fd < 0) return;
	void *page = mmap(NULL, sizeof *faults, PROT_READ, MAP_SHARED, fd, 0);
	if (page != MAP_FAILED) faults = page;
	close(fd);
	data = getenv("PROSODY_DATA");
}

#define NEXT(name) \
	static __typeof__(&name) next; \
	if (!next) next = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

int clock_gettime(clockid_t which, struct timespec *now) {
	NEXT(clock_gettime);
	int result = next(which, now);
	if (result == 0 && which == CLOCK_REALTIME) now->tv_sec += faults->ahead;
	return result;
}

time_t time(time_t *where) {
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	if (where) *where = now.tv_sec;
	return now.tv_sec;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
	struct timespec precise;
	(void)zone;
	clock_gettime(CLOCK_REALTIME, &precise);
	now->tv_sec = precise.tv_sec;
	now->tv_usec = precise.tv_nsec / 1000;
	return 0;
}

static int is_full_for(const char *path) {
	return faults->disk_full && data && strncmp(path, data, strlen(data)) == 0;
}

// A file can be made where there is no room for its bytes: /dev/full is such a file.
FILE *fopen(const char *restrict path, const char *restrict mode) {
	NEXT(fopen);
	int writes = mode[0] != 'r' || strchr(mode, '+') != NULL;
	if (!writes || !is_full_for(path)) return next(path, mode);
	FILE *made = next(path, mode);
	if (made) fclose(made);
	return next("/dev/full", "w");
}

FILE *fopen64(const char *restrict path, const char *restrict mode) { return fopen(path, mode); }

int mkdir(const char *path, mode_t mode) {
	NEXT(mkdir);
	if (!is_full_for(path)) return next(path, mode);
	errno = ENOSPC;
	return -1;
}

// SQLite's way
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
	NEXT(pwrite64);
	if (!faults->disk_full) return next(fd, bytes, count, at);
	errno = ENOSPC;
	return -1;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return pwrite64(fd, bytes, count, at); }
