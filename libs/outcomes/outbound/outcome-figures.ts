import { sql, type Tx } from '#libs/platform/postgres/index.js';
import { OutcomeFigures } from '../contract/outcome-figures.js';

export class StoredOutcomeFigures extends OutcomeFigures {
  override byKind(tx: Tx): ReturnType<OutcomeFigures['byKind']> {
    return sql(
      tx,
      `select contract_type || '/' || state as code, count(*)::int as count from outcomes.outcome group by 1 order by 1`,
    );
  }
}
