// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Which multicast the backend is to pass on.
 *
 * Addresses go by the transmit ring of the first queue, and when the backend
 * has them all a key in xenstore says that it may keep the rest.  To listen to
 * everything, as an interface of a bridge does, or to more addresses than there
 * is room for, is to take that key back; so only a backend that looks at it at
 * any time is asked at all.
 */
#include "mcast.h"

#include <linux/etherdevice.h>
#include <linux/netdevice.h>

#include "keys.h"
#include "netdev.h"
#include "tx.h"
#include "xenbus/device.h"

/* When to look for answers, or for room on the ring, again. */
#define AGAIN	(HZ / 100 + 1)

/**
 * struct wanted - what the interface listens to
 * @all: everything
 * @nr: addresses
 * @addr: those
 */
struct wanted {
	bool all;
	unsigned int nr;
	u64 addr[PVIO_NF_MCAST_MAX];
};

static void get_wanted(struct net_device *netdev, struct wanted *w)
{
	struct netdev_hw_addr *ha;

	w->nr = 0;
	netif_addr_lock_bh(netdev);
	w->all = netdev->flags & (IFF_PROMISC | IFF_ALLMULTI) ||
		 netdev_mc_count(netdev) > PVIO_NF_MCAST_MAX;
	netdev_for_each_mc_addr(ha, netdev)
		if (!w->all)
			w->addr[w->nr++] = ether_addr_to_u64(ha->addr);
	netif_addr_unlock_bh(netdev);
}

static bool is_among(const u64 *addr, unsigned int nr, u64 one)
{
	while (nr)
		if (addr[--nr] == one)
			return true;
	return false;
}

static bool tell(struct pvio_nf *nf, u8 type, u64 addr)
{
	u8 bytes[ETH_ALEN];

	u64_to_ether_addr(addr, bytes);
	return pvio_nf_tx_tell(&nf->queues[0], type, bytes);
}

/* False: there is no room on the ring now. */
static bool remove_old(struct pvio_nf *nf, const struct wanted *w)
{
	struct pvio_nf_mcast *m = &nf->mcast;
	unsigned int i = m->nr;

	while (i--) {
		if (is_among(w->addr, w->nr, m->addr[i]))
			continue;
		if (!tell(nf, XEN_NETIF_EXTRA_TYPE_MCAST_DEL, m->addr[i]))
			return false;
		m->addr[i] = m->addr[--m->nr];
	}
	return true;
}

static bool add_new(struct pvio_nf *nf, const struct wanted *w)
{
	struct pvio_nf_mcast *m = &nf->mcast;
	unsigned int i;

	for (i = 0; i < w->nr; i++) {
		if (is_among(m->addr, m->nr, w->addr[i]))
			continue;
		if (!tell(nf, XEN_NETIF_EXTRA_TYPE_MCAST_ADD, w->addr[i]))
			return false;
		m->addr[m->nr++] = w->addr[i];
	}
	return true;
}

/* Not while the domain is saved: it writes to xenstore. */
static void plan(struct pvio_nf *nf, unsigned long delay)
{
	mod_delayed_work(system_freezable_wq, &nf->mcast.work, delay);
}

static void ask(struct pvio_nf *nf, bool keep)
{
	struct pvio_nf_mcast *m = &nf->mcast;

	if (m->asked == keep)
		return;
	if (!pvio_nf_keys_write_mcast(nf->pdev, keep))
		m->asked = keep;
	else
		plan(nf, HZ);
}

/* False: look again. */
static bool tell_all(struct pvio_nf *nf, const struct wanted *w)
{
	struct pvio_nf_mcast *m = &nf->mcast;
	bool refused = false;

	/* What is told now is let through at once. */
	if (!remove_old(nf, w) || !add_new(nf, w) ||
	    !pvio_nf_tx_told(&nf->queues[0], &refused))
		return false;
	if (refused && !m->full)
		pvio_info(nf->pdev, "backend has no room for all multicast addresses, so it passes all multicast on");
	m->full |= refused;
	ask(nf, !m->full);
	return true;
}

static void nf_mcast_work(struct work_struct *work)
{
	struct pvio_nf *nf = container_of(to_delayed_work(work), struct pvio_nf,
					  mcast.work);
	struct wanted w;

	if (!READ_ONCE(nf->mcast.running) || pvio_device_broken(nf->pdev))
		return;
	get_wanted(nf->netdev, &w);
	if (w.all)
		ask(nf, false);
	else if (!tell_all(nf, &w))
		plan(nf, AGAIN);
}

void pvio_nf_mcast_init(struct pvio_nf *nf)
{
	INIT_DELAYED_WORK(&nf->mcast.work, nf_mcast_work);
}

void pvio_nf_mcast_run(struct pvio_nf *nf)
{
	struct pvio_nf_mcast *m = &nf->mcast;

	if (!nf->peer.mcast)
		return;
	m->nr = 0;
	m->asked = false;
	m->full = false;
	WRITE_ONCE(m->running, true);
	pvio_nf_mcast_look(nf);
}

void pvio_nf_mcast_halt(struct pvio_nf *nf)
{
	WRITE_ONCE(nf->mcast.running, false);
	cancel_delayed_work_sync(&nf->mcast.work);
}

void pvio_nf_mcast_look(struct pvio_nf *nf)
{
	if (READ_ONCE(nf->mcast.running))
		plan(nf, 0);
}
