/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Log lines about a device, and its budget of them.
 */
#ifndef PVIO_XENBUS_LOG_H
#define PVIO_XENBUS_LOG_H

#include <linux/compiler_attributes.h>
#include <linux/types.h>

struct pvio_device;

/* Longer than any message. */
#define PVIO_LOG_TEXT	160

/**
 * struct pvio_fault - errors and warnings about a device since it was found
 * @nr: how many, those that were left out of the log included
 * @at: when the last one came, as ktime_get_seconds() has it
 * @text: what it said; empty: there was none
 */
struct pvio_fault {
	unsigned int nr;
	s64 at;
	char text[PVIO_LOG_TEXT];
};

/**
 * pvio_log_init() - a fresh budget of lines
 * @pdev: the device
 */
void pvio_log_init(struct pvio_device *pdev);

/**
 * pvio_log_settle() - say how many lines were left out since that was said
 * @pdev: the device
 * Context: any.
 */
void pvio_log_settle(struct pvio_device *pdev);

/**
 * pvio_log_last() - the last error or warning about a device
 * @pdev: the device
 * @fault: filled in
 * Context: any.
 */
void pvio_log_last(struct pvio_device *pdev, struct pvio_fault *fault);

/**
 * pvio_log_forgive() - what was written for the toolstack is true no more
 * @pdev: the device, connected
 * Context: may sleep; its lock is held.
 */
void pvio_log_forgive(struct pvio_device *pdev);

/**
 * pvio_err() - log an error of a device: one line with device and domain
 * @pdev: the device
 * @fmt: without newline; never bytes that the peer chose
 *
 * Rate-limited for each device on its own, so that one that floods the log
 * does not silence the others. What was left out is counted in a line before
 * the next one, or when the device leaves. Context: any.
 */
__printf(2, 3)
void pvio_err(struct pvio_device *pdev, const char *fmt, ...);

/**
 * pvio_device_refuse() - an error that a toolstack is to hear of
 * @pdev: the device
 * @fmt: without newline; never bytes that the peer chose
 *
 * As pvio_err(); the text is written to the device's error node as well, which
 * is where toolstacks look for a reason. It goes with the next
 * connection. Context: may sleep.
 */
__printf(2, 3)
void pvio_device_refuse(struct pvio_device *pdev, const char *fmt, ...);

/**
 * pvio_warn() - as pvio_err(), for what works all the same
 * @pdev: the device
 * @fmt: without newline
 */
__printf(2, 3)
void pvio_warn(struct pvio_device *pdev, const char *fmt, ...);

/**
 * pvio_info() - as pvio_err(), for what an operator wants to know
 * @pdev: the device
 * @fmt: without newline
 */
__printf(2, 3)
void pvio_info(struct pvio_device *pdev, const char *fmt, ...);

#endif /* PVIO_XENBUS_LOG_H */
