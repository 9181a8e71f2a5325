// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Runs commands in a guest for Dom0.  Both ends talk through xenstore alone,
 * which works whatever state the drivers under test are in.  One small
 * program serves both ends: under emulation a process costs a tenth
 * of a second, so a shell script around the xenstore tools is too slow.  Dom0's
 * is linked statically for the same reason.  The static libxenstore has no
 * thread to tell events from replies, so the watch has a connection of its own.
 * A guest's kernel mixes the two on any connection: it needs the thread.
 *
 * Below data/agent of the guest's home in xenstore:
 *
 *   ready     written once the guest serves
 *   last      number of the newest job, written by Dom0 (the guest watches)
 *   N/cmd     the shell command of job N
 *   N/I       its output, in pieces that fit xenstore's limit on a value
 *   N/status  its exit status, written last
 *
 * Jobs run side by side.  A guest that was saved and restored has a new home,
 * where the jobs begin with 1 again; those that ran go on.
 */

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <xenstore.h>

#define BASE		"data/agent"
#define PIECE		1500
#define PIECES		24
#define PATH_SIZE	128

enum { STATUS_TIMEOUT = 124, STATUS_GONE = 125, STATUS_USAGE = 2 };

static struct xs_handle *xs, *watcher;
static int events;		/* the descriptor of watcher */
static char home[PATH_SIZE];

static int usage(void)
{
	fprintf(stderr, "usage: agent serve\n"
			"       agent ready DOMID SECONDS\n"
			"       agent start DOMID COMMAND\n"
			"       agent wait DOMID JOB SECONDS\n"
			"       agent run DOMID SECONDS COMMAND\n");
	return STATUS_USAGE;
}

static bool write_text(const char *path, const char *text, size_t length)
{
	return xs_write(xs, XBT_NULL, path, text, length);
}

static bool write_number(const char *path, int number)
{
	char text[16];

	return write_text(path, text, sprintf(text, "%d", number));
}

static int read_number(const char *path, int otherwise)
{
	char *text = xs_read(xs, XBT_NULL, path, NULL);
	int number = text ? atoi(text) : otherwise;

	free(text);
	return number;
}

static bool exists(const char *path)
{
	char *text = xs_read(xs, XBT_NULL, path, NULL);

	free(text);
	return text;
}

/* The guest's end. */

/* Keep the last PIECE * PIECES bytes of what the command prints. */
static size_t collect(FILE *from, char *into)
{
	const size_t room = PIECE * PIECES;
	size_t used = 0, got;
	char chunk[PIECE];

	while ((got = fread(chunk, 1, sizeof(chunk), from)) > 0) {
		if (used + got > room) {
			size_t excess = used + got - room;

			memmove(into, into + excess, used - excess);
			used -= excess;
		}
		memcpy(into + used, chunk, got);
		used += got;
	}
	return used;
}

static void put_output(int job, const char *output, size_t size)
{
	char path[PATH_SIZE];
	size_t done, length;
	int piece = 0;

	for (done = 0; done < size; done += length) {
		length = size - done < PIECE ? size - done : PIECE;
		snprintf(path, sizeof(path), BASE "/%d/%d", job, piece++);
		write_text(path, output + done, length);
	}
}

static int run_command(const char *command, char *output, size_t *size)
{
	FILE *pipe;
	int status;

	setenv("COMMAND", command, 1);
	pipe = popen("exec 2>&1 < /dev/null; . /verbs; eval \"$COMMAND\"", "r");
	if (!pipe)
		return 126;
	*size = collect(pipe, output);
	status = pclose(pipe);
	return WIFEXITED(status) ? WEXITSTATUS(status)
				 : 128 + WTERMSIG(status);
}

static void run_job(int job)
{
	static char output[PIECE * PIECES];
	char path[PATH_SIZE];
	char *command;
	size_t size = 0;
	int status;

	signal(SIGCHLD, SIG_DFL);
	xs = xs_open(0);
	snprintf(path, sizeof(path), BASE "/%d/cmd", job);
	command = xs ? xs_read(xs, XBT_NULL, path, NULL) : NULL;
	if (!command)
		_exit(1);
	status = run_command(command, output, &size);
	put_output(job, output, size);
	snprintf(path, sizeof(path), BASE "/%d/status", job);
	write_number(path, status);
	_exit(0);
}

/*
 * The library tells no descriptor that becomes readable; the one that it opens
 * is the lowest that is free.
 */
static bool watch(const char *path)
{
	events = dup(STDIN_FILENO);
	close(events);
	watcher = xs_open(0);
	return watcher && xs_watch(watcher, path, "agent");
}

/* Nobody has called yet: tell that we serve. */
static int settle(int *next)
{
	*next = 1;
	write_number(BASE "/last", 0);
	write_number(BASE "/ready", 1);
	return 0;
}

