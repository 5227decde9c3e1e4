// Cuts the fonts to the characters a letter may need; see README.md.
'use strict';
const fs = require('fs');
const path = require('path');
const zlib = require('zlib');
const subset = require('subset-font');

const out = process.argv[2];
const source = (name) => fs.readFileSync(path.join('node_modules/@expo-google-fonts', name));

// covered reads the characters of a font from its format 12 table, or from
// format 4 where there is no such table.
function covered(font) {
  let cmap = 0;
  for (let i = 0; i < font.readUInt16BE(4); i++) {
    if (font.toString('latin1', 12 + 16 * i, 16 + 16 * i) === 'cmap') cmap = font.readUInt32BE(20 + 16 * i);
  }
  const set = new Set();
  for (let i = 0; i < font.readUInt16BE(cmap + 2); i++) {
    const at = cmap + font.readUInt32BE(cmap + 8 + 8 * i);
    if (font.readUInt16BE(at) === 12) {
      for (let k = 0; k < font.readUInt32BE(at + 12); k++) {
        const last = font.readUInt32BE(at + 20 + 12 * k);
        for (let c = font.readUInt32BE(at + 16 + 12 * k); c <= last; c++) set.add(c);
      }
    }
    if (font.readUInt16BE(at) === 4) {
      const n = font.readUInt16BE(at + 6) / 2;
      for (let k = 0; k < n; k++) {
        const last = font.readUInt16BE(at + 14 + 2 * k);
        for (let c = font.readUInt16BE(at + 16 + 2 * n + 2 * k); c <= last && c < 0xffff; c++) set.add(c);
      }
    }
  }
  return set;
}

function gbk() {
  const decoder = new TextDecoder('gbk');
  const set = new Set();
  for (let a = 0x81; a <= 0xfe; a++) {
    for (let b = 0x40; b <= 0xfe; b++) {
      const [c, more] = decoder.decode(Uint8Array.of(a, b));
      if (b !== 0x7f && !more && c !== '\ufffd') set.add(c.codePointAt(0));
    }
  }
  return set;
}

function range(set, ...pairs) {
  for (const [first, last] of pairs) for (let c = first; c <= last; c++) set.add(c);
  return set;
}

// halved makes every advance half a square: the marks stand in its left half.
function halved(font) {
  const tables = {};
  for (let i = 0; i < font.readUInt16BE(4); i++) {
    const entry = 12 + 16 * i;
    tables[font.toString('latin1', entry, entry + 4)] = { entry, at: font.readUInt32BE(entry + 8), size: font.readUInt32BE(entry + 12) };
  }
  const metrics = font.readUInt16BE(tables.hhea.at + 34);
  for (let i = 0; i < metrics; i++) font.writeUInt16BE(500, tables.hmtx.at + 4 * i);
  font.writeUInt16BE(500, tables.hhea.at + 10);
  const sum = (from, to) => {
    let n = 0;
    for (let i = from; i < to; i += 4) n = (n + (i + 4 <= font.length ? font.readUInt32BE(i) : 0)) >>> 0;
    return n;
  };
  font.writeUInt32BE(0, tables.head.at + 8);
  for (const t of [tables.hmtx, tables.hhea]) font.writeUInt32BE(sum(t.at, t.at + t.size), t.entry + 4);
  font.writeUInt32BE((0xb1b0afba - sum(0, font.length)) >>> 0, tables.head.at + 8);
  return font;
}

async function cut(name, font, wanted, change = (data) => data) {
  const has = covered(font);
  const chars = [...wanted].filter((c) => has.has(c) && c > 0x1f).sort((a, b) => a - b);
  const text = chars.map((c) => String.fromCodePoint(c)).join('');
  const data = change(await subset(font, text, {
    targetFormat: 'truetype',
    noHinting: true,
    noLayoutClosure: true,
    keepFeatures: [],
    preserveNameIds: [0, 13, 14],
    dropTables: ['GSUB', 'GPOS', 'GDEF', 'BASE', 'MATH', 'STAT', 'vhea', 'vmtx', 'gasp', 'prep', 'fpgm', 'cvt '],
  }));
  fs.writeFileSync(path.join(out, name + '.ttf.gz'), zlib.gzipSync(data, { level: 9 }));
  console.log(name, chars.length, 'characters,', data.length, 'bytes');
  return new Set(chars);
}

(async () => {
  const table = fs.readFileSync(path.join(out, 'tgh-2013.txt'), 'utf8').replace(/\n/g, '');
  const common = new Set([...table].map((c) => c.codePointAt(0)));
  const latin = [[0x20, 0x7e], [0xa0, 0xff]];
  const marks = [[0x2010, 0x2040], [0x2100, 0x2122], [0x2150, 0x2199], [0x2460, 0x249b], [0x3000, 0x303f], [0xff00, 0xffef]];
  const all = range(new Set([...gbk(), ...common]), ...latin, ...marks,
    [0x100, 0x24f], [0x1e00, 0x1eff], [0x2000, 0x27bf], [0x3040, 0x33ff], [0x3400, 0x4dbf], [0xf900, 0xfaff], [0xfe30, 0xfe4f], [0x10000, 0x323af]);
  const regular = await cut('NotoSerifSC-Regular', source('noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf'), all);
  await cut('NotoSerifSC-Bold', source('noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf'), range(new Set(common), ...latin, ...marks));
  const marked = [...'，。、；：）》」』】〕〗〉］｝'].map((c) => c.codePointAt(0));
  await cut('NotoSerifSC-Half', source('noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf'), new Set(marked), halved);
  const rest = (set, have) => new Set([...set].filter((c) => !have.has(c)));
  const japanese = source('noto-serif-jp/400Regular/NotoSerifJP_400Regular.ttf');
  const second = await cut('NotoSerifJP-Rest', japanese, rest(covered(japanese), regular));
  await cut('NotoSansMono-Regular', source('noto-sans-mono/400Regular/NotoSansMono_400Regular.ttf'), range(new Set(), ...latin));
  const symbols = range(new Set(), [0x370, 0x3ff], [0x2000, 0x2bff]);
  await cut('NotoSansMath-Rest', source('noto-sans-math/400Regular/NotoSansMath_400Regular.ttf'), rest(symbols, new Set([...regular, ...second])));
})();
