// A machine in somebody's hands, preloaded into a program: its wall clock is set, its clocks stand, its disk is full. A page
// of memory that machine.mjs writes to tells what; nothing else of the program changes. How far its main loop is stands in
// that page, too.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct machine {
	int64_t ahead;     // seconds that the wall clock is ahead
	int64_t disk_full; // nothing is written below PROSODY_DATA
	int64_t still;     // seconds since the epoch where the wall clock stands, and with it every other; 0: they go
	int64_t passed;    // seconds that have gone by beside that, by every clock
	int64_t rounds;    // written here: how often the program has waited for what comes, after it had done what was due
};

static struct machine none;
static volatile struct machine *machine = &none;
static const char *data;
static struct timespec began; // by the clock that is never set
static atomic_long looks;     // at the clocks

#define NEXT(name) \
	static __typeof__(&name) next; \
	if (!next) next = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static int real_clock(clockid_t which, struct timespec *now) {
	NEXT(clock_gettime);
	return next(which, now);
}

__attribute__((constructor)) static void begin(void) {
	real_clock(CLOCK_MONOTONIC, &began);
	const char *path = getenv("MACHINE_PAGE");
	int fd = path ? open(path, O_RDWR) : -1;
	if (fd < 0) return;
	void *page = mmap(NULL, sizeof *machine, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (page != MAP_FAILED) machine = page;
	close(fd);
	data = getenv("PROSODY_DATA");
}

// A clock that stands goes on by a microsecond with each look: a program may wait for that much, and for no more.
static void stand(struct timespec *now, time_t seconds, long nanoseconds) {
	long since = atomic_fetch_add(&looks, 1) * 1000 + nanoseconds;
	now->tv_sec = seconds + since / 1000000000;
	now->tv_nsec = since % 1000000000;
}

int clock_gettime(clockid_t which, struct timespec *now) {
	int is_wall = which == CLOCK_REALTIME;
	int result = real_clock(which, now);
	if (result != 0 || (!is_wall && which != CLOCK_MONOTONIC)) return result;
	if (machine->still) stand(now, is_wall ? machine->still : began.tv_sec, is_wall ? 0 : began.tv_nsec);
	now->tv_sec += machine->passed + (is_wall ? machine->ahead : 0);
	return 0;
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

// One that does not wait is a look for more of what has come.
int epoll_wait(int fd, struct epoll_event *events, int count, int timeout) {
	NEXT(epoll_wait);
	if (timeout != 0) machine->rounds++;
	return next(fd, events, count, timeout);
}

static int is_full_for(const char *path) {
	return machine->disk_full && data && strncmp(path, data, strlen(data)) == 0;
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
	if (!machine->disk_full) return next(fd, bytes, count, at);
	errno = ENOSPC;
	return -1;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return pwrite64(fd, bytes, count, at); }
