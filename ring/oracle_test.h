/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What must hold after a parser has run, whatever it was fed: used by the
 * random tests and by the fuzzer.  Each function returns NULL, or the rule
 * that was broken.
 */
#ifndef PVIO_RING_ORACLE_TEST_H
#define PVIO_RING_ORACLE_TEST_H

#include <linux/bits.h>

#include "blkif.h"
#include "netif.h"

/* The first rule that was broken stays. */
#define oracle(wrong, rule)	oracle_note(wrong, rule, #rule)

static inline void oracle_note(const char **wrong, bool holds, const char *rule)
{
	if (!holds && !*wrong)
		*wrong = rule;
}

#define ORACLE_MCAST	(BIT(XEN_NETIF_EXTRA_TYPE_MCAST_ADD) |	\
			 BIT(XEN_NETIF_EXTRA_TYPE_MCAST_DEL))

static inline const char *oracle_extras(const struct pvio_net_extras *extras,
					u16 accept)
{
	const char *wrong = NULL;

	oracle(&wrong, !(extras->seen & ~accept));
	oracle(&wrong, !(extras->seen & 1));
	oracle(&wrong, extras->seen < BIT(XEN_NETIF_EXTRA_TYPE_MAX));
	if (extras->seen & BIT(XEN_NETIF_EXTRA_TYPE_GSO)) {
		oracle(&wrong, extras->gso_size);
		oracle(&wrong, extras->gso_type == 1 || extras->gso_type == 2);
	}
	oracle(&wrong, (extras->seen & ORACLE_MCAST) != ORACLE_MCAST);
	oracle(&wrong, extras->hash_type < 4);
	oracle(&wrong, extras->hash_algorithm < 2);
	oracle(&wrong, extras->headroom <= 4096);
	return wrong;
}

static inline const char *oracle_tx_data(const struct pvio_net_tx_packet *pkt)
{
	const char *wrong = NULL;
	u32 sum = 0;
	u32 i;

	for (i = 0; i < pkt->nr_frags; i++) {
		oracle(&wrong, pkt->frag[i].offset + pkt->frag[i].size <= 4096);
		sum += pkt->frag[i].size;
	}
	oracle(&wrong, sum == pkt->size);
	oracle(&wrong, pkt->size >= 14);
	oracle(&wrong, pkt->size <= 0xffff);
	return wrong;
}

/* Each slot that was taken is in the packet, to be answered. */
static inline const char *oracle_tx_slots(const struct pvio_net_tx_packet *pkt,
					  u32 taken)
{
	const char *wrong = NULL;

	oracle(&wrong, pkt->nr_frags >= 1);
	oracle(&wrong, pkt->nr_frags <= PVIO_NET_SLOTS_TAKEN);
	oracle(&wrong, pkt->nr_extras <= PVIO_NET_EXTRAS_MAX);
	oracle(&wrong, pkt->dropped <= PVIO_NET_TX_OVER_MAX);
	oracle(&wrong, taken == (u32)pkt->nr_frags + pkt->nr_extras +
				pkt->dropped);
	return wrong;
}

/* @taken: how far the consumer moved. */
static inline const char *oracle_tx(const struct pvio_net_tx_packet *pkt,
				    enum pvio_verdict verdict, u16 accept,
				    u32 taken)
{
	const char *wrong = NULL;

	if (verdict == PVIO_EMPTY)
		return taken ? "empty, but slots were taken" : NULL;
	oracle(&wrong, taken && taken <= 28);
	oracle(&wrong, !pkt->reason == (verdict == PVIO_OK));
	if (wrong || verdict == PVIO_BROKEN)
		return wrong;
	wrong = oracle_tx_slots(pkt, taken);
	if (wrong || verdict == PVIO_BAD)
		return wrong;
	oracle(&wrong, !pkt->dropped);
	if (!wrong)
		wrong = oracle_extras(&pkt->extras, accept);
	if (wrong || (pkt->extras.seen & ORACLE_MCAST))
		return wrong;
	return oracle_tx_data(pkt);
}

static inline const char *oracle_rx_data(const struct pvio_net_rx_packet *pkt)
{
	const char *wrong = NULL;
	u32 sum = 0;
	u32 i;

	for (i = 0; i < pkt->nr_frags; i++) {
		oracle(&wrong, pkt->frag[i].offset + pkt->frag[i].size <= 4096);
		sum += pkt->frag[i].size;
	}
	oracle(&wrong, sum == pkt->size);
	return wrong;
}

