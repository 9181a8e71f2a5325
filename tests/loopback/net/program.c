// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * XDP programs for the suites.
 */
#include <linux/bpf.h>
#include <linux/delay.h>
#include <linux/ethtool.h>
#include <linux/filter.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <net/xdp.h>

#include "tests/loopback/net/bench.h"
#include "tests/loopback/net/program.h"

static struct bpf_prog *make_program(struct kunit *test,
				     const struct bpf_insn *code,
				     unsigned int nr)
{
	struct bpf_prog *prog = bpf_prog_alloc(bpf_prog_size(nr), 0);
	int err = 0;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, prog);
	prog->len = nr;
	prog->type = BPF_PROG_TYPE_XDP;
	memcpy(prog->insnsi, code, nr * sizeof(*code));
	/* One for the driver, one of ours. */
	atomic64_set(&prog->aux->refcnt, 2);
	prog = bpf_prog_select_runtime(prog, &err);
	KUNIT_ASSERT_EQ(test, err, 0);
	return prog;
}

static int set_program(struct net_device *dev, struct bpf_prog *prog)
{
	struct netdev_bpf order = { .command = XDP_SETUP_PROG, .prog = prog };
	int err;

	rtnl_lock();
	err = dev->netdev_ops->ndo_bpf(dev, &order);
	rtnl_unlock();
	return err;
}

struct bpf_prog *net_program_attach(struct kunit *test, struct net_device *dev,
				    int verdict, unsigned int cut)
{
	const struct bpf_insn code[] = {
		BPF_LDX_MEM(BPF_DW, BPF_REG_2, BPF_REG_1,
			    offsetof(struct xdp_buff, data_end)),
		BPF_ALU64_IMM(BPF_SUB, BPF_REG_2, cut),
		BPF_STX_MEM(BPF_DW, BPF_REG_1, BPF_REG_2,
			    offsetof(struct xdp_buff, data_end)),
		BPF_MOV64_IMM(BPF_REG_0, verdict),
		BPF_EXIT_INSN(),
	};
	struct bpf_prog *prog = make_program(test, code, ARRAY_SIZE(code));

	KUNIT_EXPECT_EQ(test, set_program(dev, prog), 0);
	return prog;
}
EXPORT_SYMBOL_GPL(net_program_attach);

void net_program_detach(struct kunit *test, struct net_device *dev,
			struct bpf_prog *prog)
{
	KUNIT_EXPECT_EQ(test, set_program(dev, NULL), 0);
	KUNIT_EXPECT_EQ(test, atomic64_read(&prog->aux->refcnt), 1);
	synchronize_net();
	bpf_prog_free(prog);
}
EXPORT_SYMBOL_GPL(net_program_detach);

u64 net_counted(struct kunit *test, struct net_device *dev, const char *name)
{
	const struct ethtool_ops *ops = dev->ethtool_ops;
	struct ethtool_stats head = { .cmd = ETHTOOL_GSTATS };
	u64 *value, found = U64_MAX;
	u8 *names;
	int nr, i;

	rtnl_lock();
	nr = ops->get_sset_count(dev, ETH_SS_STATS);
	names = kcalloc(nr, ETH_GSTRING_LEN, GFP_KERNEL);
	value = kcalloc(nr, sizeof(*value), GFP_KERNEL);
	if (names && value) {
		ops->get_strings(dev, ETH_SS_STATS, names);
		ops->get_ethtool_stats(dev, &head, value);
	}
	rtnl_unlock();
	for (i = 0; names && value && i < nr; i++)
		if (!strncmp(names + i * ETH_GSTRING_LEN, name,
			     ETH_GSTRING_LEN))
			found = value[i];
	kfree(names);
	kfree(value);
	return found;
}
EXPORT_SYMBOL_GPL(net_counted);

bool net_counts(struct kunit *test, struct net_device *dev, const char *name,
		u64 want)
{
	int i;

	for (i = 0; i < NET_WAIT_MS && net_counted(test, dev, name) < want; i++)
		usleep_range(1000, 1100);
	return net_counted(test, dev, name) == want;
}
EXPORT_SYMBOL_GPL(net_counts);

static struct xdp_frame *make_frame(struct kunit *test, unsigned int len,
				    u32 seed)
{
	struct xdp_rxq_info rxq = { .mem.type = MEM_TYPE_PAGE_SHARED };
	struct page *page = alloc_page(GFP_KERNEL);
	struct xdp_frame *frame;
	struct xdp_buff xdp;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, page);
	xdp_init_buff(&xdp, PAGE_SIZE, &rxq);
	xdp_prepare_buff(&xdp, page_address(page), XDP_PACKET_HEADROOM, len,
			 false);
	net_fill(xdp.data, len, seed);
	frame = xdp_convert_buff_to_frame(&xdp);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, frame);
	return frame;
}

int net_xmit_frames(struct kunit *test, struct net_device *dev,
		    unsigned int len, int nr)
{
	struct xdp_frame *frame[NET_FRAMES];
	int i, done;

	for (i = 0; i < nr; i++)
		frame[i] = make_frame(test, len, i);
	local_bh_disable();
	done = dev->netdev_ops->ndo_xdp_xmit(dev, nr, frame, XDP_XMIT_FLUSH);
	for (i = max(done, 0); i < nr; i++)
		xdp_return_frame(frame[i]);
	local_bh_enable();
	return done;
}
EXPORT_SYMBOL_GPL(net_xmit_frames);
