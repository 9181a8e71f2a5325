// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Fuzz targets: one for each parser; pairs are in fuzz_pair.c.  With clang they
 * link against libFuzzer as they are; fuzz_driver.c feeds them without it.
 *
 * An input is the target's number, the extra types that were negotiated, the
 * number of slots that are published, and the bytes of the ring.
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/kernel.h>

#include "ring/netctrl.h"
#include "ring/oracle_test.h"
#include "ring/toeplitz.h"

#define PAGE	4096
#define HEADER	3

uint64_t fuzz_slots;

void fuzz_check(const char *wrong)
{
	if (!wrong)
		return;
	fprintf(stderr, "broken rule: %s\n", wrong);
	abort();
}

struct pvio_ring_shared *fuzz_page(void)
{
	void *page;

	if (posix_memalign(&page, 64, PAGE))
		abort();
	memset(page, 0, PAGE);
	return page;
}

static void fill_slots(struct pvio_ring_shared *page, const struct fuzz_input *in)
{
	memcpy(page->slots, in->bytes,
	       min_t(size_t, in->size, PAGE - sizeof(*page)));
}

static struct pvio_ring_shared *make_back(struct pvio_back_ring *b,
					  const struct pvio_ring_type *type,
					  const struct fuzz_input *in)
{
	struct pvio_ring_shared *page = fuzz_page();

	fill_slots(page, in);
	page->req_prod = in->published;
	if (pvio_back_attach(b, type, page, PAGE))
		b->req_seen = b->req_cons;
	return page;
}

static void run_tx(const struct fuzz_input *in)
{
	struct pvio_net_tx_packet pkt;
	enum pvio_verdict verdict;
	struct pvio_back_ring b;
	void *page = make_back(&b, &pvio_net_tx_ring, in);
	u32 from;

	do {
		from = b.req_cons;
		verdict = pvio_net_tx_take(&b, in->accept, &pkt);
		fuzz_slots += b.req_cons - from;
		fuzz_check(oracle_tx(&pkt, verdict, in->accept,
				     b.req_cons - from));
		if (verdict == PVIO_OK || verdict == PVIO_BAD)
			pvio_net_tx_answer(&b, &pkt, 0);
	} while (verdict == PVIO_OK || verdict == PVIO_BAD);
	if (verdict == PVIO_EMPTY && pvio_back_unanswered(&b))
		fuzz_check("every slot is answered");
	free(page);
}

static void run_rx(const struct fuzz_input *in)
{
	struct pvio_ring_shared *page = fuzz_page();
	struct pvio_net_rx_packet pkt;
	enum pvio_verdict verdict;
	struct pvio_front_ring f;
	u32 from;

	pvio_front_init(&f, &pvio_net_rx_ring, page, PAGE);
	fill_slots(page, in);
	f.req_prod = f.r.nr;
	f.req_pushed = f.r.nr;
	page->rsp_prod = in->published;
	if (pvio_front_poll(&f) != PVIO_OK)
		goto out;
	do {
		from = f.rsp_cons;
		verdict = pvio_net_rx_take_packet(&f, in->accept, &pkt);
		fuzz_slots += f.rsp_cons - from;
		fuzz_check(oracle_rx(&pkt, verdict, in->accept, from,
				     f.rsp_cons - from));
	} while (verdict == PVIO_OK || verdict == PVIO_BAD);
out:
	free(page);
}

static void add_up(struct pvio_blk_req *req)
{
	struct pvio_blk_seg seg[PVIO_BLK_SEGS_MAX] = {};
	const u64 capacity = 1ULL << 32;

	if (!req->indirect && req->op != BLKIF_OP_DISCARD)
		memcpy(seg, req->seg, req->nr_segs * sizeof(*seg));
	if (pvio_blk_add_up(req, seg, capacity, 8) || !req->sectors)
		return;
	if (req->sector >= capacity || req->sectors > capacity - req->sector)
		fuzz_check("requests end on the disk");
	if ((req->sector | req->sectors) % 8)
		fuzz_check("requests are aligned");
}

static void run_blk(const struct fuzz_input *in, enum pvio_blk_abi abi)
{
	enum pvio_verdict verdict;
	struct pvio_blk_req req;
	struct pvio_back_ring b;
	void *page = make_back(&b, pvio_blk_ring_type(abi), in);
	u32 from;

	do {
		from = b.req_cons;
		verdict = pvio_blk_take(&b, abi, &req);
		fuzz_slots += b.req_cons - from;
		fuzz_check(oracle_blk(&req, verdict, b.req_cons - from));
		if (verdict == PVIO_OK)
			add_up(&req);
		if (verdict != PVIO_EMPTY)
			pvio_blk_answer(&b, abi, req.id, req.wire_op, 0);
	} while (verdict != PVIO_EMPTY);
	if (pvio_back_unanswered(&b))
		fuzz_check("every request is answered");
	free(page);
}

static void run_blk_64(const struct fuzz_input *in)
{
	run_blk(in, PVIO_BLK_ABI_64);
}

