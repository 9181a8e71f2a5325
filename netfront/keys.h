/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What is negotiated through xenstore: the toolstack's wishes, the backend's
 * keys, our own.
 */
#ifndef PVIO_NETFRONT_KEYS_H
#define PVIO_NETFRONT_KEYS_H

#include <linux/if_ether.h>
#include <linux/types.h>

struct pvio_device;
struct pvio_nf;

/**
 * struct pvio_nf_wishes - what the toolstack wrote into our directory
 * @trusted: the backend may be trusted
 * @mac: address of the interface
 */
struct pvio_nf_wishes {
	bool trusted;
	u8 mac[ETH_ALEN];
};

/**
 * struct pvio_nf_peer - what the backend said
 * @max_queues: most queues it takes
 * @split: an event channel for each direction
 * @rx_copy: it copies into our pages
 * @sg: packets of several slots
 * @gso4: TCPv4 segmentation
 * @gso6: TCPv6 segmentation
 * @csum6: blank checksums over IPv6
 * @vlan: all that behind VLAN tags, too
 * @ctrl: a control ring
 * @mcast: it keeps multicast that nobody listens to, when asked to at any time
 */
struct pvio_nf_peer {
	u32 max_queues;
	bool split;
	bool rx_copy;
	bool sg;
	bool gso4;
	bool gso6;
	bool csum6;
	bool vlan;
	bool ctrl;
	bool mcast;
};

/**
 * pvio_nf_keys_read_wishes() - what the toolstack wants
 * @pdev: the device
 * @wishes: filled in; not trusted when the administrator trusts nobody
 *
 * Context: may sleep.
 * Return: 0, or a negative errno: not read, or not acceptable.
 */
int pvio_nf_keys_read_wishes(struct pvio_device *pdev,
			     struct pvio_nf_wishes *wishes);

/**
 * pvio_nf_keys_read_peer() - what the backend can do
 * @pdev: the device
 * @peer: filled in
 *
 * Context: may sleep.
 * Return: 0, or a negative errno: not read, or not acceptable.
 */
int pvio_nf_keys_read_peer(struct pvio_device *pdev, struct pvio_nf_peer *peer);

/**
 * pvio_nf_keys_write() - say what this frontend can do, and where its rings are
 * @nf: the interface, its queues started
 *
 * What an earlier connection or another driver wrote and this one does not is
 * removed.  Context: may sleep. Return: 0 or a negative errno.
 */
int pvio_nf_keys_write(struct pvio_nf *nf);

/**
 * pvio_nf_keys_write_mcast() - have the backend keep multicast that it was not
 * told of, or all of it passed on
 * @pdev: the device
 * @keep: keep it
 * Context: may sleep. Return: 0 or a negative errno.
 */
int pvio_nf_keys_write_mcast(struct pvio_device *pdev, bool keep);

/**
 * pvio_nf_keys_remove() - remove what another driver would leave as it is
 * @pdev: the device, which this driver leaves
 * Context: may sleep.
 */
void pvio_nf_keys_remove(struct pvio_device *pdev);

#endif /* PVIO_NETFRONT_KEYS_H */
