/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Codec of the network protocol (xen/interface/io/netif.h): ring slots in,
 * checked private packets out.
 *
 * Pure code under the rules of ring.h.  A packet is parsed in one go: first
 * slot, extra-info slots, further slots.  The parser takes every slot of a
 * packet off the ring whatever it finds wrong with it, so that the caller can
 * answer each of them exactly once.
 */
#ifndef PVIO_RING_NETIF_H
#define PVIO_RING_NETIF_H

#include <linux/types.h>
#include <xen/interface/io/netif.h>

#include "ring.h"

/* Data slots of one packet: what every peer must take, so what one may send. */
#define PVIO_NET_SLOTS_MAX	XEN_NETIF_NR_SLOTS_MIN
/* What is taken here: the first and as many more, as old peers send them. */
#define PVIO_NET_SLOTS_TAKEN	(PVIO_NET_SLOTS_MAX + 1)
/* The first and up to this many more are dropped; beyond, the ring is broken. */
#define PVIO_NET_SLOTS_FATAL	20
/* Extra-info slots of one packet: one of each type. */
#define PVIO_NET_EXTRAS_MAX	(XEN_NETIF_EXTRA_TYPE_MAX - 1)
/* Shortest packet: an Ethernet header. */
#define PVIO_NET_PACKET_MIN	14
/* Bytes of the peer that a grant covers. */
#define PVIO_NET_PAGE		4096
/*
 * Key of the suite's own, in either end's directory: a blank checksum and
 * segments are found behind VLAN tags, too.
 */
#define PVIO_NET_VLAN_OFFLOAD	"feature-pvio-vlan-offload"

extern const struct pvio_ring_type pvio_net_tx_ring;
extern const struct pvio_ring_type pvio_net_rx_ring;

/**
 * struct pvio_net_extras - the extra-info slots of a packet, by type
 * @seen: bit N set when type N was there
 * @gso_type: XEN_NETIF_GSO_TYPE_TCPV4 or _TCPV6 when GSO was seen
 * @gso_size: bytes of payload a segment, not 0
 * @hash_type: bit number of XEN_NETIF_CTRL_HASH_TYPE_*
 * @hash_algorithm: XEN_NETIF_CTRL_HASH_ALGORITHM_*
 * @hash: the hash value
 * @headroom: XDP headroom in bytes
 * @mcast: multicast address of MCAST_ADD or MCAST_DEL
 */
struct pvio_net_extras {
	u16 seen;
	u8 gso_type;
	u16 gso_size;
	u8 hash_type;
	u8 hash_algorithm;
	u32 hash;
	u16 headroom;
	u8 mcast[6];
};

/**
 * struct pvio_net_frag - one data slot of a packet, checked
 * @gref: the peer's page
 * @offset: first byte in it; @offset + @size is at most PVIO_NET_PAGE
 * @size: bytes, 0 allowed (to be answered, not copied)
 * @id: echoed in the answer
 */
struct pvio_net_frag {
	u32 gref;
	u16 offset;
	u16 size;
	u16 id;
};

/* Data slots of a packet that is dropped for its length, not kept in frag[]. */
#define PVIO_NET_TX_OVER_MAX	(PVIO_NET_SLOTS_FATAL + 1 - PVIO_NET_SLOTS_TAKEN)

/**
 * struct pvio_net_tx_packet - a packet the guest sends, as the backend sees it
 * @frag: its data slots in order; frag[0].size is the first slot's own share,
 *	not the packet's total that the wire carries there
 * @nr_frags: 1 to PVIO_NET_SLOTS_TAKEN; counts what @frag holds
 * @nr_extras: extra-info slots, each answered with XEN_NETIF_RSP_NULL
 * @dropped: data slots beyond PVIO_NET_SLOTS_TAKEN: ids in @over
 * @over: ids of those slots
 * @size: bytes of the whole packet
 * @csum_blank: the checksum is left to the receiver
 * @csum_valid: the payload's checksum needs no check
 * @extras: what the extra-info slots said
 * @reason: for PVIO_BAD and PVIO_BROKEN: what is wrong, a constant string
 */
