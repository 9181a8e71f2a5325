# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
"""What is wrong with a device, in one sentence, and what helps.

A rule looks at one thing and returns Advice or None; the first that has
something to say is what an operator is told.  They stand in the order of what
is the cause of what.
"""

import collections

from .devices import DRIVERS

# problem: the device does not do what it should; note: it does, but.
Advice = collections.namedtuple('Advice', 'level text todo')

OVER = ('Closing', 'Closed')
# How long ago a fault of a connected device is still news.
NEWS = 3600
# What xenstore's error nodes say, and what helps.
REASONS = (
    ('does not open', 'see that the device is there and nobody else has it; '
     'then xl block-detach and xl block-attach'),
    ('read-only', "attach it with mode 'r'"),
    ('blocks of more than a page', 'attach it through a loop device'),
    ('in use', 'unmount it in the guest, or xl block-detach --force'),
)


def problem(text, todo):
    return Advice('problem', text, todo)


def note(text, todo):
    return Advice('note', text, todo)


def attach(device):
    """The commands that make a device anew."""
    what = 'network' if device.kind == 'vif' else 'block'
    return 'xl %s-detach and xl %s-attach' % (what, what)


def other_end(device):
    if device.end == 'front':
        return 'its backend'
    return 'guest %s' % device.guest if device.guest else \
        'domain %s' % device.domain


def script(device):
    return device.negotiated.get('script') or device.keys.get('script') or \
        'the hotplug script'



def no_driver(device):
    if device.driver:
        return None
    name = DRIVERS[device.kind, device.end]
    return problem('no driver serves it', 'modprobe pvio-%s (or xen-%s)'
                   % (name, name))


def guest_gone(device):
    if device.end != 'back' or device.guest or \
       device.keys.get('front-state') or device.keys.get('online') != '0':
        return None
    return problem('its guest is gone and it is being removed',
                   'wait; if it stays: dmesg, and xl list -a')


def told_error(device):
    text = device.keys.get('error')
    if not text or device.connected and 'in use' not in text:
        return None
    for part, todo in REASONS:
        if part in text:
            return problem(text, todo)
    return problem(text, attach(device))


def script_failed(device):
    if device.end != 'back' or device.connected or \
       device.keys.get('hotplug-status') != 'error':
        return None
    why = device.keys.get('hotplug-error')
    return problem('%s failed%s' % (script(device), ': ' + why if why else ''),
                   '/var/log/xen/xen-hotplug.log; then ' + attach(device))


def script_silent(device):
    if device.end != 'back' or device.connected or device.state in OVER:
        return None
    waits = device.waits_for == 'hotplug script'
    if device.waits_for is None:
        waits = device.state == 'InitWait' and \
            device.keys.get('script') is not None and \
            device.keys.get('hotplug-status') != 'connected'
    if not waits:
        return None
    return problem('backend waits for the hotplug script, %s never wrote '
                   'hotplug-status' % script(device),
                   'run by hand what it does; see '
                   '/var/log/xen/xen-hotplug.log')


def waits_for_backing(device):
    if device.waits_for != 'backing device':
        return None
    return problem('backing device %s is not open yet'
                   % (device.backing or device.keys.get('params')),
                   'see that it answers: blockdev --getsize64')


def waits_for_rate(device):
    if device.waits_for != 'rate limit':
        return None
    return problem('its rate in xenstore is malformed',
                   'write BYTES,MICROSECONDS to its node rate')


def broke_off(device):
    """A fault that ended the connection."""
    if not device.fault or device.connected or device.state not in OVER:
        return None
    return problem('%s: %s' % (other_end(device), device.fault),
                   attach(device) + ', or load the driver of %s anew'
                   % ('the guest' if device.end == 'back' else 'the host'))


def not_connected_fault(device):
    if not device.fault or device.connected:
        return None
    return problem(device.fault, 'it is tried again; dmesg | grep ' +
                   device.name)


def waits_for_front(device):
    if device.end != 'back' or device.connected or device.state in OVER:
        return None
    if device.peer_state in (None, 'Unknown', 'Initialising'):
        return problem('%s has not connected to it' % other_end(device),
                       'its driver is not loaded or its kernel still boots: '
                       'xl console')
    if device.peer_state in OVER:
        return problem('the frontend in %s has closed it' % other_end(device),
                       'load its driver in the guest, or ' + attach(device))
    return None


def waits_for_back(device):
    if device.end != 'front' or device.connected or device.state in OVER:
        return None
    if device.peer_state in (None, 'Unknown', 'Initialising'):
        return problem('its backend has not begun',
                       'see pvioctl status in the host or driver domain')
    if device.peer_state == 'InitWait':
        return problem('its backend waits, probably for its hotplug script',
                       'see pvioctl status in the host or driver domain')
    return None


def in_use(device):
    if device.waits_for != 'whoever has the disk open':
        return None
    return problem('the host detaches it, but it is in use here',
                   'unmount it, swapoff, or close what is made of it')


def closed(device):
    if device.state not in OVER:
        return None
    if device.peer_state == 'Connected':
        return problem('%s has not noticed that it is closed'
                       % other_end(device), attach(device))
    if device.waits_for and device.waits_for not in ('frontend', 'backend'):
        return problem('it closes and waits for: ' + device.waits_for,
                       'wait; then ' + attach(device))
    return problem('it is closed until %s connects anew' % other_end(device),
                   'load the driver of %s anew, or %s'
                   % (other_end(device), attach(device)))


def not_connected(device):
    if device.connected or device.state is None:
        return None
    waits = device.waits_for
    return problem('it is not connected (%s)' % device.state +
                   (' and waits for: ' + waits if waits else ''),
                   'dmesg | grep ' + device.name)


def no_bridge(device):
    if device.kind != 'vif' or device.end != 'back' or not device.connected:
        return None
    wanted = device.keys.get('bridge')
    if not wanted or device.bridge or not device.local or \
       'bridge' not in (device.keys.get('script') or 'bridge'):
        return None
    return problem('%s is in no bridge, it should be in %s'
                   % (device.local, wanted),
                   'ip link set %s up master %s' % (device.local, wanted))


def link_down(device):
    if device.kind != 'vif' or not device.connected or \
       device.keys.get('operstate') != 'down':
        return None
    if device.keys.get('carrier') == '0':
        return problem('%s has no carrier: %s takes no packets'
                       % (device.local, other_end(device)),
                       'ip link set up in the guest, or see whether it hangs')
    tell = problem if device.end == 'back' else note
    return tell('%s is down' % device.local,
                'ip link set %s up' % device.local)


def shared(device):
    if not device.sharers:
        return None
    other = device.sharers[0]
    return note('%s of %s has %s as well, and one of them writes'
                % (other.called(), other_end(other), device.backing),
                'unless it is a file system for that, xl block-detach one')


def fault_before(device):
    if not device.fault or device.fault_age is None or \
       device.fault_age > NEWS:
        return None
    return note('%d s ago: %s' % (device.fault_age, device.fault),
                'dmesg | grep ' + device.name)


RULES = (no_driver, guest_gone, told_error, script_failed, script_silent,
         waits_for_backing, waits_for_rate, in_use, broke_off, closed,
         not_connected_fault, waits_for_front, waits_for_back, not_connected,
         no_bridge, link_down, shared, fault_before)


def of(device):
    """The first thing that there is to say, or None."""
    for rule in RULES:
        advice = rule(device)
        if advice:
            return advice
    return None


def wrong(device):
    advice = of(device)
    return bool(advice) and advice.level == 'problem'
