import { type Behaviour, changedBehaviour, faultless } from "./behaviour.js";
import { CaSystem } from "./ca-system.js";
import { type Clock, systemClock } from "./clock.js";
import { type CodecName, codecs } from "./codec.js";
import { CommandDesk } from "./command-desk.js";
import { Executor } from "./executor.js";
import { Journal, type JournalListener } from "./journal.js";
import { JournalFile } from "./journal-file.js";
import { type Address, Listener } from "./listener.js";
import { seededRandom } from "./random.js";
import { SessionDesk } from "./session-desk.js";

/** Transactions remembered for each source_id. */
const defaultMemoryLimit = 1_000_000;

/** About a gigabyte for one source_id; also well inside what a typed array may hold. */
const maxMemoryLimit = 16_000_000;

/** How a simulator is made. */
export interface SimulatorOptions {
  /** 127.0.0.1 by default. */
  readonly host?: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** `nds` by default. */
  readonly profile?: CodecName;
  /** The only one that may log in; any by default. */
  readonly sourceId?: number | undefined;
  /** The only one that is right; any by default. */
  readonly password?: string | undefined;
  /** Of the fault dice; 0 by default. */
  readonly seed?: number;
  /** Appended to, one JSON line for each event; none by default. */
  readonly journalFile?: string | undefined;
  /** Faults and latency to begin with; none by default. */
  readonly behaviour?: Partial<Behaviour>;
  /** Transactions remembered for each source_id; a million by default. */
  readonly memoryLimit?: number;
  /** The machine's clock by default. */
  readonly clock?: Clock;
  /** Told what an operator may want to know, a line at a time; never a PIN or password. */
  readonly log?: (line: string) => void;
}

/** A CA system to try things against. */
export interface Simulator {
  /** Listens; after a stop again on the same port, with all that was remembered. */
  start(): Promise<Address>;
  /** Closes everything; commands in progress are dropped without effect. */
  stop(): Promise<void>;
  /** Takes no more connections, keeps those it has; `start` listens again. */
  stopListening(): void;
  /** Breaks all connections. */
  disconnectAll(): void;
  /** Changes faults, latency or memory for the commands that arrive from now on. */
  change(changes: Partial<Behaviour>): void;
  /** Tells of each journal event; the result takes the listener away again. */
  onJournal(listener: JournalListener): () => void;
  /** Commands carried out since the simulator was made; a query has no effect. */
  readonly effects: number;
  /** Sessions at the moment. */
  readonly sessions: number;
}

/** Makes a simulator; it listens from `start`. A RangeError names an option that cannot be. */
export function createSimulator(options: SimulatorOptions = {}): Simulator {
  const clock = options.clock ?? systemClock;
  const journal = new Journal(clock);
  let behaviour = changedBehaviour(faultless, options.behaviour ?? {});
  const current = () => behaviour;
  const random = seededRandom(options.seed ?? 0);
  const executor = new Executor(current, clock, journal);
  const commands = new CommandDesk({ behaviour: current, clock, journal, random, executor });
  const memoryLimit = options.memoryLimit ?? defaultMemoryLimit;
  if (!Number.isInteger(memoryLimit) || memoryLimit < 1 || memoryLimit > maxMemoryLimit) {
    throw new RangeError(`memoryLimit must be a whole number, 1..${maxMemoryLimit}`);
  }
  const sessions = new SessionDesk(options, memoryLimit);
  const log = options.log ?? (() => {});
  const system = new CaSystem({ clock, journal, sessions, commands, log });
  const codec = codecs[options.profile ?? "nds"];
  const address = { host: options.host ?? "127.0.0.1", port: options.port ?? 0 };
  const listener = new Listener(address, codec, clock, system);
  let closeJournal: (() => void) | undefined;

  function openJournal(path: string): () => void {
    const file = new JournalFile(path, clock);
    const unlisten = journal.listen((entry) => file.append(entry));
    return () => {
      unlisten();
      file.close();
    };
  }

  return {
    async start() {
      if (options.journalFile !== undefined) closeJournal ??= openJournal(options.journalFile);
      return listener.listen();
    },
    async stop() {
      commands.stop();
      listener.stopListening();
      await listener.disconnectAll();
      closeJournal?.();
      closeJournal = undefined;
    },
    stopListening: () => listener.stopListening(),
    disconnectAll: () => void listener.disconnectAll(),
    change(changes) {
      behaviour = changedBehaviour(behaviour, changes);
      if (behaviour.forget) sessions.forgetTransactions();
    },
    onJournal: (told) => journal.listen(told),
    get effects() {
      return executor.effects;
    },
    get sessions() {
      return sessions.count;
    },
  };
}