static void run_blk_32(const struct fuzz_input *in)
{
	run_blk(in, PVIO_BLK_ABI_32);
}

static void run_blk_segs(const struct fuzz_input *in)
{
	u16 n = min_t(size_t, in->size / 8, PVIO_BLK_SEGS_PER_PAGE);
	struct pvio_blk_seg *seg = calloc(n + 1, sizeof(*seg));
	u8 *page = malloc(n * 8 + 8);

	if (!seg || !page)
		abort();
	memcpy(page, in->bytes, n * 8);
	if (!pvio_blk_parse_segs(page, n, seg))
		fuzz_check(oracle_segs(seg, n));
	free(page);
	free(seg);
}

/* A list lies in its page. */
static void check_grefs(const struct pvio_netctrl_request *req)
{
	if (!req->nr || req->nr > PVIO_NETCTRL_GREFS_MAX || req->offset)
		fuzz_check("a list of references is of its size");
}

/* What the driver goes by lies within what it has made room for. */
static void check_ctrl(const struct pvio_netctrl_request *req,
		       enum pvio_verdict verdict)
{
	bool refused = verdict == PVIO_BAD;

	if (refused != !!req->status)
		fuzz_check("what is refused is refused with a reason");
	if (verdict != PVIO_OK)
		return;
	if (req->type == PVIO_NETCTRL_ADD_GREF_MAPPING ||
	    req->type == PVIO_NETCTRL_DEL_GREF_MAPPING) {
		check_grefs(req);
		return;
	}
	if (req->nr > PVIO_NETCTRL_MAP_MAX ||
	    req->offset > PVIO_NETCTRL_MAP_MAX - req->nr)
		fuzz_check("a part lies in its table");
	if (req->type == XEN_NETIF_CTRL_TYPE_SET_HASH_KEY &&
	    (req->nr > PVIO_NETCTRL_KEY_MAX || req->offset))
		fuzz_check("a key is of its size");
	if (req->type == XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING_SIZE &&
	    req->value > PVIO_NETCTRL_MAP_MAX)
		fuzz_check("a table is of its size");
}

static void run_ctrl(const struct fuzz_input *in)
{
	struct pvio_netctrl_request req;
	enum pvio_verdict verdict;
	struct pvio_back_ring b;
	void *page = make_back(&b, &pvio_netctrl_ring, in);

	while ((verdict = pvio_netctrl_take(&b, &req)) != PVIO_EMPTY) {
		fuzz_slots++;
		check_ctrl(&req, verdict);
		pvio_netctrl_answer(&b, &req, req.status, 0);
	}
	if (pvio_back_unanswered(&b))
		fuzz_check("every request is answered");
	free(page);
}

/* As the definition has it: a bit of the input, 32 bits of the key. */
static u32 plain_hash(const u8 *key, const u8 *input, unsigned int len)
{
	u64 window = 0;
	unsigned int i, bit;
	u32 hash = 0;

	for (i = 0; i < 4; i++)
		window = window << 8 | key[i];
	for (i = 0; i < len; i++) {
		window = window << 8 |
			 (i + 4 < PVIO_TOEPLITZ_KEY ? key[i + 4] : 0);
		for (bit = 0; bit < 8; bit++)
			if (input[i] & 0x80 >> bit)
				hash ^= window >> (8 - bit);
	}
	return hash;
}

static void run_toeplitz(const struct fuzz_input *in)
{
	u8 bytes[PVIO_TOEPLITZ_KEY + PVIO_TOEPLITZ_INPUT_MAX] = {};
	unsigned int len = in->published % (PVIO_TOEPLITZ_INPUT_MAX + 1);
	static struct pvio_toeplitz t;

	memcpy(bytes, in->bytes, min_t(size_t, in->size, sizeof(bytes)));
	pvio_toeplitz_prepare(&t, bytes);
	if (pvio_toeplitz_hash(&t, bytes + PVIO_TOEPLITZ_KEY, len) !=
	    plain_hash(bytes, bytes + PVIO_TOEPLITZ_KEY, len))
		fuzz_check("the hash is the one of the definition");
}

static void (*const run[])(const struct fuzz_input *in) = {
	run_tx, run_rx, run_blk_64, run_blk_32, run_blk_segs, run_ctrl,
	run_toeplitz, fuzz_pair_tx, fuzz_pair_rx, fuzz_pair_blk,
	fuzz_pair_ctrl,
};

const char *const fuzz_targets[] = {
	"net_tx", "net_rx", "blk_64", "blk_32", "blk_segs", "net_ctrl",
	"toeplitz", "pair_tx", "pair_rx", "pair_blk",
	"pair_ctrl",
};

const size_t fuzz_nr_targets = ARRAY_SIZE(fuzz_targets);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in;

	if (size < HEADER)
		return 0;
	in.accept = data[1] & 0x3e;
	in.published = data[2];
	in.bytes = data + HEADER;
	in.size = size - HEADER;
	run[data[0] % ARRAY_SIZE(run)](&in);
	return 0;
}
