// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * The kernel has no call for a driver that wants to know when a block device
 * changes its size.  It tells programs, by uevents, and a kernel's socket may
 * listen to those as well.  Such events are rare, so each one makes every
 * connected disk compare its size, which is one load.
 */
#include "resize.h"

#include <linux/mutex.h>
#include <linux/net.h>
#include <linux/netlink.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#include "compat/pvio_compat.h"
#include "vbd.h"

/* The multicast group that uevents go to. */
#define UEVENTS		1

/* The words that matter are the first ones, behind the path. */
#define ROOM		1024

/* Connected disks. */
static DEFINE_MUTEX(resize_lock);
static LIST_HEAD(listed);

static struct socket *ear;

static void look_at_all(void)
{
	struct pvio_bb_vbd *vbd;

	mutex_lock(&resize_lock);
	list_for_each_entry(vbd, &listed, resize)
		pvio_bb_vbd_look_soon(vbd);
	mutex_unlock(&resize_lock);
}

/* An event is a row of strings, each ended by a NUL, the last one too. */
static bool tells_of_disk(const char *text, size_t bytes)
{
	const char *end = text + bytes;

	if (strncmp(text, "change@", 7))
		return false;
	for (; text < end; text += strnlen(text, end - text) + 1)
		if (!strcmp(text, "SUBSYSTEM=block"))
			return true;
	return false;
}

/* Returns its length, or a negative errno; -EAGAIN when there is none. */
static int take_event(char *text)
{
	struct kvec room = { .iov_base = text, .iov_len = ROOM - 1 };
	struct msghdr msg = {};
	int bytes;

	bytes = kernel_recvmsg(ear, &msg, &room, 1, ROOM - 1, MSG_DONTWAIT);
	if (bytes >= 0)
		text[bytes] = '\0';
	return bytes;
}

/* Events that were lost may have been about a disk. */
static void bb_resize_listen(struct work_struct *work)
{
	static char text[ROOM];
	bool look = false;
	int bytes;

	while ((bytes = take_event(text)) != -EAGAIN) {
		look |= bytes < 0 || tells_of_disk(text, bytes);
		if (bytes < 0 && bytes != -ENOBUFS)
			break;
	}
	if (look)
		look_at_all();
}

static DECLARE_WORK(listen_work, bb_resize_listen);

static void bb_resize_hear(struct sock *sk)
{
	read_lock_bh(&sk->sk_callback_lock);
	if (sk->sk_user_data)
		queue_work(pvio_bb_vbd_workqueue(), &listen_work);
	read_unlock_bh(&sk->sk_callback_lock);
}

/* Behind this with NULL nothing queues the work any more. */
static void set_listener(struct sock *sk, struct work_struct *work)
{
	write_lock_bh(&sk->sk_callback_lock);
	sk->sk_user_data = work;
	sk->sk_data_ready = bb_resize_hear;
	write_unlock_bh(&sk->sk_callback_lock);
}

int pvio_bb_resize_init(void)
{
	struct sockaddr_nl address = {
		.nl_family = AF_NETLINK, .nl_groups = UEVENTS,
	};
	int err;

	err = sock_create_kern(&init_net, AF_NETLINK, SOCK_RAW,
			       NETLINK_KOBJECT_UEVENT, &ear);
	if (err)
		return err;
	set_listener(ear->sk, &listen_work);
	err = kernel_bind(ear, (struct sockaddr_unsized *)&address,
			  sizeof(address));
	if (err)
		sock_release(ear);
	return err;
}

void pvio_bb_resize_exit(void)
{
	set_listener(ear->sk, NULL);
	cancel_work_sync(&listen_work);
	sock_release(ear);
}

void pvio_bb_resize_add(struct pvio_bb_vbd *vbd)
{
	mutex_lock(&resize_lock);
	list_add(&vbd->resize, &listed);
	mutex_unlock(&resize_lock);
}

void pvio_bb_resize_remove(struct pvio_bb_vbd *vbd)
{
	mutex_lock(&resize_lock);
	list_del_init(&vbd->resize);
	mutex_unlock(&resize_lock);
}
