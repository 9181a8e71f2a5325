/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * Negotiated values as tables: a key's name, type, range and default, and
 * where in the driver's own struct it lives.  Parsing and formatting are pure
 * and strict; whatever the peer wrote becomes a value in range or an error.
 */
#ifndef PVIO_XENBUS_KEYS_H
#define PVIO_XENBUS_KEYS_H

#include <linux/kernel.h>
#include <linux/stddef.h>
#include <linux/types.h>

/**
 * enum pvio_key_type - how a key is written in xenstore and kept in memory
 * @PVIO_KEY_BOOL: "0" or "1"; bool
 * @PVIO_KEY_U32: decimal; u32 (grant references, ports, counts)
 * @PVIO_KEY_U64: decimal; u64
 * @PVIO_KEY_STRING: printable ASCII; char array of @size bytes
 * @PVIO_KEY_MAC: xx:xx:xx:xx:xx:xx; u8[6]
 */
enum pvio_key_type {
	PVIO_KEY_BOOL,
	PVIO_KEY_U32,
	PVIO_KEY_U64,
	PVIO_KEY_STRING,
	PVIO_KEY_MAC,
};

/**
 * struct pvio_key - one negotiated value
 * @name: node below the directory of its set
 * @type: how it is written
 * @required: reading: its absence is an error
 * @elide: writing: left out while it has its default value
 * @offset: of the value in the driver's struct
 * @size: bytes there; for strings with the terminator
 * @min: least accepted number
 * @max: greatest accepted number; 0: whatever the type holds
 * @def: number that an absent key means
 */
struct pvio_key {
	const char *name;
	enum pvio_key_type type;
	bool required;
	bool elide;
	u16 offset;
	u16 size;
	u64 min;
	u64 max;
	u64 def;
};

#define PVIO_KEY_FIELD(st, field) \
	.offset = offsetof(st, field), .size = sizeof(((st *)0)->field)

/**
 * PVIO_KEY() - an entry of a table of keys
 * @_type: BOOL, U32, U64, STRING or MAC
 * @_name: of the node, or an expression that gives it
 * @_st: struct that the value is in
 * @_field: the value
 *
 * What follows are further fields of struct pvio_key: .required, .min, .def ...
 */
#define PVIO_KEY(_type, _name, _st, _field, ...) {			\
	.name = (_name), .type = PVIO_KEY_##_type,			\
	PVIO_KEY_FIELD(_st, _field), ##__VA_ARGS__			\
}

/**
 * struct pvio_key_set - keys of one directory, read or written together
 * @dir: below the side's directory: "" or "queue-N"
 * @keys: their descriptions
 * @nr: how many
 * @values: the driver's struct that they describe
 */
struct pvio_key_set {
	char dir[sizeof("queue-4294967295")];
	const struct pvio_key *keys;
	unsigned int nr;
	void *values;
};

/**
 * PVIO_KEY_SET() - all keys of a table, in the side's own directory
 * @_table: array of struct pvio_key
 * @_values: pointer to the struct that they describe
 *
 * For keys of a queue fill in @dir as well.
 */
#define PVIO_KEY_SET(_table, _values) {					\
	.keys = (_table), .nr = ARRAY_SIZE(_table), .values = (_values)	\
}

/**
 * pvio_key_parse() - turn what stands in xenstore into a value
 * @key: its description
 * @text: what was read, @len bytes, not necessarily terminated; NULL: absent
 * @len: bytes
 * @values: the struct to store into; untouched on error
 *
 * Return: 0; -ENOENT: absent but required; -EINVAL: malformed; -ERANGE: a
 * number outside the range, or a string that does not fit.
 */
int pvio_key_parse(const struct pvio_key *key, const char *text, size_t len,
		   void *values);

/**
 * pvio_key_format() - turn a value into what is written to xenstore
 * @key: its description
 * @values: the struct it is in
 * @buf: for the text
 * @size: of @buf, at least PVIO_KEY_TEXT_MAX
 * Return: false when the key is to be left out.
 */
bool pvio_key_format(const struct pvio_key *key, const void *values, char *buf,
		     size_t size);

#define PVIO_KEY_TEXT_MAX	256

/**
 * pvio_key_set_queue() - say whose keys they are: a single queue's stand beside
 * the device's own, those of several below queue-N
 * @set: its @dir is written
 * @index: of the queue
 * @nr: of all queues
 */
void pvio_key_set_queue(struct pvio_key_set *set, unsigned int index,
			unsigned int nr);

#endif /* PVIO_XENBUS_KEYS_H */
