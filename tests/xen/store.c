// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The four of xenstore's tools that Xen's hotplug scripts call, as one static
 * program: a script starts a dozen of them, and under emulation a program
 * that needs libraries takes twice as long to start.  The name that it is
 * called by says which one it is.
 *
 *   xenstore-read PATH...          the values, one a line
 *   xenstore-write PATH VALUE...
 *   xenstore-rm PATH...
 *   xenstore-list PATH...          the names below, one a line
 */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xenstore.h>

static struct xs_handle *xs;

static bool print_value(char **arg)
{
	unsigned int length;
	char *value = xs_read(xs, XBT_NULL, arg[0], &length);

	if (!value)
		return false;
	fwrite(value, 1, length, stdout);
	putchar('\n');
	free(value);
	return true;
}

static bool write_value(char **arg)
{
	return arg[1] &&
	       xs_write(xs, XBT_NULL, arg[0], arg[1], strlen(arg[1]));
}

static bool remove_path(char **arg)
{
	return xs_rm(xs, XBT_NULL, arg[0]);
}

static bool print_names(char **arg)
{
	unsigned int i, count;
	char **names = xs_directory(xs, XBT_NULL, arg[0], &count);

	if (!names)
		return false;
	for (i = 0; i < count; i++)
		puts(names[i]);
	free(names);
	return true;
}

static const struct tool {
	const char *name;
	bool (*run)(char **arg);
	int arguments;		/* that one call of run() takes */
} tools[] = {
	{ "xenstore-read", print_value, 1 },
	{ "xenstore-write", write_value, 2 },
	{ "xenstore-rm", remove_path, 1 },
	{ "xenstore-list", print_names, 1 },
};

static const struct tool *find_tool(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	size_t i;

	for (i = 0; i < sizeof(tools) / sizeof(tools[0]); i++)
		if (!strcmp(tools[i].name, name))
			return &tools[i];
	return NULL;
}

int main(int argc, char **argv)
{
	const struct tool *tool = find_tool(argv[0]);
	int i;

	if (!tool || argc < 2 || argv[1][0] == '-') {
		fprintf(stderr, "%s: called as xenstore-{read,write,rm,list}, without options\n",
			argv[0]);
		return 2;
	}
	xs = xs_open(0);
	if (!xs) {
		perror(argv[0]);
		return 1;
	}
	for (i = 1; i < argc; i += tool->arguments) {
		if (!tool->run(argv + i)) {
			fprintf(stderr, "%s: %s: failed\n", tool->name, argv[i]);
			return 1;
		}
	}
	xs_close(xs);
	return 0;
}
