/** A newer version has brought the database's schema up to what this one does not know. */
export class NewerDatabase extends Error {
  override readonly name = "NewerDatabase";

  constructor(migration: string) {
    super(
      `the database was brought up to ${migration} by a newer version: run that one, or restore the backup made before`,
    );
  }
}
