// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Packets to the guest are spread as it says.
 *
 * While it has said nothing: per packet to a vif of several queues, one test.
 * Else per packet: its headers are read, and two loads for each octet of
 * addresses and ports.
 *
 * Senders look at a set that does not change.  There are two of them for each
 * guest that has set anything: a change is made in the one that is not in use.
 */
#include "hash.h"

#include <linux/bitops.h>
#include <linux/etherdevice.h>
#include <linux/gfp.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/mm.h>
#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/ip.h>

#include "ring/netctrl.h"
#include "ring/toeplitz.h"
#include "vif.h"
#include "xenbus/device.h"
#include "xenbus/grants.h"

/**
 * struct pvio_nb_hash_set - how packets are spread
 * @rcu: for who frees it
 * @algorithm: XEN_NETIF_CTRL_HASH_ALGORITHM_*
 * @flags: XEN_NETIF_CTRL_HASH_TYPE_*, what is hashed
 * @size: entries of the table; 0: none, the hash modulo the queues
 * @map: the table, of numbers of queues
 * @toeplitz: the key
 */
struct pvio_nb_hash_set {
	struct rcu_head rcu;
	u32 algorithm;
	u32 flags;
	u16 size;
	u8 map[PVIO_NETCTRL_MAP_MAX];
	struct pvio_toeplitz toeplitz;
};

/**
 * struct pvio_nb_hash_input - what of a packet is hashed
 * @type: _XEN_NETIF_CTRL_HASH_TYPE_*
 * @len: octets
 * @octets: addresses, then perhaps ports
 */
struct pvio_nb_hash_input {
	u8 type;
	u8 len;
	u8 octets[PVIO_TOEPLITZ_INPUT_MAX];
};

static void append(struct pvio_nb_hash_input *in, const void *from, size_t len)
{
	memcpy(in->octets + in->len, from, len);
	in->len += len;
}

static bool add_ports(struct pvio_nb_hash_input *in, const struct sk_buff *skb,
		      unsigned int at)
{
	const __be16 *ports;
	__be16 copy[2];

	ports = skb_header_pointer(skb, at, sizeof(copy), copy);
	if (!ports)
		return false;
	append(in, ports, sizeof(copy));
	return true;
}

static bool read_ipv4(struct pvio_nb_hash_input *in, const struct sk_buff *skb,
		      u32 flags)
{
	const struct iphdr *ip;
	struct iphdr copy;

	ip = skb_header_pointer(skb, ETH_HLEN, sizeof(copy), &copy);
	if (!ip || ip->version != 4 || ip->ihl < 5)
		return false;
	append(in, &ip->saddr, sizeof(ip->saddr));
	append(in, &ip->daddr, sizeof(ip->daddr));
	in->type = _XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP;
	if ((flags & XEN_NETIF_CTRL_HASH_TYPE_IPV4_TCP) &&
	    ip->protocol == IPPROTO_TCP && !ip_is_fragment(ip) &&
	    add_ports(in, skb, ETH_HLEN + 4 * ip->ihl))
		return true;
	in->type = _XEN_NETIF_CTRL_HASH_TYPE_IPV4;
	return flags & XEN_NETIF_CTRL_HASH_TYPE_IPV4;
}

static bool read_ipv6(struct pvio_nb_hash_input *in, const struct sk_buff *skb,
		      u32 flags)
{
	const struct ipv6hdr *ip;
	struct ipv6hdr copy;

	ip = skb_header_pointer(skb, ETH_HLEN, sizeof(copy), &copy);
	if (!ip || ip->version != 6)
		return false;
	append(in, &ip->saddr, sizeof(ip->saddr));
	append(in, &ip->daddr, sizeof(ip->daddr));
	in->type = _XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP;
	if ((flags & XEN_NETIF_CTRL_HASH_TYPE_IPV6_TCP) &&
	    ip->nexthdr == IPPROTO_TCP &&
	    add_ports(in, skb, ETH_HLEN + sizeof(copy)))
		return true;
	in->type = _XEN_NETIF_CTRL_HASH_TYPE_IPV6;
	return flags & XEN_NETIF_CTRL_HASH_TYPE_IPV6;
}

