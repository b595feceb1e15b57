// The static rules: { name, find({ root, build, make }) → findings }.
// `build` is the build folder's absolute path, `make` how make was told it.
import audit from './audit.mjs';
import banned from './banned.mjs';
import french from './french.mjs';
import { catalogue, settings } from './generated.mjs';
import headers from './headers.mjs';
import html from './html.mjs';
import layers from './layers.mjs';
import { format, heads, sizes } from './shape.mjs';
import { lockfiles, secrets } from './tree.mjs';

export const checks = [layers, banned, html, audit, sizes, heads, format, headers, catalogue, french, settings, lockfiles, secrets];
