// Functions nobody calls here, and why not; comments and literals do not count.
import { cFiles, lineAt, strip } from './source.mjs';

const banned = {
  'no bounds, or cuts without a word': 'strcpy strcat strncpy strncat sprintf vsprintf gets stpcpy',
  'takes wrong numbers for right ones (base/num.h)': 'atoi atol atoll atof strtol strtoul strtoll strtoull sscanf fscanf scanf',
  'keeps its result in one place for all threads': 'strtok gmtime localtime ctime asctime strerror getpwuid_shadow',
  'the file can be somebody else’s by then': 'mktemp tmpnam tempnam',
  'runs a shell': 'system popen',
  'changes the process under other threads': 'setenv putenv unsetenv setlocale',
  'takes the stack without asking': 'alloca',
};
const memory = ['malloc', 'calloc', 'realloc', 'reallocarray', 'free', 'strdup', 'strndup', 'asprintf', 'vasprintf'];

export default {
  name: 'no banned function is called',
  find({ root }) {
    const why = new Map(Object.entries(banned).flatMap(([reason, names]) => names.split(' ').map((name) => [name, reason])));
    const findings = [];
    for (const { path, text } of cFiles(root)) {
      const { code } = strip(text);
      const isOurs = path.startsWith('fcgi-app/');
      for (const match of code.matchAll(/(?<![\w.]|->)([a-z_]+)\s*\(/g)) {
        const [, name] = match;
        const line = lineAt(text, match.index);
        if (isOurs && why.has(name)) findings.push(`${path}:${line}: ${name}: ${why.get(name)}`);
        else if (isOurs && memory.includes(name) && !path.startsWith('fcgi-app/base/'))
          findings.push(`${path}:${line}: ${name}: memory is an arena’s (base/arena.h), or the heap’s (base/heap.h)`);
      }
    }
    return findings;
  },
};
