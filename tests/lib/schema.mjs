// Writes sql/schema.sql from a fresh database that the migrations made (`make schema`).
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { muster } from './http.mjs';
import { root, startServer, temporaryFolder } from './server.mjs';

const parent = temporaryFolder();
const folder = join(parent, 'var');
mkdirSync(folder);
const server = await startServer({ build: resolve(root, process.argv[2]), folder, demo: false });
const { code, stdout, stderr } = muster(['schema'], { of: server });
await server.stop();
rmSync(parent, { recursive: true, force: true });
if (code === 0) writeFileSync(join(root, 'sql/schema.sql'), stdout);
else console.error(stderr);
process.exit(code);
