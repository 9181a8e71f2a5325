// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * What a guest's owner expects of its interface: switches switch and stay so,
 * an address and an MTU can be set at any time, the network learns where the
 * guest is, tagged packets pass.
 */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/module.h>
#include <linux/net.h>
#include <linux/rtnetlink.h>
#include <linux/tcp.h>
#include <net/addrconf.h>
#include <net/ip.h>
#include <net/ndisc.h>
#include <net/tcp.h>

#include "tests/loopback/play/netback.h"
#include "tests/loopback/net/packet.h"

/* Longer than all announcements take. */
#define ANNOUNCED_MS	2000

#define TCP_FRAME	300

/**
 * struct tap - what came through one interface
 * @type: registered with the stack
 * @arps: announcements of an IPv4 address
 * @adverts: of an IPv6 address
 * @nr: packets of others
 * @summed: the last one's ip_summed
 * @right: its checksum is, or would be once it is filled in
 * @tag: its VLAN tag; 0: none
 */
static struct tap {
	struct packet_type type;
	atomic_t arps;
	atomic_t adverts;
	atomic_t nr;
	u8 summed;
	bool right;
	u16 tag;
} tap;

static struct net_side *eth(struct kunit *test)
{
	struct net_bench *b = test->priv;

	return &b->link.front;
}

/* An ARP packet whose sender is its target. */
static bool announces_ip4(const struct sk_buff *skb)
{
	const u8 *body = skb->data + sizeof(struct arphdr);

	return skb_headlen(skb) >= 28 &&
	       !memcmp(body + ETH_ALEN, body + 2 * ETH_ALEN + 4, 4);
}

static bool announces_ip6(const struct sk_buff *skb)
{
	const struct ipv6hdr *ip = (const struct ipv6hdr *)skb->data;

	return skb_headlen(skb) > sizeof(*ip) &&
	       ip->nexthdr == IPPROTO_ICMPV6 &&
	       *(const u8 *)(ip + 1) == NDISC_NEIGHBOUR_ADVERTISEMENT;
}

/* The sum over what is covered is 0 with a checksum, the seed without. */
static bool sum_is_right(struct sk_buff *skb)
{
	const struct iphdr *ip = (const struct iphdr *)skb_network_header(skb);
	unsigned int at = skb_network_offset(skb) + sizeof(*ip);
	unsigned int len = skb->len - at;
	__wsum sum;

	if (skb->ip_summed == CHECKSUM_PARTIAL)
		return skb_checksum_start_offset(skb) == at &&
		       skb->csum_offset == offsetof(struct tcphdr, check);
	sum = skb_checksum(skb, at, len, 0);
	return !csum_tcpudp_magic(ip->saddr, ip->daddr, len, IPPROTO_TCP, sum);
}

static void note_tcp(struct sk_buff *skb)
{
	tap.summed = skb->ip_summed;
	tap.tag = skb_vlan_tag_present(skb) ? skb_vlan_tag_get_id(skb) : 0;
	tap.right = sum_is_right(skb);
	atomic_inc(&tap.nr);
}

static int hear(struct sk_buff *skb, struct net_device *dev,
		struct packet_type *pt, struct net_device *orig)
{
	if (skb->pkt_type == PACKET_OUTGOING)
		goto out;
	if (skb->protocol == htons(ETH_P_ARP))
		atomic_add(announces_ip4(skb), &tap.arps);
	else if (skb->protocol == htons(ETH_P_IPV6))
		atomic_add(announces_ip6(skb), &tap.adverts);
	else if (skb->protocol == htons(ETH_P_IP))
		note_tcp(skb);
out:
	kfree_skb(skb);
	return NET_RX_SUCCESS;
}

static void listen(struct net_device *dev)
{
	memset(&tap, 0, sizeof(tap));
	tap.type.type = htons(ETH_P_ALL);
	tap.type.dev = dev;
	tap.type.func = hear;
	dev_add_pack(&tap.type);
}

static void deafen(void)
{
	if (tap.type.func)
		dev_remove_pack(&tap.type);
	tap.type.func = NULL;
}

