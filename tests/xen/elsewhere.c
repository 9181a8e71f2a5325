// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Stands in for ssh and scp where there is neither, on a wire with nobody else, for
 * the kernel's selftests (selftests).  The agent (agent.c) serves Dom0 alone.
 *
 * A request is the lengths of a command and of its input, and both.  An answer is any
 * number of pieces, each with a head that says how long it is and what: output, errors
 * or, as the last, the status.  Who hangs up ends what was asked for.
 */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PORT		7022
#define LONGEST		65536

enum { STATUS_FAILED = 255 };
enum { IS_STATUS = 0, IS_OUTPUT = 1, IS_ERRORS = 2 };

struct request {
	uint32_t command, input;
};

struct piece {
	uint32_t kind, length;
};

static int explain(void)
{
	fprintf(stderr, "usage: ssh [-q] ADDRESS COMMAND\n"
			"       scp FILE ADDRESS:FILE\n"
			"       elsewhere serve ADDRESS\n");
	return 2;
}

static bool send_all(int to, const void *data, size_t length)
{
	const char *at = data;
	ssize_t sent;

	for (; length; at += sent, length -= sent) {
		sent = write(to, at, length);
		if (sent <= 0)
			return false;
	}
	return true;
}

static bool receive_all(int from, void *data, size_t length)
{
	char *at = data;
	ssize_t got;

	for (; length; at += got, length -= got) {
		got = read(from, at, length);
		if (got <= 0)
			return false;
	}
	return true;
}

static struct sockaddr_in place(const char *address)
{
	struct sockaddr_in there = { .sin_family = AF_INET, .sin_port = htons(PORT) };

	inet_aton(address, &there.sin_addr);
	return there;
}

/* The end that asks. */

static int ask(const char *address, const char *command, const char *input,
	       size_t length)
{
	struct request request = { strlen(command), length };
	struct sockaddr_in there = place(address);
	int wire = socket(AF_INET, SOCK_STREAM, 0);
	static char data[LONGEST];
	struct piece piece;

	if (connect(wire, (struct sockaddr *)&there, sizeof(there)) ||
	    !send_all(wire, &request, sizeof(request)) ||
	    !send_all(wire, command, request.command) ||
	    !send_all(wire, input, length))
		return STATUS_FAILED;
	while (receive_all(wire, &piece, sizeof(piece))) {
		if (piece.kind == IS_STATUS)
			return piece.length;
		if (piece.length > sizeof(data) ||
		    !receive_all(wire, data, piece.length) ||
		    !send_all(piece.kind, data, piece.length))
			break;
	}
	return STATUS_FAILED;
}

static int copy(const char *file, char *there)
{
	char *path = strchr(there, ':'), *data, command[512];
	int from = open(file, O_RDONLY);
	struct stat about;

	if (!path || from < 0 || fstat(from, &about))
		return explain();
	*path++ = '\0';
	data = malloc(about.st_size + 1);
	if (!data || !receive_all(from, data, about.st_size))
		return STATUS_FAILED;
	snprintf(command, sizeof(command), "cat > %s && chmod 755 %s", path, path);
	return ask(there, command, data, about.st_size);
}

/* The end that is asked. */

/* The command, started with these three; its process. */
static pid_t start(const char *command, int in, int out, int err)
{
	pid_t child = fork();

	if (child)
		return child;
	setsid();
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	/* Some write to bash's own /dev/udp. */
	execlp("bash", "bash", "-c", command, NULL);
	_exit(127);
}

/* Hand on what comes until there is no more; false when nobody listens. */
static bool hand_on(int wire, int out, int err)
{
	struct pollfd from[] = {
		{ .fd = wire, .events = POLLIN }, { .fd = out, .events = POLLIN },
		{ .fd = err, .events = POLLIN },
	};
	static char data[LONGEST];
	struct piece piece;
	ssize_t got;

	while (from[IS_OUTPUT].fd >= 0 || from[IS_ERRORS].fd >= 0) {
		poll(from, 3, -1);
		if (from[0].revents)
			return false;
		for (piece.kind = IS_OUTPUT; piece.kind <= IS_ERRORS; piece.kind++) {
			if (!from[piece.kind].revents)
				continue;
			got = read(from[piece.kind].fd, data, sizeof(data));
			if (got <= 0) {
				from[piece.kind].fd = -1;
				continue;
			}
			piece.length = got;
			if (!send_all(wire, &piece, sizeof(piece)) ||
			    !send_all(wire, data, got))
				return false;
		}
	}
	return true;
}

static char *receive_text(int wire, size_t length)
{
	char *text = calloc(1, length + 1);

	return text && receive_all(wire, text, length) ? text : NULL;
}

static void answer(int wire)
{
	struct piece last = { IS_STATUS, STATUS_FAILED };
	int in[2], out[2], err[2], status;
	struct request request;
	char *command, *input;
	pid_t child;

	if (!receive_all(wire, &request, sizeof(request)))
		return;
	command = receive_text(wire, request.command);
	input = receive_text(wire, request.input);
	if (!command || !input || pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) ||
	    pipe2(err, O_CLOEXEC))
		return;
	child = start(command, in[0], out[1], err[1]);
	close(in[0]);
	close(out[1]);
	close(err[1]);
	send_all(in[1], input, request.input);
	close(in[1]);
	if (!hand_on(wire, out[0], err[0])) {
		kill(-child, SIGKILL);
		return;
	}
	waitpid(child, &status, 0);
	if (WIFEXITED(status))
		last.length = WEXITSTATUS(status);
	send_all(wire, &last, sizeof(last));
}

static int serve(const char *address)
{
	int wire, door = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
	struct sockaddr_in here = place(address);

	setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(door, (struct sockaddr *)&here, sizeof(here)) || listen(door, 64)) {
		perror("elsewhere");
		return 1;
	}
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
	for (;;) {
		wire = accept4(door, NULL, NULL, SOCK_CLOEXEC);
		if (fork() == 0) {
			signal(SIGCHLD, SIG_DFL);
			answer(wire);
			_exit(0);
		}
		close(wire);
	}
}

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');

	name = name ? name + 1 : argv[0];
	if (argc < 3)
		return explain();
	if (!strcmp(name, "ssh"))
		return ask(argv[argc - 2], argv[argc - 1], "", 0);
	if (!strcmp(name, "scp"))
		return copy(argv[argc - 2], argv[argc - 1]);
	return serve(argv[argc - 1]);
}
