// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Runs KUnit suites in user space.
 *
 *   unit --list           every case: SUITE <tab> CASE
 *   unit SUITE            run one suite
 *
 * Each case runs in a process of its own, so that a crash, a sanitizer's
 * report or a leak is the failure of that case alone.  For each there is one
 * line: "result" <tab> CASE <tab> ok or FAIL <tab> SECONDS.
 */
#include <kunit/test.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SUITES_MAX	64

/* A case that runs for longer hangs; time on the clock depends on the load. */
#define CPU_SECONDS	60
#define CLOCK_SECONDS	300

static struct kunit_suite *suites[SUITES_MAX];
static size_t nr_suites;

struct kunit_memory {
	struct kunit_memory *next;
	void *start;
};

void user_register(struct kunit_suite *const *more, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		if (nr_suites == SUITES_MAX)
			abort();
		suites[nr_suites++] = more[i];
	}
}

/* To the byte, so that the sanitizer sees an access just behind it. */
void *kunit_kzalloc(struct kunit *test, size_t size, gfp_t flags)
{
	struct kunit_memory *memory = calloc(1, sizeof(*memory));

	(void)flags;
	if (!memory)
		abort();
	if (posix_memalign(&memory->start, 64, size))
		abort();
	memset(memory->start, 0, size);
	memory->next = test->memory;
	test->memory = memory;
	return memory->start;
}

static void free_memory(struct kunit *test)
{
	struct kunit_memory *memory;

	while ((memory = test->memory)) {
		test->memory = memory->next;
		free(memory->start);
		free(memory);
	}
}

void user_fail(struct kunit *test, const char *format, ...)
{
	va_list args;

	test->failed = true;
	printf("   %s: ", test->name);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf("\n");
}

void user_leave(struct kunit *test)
{
	longjmp(test->leave, 1);
}

static void run_body(struct kunit_suite *suite, struct kunit_case *one,
		     struct kunit *test)
{
	if (suite->init && suite->init(test)) {
		user_fail(test, "the suite's init failed");
		return;
	}
	if (!setjmp(test->leave))
		one->run_case(test);
	if (suite->exit)
		suite->exit(test);
}

static bool run_once(struct kunit_suite *suite, struct kunit_case *one,
		     const void *param)
{
	struct kunit test = { .name = one->name, .param_value = param };

	run_body(suite, one, &test);
	free_memory(&test);
	return !test.failed;
}

static bool run_params(struct kunit_suite *suite, struct kunit_case *one)
{
	char text[KUNIT_PARAM_DESC_SIZE] = "";
	const void *param = NULL;
	bool good = true;
	size_t nr = 0;

	while ((param = one->generate_params(param, text))) {
		nr++;
		if (run_once(suite, one, param))
			continue;
		printf("   %s: failed with: %s\n", one->name, text);
		good = false;
	}
	return good && nr;
}

static bool run_case(struct kunit_suite *suite, struct kunit_case *one)
{
	if (one->generate_params)
		return run_params(suite, one);
	return run_once(suite, one, NULL);
}

static void limit_time(void)
{
	const struct rlimit limit = { CPU_SECONDS, CPU_SECONDS };

	setrlimit(RLIMIT_CPU, &limit);
	alarm(CLOCK_SECONDS);
}

/* The exit status of a child that ran one case. */
static int run_child(struct kunit_suite *suite, struct kunit_case *one)
{
	int status = -1;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (child < 0)
		return -1;
	if (!child) {
		limit_time();
		exit(run_case(suite, one) ? EXIT_SUCCESS : EXIT_FAILURE);
	}
	if (waitpid(child, &status, 0) != child)
		return -1;
	if (WIFSIGNALED(status))
		printf("   %s: killed by signal %d\n", one->name,
		       WTERMSIG(status));
	return status;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static bool run_suite(struct kunit_suite *suite)
{
	struct kunit_case *one;
	bool good = true;

	for (one = suite->test_cases; one->run_case; one++) {
		double start = now();
		bool ok = !run_child(suite, one);

		printf("result\t%s\t%s\t%.2f\n", one->name, ok ? "ok" : "FAIL",
		       now() - start);
		good = good && ok;
	}
	return good;
}

static int list(void)
{
	struct kunit_case *one;
	size_t i;

	for (i = 0; i < nr_suites; i++) {
		for (one = suites[i]->test_cases; one->run_case; one++)
			printf("%s\t%s\n", suites[i]->name, one->name);
	}
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	size_t i;

	if (argc == 2 && !strcmp(argv[1], "--list"))
		return list();
	for (i = 0; argc == 2 && i < nr_suites; i++) {
		if (!strcmp(argv[1], suites[i]->name))
			return run_suite(suites[i]) ? EXIT_SUCCESS :
						      EXIT_FAILURE;
	}
	fprintf(stderr, "usage: unit --list | SUITE\n");
	return 2;
}
