// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * KUnit tests of the Toeplitz hash: published examples, and the protocol's own
 * definition of it, bit by bit.
 */
#include "ring_test.h"

#include "toeplitz.h"

#define XEN_NETIF_DEFINE_TOEPLITZ
#include <xen/interface/io/netif.h>

/* The key and the flows that cards are checked with. */
static const u8 known_key[PVIO_TOEPLITZ_KEY] = {
	0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67,
	0x25, 0x3d, 0x43, 0xa3, 0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb,
	0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3, 0x80, 0x30,
	0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
};

/**
 * struct flow - a known flow
 * @input: addresses and ports
 * @len: of the addresses; four more with the ports
 * @addresses: hash of the addresses
 * @all: hash of all of it
 */
struct flow {
	u8 input[PVIO_TOEPLITZ_INPUT_MAX];
	unsigned int len;
	u32 addresses;
	u32 all;
};

static const struct flow flows[] = {
	{
		{ 66, 9, 149, 187, 161, 142, 100, 80, 0x0a, 0xea, 0x06, 0xe6 },
		8, 0x323e8fc2, 0x51ccc178,
	},
	{
		{ 199, 92, 111, 2, 65, 69, 140, 83, 0x37, 0x96, 0x12, 0x83 },
		8, 0xd718262a, 0xc626b0ea,
	},
	{
		{ 0x3f, 0xfe, 0x25, 0x01, 0x02, 0x00, 0x1f, 0xff, 0, 0, 0, 0, 0,
		  0, 0, 7, 0x3f, 0xfe, 0x25, 0x01, 0x02, 0x00, 0x00, 0x03, 0, 0,
		  0, 0, 0, 0, 0, 1, 0x0a, 0xea, 0x06, 0xe6 },
		32, 0x2cc18cd5, 0x40207d3d,
	},
};

static struct pvio_toeplitz *prepare(struct kunit *test, const u8 *key)
{
	struct pvio_toeplitz *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	pvio_toeplitz_prepare(t, key);
	return t;
}

static void known_flows(struct kunit *test)
{
	struct pvio_toeplitz *t = prepare(test, known_key);
	const struct flow *f;

	for (f = flows; f < flows + ARRAY_SIZE(flows); f++) {
		KUNIT_EXPECT_EQ(test, pvio_toeplitz_hash(t, f->input, f->len),
				f->addresses);
		KUNIT_EXPECT_EQ(test,
				pvio_toeplitz_hash(t, f->input, f->len + 4),
				f->all);
	}
}

static void agrees_with_the_protocol(struct kunit *test)
{
	u8 input[PVIO_TOEPLITZ_INPUT_MAX], key[PVIO_TOEPLITZ_KEY];
	u64 state = test_seed();
	struct pvio_toeplitz *t;
	unsigned int turn, i;

	for (turn = 0; turn < 20; turn++) {
		for (i = 0; i < sizeof(key); i++)
			key[i] = test_random(&state);
		t = prepare(test, key);
		for (i = 0; i < sizeof(input); i++)
			input[i] = test_random(&state);
		for (i = 0; i <= sizeof(input); i++)
			KUNIT_EXPECT_EQ(test, pvio_toeplitz_hash(t, input, i),
					xen_netif_toeplitz_hash(key,
								sizeof(key),
								input, i));
	}
}

static void empty_key(struct kunit *test)
{
	static const u8 key[PVIO_TOEPLITZ_KEY];
	struct pvio_toeplitz *t = prepare(test, key);

	KUNIT_EXPECT_EQ(test, pvio_toeplitz_hash(t, flows[0].input, 12), 0);
}

static struct kunit_case toeplitz_cases[] = {
	KUNIT_CASE(known_flows),
	KUNIT_CASE(agrees_with_the_protocol),
	KUNIT_CASE(empty_key),
	{}
};

static struct kunit_suite toeplitz_suite = {
	.name = "pvio_toeplitz",
	.test_cases = toeplitz_cases,
};

kunit_test_suite(toeplitz_suite);
