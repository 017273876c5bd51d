/* global document, window, location, history, fetch, FormData, createImageBitmap, XMLHttpRequest, File, setTimeout, setInterval, DOMParser, EventSource */
// Makes pages that work without it a little kinder. Every step may fail; then the page is what it was.
const LONGEST_SIDE = 2000
const QUALITY = 0.8
const MILLION = 1_000_000
const LOOK_AGAIN_MS = 15_000

document.getElementById('errors')?.focus()

// A link from a mail: the token stands behind #, which no server and no log sees, and is posted. On no page it stays in the history.
if (/^#[A-Za-z0-9_-]{43}$/.test(location.hash)) {
  const token = location.hash.slice(1)
  history.replaceState(null, '', location.pathname)
  const entry = document.querySelector('form[data-token]')
  if (entry) {
    entry.elements.token.value = token
    entry.submit()
  }
} else {
  // What a form was answered with in place is fetched anew by whoever comes back to it: its answer is kept nowhere.
  history.replaceState(null, '', location.href)
}

async function smaller(file) {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size < MILLION / 2) return file
  try {
    const picture = await createImageBitmap(file)
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(picture.width * scale)
    canvas.height = Math.round(picture.height * scale)
    const drawn = canvas.getContext('2d')
    // What is transparent would come out black.
    drawn.fillStyle = '#fff'
    drawn.fillRect(0, 0, canvas.width, canvas.height)
    drawn.drawImage(picture, 0, 0, canvas.width, canvas.height)
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

/** Sends the one file of a form, once; gives the answer, or null when it is said at the form why not. */
async function upload(form) {
  const status = form.querySelector('[role=status]')
  const bar = form.querySelector('progress')
  const input = form.querySelector('input[type=file]')
  const button = form.querySelector('button')
  const say = (text, fault) => {
    status.textContent = text
    status.className = fault ? 'fault' : ''
    input.toggleAttribute('aria-invalid', fault)
  }
  button.disabled = true
  bar.hidden = false
  say(form.dataset.sending, false)
  try {
    const body = new FormData()
    body.append('kind', form.elements.kind.value)
    body.append('file', await smaller(input.files[0]))
    const answer = await send(form.action, body, (part) => (bar.value = part))
    if (answer.ok) {
      input.value = ''
      say(form.dataset.kept, false)
      return answer
    }
    if (answer.next) {
      location.replace(answer.next)
      return null
    }
    say(answer.error, true)
    form.dataset.refused = input.value
  } catch {
    say(form.dataset.failed, true)
  }
  bar.hidden = true
  button.disabled = false
  button.textContent = form.dataset.again
  button.focus()
  return null
}

// Also of what is put into the page later.
function enhance() {
  for (const button of document.querySelectorAll('[data-print]')) {
    button.hidden = false
    button.addEventListener('click', () => window.print())
  }

  // Sent twice is done once on the server; a button that waits says so.
  for (const form of document.querySelectorAll('form:not([data-upload])'))
    form.addEventListener('submit', () =>
      setTimeout(() => form.querySelectorAll('button').forEach((it) => it.setAttribute('aria-busy', 'true'))),
    )

  for (const form of document.querySelectorAll('form[data-upload]'))
    form.addEventListener('submit', async (event) => {
      if (form.querySelector('input[type=file]').files.length === 0) return
      event.preventDefault()
      const answer = await upload(form)
      if (answer) location.replace(answer.next ?? location.href)
    })

  // Whoever goes on with a file chosen and not yet sent means to send it; what was refused already holds nobody up.
  for (const { form } of document.querySelectorAll('[data-after-files]'))
    form.addEventListener('submit', async (event) => {
      const chosen = [...document.querySelectorAll('form[data-upload]')].filter(
        (it) => !['', it.dataset.refused].includes(it.querySelector('input[type=file]').value),
      )
      if (chosen.length === 0) return
      event.preventDefault()
      for (const it of chosen) if (!(await upload(it))) return
      form.submit()
    })
}
enhance()

// A page that waits for officers learns of news while somebody sees it. It is brought up to date in place, unless somebody is at work in it: then it only says so.
const { watch, live, version } = document.body.dataset
const main = document.getElementById('isi')
const notice = document.querySelector('#news p')?.innerHTML
let typed = false
main.addEventListener('input', () => (typed = true))

/** Gives what version the page shows now; null where it was left as it was. */
async function refresh() {
  const news = document.getElementById('news')
  const said = news.querySelector('p')
  const busy = typed || (main.contains(document.activeElement) && document.activeElement !== main)
  if (!busy) {
    const answer = await fetch(location.href, { headers: { Accept: 'text/html' } })
    const { body } = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const fresh = body.querySelector('#isi')
    if (answer.ok && !answer.redirected && fresh?.querySelector('#news')) {
      const opened = [...main.querySelectorAll('details')].map((it) => it.open)
      // The region that is read out stays, so that it is heard; all around it is new.
      const region = news.parentElement
      fresh.querySelector('#news').parentElement.replaceWith(region)
      main.replaceChildren(...fresh.childNodes)
      main.querySelectorAll('details').forEach((it, at) => (it.open = opened[at] ?? false))
      enhance()
      news.hidden = false
      said.textContent = news.dataset.fresh
      return body.dataset.version
    }
  }
  said.innerHTML = notice
  news.hidden = false
  return null
}

if (watch) {
  // The page says how new it is itself: what changed before the first look is not missed.
  let known = version
  let looking = false
  let asked = false
  const look = async () => {
    asked = true
    if (looking || document.visibilityState !== 'visible') return
    looking = true
    // What is told of while it looks is looked at as well.
    while (asked) {
      asked = false
      try {
        const told = await (await fetch(watch, { headers: { Accept: 'application/json' } })).json()
        const newest = String(told.version)
        if (newest !== known) known = (await refresh()) ?? newest
      } catch {
        // Offline for a while: the next look will tell.
      }
    }
    looking = false
  }
  // Where no stream is to be had, it asks now and then.
  const stream = live && window.EventSource ? new EventSource(live) : null
  for (const name of ['changed', 'ready', 'reset']) stream?.addEventListener(name, () => void look())
  stream?.addEventListener('end', () => stream.close())
  document.addEventListener('visibilitychange', () => void look())
  setInterval(() => stream?.readyState !== 1 && void look(), LOOK_AGAIN_MS)
  void look()
}