/*
 * From the frame itself: where its headers are is not noted in all that is
 * sent.  Behind tags nobody looks, as in-tree.
 */
static bool read_input(struct pvio_nb_hash_input *in, const struct sk_buff *skb,
		       u32 flags)
{
	__be16 proto = 0;

	in->len = 0;
	skb_copy_bits(skb, offsetof(struct ethhdr, h_proto), &proto,
		      sizeof(proto));
	if (proto == htons(ETH_P_IP))
		return read_ipv4(in, skb, flags);
	return proto == htons(ETH_P_IPV6) && read_ipv6(in, skb, flags);
}

static bool is_active(const struct pvio_nb_hash_set *set)
{
	return set && set->algorithm && set->flags;
}

/* What has no hash goes where a hash of 0 would. */
static u8 hash_of(const struct pvio_nb_hash_set *set, const struct sk_buff *skb,
		  u32 *hash)
{
	struct pvio_nb_hash_input in;

	*hash = 0;
	if (!read_input(&in, skb, set->flags))
		return 0;
	*hash = pvio_toeplitz_hash(&set->toeplitz, in.octets, in.len);
	return in.type + 1;
}

u8 pvio_nb_hash_packet(const struct pvio_nb_vif *vif, const struct sk_buff *skb,
		       u32 *hash)
{
	const struct pvio_nb_hash_set *set;
	u8 type = 0;

	rcu_read_lock();
	set = rcu_dereference(vif->hash.set);
	if (is_active(set))
		type = hash_of(set, skb, hash);
	rcu_read_unlock();
	return type;
}

/* A table is of queues that this connection has, and those are there. */
static u16 steer(const struct pvio_nb_hash_set *set,
		 const struct net_device *dev, const struct sk_buff *skb)
{
	unsigned int queue;
	u32 hash;

	hash_of(set, skb, &hash);
	if (!set->size)
		return hash % dev->real_num_tx_queues;
	queue = set->map[hash % set->size];
	return queue < dev->real_num_tx_queues ? queue : 0;
}

static noinline u16 select_as_told(struct net_device *dev, struct sk_buff *skb,
				   struct net_device *sb_dev)
{
	const struct pvio_nb_vif *vif = netdev_priv(dev);
	const struct pvio_nb_hash_set *set;
	u16 queue;

	rcu_read_lock();
	set = rcu_dereference(vif->hash.set);
	queue = is_active(set) ? steer(set, dev, skb) :
				 netdev_pick_tx(dev, skb, sb_dev);
	rcu_read_unlock();
	return queue;
}

u16 pvio_nb_hash_select_queue(struct net_device *dev, struct sk_buff *skb,
			      struct net_device *sb_dev)
{
	const struct pvio_nb_vif *vif = netdev_priv(dev);

	if (likely(!rcu_access_pointer(vif->hash.set)))
		return netdev_pick_tx(dev, skb, sb_dev);
	return select_as_told(dev, skb, sb_dev);
}

/* A set like the one in use, to be changed; NULL without memory. */
static struct pvio_nb_hash_set *begin(struct pvio_nb_hash *hash)
{
	const struct pvio_nb_hash_set *set = rcu_access_pointer(hash->set);

	if (!hash->spare)
		hash->spare = kmalloc(sizeof(*hash->spare), GFP_KERNEL);
	else
		cond_synchronize_rcu(hash->grace);
	if (!hash->spare)
		return NULL;
	if (set)
		*hash->spare = *set;
	else
		memset(hash->spare, 0, sizeof(*hash->spare));
	return hash->spare;
}

static void commit(struct pvio_nb_vif *vif)
{
	struct pvio_nb_hash *hash = &vif->hash;
	struct pvio_nb_hash_set *set = hash->spare;

	hash->spare = rcu_replace_pointer(hash->set, set, true);
	hash->grace = get_state_synchronize_rcu();
	assign_bit(PVIO_NB_ASKS_HASH, &vif->asks, is_active(set));
}

/* One grant copy: what the guest writes meanwhile is not looked at. */
static bool fetch(struct pvio_nb_vif *vif, u32 gref, struct page *to, u16 len)
{
	const struct pvio_piece from = { gref, 0, len };
	struct gnttab_copy op;

	if (!len)
		return true;
	pvio_copy_in(&op, vif->pdev, from, to, 0);
	pvio_copy_batch(&op, 1, true);
	return op.status == GNTST_okay;
}

