import type { RequestPage } from "../request-store.js";
import type { Db } from "./database.js";
import { type ListPart, partsOf } from "./list-parts.js";
import { selectMany } from "./many-rows.js";
import { NUMBER_OF, REQUEST_COLUMNS, type RequestRow, selectRequests } from "./request-row.js";

/** One page of requests, by number; the filter's members narrow it together. */
export async function listRequests(db: Db, page: RequestPage): Promise<RequestRow[]> {
  const [only, ...others] = partsOf(page.filter);
  if (only === undefined) return [];
  if (others.length === 0) return readPart(db, page, only);
  // Each part may have all of the page. What ends in between is seen in two, and counts as ended.
  const { limit, skip = 0 } = page;
  const found = new Map<number, RequestRow>();
  for (const part of [only, ...others]) {
    const rows = await readPart(db, { ...page, limit: limit + skip, skip: 0 }, part);
    for (const row of rows) found.set(row.number, row);
  }
  const direction = page.oldestFirst ? 1 : -1;
  return [...found.values()]
    .sort((a, b) => direction * (a.number - b.number))
    .slice(skip, skip + limit);
}

function readPart(db: Db, page: RequestPage, part: ListPart): Promise<RequestRow[]> {
  const { after, limit, skip = 0, oldestFirst } = page;
  const { lead, conditions } = part;
  const number = NUMBER_OF[lead];
  const texts = conditions.map(({ text }) => text);
  if (lead !== "r") texts.push(`r.number = ${number}`);
  if (after !== undefined) texts.push(`${number} ${oldestFirst ? ">" : "<"} ?`);
  return selectMany<RequestRow>(
    db,
    REQUEST_COLUMNS,
    `${selectRequests(page.full ? "full" : "basic", { lead })}
     ${texts.length === 0 ? "" : `WHERE ${texts.join(" AND ")}`}
     ORDER BY ${number} ${oldestFirst ? "ASC" : "DESC"} LIMIT ?${skip > 0 ? " OFFSET ?" : ""}`,
    [
      ...conditions.flatMap(({ bindings }) => bindings),
      ...(after === undefined ? [] : [after]),
      limit,
      ...(skip > 0 ? [skip] : []),
    ],
  );
}
