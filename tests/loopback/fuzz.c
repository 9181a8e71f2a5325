// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Inputs: which to try, which to keep, what to say of the last ones.
 */
#include "tests/loopback/fuzz.h"

#include <linux/debug_locks.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/panic.h>
#include <linux/prandom.h>

#include "tests/loopback/coverage.h"
#include "tests/loopback/told.h"

#define KEPT_MAX	512
#define PIECE_SECONDS	50
#define LAST		8	/* what an input did may show in a later one only */
#define ANEW		16	/* one in so many begins with a new connection */
#define WORD_INDICES	4

/**
 * struct fuzz - what is known of the target that is tried now
 * @target: it
 * @rnd: where inputs come from
 * @kept: those that were the first to reach something
 * @nr_kept: how many
 * @last: what was tried last
 * @tried: how many were
 * @is_open: the last one's connection may still stand
 */
static struct fuzz {
	const struct fuzz_target *target;
	struct rnd_state rnd;
	struct fuzz_input kept[KEPT_MAX];
	unsigned int nr_kept;
	struct fuzz_input last[LAST];
	unsigned int tried;
	bool is_open;
} fuzz;

static u32 draw(u32 below)
{
	return prandom_u32_state(&fuzz.rnd) % below;
}

/* Numbers that someone may have got wrong. */
static u32 odd_number(void)
{
	static const u32 odd[] = {
		0, 1, 2, 7, 8, 11, 13, 14, 32, 60, 128, 255, 256, 257, 512,
		1024, 4080, 4095, 4096, 4097, 32767, 32768, 65535, 65536,
		0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
	};

	switch (draw(4)) {
	case 0:
		return odd[draw(ARRAY_SIZE(odd))];
	case 1:
		return draw(32);
	case 2:
		return draw(1 << 16);
	default:
		return prandom_u32_state(&fuzz.rnd);
	}
}

static struct fuzz_step any_step(void)
{
	return (struct fuzz_step){
		.verb = draw(fuzz.target->verbs),
		.a = odd_number(),
		.b = odd_number(),
		.c = odd_number(),
	};
}

static void change_field(struct fuzz_step *step)
{
	switch (draw(4)) {
	case 0:
		step->verb = draw(fuzz.target->verbs);
		break;
	case 1:
		step->a = odd_number();
		break;
	case 2:
		step->b = odd_number();
		break;
	default:
		step->c = odd_number();
	}
}

static void insert(struct fuzz_input *in, struct fuzz_step step)
{
	unsigned int at = draw(in->nr + 1);

	if (in->nr == FUZZ_STEPS)
		return;
	memmove(&in->step[at + 1], &in->step[at],
		(in->nr - at) * sizeof(step));
	in->step[at] = step;
	in->nr++;
}

static void take_out(struct fuzz_input *in)
{
	unsigned int at = draw(in->nr);

	if (in->nr == 1)
		return;
	in->nr--;
	memmove(&in->step[at], &in->step[at + 1],
		(in->nr - at) * sizeof(in->step[0]));
}

/* The end of another one from here on. */
static void splice(struct fuzz_input *in)
{
	const struct fuzz_input *other = &fuzz.kept[draw(fuzz.nr_kept)];
	unsigned int at = draw(min(in->nr, other->nr));

	memcpy(&in->step[at], &other->step[at],
	       (other->nr - at) * sizeof(in->step[0]));
	in->nr = other->nr;
}

static void change(struct fuzz_input *in)
{
	switch (draw(6)) {
	case 0:
		in->step[draw(in->nr)] = any_step();
		break;
	case 1:
		insert(in, any_step());
		break;
	case 2:
		insert(in, in->step[draw(in->nr)]);
		break;
	case 3:
		take_out(in);
		break;
	case 4:
		splice(in);
		break;
	default:
		change_field(&in->step[draw(in->nr)]);
	}
	if (!draw(16))
		in->plan = odd_number();
}

static struct fuzz_input fresh_input(void)
{
	struct fuzz_input in = { .plan = odd_number(), .nr = 1 + draw(12) };
	unsigned int i;

	for (i = 0; i < in.nr; i++)
		in.step[i] = any_step();
	return in;
}

static struct fuzz_input next_input(void)
{
	struct fuzz_input in;
	unsigned int changes;

	if (!fuzz.nr_kept || !draw(16))
		return fresh_input();
	in = fuzz.kept[draw(fuzz.nr_kept)];
	for (changes = 1 + draw(4); changes; changes--)
		change(&in);
	return in;
}

static void keep(const struct fuzz_input *in)
{
	unsigned int at = fuzz.nr_kept < KEPT_MAX ? fuzz.nr_kept++ :
						    draw(KEPT_MAX);

	fuzz.kept[at] = *in;
}

/* A report taints the kernel, or ends the looking for locks. */
static bool kernel_is_well(void)
{
	return debug_locks && !test_taint(TAINT_WARN) && !test_taint(TAINT_DIE) &&
	       !test_taint(TAINT_BAD_PAGE);
}

/* An end that is played has no driver perhaps. */
static bool holds(struct kunit *test)
{
	const struct loop_pair *pair = fuzz.target->pair(test);
	const struct pvio_device *front = pair->front.pdev;
	const struct pvio_device *back = pair->back.pdev;

	return pvio_loop_state(&pair->front) == XenbusStateConnected &&
	       pvio_loop_state(&pair->back) == XenbusStateConnected &&
	       !(front && pvio_device_broken(front)) &&
	       !(back && pvio_device_broken(back));
}

