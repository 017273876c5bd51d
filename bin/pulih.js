#!/usr/bin/env node
// The `pulih` command. The code is in src/cli, compiled by `npm ci` (or `npm run build`).
import '../dist/src/cli/main.js'