static void exit_owner(struct kunit *test)
{
	deafen();
	net_bench_exit(test);
}

static bool reaches(const atomic_t *count, int want)
{
	unsigned int waited;

	for (waited = 0; waited < NET_WAIT_MS; waited++) {
		if (atomic_read(count) >= want)
			return true;
		usleep_range(500, 1000);
	}
	return false;
}

/* As ethtool does. */
static void want_features(struct net_device *dev, netdev_features_t which,
			  bool on)
{
	rtnl_lock();
	if (on)
		dev->wanted_features |= which & dev->hw_features;
	else
		dev->wanted_features &= ~(which & dev->hw_features);
	netdev_update_features(dev);
	rtnl_unlock();
}

static void resume(struct kunit *test)
{
	struct net_bench *b = test->priv;

	pvio_loop_resume(&b->link.pair.front);
	pvio_loop_settle();
	KUNIT_ASSERT_TRUE(test, net_connected(&b->link));
}

static const netdev_features_t switches[] = {
	NETIF_F_IP_CSUM | NETIF_F_IPV6_CSUM, NETIF_F_RXCSUM, NETIF_F_TSO,
	NETIF_F_TSO6, NETIF_F_GSO, NETIF_F_GRO, NETIF_F_SG,
};

static void b08_offloads_go_off_and_on(struct kunit *test)
{
	struct net_bench *b = test->priv;
	struct net_device *dev;
	unsigned int i;

	net_connect(test);
	dev = b->link.front.dev;
	for (i = 0; i < ARRAY_SIZE(switches); i++) {
		KUNIT_EXPECT_EQ(test, dev->features & switches[i], switches[i]);
		want_features(dev, switches[i], false);
		KUNIT_EXPECT_EQ(test, dev->features & switches[i], 0);
		resume(test);
		KUNIT_EXPECT_EQ(test, dev->features & switches[i], 0);
		KUNIT_EXPECT_TRUE(test, net_ping(&b->link));
		want_features(dev, switches[i], true);
		KUNIT_EXPECT_EQ(test, dev->features & switches[i], switches[i]);
	}
}

/* A TCP segment, perhaps tagged, in the backend's next buffer. */
static void put_tcp(struct kunit *test, struct net_back *k, u16 flags,
		    unsigned int tags)
{
	static const u8 tag[VLAN_HLEN] = { 0x81, 0, 0, 7 };
	const struct xen_netif_rx_response rsp = {
		.flags = flags, .status = TCP_FRAME + tags * VLAN_HLEN,
	};
	struct page *page;
	u8 *frame;
	u32 ref;

	page = net_back_buffer(k, &ref);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, page);
	frame = page_address(page);
	net_fill_tcp(frame + tags * VLAN_HLEN, TCP_FRAME, 77);
	memmove(frame, frame + tags * VLAN_HLEN, 2 * ETH_ALEN);
	while (tags--)
		memcpy(frame + 2 * ETH_ALEN + tags * VLAN_HLEN, tag,
		       VLAN_HLEN);
	net_back_deliver(k, &rsp);
	net_back_push(k, NET_BACK_RX);
}

#define BLANK	(XEN_NETRXF_csum_blank | XEN_NETRXF_data_validated)

static void expect_heard(struct kunit *test, int nr, u8 summed)
{
	KUNIT_EXPECT_TRUE(test, reaches(&tap.nr, nr));
	KUNIT_EXPECT_EQ(test, tap.summed, summed);
	KUNIT_EXPECT_TRUE(test, tap.right || summed == CHECKSUM_UNNECESSARY);
}

