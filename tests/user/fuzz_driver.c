// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Runs the fuzz targets without libFuzzer: the corpus first, then random
 * mutations of it until the time is up.
 *
 *   fuzz --list              every target: "pvio_fuzz" <tab> TARGET
 *   fuzz SECONDS CORPUS      run all of them, each for so long
 *   fuzz FILE                run one input, to see a failure again
 *
 * PVIO_SEED changes the mutations.  A failing input is kept in the current
 * directory as fuzz-failure-TARGET.
 */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/kernel.h>

#define INPUT_MAX	4200
#define CORPUS_MAX	64

struct input {
	uint8_t bytes[INPUT_MAX];
	size_t size;
};

/* What the children tell: the input they are at, and what they have done. */
struct shared {
	struct input now;
	unsigned long long slots;
};

static struct input corpus[CORPUS_MAX];
static size_t nr_corpus;
static uint64_t state = 1;

static uint32_t roll(void)
{
	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return state >> 33;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static int read_input(const char *path, struct input *in)
{
	FILE *file = fopen(path, "rb");

	if (!file)
		return -1;
	in->size = fread(in->bytes, 1, sizeof(in->bytes), file);
	fclose(file);
	return in->size ? 0 : -1;
}

/* In the order of their names, for the same run every time. */
static void read_corpus(const char *path)
{
	struct dirent **entries;
	char name[1024];
	int n = scandir(path, &entries, NULL, alphasort);
	int i;

	for (i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "%s/%s", path, entries[i]->d_name);
		if (entries[i]->d_name[0] != '.' && nr_corpus < CORPUS_MAX &&
		    !read_input(name, &corpus[nr_corpus]))
			nr_corpus++;
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

/* Values that lie at the limits of one field or another. */
static uint16_t edge(void)
{
	static const uint16_t edges[] = { 0, 1, 4, 7, 8, 11, 12, 13, 14, 18, 19,
					  20, 21, 256, 257, 4095, 4096, 4097,
					  0x7fff, 0x8000, 0xffff };

	return edges[roll() % ARRAY_SIZE(edges)];
}

static void mutate_once(struct input *in)
{
	size_t at = 1 + roll() % (in->size - 1);
	size_t from = roll() % in->size;
	uint16_t value = edge();

	switch (roll() % 5) {
	case 0:
		in->bytes[at] ^= 1 << roll() % 8;
		break;
	case 1:
		in->bytes[at] = roll();
		break;
	case 2:
		if (at + sizeof(value) <= in->size)
			memcpy(in->bytes + at, &value, sizeof(value));
		break;
	case 3:
		in->bytes[2] = edge();
		break;
	default:
		if (at + 12 <= in->size && from + 12 <= in->size)
			memmove(in->bytes + at, in->bytes + from, 12);
		break;
	}
}

/* As a rule from an input that was made for the same target. */
static void make_input(struct input *in, uint8_t target)
{
	unsigned int n;

	do {
		*in = corpus[roll() % nr_corpus];
	} while (in->bytes[0] != target && roll() % 64);
	if (roll() % 16 == 0) {
		for (n = 0; n < INPUT_MAX; n++)
			in->bytes[n] = roll();
		in->size = INPUT_MAX;
	}
	for (n = roll() % 8; n; n--)
		mutate_once(in);
}

static void feed(struct input *now_running, uint8_t target)
{
	now_running->bytes[0] = target;
	LLVMFuzzerTestOneInput(now_running->bytes, now_running->size);
}

/* The number of inputs that went well. */
static unsigned long run_target(struct input *current, uint8_t target,
				double seconds)
{
	double end = now() + seconds;
	unsigned long runs;

	for (runs = 0; runs < nr_corpus; runs++) {
		*current = corpus[runs];
		feed(current, target);
	}
	do {
		make_input(current, target);
		feed(current, target);
	} while (++runs % 64 || now() < end);
	return runs;
}

static void keep(const struct input *in, const char *target)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "fuzz-failure-%s", target);
	file = fopen(path, "wb");
	if (!file)
		return;
	fwrite(in->bytes, 1, in->size, file);
	fclose(file);
	printf("   to see it again: cd build/user && ./fuzz %s\n", path);
}

/* In a process of its own; what it was fed last is seen from outside. */
static int fork_target(struct shared *shared, uint8_t target, double seconds)
{
	unsigned long runs;
	int status = -1;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (!child) {
		runs = run_target(&shared->now, target, seconds);
		shared->slots += fuzz_slots;
		printf("   %s: %lu inputs, %llu slots\n", fuzz_targets[target],
		       runs, (unsigned long long)fuzz_slots);
		exit(EXIT_SUCCESS);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return -1;
	if (status)
		keep(&shared->now, fuzz_targets[target]);
	return status;
}

static int run_all(double seconds)
{
	struct shared *shared = mmap(NULL, sizeof(*shared),
				     PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int failed = 0;
	size_t i;

	if (shared == MAP_FAILED)
		return 2;
	for (i = 0; i < fuzz_nr_targets; i++) {
		double start = now();
		int status = fork_target(shared, i, seconds);

		printf("result\t%s\t%s\t%.2f\n", fuzz_targets[i],
		       status ? "FAIL" : "ok", now() - start);
		failed |= status;
	}
	printf("   %llu slots in all\n", (unsigned long long)shared->slots);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int list(void)
{
	size_t i;

	for (i = 0; i < fuzz_nr_targets; i++)
		printf("pvio_fuzz\t%s\n", fuzz_targets[i]);
	return EXIT_SUCCESS;
}

static int run_one(const char *path)
{
	static struct input in;

	if (read_input(path, &in)) {
		fprintf(stderr, "cannot read %s\n", path);
		return 2;
	}
	return LLVMFuzzerTestOneInput(in.bytes, in.size);
}

int main(int argc, char **argv)
{
	const char *seed = getenv("PVIO_SEED");

	if (seed)
		state = strtoull(seed, NULL, 0);
	if (argc == 2 && !strcmp(argv[1], "--list"))
		return list();
	if (argc == 2)
		return run_one(argv[1]);
	if (argc != 3) {
		fprintf(stderr, "usage: fuzz --list | SECONDS CORPUS | FILE\n");
		return 2;
	}
	read_corpus(argv[2]);
	if (!nr_corpus) {
		fprintf(stderr, "no corpus in %s\n", argv[2]);
		return 2;
	}
	return run_all(atof(argv[1]));
}
