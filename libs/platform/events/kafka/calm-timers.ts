interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

let calmed = false;

/**
 * kafkajs 2.2.4 arms a timer with a negative delay again and again, whether a request waits or not (upstream #1704; #1755 and #1768
 * are open): an idle client turns some 700 times a second, and Node warns. It is asked only while something waits.
 */
export function calmTimers(require: NodeJS.Require): void {
  if (calmed) return;
  calmed = true;
  const { prototype } = require('kafkajs/src/network/requestQueue/index.js') as { prototype: RequestQueue };
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called on the queue it is asked of
  const original = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.pending.length > 0) original.call(this);
  };
}
