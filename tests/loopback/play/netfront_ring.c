// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * A network frontend played by a test: its rings.
 */
#include <linux/delay.h>
#include <linux/if_ether.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "tests/loopback/play/netfront.h"
#include "tests/loopback/net/packet.h"

#define TX_SLOT	sizeof(struct xen_netif_tx_request)
#define RX_SLOT	sizeof(struct xen_netif_rx_response)

static atomic_t seeds = ATOMIC_INIT(1000000);

struct pvio_ring_shared *net_shared(struct net_queue *q, enum net_dir dir)
{
	return page_address(q->ring[dir].page);
}
EXPORT_SYMBOL_GPL(net_shared);

static void *slot_of(struct net_queue *q, enum net_dir dir, u32 index)
{
	size_t size = dir == NET_TX ? TX_SLOT : RX_SLOT;

	return net_shared(q, dir)->slots + (index % NET_RING) * size;
}

void net_notify(struct net_queue *q, enum net_dir dir)
{
	struct pvio_event *ev = &q->ring[dir].event;

	if (!ev->port)
		ev = &q->ring[NET_TX].event;
	pvio_loop_event_notify(ev);
}
EXPORT_SYMBOL_GPL(net_notify);

void net_push(struct net_queue *q, enum net_dir dir)
{
	/* Requests before their index. */
	virt_wmb();
	WRITE_ONCE(net_shared(q, dir)->req_prod, q->ring[dir].prod);
	net_notify(q, dir);
}
EXPORT_SYMBOL_GPL(net_push);

static void put_slot(struct net_queue *q, const void *slot, size_t size,
		     u16 id, bool extra)
{
	struct net_ring *r = &q->ring[NET_TX];
	u32 at = r->prod % NET_RING;

	memset(slot_of(q, NET_TX, at), 0, TX_SLOT);
	memcpy(slot_of(q, NET_TX, at), slot, size);
	r->id[at] = id;
	r->extra[at] = extra;
	r->prod++;
}

void net_put(struct net_queue *q, const struct xen_netif_tx_request *req)
{
	put_slot(q, req, sizeof(*req), req->id, false);
}
EXPORT_SYMBOL_GPL(net_put);

void net_put_extra(struct net_queue *q, const struct xen_netif_extra_info *info)
{
	put_slot(q, info, sizeof(*info), 0, true);
}
EXPORT_SYMBOL_GPL(net_put_extra);

static unsigned int sum(const struct net_cut *cut)
{
	unsigned int i, total = 0;

	for (i = 0; i < cut->nr; i++)
		total += cut->size[i];
	return total;
}

/* The data do not begin at the page's. */
static u16 offset_for(u16 size)
{
	return size < PAGE_SIZE ? (PAGE_SIZE - size) / 3 : 0;
}

static void put_piece(struct net_queue *q, const struct net_cut *cut,
		      unsigned int i, const u8 *data)
{
	struct net_ring *r = &q->ring[NET_TX];
	u32 at = r->prod % NET_RING;
	struct xen_netif_tx_request req = {
		.gref = r->dref[at],
		.offset = offset_for(cut->size[i]),
		.flags = i + 1 < cut->nr ? XEN_NETTXF_more_data : 0,
		.id = r->prod * 7 + 3,
		.size = cut->size[i],
	};

	memcpy(page_address(r->data[at]) + req.offset, data,
	       min_t(size_t, cut->size[i], PAGE_SIZE - req.offset));
	if (!i) {
		req.size = cut->total ? cut->total : sum(cut);
		req.flags |= cut->flags;
		if (cut->tcp)
			req.flags |= XEN_NETTXF_csum_blank;
		if (cut->gso || cut->hash)
			req.flags |= XEN_NETTXF_extra_info;
	}
	net_put(q, &req);
}

static void put_gso(struct net_queue *q, const struct net_cut *cut)
{
	const struct xen_netif_extra_info info = {
		.type = XEN_NETIF_EXTRA_TYPE_GSO,
		.flags = cut->hash ? XEN_NETIF_EXTRA_FLAG_MORE : 0,
		.u.gso.size = cut->gso,
		.u.gso.type = XEN_NETIF_GSO_TYPE_TCPV4,
	};

	net_put_extra(q, &info);
}

