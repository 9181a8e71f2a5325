// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * probe WARM WINDOW START COUNTER...: what the domains spend while work is
 * done.  Runs in Dom0.
 *
 * Waits until the counters have risen by START, lets WARM milliseconds pass,
 * then takes the difference of everything over WINDOW milliseconds: the
 * counters (together, 'work'), the CPU time that the hypervisor has accounted
 * to each domain, and the interrupts of Dom0 by name.  Prints one line of
 * JSON.  START 0 does not wait.
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
#include <xenctrl.h>

#define MAX_DOMAINS	64
#define MAX_SOURCES	64
#define NAME_SIZE	48
#define LINE_SIZE	1024
#define SECOND		1000000000ull
#define MILLISECOND	1000000ull
#define POLL		(5 * MILLISECOND)
#define PATIENCE	(20 * SECOND)

struct interrupt {
	int number;
	char name[NAME_SIZE];
	uint64_t count;
};

struct sample {
	uint64_t time;
	uint64_t work;
	int domains;
	xc_domaininfo_t domain[MAX_DOMAINS];
	int interrupts;
	struct interrupt interrupt[MAX_SOURCES];
};

static char **counters;
static xc_interface *xc;

static void die(const char *what, const char *why)
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

/* A line is 'NUMBER: COUNT... CHIP NAME'; true for event channels. */
static bool parse_interrupt(char *line, struct interrupt *interrupt)
{
	char *rest = strchr(line, ':'), *name;
	uint64_t count = 0;

	name = strrchr(line, ' ');
	if (!rest || !name || !strstr(line, "xen-dyn"))
		return false;
	for (rest++; *rest == ' ' || isdigit(*rest); )
		if (*rest == ' ')
			rest++;
		else
			count += strtoull(rest, &rest, 10);
	snprintf(interrupt->name, NAME_SIZE, "%.*s",
		 (int)strcspn(name + 1, "\n"), name + 1);
	interrupt->number = atoi(line);
	interrupt->count = count;
	return true;
}

static void read_interrupts(struct sample *s)
{
	FILE *f = fopen("/proc/interrupts", "r");
	char line[LINE_SIZE];

	if (!f)
		die("/proc/interrupts", "cannot be opened");
	s->interrupts = 0;
	while (s->interrupts < MAX_SOURCES && fgets(line, sizeof(line), f))
		if (parse_interrupt(line, &s->interrupt[s->interrupts]))
			s->interrupts++;
	fclose(f);
}

/* Cheap things last, so that both ends of the window lie close to the time. */
static void take(struct sample *s)
{
	read_interrupts(s);
	s->domains = xc_domain_getinfolist(xc, 0, MAX_DOMAINS, s->domain);
	if (s->domains < 0)
		die("Xen", "does not list its domains");
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

static uint64_t spent_before(const struct sample *a, domid_t domid)
{
	int i;

	for (i = 0; i < a->domains; i++)
		if (a->domain[i].domain == domid)
			return a->domain[i].cpu_time;
	return 0;
}

/* Names are not unique. */
static uint64_t count_before(const struct sample *a, int number)
{
	int i;

	for (i = 0; i < a->interrupts; i++)
		if (a->interrupt[i].number == number)
			return a->interrupt[i].count;
	return 0;
}

static void print_interrupts(const struct sample *a, const struct sample *b)
{
	const struct interrupt *interrupt;
	const char *comma = "";
	uint64_t count;
	int i;

	printf("\"interrupts\":{");
	for (i = 0; i < b->interrupts; i++) {
		interrupt = &b->interrupt[i];
		count = interrupt->count - count_before(a, interrupt->number);
		if (!count)
			continue;
		printf("%s\"%d %s\":%lu", comma, interrupt->number,
		       interrupt->name, count);
		comma = ",";
	}
	printf("}");
}

static void print(const struct sample *a, const struct sample *b)
{
	const xc_domaininfo_t *domain;
	int i;

	printf("{\"ns\":%lu,\"work\":%lu,\"cpu\":{", b->time - a->time,
	       b->work - a->work);
	for (i = 0; i < b->domains; i++) {
		domain = &b->domain[i];
		printf("%s\"%u\":%lu", i ? "," : "", domain->domain,
		       domain->cpu_time - spent_before(a, domain->domain));
	}
	printf("},");
	print_interrupts(a, b);
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
	xc = xc_interface_open(NULL, NULL, 0);
	if (!xc)
		die("Xen", "cannot be reached");
	wait_for_work(strtoull(argv[3], NULL, 10));
	pass(strtoull(argv[1], NULL, 10) * MILLISECOND);
	take(&before);
	pass(strtoull(argv[2], NULL, 10) * MILLISECOND);
	take(&after);
	print(&before, &after);
	return 0;
}
