// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Traffic whose pace is known, for what iperf3 and fio do not offer:
 *
 *   load sink PORT                      receive datagrams, print how many
 *   load blast ADDRESS PORT SIZE RATE [BURST]
 *                                       send RATE datagrams a second in evenly
 *                                       spaced bursts, print how many
 *   load echo PORT                      give back what comes over TCP
 *   load trips ADDRESS PORT SIZE FILE   one message at a time to 'echo'; FILE
 *                                       always holds their number; print it,
 *                                       mean and 99th percentile of their
 *                                       nanoseconds
 *   load beats STEP WORK                wake up about each STEP microseconds, half
 *                                       as much to half as much again, and work
 *                                       for WORK; print how often, and of the
 *                                       middle half mean and 99th percentile of
 *                                       the nanoseconds from when it was due to
 *                                       the end of the work
 *   load offload DEVICE on|off          segmentation offload of a device
 *
 * Runs until SIGTERM, then prints.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SECOND		1000000000ull
#define MAX_SIZE	65536
#define DIGITS		16
#define SOCKET_BUFFER	(1 << 20)

/* Latency counts in steps of 1/8 of a power of two. */
#define STEPS		8
#define BUCKETS		(64 * STEPS)

/* Beats that are remembered. */
#define BEATS		65536

static char buffer[MAX_SIZE];
static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

static void die(const char *what)
{
	fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * SECOND + t.tv_nsec;
}

static void sleep_until(uint64_t when)
{
	struct timespec t = { when / SECOND, when % SECOND };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) ==
	       EINTR)
		;
}

static struct sockaddr_in address(const char *host, const char *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET };

	a.sin_port = htons(atoi(port));
	if (inet_pton(AF_INET, host, &a.sin_addr) != 1) {
		errno = EINVAL;
		die(host);
	}
	return a;
}

static int bound(int type, const char *port)
{
	struct sockaddr_in a = address("0.0.0.0", port);
	int fd = socket(AF_INET, type, 0), on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&a, sizeof(a)))
		die("bind");
	return fd;
}

static int connected(int type, const char *host, const char *port)
{
	struct sockaddr_in a = address(host, port);
	int fd = socket(AF_INET, type, 0), on = 1;

	if (connect(fd, (struct sockaddr *)&a, sizeof(a)))
		die("connect");
	if (type == SOCK_STREAM)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return fd;
}

static int sink(char **argv)
{
	int fd = bound(SOCK_DGRAM, argv[0]), size = SOCKET_BUFFER;
	unsigned long count = 0;

	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	while (!stopped)
		if (recv(fd, buffer, sizeof(buffer), 0) >= 0)
			count++;
	printf("%lu\n", count);
	return 0;
}

static int blast(char **argv)
{
	int fd = connected(SOCK_DGRAM, argv[0], argv[1]);
	unsigned long size = atol(argv[2]), rate = atol(argv[3]);
	unsigned long burst = argv[4] ? atol(argv[4]) : 1;
	uint64_t step = burst * SECOND / rate, when = now();
	unsigned long sent = 0, i;

	prctl(PR_SET_TIMERSLACK, 1);
	for (; !stopped; when += step) {
		sleep_until(when);
		for (i = 0; i < burst; i++)
			sent += send(fd, buffer, size, 0) == (ssize_t)size;
	}
	printf("%lu\n", sent);
	return 0;
}

/* Receive exactly @size bytes; false at the end of the stream. */
static bool receive(int fd, size_t size)
{
	size_t have = 0;
	ssize_t got;

	while (have < size) {
		got = recv(fd, buffer + have, size - have, 0);
		if (got <= 0)
			return false;
		have += got;
	}
	return true;
}

static void serve(int fd)
{
	ssize_t got;
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	while ((got = recv(fd, buffer, sizeof(buffer), 0)) > 0)
		if (send(fd, buffer, got, 0) != got)
			break;
	close(fd);
}

static int echo(char **argv)
{
	int listener = bound(SOCK_STREAM, argv[0]), fd;

	if (listen(listener, 1))
		die("listen");
	while (!stopped) {
		fd = accept(listener, NULL, NULL);
		if (fd >= 0)
			serve(fd);
	}
	return 0;
}

static unsigned int bucket(uint64_t value)
{
	unsigned int power = 63 - __builtin_clzll(value | STEPS);

	return power * STEPS + ((value >> (power - 3)) & (STEPS - 1));
}

