/* SPDX-License-Identifier: GPL-2.0-only */
/* SPDX-FileCopyrightText: 2026 pvio authors */
/*
 * What a guest tells its toolstack about its drivers.
 */
#ifndef PVIO_XENBUS_ADVERT_H
#define PVIO_XENBUS_ADVERT_H

struct pvio_driver;

/**
 * pvio_advert_show() - have an entry about a driver in the guest's "drivers"
 * @drv: the driver
 *
 * A number and "pvio NAME VERSION", as xenstore-paths says of ~/drivers/$INDEX.
 * A restored guest has a new directory, so this is called with every connection.
 * Where there is no such directory, or no room, nothing happens.
 * Context: may sleep, for xenstore only.
 */
void pvio_advert_show(const struct pvio_driver *drv);

/**
 * pvio_advert_hide() - take it away
 * @drv: the driver, none of whose devices connects any more
 *
 * Context: as above.
 */
void pvio_advert_hide(const struct pvio_driver *drv);

#endif /* PVIO_XENBUS_ADVERT_H */
