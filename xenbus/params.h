/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Module parameters that are numbers of a range, or switches: refused, when the
 * module is loaded or the parameter is written, with a line that names what
 * they may be.
 */
#ifndef PVIO_XENBUS_PARAMS_H
#define PVIO_XENBUS_PARAMS_H

#include <linux/moduleparam.h>

/**
 * struct pvio_param - a parameter and what it may be
 * @value: the parameter
 * @min: least
 * @max: most
 */
struct pvio_param {
	unsigned int *value;
	unsigned int min;
	unsigned int max;
};

/* For module_param_cb() with a struct pvio_param. */
extern const struct kernel_param_ops pvio_param_ops;

/* For module_param_cb() with the struct static_key that it switches. */
extern const struct kernel_param_ops pvio_switch_ops;

#endif /* PVIO_XENBUS_PARAMS_H */
