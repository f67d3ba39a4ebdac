import { constants } from "node:http2";

/*
 * Node has the names of HTTP/2 headers as texts that V8 does not know as names yet. The first use of
 * one as a name makes it refer to the name that V8 does know, and the collector of young objects then
 * puts that in its place, unless the text has grown old by then: a start has several collections. An
 * old one is looked up anew whenever it is used: a service that was asked nothing before it was ready
 * spent 1 % of a create's processor time on the `date` of its answer. So all are used once, before
 * all that: the entry imports this first.
 */
const used: Record<string, true> = {};
for (const name of Object.values(constants)) {
  if (typeof name === "string") used[name] = true;
}
