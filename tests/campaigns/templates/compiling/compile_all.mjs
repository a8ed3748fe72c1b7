// Compiles every template of a file with the console's compiler: test_same_in_typescript.py.
import { readFileSync, writeFileSync } from 'node:fs'
import { compile } from '../../../../console/src/campaigns/compiler/compile.ts'

const [blocks, templates, answers] = process.argv.slice(2)
const palette = JSON.parse(readFileSync(blocks, 'utf8'))
const made = JSON.parse(readFileSync(templates, 'utf8')).map(({ document, brand }) => compile(palette, document, brand))
writeFileSync(answers, JSON.stringify(made))
