// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Pages of rings as Xen's own provider shares them: granted by a frontend,
 * mapped by a backend.
 *
 * The kernel's xenbus has helpers for this which are not used.  When they
 * fail, they declare the device dead: a log line without limit, a node below
 * error/, and the state Closing, of which the handshake engine knows nothing
 * and which the peer acts upon.  Whether a ring that cannot be shared ends a
 * connection is for the engine and the driver to say, so everything here
 * returns an error and nothing else.
 */
#include "xen_ring.h"

#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#include <asm/xen/hypercall.h>
#include <asm/xen/page.h>
#include <xen/features.h>
#include <xen/grant_table.h>
#include <xen/page.h>

#include "channel.h"
#include "device.h"
#include "xen_grant.h"

static_assert(PAGE_SIZE == XEN_PAGE_SIZE);

/* For a page that is on its way back from where the peer is swapped out to. */
#define MAP_TRIES	3
#define MAP_PAUSE_US	500

/**
 * struct mapping - a ring as it is mapped
 * @vaddr: where
 * @nr: pages there
 * @mapped: how many of them are mapped, from the first one on
 * @handles: by which Xen knows these
 * @pages: frames that the peer's pages are put into; not in a PV domain
 */
struct mapping {
	void *vaddr;
	unsigned int nr;
	unsigned int mapped;
	grant_handle_t handles[PVIO_RING_PAGES_MAX];
	struct page *pages[PVIO_RING_PAGES_MAX];
};

static struct page *ring_page(const struct pvio_shared *s, unsigned int i)
{
	return virt_to_page(s->vaddr + i * XEN_PAGE_SIZE);
}

/* A page that the peer has mapped goes when it lets go. */
static void revoke_pages(struct pvio_shared *s, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		gnttab_end_foreign_access(s->refs[i], ring_page(s, i));
}

static int grant_page(struct pvio_device *pdev, struct pvio_shared *s,
		      unsigned int i)
{
	int ref = gnttab_grant_foreign_access(pdev->peer_id,
					      xen_page_to_gfn(ring_page(s, i)),
					      0);

	if (ref < 0)
		return ref;
	s->refs[i] = ref;
	return 0;
}

/* Those granted already may be mapped, even by a peer who was not told. */
static void ungrant_pages(struct pvio_shared *s, unsigned int granted)
{
	unsigned int i;

	revoke_pages(s, granted);
	for (i = granted; i < s->nr_pages; i++)
		__free_page(ring_page(s, i));
}

/*
 * What is allocated exactly is single pages in a row, each of which can be
 * freed for itself.  No I/O for it: it may be for the disk to swap to.
 */
int pvio_xen_ring_grant(struct pvio_device *pdev, struct pvio_shared *s)
{
	unsigned int i;
	int err;

	s->vaddr = alloc_pages_exact(s->bytes, GFP_NOIO | __GFP_ZERO |
					       __GFP_NOWARN);
	if (!s->vaddr)
		return -ENOMEM;
	for (i = 0; i < s->nr_pages; i++) {
		err = grant_page(pdev, s, i);
		if (!err)
			continue;
		ungrant_pages(s, i);
		return err;
	}
	return 0;
}

void pvio_xen_ring_revoke(struct pvio_device *pdev, struct pvio_shared *s)
{
	revoke_pages(s, s->nr_pages);
}

static bool translated(void)
{
	return xen_feature(XENFEAT_auto_translated_physmap);
}

#ifdef CONFIG_XEN_PV

/*
 * Addresses with page tables behind them and nothing in these.  Mapping any
 * page makes the tables; it goes before a peer's page comes, since Xen does not
 * flush what a CPU may remember of what was there.
 */
static void *reserve(unsigned int nr)
{
	struct page *pages[PVIO_RING_PAGES_MAX];
	unsigned long flush, addr;
	unsigned int i;
	void *vaddr;

	for (i = 0; i < nr; i++)
		pages[i] = ZERO_PAGE(0);
	vaddr = vmap(pages, nr, VM_MAP, PAGE_KERNEL_RO);
	for (i = 0; vaddr && i < nr; i++) {
		addr = (unsigned long)vaddr + i * XEN_PAGE_SIZE;
		flush = i == nr - 1 ? UVMF_TLB_FLUSH | UVMF_ALL : UVMF_NONE;
		if (!HYPERVISOR_update_va_mapping(addr, __pte_ma(0), flush))
			continue;
		vunmap(vaddr);
		return NULL;
	}
	return vaddr;
}