/* With GRO on, the stack would look at the checksum itself. */
static void b08_received_checksums_are_not_trusted(struct kunit *test)
{
	struct net_back *k = net_back_connect(test);
	struct net_device *dev = eth(test)->dev;

	want_features(dev, NETIF_F_GRO, false);
	listen(dev);
	put_tcp(test, k, BLANK, 0);
	expect_heard(test, 1, CHECKSUM_PARTIAL);
	put_tcp(test, k, XEN_NETRXF_data_validated, 0);
	expect_heard(test, 2, CHECKSUM_UNNECESSARY);
	want_features(dev, NETIF_F_RXCSUM, false);
	put_tcp(test, k, BLANK, 0);
	expect_heard(test, 3, CHECKSUM_NONE);
	put_tcp(test, k, XEN_NETRXF_data_validated, 0);
	KUNIT_EXPECT_TRUE(test, reaches(&tap.nr, 4));
	KUNIT_EXPECT_EQ(test, tap.summed, CHECKSUM_NONE);
	want_features(dev, NETIF_F_RXCSUM, true);
	put_tcp(test, k, BLANK, 0);
	expect_heard(test, 5, CHECKSUM_PARTIAL);
}

static u64 rx_errors(struct net_device *dev)
{
	struct rtnl_link_stats64 stats;

	dev_get_stats(dev, &stats);
	return stats.rx_errors;
}

static void b13_blank_checksum_behind_tags(struct kunit *test)
{
	struct net_back *k = net_back_connect(test);

	listen(eth(test)->dev);
	put_tcp(test, k, BLANK, 1);
	expect_heard(test, 1, CHECKSUM_PARTIAL);
	KUNIT_EXPECT_EQ(test, tap.tag, 7);
	want_features(eth(test)->dev, NETIF_F_RXCSUM, false);
	put_tcp(test, k, BLANK, 1);
	expect_heard(test, 2, CHECKSUM_NONE);
	KUNIT_EXPECT_EQ(test, tap.tag, 7);
	want_features(eth(test)->dev, NETIF_F_RXCSUM, true);
	/* The outer one is off, the inner one still there. */
	put_tcp(test, k, BLANK, 2);
	net_back_passes(test, k);
	KUNIT_EXPECT_EQ(test, rx_errors(eth(test)->dev), 0);
}

static struct sk_buff *make_tagged(struct net_device *dev)
{
	const struct net_shape shape = { .len = 4000, .head = 100,
					 .frag = 2000, .gso = 8000 };
	struct sk_buff *skb = net_skb(dev, &shape);

	if (!skb)
		return NULL;
	skb_shinfo(skb)->gso_size = 0;
	skb_shinfo(skb)->gso_type = 0;
	skb_shinfo(skb)->gso_segs = 0;
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), 7);
	return skb;
}

/* In its fragments, but with its checksum: not every backend looks there. */
static void b13_tagged_packets_are_sent(struct kunit *test)
{
	struct net_back *k = net_back_connect(test);
	struct net_device *dev = eth(test)->dev;
	struct xen_netif_tx_request req = {};
	struct sk_buff *skb = make_tagged(dev);

	KUNIT_EXPECT_TRUE(test, dev->vlan_features & NETIF_F_SG);
	KUNIT_EXPECT_FALSE(test, dev->vlan_features & NETIF_F_CSUM_MASK);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_EXPECT_EQ(test, dev_queue_xmit(skb), 0);
	KUNIT_EXPECT_TRUE(test, net_back_take(k, &req));
	KUNIT_EXPECT_EQ(test, req.flags & XEN_NETTXF_csum_blank, 0);
	KUNIT_EXPECT_NE(test, req.flags & XEN_NETTXF_more_data, 0);
	KUNIT_EXPECT_EQ(test, req.size, 4000 + VLAN_HLEN);
	KUNIT_EXPECT_TRUE(test, net_back_take(k, &req));
}

/* As "ip address add" says it. */
struct address_message {
	struct nlmsghdr head;
	struct ifaddrmsg ifa;
	struct nlattr attr;
	u8 address[16];
};

static int send_message(void *message, size_t len)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct msghdr msg = { .msg_name = &kernel,
			      .msg_namelen = sizeof(kernel) };
	struct kvec vec = { .iov_base = message, .iov_len = len };
	struct socket *sock;
	int err = sock_create_kern(&init_net, AF_NETLINK, SOCK_RAW,
				   NETLINK_ROUTE, &sock);

	if (err)
		return err;
	err = kernel_sendmsg(sock, &msg, &vec, 1, len);
	sock_release(sock);
	return err < 0 ? err : 0;
}

