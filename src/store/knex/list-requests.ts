import type { RequestPage } from "../request-store.js";
import type { Db } from "./database.js";
import { type ListPart, partsOf } from "./list-parts.js";
import { selectMany } from "./many-rows.js";
import { NUMBER_OF, REQUEST_COLUMNS, type RequestRow, selectRequests } from "./request-row.js";

/** One page of requests, by number; the filter's members narrow it together. */
export async function listRequests(db: Db, page: RequestPage): Promise<RequestRow[]> {
  const parts = partsOf(page.filter);
  if (parts.length === 0) return [];
  const { after, limit, skip = 0 } = page;
  // Any part may have all of the page.
  const bindings = parts.flatMap(({ conditions }) => [
    ...conditions.flatMap((condition) => condition.bindings),
    ...(after === undefined ? [] : [after]),
    skip + limit,
  ]);
  const selects = parts.map((part, i) => `SELECT * FROM (${selectPart(page, part)}) AS part_${i}`);
  return selectMany<RequestRow>(
    db,
    REQUEST_COLUMNS,
    `${selects.join(" UNION ALL ")} ORDER BY number ${directionOf(page)} LIMIT ? OFFSET ?`,
    [...bindings, limit, skip],
  );
}

function selectPart(page: RequestPage, { lead, conditions }: ListPart): string {
  const number = NUMBER_OF[lead];
  const texts = conditions.map(({ text }) => text);
  if (lead !== "r") texts.push(`r.number = ${number}`);
  if (page.after !== undefined) texts.push(`${number} ${page.oldestFirst ? ">" : "<"} ?`);
  return `${selectRequests(page.full ? "full" : "basic", { lead })}
    ${texts.length === 0 ? "" : `WHERE ${texts.join(" AND ")}`}
    ORDER BY ${number} ${directionOf(page)} LIMIT ?`;
}

function directionOf({ oldestFirst }: RequestPage): string {
  return oldestFirst ? "ASC" : "DESC";
}
