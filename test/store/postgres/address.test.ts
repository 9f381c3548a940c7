import { describe, expect, it } from 'vitest';
import { connectionTo } from '../../../src/store/postgres/address.ts';

describe('the address of a store', () => {
  it.each([
    ['postgres://hub:secret@db/holdshort', 'a password in it'],
    ['mysql://hub@db/holdshort', 'no postgres:// address'],
    ['postgres://hub@db', 'names no database'],
    ['postgres://hub@db/holdshort?sslmode=require', 'would believe any server'],
    ['postgres://hub@db/holdshort?sslmode=disable', 'would believe any server'],
    ['postgres://hub@localhost/holdshort?sslmode=require', 'would believe any server'],
    ['postgres://hub@localhost/holdshort?sslcert=/nowhere&sslkey=/nowhere', 'sslcert: ENOENT'],
    ['postgres://hub@db/holdshort?sslrootcert=/nowhere', 'sslrootcert: ENOENT'],
    ['postgres://hub@db/%zz', 'begins no character'],
    ['postgres://h%zz@db/holdshort', 'begins no character'],
    ['postgres://hub@db/holdshort?port=x', 'no port'],
    ['postgres://hub@db/holdshort?port=0', 'no port'],
    ['postgres://hub@db/holdshort?options=-c%20fsync=off', 'none of its parameters'],
  ])('is refused: %s', (address, why) => {
    expect(() => connectionTo(address)).toThrow(
      expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining(why) }),
    );
  });

  it('is encrypted and checked towards every machine but this one', () => {
    for (const host of [
      'db.internal',
      '10.0.0.7',
      '[fd00::7]',
      'localhost.example.com',
      '127.0.0.1.example.com',
      '127.1.example.com',
    ])
      expect(connectionTo(`postgres://hub@${host}/holdshort`).ssl, host).toMatchObject({ rejectUnauthorized: true });
    for (const host of ['localhost', '127.0.0.1', '[::1]'])
      expect(connectionTo(`postgres://hub@${host}/holdshort`).ssl, host).toBe(false);
    for (const asks of ['postgres://hub@localhost/d?sslmode=verify-full', 'postgres:///d?host=127.0.0.999'])
      expect(connectionTo(asks).ssl, asks).toMatchObject({ rejectUnauthorized: true });
    const socket = connectionTo('postgres:///holdshort?user=hub&host=/run/postgresql&sslmode=disable');
    expect(socket).toMatchObject({ host: '/run/postgresql', database: 'holdshort', user: 'hub', ssl: false });
  });
});