static int add_address(const struct net_device *dev, int family,
		       const u8 *address, unsigned int len)
{
	struct address_message m = {
		.head = {
			.nlmsg_len = sizeof(m) - sizeof(m.address) + len,
			.nlmsg_type = RTM_NEWADDR,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE,
		},
		.ifa = {
			.ifa_family = family,
			.ifa_prefixlen = len * 8 - 8,
			.ifa_flags = IFA_F_PERMANENT | IFA_F_NODAD,
			.ifa_index = dev->ifindex,
		},
		.attr = { .nla_len = NLA_HDRLEN + len, .nla_type = IFA_LOCAL },
	};

	memcpy(m.address, address, len);
	return send_message(&m, m.head.nlmsg_len);
}

static void give_addresses(struct kunit *test)
{
	static const u8 ip4[] = { 10, 99, 0, 1 };
	static const u8 ip6[16] = { 0xfd, 0x99, [15] = 1 };
	struct net_device *dev = eth(test)->dev;

	rtnl_lock();
	__in6_dev_get(dev)->cnf.disable_ipv6 = 0;
	rtnl_unlock();
	KUNIT_ASSERT_EQ(test, add_address(dev, AF_INET, ip4, sizeof(ip4)), 0);
	KUNIT_ASSERT_EQ(test, add_address(dev, AF_INET6, ip6, sizeof(ip6)), 0);
}

/* Nobody but the driver has a reason to announce anything. */
static void b02_quiet_guest_announces_itself(struct kunit *test)
{
	struct net_bench *b = test->priv;
	int i;

	net_connect(test);
	give_addresses(test);
	msleep(ANNOUNCED_MS);
	listen(b->link.back.dev);
	for (i = 1; i <= 4; i++) {
		resume(test);
		msleep(ANNOUNCED_MS);
		KUNIT_EXPECT_GE(test, atomic_read(&tap.arps), i);
		KUNIT_EXPECT_LE(test, atomic_read(&tap.arps), 2 * i);
		KUNIT_EXPECT_GE(test, atomic_read(&tap.adverts), i);
	}
}

/* Its rings are served; what the script has not said is not waited for. */
static void b9_backend_that_does_not_say_connected(struct kunit *test)
{
	struct net_bench *b = test->priv;
	struct net_back *k = net_back_serve(test);
	int i;

	KUNIT_EXPECT_FALSE(test, netif_carrier_ok(eth(test)->dev));
	for (i = 0; i < 8 && !netif_carrier_ok(eth(test)->dev); i++)
		msleep(1000);
	KUNIT_EXPECT_GE(test, i, 4);
	KUNIT_ASSERT_TRUE(test, net_side_ready(eth(test)));
	KUNIT_EXPECT_EQ(test, net_log_lines(b, "hotplug script"), 1);
	net_back_passes(test, k);
	net_back_say(b, XenbusStateConnected);
	net_back_passes(test, k);
	KUNIT_EXPECT_EQ(test, net_log_lines(b, "hotplug script"), 1);
	net_back_heals(test);
}

/* Gone again before it has announced anything. */
static void b02_leaves_while_it_announces(struct kunit *test)
{
	struct net_bench *b = test->priv;
	int i;

	for (i = 0; i < 10; i++) {
		net_connect(test);
		give_addresses(test);
		if (i & 1)
			msleep(5 * i);
		net_side_unplug(&b->link.front);
		net_side_unplug(&b->link.back);
	}
}

static atomic_t changes;

static int note_change(struct notifier_block *nb, unsigned long event,
		       void *ptr)
{
	atomic_add(event == NETDEV_CHANGEADDR, &changes);
	return NOTIFY_DONE;
}

static struct notifier_block watcher = { .notifier_call = note_change };

static int set_mac(struct net_device *dev, u8 last)
{
	struct sockaddr_storage to = { .ss_family = ARPHRD_ETHER };
	const u8 mac[ETH_ALEN] = { 2, 0, 0, 0, 0, last };
	int err;

	ether_addr_copy(((struct sockaddr *)&to)->sa_data, mac);
	rtnl_lock();
	err = dev_set_mac_address(dev, (void *)&to, NULL);
	rtnl_unlock();
	return err;
}