/* What is not said of a key is zero, as the page is. */
static bool set_key(struct pvio_nb_vif *vif, struct pvio_nb_hash_set *set,
		    const struct pvio_netctrl_request *req, struct page *page)
{
	static_assert(PVIO_NETCTRL_KEY_MAX == PVIO_TOEPLITZ_KEY);
	if (!fetch(vif, req->gref, page, req->nr))
		return false;
	pvio_toeplitz_prepare(&set->toeplitz, page_address(page));
	return true;
}

static bool set_map(struct pvio_nb_vif *vif, struct pvio_nb_hash_set *set,
		    const struct pvio_netctrl_request *req, struct page *page)
{
	const u32 *queue = page_address(page);
	unsigned int i;

	if (req->offset + req->nr > set->size ||
	    !fetch(vif, req->gref, page, req->nr * sizeof(*queue)))
		return false;
	for (i = 0; i < req->nr; i++) {
		if (queue[i] >= vif->nr_queues)
			return false;
		set->map[req->offset + i] = queue[i];
	}
	return true;
}

static bool set_from_page(struct pvio_nb_vif *vif, struct pvio_nb_hash_set *set,
			  const struct pvio_netctrl_request *req)
{
	struct page *page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	bool good;

	if (!page)
		return false;
	if (req->type == XEN_NETIF_CTRL_TYPE_SET_HASH_KEY)
		good = set_key(vif, set, req, page);
	else
		good = set_map(vif, set, req, page);
	__free_page(page);
	return good;
}

static bool change(struct pvio_nb_vif *vif, struct pvio_nb_hash_set *set,
		   const struct pvio_netctrl_request *req)
{
	switch (req->type) {
	case XEN_NETIF_CTRL_TYPE_SET_HASH_ALGORITHM:
		set->algorithm = req->value;
		return true;
	case XEN_NETIF_CTRL_TYPE_SET_HASH_FLAGS:
		set->flags = req->value;
		return set->algorithm;
	case XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING_SIZE:
		set->size = req->value;
		memset(set->map, 0, sizeof(set->map));
		return true;
	default:
		return set_from_page(vif, set, req);
	}
}

static u32 serve_change(struct pvio_nb_vif *vif,
			const struct pvio_netctrl_request *req)
{
	struct pvio_nb_hash_set *set = begin(&vif->hash);

	if (!set)
		return XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED;
	if (!change(vif, set, req))
		return XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;
	commit(vif);
	return XEN_NETIF_CTRL_STATUS_SUCCESS;
}

/* The header wants an algorithm to be chosen first. */
static u32 tell_flags(const struct pvio_nb_hash *hash, u32 *data)
{
	const struct pvio_nb_hash_set *set = rcu_access_pointer(hash->set);

	if (!set || !set->algorithm)
		return XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED;
	*data = PVIO_NETCTRL_FLAGS;
	return XEN_NETIF_CTRL_STATUS_SUCCESS;
}

u32 pvio_nb_hash_serve(struct pvio_nb_vif *vif,
		       const struct pvio_netctrl_request *req, u32 *data)
{
	switch (req->type) {
	case XEN_NETIF_CTRL_TYPE_GET_HASH_FLAGS:
		return tell_flags(&vif->hash, data);
	case XEN_NETIF_CTRL_TYPE_GET_HASH_MAPPING_SIZE:
		*data = PVIO_NETCTRL_MAP_MAX;
		return XEN_NETIF_CTRL_STATUS_SUCCESS;
	default:
		return serve_change(vif, req);
	}
}

void pvio_nb_hash_reset(struct pvio_nb_vif *vif)
{
	struct pvio_nb_hash *hash = &vif->hash;
	struct pvio_nb_hash_set *set = rcu_replace_pointer(hash->set, NULL,
							   true);

	clear_bit(PVIO_NB_ASKS_HASH, &vif->asks);
	if (set)
		kfree_rcu(set, rcu);
	if (hash->spare)
		kfree_rcu(hash->spare, rcu);
	hash->spare = NULL;
}
