// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * How received packets are spread over the queues, said to the backend as a
 * whole each time: five requests, two pages.
 */
#include "hash.h"

#include <linux/ethtool.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/string.h>

#include "ctrl.h"
#include "netdev.h"
#include "xenbus/device.h"

/* Before a key is known it is drawn, once for each interface. */
void pvio_nf_hash_init(struct pvio_nf *nf)
{
	struct pvio_nf_hash *hash = &nf->hash;
	unsigned int i;

	hash->flags = PVIO_NETCTRL_FLAGS;
	netdev_rss_key_fill(hash->key, sizeof(hash->key));
	for (i = 0; i < PVIO_NETCTRL_MAP_MAX; i++)
		hash->table[i] = ethtool_rxfh_indir_default(i, nf->max_queues);
}

static bool fill_pages(struct pvio_nf *nf, const struct pvio_nf_hash *hash)
{
	u8 *key = pvio_nf_ctrl_page(nf, PVIO_NF_CTRL_KEY);
	u32 *table = pvio_nf_ctrl_page(nf, PVIO_NF_CTRL_TABLE);
	unsigned int i;

	if (!key || !table)
		return false;
	memcpy(key, hash->key, sizeof(hash->key));
	for (i = 0; i < PVIO_NETCTRL_MAP_MAX; i++)
		table[i] = hash->table[i] % pvio_nf_netdev_used(nf);
	return true;
}

/* The table is empty for a moment, and all packets come by the first queue. */
static int send(struct pvio_nf *nf, const struct pvio_nf_hash *hash)
{
	const struct pvio_nf_ctrl *c = &nf->ctrl;
	const struct xen_netif_ctrl_request reqs[PVIO_NF_CTRL_BATCH] = {
		{ .type = XEN_NETIF_CTRL_TYPE_SET_HASH_ALGORITHM,
		  .data = { XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ } },
		{ .type = XEN_NETIF_CTRL_TYPE_SET_HASH_KEY,
		  .data = { c->ref[PVIO_NF_CTRL_KEY], sizeof(hash->key) } },
		{ .type = XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING_SIZE,
		  .data = { PVIO_NETCTRL_MAP_MAX } },
		{ .type = XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING,
		  .data = { c->ref[PVIO_NF_CTRL_TABLE], PVIO_NETCTRL_MAP_MAX } },
		{ .type = XEN_NETIF_CTRL_TYPE_SET_HASH_FLAGS,
		  .data = { hash->flags } },
	};

	return pvio_nf_ctrl_send(nf, reqs, ARRAY_SIZE(reqs), NULL);
}

/* Pages come before the requests that name their grants. */
static int say(struct pvio_nf *nf, const struct pvio_nf_hash *hash)
{
	return fill_pages(nf, hash) ? send(nf, hash) : -ENOMEM;
}

/* As before, or as if nothing had been said. */
static void go_back(struct pvio_nf *nf)
{
	const struct xen_netif_ctrl_request none = {
		.type = XEN_NETIF_CTRL_TYPE_SET_HASH_ALGORITHM,
		.data = { XEN_NETIF_CTRL_HASH_ALGORITHM_NONE },
	};

	if (nf->hash.set)
		say(nf, &nf->hash);
	else
		pvio_nf_ctrl_send(nf, &none, 1, NULL);
}

static int say_and_wait(struct pvio_nf *nf, const struct pvio_nf_hash *to)
{
	int err;

	/* What is still outstanding has its pages; how it ends is no matter. */
	if (pvio_nf_ctrl_wait(nf) == -ETIMEDOUT)
		return -EBUSY;
	err = say(nf, to);
	if (err)
		return err;
	err = pvio_nf_ctrl_wait(nf);
	if (err == -EINVAL || err == -EOPNOTSUPP)
		go_back(nf);
	return err;
}

int pvio_nf_hash_change(struct pvio_nf *nf, const struct pvio_nf_hash *to)
{
	int err;

	ASSERT_RTNL();
	if (!nf->ctrl.open)
		return nf->connected ? -EOPNOTSUPP : -ENETDOWN;
	err = say_and_wait(nf, to);
	if (!err)
		nf->hash = *to;
	return err;
}

/* Who has said which queues are to have how much goes on having that. */
int pvio_nf_hash_spread(struct pvio_nf *nf, unsigned int nr)
{
	bool chosen = netif_is_rxfh_configured(nf->netdev);
	unsigned int before = nf->most_queues, i;
	struct pvio_nf_hash to = nf->hash;
	int err;

	to.set = true;
	for (i = 0; i < PVIO_NETCTRL_MAP_MAX && !chosen; i++)
		to.table[i] = ethtool_rxfh_indir_default(i, nr);
	nf->most_queues = nr;
	err = pvio_nf_hash_change(nf, &to);
	if (err)
		nf->most_queues = before;
	return err;
}

void pvio_nf_hash_renew(struct pvio_nf *nf)
{
	rtnl_lock();
	WRITE_ONCE(nf->ctrl.open, !!nf->ctrl.shared.vaddr);
	if (nf->hash.set && !nf->ctrl.open)
		pvio_warn(nf->pdev, "backend spreads packets as it likes, it has no control ring");
	else if (nf->hash.set && say(nf, &nf->hash))
		pvio_warn(nf->pdev, "backend could not be told how to spread packets");
	rtnl_unlock();
}