/* As Windows does. */
static void put_hash(struct net_queue *q)
{
	const struct xen_netif_extra_info info = {
		.type = XEN_NETIF_EXTRA_TYPE_HASH,
		.u.hash.type = _XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP,
		.u.hash.algorithm = XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ,
		.u.hash.value = { 1, 2, 3, 4 },
	};

	net_put_extra(q, &info);
}

/* The outermost is for priority alone, so that Linux takes off all of them. */
static void fill_tagged(u8 *frame, const struct net_cut *cut, unsigned int len,
			u32 seed)
{
	unsigned int i, tags = 4 * cut->tags;
	u8 *tag = frame + 2 * ETH_ALEN;

	net_fill_tcp(frame + tags, len - tags, seed);
	memmove(frame, frame + tags, 2 * ETH_ALEN);
	for (i = 0; i < cut->tags; i++, tag += 4) {
		tag[0] = ETH_P_8021Q >> 8;
		tag[1] = ETH_P_8021Q & 0xff;
		tag[2] = 0;
		tag[3] = i + 1 < cut->tags ? 0 : 7;
	}
}

static void fill(u8 *frame, const struct net_cut *cut)
{
	u32 seed = atomic_inc_return(&seeds);
	unsigned int len = sum(cut);

	if (cut->tcp)
		fill_tagged(frame, cut, len, seed);
	else if (len >= 14)
		net_fill(frame, len, seed);
}

void net_put_packet(struct net_queue *q, const struct net_cut *cut)
{
	unsigned int i, at = 0;
	u8 *frame = kvzalloc(sum(cut) + 1, GFP_KERNEL);

	if (!frame)
		return;
	fill(frame, cut);
	for (i = 0; i < cut->nr; i++) {
		put_piece(q, cut, i, frame + at);
		at += cut->size[i];
		if (!i && cut->gso)
			put_gso(q, cut);
		if (!i && cut->hash)
			put_hash(q);
	}
	kvfree(frame);
}
EXPORT_SYMBOL_GPL(net_put_packet);

static bool answered(struct net_queue *q, enum net_dir dir, u32 index)
{
	unsigned int waited;
	u32 prod;

	for (waited = 0; waited < NET_WAIT_MS; waited++) {
		prod = READ_ONCE(net_shared(q, dir)->rsp_prod);
		/* Answers after their index. */
		virt_rmb();
		if ((s32)(prod - index) > 0)
			return true;
		usleep_range(500, 1000);
	}
	return false;
}

/* Ask for an event as soon as there is an answer beyond those taken. */
static void rearm(struct net_queue *q, enum net_dir dir)
{
	WRITE_ONCE(net_shared(q, dir)->rsp_event, q->ring[dir].cons + 1);
	/* The threshold before another look at the index. */
	virt_mb();
}

static void check_answer(struct kunit *test, struct net_queue *q, s16 status)
{
	struct net_ring *r = &q->ring[NET_TX];
	u32 at = r->cons++ % NET_RING;
	struct xen_netif_tx_response rsp;

	memcpy(&rsp, slot_of(q, NET_TX, at), sizeof(rsp));
	if (r->extra[at]) {
		KUNIT_EXPECT_EQ(test, rsp.status, XEN_NETIF_RSP_NULL);
		return;
	}
	KUNIT_EXPECT_EQ(test, rsp.id, r->id[at]);
	KUNIT_EXPECT_EQ(test, rsp.status, status);
}

void net_answers(struct kunit *test, struct net_queue *q, s16 status)
{
	struct net_ring *r = &q->ring[NET_TX];

	while (r->cons != r->prod) {
		if (!answered(q, NET_TX, r->cons)) {
			KUNIT_FAIL(test, "%u requests were not answered",
				   r->prod - r->cons);
			break;
		}
		check_answer(test, q, status);
	}
	rearm(q, NET_TX);
	KUNIT_EXPECT_EQ(test, net_shared(q, NET_TX)->rsp_prod, r->prod);
}
EXPORT_SYMBOL_GPL(net_answers);

void net_offer(struct net_queue *q, unsigned int nr)
{
	struct net_ring *r = &q->ring[NET_RX];
	struct xen_netif_rx_request req;
	u32 at;

	while (nr--) {
		at = r->prod++ % NET_RING;
		req = (struct xen_netif_rx_request){
			.id = at,
			.gref = r->dref[at],
		};
		memcpy(slot_of(q, NET_RX, at), &req, sizeof(req));
	}
}
EXPORT_SYMBOL_GPL(net_offer);

