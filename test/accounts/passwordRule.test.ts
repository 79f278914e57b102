import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passwordProblem } from '../../server/accounts/passwordRule.js';

const KNOWN = {
  name: 'nguyenvana',
  fullName: 'Nguyễn Văn Anh',
  department: 'Sở Giáo dục và Đào tạo tỉnh Quảng Ngãi',
};
const problem = (password: string) => passwordProblem(password, KNOWN);

describe('a password is refused', () => {
  it.each([
    ['short', ''],
    ['short', '123456789'],
    ['short', 'ẳẵặếềỷỹử'],
    ['long', 'x1 y2 z3 '.repeat(30)],
    ['name', 'nguyenvana'],
    ['name', 'NguyenVanA@1'],
    ['name', '2026nguyenvana'],
    ['name', 'Nguyễn Văn Anh'],
    ['name', 'nguyen-van-anh!'],
    ['department', 'Sở Giáo dục và Đào tạo tỉnh Quảng Ngãi'],
    ['department', 'quangngai2026'],
    ['department', 'Quảng Ngãi 1'],
    ['department', 'giaoducdaotao'.replace('ducdao', 'ducvadao')],
    ['repeats', 'aaaaaaaaaa'],
    ['repeats', 'abcabcabcabc'],
    ['repeats', '1212121212'],
    ['repeats', '!!!!!!!!!!!!'],
    ['repeats', '1234567890'],
    ['repeats', '0987654321'],
    ['repeats', 'abcdefghijk'],
    ['repeats', 'qwertyuiop'],
    ['repeats', 'qwertyuiop1'],
    ['repeats', '1qaz2wsx3edc'],
  ])('as %s: %j', (why, password) => {
    expect(problem(password)).toBe(why);
  });

  it('however its letters are composed', () => {
    for (const password of ['Nguyễn Văn Anh', 'Quảng Ngãi 1', 'ẳẵặếềỷỹử'])
      expect(problem(password.normalize('NFD'))).toBe(problem(password.normalize('NFC')));
  });
});

describe('a password is taken', () => {
  it.each([
    'bốn mùa hoa nở',
    'correct horse battery staple',
    'k7mp-3xqa-9wbd-tt42',
    'nguyenvana thích uống trà sen buổi sáng',
    'Trời Quảng Ngãi hôm nay nắng đẹp',
    '!@#$%^&*()_+x',
    'mật khẩu của phép thử',
  ])('%j', (password) => {
    expect(problem(password)).toBeNull();
  });

  it('where it is random, whatever is in it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 40 }), (bytes) => {
        const password = Buffer.from(bytes).toString('base64');
        fc.pre(new Set(password).size > 8);
        expect(problem(password)).toBeNull();
      }),
    );
  });

  it('and no input makes the rule fail', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.string(), (password, name) => {
        passwordProblem(password, { ...KNOWN, name });
      }),
    );
  });
});
