// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Sends generated data to an echo server and compares every byte that comes
 * back, over UDP (each datagram on its own) and TCP (as one stream).
 *
 *   wire serve PORT
 *   wire udp HOST PORT SEED FIRST LAST COUNT
 *	COUNT datagrams whose lengths go from FIRST to LAST.  A lost datagram
 *	is sent again a few times; more than one in fifty lost is a failure.
 *	One is lost after a second and a half, or WIRE_PATIENCE milliseconds.
 *   wire tcp HOST PORT SEED BYTES
 *	With WIRE_PAUSE it rests so many milliseconds after each 64 KiB.
 *   wire get PORT > FILE
 *   wire put HOST PORT < FILE
 *	One file, one way, over TCP.
 */

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define LONGEST		65536
#define WINDOW		16
#define TRIES		6
#define STREAM_MS	60000

static long patience_ms = 1500;

static int die(const char *what)
{
	fprintf(stderr, "wire: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Bytes that anyone who knows the seed can tell from all others. */
static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void fill(unsigned char *data, size_t length, uint64_t seed)
{
	uint64_t state = (seed + 1) * 0x9e3779b97f4a7c15ull, word = 0;
	size_t i;

	for (i = 0; i < length; i++) {
		if (i % 8 == 0)
			word = next_random(&state);
		data[i] = word >> (i % 8 * 8);
	}
}

static long now_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000L + time.tv_nsec / 1000000;
}

/* The server: one process for UDP, one for each TCP connection. */

static int listen_on(int type, int port)
{
	struct sockaddr_in6 address = {
		.sin6_family = AF_INET6,
		.sin6_addr = in6addr_any,
		.sin6_port = htons(port),
	};
	int fd = socket(AF_INET6, type, 0), on = 1, size = 4 << 20;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (fd < 0 || bind(fd, (void *)&address, sizeof(address)))
		die("bind");
	return fd;
}

static void echo_datagrams(int fd)
{
	static char data[LONGEST];
	struct sockaddr_in6 peer;
	socklen_t size;
	ssize_t got;

	for (;;) {
		size = sizeof(peer);
		got = recvfrom(fd, data, sizeof(data), 0, (void *)&peer, &size);
		if (got >= 0)
			sendto(fd, data, got, 0, (void *)&peer, size);
	}
}

/* Copy until the end of the input. */
static bool copy(int from, int to)
{
	static char data[LONGEST];
	ssize_t got, sent, done;

	while ((got = read(from, data, sizeof(data))) > 0)
		for (done = 0; done < got; done += sent) {
			sent = write(to, data + done, got - done);
			if (sent <= 0)
				return false;
		}
	return got == 0;
}

static void echo_stream(int fd)
{
	exit(!copy(fd, fd));
}

static void __attribute__((noreturn)) serve(int port)
{
	int udp = listen_on(SOCK_DGRAM, port);
	int tcp = listen_on(SOCK_STREAM, port), fd;

	signal(SIGCHLD, SIG_IGN);
	if (listen(tcp, 8))
		die("listen");
	if (fork() == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		echo_datagrams(udp);
	}
	close(udp);
	for (;;) {
		fd = accept(tcp, NULL, NULL);
		if (fd >= 0 && fork() == 0) {
			/* The peer may be destroyed and never say so. */
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			close(tcp);
			echo_stream(fd);
		}
		close(fd);
	}
}

static int connect_to(const char *host, const char *port, int type)
{
	struct addrinfo hints = { .ai_socktype = type }, *found;
	int fd, size = 4 << 20;

	if (getaddrinfo(host, port, &hints, &found))
		die(host);
	fd = socket(found->ai_family, type, 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (fd < 0 || connect(fd, found->ai_addr, found->ai_addrlen))
		die("connect");
	freeaddrinfo(found);
	return fd;
}

/* A file, one way.  The sender ends when the receiver has it all. */

static int get(int port)
{
	int tcp = listen_on(SOCK_STREAM, port), fd;

	if (listen(tcp, 1))
		die("listen");
	fd = accept(tcp, NULL, NULL);
	return fd < 0 || !copy(fd, STDOUT_FILENO);
}

static int put(int fd)
{
	char end;

	if (!copy(STDIN_FILENO, fd))
		return 1;
	shutdown(fd, SHUT_WR);
	return read(fd, &end, 1) != 0;
}

/* The UDP client: a window of datagrams, each with its own clock. */

struct datagram {
	bool used;
	int number, tries;
	size_t length;
	long sent_ms;
};

struct udp_run {
	int fd, first, last, count;
	uint64_t seed;
	int lost, wrong;
	struct datagram window[WINDOW];
};

static size_t length_of(const struct udp_run *run, int number)
{
	if (run->count < 2)
		return run->first;
	return run->first +
	       (long)number * (run->last - run->first) / (run->count - 1);
}

/* The number leads the data, as much of it as there is room for. */
static void compose(const struct udp_run *run, const struct datagram *datagram,
		    unsigned char *data)
{
	uint32_t number = datagram->number;
	size_t length = datagram->length;

	fill(data, length, run->seed + number);
	memcpy(data, &number, length < sizeof(number) ? length : sizeof(number));
}

static void send_one(struct udp_run *run, struct datagram *datagram)
{
	static unsigned char data[LONGEST];

	compose(run, datagram, data);
	datagram->sent_ms = now_ms();
	datagram->tries++;
	if (send(run->fd, data, datagram->length, 0) < 0 && errno != ENOBUFS)
		die("send");
}

/* Which datagram this answers: by number, or by length when it has none. */
static struct datagram *find(struct udp_run *run, const unsigned char *data,
			     size_t length)
{
	uint32_t number;
	int i;

	memcpy(&number, data, sizeof(number));
	for (i = 0; i < WINDOW; i++) {
		struct datagram *datagram = &run->window[i];

		if (!datagram->used || datagram->length != length)
			continue;
		if (length < sizeof(number) ||
		    (uint32_t)datagram->number == number)
			return datagram;
	}
	return NULL;
}

static void receive_one(struct udp_run *run)
{
	static unsigned char data[LONGEST], expected[LONGEST];
	ssize_t got = recv(run->fd, data, sizeof(data), MSG_DONTWAIT);
	struct datagram *datagram;

	if (got < 0)
		return;
	datagram = find(run, data, got);
	if (!datagram)
		return;		/* the late answer to one sent again */
	compose(run, datagram, expected);
	if (memcmp(data, expected, got)) {
		printf("datagram %d of %zd bytes came back changed\n",
		       datagram->number, got);
		run->wrong++;
	}
	datagram->used = false;
}

static void resend_late(struct udp_run *run)
{
	int i;

	for (i = 0; i < WINDOW; i++) {
		struct datagram *datagram = &run->window[i];

		if (!datagram->used ||
		    now_ms() - datagram->sent_ms < patience_ms)
			continue;
		run->lost++;
		if (datagram->tries >= TRIES) {
			printf("datagram %d of %zu bytes never came back\n",
			       datagram->number, datagram->length);
			exit(1);
		}
		send_one(run, datagram);
	}
}

/* Long datagrams travel in many packets; the shortest carry no number. */
static int window_for(size_t length)
{
	if (length < sizeof(uint32_t))
		return 1;
	return length > 2048 ? 2 : WINDOW;
}

/* Put the next datagram in a free place; false when the window is full. */
static bool launch(struct udp_run *run, int number)
{
	int i, places = window_for(length_of(run, number));

	for (i = 0; i < places; i++) {
		struct datagram *datagram = &run->window[i];

		if (datagram->used)
			continue;
		*datagram = (struct datagram){
			.used = true,
			.number = number,
			.length = length_of(run, number),
		};
		send_one(run, datagram);
		return true;
	}
	return false;
}

static bool outstanding(const struct udp_run *run)
{
	int i;

	for (i = 0; i < WINDOW; i++)
		if (run->window[i].used)
			return true;
	return false;
}

static int check_udp(struct udp_run *run)
{
	struct pollfd event = { .fd = run->fd, .events = POLLIN };
	int number = 0;

	while (number < run->count || outstanding(run)) {
		while (number < run->count && launch(run, number))
			number++;
		if (poll(&event, 1, 50) > 0)
			receive_one(run);
		resend_late(run);
	}
	printf("udp: %d datagrams of %d to %d bytes, %d sent again, %d wrong\n",
	       run->count, run->first, run->last, run->lost, run->wrong);
	return run->wrong || run->lost > run->count / 50 + 1;
}

/* The TCP client: a child sends, we compare. */

static void send_stream(int fd, uint64_t seed, long bytes)
{
	static unsigned char data[LONGEST];
	const char *pause = getenv("WIRE_PAUSE");
	long block, left, done;
	ssize_t sent;

	for (block = 0; block * LONGEST < bytes; block++) {
		left = bytes - block * LONGEST;
		left = left < LONGEST ? left : LONGEST;
		fill(data, left, seed + block);
		for (done = 0; done < left; done += sent) {
			sent = write(fd, data + done, left - done);
			if (sent <= 0)
				_exit(1);
		}
		if (pause)
			poll(NULL, 0, atoi(pause));
	}
	shutdown(fd, SHUT_WR);
	_exit(0);
}

static size_t read_block(int fd, unsigned char *data, size_t length)
{
	struct pollfd event = { .fd = fd, .events = POLLIN };
	size_t done = 0;
	ssize_t got;

	while (done < length) {
		if (poll(&event, 1, STREAM_MS) <= 0)
			break;
		got = read(fd, data + done, length - done);
		if (got <= 0)
			break;
		done += got;
	}
	return done;
}

static int check_tcp(int fd, uint64_t seed, long bytes)
{
	static unsigned char data[LONGEST], expected[LONGEST];
	long block, left;

	if (fork() == 0)
		send_stream(fd, seed, bytes);
	for (block = 0; block * LONGEST < bytes; block++) {
		left = bytes - block * LONGEST;
		left = left < LONGEST ? left : LONGEST;
		if ((long)read_block(fd, data, left) != left) {
			printf("tcp: the stream ended or stalled in block %ld\n",
			       block);
			return 1;
		}
		fill(expected, left, seed + block);
		if (memcmp(data, expected, left)) {
			printf("tcp: block %ld came back changed\n", block);
			return 1;
		}
	}
	printf("tcp: %ld bytes both ways, all equal\n", bytes);
	return 0;
}

static int explain(void)
{
	fprintf(stderr, "usage: wire serve PORT\n"
			"       wire udp HOST PORT SEED FIRST LAST COUNT\n"
			"       wire tcp HOST PORT SEED BYTES\n"
			"       wire get PORT > FILE\n"
			"       wire put HOST PORT < FILE\n");
	return 2;
}

int main(int argc, char **argv)
{
	const char *patience = getenv("WIRE_PATIENCE");
	struct udp_run run = { 0 };

	if (patience)
		patience_ms = atol(patience);
	if (argc == 3 && !strcmp(argv[1], "serve"))
		serve(atoi(argv[2]));
	if (argc == 3 && !strcmp(argv[1], "get"))
		return get(atoi(argv[2]));
	if (argc == 4 && !strcmp(argv[1], "put"))
		return put(connect_to(argv[2], argv[3], SOCK_STREAM));
	if (argc == 6 && !strcmp(argv[1], "tcp"))
		return check_tcp(connect_to(argv[2], argv[3], SOCK_STREAM),
				 atol(argv[4]), atol(argv[5]));
	if (argc != 8 || strcmp(argv[1], "udp"))
		return explain();
	run.fd = connect_to(argv[2], argv[3], SOCK_DGRAM);
	run.seed = atol(argv[4]);
	run.first = atoi(argv[5]);
	run.last = atoi(argv[6]);
	run.count = atoi(argv[7]);
	return check_udp(&run);
}
