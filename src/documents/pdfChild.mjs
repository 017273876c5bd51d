// The only place that reads a PDF: a process of its own, which may be killed at any time. The PDF comes by stdin; each page leaves by stdout as
// width and height (uint32) and its pixels (RGBA). Scripts and forms of the document are never run: no form environment is opened.
import { Buffer } from 'node:buffer'
import { PDFiumLibrary } from '@hyzyla/pdfium'

/* global WebAssembly */

const [maxPages, maxSide, maxMemory] = process.argv.slice(2).map(Number)
const EXIT = { unreadable: 65, password: 66, tooManyPages: 67 }
const WASM_PAGE = 65_536
const MAX_SCALE = 4

// The heap of the renderer grows by this call alone: beyond the limit it is told that there is no more memory.
const grow = WebAssembly.Memory.prototype.grow
WebAssembly.Memory.prototype.grow = function (pages) {
  if (this.buffer.byteLength + pages * WASM_PAGE > maxMemory) throw new RangeError('no more memory')
  return grow.call(this, pages)
}

function leave(code) {
  process.exit(code)
}
process.on('uncaughtException', () => leave(EXIT.unreadable))
process.on('unhandledRejection', () => leave(EXIT.unreadable))

const chunks = []
for await (const chunk of process.stdin) chunks.push(chunk)
const library = await PDFiumLibrary.init()
let document
try {
  document = await library.loadDocument(Buffer.concat(chunks))
} catch (error) {
  leave(/password|security/i.test(error.message) ? EXIT.password : EXIT.unreadable)
}
const count = document.getPageCount()
if (count < 1) leave(EXIT.unreadable)
if (count > maxPages) leave(EXIT.tooManyPages)
for (let index = 0; index < count; index++) {
  const page = document.getPage(index)
  const { originalWidth, originalHeight } = page.getOriginalSize()
  if (!(originalWidth > 0 && originalHeight > 0)) leave(EXIT.unreadable)
  const scale = Math.min(maxSide / Math.max(originalWidth, originalHeight), MAX_SCALE)
  const fit = (side) => Math.min(maxSide, Math.max(1, Math.floor(side * scale)))
  const { width, height, data } = await page.render({
    width: fit(originalWidth),
    height: fit(originalHeight),
    render: 'bitmap',
  })
  const head = Buffer.alloc(8)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  await write(head)
  await write(data)
}
// Exit would drop what is still in the pipe.
process.stdout.end(() => leave(0))

function write(bytes) {
  return new Promise((resolve, reject) => {
    process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()))
  })
}
