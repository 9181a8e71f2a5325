// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * A backend's domain that does as it likes with what a guest grants to it.
 *
 *   hold DOMID race SECONDS
 *	Copy from every reference there is, and map, read and unmap those
 *	that are granted, as fast as possible.  Prints how many were reached.
 *   hold DOMID keep COUNT
 *	Map what is granted, up to COUNT pages, print how many they are, and
 *	let go of them when stdin ends.
 */

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include <xengnttab.h>

#define FIRST		8	/* those before belong to Xen's own rings */
#define REFS		3000
#define BATCH		128
#define PAGE		4096

static xengnttab_handle *table;
static uint32_t domid;
static unsigned char sink[BATCH];
static bool granted[REFS];
static void *kept[REFS];

static void set_segment(xengnttab_grant_copy_segment_t *s, uint32_t ref,
			void *to)
{
	memset(s, 0, sizeof(*s));
	s->source.foreign.ref = ref;
	s->source.foreign.domid = domid;
	s->dest.virt = to;
	s->len = 1;
	s->flags = GNTCOPY_source_gref;
	s->status = GNTST_general_error;
}

static void copy_batch(uint32_t first)
{
	static xengnttab_grant_copy_segment_t segments[BATCH];
	uint32_t i;

	for (i = 0; i < BATCH; i++)
		set_segment(&segments[i], first + i, &sink[i]);
	if (xengnttab_grant_copy(table, BATCH, segments)) {
		perror("hold: copy");
		exit(1);
	}
	for (i = 0; i < BATCH && first + i < REFS; i++)
		granted[first + i] = segments[i].status == GNTST_okay;
}

/* Copying finds out what is granted now, and reads it. */
static unsigned int copy_all(void)
{
	unsigned int n = 0;
	uint32_t ref;

	for (ref = FIRST; ref < REFS; ref += BATCH)
		copy_batch(ref);
	for (ref = FIRST; ref < REFS; ref++)
		n += granted[ref];
	return n;
}

/* What was granted a moment ago need not be now. */
static bool map_read_unmap(uint32_t ref)
{
	volatile unsigned char *page;

	page = xengnttab_map_grant_ref(table, domid, ref, PROT_READ);
	if (!page)
		return false;
	sink[0] = page[PAGE - 1];
	xengnttab_unmap(table, (void *)page, 1);
	return true;
}

static int race(int seconds)
{
	time_t end = time(NULL) + seconds;
	unsigned int copied = 0, mapped = 0;
	uint32_t ref;

	while (time(NULL) < end) {
		copied += copy_all();
		for (ref = FIRST; ref < REFS; ref++)
			mapped += granted[ref] && map_read_unmap(ref);
	}
	printf("copied %u, mapped %u\n", copied, mapped);
	return !copied || !mapped;
}

static int keep(unsigned int count)
{
	unsigned int n = 0;
	uint32_t ref;

	copy_all();
	for (ref = FIRST; ref < REFS && n < count; ref++) {
		if (granted[ref])
			kept[ref] = xengnttab_map_grant_ref(table, domid, ref,
							    PROT_READ);
		n += !!kept[ref];
	}
	printf("%u\n", n);
	fflush(stdout);
	while (read(STDIN_FILENO, sink, 1) > 0)
		;
	for (ref = FIRST; ref < REFS; ref++)
		if (kept[ref])
			xengnttab_unmap(table, kept[ref], 1);
	return 0;
}

int main(int argc, char **argv)
{
	table = xengnttab_open(NULL, 0);
	if (!table) {
		perror("hold: no grants here");
		return 1;
	}
	if (argc > 1)
		domid = atoi(argv[1]);
	if (argc == 4 && !strcmp(argv[2], "race"))
		return race(atoi(argv[3]));
	if (argc == 4 && !strcmp(argv[2], "keep"))
		return keep(atoi(argv[3]));
	fprintf(stderr, "usage: hold DOMID race SECONDS\n"
			"       hold DOMID keep COUNT\n");
	return 2;
}