struct pvio_net_tx_packet {
	struct pvio_net_frag frag[PVIO_NET_SLOTS_TAKEN];
	u8 nr_frags;
	u8 nr_extras;
	u8 dropped;
	u16 over[PVIO_NET_TX_OVER_MAX];
	u32 size;
	bool csum_blank;
	bool csum_valid;
	struct pvio_net_extras extras;
	const char *reason;
};

/**
 * pvio_net_tx_take() - backend: take one whole packet off a transmit ring
 * @b: the ring, polled before
 * @accept: bit mask of extra types that were negotiated
 * @pkt: filled in
 *
 * Return: PVIO_EMPTY; PVIO_OK; PVIO_BAD: every slot was taken, answer all of
 * them (data slots with XEN_NETIF_RSP_ERROR, extras with _NULL) and go on;
 * PVIO_BROKEN: the chain ran past the published requests, is endless, carries
 * an unknown, un-negotiated or repeated extra, or a slot crosses its page.
 *
 * A packet with a MCAST extra only carries that message: its size and first
 * slot are not looked at, and its data are not to be copied.
 */
enum pvio_verdict pvio_net_tx_take(struct pvio_back_ring *b, u16 accept,
				   struct pvio_net_tx_packet *pkt);

/**
 * pvio_net_tx_answer() - backend: answer all slots of a packet
 * @b: the ring
 * @pkt: as pvio_net_tx_take() filled it in
 * @status: XEN_NETIF_RSP_OKAY, _ERROR or _DROPPED for the data slots
 *
 * Answers in the order of the slots, extras with XEN_NETIF_RSP_NULL in
 * between as the protocol wants.  Not published: see pvio_back_push().
 */
void pvio_net_tx_answer(struct pvio_back_ring *b,
			const struct pvio_net_tx_packet *pkt, s16 status);

/**
 * pvio_net_tx_put() - frontend: put one data slot
 * @f: the ring, known to have room
 * @frag: what to put; for the first slot @frag->size is the packet's total
 * @flags: XEN_NETTXF_*
 */
void pvio_net_tx_put(struct pvio_front_ring *f, const struct pvio_net_frag *frag,
		     u16 flags);

/**
 * pvio_net_tx_put_gso() - frontend: put a GSO extra-info slot
 * @f: the ring, known to have room
 * @gso_type: XEN_NETIF_GSO_TYPE_*
 * @gso_size: bytes of payload a segment
 */
void pvio_net_tx_put_gso(struct pvio_front_ring *f, u8 gso_type, u16 gso_size);

/**
 * pvio_net_tx_put_mcast() - frontend: put a multicast extra-info slot
 * @f: the ring, known to have room
 * @type: XEN_NETIF_EXTRA_TYPE_MCAST_ADD or _DEL
 * @addr: the address
 */
void pvio_net_tx_put_mcast(struct pvio_front_ring *f, u8 type, const u8 *addr);

/**
 * pvio_net_tx_take_answer() - frontend: take one transmit response
 * @f: the ring, polled before
 * @id: the id, to be looked up before use; untouched for _NULL answers
 * @status: XEN_NETIF_RSP_*
 *
 * Return: PVIO_EMPTY or PVIO_OK.
 */
enum pvio_verdict pvio_net_tx_take_answer(struct pvio_front_ring *f, u16 *id,
					  s16 *status);

/**
 * struct pvio_net_rx_slot - a page the guest offers, as the backend sees it
 * @id: echoed in the answer
 * @gref: the page, to be granted writable
 */
struct pvio_net_rx_slot {
	u16 id;
	u32 gref;
};

/**
 * pvio_net_rx_take() - backend: take one receive request
 * @b: the ring, polled before
 * @slot: filled in
 * Return: PVIO_EMPTY or PVIO_OK.
 */
enum pvio_verdict pvio_net_rx_take(struct pvio_back_ring *b,
				   struct pvio_net_rx_slot *slot);

/**
 * pvio_net_rx_answer() - backend: answer one receive request
 * @b: the ring
 * @id: the request's id
 * @offset: first byte of data in the page
 * @flags: XEN_NETRXF_*
 * @status: bytes of data, or a negative XEN_NETIF_RSP_*
 */
