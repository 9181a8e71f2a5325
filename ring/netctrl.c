// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Codec of the network protocol's control ring.
 *
 * Words of a request that its type does not use are to be zero, and nobody
 * looks: frontends that are about leave there what they like.
 */
#include "netctrl.h"

#include <linux/build_bug.h>
#include <linux/export.h>

static_assert(offsetof(struct pvio_ring_shared, slots) ==
	      offsetof(struct xen_netif_ctrl_sring, ring));
static_assert(sizeof(struct xen_netif_ctrl_request) == 16);
static_assert(offsetof(struct xen_netif_ctrl_request, type) == 2);
static_assert(offsetof(struct xen_netif_ctrl_request, data) == 4);
static_assert(sizeof(struct xen_netif_ctrl_response) == 12);
static_assert(offsetof(struct xen_netif_ctrl_response, type) == 2);
static_assert(offsetof(struct xen_netif_ctrl_response, status) == 4);
static_assert(offsetof(struct xen_netif_ctrl_response, data) == 8);
static_assert(offsetof(struct pvio_netctrl_gref, flags) == 4);
static_assert(offsetof(struct pvio_netctrl_gref, status) == 6);
static_assert(sizeof(struct pvio_netctrl_gref) * PVIO_NETCTRL_GREFS_MAX == 4096);

const struct pvio_ring_type pvio_netctrl_ring = {
	.req_size = sizeof(struct xen_netif_ctrl_request),
	.rsp_size = sizeof(struct xen_netif_ctrl_response),
	.slot_size = sizeof(union xen_netif_ctrl_sring_entry),
};
EXPORT_SYMBOL_GPL(pvio_netctrl_ring);

static u32 read_value(struct pvio_netctrl_request *req, u32 value, bool known)
{
	req->value = value;
	return known ? XEN_NETIF_CTRL_STATUS_SUCCESS :
		       XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;
}

/* Neither size is added to anything before it is known to be small. */
static u32 read_part(struct pvio_netctrl_request *req, const u32 *data, u32 max)
{
	if (data[1] > max || data[2] > max - data[1])
		return XEN_NETIF_CTRL_STATUS_BUFFER_OVERFLOW;
	req->gref = data[0];
	req->nr = data[1];
	req->offset = data[2];
	return XEN_NETIF_CTRL_STATUS_SUCCESS;
}

/*
 * The header knows no overflow of these, so a list that is longer than its page
 * is as wrong as one of nothing.
 */
static u32 read_grefs(struct pvio_netctrl_request *req, const u32 *data)
{
	if (!data[2] || data[2] > PVIO_NETCTRL_GREFS_MAX)
		return XEN_NETIF_CTRL_STATUS_INVALID_PARAMETER;
	req->value = data[0];
	req->gref = data[1];
	req->nr = data[2];
	return XEN_NETIF_CTRL_STATUS_SUCCESS;
}

static u32 read_data(struct pvio_netctrl_request *req, u32 *data)
{
	switch (req->type) {
	case XEN_NETIF_CTRL_TYPE_GET_HASH_FLAGS:
	case XEN_NETIF_CTRL_TYPE_GET_HASH_MAPPING_SIZE:
		return XEN_NETIF_CTRL_STATUS_SUCCESS;
	case XEN_NETIF_CTRL_TYPE_SET_HASH_FLAGS:
		return read_value(req, data[0], !(data[0] & ~PVIO_NETCTRL_FLAGS));
	case XEN_NETIF_CTRL_TYPE_SET_HASH_ALGORITHM:
		return read_value(req, data[0], data[0] <=
				  XEN_NETIF_CTRL_HASH_ALGORITHM_TOEPLITZ);
	case XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING_SIZE:
		return read_value(req, data[0],
				  data[0] <= PVIO_NETCTRL_MAP_MAX);
	case XEN_NETIF_CTRL_TYPE_SET_HASH_KEY:
		data[2] = 0;
		return read_part(req, data, PVIO_NETCTRL_KEY_MAX);
	case XEN_NETIF_CTRL_TYPE_SET_HASH_MAPPING:
		return read_part(req, data, PVIO_NETCTRL_MAP_MAX);
	case PVIO_NETCTRL_GET_GREF_MAPPING_SIZE:
		return read_value(req, data[0], true);
	case PVIO_NETCTRL_ADD_GREF_MAPPING:
	case PVIO_NETCTRL_DEL_GREF_MAPPING:
		return read_grefs(req, data);
	default:
		return XEN_NETIF_CTRL_STATUS_NOT_SUPPORTED;
	}
}

enum pvio_verdict pvio_netctrl_take(struct pvio_back_ring *b,
				    struct pvio_netctrl_request *req)
{
	struct xen_netif_ctrl_request in;

	if (!pvio_back_take(b, &in, sizeof(in)))
		return PVIO_EMPTY;
	*req = (struct pvio_netctrl_request){ .id = in.id, .type = in.type };
	req->status = read_data(req, in.data);
	return req->status ? PVIO_BAD : PVIO_OK;
}
EXPORT_SYMBOL_GPL(pvio_netctrl_take);

void pvio_netctrl_answer(struct pvio_back_ring *b,
			 const struct pvio_netctrl_request *req, u32 status,
			 u32 data)
{
	const struct xen_netif_ctrl_response rsp = {
		.id = req->id,
		.type = req->type,
		.status = status,
		.data = data,
	};

	pvio_back_put(b, &rsp, sizeof(rsp));
}
EXPORT_SYMBOL_GPL(pvio_netctrl_answer);

void pvio_netctrl_put(struct pvio_front_ring *f,
		      const struct xen_netif_ctrl_request *req)
{
	pvio_front_put(f, req, sizeof(*req));
}
EXPORT_SYMBOL_GPL(pvio_netctrl_put);

enum pvio_verdict pvio_netctrl_take_answer(struct pvio_front_ring *f,
					   struct xen_netif_ctrl_response *rsp)
{
	return pvio_front_take(f, rsp, sizeof(*rsp));
}
EXPORT_SYMBOL_GPL(pvio_netctrl_take_answer);
