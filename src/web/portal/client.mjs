/* global document, window, location, history, fetch, FormData, createImageBitmap, XMLHttpRequest, File, setTimeout */
// Makes pages that work without it a little kinder. Every step may fail; then the page is what it was.
const LONGEST_SIDE = 2000
const QUALITY = 0.8
const MILLION = 1_000_000
const LOOK_AGAIN_MS = 15_000

document.getElementById('errors')?.focus()

// A link from a mail: the token stands behind #, which no server and no log sees, and is posted.
const entry = document.querySelector('form[data-token]')
if (entry && /^#[A-Za-z0-9_-]{43}$/.test(location.hash)) {
  const token = location.hash.slice(1)
  history.replaceState(null, '', location.pathname)
  entry.elements.token.value = token
  entry.submit()
}

for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}

// Sent twice is done once on the server; a button that waits says so.
for (const form of document.querySelectorAll('form:not([data-upload])'))
  form.addEventListener('submit', () =>
    setTimeout(() => form.querySelectorAll('button').forEach((it) => it.setAttribute('aria-busy', 'true'))),
  )

async function smaller(file) {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size < MILLION / 2) return file
  try {
    const picture = await createImageBitmap(file)
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(picture.width * scale)
    canvas.height = Math.round(picture.height * scale)
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height)
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', QUALITY))
    const name = file.name.replace(/\.\w+$/, '') + '.jpg'
    return blob && blob.size < file.size ? new File([blob], name, { type: 'image/jpeg' }) : file
  } catch {
    return file
  }
}

function send(url, body, onProgress) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest()
    request.open('POST', url)
    request.setRequestHeader('Accept', 'application/json')
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total)
    request.onload = () => {
      try {
        done(JSON.parse(request.responseText))
      } catch (error) {
        failed(error)
      }
    }
    request.onerror = request.ontimeout = failed
    request.timeout = 240_000
    request.send(body)
  })
}

for (const form of document.querySelectorAll('form[data-upload]')) {
  const status = form.querySelector('[role=status]')
  const bar = form.querySelector('progress')
  const input = form.querySelector('input[type=file]')
  const button = form.querySelector('button')
  form.addEventListener('submit', async (event) => {
    if (input.files.length === 0) return
    event.preventDefault()
    button.disabled = true
    bar.hidden = false
    status.textContent = form.dataset.sending
    try {
      const body = new FormData()
      body.append('kind', form.elements.kind.value)
      body.append('file', await smaller(input.files[0]))
      const answer = await send(form.action, body, (part) => (bar.value = part))
      if (answer.ok) return location.replace(answer.next ?? location.href)
      status.textContent = answer.error
    } catch {
      status.textContent = form.dataset.failed
    }
    input.setAttribute('aria-invalid', 'true')
    bar.hidden = true
    button.disabled = false
    button.textContent = form.dataset.again
    button.focus()
  })
}

// A page that waits for officers looks again while somebody sees it, and says when there is something new instead of jumping.
const { watch } = document.body.dataset
if (watch) {
  let known = null
  const look = async () => {
    if (document.visibilityState === 'visible') {
      try {
        const { version } = await (await fetch(watch, { headers: { Accept: 'application/json' } })).json()
        if (known !== null && version !== known) document.getElementById('news').hidden = false
        known ??= version
      } catch {
        // Offline for a while: the next look will tell.
      }
    }
    setTimeout(look, LOOK_AGAIN_MS)
  }
  void look()
}