static int serve(void)
{
	int next = 1, last;
	unsigned int count;
	char **event;

	signal(SIGCHLD, SIG_IGN);
	if (!watch(BASE "/last"))
		return 1;
	for (;;) {
		event = xs_read_watch(watcher, &count);
		if (!event)
			return 1;
		free(event);
		last = read_number(BASE "/last", -1);
		if (last < 0)
			last = settle(&next);
		for (; next <= last; next++)
			if (fork() == 0)
				run_job(next);
	}
}

/* Dom0's end. */

/*
 * Seconds without those in which the host had something else to do than to
 * emulate us.  It tells how many milliseconds that were; the file is empty
 * while it is written.
 */
static double now(void)
{
	static double stolen;
	struct timespec time;
	FILE *file = fopen("/run/pvio/stolen", "r");
	double told;

	if (file) {
		if (fscanf(file, "%lf", &told) == 1)
			stolen = told;
		fclose(file);
	}
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9 - stolen / 1e3;
}

static void drain_events(void)
{
	char **event;

	while ((event = xs_check_watch(watcher)))
		free(event);
}

/* How many seconds one of a deadline is here: see dom0/lib. */
static double patience(void)
{
	const char *text = getenv("patience");

	return text ? atof(text) : 1;
}

/* Wait until path exists; while gone is given, only as long as that does. */
static int await(const char *path, const char *gone, double seconds)
{
	double left, end = now() + patience() * seconds;
	struct pollfd event;

	if (!watch(path))
		return STATUS_GONE;
	event = (struct pollfd){ .fd = events, .events = POLLIN };
	while (!exists(path)) {
		if (gone && !exists(gone))
			return STATUS_GONE;
		left = end - now();
		if (left <= 0)
			return STATUS_TIMEOUT;
		poll(&event, 1, left < 1 ? left * 1000 + 1 : 1000);
		drain_events();
	}
	return 0;
}

static int wait_ready(double seconds)
{
	char path[PATH_SIZE + 32];

	snprintf(path, sizeof(path), "%s/" BASE "/ready", home);
	return await(path, home, seconds);
}

static int start_job(const char *command)
{
	char path[PATH_SIZE + 32];
	int job;

	snprintf(path, sizeof(path), "%s/" BASE "/last", home);
	job = read_number(path, -1) + 1;
	if (job <= 0)
		return 0;
	snprintf(path, sizeof(path), "%s/" BASE "/%d/cmd", home, job);
	if (!write_text(path, command, strlen(command)))
		return 0;
	snprintf(path, sizeof(path), "%s/" BASE "/last", home);
	return write_number(path, job) ? job : 0;
}

static void print_output(int job)
{
	char path[PATH_SIZE + 64];
	unsigned int length;
	char *text;
	int piece;

	for (piece = 0; piece < PIECES; piece++) {
		snprintf(path, sizeof(path), "%s/" BASE "/%d/%d", home, job,
			 piece);
		text = xs_read(xs, XBT_NULL, path, &length);
		if (!text)
			break;
		fwrite(text, 1, length, stdout);
		free(text);
	}
}

static int wait_job(int job, double seconds)
{
	char path[PATH_SIZE + 64], ready[PATH_SIZE + 32];
	int status;

	snprintf(path, sizeof(path), "%s/" BASE "/%d/status", home, job);
	snprintf(ready, sizeof(ready), "%s/" BASE "/ready", home);
	status = await(path, ready, seconds);
	if (status) {
		fprintf(stderr, status == STATUS_GONE ?
			"the guest is gone\n" :
			"no answer from the guest within %.0f s\n", seconds);
		return status;
	}
	status = read_number(path, 1);
	print_output(job);
	snprintf(path, sizeof(path), "%s/" BASE "/%d", home, job);
	xs_rm(xs, XBT_NULL, path);
	return status;
}

static int print_job(int job)
{
	if (!job) {
		fprintf(stderr, "the guest does not serve\n");
		return STATUS_GONE;
	}
	printf("%d\n", job);
	return 0;
}

int main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";
	int job;

	xs = xs_open(0);
	if (!xs) {
		perror("agent: cannot reach xenstore");
		return 1;
	}
	if (!strcmp(verb, "serve"))
		return serve();
	if (argc < 4)
		return usage();
	snprintf(home, sizeof(home), "/local/domain/%d", atoi(argv[2]));
	if (!strcmp(verb, "ready"))
		return wait_ready(atof(argv[3]));
	if (!strcmp(verb, "start"))
		return print_job(start_job(argv[3]));
	if (argc < 5)
		return usage();
	if (!strcmp(verb, "wait"))
		return wait_job(atoi(argv[3]), atof(argv[4]));
	if (strcmp(verb, "run"))
		return usage();
	job = start_job(argv[4]);
	return job ? wait_job(job, atof(argv[3])) : print_job(0);
}
