import type { Db } from "../../../src/store/knex/database.js";

/** Selects what must never be there. */
const FAULTS = {
  "a waiting request without a lane": `SELECT w.number FROM waiting w
    LEFT JOIN lanes l ON l.provider = w.provider AND l.ca_id = w.ca_id WHERE l.head IS NULL`,
  "a lane whose head does not wait in it": `SELECT l.head AS number FROM lanes l
    LEFT JOIN waiting w ON w.number = l.head AND w.provider = l.provider AND w.ca_id = l.ca_id
    WHERE w.number IS NULL`,
  "a lane that counts its requests wrong": `SELECT head AS number FROM lanes l WHERE depth <>
    (SELECT count(*) FROM waiting w WHERE w.provider = l.provider AND w.ca_id = l.ca_id)`,
  "a request neither open nor ended": `SELECT r.number FROM requests r
    LEFT JOIN waiting w ON w.number = r.number LEFT JOIN outcomes o ON o.number = r.number
    WHERE w.number IS NULL AND o.number IS NULL`,
  "a request both open and ended": `SELECT w.number FROM waiting w
    JOIN outcomes o ON o.number = w.number`,
  "an ended or waiting request that was never stored": `SELECT x.number FROM
    (SELECT number FROM waiting UNION SELECT number FROM outcomes) x
    LEFT JOIN requests r ON r.number = x.number WHERE r.number IS NULL`,
  "a lane whose tail lies before its claimed head": `SELECT head AS number FROM lanes
    WHERE owner IS NOT NULL AND tail_date < order_date`,
  "an owned lane without a transaction": `SELECT head AS number FROM lanes
    WHERE owner IS NOT NULL AND (sequence_number IS NULL OR transaction_number IS NULL)`,
  "an owned lane whose owner is not known": `SELECT head AS number FROM lanes l
    WHERE owner IS NOT NULL AND NOT EXISTS (SELECT 1 FROM incarnations i WHERE i.id = l.owner)
      AND NOT EXISTS (SELECT 1 FROM pull_leases p WHERE p.id = l.owner)`,
  "an owned lane that its owner could not find": `SELECT head AS number FROM lanes l
    WHERE owner IS NOT NULL AND coalesce(held_by, '') <> owner AND NOT EXISTS
      (SELECT 1 FROM claims n WHERE n.owner = l.owner AND n.provider = l.provider
         AND n.ca_ids LIKE '%"' || l.ca_id || '"%')`,
  "a lane without an owner that somebody holds": `SELECT head AS number FROM lanes
    WHERE owner IS NULL AND held_by IS NOT NULL`,
  "a head that was put back and that no late answer would find": `SELECT head AS number FROM lanes
    WHERE owner IS NULL AND transaction_number IS NOT NULL
      AND coalesce(given_up, 0) <> transaction_number`,
  "a request that was stored twice": `SELECT max(number) AS number FROM requests
    WHERE request_id IS NOT NULL GROUP BY created_by, request_id HAVING count(*) > 1`,
  "two ended requests with one transaction": `SELECT max(o.number) AS number FROM outcomes o
    JOIN requests r ON r.number = o.number WHERE o.transaction_number IS NOT NULL
    GROUP BY r.provider, o.transaction_number HAVING count(*) > 1`,
};

/** What is wrong in the tables of the work in hand; empty when all is well. */
export async function faultsOfWork(db: Db): Promise<string[]> {
  const faults: string[] = [];
  for (const [fault, sql] of Object.entries(FAULTS)) {
    for (const { number } of await db.all(sql)) faults.push(`${fault}: ${number}`);
  }
  return faults;
}