void net_refill(struct net_queue *q)
{
	struct net_ring *r = &q->ring[NET_RX];

	net_offer(q, r->cons + NET_RING - r->prod);
	net_push(q, NET_RX);
}
EXPORT_SYMBOL_GPL(net_refill);

struct inbox {
	u8 *frame;
	int len;
	bool tcp;
};

/* Returns where the next response is, or NULL after a while. */
static const void *next_response(struct kunit *test, struct net_queue *q,
				 struct inbox *in)
{
	struct net_ring *r = &q->ring[NET_RX];

	if (answered(q, NET_RX, r->cons++))
		return slot_of(q, NET_RX, (r->cons - 1) % NET_RING);
	KUNIT_FAIL(test, "nothing came");
	in->len = -ETIME;
	return NULL;
}

/* Returns the slot's flags. */
static u16 take_slot(struct kunit *test, struct net_queue *q, struct inbox *in,
		     u16 *offset)
{
	u32 at = q->ring[NET_RX].cons % NET_RING;
	const void *from = next_response(test, q, in);
	struct xen_netif_rx_response rsp;

	if (!from)
		return 0;
	memcpy(&rsp, from, sizeof(rsp));
	KUNIT_EXPECT_EQ(test, rsp.id, at);
	*offset = rsp.offset;
	if (rsp.status < 0 || in->len + rsp.status > NET_FRAME_MAX) {
		in->len = rsp.status < 0 ? rsp.status : -EMSGSIZE;
		return rsp.flags & XEN_NETRXF_more_data;
	}
	memcpy(in->frame + in->len,
	       page_address(q->ring[NET_RX].data[at]) + rsp.offset, rsp.status);
	in->len += rsp.status;
	return rsp.flags;
}

/* What headroom there is stands in one of them. */
static void take_extras(struct kunit *test, struct net_queue *q,
			struct inbox *in)
{
	struct xen_netif_extra_info info;
	const void *from;

	do {
		from = next_response(test, q, in);
		if (!from)
			return;
		memcpy(&info, from, sizeof(info));
		if (info.type == XEN_NETIF_EXTRA_TYPE_XDP)
			q->headroom = info.u.xdp.headroom;
		else
			in->tcp = true;
	} while (info.flags & XEN_NETIF_EXTRA_FLAG_MORE);
}

int net_receive(struct kunit *test, struct net_queue *q)
{
	struct inbox in = {};
	u16 flags, first, later;

	in.frame = kvmalloc(NET_FRAME_MAX, GFP_KERNEL);
	if (!in.frame)
		return -ENOMEM;
	q->headroom = 0;
	flags = take_slot(test, q, &in, &first);
	if (flags & XEN_NETRXF_extra_info)
		take_extras(test, q, &in);
	if (in.len >= 0)
		KUNIT_EXPECT_EQ(test, first, q->headroom);
	while (flags & XEN_NETRXF_more_data) {
		flags = take_slot(test, q, &in, &later);
		KUNIT_EXPECT_EQ(test, later, 0);
	}
	rearm(q, NET_RX);
	if (in.len > 0 && !in.tcp)
		KUNIT_EXPECT_TRUE(test, net_matches(in.frame, in.len));
	kvfree(in.frame);
	return in.len;
}
EXPORT_SYMBOL_GPL(net_receive);

void net_front_passes(struct kunit *test, struct net_queue *q)
{
	const struct net_shape shape = { .len = 1514 };
	const struct net_cut cut = { .nr = 1, .size = { 60 } };
	struct net_bench *b = test->priv;
	int before = atomic_read(&b->link.back.ear.good);
	int len, older = 1000;

	net_put_packet(q, &cut);
	net_push(q, NET_TX);
	net_answers(test, q, XEN_NETIF_RSP_OKAY);
	KUNIT_EXPECT_TRUE(test, net_hears(&b->link.back.ear, before + 1));
	KUNIT_EXPECT_EQ(test, net_send(b->link.back.dev, &shape), 0);
	/* What waited in the stack for a new frontend comes first. */
	do {
		len = net_receive(test, q);
		net_offer(q, q->ring[NET_RX].cons + NET_RING -
			  q->ring[NET_RX].prod);
		net_push(q, NET_RX);
	} while (len > 0 && len != shape.len && older--);
	KUNIT_EXPECT_EQ(test, len, shape.len);
}
EXPORT_SYMBOL_GPL(net_front_passes);
