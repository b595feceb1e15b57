// HTML is made by templates, which escape by place: no literal of the layers that
// answer holds a tag or an entity.  (In the spirit of Fossil’s codecheck.)
import { cFiles, strip } from './source.mjs';

const layers = /^fcgi-app\/(pages|api|web|core|store|jobs)\/.*\.c$/;

export default {
  name: 'no HTML in C',
  find({ root }) {
    const findings = [];
    for (const { path, text } of cFiles(root).filter((f) => layers.test(f.path))) {
      for (const { line, text: literal } of strip(text).literals) {
        if (/<[A-Za-z!/]|&(amp|lt|gt|quot|#\d+);/.test(literal)) findings.push(`${path}:${line}: HTML belongs into templates: "${literal.slice(0, 60)}"`);
      }
    }
    return findings;
  },
};
