import { BlockList, isIP } from 'node:net';

/** Finds the client's address behind proxies that the operator trusts (contract 00 section 8). */
export class ClientAddress {
  private readonly trusted = new BlockList();
  private readonly any: boolean;

  /** @param proxies addresses or CIDR blocks */
  constructor(proxies: readonly string[]) {
    this.any = proxies.length > 0;
    for (const proxy of proxies) {
      const [address = '', prefix] = proxy.split('/');
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      if (prefix === undefined) this.trusted.addAddress(address, family);
      else this.trusted.addSubnet(address, Number(prefix), family);
    }
  }

  /** The nearest address that is not a trusted proxy; `X-Forwarded-For` from anybody else is ignored. */
  of(socketAddress: string, forwardedFor: string | string[] | undefined): string {
    const nearest = plain(socketAddress);
    if (!this.any || forwardedFor === undefined || !this.isTrusted(nearest)) return nearest;
    const hops = (Array.isArray(forwardedFor) ? forwardedFor.join(',') : forwardedFor)
      .split(',')
      .map((hop) => plain(hop.trim()));
    let client = nearest;
    for (const hop of hops.reverse()) {
      if (isIP(hop) === 0) break;
      client = hop;
      if (!this.isTrusted(hop)) break;
    }
    return client;
  }

  private isTrusted(address: string): boolean {
    const family = isIP(address);
    return family !== 0 && this.trusted.check(address, family === 6 ? 'ipv6' : 'ipv4');
  }
}

// IPv4 arrives on a dual-stack socket as ::ffff:a.b.c.d; a forwarded entry may carry a port.
function plain(address: string): string {
  const bare = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/^\[([^\]]+)\](?::\d+)?$/, '$1');
  return /^\d+\.\d+\.\d+\.\d+:\d+$/.test(bare) ? bare.slice(0, bare.lastIndexOf(':')) : bare;
}
