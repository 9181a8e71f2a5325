/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * An other end that does anything it can: to a ring's page, to the pages that it
 * grants, in xenstore, in any order.  What it does is an input, a list of steps.
 * Inputs that reach code none has reached before are kept, and changed again.
 *
 * A driver that has had enough must connect to an honest peer at once, and no checker
 * of the kernel may have said anything.  With an error the last inputs are in the log;
 * make soak-fuzz INPUT= takes one of those lines, and does that alone.
 */
#ifndef PVIO_TESTS_FUZZ_H
#define PVIO_TESTS_FUZZ_H

#include <kunit/test.h>
#include <linux/types.h>

#include "compat/kunit.h"
#include "tests/loopback/loop.h"

#define FUZZ_STEPS	24

/**
 * struct fuzz_step - one thing that the other end does
 * @verb: what, one of its target's
 * @a: what the verb makes of it
 * @b: the same
 * @c: the same
 */
struct fuzz_step {
	u8 verb;
	u8 a;
	u16 b;
	u32 c;
};

/**
 * struct fuzz_input - what it does before somebody looks at the driver again
 * @plan: how it connects, if it does not go on where the last one ended
 * @nr: steps, 1 to FUZZ_STEPS
 * @step: the steps
 */
struct fuzz_input {
	u8 plan;
	u8 nr;
	struct fuzz_step step[FUZZ_STEPS];
};

/**
 * struct fuzz_target - a driver under test, and who plays its other end
 * @name: of the driver
 * @verbs: how many there are
 * @open: connect as an honest peer; the case ends here if they do not connect
 * @pair: both ends; what was opened stands while both are connected and neither is
 *	broken
 * @step: do it, unless there is nothing any more to do it to
 * @close: leave as an honest peer does
 * @heal: once more an honest peer, who sees that it is served
 */
struct fuzz_target {
	const char *name;
	unsigned int verbs;
	void (*open)(struct kunit *test, u8 plan);
	const struct loop_pair *(*pair)(struct kunit *test);
	void (*step)(struct kunit *test, const struct fuzz_step *step);
	void (*close)(struct kunit *test);
	void (*heal)(struct kunit *test);
};

/**
 * struct fuzz_words - names and values that are written into xenstore
 * @names: of keys
 * @nr_names: how many
 * @values: of any of them, beside numbers
 * @nr_values: how many
 */
struct fuzz_words {
	const char *const *names;
	unsigned int nr_names;
	const char *const *values;
	unsigned int nr_values;
};

/**
 * fuzz_pieces() - .generate_params of a case: pieces of less than a minute, since a
 *	case has five, until the time is over that was told (tests/loopback/told.h)
 * @PVIO_KUNIT_GENERATE: the piece before, and room for the name of this one
 */
const void *fuzz_pieces(PVIO_KUNIT_GENERATE);

/**
 * fuzz_run() - try inputs for the time of a piece
 * @test: the case
 * @target: which driver
 */
void fuzz_run(struct kunit *test, const struct fuzz_target *target);

/**
 * fuzz_tell() - .exit of a suite: the last inputs, if its case has failed
 * @test: the case
 */
void fuzz_tell(struct kunit *test);

/**
 * fuzz_write() - one of the words into one of the keys, or take the key away
 * @dir: the other end's directory
 * @words: names and values
 * @step: @a says which key, @b which value, @c is a number
 */
void fuzz_write(const char *dir, const struct fuzz_words *words,
		const struct fuzz_step *step);

/**
 * fuzz_unwrite() - no such key is there any more
 * @dir: the other end's directory
 * @words: names
 */
void fuzz_unwrite(const char *dir, const struct fuzz_words *words);

/**
 * fuzz_say() - write a state, but not Unknown: that end would be gone for good
 * @end: whose
 * @step: @a says which; @b, whether to wait until it was heard
 */
void fuzz_say(const struct loop_end *end, const struct fuzz_step *step);

/**
 * fuzz_wait() - let the driver have up to two milliseconds
 * @step: @b says how long
 */
void fuzz_wait(const struct fuzz_step *step);

/**
 * fuzz_word() - change a word of a page that both ends have
 * @page: the page
 * @step: @b says which, the indices of a ring most often; @c is the word
 */
void fuzz_word(void *page, const struct fuzz_step *step);

#endif /* PVIO_TESTS_FUZZ_H */
