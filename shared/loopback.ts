/** Whether a name means this machine: RFC 6761 section 6.3 for localhost, 127.0.0.0/8 and ::1 for addresses. */
export const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' ||
  hostname.endsWith('.localhost') ||
  hostname === '[::1]' ||
  hostname === '::1' ||
  /^127(\.\d{1,3}){3}$/.test(hostname)
