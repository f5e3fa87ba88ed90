/** Block devices that lie in memory, in a file or on other devices: what goes through them is counted there. */
const NOT_A_DISK = /^(?:loop|ram|zram|dm-|md|drbd|bcache|zd)\d/;

/** Interfaces of the kernel's own or on top of others: what leaves the machine through them is counted there. */
const VIRTUAL =
  /^(?:lo$|veth|docker|br-|br\d|virbr|vmbr|vnet|tun|tap|wg|bond|team|dummy|ifb|sit|ip6tnl|tunl|gre|erspan|ip_vti|ip6_vti|vxlan|geneve|macvlan|macvtap|cni|cali|flannel|lxc|lxd|podman|kube|nlmon|zt|tailscale)|[.@]/;

/**
 * Which of the names in `/proc/diskstats` are disks, each byte once: no partition of a disk that is listed itself (`sda1` of `sda`,
 * `nvme0n1p2` of `nvme0n1`), and nothing that lies on another device or in memory.
 */
export function disksOf(names: readonly string[]): string[] {
  const listed = new Set(names);
  return names.filter(name => !NOT_A_DISK.test(name) && !isPartition(name, listed));
}

function isPartition(name: string, listed: ReadonlySet<string>): boolean {
  const before = name.replace(/\d+$/, '');
  if (before === name) return false;
  // Where the disk's own name ends in a digit, a `p` stands between it and the number of the partition.
  const disk = /\dp$/.test(before) ? before.slice(0, -1) : before;
  return listed.has(disk);
}

/**
 * Which of the names in `/proc/net/dev` lead out of the machine, each byte once. Where all are virtual, as in a container, all but
 * the loopback count.
 */
export function interfacesOf(names: readonly string[]): string[] {
  const physical = names.filter(name => !VIRTUAL.test(name));
  return physical.length > 0 ? physical : names.filter(name => name !== 'lo');
}
