/**
 * Of the letters that the server's own names are made of, what looks like them: all letters, marks and digits whose skeleton
 * (UTS 39 section 4, data of Unicode 15) consists of them, as code points. What NFKC makes the same anyway is left out. A
 * table, for nothing else is asked of the skeletons: the libraries bring those of all characters, in hundreds of kilobytes,
 * and of an older Unicode.
 */
const lookAlikes = {
  s: '1bd 405 455 54f 13d5 13da a4e2 a731 abaa 10296 10420 10448 118c1 16f3a',
  e: '395 415 435 4bd 13ac 2d39 a4f0 ab32 10286 118a6 118ae',
  r: '1a6 433 13a1 13d2 1587 1d26 2c85 a4e3 ab47 ab48 ab81 104b4 16f35',
  v: '3bd 474 475 5d8 667 6f7 13d9 142f 1d20 2d38 a4e6 a6df aba9 1051d 11706 118a0 118c0 16f08',
  o: '30 39f 3bf 3c3 41e 43e 555 585 5e1 647 665 6be 6c1 6d5 6f5 7c0 966 9e6 a66 ae6 b20 b66 be6 c02 c66 c82 ce6 d02 d20 d66 d82 e50 ed0 101d 1040 10ff 12d0 1d0f 1d11 2c9e 2c9f 2d54 3007 a4f3 ab3d 10292 102ab 10404 1042c 104c2 104ea 10516 114d0 118b5 118c8 118d7 118e0',
  oo: 'a698 a699 a74e a74f',
  n: '578 57c',
  // Unicode has no other skeleton for an m than these two letters.
  rn: '4d 6d 39c 3fa 41c 13b7 15f0 16d6 2c98 a4df 102b0 10311 11700 118e3',
  _: '7fa',
}

const plain = new Map(
  Object.entries(lookAlikes).flatMap(([letters, codes]) =>
    codes.split(' ').map((code) => [String.fromCodePoint(parseInt(code, 16)), letters]),
  ),
)

/** What a text looks like, as far as it looks like the names of the server: two that look alike have the same. */
export const skeletonOf = (text: string): string =>
  Array.from(text.normalize('NFKC'), (character) => plain.get(character) ?? character)
    .join('')
    .toLowerCase()