void pvio_net_rx_answer(struct pvio_back_ring *b, u16 id, u16 offset, u16 flags,
			s16 status);

/**
 * pvio_net_rx_answer_gso() - backend: put a GSO extra in place of an answer
 * @b: the ring
 * @gso_type: XEN_NETIF_GSO_TYPE_*
 * @gso_size: bytes of payload a segment
 * @more: another extra-info slot follows
 */
void pvio_net_rx_answer_gso(struct pvio_back_ring *b, u8 gso_type, u16 gso_size,
			    bool more);

/**
 * pvio_net_rx_answer_headroom() - backend: put an XDP extra in place of an
 *	answer
 * @b: the ring, with a request taken and not answered
 * @headroom: bytes in front of the data in the packet's first page
 * @more: another extra follows
 */
void pvio_net_rx_answer_headroom(struct pvio_back_ring *b, u16 headroom,
				 bool more);

/**
 * pvio_net_rx_answer_hash() - backend: put a hash extra in place of an answer
 * @b: the ring
 * @type: _XEN_NETIF_CTRL_HASH_TYPE_*
 * @hash: of the packet, by Toeplitz
 *
 * It is the last of its packet's extra-info slots.
 */
void pvio_net_rx_answer_hash(struct pvio_back_ring *b, u8 type, u32 hash);

/**
 * pvio_net_rx_offer() - frontend: offer one page
 * @f: the ring, known to have room
 * @id: the ring slot's own number
 * @gref: the page, granted writable
 */
void pvio_net_rx_offer(struct pvio_front_ring *f, u16 id, u32 gref);

/**
 * struct pvio_net_rx_frag - one filled page of a received packet, checked
 * @slot: ring slot of the request it answers, the index of the buffer
 * @offset: first byte of data; @offset + @size is at most PVIO_NET_PAGE
 * @size: bytes, 0 allowed
 */
struct pvio_net_rx_frag {
	u16 slot;
	u16 offset;
	u16 size;
};

/* Ring slots of one packet: data, one more, and its extras. */
#define PVIO_NET_RX_SPENT_MAX	(PVIO_NET_SLOTS_FATAL + PVIO_NET_EXTRAS_MAX)

/**
 * struct pvio_net_rx_packet - a packet the guest receives, as it sees it
 * @frag: filled pages in order
 * @nr_frags: entries of @frag; on PVIO_BAD the ones that arrived in order
 * @spent: every ring slot the packet used up that is not in @frag: extras,
 *	errors, overflow; their buffers are unused and go back to the ring
 * @nr_spent: entries of @spent
 * @size: bytes of the whole packet
 * @csum_blank: the checksum is left to the receiver
 * @csum_valid: the payload's checksum needs no check
 * @extras: what the extra-info slots said
 * @reason: for PVIO_BAD and PVIO_BROKEN: what is wrong, a constant string
 */
struct pvio_net_rx_packet {
	struct pvio_net_rx_frag frag[PVIO_NET_SLOTS_TAKEN];
	u8 nr_frags;
	u8 nr_spent;
	u16 spent[PVIO_NET_RX_SPENT_MAX];
	u32 size;
	bool csum_blank;
	bool csum_valid;
	struct pvio_net_extras extras;
	const char *reason;
};

/**
 * pvio_net_rx_take_packet() - frontend: take one whole received packet
 * @f: the ring, polled before
 * @accept: bit mask of extra types that were negotiated
 * @pkt: filled in
 *
 * Return: PVIO_EMPTY; PVIO_OK: a packet of at least PVIO_NET_PACKET_MIN
 * bytes; PVIO_BAD: drop it, every slot is accounted for in @frag and @spent;
 * PVIO_BROKEN: wrong id, chain past the published responses or without end,
 * data outside its page, unknown, un-negotiated or repeated extra.
 */
enum pvio_verdict pvio_net_rx_take_packet(struct pvio_front_ring *f, u16 accept,
					  struct pvio_net_rx_packet *pkt);

#endif /* PVIO_RING_NETIF_H */