static void b15_address_changes_while_it_is_up(struct kunit *test)
{
	static const u8 news[ETH_ALEN] = { 0, 0x16, 0x3e, 0, 9, 9 };
	struct net_bench *b = test->priv;
	struct net_device *dev;

	net_connect(test);
	dev = b->link.front.dev;
	KUNIT_EXPECT_EQ(test, set_mac(dev, 0x55), 0);
	KUNIT_EXPECT_EQ(test, dev->dev_addr[5], 0x55);
	KUNIT_EXPECT_TRUE(test, net_ping(&b->link));
	resume(test);
	KUNIT_EXPECT_EQ(test, dev->dev_addr[5], 0x55);
	register_netdevice_notifier(&watcher);
	atomic_set(&changes, 0);
	pvio_loop_put(b->link.pair.front.own, "mac", "00:16:3e:00:09:09");
	resume(test);
	unregister_netdevice_notifier(&watcher);
	KUNIT_EXPECT_EQ(test, atomic_read(&changes), 1);
	KUNIT_EXPECT_TRUE(test, ether_addr_equal(dev->dev_addr, news));
}

static int set_mtu(struct net_device *dev, int mtu)
{
	int err;

	rtnl_lock();
	err = dev_set_mtu(dev, mtu);
	rtnl_unlock();
	return err;
}

/* The backend of the day, with or without packets of several slots. */
static void reconnect(struct kunit *test, bool sg)
{
	struct net_bench *b = test->priv;

	net_back_close(b);
	if (sg)
		net_back_connect(test);
	else
		net_back_connect_small(test);
}

static void n12_mtu_before_the_first_backend(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, net_side_plug(eth(test)), 0);
	KUNIT_EXPECT_EQ(test, set_mtu(eth(test)->dev, 9000), 0);
	net_back_connect(test);
	KUNIT_EXPECT_EQ(test, eth(test)->dev->mtu, 9000);
}

static void n12_mtu_before_a_small_backend(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, net_side_plug(eth(test)), 0);
	KUNIT_EXPECT_EQ(test, set_mtu(eth(test)->dev, 9000), 0);
	net_back_connect_small(test);
	KUNIT_EXPECT_EQ(test, eth(test)->dev->mtu, ETH_DATA_LEN);
	KUNIT_EXPECT_EQ(test, set_mtu(eth(test)->dev, 9000), -EINVAL);
}

static void b16_mtu_comes_back(struct kunit *test)
{
	struct net_device *dev;

	net_back_connect(test);
	dev = eth(test)->dev;
	KUNIT_EXPECT_EQ(test, set_mtu(dev, 9000), 0);
	reconnect(test, false);
	KUNIT_EXPECT_EQ(test, dev->mtu, ETH_DATA_LEN);
	reconnect(test, true);
	KUNIT_EXPECT_EQ(test, dev->mtu, 9000);
	want_features(dev, NETIF_F_SG, false);
	KUNIT_EXPECT_EQ(test, dev->mtu, ETH_DATA_LEN);
	want_features(dev, NETIF_F_SG, true);
	KUNIT_EXPECT_EQ(test, dev->mtu, 9000);
	KUNIT_EXPECT_EQ(test, set_mtu(dev, 1400), 0);
	reconnect(test, false);
	KUNIT_EXPECT_EQ(test, dev->mtu, 1400);
}

#define VLAN_OFFLOAD	"feature-pvio-vlan-offload"

