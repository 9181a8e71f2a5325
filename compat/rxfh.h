/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * How packets are spread over receive queues, by ethtool.
 *
 * 6.1: a table, a key and a function one by one, what is hashed among the rules
 * that filter.  6.8: a structure for the first.  6.17: operations of its own for
 * the last, which 6.12 got later, and still asks for rules.  6.19: and for the
 * number of queues.
 *
 * A driver has functions PREFIX_get_rxfh(), _set_rxfh(), _get_rxfh_fields(),
 * _set_rxfh_fields() and _get_rx_ring_count() of the newest form, and then each
 * of the four PVIO_RXFH_*GLUE(PREFIX); among its operations
 * PVIO_RXFH_TABLE_OPS(PREFIX) and PVIO_RXFH_FIELDS_OPS(PREFIX).
 */
#ifndef PVIO_COMPAT_RXFH_H
#define PVIO_COMPAT_RXFH_H

#include <linux/ethtool.h>
#include <linux/netdevice.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)

struct pvio_rxfh_param {
	u8 hfunc;
	u32 *indir;
	u8 *key;
};

#define PVIO_RXFH_GET_GLUE(_p)						\
static int _p##_get_parts(struct net_device *dev, u32 *indir, u8 *key,	\
			  u8 *hfunc)					\
{									\
	struct pvio_rxfh_param param = { .indir = indir, .key = key };\
	int err = _p##_get_rxfh(dev, &param);				\
									\
	if (!err && hfunc)						\
		*hfunc = param.hfunc;					\
	return err;							\
}

#define PVIO_RXFH_SET_GLUE(_p)						\
static int _p##_set_parts(struct net_device *dev, const u32 *indir,	\
			  const u8 *key, const u8 hfunc)		\
{									\
	struct pvio_rxfh_param param = {				\
		.hfunc = hfunc, .indir = (u32 *)indir, .key = (u8 *)key,\
	};								\
									\
	return _p##_set_rxfh(dev, &param, NULL);			\
}

#define PVIO_RXFH_TABLE_OPS(_p)						\
	.get_rxfh = _p##_get_parts,					\
	.set_rxfh = _p##_set_parts

#else

#define pvio_rxfh_param	ethtool_rxfh_param
#define PVIO_RXFH_GET_GLUE(_p)
#define PVIO_RXFH_SET_GLUE(_p)
#define PVIO_RXFH_TABLE_OPS(_p)						\
	.get_rxfh = _p##_get_rxfh,					\
	.set_rxfh = _p##_set_rxfh

#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)

struct pvio_rxfh_fields {
	u32 data;
	u32 flow_type;
};

#define PVIO_RXFH_GET_RULE_GLUE(_p)					\
static int _p##_get_rule(struct net_device *dev,			\
			 struct ethtool_rxnfc *rule, u32 *all)		\
{									\
	struct pvio_rxfh_fields fields = {				\
		.flow_type = rule->flow_type,				\
	};								\
	int err = 0;							\
									\
	if (rule->cmd == ETHTOOL_GRXFH)					\
		err = _p##_get_rxfh_fields(dev, &fields);		\
	else if (rule->cmd == ETHTOOL_GRXRINGS)				\
		fields.data = _p##_get_rx_ring_count(dev);		\
	else								\
		err = -EOPNOTSUPP;					\
	rule->data = fields.data;					\
	return err;							\
}

#define PVIO_RXFH_SET_RULE_GLUE(_p)					\
static int _p##_set_rule(struct net_device *dev,			\
			 struct ethtool_rxnfc *rule)			\
{									\
	const struct pvio_rxfh_fields fields = {			\
		.flow_type = rule->flow_type, .data = rule->data,	\
	};								\
									\
	if (rule->cmd != ETHTOOL_SRXFH)					\
		return -EOPNOTSUPP;					\
	return _p##_set_rxfh_fields(dev, &fields, NULL);		\
}

#define PVIO_RXFH_FIELDS_OPS(_p)					\
	.get_rxnfc = _p##_get_rule,					\
	.set_rxnfc = _p##_set_rule

#elif LINUX_VERSION_CODE < KERNEL_VERSION(6, 19, 0)

#define pvio_rxfh_fields	ethtool_rxfh_fields
#define PVIO_RXFH_SET_RULE_GLUE(_p)
#define PVIO_RXFH_GET_RULE_GLUE(_p)					\
static int _p##_get_rule(struct net_device *dev,			\
			 struct ethtool_rxnfc *rule, u32 *all)		\
{									\
	if (rule->cmd != ETHTOOL_GRXRINGS)				\
		return -EOPNOTSUPP;					\
	rule->data = _p##_get_rx_ring_count(dev);			\
	return 0;							\
}

#define PVIO_RXFH_FIELDS_OPS(_p)					\
	.get_rxnfc = _p##_get_rule,					\
	.get_rxfh_fields = _p##_get_rxfh_fields,			\
	.set_rxfh_fields = _p##_set_rxfh_fields

#else

#define pvio_rxfh_fields	ethtool_rxfh_fields
#define PVIO_RXFH_GET_RULE_GLUE(_p)
#define PVIO_RXFH_SET_RULE_GLUE(_p)
#define PVIO_RXFH_FIELDS_OPS(_p)					\
	.get_rx_ring_count = _p##_get_rx_ring_count,			\
	.get_rxfh_fields = _p##_get_rxfh_fields,			\
	.set_rxfh_fields = _p##_set_rxfh_fields

#endif

/* For tests: what ethtool calls, whatever it is called with. */
static inline int pvio_rxfh_set(struct net_device *dev, u32 *table, u8 *key)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
	return dev->ethtool_ops->set_rxfh(dev, table, key,
					  ETH_RSS_HASH_NO_CHANGE);
#else
	struct pvio_rxfh_param param = { .indir = table, .key = key };

	return dev->ethtool_ops->set_rxfh(dev, &param, NULL);
#endif
}

static inline int pvio_rxfh_get(struct net_device *dev, u32 *table, u8 *key)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
	return dev->ethtool_ops->get_rxfh(dev, table, key, NULL);
#else
	struct pvio_rxfh_param param = { .indir = table, .key = key };

	return dev->ethtool_ops->get_rxfh(dev, &param);
#endif
}

static inline int pvio_rxfh_set_fields(struct net_device *dev, u32 flow, u32 data)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
	struct ethtool_rxnfc rule = {
		.cmd = ETHTOOL_SRXFH, .flow_type = flow, .data = data,
	};

	return dev->ethtool_ops->set_rxnfc(dev, &rule);
#else
	const struct pvio_rxfh_fields fields = {
		.flow_type = flow, .data = data,
	};

	return dev->ethtool_ops->set_rxfh_fields(dev, &fields, NULL);
#endif
}

static inline int pvio_rxfh_get_fields(struct net_device *dev, u32 flow, u32 *data)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
	struct ethtool_rxnfc rule = { .cmd = ETHTOOL_GRXFH, .flow_type = flow };
	int err = dev->ethtool_ops->get_rxnfc(dev, &rule, NULL);

	*data = rule.data;
#else
	struct pvio_rxfh_fields rule = { .flow_type = flow };
	int err = dev->ethtool_ops->get_rxfh_fields(dev, &rule);

	*data = rule.data;
#endif
	return err;
}

#endif /* PVIO_COMPAT_RXFH_H */
