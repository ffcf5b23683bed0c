import type { Connection } from 'mongoose';

/** Where in the whole database any of these texts stands: `collection _id: text`. */
export async function findStored(db: Connection, texts: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const collections = (await db.db?.listCollections().toArray()) ?? [];
  expectSome(collections.length);
  for (const { name } of collections.filter((collection) => !collection.name.startsWith('system.')))
    for await (const document of db.collection(name).find({})) {
      const written = JSON.stringify(document);
      for (const text of texts)
        if (written.toLowerCase().includes(text.toLowerCase())) found.push(`${name} ${String(document._id)}: ${text}`);
    }
  return found;
}

function expectSome(count: number): void {
  if (count === 0) throw new Error('There is no collection: the scan would find nothing, whatever is stored');
}
