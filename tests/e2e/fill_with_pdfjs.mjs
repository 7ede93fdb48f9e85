// Fills a form in with pdf.js, as Firefox does: fill_with_pdfjs.mjs PDFJS SOURCE TARGET ANSWERS
// PDFJS is the folder of pdfjs-dist; ANSWERS are values by the full names of fields, as JSON.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [, , library, source, target, written] = process.argv;
const { getDocument, VerbosityLevel } = await import(
  pathToFileURL(path.join(library, "legacy", "build", "pdf.mjs")).href
);
const answers = JSON.parse(written);
const task = getDocument({ data: new Uint8Array(fs.readFileSync(source)), verbosity: VerbosityLevel.ERRORS });
const document = await task.promise;
const fields = await document.getFieldObjects();
for (const [name, value] of Object.entries(answers)) {
  const shown = fields[name].filter((field) => field.type);
  if (!shown.length) throw new Error(`no field ${name}`);
  for (const field of shown) {
    const isButton = field.type === "checkbox" || field.type === "radiobutton";
    document.annotationStorage.setValue(field.id, { value: isButton ? field.exportValues === value : value });
  }
}
fs.writeFileSync(target, await document.saveDocument());
await task.destroy();