/* The smallest value that falls into the bucket. */
static uint64_t floor_of(unsigned int index)
{
	return (uint64_t)(STEPS + index % STEPS) << (index / STEPS - 3);
}

static uint64_t percentile(const unsigned long *counts, unsigned long total,
			   unsigned int percent)
{
	unsigned long below = 0;
	unsigned int i;

	for (i = 0; i < BUCKETS; i++) {
		below += counts[i];
		if (below * 100 >= total * percent)
			return floor_of(i);
	}
	return 0;
}

/* A file with a decimal number, for others to read while we count. */
static char *open_odometer(const char *file)
{
	int fd = open(file, O_RDWR | O_CREAT | O_TRUNC, 0644);
	char *digits;

	if (fd < 0 || ftruncate(fd, DIGITS))
		die(file);
	digits = mmap(NULL, DIGITS, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (digits == MAP_FAILED)
		die(file);
	return memset(digits, '0', DIGITS);
}

static void advance(char *digits)
{
	int i = DIGITS - 1;

	while (digits[i] == '9')
		digits[i--] = '0';
	digits[i]++;
}

static int trips(char **argv)
{
	static unsigned long counts[BUCKETS];
	int fd = connected(SOCK_STREAM, argv[0], argv[1]);
	size_t size = atol(argv[2]);
	uint64_t start = now(), before = start, after = start;
	char *odometer = open_odometer(argv[3]);
	unsigned long count = 0;

	while (!stopped) {
		if (send(fd, buffer, size, 0) != (ssize_t)size ||
		    !receive(fd, size))
			break;
		after = now();
		counts[bucket(after - before)]++;
		before = after;
		advance(odometer);
		count++;
	}
	if (!count)
		die("no trip");
	printf("%lu %lu %lu\n", count, (unsigned long)((after - start) / count),
	       (unsigned long)percentile(counts, count, 99));
	return 0;
}

static void work_for(uint64_t ns)
{
	uint64_t end = now() + ns;

	while (now() < end)
		;
}

/* When others begin and end, they are in the way with more than their load. */
static void print_beats(const uint64_t *late, unsigned long count)
{
	static unsigned long counts[BUCKETS];
	unsigned long i, from = count / 4, to = count - from;
	uint64_t took = 0;

	for (i = from; i < to; i++) {
		counts[bucket(late[i])]++;
		took += late[i];
	}
	printf("%lu %lu %lu\n", count, (unsigned long)(took / (to - from)),
	       (unsigned long)percentile(counts, to - from, 99));
}

static int beats(char **argv)
{
	static uint64_t late[BEATS];
	uint64_t step = atol(argv[0]) * 1000ull, work = atol(argv[1]) * 1000ull;
	uint64_t due = now();
	unsigned long count = 0;

	prctl(PR_SET_TIMERSLACK, 1);
	while (!stopped && count < BEATS) {
		/* In a counted world an even step keeps to one place of a cycle. */
		due += step / 2 + random() % step;
		sleep_until(due);
		work_for(work);
		late[count++] = now() - due;
	}
	if (!count)
		die("no beat");
	print_beats(late, count);
	return 0;
}

static int offload(char **argv)
{
	struct ethtool_value value = { .cmd = ETHTOOL_STSO };
	struct ifreq request = { 0 };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	value.data = !strcmp(argv[1], "on");
	strncpy(request.ifr_name, argv[0], IFNAMSIZ - 1);
	request.ifr_data = (void *)&value;
	if (ioctl(fd, SIOCETHTOOL, &request))
		die(argv[0]);
	return 0;
}

static const struct mode {
	const char *name;
	int arguments;
	int (*run)(char **argv);
} modes[] = {
	{ "sink", 1, sink },
	{ "blast", 4, blast },
	{ "echo", 1, echo },
	{ "trips", 4, trips },
	{ "beats", 2, beats },
	{ "offload", 2, offload },
};

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = stop };
	size_t i;

	sigaction(SIGTERM, &action, NULL);
	for (i = 0; argc > 1 && i < sizeof(modes) / sizeof(modes[0]); i++)
		if (!strcmp(argv[1], modes[i].name) &&
		    argc - 2 >= modes[i].arguments)
			return modes[i].run(argv + 2);
	fprintf(stderr, "load: usage: see the head of load.c\n");
	return 2;
}
