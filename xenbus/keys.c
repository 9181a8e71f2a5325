// SPDX-License-Identifier: GPL-2.0-only
// SPDX-FileCopyrightText: 2026 pvio authors
/*
 * Parsing and formatting of negotiated values.  The text comes from the other
 * domain: any bytes, any length, no terminator.
 */
#include "keys.h"

#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/string.h>

#define MAC_TEXT	17	/* xx:xx:xx:xx:xx:xx */

static int parse_number(const char *text, size_t len, u64 *value)
{
	u64 sum = 0;
	size_t i;

	if (!len)
		return -EINVAL;
	for (i = 0; i < len; i++) {
		unsigned int digit = (unsigned char)text[i] - '0';

		if (digit > 9)
			return -EINVAL;
		if (sum > (U64_MAX - digit) / 10)
			return -ERANGE;
		sum = sum * 10 + digit;
	}
	*value = sum;
	return 0;
}

static void store_number(const struct pvio_key *key, u64 value, void *values)
{
	void *field = values + key->offset;

	if (key->type == PVIO_KEY_BOOL)
		*(bool *)field = value;
	else if (key->type == PVIO_KEY_U32)
		*(u32 *)field = value;
	else
		*(u64 *)field = value;
}

static u64 load_number(const struct pvio_key *key, const void *values)
{
	const void *field = values + key->offset;

	if (key->type == PVIO_KEY_BOOL)
		return *(const bool *)field;
	if (key->type == PVIO_KEY_U32)
		return *(const u32 *)field;
	return *(const u64 *)field;
}

/* What the type itself can hold, whatever the table says. */
static u64 widest(const struct pvio_key *key)
{
	if (key->type == PVIO_KEY_BOOL)
		return 1;
	return key->type == PVIO_KEY_U32 ? U32_MAX : U64_MAX;
}

static int parse_ranged(const struct pvio_key *key, const char *text,
			size_t len, void *values)
{
	u64 max = key->max ? key->max : widest(key);
	u64 value;
	int err;

	err = parse_number(text, len, &value);
	if (err)
		return err;
	if (value < key->min || value > min(max, widest(key)))
		return -ERANGE;
	store_number(key, value, values);
	return 0;
}

static int parse_string(const struct pvio_key *key, const char *text,
			size_t len, void *values)
{
	char *field = values + key->offset;
	size_t i;

	if (len >= key->size)
		return -ERANGE;
	for (i = 0; i < len; i++)
		if (text[i] < ' ' || text[i] > '~')
			return -EINVAL;
	memcpy(field, text, len);
	field[len] = '\0';
	return 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -EINVAL;
}

static int parse_mac(const struct pvio_key *key, const char *text, size_t len,
		     void *values)
{
	u8 mac[6];
	int i, high, low;

	if (len != MAC_TEXT)
		return -EINVAL;
	for (i = 0; i < 6; i++) {
		high = hex_digit(text[3 * i]);
		low = hex_digit(text[3 * i + 1]);
		if (high < 0 || low < 0 || (i < 5 && text[3 * i + 2] != ':'))
			return -EINVAL;
		mac[i] = high << 4 | low;
	}
	memcpy(values + key->offset, mac, sizeof(mac));
	return 0;
}

static int take_default(const struct pvio_key *key, void *values)
{
	if (key->required)
		return -ENOENT;
	if (key->type == PVIO_KEY_STRING)
		*(char *)(values + key->offset) = '\0';
	else if (key->type == PVIO_KEY_MAC)
		memset(values + key->offset, 0, 6);
	else
		store_number(key, key->def, values);
	return 0;
}

int pvio_key_parse(const struct pvio_key *key, const char *text, size_t len,
		   void *values)
{
	if (!text)
		return take_default(key, values);
	if (key->type == PVIO_KEY_STRING)
		return parse_string(key, text, len, values);
	if (key->type == PVIO_KEY_MAC)
		return parse_mac(key, text, len, values);
	return parse_ranged(key, text, len, values);
}
EXPORT_SYMBOL_GPL(pvio_key_parse);

bool pvio_key_format(const struct pvio_key *key, const void *values, char *buf,
		     size_t size)
{
	const u8 *mac = values + key->offset;
	u64 number;

	if (key->type == PVIO_KEY_STRING) {
		snprintf(buf, size, "%s", (const char *)mac);
		return !key->elide || *buf;
	}
	if (key->type == PVIO_KEY_MAC) {
		snprintf(buf, size, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0],
			 mac[1], mac[2], mac[3], mac[4], mac[5]);
		return true;
	}
	number = load_number(key, values);
	snprintf(buf, size, "%llu", (unsigned long long)number);
	return !key->elide || number != key->def;
}
EXPORT_SYMBOL_GPL(pvio_key_format);

void pvio_key_set_queue(struct pvio_key_set *set, unsigned int index,
			unsigned int nr)
{
	*set->dir = '\0';
	if (nr > 1)
		snprintf(set->dir, sizeof(set->dir), "queue-%u", index);
}
EXPORT_SYMBOL_GPL(pvio_key_set_queue);
