import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const ROOT = join(__dirname, '../../../..');
const FOLDERS = ['apps/api/src', 'packages/client/src', 'packages/embedded-mongo/src', 'packages/glycemia/src'];

/** Sources that people write: no tests, nothing generated. */
function sources(): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !/\.(?:spec|generated)\.ts$/.test(file))
      .map((file) => join(folder, file)),
  );
}

function isExported(statement: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  );
}

/** A comment that a blank line parts from the declaration speaks of the file. */
function isExplained(statement: ts.Statement): boolean {
  const comment = ts.getJSDocCommentsAndTags(statement).at(-1);
  return (
    comment !== undefined && !/\n\s*\n/.test(statement.getSourceFile().text.slice(comment.end, statement.getStart()))
  );
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  const { name } = statement as ts.Statement & { readonly name?: ts.Node };
  return [name?.getText() ?? 'default'];
}

/** What a declaration is made of and nothing more: the list of a union of its values, the class of a schema. */
function originOf(statement: ts.Statement): string | undefined {
  return /(?:\(typeof |\bcreateForClass\()(\w+)\)/.exec(statement.getText())?.[1];
}

/**
 * The exported declarations of a text that no doc comment stands before. Overloads share the comment of the first,
 * a union of values that of its list, and a schema that of its class.
 */
function undocumented(text: string): string[] {
  const file = ts.createSourceFile('file.ts', text, ts.ScriptTarget.ES2022, true);
  const documented = new Set<string>();
  const missing: string[] = [];
  for (const statement of file.statements.filter(isExported)) {
    const names = namesOf(statement);
    if (isExplained(statement) || [...names, originOf(statement) ?? ''].some((name) => documented.has(name)))
      names.forEach((name) => documented.add(name));
    else missing.push(...names);
  }
  return missing;
}

describe('every exported symbol', () => {
  it('has a doc comment', () => {
    const files = sources();
    expect(files.length).toBeGreaterThan(400);
    const missing = files.flatMap((file) =>
      undocumented(readFileSync(join(ROOT, file), 'utf8')).map((name) => `${file}: ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it('is noticed when its comment is missing', () => {
    expect(undocumented('/** A. */\nexport const A = 1;\nexport class B {}\n// c\nexport type C = 1;')).toEqual([
      'B',
      'C',
    ]);
    expect(undocumented('/** The file. */\n\nexport const A = 1;')).toEqual(['A']);
    expect(undocumented('/** F. */\nexport function f(a: 1): 1;\nexport function f(a: 2) { return a; }')).toEqual([]);
    expect(undocumented('/** A. */\nexport const A = [1] as const;\nexport type X = (typeof A)[number];')).toEqual([]);
    expect(undocumented('export class D {}\nexport const DSchema = SchemaFactory.createForClass(D);')).toHaveLength(2);
  });
});