/* Until another backend comes that does not say so. */
static void b13_backend_looks_behind_tags(struct kunit *test)
{
	const netdev_features_t all = NETIF_F_IP_CSUM | NETIF_F_IPV6_CSUM |
				      NETIF_F_TSO | NETIF_F_TSO6;
	struct net_bench *b = test->priv;
	const char *back = b->link.pair.back.own;
	struct xen_netif_tx_request req = {};
	struct net_device *dev;
	struct net_back *k;

	pvio_loop_put(back, VLAN_OFFLOAD, "1");
	k = net_back_connect(test);
	dev = eth(test)->dev;
	KUNIT_EXPECT_EQ(test, dev->vlan_features & all, all);
	KUNIT_EXPECT_EQ(test, pvio_loop_number(b->link.pair.front.own,
					       VLAN_OFFLOAD), 1);
	KUNIT_EXPECT_EQ(test, dev_queue_xmit(make_tagged(dev)), 0);
	KUNIT_EXPECT_TRUE(test, net_back_take(k, &req));
	KUNIT_EXPECT_NE(test, req.flags & XEN_NETTXF_csum_blank, 0);
	KUNIT_EXPECT_TRUE(test, net_back_take(k, &req));
	pvio_loop_remove(back, VLAN_OFFLOAD);
	reconnect(test, true);
	KUNIT_EXPECT_EQ(test, dev->vlan_features & all, 0);
	pvio_loop_unplug(&b->link.pair.front);
	KUNIT_EXPECT_EQ(test, pvio_loop_number(b->link.pair.front.own,
					       VLAN_OFFLOAD), 0);
}

/* What GRO joined beyond a packet's own fragments hangs below it. */
static void b18_packet_with_a_list(struct kunit *test)
{
	const struct net_shape shape = { .len = 3000, .head = 100,
					 .frag = 1000 };
	struct net_bench *b = test->priv;
	struct sk_buff *skb, *tail;
	int before;

	net_connect(test);
	KUNIT_EXPECT_TRUE(test, b->link.front.dev->features &
			  NETIF_F_FRAGLIST);
	before = atomic_read(&b->link.back.ear.good);
	skb = net_skb(b->link.front.dev, &shape);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	tail = alloc_skb(1000, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, tail);
	skb_copy_bits(skb, 2000, skb_put(tail, 1000), 1000);
	pskb_trim(skb, 2000);
	skb_shinfo(skb)->frag_list = tail;
	skb->data_len += tail->len;
	skb->len += tail->len;
	skb->truesize += tail->truesize;
	KUNIT_EXPECT_EQ(test, dev_queue_xmit(skb), 0);
	KUNIT_EXPECT_TRUE(test, net_hears(&b->link.back.ear, before + 1));
}

/* Without the lock that someone interrupted may hold. */
static void b10_poll_without_budget(struct kunit *test)
{
	const struct net_shape shape = { .len = 60 };
	struct net_device *dev;
	struct netdev_queue *txq;
	struct napi_struct *napi;

	net_back_connect(test);
	dev = eth(test)->dev;
	KUNIT_EXPECT_EQ(test, net_send(dev, &shape), 0);
	txq = netdev_get_tx_queue(dev, 0);
	__netif_tx_lock_bh(txq);
	list_for_each_entry(napi, &dev->napi_list, dev_list)
		KUNIT_EXPECT_EQ(test, napi->poll(napi, 0), 0);
	__netif_tx_unlock_bh(txq);
}

static struct kunit_case owner_cases[] = {
	KUNIT_CASE(b08_offloads_go_off_and_on),
	KUNIT_CASE(b08_received_checksums_are_not_trusted),
	KUNIT_CASE(b13_blank_checksum_behind_tags),
	KUNIT_CASE(b13_tagged_packets_are_sent),
	KUNIT_CASE(b13_backend_looks_behind_tags),
	KUNIT_CASE(b02_quiet_guest_announces_itself),
	KUNIT_CASE(b02_leaves_while_it_announces),
	KUNIT_CASE(b9_backend_that_does_not_say_connected),
	KUNIT_CASE(b15_address_changes_while_it_is_up),
	KUNIT_CASE(n12_mtu_before_the_first_backend),
	KUNIT_CASE(n12_mtu_before_a_small_backend),
	KUNIT_CASE(b16_mtu_comes_back),
	KUNIT_CASE(b18_packet_with_a_list),
	KUNIT_CASE(b10_poll_without_budget),
	{}
};

static struct kunit_suite owner_suite = {
	.name = "pvio_netfront_owner",
	.suite_init = net_suite_init,
	.suite_exit = net_suite_exit,
	.init = net_bench_init,
	.exit = exit_owner,
	.test_cases = owner_cases,
};

kunit_test_suite(owner_suite);
