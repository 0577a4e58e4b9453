// Learner files as providers keep them: a workbook (a plain zip of a few XML parts) and tab-delimited
// text. Also the text of a workbook that comes back.

import { inflateRawSync } from "node:zlib";

const HEADER = [
  "Record Action", "ACCME Activity ID", "Completion Date", "First Name", "Last Name", "Date of Birth",
  "Licensing State", "Licensing ID or NPI", "Number of CME Credits", "Certifying Board", "Certifying Board ID",
  "Total Board Credits", "Credit Type", "Credits Awarded for Credit Type",
];

/** A good row for a physician of demo.json; `change` overrides cells by header. */
export function row(physician, activity, day, change = {}) {
  const cells = {
    "Record Action": "Add",
    "ACCME Activity ID": activity,
    "Completion Date": day,
    "First Name": physician.first,
    "Last Name": physician.last,
    "Date of Birth": physician.birth,
    "Licensing State": physician.state,
    "Licensing ID or NPI": physician.license,
    "Number of CME Credits": "1.5",
    ...change,
  };
  return HEADER.map((header) => cells[header] ?? "");
}

/** A day so many days ago, as M/D/YYYY. */
export function daysAgo(days) {
  const day = new Date(Date.now() - days * 86_400_000);
  return `${day.getMonth() + 1}/${day.getDate()}/${day.getFullYear()}`;
}

export function asText(rows) {
  return Buffer.from([HEADER, ...rows].map((cells) => cells.join("\t")).join("\r\n") + "\r\n");
}

/** A workbook with a line of guidance above the header, as the template has it. */
export function asWorkbook(rows) {
  const lines = [["Fill in one row per learner, activity and board."], HEADER, ...rows];
  const cell = (text) => `<c t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;
  const sheet = lines.map((cells) => `<row>${cells.map(cell).join("")}</row>`).join("");
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const packages = "http://schemas.openxmlformats.org/package/2006";
  const types = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  const xml = (text) => Buffer.from(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>${text}`);
  const relation = (target, kind) =>
    xml(`<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${office}/${kind}" Target="${target}"/></Relationships>`);
  return zipped({
    "[Content_Types].xml": xml(
      `<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
        `<Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/>` +
        `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${types}.worksheet+xml"/></Types>`,
    ),
    "_rels/.rels": relation("xl/workbook.xml", "officeDocument"),
    "xl/workbook.xml": xml(
      `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ),
    "xl/_rels/workbook.xml.rels": relation("worksheets/sheet1.xml", "worksheet"),
    "xl/worksheets/sheet1.xml": xml(`<worksheet xmlns="${main}"><sheetData>${sheet}</sheetData></worksheet>`),
  });
}

function escaped(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}

const TABLE = Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n >>> 0;
});

function crc32(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = TABLE[(sum ^ byte) & 0xff] ^ (sum >>> 8);
  return ~sum >>> 0;
}

/** A zip of parts that are stored as they are. */
function zipped(parts) {
  const bodies = [];
  const entries = [];
  let offset = 0;
  for (const [name, bytes] of Object.entries(parts)) {
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0); // the version needed to read it
    common.writeUInt16LE(0x21, 8); // the first of January 1980
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, Buffer.from(name), bytes]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    entries.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00", "latin1"), common, tail, Buffer.from(name)]));
    bodies.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, directory, end]);
}

/** The XML of all parts of a workbook, one after the other. */
export function textOfWorkbook(bytes) {
  let text = "";
  const end = bytes.lastIndexOf(Buffer.from("PK\x05\x06"));
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const [method, size] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const body = bytes.subarray(start, start + size);
    text += (method === 8 ? inflateRawSync(body) : body).toString("utf8");
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return text;
}
