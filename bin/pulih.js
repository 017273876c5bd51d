#!/usr/bin/env -S node --max-semi-space-size=32
// The `pulih` command. The code is in src/cli, compiled by `npm ci` (or `npm run build`). The setting (docs/performance.md) spares a busy
// service a tenth of its processor time; V8 takes it at start only, so `node bin/pulih.js` goes without.
import '../dist/src/cli/main.js'
