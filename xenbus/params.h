/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
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

/* For module_param_cb() with a struct pvio_param, as PVIO_PARAM() has it. */
extern const struct kernel_param_ops pvio_param_ops;

/**
 * PVIO_PARAM() - a parameter that is a number
 * @_name: its name
 * @_value: pointer to the unsigned int, read with READ_ONCE() where it may change
 * @_min: least
 * @_max: most
 * @_mode: of its file in sysfs
 */
#define PVIO_PARAM(_name, _value, _min, _max, _mode)			\
	static struct pvio_param _name##_param = {			\
		.value = (_value), .min = (_min), .max = (_max),	\
	};								\
	module_param_cb(_name, &pvio_param_ops, &_name##_param, _mode)

/* For module_param_cb() with the struct static_key that it switches. */
extern const struct kernel_param_ops pvio_switch_ops;

#endif /* PVIO_XENBUS_PARAMS_H */