#else

static void *reserve(unsigned int nr)
{
	return NULL;
}

#endif

/* A PV domain maps to an address, any other to a frame that it then maps. */
static int find_room(struct mapping *m)
{
	if (translated())
		return pvio_xen_pages_get(m->nr, m->pages);
	m->vaddr = reserve(m->nr);
	return m->vaddr ? 0 : -ENOMEM;
}

static void leave_room(struct mapping *m)
{
	if (m->vaddr)
		vunmap(m->vaddr);
	if (translated())
		pvio_xen_pages_put(m->nr, m->pages);
}

static unsigned long address(const struct mapping *m, unsigned int i)
{
	if (translated())
		return (unsigned long)pfn_to_kaddr(page_to_pfn(m->pages[i]));
	return (unsigned long)m->vaddr + i * XEN_PAGE_SIZE;
}

static int as_errno(s16 status)
{
	switch (status) {
	case GNTST_okay:
		return 0;
	case GNTST_eagain:
		return -EAGAIN;
	case GNTST_no_device_space:	/* for handles, says Xen */
	case GNTST_no_space:
		return -ENOSPC;
	default:
		return -EFAULT;
	}
}

/* The one entry's status is the truth, whatever the call as a whole says. */
static int try_map(struct pvio_device *pdev, struct mapping *m, u32 ref)
{
	struct gnttab_map_grant_ref op;

	gnttab_set_map_op(&op, address(m, m->mapped), GNTMAP_host_map, ref,
			  pdev->peer_id);
	op.status = GNTST_general_error;
	HYPERVISOR_grant_table_op(GNTTABOP_map_grant_ref, &op, 1);
	if (op.status == GNTST_okay)
		m->handles[m->mapped++] = op.handle;
	return as_errno(op.status);
}

static int map_page(struct pvio_device *pdev, struct mapping *m, u32 ref)
{
	int tries, err = try_map(pdev, m, ref);

	for (tries = 1; err == -EAGAIN && tries < MAP_TRIES; tries++) {
		usleep_range(MAP_PAUSE_US, 2 * MAP_PAUSE_US);
		err = try_map(pdev, m, ref);
	}
	return err;
}

static int map_pages(struct pvio_device *pdev, struct mapping *m,
		     const u32 *refs)
{
	int err = 0;

	while (m->mapped < m->nr && !err)
		err = map_page(pdev, m, refs[m->mapped]);
	if (!err && !m->vaddr) {
		m->vaddr = vmap(m->pages, m->nr, VM_MAP, PAGE_KERNEL);
		err = m->vaddr ? 0 : -ENOMEM;
	}
	return err;
}

/* Returns how many would not go. */
static unsigned int unmap_pages(const struct mapping *m)
{
	struct gnttab_unmap_grant_ref ops[PVIO_RING_PAGES_MAX];
	unsigned int i, lost = 0;

	for (i = 0; i < m->mapped; i++) {
		gnttab_set_unmap_op(&ops[i], address(m, i), GNTMAP_host_map,
				    m->handles[i]);
		ops[i].status = GNTST_general_error;
	}
	if (m->mapped)
		HYPERVISOR_grant_table_op(GNTTABOP_unmap_grant_ref, ops,
					  m->mapped);
	for (i = 0; i < m->mapped; i++)
		lost += ops[i].status != GNTST_okay;
	return lost;
}

/* Where a peer's page stays mapped there must never be anything else. */
static void take_down(struct pvio_device *pdev, struct mapping *m)
{
	unsigned int lost = unmap_pages(m);

	if (unlikely(lost))
		pvio_err(pdev, "%u pages of a ring could not be unmapped",
			 lost);
	else
		leave_room(m);
	kfree(m);
}

int pvio_xen_ring_map(struct pvio_device *pdev, struct pvio_shared *s)
{
	struct mapping *m = kzalloc(sizeof(*m), GFP_KERNEL);
	int err;

	if (!m)
		return -ENOMEM;
	m->nr = s->nr_pages;
	err = find_room(m);
	if (err) {
		kfree(m);
		return err;
	}
	err = map_pages(pdev, m, s->refs);
	if (err) {
		take_down(pdev, m);
		return err;
	}
	s->vaddr = m->vaddr;
	s->provider = m;
	return 0;
}

void pvio_xen_ring_unmap(struct pvio_device *pdev, struct pvio_shared *s)
{
	take_down(pdev, s->provider);
}