static void close(struct kunit *test)
{
	if (fuzz.is_open)
		fuzz.target->close(test);
	fuzz.is_open = false;
}

static void try_input(struct kunit *test, const struct fuzz_input *in)
{
	unsigned int i;

	memmove(&fuzz.last[1], &fuzz.last[0], (LAST - 1) * sizeof(*in));
	fuzz.last[0] = *in;
	fuzz.tried++;
	if (!fuzz.is_open || !draw(ANEW) || !holds(test)) {
		close(test);
		fuzz.target->open(test, in->plan);
		fuzz.is_open = true;
	}
	for (i = 0; i < in->nr; i++)
		fuzz.target->step(test, &in->step[i]);
}

/* Each input on a line, as it is read again. */
static bool read_input(struct fuzz_input *in)
{
	const char *input = pvio_loop_told.input;
	size_t len = strlen(input) / 2;

	memset(in, 0, sizeof(*in));
	return len <= sizeof(*in) && !hex2bin((u8 *)in, input, len) && in->nr &&
	       in->nr <= FUZZ_STEPS;
}

static void try_told(struct kunit *test)
{
	struct fuzz_input in;
	unsigned int i;

	KUNIT_ASSERT_TRUE_MSG(test, read_input(&in), "that is no input");
	for (i = 0; i < 20 && kernel_is_well(); i++) {
		try_input(test, &in);
		close(test);
	}
}

static void try_many(struct kunit *test, unsigned int seconds)
{
	unsigned long end = jiffies + HZ * seconds;
	struct fuzz_input in;

	while (time_before(jiffies, end) && kernel_is_well()) {
		in = next_input();
		try_input(test, &in);
		if (pvio_coverage_fresh())
			keep(&in);
	}
}

/* The first piece is number 1. */
static unsigned int seconds_of(const void *piece)
{
	unsigned int before = ((unsigned long)piece - 1) * PIECE_SECONDS;

	return min_t(unsigned int, PIECE_SECONDS,
		     pvio_loop_told.seconds - before);
}

/* A piece begins with devices of its own. */
static void begin(const struct fuzz_target *target)
{
	fuzz.is_open = false;
	if (fuzz.target == target)
		return;
	memset(&fuzz, 0, sizeof(fuzz));
	fuzz.target = target;
	prandom_seed_state(&fuzz.rnd, pvio_loop_told.seed);
	/* What was reached so far is no input's. */
	pvio_coverage_fresh();
}

void fuzz_run(struct kunit *test, const struct fuzz_target *target)
{
	begin(target);
	if (pvio_loop_told.input)
		try_told(test);
	else
		try_many(test, seconds_of(test->param_value));
	close(test);
	KUNIT_EXPECT_TRUE_MSG(test, kernel_is_well(), "the kernel complains");
	target->heal(test);
	kunit_info(test, "%s, seed %u: %u inputs tried, %u kept, %u blocks seen",
		   target->name, pvio_loop_told.seed, fuzz.tried, fuzz.nr_kept,
		   pvio_coverage_blocks());
}

void fuzz_tell(struct kunit *test)
{
	char text[2 * sizeof(struct fuzz_input) + 1] = "";
	const struct fuzz_input *in;

	if (test->status == KUNIT_SUCCESS)
		return;
	for (in = fuzz.last; in < fuzz.last + LAST && in->nr; in++) {
		bin2hex(text, in, offsetof(struct fuzz_input, step[in->nr]));
		kunit_info(test, "%td before the end: input=%s",
			   in - fuzz.last, text);
	}
}

const void *fuzz_pieces(PVIO_KUNIT_GENERATE)
{
	unsigned long piece = (unsigned long)prev;

	if (piece && (pvio_loop_told.input ||
		      piece * PIECE_SECONDS >= pvio_loop_told.seconds))
		return NULL;
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%lu", piece);
	return (void *)(piece + 1);
}

void fuzz_write(const char *dir, const struct fuzz_words *words,
		const struct fuzz_step *step)
{
	const char *name = words->names[step->a % words->nr_names];
	unsigned int value = step->b % (words->nr_values + 3);
	char number[16];

	snprintf(number, sizeof(number), "%u", step->c);
	if (value < words->nr_values)
		pvio_loop_put(dir, name, words->values[value]);
	else if (value == words->nr_values)
		pvio_loop_remove(dir, name);
	else
		pvio_loop_put(dir, name, number);
}

void fuzz_unwrite(const char *dir, const struct fuzz_words *words)
{
	unsigned int i;

	for (i = 0; i < words->nr_names; i++)
		pvio_loop_remove(dir, words->names[i]);
}

void fuzz_say(const struct loop_end *end, const struct fuzz_step *step)
{
	pvio_loop_set_state(end, 1 + step->a % 9);
	if (step->b & 1)
		pvio_loop_settle();
}

void fuzz_wait(const struct fuzz_step *step)
{
	usleep_range(10 + step->b % 2000, 20 + step->b % 2000);
}

void fuzz_word(void *page, const struct fuzz_step *step)
{
	u32 *words = page;
	unsigned int at = step->b % 1024;

	if (step->b & 0x8000)
		at %= WORD_INDICES;
	WRITE_ONCE(words[at], step->c);
}
