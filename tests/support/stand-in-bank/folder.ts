import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A folder of XML files in which a file is there whole or not at all. */
export class XmlFolder {
  constructor(readonly path: string) {
    mkdirSync(path, { recursive: true });
  }

  /** Names without the ending, sorted; half-written files begin with a dot. */
  names(prefix = ''): readonly string[] {
    return readdirSync(this.path)
      .filter((name) => name.endsWith('.xml') && !name.startsWith('.') && name.startsWith(prefix))
      .map((name) => name.slice(0, -4))
      .sort();
  }

  has(name: string): boolean {
    return existsSync(join(this.path, `${name}.xml`));
  }

  read(name: string): string {
    return readFileSync(join(this.path, `${name}.xml`), 'utf8');
  }

  write(name: string, content: string): void {
    const temporary = join(this.path, `.${name}.tmp`);
    writeFileSync(temporary, content);
    renameSync(temporary, join(this.path, `${name}.xml`));
  }
}
