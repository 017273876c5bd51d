#!/usr/bin/env -S MALLOC_ARENA_MAX=2 node --max-semi-space-size=32
// The `pulih` command. The code is in src/cli, compiled by `npm ci` (or `npm run build`). The settings (docs/performance.md) spare a busy
// service a tenth of its processor time, and a quarter of the memory that uploads take; they are read at start only, so `node bin/pulih.js`
// goes without.
import '../dist/src/cli/main.js'
