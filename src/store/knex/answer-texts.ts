import type { AnsweredSetTopBox, QueryAnswer } from "../../requests/query-answer.js";
import { type Db, json } from "./database.js";
import type { ColumnType } from "./dialect.js";
import type { Finish } from "./sent-results.js";

const BOX = { provider: "text", ca_id: "text" } as const satisfies Record<string, ColumnType>;

interface BoxRow {
  readonly provider: string;
  readonly ca_id: string;
  readonly id: string;
  readonly serial_number: string;
  readonly alternative_code: string | null;
}

/** What the outcomes keep of answers to queries; set-top boxes as the inventory knows them now. */
export async function answerTexts(
  tx: Db,
  results: readonly Finish[],
): Promise<readonly (string | undefined)[]> {
  if (results.every(({ answer }) => answer === undefined)) return [];
  const boxes = await findBoxes(tx, results);
  return results.map(({ answer, head }) => {
    if (answer?.kind !== "PAIRING_STATUS") return answer && JSON.stringify(answer);
    const setTopBoxes = answer.setTopBoxes.map(
      (box) => boxes.get(keyOf(head.provider, box.caId)) ?? box,
    );
    return JSON.stringify({ ...answer, setTopBoxes } satisfies QueryAnswer);
  });
}

async function findBoxes(
  tx: Db,
  results: readonly Finish[],
): Promise<ReadonlyMap<string, AnsweredSetTopBox>> {
  const named = results.flatMap(({ answer, head }) =>
    answer?.kind === "PAIRING_STATUS"
      ? answer.setTopBoxes.map(({ caId }) => ({ provider: head.provider, ca_id: caId }))
      : [],
  );
  if (named.length === 0) return new Map();
  const rows = await tx.all<BoxRow>(
    `SELECT b.provider, b.ca_id, b.id, b.serial_number, b.alternative_code
     FROM ${tx.dialect.rows("x", BOX)}
     JOIN installed_items b
       ON b.provider = x.provider AND b.type = 'SET_TOP_BOX' AND b.ca_id = x.ca_id`,
    [json(BOX, named)],
  );
  return new Map(
    rows.map(({ provider, ca_id, id, serial_number, alternative_code }) => [
      keyOf(provider, ca_id),
      {
        id,
        serialNumber: serial_number,
        ...(alternative_code !== null && { alternativeCode: alternative_code }),
        caId: ca_id,
      },
    ]),
  );
}

function keyOf(provider: string, caId: string): string {
  return `${provider}\n${caId}`;
}