/* The slots from @first on, @taken of them, are each in one list, once. */
static inline const char *oracle_rx_slots(const struct pvio_net_rx_packet *pkt,
					  u32 first, u32 taken)
{
	const char *wrong = NULL;
	u64 seen = 0;
	u32 i;

	oracle(&wrong, pkt->nr_frags <= PVIO_NET_SLOTS_TAKEN);
	oracle(&wrong, pkt->nr_spent <= PVIO_NET_RX_SPENT_MAX);
	if (wrong)
		return wrong;
	for (i = 0; i < pkt->nr_frags; i++)
		seen |= 1ULL << ((pkt->frag[i].slot - first) & 63);
	for (i = 0; i < pkt->nr_spent; i++)
		seen |= 1ULL << ((pkt->spent[i] - first) & 63);
	oracle(&wrong, taken == (u32)pkt->nr_frags + pkt->nr_spent);
	oracle(&wrong, seen == (1ULL << taken) - 1);
	return wrong;
}

static inline const char *oracle_rx(const struct pvio_net_rx_packet *pkt,
				    enum pvio_verdict verdict, u16 accept,
				    u32 first, u32 taken)
{
	const char *wrong = NULL;

	if (verdict == PVIO_EMPTY)
		return taken ? "empty, but slots were taken" : NULL;
	oracle(&wrong, taken && taken <= 45);
	oracle(&wrong, !pkt->reason == (verdict == PVIO_OK));
	if (wrong || verdict == PVIO_BROKEN)
		return wrong;
	wrong = oracle_rx_slots(pkt, first, taken);
	if (!wrong)
		wrong = oracle_rx_data(pkt);
	if (wrong || verdict == PVIO_BAD)
		return wrong;
	oracle(&wrong, pkt->size >= 14);
	return wrong ? wrong : oracle_extras(&pkt->extras, accept);
}

static inline const char *oracle_segs(const struct pvio_blk_seg *seg, u32 nr)
{
	const char *wrong = NULL;
	u32 i;

	for (i = 0; i < nr; i++) {
		oracle(&wrong, seg[i].count >= 1 && seg[i].count <= 8);
		oracle(&wrong, seg[i].first + seg[i].count <= 8);
	}
	return wrong;
}

static inline const char *oracle_discard(const struct pvio_blk_req *req)
{
	const char *wrong = NULL;

	oracle(&wrong, !req->indirect && !req->nr_segs);
	oracle(&wrong, req->sectors);
	oracle(&wrong, req->sector + req->sectors > req->sector);
	return wrong;
}

static inline const char *oracle_indirect(const struct pvio_blk_req *req)
{
	const char *wrong = NULL;

	oracle(&wrong, req->op == BLKIF_OP_READ || req->op == BLKIF_OP_WRITE);
	oracle(&wrong, req->nr_segs >= 1);
	oracle(&wrong, req->nr_segs <= PVIO_BLK_SEGS_MAX);
	oracle(&wrong, req->nr_pages == 1);
	return wrong;
}

static inline const char *oracle_direct(const struct pvio_blk_req *req)
{
	const char *wrong = NULL;

	oracle(&wrong, req->op <= BLKIF_OP_FLUSH_DISKCACHE);
	oracle(&wrong, req->nr_segs || req->op >= BLKIF_OP_WRITE_BARRIER);
	oracle(&wrong, req->nr_segs <= PVIO_BLK_DIRECT_MAX);
	return wrong ? wrong : oracle_segs(req->seg, req->nr_segs);
}

static inline const char *oracle_blk(const struct pvio_blk_req *req,
				     enum pvio_verdict verdict, u32 taken)
{
	const char *wrong = NULL;

	if (verdict == PVIO_EMPTY)
		return taken ? "empty, but a slot was taken" : NULL;
	oracle(&wrong, taken == 1);
	oracle(&wrong, verdict == PVIO_OK || verdict == PVIO_BAD);
	oracle(&wrong, !req->reason == (verdict == PVIO_OK));
	oracle(&wrong, req->nr_segs <= PVIO_BLK_SEGS_MAX);
	oracle(&wrong, req->nr_pages <= PVIO_BLK_INDIRECT_MAX);
	oracle(&wrong, req->wire_op == req->op);
	if (wrong || verdict == PVIO_BAD)
		return wrong;
	if (req->op == BLKIF_OP_DISCARD)
		return oracle_discard(req);
	return req->indirect ? oracle_indirect(req) : oracle_direct(req);
}

#endif /* PVIO_RING_ORACLE_TEST_H */
