// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The list of multicast addresses.
 *
 * An entry is one word, written at once, and no other moves when it goes: so
 * who sends looks at them without a lock, and sees each change sooner or later.
 * In-tree looks at what the stack
 * says of a packet, which says nothing of this domain's own; here it is the
 * address.
 */
#include "mcast.h"

#include <linux/bitops.h>
#include <linux/etherdevice.h>

#include "ring/netif.h"
#include "vif.h"
#include "xenbus/device.h"

void pvio_nb_mcast_init(struct pvio_nb_mcast *mcast)
{
	spin_lock_init(&mcast->lock);
}

void pvio_nb_mcast_reset(struct pvio_nb_vif *vif)
{
	clear_bit(PVIO_NB_ASKS_MCAST, &vif->asks);
	WRITE_ONCE(vif->mcast.nr, 0);
}

void pvio_nb_mcast_ask(struct pvio_nb_vif *vif, bool wants)
{
	assign_bit(PVIO_NB_ASKS_MCAST, &vif->asks, wants);
}

/* Where an address is; 0: a place that is free, perhaps the next one. */
static unsigned int find(const struct pvio_nb_mcast *mcast, u64 addr)
{
	unsigned int i, nr = READ_ONCE(mcast->nr);

	for (i = 0; i < nr; i++)
		if (READ_ONCE(mcast->addr[i]) == addr)
			break;
	return i;
}

static bool insert(struct pvio_nb_mcast *mcast, u64 addr)
{
	unsigned int i;

	lockdep_assert_held(&mcast->lock);
	if (find(mcast, addr) < mcast->nr)
		return true;
	i = find(mcast, 0);
	if (i == PVIO_NB_MCAST_MAX)
		return false;
	WRITE_ONCE(mcast->addr[i], addr);
	if (i == mcast->nr)
		WRITE_ONCE(mcast->nr, i + 1);
	return true;
}

static void remove(struct pvio_nb_mcast *mcast, u64 addr)
{
	unsigned int i = find(mcast, addr);

	lockdep_assert_held(&mcast->lock);
	if (i < mcast->nr)
		WRITE_ONCE(mcast->addr[i], 0);
}

s16 pvio_nb_mcast_change(struct pvio_nb_vif *vif,
			 const struct pvio_net_extras *extras)
{
	struct pvio_nb_mcast *mcast = &vif->mcast;
	u64 addr = ether_addr_to_u64(extras->mcast);
	bool good = true;

	if (!is_multicast_ether_addr(extras->mcast))
		return XEN_NETIF_RSP_ERROR;
	spin_lock(&mcast->lock);
	if (extras->seen & BIT(XEN_NETIF_EXTRA_TYPE_MCAST_ADD))
		good = insert(mcast, addr);
	else
		remove(mcast, addr);
	spin_unlock(&mcast->lock);
	if (good)
		return XEN_NETIF_RSP_OKAY;
	pvio_warn(vif->pdev, "more than %u multicast addresses",
		  PVIO_NB_MCAST_MAX);
	return XEN_NETIF_RSP_ERROR;
}

bool pvio_nb_mcast_passes(const struct pvio_nb_mcast *mcast,
			  const struct sk_buff *skb)
{
	u8 dest[ETH_ALEN];

	if (skb_copy_bits(skb, 0, dest, sizeof(dest)) ||
	    !is_multicast_ether_addr(dest) || is_broadcast_ether_addr(dest))
		return true;
	return find(mcast, ether_addr_to_u64(dest)) < READ_ONCE(mcast->nr);
}
