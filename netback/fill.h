/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Packets into the slots that the guest has offered; what rx.c decides to send
 * is put there.
 */
#ifndef PVIO_NETBACK_FILL_H
#define PVIO_NETBACK_FILL_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/skbuff.h>
#include <linux/types.h>

struct pvio_nb_fill_work;
struct pvio_nb_queue;

/* Extra info of a packet, for pvio_nb_fill_note.extras */
#define PVIO_NB_FILL_GSO	BIT(0)
#define PVIO_NB_FILL_HEADROOM	BIT(1)
#define PVIO_NB_FILL_HASH	BIT(2)

/**
 * struct pvio_nb_fill_note - what is noted in a waiting packet
 * @expires: when it has waited too long, in jiffies
 * @queued: when it came, in nanoseconds; 0: not known
 * @slots: ring slots it takes
 * @extras: of these the extra info, PVIO_NB_FILL_*
 * @hash_type: _XEN_NETIF_CTRL_HASH_TYPE_*
 * @hash: its hash
 * @headroom: bytes in front of it
 */
struct pvio_nb_fill_note {
	unsigned long expires;
	u64 queued;
	u16 slots;
	u8 extras;
	u8 hash_type;
	u32 hash;
	u16 headroom;
};

static inline struct pvio_nb_fill_note *pvio_nb_fill_note(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct pvio_nb_fill_note) > sizeof(skb->cb));
	return (struct pvio_nb_fill_note *)skb->cb;
}

/**
 * pvio_nb_fill_make() - make room for a batch, to be given to kvfree()
 * Context: may sleep. Return: the room or NULL.
 */
struct pvio_nb_fill_work *pvio_nb_fill_make(void);

/**
 * pvio_nb_fill_packet() - plan to put a packet into the next slots
 * @q: the queue, whose ring has all the slots that are noted in the packet
 * @skb: the packet; it is freed when it has been copied
 * Context: txq.
 */
void pvio_nb_fill_packet(struct pvio_nb_queue *q, struct sk_buff *skb);

/**
 * pvio_nb_fill_finish() - copy what is planned, answer its slots
 * @q: the queue; may have nothing planned
 * Context: txq.
 */
void pvio_nb_fill_finish(struct pvio_nb_queue *q);

#endif /* PVIO_NETBACK_FILL_H */
