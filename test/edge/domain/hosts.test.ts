import { describe, expect, it } from 'vitest'
import { hostOf, isLoopback } from '../../../edge/domain/hosts.ts'

describe('hosts', () => {
  it('knows this machine from others', () => {
    expect(['localhost', 'a.localhost', '127.0.0.1', '127.1.2.3', '[::1]'].every(isLoopback)).toBe(true)
    const others = [
      'example.com',
      'localhost.example.com',
      '127.0.0.1.example.com',
      '128.0.0.1',
      '[::2]',
      '0.0.0.0',
      '',
    ]
    expect(others.some(isLoopback)).toBe(false)
  })

  it('takes no opaque origin', () => {
    expect(hostOf('https://a.example:8443')?.host).toBe('a.example:8443')
    expect(['null', 'file://', 'vscode-webview://x', ''].map(hostOf)).toEqual([null, null, null, null])
  })
})
