# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
#
# Targets for people.  The objects are listed in Kbuild, which is what the
# kernel's make and DKMS read.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.NOTPARALLEL:

packages := scripts/install-packages

# The kernel's make takes a path with a blank for two.
ifneq ($(words $(CURDIR)),1)
$(error the path of this directory has a blank, which the kernel cannot build in)
endif
ifneq ($(O),)
$(error O= is not known here: products go to build/)
endif

# Read by the scripts; empty means their default.
export KDIR CHECK SUITE SCENARIO COMBO KASAN RELEASE GUEST_RELEASE
export QUICK CASE COMPARE REPEAT CONTENDERS
export KEY CERT MIRROR XFSTESTS FS TESTS BACK FRONT DISK LOGDEV LIMIT AGAIN

help: ## list the targets (default)
	@echo 'pvio: Xen network and block drivers, both ends'
	@echo
	@sed -n 's/^\([a-z_-]*\):[^#]*## /\1\t/p' Makefile | \
		while IFS=$$'\t' read -r name text; do \
			printf '  %-16s %s\n' "$$name" "$$text"; \
		done || true
	@echo
	@echo 'Variables: KDIR=kernel build directory, W=1 more warnings, V=1 commands'

demo: ## boot Xen in QEMU and watch a guest use pvio
	@$(packages) xen
	@tests/xen/demo

modules: ## build the modules into build/modules (KDIR=)
	@scripts/build-modules

all: modules ## the same

modules_install: modules ## install them (INSTALL_MOD_PATH=)
	@scripts/install-modules

install: modules_install ## the same

uninstall: ## undo that (INSTALL_MOD_PATH=)
	@scripts/uninstall

dkms-install: ## register with DKMS, build and install for every kernel
	@scripts/dkms-install

dkms-remove: ## undo that
	@scripts/dkms-remove

deb: ## build Debian packages into build/deb
	@scripts/build-deb

sign: ## sign what 'make install' installed (KEY= CERT=)
	@scripts/sign

docs: ## the documents as HTML, into build/docs
	@scripts/build-docs html

man: ## the manual pages, into build/man
	@scripts/build-docs man

pictures: ## draw the pictures of the documents anew
	@PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=tools python3 -m pictures

dist: ## tarball, list of licences and checksums of the last commit, into build/dist
	@scripts/dist

version: ## print the version that packages made now would have
	@scripts/version

build-packages: ## install what the targets above need (apt)
	@$(packages) build dkms deb docs

remove-packages: ## take away what any target here has installed (apt asks)
	@$(packages) --undo

test: ## everything below, then 'N passed, N failed'
	@scripts/test-all

check: ## static checks (CHECK='names' for some)
	@$(packages) $(if $(filter package,$(CHECK)),compat,check)
	@tests/check/run $(CHECK)

unit: ## pure layers in user space, sanitizers on (SUITE=)
	@$(packages) unit
	@tests/user/run $(SUITE)

model: ## models of rings and handshake: cbmc on the code, spin (SUITE=name)
	@$(packages) model
	@tests/model/run $(SUITE)

fuzz: ## fuzz the parsers, and both ends against each other (TIME=seconds)
	@$(packages) unit
	@PVIO_FUZZ_TIME=$(or $(TIME),600) tests/user/run pvio_fuzz

kunit: ## KUnit on a debug kernel (SUITE=name RELEASE=name)
	@$(packages) kunit
	@tests/kunit/run $(SUITE)

xen: ## scenarios on real Xen (SCENARIO=name COMBO=name RELEASE=name)
	@$(packages) xen
	@tests/xen/run

xen-trixie: ## a short list of them on that release (or xen-trixie-backports)
xen-trixie xen-trixie-backports:
	@$(packages) xen
	@RELEASE=$(@:xen-%=%) COMBO=pvio/pvio,2cpu \
		PVIO_DOM0_ARGS='rounds=1 disks=10 vifs=2' \
		tests/xen/run net-pair blk-pair life-save life-reload seam-many

soak: ## long scenarios on real Xen: power cuts, ten minutes of everything (COMBO=)
	@$(packages) xen
	@SCENARIO='soak long' tests/xen/run

soak-fuzz: ## fuzz each driver in a debug kernel (TIME=3600 SEED= INPUT= SUITE= CHECKER=kcsan)
	@$(packages) kunit
	@tests/kunit/fuzz

kills: ## random kills of either end, resumable (ROUNDS=100 SEED= ROUND=)
	@$(packages) build xen
	@tests/xen/kills

bench: ## cost per packet and request (QUICK=1 CASE= REPEAT= COMPARE= NOISY=1 RELEASE=)
	@$(packages) build xen bench
	@tests/bench/run

compat: ## build for the kernels of later Debian releases (RELEASE= MIRROR=)
	@$(packages) compat
	@tests/compat/run $(RELEASE)

package-test: ## install, upgrade and remove the packages in a chroot (RELEASE=)
	@$(packages) compat
	@tests/package/run

xfstests: ## xfstests on real Xen (XFSTESTS=built tree FS= TESTS= BACK= FRONT=)
	@tests/xfstests/run

clean: ## remove build/
	@rm -rf build

.PHONY: help demo all modules modules_install install uninstall dkms-install \
	dkms-remove deb sign docs man pictures dist version build-packages \
	remove-packages package-test test check unit model fuzz kunit xen \
	xen-trixie xen-trixie-backports soak soak-fuzz kills compat xfstests bench clean

.DEFAULT:
	@echo "error: there is no target '$@'" >&2
	@echo '  try: make help' >&2
	@exit 2
