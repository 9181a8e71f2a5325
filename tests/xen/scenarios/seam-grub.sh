# SPDX-License-Identifier: GPL-2.0-only
# SPDX-FileCopyrightText: 2026 pvio authors
# shellcheck shell=bash
about='GRUB boots a guest from a disk that Linux takes over with its vif'
kind=save
list=whole
order=40
needs=nothing
limit=240

# make_root DISK: what GRUB reads.
make_root()
{
	mkfs.ext4 -q -O ^metadata_csum,^metadata_csum_seed "$1"
	mount "$1" /mnt
	cp /run/guest-vmlinux /run/domu.img /mnt/
	cat > /mnt/grub.cfg <<-CONFIG
	linux /guest-vmlinux console=hvc0 loglevel=5 $guest_arguments front=$front
	initrd /domu.img
	boot
	CONFIG
	umount /mnt
}

boot_guest()
{
	cat > "$guests/b1.cfg" <<-CONFIG
	name = "b1"
	type = "pv"
	kernel = "/run/grub"
	memory = 384
	vcpus = $1
	vif = ["bridge=xenbr0"]
	disk = ["phy:$2,xvda,w"]
	on_crash = "destroy"
	CONFIG
	xl create -q "$guests/b1.cfg"
	guest_ready b1
}

run()
{
	local disk number

	disk=$(make_nullb grub 112)
	make_root "$disk"
	for number in 1 2; do
		boot_guest "$number" "$disk"
		guest b1 'disk_ready xvda && mount -t ext4 /dev/xvda /mnt &&
			write_tree /mnt/tree 5 && check_tree /mnt/tree &&
			rm -r /mnt/tree && umount /mnt'
		guest b1 'net_up 34 && ping -q -c 2 10.77.0.1'
		guest_destroy b1
		progress "with $number virtual CPUs"
	done
	drop_nullb grub
}
