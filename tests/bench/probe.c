// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * probe WARM WINDOW START COUNTER...: what the domains spend while work is
 * done.  Runs in Dom0, or in what stands in its place without Xen.
 *
 * Waits until the counters have risen by START, lets WARM milliseconds pass,
 * then takes the difference of everything over WINDOW milliseconds: the
 * counters (together, 'work'), the CPU time that the hypervisor has accounted
 * to each domain and what else it counts (accounts.h), and the interrupts of
 * Dom0 by name.  Prints one line of JSON.  START 0 does not wait.
 *
 * A COUNTER is FILE or FILE:FIELD, a number in a text file, fields counted
 * from 1.
 */

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "accounts.h"

#define LINE_SIZE	1024
#define SECOND		1000000000ull
#define MILLISECOND	1000000ull
#define POLL		(5 * MILLISECOND)
#define PATIENCE	(20 * SECOND)

struct sample {
	uint64_t time;
	uint64_t work;
	struct counts cpu;
	struct counts exits;
	struct counts interrupts;
};

static char **counters;

void die(const char *what, const char *why)
{
	fprintf(stderr, "probe: %s: %s\n", what, why);
	exit(1);
}

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * SECOND + t.tv_nsec;
}

static void pass(uint64_t ns)
{
	struct timespec t = { ns / SECOND, ns % SECOND };

	nanosleep(&t, NULL);
}

static uint64_t read_field(const char *file, int field)
{
	FILE *f = fopen(file, "r");
	char word[64] = "";

	if (!f)
		die(file, "cannot be opened");
	while (field-- > 0)
		if (fscanf(f, "%63s", word) != 1)
			die(file, "has no such field");
	fclose(f);
	return strtoull(word, NULL, 10);
}

/* The last colon counts: PCI addresses and the like have more. */
static uint64_t read_counter(const char *counter)
{
	char file[256];
	char *colon;
	int field = 1;

	snprintf(file, sizeof(file), "%s", counter);
	colon = strrchr(file, ':');
	if (colon && isdigit(colon[1])) {
		*colon = '\0';
		field = atoi(colon + 1);
	}
	return read_field(file, field);
}

static uint64_t read_work(void)
{
	uint64_t work = 0;
	char **counter;

	for (counter = counters; *counter; counter++)
		work += read_counter(*counter);
	return work;
}

struct count *add_count(struct counts *counts)
{
	if (counts->number == MAX_COUNTS)
		die("the sample", "has no room left");
	return &counts->count[counts->number++];
}

/* A line is 'NUMBER: COUNT... CHIP NAME'; names are not unique. */
static void add_interrupt(struct counts *counts, char *line)
{
	char *rest = strchr(line, ':'), *name = strrchr(line, ' ');
	struct count *interrupt;

	/* Event channels alone. */
	if (!rest || !name || !strstr(line, "xen-dyn"))
		return;
	interrupt = add_count(counts);
	interrupt->value = 0;
	for (rest++; *rest == ' ' || isdigit(*rest); )
		if (*rest == ' ')
			rest++;
		else
			interrupt->value += strtoull(rest, &rest, 10);
	snprintf(interrupt->name, NAME_SIZE, "%d %.*s", atoi(line),
		 (int)strcspn(name + 1, "\n"), name + 1);
}

static void read_interrupts(struct counts *counts)
{
	FILE *f = fopen("/proc/interrupts", "r");
	char line[LINE_SIZE];

	if (!f)
		die("/proc/interrupts", "cannot be opened");
	counts->number = 0;
	while (fgets(line, sizeof(line), f))
		add_interrupt(counts, line);
	fclose(f);
}

/* Cheap things last, so that both ends of the window lie close to the time. */
static void take(struct sample *s)
{
	read_interrupts(&s->interrupts);
	read_exits(&s->exits);
	read_cpu(&s->cpu);
	s->work = read_work();
	s->time = now();
}

static void wait_for_work(uint64_t rise)
{
	uint64_t base = read_work(), end = now() + PATIENCE;

	while (rise && read_work() - base < rise) {
		if (now() > end)
			die("the load", "did not start within 20 s");
		pass(POLL);
	}
}

static uint64_t value_before(const struct counts *a, const char *name)
{
	int i;

	for (i = 0; i < a->number; i++)
		if (!strcmp(a->count[i].name, name))
			return a->count[i].value;
	return 0;
}

/* What has risen from @a to @b. */
static void print_rise(const char *what, const struct counts *a,
		       const struct counts *b)
{
	const struct count *count;
	const char *comma = "";
	uint64_t rise;
	int i;

	printf(",\"%s\":{", what);
	for (i = 0; i < b->number; i++) {
		count = &b->count[i];
		rise = count->value - value_before(a, count->name);
		if (!rise)
			continue;
		printf("%s\"%s\":%lu", comma, count->name, rise);
		comma = ",";
	}
	printf("}");
}

static void print(const struct sample *a, const struct sample *b)
{
	printf("{\"ns\":%lu,\"work\":%lu", b->time - a->time,
	       b->work - a->work);
	print_rise("cpu", &a->cpu, &b->cpu);
	print_rise("exits", &a->exits, &b->exits);
	print_rise("interrupts", &a->interrupts, &b->interrupts);
	printf("}\n");
}

int main(int argc, char **argv)
{
	static struct sample before, after;

	if (argc < 5) {
		fprintf(stderr, "usage: probe WARM WINDOW START COUNTER...\n");
		return 2;
	}
	counters = argv + 4;
	open_accounts();
	wait_for_work(strtoull(argv[3], NULL, 10));
	pass(strtoull(argv[1], NULL, 10) * MILLISECOND);
	take(&before);
	pass(strtoull(argv[2], NULL, 10) * MILLISECOND);
	take(&after);
	print(&before, &after);
	return 0;
}
